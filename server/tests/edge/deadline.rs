//! Deadlines and servers that die: a timer that came due while no server ran, or while a dead one had it, fires once, and the
//! timeline says when it was due.

use std::time::Duration;

use entente_domain::Timestamp;
use entente_domain::deal::{Deal, Decision};
use entente_domain::event::{Event, EventKind};
use entente_domain::id::DealId;
use entente_domain::policy::Scope;
use entente_domain::user::Role;
use entente_server::Settings;
use entente_store::{Committed, Store, StoreOptions};
use tokio::time::{Instant, sleep};

use crate::program::Program;
use crate::support::{PATIENCE, TestApp};

/// A database with registrations, and no server on it.
struct Aftermath {
    store: Store,
    settings: Settings,
    deals: Vec<DealId>,
}

async fn registered(count: usize) -> Aftermath {
    let t = TestApp::start().await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    let mut deals = Vec::new();
    for n in 0..count {
        let made = t.register(&seller, &format!("late{n}")).await;
        deals.push(made["deal"]["id"].as_str().unwrap().parse().unwrap());
    }
    let TestApp { server, settings, .. } = t;
    server.stop().await.unwrap();
    let options = StoreOptions { uri: settings.mongodb_uri.clone(), database: settings.database.clone(), ..StoreOptions::default() };
    Aftermath { store: Store::connect(&options).await.unwrap(), settings, deals }
}

impl Aftermath {
    async fn serve(&self) -> Program {
        let data = self.settings.data_dir.to_str().unwrap();
        Program::serve(&["--database", &self.settings.database, "--data-dir", data], &[]).await
    }

    async fn deal(&self, n: usize) -> Deal {
        self.store.deal(&self.deals[n], &Scope::All).await.unwrap().unwrap()
    }

    /// Has the deadline of that deal pass so many milliseconds from now, and nothing before or after it.
    async fn due_in(&self, n: usize, ms: i64) -> Timestamp {
        let before = self.deal(n).await;
        let due = Timestamp::from_millisecond(Timestamp::now().as_millisecond() + ms).unwrap();
        let mut deal = Deal { version: before.version + 1, decision_due_at: Some(due), ..before.clone() };
        (deal.deadline.warn_at, deal.deadline.escalate_at) = (None, None);
        let decision = Decision { deal, based_on: Some(before.version), take: Vec::new(), release_claims: false, events: Vec::new() };
        assert_eq!(self.store.commit(&[decision], None).await.unwrap(), Committed::Done);
        due
    }

    /// What was told of that deal's deadline.
    async fn told(&self, n: usize) -> Vec<Event> {
        let events = self.store.timeline(&self.deals[n], true, None, 100).await.unwrap();
        events.into_iter().filter(|e| e.kind == EventKind::DealDeadlineMissed).collect()
    }

    async fn until_told(&self, n: usize) -> Event {
        let patience = Instant::now() + PATIENCE;
        loop {
            if let Some(event) = self.told(n).await.into_iter().next() {
                return event;
            }
            assert!(Instant::now() < patience, "the deadline of deal {n} was not told");
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn end(self, servers: Vec<Program>) {
        for server in servers {
            server.stop().await;
        }
        self.store.drop_database().await.unwrap();
        let _ = std::fs::remove_dir_all(&self.settings.data_dir);
    }
}

/// Waits until that moment is past, and no longer.
async fn past(at: Timestamp) {
    while Timestamp::now() <= at {
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_passes_while_no_server_runs_is_told_once_with_two_servers() {
    let t = registered(14).await;
    let first = t.serve().await;
    let mut due = Vec::new();
    for n in 0..11 {
        // Long enough for all of them to be written before the kill.
        due.push(t.due_in(n, 8_000 + 10 * n as i64).await);
    }
    first.kill().await;
    assert!(t.told(0).await.is_empty(), "killed before the deadline");
    past(*due.last().unwrap()).await;
    let (second, third) = tokio::join!(t.serve(), t.serve());
    for (n, due) in due.iter().enumerate() {
        let event = t.until_told(n).await;
        assert!(event.occurred_at > *due, "seen after the restart");
        assert_eq!((event.changes[0].field.as_str(), event.changes[0].after.clone()), ("dueAt", Some(due.to_string())));
        let missed = t.deal(n).await.deadline.missed.unwrap();
        assert_eq!((missed.due_at, missed.at), (*due, event.occurred_at), "the deal says the same");
    }
    // Both servers have looked for timers again when these, which are due later than all others, have fired.
    let mut lags = Vec::new();
    for n in 11..14 {
        let late = t.due_in(n, 300).await;
        lags.push(t.until_told(n).await.occurred_at.as_millisecond() - late.as_millisecond());
    }
    // One of three in time, for other work on the machine may fall into the others.
    assert!(lags.iter().all(|lag| *lag >= 0) && lags.iter().any(|lag| *lag < 1_500), "fired {lags:?} ms after they were due");
    for n in 0..14 {
        assert_eq!(t.told(n).await.len(), 1, "deal {n}");
    }
    assert_eq!(t.store.next_timer_at().await.unwrap(), None, "no timer is left");
    t.end(vec![second, third]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_that_a_dead_server_had_is_fired_once_by_another() {
    let t = registered(1).await;
    let due = t.due_in(0, 50).await;
    past(due).await;
    // A server that dies between claiming the timer and firing it leaves exactly this behind.
    let claimed = t.store.claim_timer("a server that died", Timestamp::now(), 1_500).await.unwrap().unwrap();
    assert_eq!(claimed.due_at, due);
    let (one, two) = tokio::join!(t.serve(), t.serve());
    let event = t.until_told(0).await;
    assert_eq!(event.changes[0].after, Some(due.to_string()));
    assert_eq!(t.store.next_timer_at().await.unwrap().is_none(), t.told(0).await.len() == 1);
    // The dead server comes back and believes that it still has it: what it would remove is not its own any more.
    t.store.finish_timer(&claimed).await.unwrap();
    assert_eq!(t.told(0).await.len(), 1);
    t.end(vec![one, two]).await;
}
