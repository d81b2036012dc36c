//! The soak: writers, readers and subscribers that come and go, for half an hour; memory and open files minute by minute.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use entente_bench_common::accounts::Accounts;
use entente_bench_common::api::{Answer, Api, Failure};
use entente_bench_common::stats::Samples;
use rand::Rng;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{sleep, sleep_until};

use crate::push::Writer;
use crate::reads;
use crate::say;
use crate::scene::{self, Process, Scene, VIEWER};
use crate::tap::Crowd;

/// Subscribers that are there at a time.
const SUBSCRIBERS: usize = 200;
/// How long one stays, in seconds.
const STAY: std::ops::Range<f64> = 2.0..60.0;
/// Readers.
const READERS: usize = 6;
/// What a reader waits between two questions, in milliseconds.
const THINK: std::ops::Range<u64> = 20..60;
/// Writers of changes, and the pause between two changes of one of them.
const WRITERS: usize = 8;
const WRITE_EVERY: Duration = Duration::from_millis(400);
/// Registrations come this often.
const REGISTER_EVERY: Duration = Duration::from_secs(1);
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
/// Memory is compared with what it was after so many minutes.
const SETTLED_AFTER: usize = 5;
/// How long the sockets may take to go at the end.
const GOING_LIMIT: Duration = Duration::from_secs(30);

/// One minute.
#[derive(Debug, Clone)]
pub struct Minute {
    /// Its number, from 1.
    pub number: usize,
    /// Resident memory at its end, in bytes.
    pub resident: u64,
    /// Open files at its end.
    pub files: usize,
    /// Subscribers at its end.
    pub subscribers: u64,
    /// Questions answered.
    pub reads: u64,
    /// Changes made.
    pub writes: u64,
    /// Messages heard.
    pub heard: u64,
    /// Lines opened.
    pub opened: u64,
    /// Whatever went wrong.
    pub errors: u64,
    /// Part of a core that the server used.
    pub busy: f64,
    /// How long reads took, in milliseconds: p50 and p99.
    pub read_ms: (f64, f64),
}

/// What came of it.
#[derive(Debug)]
pub struct Soak {
    /// Minute by minute.
    pub minutes: Vec<Minute>,
    /// Memory and files before any load and after all sockets had gone.
    pub before: (u64, usize),
    /// The same after all sockets had gone.
    pub after: (u64, usize),
    /// What went wrong, by kind.
    pub errors: BTreeMap<String, u64>,
}

impl Soak {
    /// Memory at the end against five minutes in, and files the same way.
    pub fn growth(&self) -> Option<(f64, f64)> {
        let (early, late) = (self.minutes.get(SETTLED_AFTER - 1)?, self.minutes.last()?);
        Some((late.resident as f64 / early.resident as f64, late.files as f64 / early.files as f64))
    }
}

#[derive(Default)]
struct Tally {
    stop: AtomicBool,
    reads: AtomicU64,
    writes: AtomicU64,
    heard: AtomicU64,
    opened: AtomicU64,
    present: AtomicU64,
    errors: Mutex<BTreeMap<String, u64>>,
    read_ms: Mutex<Samples>,
}

impl Tally {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn error(&self, kind: String) {
        *self.errors.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default() += 1;
    }

    fn errors(&self) -> u64 {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }

    /// Takes the first part of what went wrong for its kind; numbers make no kind of their own.
    fn failed(&self, what: &str, error: &anyhow::Error) {
        let text = error.to_string();
        let kind = text.chars().take(160).map(|c| if c.is_ascii_digit() { '#' } else { c });
        self.error(format!("{what}: {}", kind.collect::<String>()));
    }
}

struct Load {
    address: SocketAddr,
    accounts: Accounts,
    api: Api,
    tally: Arc<Tally>,
}

