//! Changes, one after the other at a steady pace: as mutations of the product, as the same messages through Redis, as the
//! same writes and messages of the Node peer.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use entente_bench_common::accounts::Accounts;
use entente_bench_common::api::Api;
use redis::aio::MultiplexedConnection;
use serde_json::{Value, json};
use tokio::time::sleep_until;

use crate::bare::CHANNEL;
use crate::scene::VIEWER;

/// How many writers there are.
const LANES: usize = 8;
/// How many deals they change.
const DEALS: usize = 40;
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
const LIST: &str = "query { deals(first: 100) { nodes { id version viewerCan } } }";
const UPDATE: &str = "mutation($id: ID!, $version: Int!, $input: DealUpdateInput!) { \
                      dealUpdate(id: $id, expectedVersion: $version, input: $input) { deal { version } errors { message } } }";
const PEER: &str = "mutation($change: String!) { dealChange(change: $change) { deal { id version } errors { message } } }";

/// Which change a message tells of: the deal and its version.
pub type Key = (String, i64);

/// A change that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Which.
    pub key: Key,
    /// When it was sent.
    pub sent: Instant,
    /// When the answer was there.
    pub answered: Instant,
}

/// What was made in a window.
#[derive(Debug, Default)]
pub struct Pushed {
    /// All changes.
    pub made: Vec<Made>,
    /// How late each was sent, in milliseconds.
    pub late: Vec<f64>,
}

/// Makes changes of one kind.
#[derive(Clone)]
pub enum Pusher {
    /// The product's own mutation.
    Entente(Arc<Writer>),
    /// Messages as they were recorded, through Redis.
    Bare(MultiplexedConnection, Arc<Vec<String>>),
    /// The same messages as changes of the Node peer.
    Node(Api, SocketAddr, Arc<Vec<String>>),
}

impl Pusher {
    /// Gives a peer other messages to send.
    pub fn tell(&mut self, new: Arc<Vec<String>>) {
        match self {
            Self::Entente(_) => {}
            Self::Bare(_, texts) | Self::Node(_, _, texts) => *texts = new,
        }
    }

    /// Makes that many changes, `rate` a second, and waits for the last answer.
    pub async fn push(&self, count: usize, rate: f64) -> Result<Pushed> {
        let start = tokio::time::Instant::now() + Duration::from_millis(5);
        let lanes = (0..LANES).map(|lane| {
            let pusher = self.clone();
            let numbers = (lane..count).step_by(LANES);
            tokio::spawn(async move {
                let mut pushed = Pushed::default();
                for number in numbers {
                    let due = start + Duration::from_secs_f64(number as f64 / rate);
                    sleep_until(due).await;
                    pushed.late.push(due.elapsed().as_secs_f64() * 1e3);
                    pushed.made.push(pusher.one(number).await?);
                }
                Ok::<_, anyhow::Error>(pushed)
            })
        });
        let mut all = Pushed::default();
        for lane in lanes.collect::<Vec<_>>() {
            let pushed = lane.await??;
            all.made.extend(pushed.made);
            all.late.extend(pushed.late);
        }
        Ok(all)
    }

    async fn one(&self, number: usize) -> Result<Made> {
        match self {
            Self::Entente(writer) => writer.change(number).await,
            Self::Bare(redis, texts) => {
                let text = texts.get(number % texts.len().max(1)).context("nothing was recorded")?;
                let key = key_of(&serde_json::from_str::<Value>(text)?["payload"]["data"]["dealChanges"])?;
                let sent = Instant::now();
                redis::cmd("PUBLISH").arg(CHANNEL).arg(text).query_async::<()>(&mut redis.clone()).await?;
                Ok(Made { key, sent, answered: Instant::now() })
            }
            Self::Node(api, address, texts) => {
                let text = texts.get(number % texts.len().max(1)).context("nothing was recorded")?;
                let change = &serde_json::from_str::<Value>(text)?["payload"]["data"]["dealChanges"];
                let variables = json!({ "change": serde_json::to_string(change)? });
                let sent = Instant::now();
                let answer = api.ask(*address, None, PEER, variables).await.map_err(|failure| anyhow!("the peer: {failure:?}"))?;
                let answered = Instant::now();
                ensure!(answer.data().is_some_and(|data| !data["dealChange"]["deal"].is_null()), "the peer: {}", answer.body);
                Ok(Made { key: key_of(change)?, sent, answered })
            }
        }
    }
}

