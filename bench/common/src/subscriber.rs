//! A subscriber to the changes of deals, as the app is one: it remembers every change it was told with the moment it came,
//! comes back when the line breaks, and resumes after the last cursor it has.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::accounts::Accounts;
use crate::socket::{Heard, Socket};

/// What a list of deals asks for of each change.
pub const LEAN: &str = "subscription($after: String) { dealChanges(after: $after) { __typename ... on DealChange { cursor kind deal { id version status } } ... on ResyncRequired { cursor reason } } }";

/// A change that a subscriber was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its number, out of the cursor.
    pub seq: i64,
    /// Stands for kind and deal, see [`digest`].
    pub digest: u64,
    /// The deal's version as it was told.
    pub version: i32,
    /// When it came, in microseconds since 1970.
    pub at_us: u64,
}

/// Why a line ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// When, in microseconds since 1970.
    pub at_us: u64,
    /// The close code; none when it broke without one.
    pub code: Option<u16>,
    /// What was said.
    pub reason: String,
}

/// Everything that a subscriber heard.
#[derive(Debug, Clone, Default)]
pub struct Heardlog {
    /// The number that it started after.
    pub start: i64,
    /// Changes in the order in which they came.
    pub seen: Vec<Seen>,
    /// Where it was told to read anew: the last number it had, and the number to go on from.
    pub resyncs: Vec<(i64, i64)>,
    /// How lines ended.
    pub breaks: Vec<Break>,
    /// What should never be said: errors of the subscription, ends without cause, messages not understood.
    pub complaints: Vec<String>,
    /// Tries to come back that did not get through.
    pub refused: u64,
    /// How many lines were opened.
    pub lines: u64,
}

impl Heardlog {
    /// The number after which it would resume.
    pub fn last(&self) -> i64 {
        let resynced = self.resyncs.last().map_or(0, |(_, to)| *to);
        self.seen.last().map_or(self.start, |seen| seen.seq).max(resynced)
    }
}

/// What a subscriber is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Read, and come back whenever the line breaks.
    Follow,
    /// Keep the line open and read nothing.
    Ignore,
    /// Cut the line and stay away.
    Away,
}

/// Who subscribes, and where.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The account.
    pub email: String,
    /// The servers, the one it prefers first; it goes on to the next when one does not answer.
    pub servers: Vec<SocketAddr>,
    /// The operation; [`LEAN`] or one that asks for at least as much.
    pub query: String,
    /// Starts after this number.
    pub after: i64,
    /// See [`Socket::open`].
    pub receive_buffer: Option<u32>,
}

/// A subscriber, at work until it is dropped.
#[derive(Debug)]
pub struct Subscriber {
    /// Who and where.
    pub plan: Plan,
    log: Arc<Mutex<Heardlog>>,
    line: Arc<Mutex<Option<(SocketAddr, u16)>>>,
    wish: watch::Sender<Wish>,
    task: JoinHandle<()>,
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Subscriber {
    /// Begins.
    pub fn start(accounts: Accounts, plan: Plan) -> Self {
        let (wish, wishes) = watch::channel(Wish::Follow);
        let log = Arc::new(Mutex::new(Heardlog { start: plan.after, ..Heardlog::default() }));
        let line = Arc::new(Mutex::new(None));
        let work = Work { accounts, plan: plan.clone(), log: log.clone(), line: line.clone(), wishes, turn: 0 };
        Self { plan, log, line, wish, task: tokio::spawn(work.run()) }
    }

    /// What it heard so far.
    pub fn log(&self) -> MutexGuard<'_, Heardlog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The port of its end of the line that is open.
    pub fn local_port(&self) -> Option<u16> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner).map(|(_, port)| port)
    }

    /// The server to which a line is open.
    pub fn server(&self) -> Option<SocketAddr> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner).map(|(server, _)| server)
    }

    /// Tells it what to do.
    pub fn wish(&self, wish: Wish) {
        self.wish.send_replace(wish);
    }

    /// Cuts the line; it comes back at once.
    pub fn cut(&self) {
        self.wish.send_replace(Wish::Away);
        self.wish.send_replace(Wish::Follow);
    }
}

struct Work {
    accounts: Accounts,
    plan: Plan,
    log: Arc<Mutex<Heardlog>>,
    line: Arc<Mutex<Option<(SocketAddr, u16)>>>,
    wishes: watch::Receiver<Wish>,
    turn: usize,
}