/// Runs the load for so many minutes.
pub async fn run(scene: &mut Scene, minutes: usize) -> Result<Soak> {
    let mut server = scene.entente().await?;
    let address = server.address();
    let accounts = scene::accounts(address).await?;
    let writer = Arc::new(Writer::new(address, accounts.clone()).await?);
    let facts = Arc::new(reads::Facts::read(address, &accounts).await?);
    let before = state(&mut server)?;
    let tally = Arc::new(Tally::default());
    let load = Arc::new(Load { address, accounts, api: Api::new(ANSWER_LIMIT)?, tally });
    let mut tasks: Vec<JoinHandle<()>> = Vec::new();
    tasks.extend((0..WRITERS).map(|lane| tokio::spawn(write(load.clone(), writer.clone(), lane))));
    tasks.push(tokio::spawn(register(load.clone(), facts.clone())));
    tasks.extend((0..READERS).map(|_| tokio::spawn(read(load.clone(), facts.clone()))));
    tasks.extend((0..SUBSCRIBERS).map(|_| tokio::spawn(come_and_go(load.clone()))));
    let mut table = Vec::new();
    say("minute | memory MiB | files | sockets | reads/s | p50 / p99 ms | writes/s | messages/s | lines/s | errors | core");
    for number in 1..=minutes {
        let minute = minute(&mut server, &load, number).await?;
        say(&row(&minute));
        table.push(minute);
    }
    load.tally.stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await?;
    }
    let after = gone(&mut server, before.1).await?;
    let errors = load.tally.errors.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Soak { minutes: table, before, after, errors })
}

fn state(server: &mut Process) -> Result<(u64, usize)> {
    let child = server.child()?;
    Ok((child.resident(), child.open_files()))
}

/// Waits until the files of the sockets are closed.
async fn gone(server: &mut Process, files: usize) -> Result<(u64, usize)> {
    let since = Instant::now();
    loop {
        let now = state(server)?;
        // A few connections of clients and of the database's pool stay.
        if now.1 <= files + 32 || since.elapsed() > GOING_LIMIT {
            return Ok(now);
        }
        sleep(Duration::from_millis(200)).await;
    }
}

async fn minute(server: &mut Process, load: &Load, number: usize) -> Result<Minute> {
    let tally = &load.tally;
    let now = || [&tally.reads, &tally.writes, &tally.heard, &tally.opened].map(|count| count.load(Ordering::Relaxed));
    let (counts, errors, cpu, since) = (now(), tally.errors(), server.child()?.cpu_seconds(), tokio::time::Instant::now());
    load.accounts.renew().await;
    sleep_until(since + Duration::from_secs(60)).await;
    ensure!(server.child()?.ended().is_none(), "the server has ended:\n{}", server.child()?.tail());
    let (resident, files) = state(server)?;
    let [reads, writes, heard, opened] = std::array::from_fn(|at| now()[at] - counts[at]);
    let took = std::mem::take(&mut *tally.read_ms.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Minute {
        number,
        resident,
        files,
        subscribers: tally.present.load(Ordering::Relaxed),
        reads,
        writes,
        heard,
        opened,
        errors: tally.errors() - errors,
        busy: (server.child()?.cpu_seconds() - cpu) / since.elapsed().as_secs_f64(),
        read_ms: (took.quantile(0.5), took.quantile(0.99)),
    })
}

/// One line of the table.
pub fn row(minute: &Minute) -> String {
    let a_second = |count: u64| count as f64 / 60.0;
    format!(
        "{} | {:.1} | {} | {} | {:.0} | {:.1} / {:.1} | {:.1} | {:.0} | {:.1} | {} | {:.2}",
        minute.number,
        minute.resident as f64 / 1_048_576.0,
        minute.files,
        minute.subscribers,
        a_second(minute.reads),
        minute.read_ms.0,
        minute.read_ms.1,
        a_second(minute.writes),
        a_second(minute.heard),
        a_second(minute.opened),
        minute.errors,
        minute.busy
    )
}

