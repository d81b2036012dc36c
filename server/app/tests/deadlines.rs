//! Deadlines against a real database, with a clock that the test sets: many that are overdue at once, and what goes to the next owner.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::atomic::Ordering;

use common::TestApp;
use entente_app::clock::Clock;
use entente_app::{deal, worker};
use entente_domain::Timestamp;
use entente_domain::deal::deadline::{ClockState, Escalation};
use entente_domain::deal::{Deal, Decision};
use entente_domain::event::EventKind;
use entente_domain::id::DealId;
use entente_domain::policy::Scope;
use entente_domain::record::Quarter;
use entente_domain::user::Role;
use entente_store::Committed;

/// A Monday on which the program's office is open.
const START: &str = "2026-11-02T09:00:00Z";
const OVERDUE: usize = 40;

fn set(clock: &Clock, at: Timestamp) {
    let Clock::Set(ms) = clock else { unreachable!() };
    ms.store(at.as_millisecond(), Ordering::Relaxed);
}

async fn kinds(t: &TestApp, id: &DealId) -> Vec<(EventKind, Option<String>)> {
    let events = t.store.timeline(id, true, None, 100).await.unwrap();
    events.into_iter().rev().map(|e| (e.kind, e.changes.first().and_then(|c| c.after.clone()))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_outage_everything_overdue_is_told_once_in_its_order() {
    let clock = Clock::set_to(START.parse().unwrap());
    let t = TestApp::with_clock(false, clock.clone()).await;
    let seller = t.person(Role::PartnerSales, Some(0)).await;
    let mut deals = Vec::new();
    for n in 0..OVERDUE {
        deals.push(deal::register(&t.app, &seller, &t.input(&format!("late{n}"))).await.unwrap().deal.unwrap());
    }
    set(&clock, "2026-11-20T12:00:00Z".parse().unwrap());
    // Two servers come back at once.
    let drain = async |holder: &str| {
        let mut fired = 0;
        while worker::fire_next(&t.app, holder, t.app.now()).await.unwrap() {
            fired += 1;
        }
        fired
    };
    let (one, two) = tokio::join!(drain("one"), drain("two"));
    assert_eq!(one + two, 2 * OVERDUE, "a warning and a deadline each");
    for before in &deals {
        let told = kinds(&t, &before.id).await;
        let wanted = [
            (EventKind::DealRegistered, None),
            (EventKind::DealAtRisk, before.deadline.warn_at.map(|at| at.to_string())),
            (EventKind::DealDeadlineMissed, before.decision_due_at.map(|at| at.to_string())),
        ];
        let mut sorted = told.clone();
        sorted.sort_by_key(|(kind, _)| wanted.iter().position(|(w, _)| w == kind));
        assert_eq!(sorted, wanted, "each once, with the moment at which it was due");
        let now = deal::get(&t.app, &seller, before.id.as_str()).await.unwrap().unwrap();
        assert_eq!(now.clock_state(t.app.now()), Some(ClockState::Breached));
        assert_eq!(now.deadline.missed.map(|m| (Some(m.due_at), m.at)), Some((before.decision_due_at, t.app.now())));
    }
    let record = entente_app::record::last_days(&t.app, &seller).await.unwrap();
    assert_eq!((record.breaches, record.decided, record.in_time.denominator), (OVERDUE as i64, 0, OVERDUE as i64));
    let quarters = entente_app::record::quarters(&t.app, &seller, 2).await.unwrap();
    assert_eq!(quarters[0].0, Quarter { year: 2026, number: 4 });
    assert_eq!((quarters[0].1.breaches, quarters[1].1.breaches), (OVERDUE as i64, 0));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_late_goes_to_an_administrator_and_a_late_approval_stays_late() {
    let clock = Clock::set_to(START.parse().unwrap());
    let t = TestApp::with_clock(false, clock.clone()).await;
    let (seller, manager, admin) =
        (t.person(Role::PartnerSales, Some(0)).await, t.person(Role::ChannelManager, None).await, t.person(Role::Admin, None).await);
    let made = deal::register(&t.app, &seller, &t.input("acme")).await.unwrap().deal.unwrap();
    let due = made.decision_due_at.unwrap();
    let after = due.checked_add(jiff::SignedDuration::from_hours(30)).unwrap();
    let mut owned = Deal { version: 2, manager_id: Some(manager.user_id.clone()), ..made.clone() };
    owned.deadline.terms.escalation = Some(Escalation { after_hours: 4, to: None });
    owned.deadline.escalate_at = Some(after);
    let decision = Decision { deal: owned, based_on: Some(1), take: Vec::new(), release_claims: false, events: Vec::new() };
    assert_eq!(t.store.commit(&[decision], None).await.unwrap(), Committed::Done);

    set(&clock, after);
    while worker::fire_next(&t.app, "w", t.app.now()).await.unwrap() {}
    let late = t.store.deal(&made.id, &Scope::All).await.unwrap().unwrap();
    assert_eq!((late.manager_id.as_ref(), late.clock_state(after)), (Some(&admin.user_id), Some(ClockState::Escalated)));
    let told: Vec<EventKind> = kinds(&t, &made.id).await.into_iter().map(|(kind, _)| kind).collect();
    for kind in [EventKind::DealAtRisk, EventKind::DealDeadlineMissed, EventKind::DealEscalated, EventKind::DealRerouted] {
        assert_eq!(told.iter().filter(|k| **k == kind).count(), 1, "{kind:?} in {told:?}");
    }
    let approved = deal::approve(&t.app, &admin, made.id.as_str(), late.version, None).await.unwrap();
    assert_eq!(approved.clock_state(after), Some(ClockState::Escalated));
    let record = entente_app::record::last_days(&t.app, &seller).await.unwrap();
    assert_eq!((record.decided, record.in_time.numerator, record.in_time.denominator, record.breaches), (1, 0, 1, 1));
    t.end().await;
}
