//! A random history against the real database with a set clock: claims are held once, and every moment of every deal reads back
//! through `asOf` as whoever changed it last before then was answered. `ENTENTE_SEED` runs another history.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::TestApp;
use entente_app::clock::Clock;
use entente_app::dispute::{self, OpenInput};
use entente_app::{Refused, deal, worker};
use entente_domain::Timestamp;
use entente_domain::deal::{Deal, DealError, RegistrationStatus};
use entente_domain::dispute::{Outcome, Side};
use entente_domain::event::Visibility;
use entente_domain::id::DealId;
use entente_domain::policy::Actor;
use entente_domain::program::StageCategory;
use entente_domain::user::Role;

const STEPS: usize = 220;

/// A linear congruential generator: the same seed is the same history.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n.max(1) as u64) as usize
    }
}

struct History {
    t: TestApp,
    clock: Arc<AtomicI64>,
    dice: Dice,
    sellers: [Actor; 2],
    manager: Actor,
    arbiters: Vec<Actor>,
    /// What each deal was after each change, by the answer to whoever made it.
    seen: BTreeMap<DealId, Vec<(Timestamp, Deal)>>,
    changes: usize,
    transferred: usize,
}

impl History {
    async fn note(&mut self, done: Result<Deal, Refused<DealError>>) {
        if let Ok(deal) = done {
            self.changes += 1;
            let now = self.t.app.now();
            let stored = deal::get(&self.t.app, &self.manager, deal.id.as_str()).await.unwrap().unwrap();
            assert_eq!(stored, deal, "the answer is what is stored");
            self.seen.entry(deal.id.clone()).or_default().push((now, deal));
        }
    }

    /// Everything that changed by itself (timers, disputes, claims that gave way) is looked at as it is now.
    async fn look(&mut self) {
        let now = self.t.app.now();
        for id in self.seen.keys().cloned().collect::<Vec<_>>() {
            let deal = deal::get(&self.t.app, &self.manager, id.as_str()).await.unwrap().unwrap();
            let states = self.seen.entry(id).or_default();
            if states.last().is_none_or(|(_, last)| *last != deal) {
                // The moment at which it changed is in it; it may be earlier in this step than now.
                assert!(deal.updated_at <= now);
                states.push((deal.updated_at, deal));
            }
        }
    }

    /// Any deal; mostly one that can still change, because most of a long history would be over otherwise.
    fn any(&mut self) -> Option<Deal> {
        let over = self.dice.below(5) == 0;
        let chosen = self.seen.iter().filter(|(_, states)| over || states.last().is_some_and(|(_, d)| d.is_open()));
        let ids: Vec<_> = chosen.map(|(id, _)| id.clone()).collect();
        let id = ids.get(self.dice.below(ids.len()))?;
        self.seen[id].last().map(|(_, deal)| deal.clone())
    }

    async fn step(&mut self) {
        let minutes = [1, 7, 45, 300, 1_500, 9_000][self.dice.below(6)] + self.dice.below(50) as i64;
        self.clock.fetch_add(minutes * 60_000, Ordering::Relaxed);
        if self.dice.below(3) > 0 {
            while worker::fire_next(&self.t.app, "history", self.t.app.now()).await.unwrap() {}
            self.look().await;
        }
        // A change of its own has a moment of its own.
        self.clock.fetch_add(1_000, Ordering::Relaxed);
        let (app, manager) = (self.t.app.clone(), self.manager.clone());
        let choice = self.dice.below(16);
        let Some(d) = self.any().filter(|_| choice > 2) else {
            let side = self.dice.below(2);
            let customer = format!("history{}", self.dice.below(8));
            if let Ok(done) = deal::register(&app, &self.sellers[side], &self.t.input(&customer)).await
                && let Some(deal) = done.deal
            {
                self.note(Ok(deal)).await;
            }
            self.look().await;
            return;
        };
        let own = self.sellers.iter().find(|s| s.partner_id.as_ref() == Some(&d.partner_id)).cloned().unwrap();
        let (id, v) = (d.id.as_str(), d.version);
        let done = match choice {
            3 => deal::request_info(&app, &manager, id, v, "Who decides?").await,
            4 => deal::provide_info(&app, &own, id, v, "The board").await,
            5 | 6 => deal::approve(&app, &manager, id, v, None).await,
            7 => deal::ask_vendor(&app, &own, id, v, "Who joins?").await,
            8 => deal::answer_partner(&app, &manager, id, v, "I do").await,
            9 if self.dice.below(3) == 0 => deal::withdraw(&app, &own, id, v, None).await,
            10 if self.dice.below(2) == 0 => deal::release(&app, &manager, id, v, "The CIO", "A letter").await,
            11 => deal::move_stage(&app, &own, id, v, if self.dice.below(5) == 0 { "won" } else { "qualifying" }, None).await,
            12 if self.dice.below(2) == 0 => deal::reject(&app, &manager, id, v, "Too early", None).await,
            13 => {
                let noted = deal::add_note(&app, &manager, id, "Internal", Visibility::Internal, None).await;
                noted.map_err(|_| Refused::Refused(DealError::NotFound))
            }
            _ => {
                self.dispute(&d, &own).await;
                return;
            }
        };
        self.note(done).await;
        // Whoever's claim had run out gave way to an approval.
        self.look().await;
    }

