//! The writers: they register deals, approve, move and withdraw them at a steady pace, whatever happens, and go on with the
//! same key where they do not know what came of it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Result, bail};
use entente_bench_common::accounts::Accounts;
use entente_bench_common::api::{Api, Failure};
use entente_bench_common::stats::Samples;
use entente_bench_common::subscriber::now_us;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use crate::ledger::{self, Action, Attempt, Entry, Tried};
use crate::world::World;

/// Writers, each of a partner of its own.
pub const WRITERS: usize = 8;
/// Who registers and sells for these partners.
pub const SELLERS: [(&str, &str); WRITERS] = [
    ("sales@aurora-systems.test", "aurora-systems"),
    ("sales@borealis-consulting.test", "borealis-consulting"),
    ("jannik.oelrich@wolkenzug.test", "wolkenzug"),
    ("soenke.petersen@nordlicht-datenhaus.test", "nordlicht-datenhaus"),
    ("leonie.abels@fuchsbau-security.test", "fuchsbau-security"),
    ("wiebke.harms@kranich-datentechnik.test", "kranich-datentechnik"),
    ("ulrike.steinfeld@steinfeld-kollegen.test", "steinfeld-kollegen"),
    ("matthias.gehring@tannwald-distribution.test", "tannwald-distribution"),
];
/// Who decides.
pub const MANAGER: &str = "manager@entente.test";
const STAGES: [&str; 5] = ["prospecting", "engaging", "proposal", "negotiation", "won"];
/// How many deals of its own a writer works on at once.
const DESK: usize = 12;

/// What the writers share.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Everything that was done, in the order in which it ended.
    pub entries: Vec<Entry>,
    /// The entries that were left in doubt when the writers stopped.
    pub doubtful: Vec<Entry>,
    /// When each attempt was sent and answered, whether it was done, and where, as it happens.
    pub attempts: Vec<(u64, u64, bool, usize)>,
}

/// Writers at work.
pub struct Load {
    ledger: Arc<Mutex<Ledger>>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    renewing: JoinHandle<()>,
    /// When they began.
    pub since: Instant,
}