/// The key of a change as it was told.
pub fn key_of(change: &Value) -> Result<Key> {
    let key = change["deal"]["id"].as_str().zip(change["deal"]["version"].as_i64());
    key.map(|(id, version)| (id.to_owned(), version)).with_context(|| format!("this is no change of a deal: {change}"))
}

/// Writes changes through the product.
pub struct Writer {
    api: Api,
    address: SocketAddr,
    accounts: Accounts,
    desk: Vec<(String, Mutex<i64>)>,
    counter: AtomicU64,
}

impl Writer {
    /// A writer with some deals of its own.
    pub async fn new(address: SocketAddr, accounts: Accounts) -> Result<Self> {
        let api = Api::new(ANSWER_LIMIT)?;
        let token = accounts.token(VIEWER).await?;
        let answer = api.ask(address, Some(&token), LIST, Value::Null).await.map_err(|failure| anyhow!("{failure:?}"))?;
        let nodes = answer.data().and_then(|data| data["deals"]["nodes"].as_array()).with_context(|| answer.body.to_string())?;
        let may = |deal: &&Value| deal["viewerCan"].as_array().is_some_and(|actions| actions.iter().any(|action| action == "EDIT"));
        let read = |deal: &Value| Some((deal["id"].as_str()?.to_owned(), Mutex::new(deal["version"].as_i64()?)));
        let desk: Vec<(String, Mutex<i64>)> = nodes.iter().filter(may).filter_map(read).take(DEALS).collect();
        ensure!(desk.len() == DEALS, "only {} deals may be changed", desk.len());
        Ok(Self { api, address, accounts, desk, counter: AtomicU64::new(0) })
    }

    /// Changes what happens next on one of the deals. Numbers that are the same modulo [`LANES`] must not run at once.
    pub async fn change(&self, number: usize) -> Result<Made> {
        // A multiple of the lanes, so that no two writers ever have the same deal.
        let (id, version) = &self.desk[number % (DEALS / LANES * LANES)];
        let expected = *version.lock().unwrap_or_else(PoisonError::into_inner);
        let step = format!("Call back with the offer, round {:08}", self.counter.fetch_add(1, Ordering::Relaxed));
        let variables = json!({ "id": id, "version": expected, "input": { "nextStep": step } });
        let token = self.accounts.token(VIEWER).await?;
        let sent = Instant::now();
        let asked = self.api.ask(self.address, Some(&token), UPDATE, variables).await;
        let answered = Instant::now();
        let new = match asked {
            Ok(answer) => match answer.data().and_then(|data| data["dealUpdate"]["deal"]["version"].as_i64()) {
                Some(new) => new,
                None => {
                    self.look_again(id, version).await;
                    let why = &answer.body["data"]["dealUpdate"]["errors"][0]["message"];
                    bail!("a change was refused: {}", why.as_str().map_or_else(|| answer.code(), str::to_owned));
                }
            },
            Err(failure) => {
                self.look_again(id, version).await;
                bail!("a change was not answered: {failure:?}");
            }
        };
        *version.lock().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(Made { key: (id.clone(), new), sent, answered })
    }

    /// Reads the version anew after a change that may have happened or not.
    async fn look_again(&self, id: &str, version: &Mutex<i64>) {
        let Ok(token) = self.accounts.token(VIEWER).await else { return };
        let asked = self.api.ask(self.address, Some(&token), "query($id: ID!) { deal(id: $id) { version } }", json!({ "id": id })).await;
        if let Some(now) = asked.ok().as_ref().and_then(|answer| answer.data()?["deal"]["version"].as_i64()) {
            *version.lock().unwrap_or_else(PoisonError::into_inner) = now;
        }
    }
}