impl Work {
    fn log(&self) -> MutexGuard<'_, Heardlog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_line(&self, line: Option<(SocketAddr, u16)>) {
        *self.line.lock().unwrap_or_else(PoisonError::into_inner) = line;
    }

    async fn run(mut self) {
        let mut failures = 0_u32;
        loop {
            if *self.wishes.borrow_and_update() == Wish::Away {
                if self.wishes.changed().await.is_err() {
                    return;
                }
                continue;
            }
            match self.open().await {
                Ok(socket) => {
                    failures = 0;
                    self.follow(socket).await;
                }
                Err(_) => {
                    // The next server may be there.
                    self.turn += 1;
                    failures += 1;
                    self.log().refused += 1;
                }
            }
            let most = if failures == 0 { 20 } else { 50 * failures.min(10) };
            let pause = rand::rng().random_range(0..=u64::from(most));
            sleep(Duration::from_millis(pause)).await;
        }
    }

    /// A line on which the operation is started.
    async fn open(&self) -> Result<Socket> {
        let to = self.server().context("no server")?;
        let token = self.accounts.token(&self.plan.email).await?;
        let mut socket = Socket::introduced(to, &token, self.plan.receive_buffer).await?;
        let after = self.log().last();
        socket.subscribe("changes", &self.plan.query, json!({ "after": cursor(after) })).await?;
        Ok(socket)
    }

    fn server(&self) -> Option<SocketAddr> {
        self.plan.servers.get(self.turn % self.plan.servers.len().max(1)).copied()
    }

    async fn follow(&mut self, mut socket: Socket) {
        self.log().lines += 1;
        self.set_line(self.server().map(|server| (server, socket.local_port())));
        loop {
            let wish = *self.wishes.borrow_and_update();
            tokio::select! {
                biased;
                changed = self.wishes.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    // A cut is two wishes at once, of which only the second is left to see.
                    let next = *self.wishes.borrow();
                    if next == Wish::Away || (next == Wish::Follow && wish == Wish::Follow) {
                        self.set_line(None);
                        self.log().breaks.push(Break { at_us: now_us(), code: None, reason: "cut by us".to_owned() });
                        socket.cut();
                        return;
                    }
                }
                heard = socket.hear(), if wish == Wish::Follow => {
                    if !self.take(heard) {
                        break;
                    }
                }
            }
        }
        self.set_line(None);
    }

    /// Takes note; false when the line is over.
    fn take(&self, heard: Heard) -> bool {
        let at_us = now_us();
        let mut log = self.log();
        match heard {
            Heard::Text(text) => note(&mut log, &text, at_us),
            Heard::Closed(code, reason) => {
                log.breaks.push(Break { at_us, code: Some(code), reason });
                false
            }
            Heard::Broken(reason) => {
                log.breaks.push(Break { at_us, code: None, reason });
                false
            }
        }
    }
}

#[derive(Deserialize)]
struct Next {
    payload: Payload,
}
#[derive(Deserialize)]
struct Payload {
    data: Data,
}
#[derive(Deserialize)]
struct Data {
    #[serde(rename = "dealChanges")]
    change: Told,
}
#[derive(Deserialize)]
#[serde(tag = "__typename")]
enum Told {
    DealChange { cursor: String, kind: String, deal: Deal },
    ResyncRequired { cursor: String },
}
#[derive(Deserialize)]
struct Deal {
    id: String,
    version: i32,
}

/// Takes note of a message; false when the operation is over.
fn note(log: &mut Heardlog, text: &str, at_us: u64) -> bool {
    if let Ok(next) = serde_json::from_str::<Next>(text) {
        match next.payload.data.change {
            Told::DealChange { cursor, kind, deal } => match seq_of(&cursor) {
                Some(seq) => log.seen.push(Seen { seq, digest: digest(&kind, &deal.id), version: deal.version, at_us }),
                None => log.complaints.push(format!("a cursor that is none: {cursor}")),
            },
            Told::ResyncRequired { cursor } => match seq_of(&cursor) {
                Some(seq) => {
                    let last = log.last();
                    log.resyncs.push((last, seq));
                }
                None => log.complaints.push(format!("a cursor that is none: {cursor}")),
            },
        }
        return true;
    }
    let message: Value = serde_json::from_str(text).unwrap_or_default();
    match message["type"].as_str() {
        Some("ping" | "pong") => true,
        _ => {
            log.complaints.push(text.chars().take(400).collect());
            false
        }
    }
}

/// Stands for kind and deal of a change.
pub fn digest(kind: &str, deal_id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, deal_id).hash(&mut hasher);
    hasher.finish()
}

/// The cursor of a number. Cursors are opaque to clients; whoever checks the product from outside reads them.
pub fn cursor(seq: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("seq:{seq}"))
}

/// The number of a cursor.
pub fn seq_of(cursor: &str) -> Option<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    String::from_utf8(bytes).ok()?.strip_prefix("seq:")?.parse().ok()
}

/// Microseconds since 1970.
pub fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_taken_note_of() {
        let mut log = Heardlog::default();
        let change = r#"{"id":"1","type":"next","payload":{"data":{"dealChanges":{"__typename":"DealChange","cursor":"c2VxOjc","kind":"K","deal":{"id":"d","version":2,"status":"S"}}}}}"#;
        assert!(note(&mut log, change, 5));
        assert_eq!(log.seen, [Seen { seq: 7, digest: digest("K", "d"), version: 2, at_us: 5 }]);
        let resync = r#"{"id":"1","type":"next","payload":{"data":{"dealChanges":{"__typename":"ResyncRequired","cursor":"c2VxOjk","reason":"r"}}}}"#;
        assert!(note(&mut log, resync, 6));
        assert_eq!((log.resyncs.as_slice(), log.last()), ([(7, 9)].as_slice(), 9));
        assert!(!note(&mut log, r#"{"id":"1","type":"complete"}"#, 7));
        assert_eq!((log.complaints.len(), cursor(7).as_str()), (1, "c2VxOjc"));
    }
}