impl Drop for Load {
    fn drop(&mut self) {
        self.renewing.abort();
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Signs in everybody who writes or decides.
pub async fn sign_in(world: &World) -> Result<()> {
    for (email, _) in SELLERS {
        world.accounts.token(email).await?;
    }
    world.accounts.token(MANAGER).await?;
    Ok(())
}

impl Load {
    /// Begins with so many changes a second in all. `tag` makes the keys unlike those of any other load on this database.
    pub async fn start(world: &World, tag: &str, seed: u64, per_second: f64) -> Result<Self> {
        sign_in(world).await?;
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let (stop, stopping) = watch::channel(false);
        let tasks = (0..WRITERS).map(|number| {
            let hand = Hand { api: world.api.clone(), accounts: world.accounts.clone(), servers: world.addresses(), at: number };
            let writer = Writer {
                hand,
                ledger: ledger.clone(),
                stopping: stopping.clone(),
                seller: SELLERS[number].0,
                products: world.products.clone(),
                tag: format!("{tag}-{number}"),
                made: 0,
                desk: Vec::new(),
                rng: StdRng::seed_from_u64(seed.wrapping_add(number as u64)),
            };
            tokio::spawn(writer.run(Duration::from_secs_f64(WRITERS as f64 / per_second)))
        });
        let tasks = tasks.collect();
        let accounts = world.accounts.clone();
        let renewing = tokio::spawn(async move {
            loop {
                sleep(Duration::from_secs(5)).await;
                accounts.renew().await;
            }
        });
        Ok(Self { ledger, stop, tasks, renewing, since: Instant::now() })
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the answers took that came between two moments, in milliseconds.
    pub fn latencies(&self, from_us: u64, to_us: u64) -> Samples {
        let ledger = self.ledger();
        let within = ledger.attempts.iter().filter(|(_, done, ok, _)| *ok && (from_us..to_us).contains(done));
        within.map(|(sent, done, _, _)| done.saturating_sub(*sent) as f64 / 1000.0).collect()
    }

    /// How many changes were acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        self.ledger().attempts.iter().filter(|(_, _, ok, _)| *ok).count()
    }

    /// Waits for a change that was sent after that moment and acknowledged; answers when it was.
    pub async fn next_acknowledged(&self, sent_after_us: u64, limit: Duration) -> Result<u64> {
        let since = Instant::now();
        loop {
            let found = self.ledger().attempts.iter().filter(|(sent, _, ok, _)| *ok && *sent >= sent_after_us).map(|(_, done, _, _)| *done).min();
            if let Some(done) = found {
                return Ok(done);
            }
            if since.elapsed() > limit {
                bail!("no write was acknowledged within {} s", limit.as_secs());
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Stops the writers, and finds out what came of what they left in doubt. The world must be whole again.
    pub async fn finish(mut self, world: &World) -> Result<Ledger> {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            let _ = task.await;
        }
        let mut ledger = std::mem::take(&mut *self.ledger());
        let mut hand = Hand { api: world.api.clone(), accounts: world.accounts.clone(), servers: world.addresses(), at: 0 };
        for mut entry in std::mem::take(&mut ledger.doubtful) {
            let since = Instant::now();
            while entry.outcome().is_none() {
                if since.elapsed() > Duration::from_secs(30) {
                    bail!("{} stays in doubt although everything runs again: {:?}", entry.key, entry.attempts.last());
                }
                hand.attempt(&mut entry).await;
            }
            ledger.entries.push(entry);
        }
        Ok(ledger)
    }
}

/// A client that tries one thing at a time.
pub struct Hand {
    /// The client.
    pub api: Api,
    /// Who is signed in.
    pub accounts: Accounts,
    /// Where to.
    pub servers: Vec<SocketAddr>,
    /// Which server is next.
    pub at: usize,
}

impl Hand {
    /// A client that begins with that server.
    pub fn new(world: &World, at: usize) -> Self {
        Self { api: world.api.clone(), accounts: world.accounts.clone(), servers: world.addresses(), at }
    }

    /// Tries once, and goes on to the next server when there was no answer.
    pub async fn attempt(&mut self, entry: &mut Entry) {
        let server = self.at % self.servers.len();
        let (query, variables) = entry.operation();
        let token = self.accounts.at_hand(&entry.email);
        let sent_us = now_us();
        let answer = self.api.ask(self.servers[server], token.as_deref(), &query, variables).await;
        let tried = match answer {
            Ok(answer) => answer.data().map_or_else(|| Tried::Problem(answer.code()), ledger::tried),
            Err(Failure::NotConnected) => Tried::NotConnected,
            Err(Failure::Broken(_) | Failure::TimedOut) => Tried::NoAnswer,
        };
        if !tried.is_known() {
            self.at += 1;
        }
        entry.attempts.push(Attempt { sent_us, done_us: now_us(), server, tried });
    }
}

/// A deal on a writer's desk.
struct Held {
    id: String,
    version: i32,
    approved: bool,
    stage: usize,
}

struct Writer {
    hand: Hand,
    ledger: Arc<Mutex<Ledger>>,
    stopping: watch::Receiver<bool>,
    seller: &'static str,
    products: Vec<String>,
    tag: String,
    made: usize,
    desk: Vec<Held>,
    rng: StdRng,
}

impl Writer {
    async fn run(mut self, every: Duration) {
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !*self.stopping.borrow() {
            ticks.tick().await;
            let (mut entry, held) = self.choose();
            if !self.carry_out(&mut entry).await {
                self.ledger().doubtful.push(entry);
                return;
            }
            self.put_back(&entry, held).await;
            self.ledger().entries.push(entry);
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What to do next, and the deal it is done to, taken off the desk.
    fn choose(&mut self) -> (Entry, Option<Held>) {
        self.made += 1;
        let key = format!("{}-{}", self.tag, self.made);
        if self.desk.len() < 3 || (self.desk.len() < DESK && self.rng.random_bool(0.45)) {
            let input = registration(&key, &self.products[self.rng.random_range(0..self.products.len())], None);
            return (
                Entry { key, email: self.seller.to_owned(), action: Action::Register, deal: String::new(), version: 0, input, attempts: vec![] },
                None,
            );
        }
        let held = self.desk.swap_remove(self.rng.random_range(0..self.desk.len()));
        let action = match (held.approved, self.rng.random_range(0..100)) {
            (_, 0..10) => Action::Withdraw,
            (false, _) => Action::Approve,
            (true, _) => Action::Move(STAGES[(held.stage + 1).min(STAGES.len() - 1)]),
        };
        let email = if action.is_vendors() { MANAGER } else { self.seller };
        let entry =
            Entry { key, email: email.to_owned(), action, deal: held.id.clone(), version: held.version, input: Value::Null, attempts: vec![] };
        (entry, Some(held))
    }

    /// Tries until it is known; false when the writers are to stop before it is.
    async fn carry_out(&mut self, entry: &mut Entry) -> bool {
        loop {
            self.hand.attempt(entry).await;
            let Some(last) = entry.attempts.last() else { return false };
            self.ledger().attempts.push((last.sent_us, last.done_us, matches!(last.tried, Tried::Done { .. }), last.server));
            if last.tried.is_known() {
                return true;
            }
            if *self.stopping.borrow() {
                return false;
            }
            sleep(Duration::from_millis(self.rng.random_range(20..120))).await;
        }
    }

    /// Puts the deal onto the desk again, as it is now, unless it is over.
    async fn put_back(&mut self, entry: &Entry, held: Option<Held>) {
        let (id, version) = match entry.outcome() {
            Some(Tried::Done { deal, version }) => (deal.clone(), *version),
            // After a doubt, the repeat is told that its version is out of date: the first one did it.
            Some(Tried::Refused(_)) if entry.was_in_doubt() => (entry.deal.clone(), entry.version + 1),
            _ => return,
        };
        let was = held.unwrap_or(Held { id, version, approved: false, stage: 0 });
        let held = match &entry.action {
            Action::Register | Action::Note => was,
            Action::Approve => Held { version, approved: true, ..was },
            Action::Move("won") | Action::Withdraw => return,
            Action::Move(_) => Held { version, stage: was.stage + 1, ..was },
        };
        self.desk.push(held);
    }
}

/// The input of a registration for a customer that is named like the key; `partner` is for the vendor's staff.
pub fn registration(key: &str, product: &str, partner: Option<&str>) -> Value {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let close = today.saturating_add(jiff::Span::new().days(60));
    let mut input = json!({
        "title": key, "customerName": format!("Customer {key}"), "customerDomain": format!("www.{}.com", key.to_lowercase()),
        "customerCountry": "DE", "productIds": [product], "value": { "amount": "12000.00", "currency": "USD" },
        "expectedCloseOn": close.to_string(), "idempotencyKey": key,
    });
    if let Some(partner) = partner {
        input["partnerId"] = partner.into();
    }
    input
}