async fn write(load: Arc<Load>, writer: Arc<Writer>, lane: usize) {
    let mut number = lane;
    while !load.tally.stopped() {
        let due = tokio::time::Instant::now() + WRITE_EVERY;
        match writer.change(number).await {
            Ok(_) => _ = load.tally.writes.fetch_add(1, Ordering::Relaxed),
            Err(error) => load.tally.failed("change", &error),
        }
        number += WRITERS;
        sleep_until(due).await;
    }
}

impl Load {
    async fn ask(&self, query: &str, variables: Value) -> Result<Answer> {
        let token = self.accounts.token(VIEWER).await?;
        let answer = self.api.ask(self.address, Some(&token), query, variables).await;
        let answer = answer.map_err(|failure| match failure {
            Failure::Broken(_) => anyhow!("the connection broke"),
            other => anyhow!("{other:?}"),
        })?;
        ensure!(answer.data().is_some(), "{} {}", answer.code(), answer.body["errors"][0]["message"]);
        Ok(answer)
    }
}

/// Registers a deal a second and writes a note on it.
async fn register(load: Arc<Load>, facts: Arc<reads::Facts>) {
    let mut number = 0_u64;
    while !load.tally.stopped() {
        let due = tokio::time::Instant::now() + REGISTER_EVERY;
        number += 1;
        match registered(&load, &facts, number).await {
            Ok(()) => _ = load.tally.writes.fetch_add(2, Ordering::Relaxed),
            Err(error) => load.tally.failed("registration", &error),
        }
        sleep_until(due).await;
    }
}

async fn registered(load: &Load, facts: &reads::Facts, number: u64) -> Result<()> {
    let answer = load.ask(reads::REGISTER, json!({ "input": facts.registration(number) })).await?;
    let done = &answer.body["data"]["dealRegister"];
    let id = done["deal"]["id"].as_str().with_context(|| done.to_string())?;
    let note = load.ask(reads::NOTE, json!({ "id": id, "text": format!("Note {number}") })).await?;
    ensure!(!note.body["data"]["dealAddNote"]["deal"].is_null(), "{}", note.body);
    Ok(())
}

async fn read(load: Arc<Load>, facts: Arc<reads::Facts>) {
    while !load.tally.stopped() {
        let (query, variables, pause) = {
            let mut random = rand::rng();
            let (query, variables) = facts.question(&mut random);
            (query, variables, random.random_range(THINK))
        };
        let since = Instant::now();
        match load.ask(query, variables).await {
            Ok(_) => {
                load.tally.reads.fetch_add(1, Ordering::Relaxed);
                let took = since.elapsed().as_secs_f64() * 1e3;
                load.tally.read_ms.lock().unwrap_or_else(PoisonError::into_inner).add(took);
            }
            Err(error) => load.tally.failed("read", &error),
        }
        sleep(Duration::from_millis(pause)).await;
    }
}

/// A subscriber comes, stays for a while, and goes.
async fn come_and_go(load: Arc<Load>) {
    while !load.tally.stopped() {
        let stay = Duration::from_secs_f64(rand::rng().random_range(STAY));
        if let Err(error) = stayed(&load, stay).await {
            load.tally.failed("subscriber", &error);
            sleep(Duration::from_millis(500)).await;
        }
    }
}

async fn stayed(load: &Load, stay: Duration) -> Result<()> {
    let token = load.accounts.token(VIEWER).await?;
    let crowd = Crowd::open(&scene::greeting(load.address, &token), 1).await?;
    load.tally.opened.fetch_add(1, Ordering::Relaxed);
    load.tally.present.fetch_add(1, Ordering::Relaxed);
    let since = Instant::now();
    let mut heard = 0;
    let mut ended = Ok(());
    while since.elapsed() < stay && !load.tally.stopped() && ended.is_ok() {
        sleep(Duration::from_millis(500)).await;
        let now = crowd.sums().0;
        load.tally.heard.fetch_add(now - heard, Ordering::Relaxed);
        heard = now;
        crowd.forget();
        ended = crowd.wait_for(0, Duration::ZERO).await;
    }
    load.tally.present.fetch_sub(1, Ordering::Relaxed);
    ended
}