    /// A dispute about the deal that is decided at once, for the one who complains as far as that can be.
    async fn dispute(&mut self, d: &Deal, own: &Actor) {
        let input = OpenInput { deal_id: Some(d.id.to_string()), statement: "We were first".into(), ..OpenInput::default() };
        let Ok(opened) = dispute::open(&self.t.app, own, &input).await else { return };
        let id = opened.id.to_string();
        // Who decided an earlier dispute about one of the deals is no longer neutral.
        let candidates = dispute::candidates(&self.t.app, &self.manager, &opened).await.unwrap();
        let neutral = self.arbiters.iter().find(|a| candidates.iter().any(|c| c.user.id == a.user_id && c.tie.is_none())).cloned();
        let Some(arbiter) = neutral else {
            dispute::withdraw(&self.t.app, own, &id, opened.version_for(Side::Complainant), None).await.unwrap();
            return;
        };
        let named = dispute::name_arbiter(&self.t.app, &arbiter, &id, opened.version, arbiter.user_id.as_str()).await.unwrap();
        self.clock.fetch_add(1_000, Ordering::Relaxed);
        if dispute::decide(&self.t.app, &arbiter, &id, named.version, Outcome::Transfer, "They were first").await.is_err() {
            dispute::decide(&self.t.app, &arbiter, &id, named.version, Outcome::Uphold, "It stands").await.unwrap();
        } else {
            self.transferred += 1;
        }
        self.look().await;
    }

    async fn claims_hold(&self) {
        let mut held = BTreeMap::new();
        for states in self.seen.values() {
            let Some((_, d)) = states.last() else { continue };
            if d.status == RegistrationStatus::Approved && d.stage_category == StageCategory::Open {
                for key in d.claim_keys() {
                    let other = held.insert(key, d.id.clone());
                    assert!(other.is_none(), "{other:?} and {} hold the same", d.id);
                }
            }
        }
    }

    /// Every moment of every deal, right at it, right before it and between.
    async fn moments_hold(&self) -> usize {
        let mut looked = 0;
        for (id, states) in &self.seen {
            for (n, (at, _)) in states.iter().enumerate() {
                let before = at.checked_sub(jiff::SignedDuration::from_millis(1)).unwrap();
                for moment in [*at, before] {
                    let was = states.iter().rev().find(|(when, _)| *when <= moment).map(|(_, d)| d.clone());
                    let then = deal::as_of(&self.t.app, &self.manager, id.as_str(), moment).await.unwrap();
                    assert_eq!(then, was, "{id} at {moment}, change {n}");
                    looked += 1;
                }
            }
        }
        looked
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_moment_reads_back_through_the_database() {
    let seed = std::env::var("ENTENTE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_261_121_u64);
    let clock = Arc::new(AtomicI64::new("2026-11-02T08:00:00Z".parse::<Timestamp>().unwrap().as_millisecond()));
    let t = TestApp::with_clock(false, Clock::Set(clock.clone())).await;
    let sellers = [t.person(Role::PartnerAdmin, Some(0)).await, t.person(Role::PartnerAdmin, Some(1)).await];
    let manager = t.person(Role::ChannelManager, None).await;
    let mut arbiters = Vec::new();
    for _ in 0..6 {
        arbiters.push(t.person(Role::ChannelManager, None).await);
    }
    t.app.forget_routing();
    let mut history = History { t, clock, dice: Dice(seed), sellers, manager, arbiters, seen: BTreeMap::new(), changes: 0, transferred: 0 };
    let ran = async {
        for _ in 0..STEPS {
            history.step().await;
            history.claims_hold().await;
        }
        history.moments_hold().await
    };
    let looked = ran.await;
    println!(
        "ENTENTE_SEED={seed}: {STEPS} steps, {} deals, {} changes, {} transfers, {looked} moments",
        history.seen.len(),
        history.changes,
        history.transferred
    );
    assert!(history.changes > STEPS / 4 && history.transferred > 0, "the history came to little: {}", history.changes);
    history.t.end().await;
}
