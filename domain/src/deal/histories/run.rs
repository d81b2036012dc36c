//! One history: what happens in it by the dice, and what must hold after every step.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use super::customers::{any, is_same};
use super::dice::Dice;
use super::fold::{Said, fold};
use super::memory::{Lost, Memory};
use crate::calendar::BusinessCalendar;
use crate::customer::Customer;
use crate::deal::claim::{self, Claim};
use crate::deal::evidence::MoreEvidence;
use crate::deal::protection::{ExtensionRule, NO_END, ProtectionTerms};
use crate::deal::register::{Draft, RegisterFacts, register};
use crate::deal::stage::StageMove;
use crate::deal::update::DealUpdate;
use crate::deal::{
    Cause, Deal, DealError, Decision, RegistrationStatus, arbitrate, as_of, deadline, decide, evidence, expire, note, protection, stage, tests,
    update,
};
use crate::event::{EventActor, Visibility};
use crate::id::{CustomerId, DealId, EventId, PartnerId, UserId};
use crate::money::Money;
use crate::policy::Actor;
use crate::program::{Program, StageCategory};
use crate::rules::Evidence;
use crate::rules::terms::Terms;
use crate::timer::TimerKind;
use crate::user::Role;

/// How often what happened, in all histories together.
#[derive(Debug, Default)]
pub struct Tally {
    pub steps: u64,
    pub refused: u64,
    pub approved: u64,
    pub rejected: u64,
    pub asked: u64,
    pub answered: u64,
    pub extended: u64,
    pub expired: u64,
    pub inactive: u64,
    pub released: u64,
    pub withdrawn: u64,
    pub transferred: u64,
    pub missed: u64,
    pub stale: u64,
    pub taken: u64,
    pub events: u64,
    pub moments: u64,
}

impl Tally {
    pub fn add(&mut self, o: &Self) {
        for (sum, more) in [
            (&mut self.steps, o.steps),
            (&mut self.refused, o.refused),
            (&mut self.approved, o.approved),
            (&mut self.rejected, o.rejected),
            (&mut self.asked, o.asked),
            (&mut self.answered, o.answered),
            (&mut self.extended, o.extended),
            (&mut self.expired, o.expired),
            (&mut self.inactive, o.inactive),
            (&mut self.released, o.released),
            (&mut self.withdrawn, o.withdrawn),
            (&mut self.transferred, o.transferred),
            (&mut self.missed, o.missed),
            (&mut self.stale, o.stale),
            (&mut self.taken, o.taken),
            (&mut self.events, o.events),
            (&mut self.moments, o.moments),
        ] {
            *sum += more;
        }
    }
}

pub struct Run {
    dice: Dice,
    store: Memory,
    program: Program,
    said: Said,
    now: Timestamp,
    ids: u128,
    /// What each deal was after every write, as the one who wrote it saw it.
    seen: Vec<(Timestamp, Deal)>,
    /// Deals as somebody read them a while ago.
    read: Vec<Deal>,
    pub tally: Tally,
}

const PARTNERS: u128 = 3;

fn partner(n: u128) -> PartnerId {
    PartnerId::new(Ulid::from_parts(2, n))
}

fn seller(of: &PartnerId) -> Actor {
    let user = UserId::new(Ulid::from_parts(7, 1));
    Actor { user_id: user, name: "Seller".into(), roles: vec![Role::PartnerAdmin], partner_id: Some(of.clone()), api_key: None }
}

fn vendor() -> Actor {
    Actor { user_id: UserId::new(Ulid::from_parts(7, 2)), name: "Vendor".into(), roles: vec![Role::Admin], partner_id: None, api_key: None }
}

impl Run {
    pub fn new(mut dice: Dice) -> Self {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let holiday = jiff::civil::date(2026, 11, 18);
        let said = Said {
            zone,
            holiday,
            decision_hours: *dice.one(&[1, 8, 16, 40]).unwrap(),
            protection_days: *dice.one(&[10, 30, 90]).unwrap(),
            extension_days: *dice.one(&[7, 30]).unwrap(),
            inactivity_days: *dice.one(&[0, 0, 12, 60]).unwrap(),
            reminder_days: vec![14, 7, 1],
        };
        let mut program = tests::program();
        program.calendar = BusinessCalendar::weekly(
            "Europe/Berlin".into(),
            &[1, 2, 3, 4, 5],
            (jiff::civil::time(9, 0, 0, 0), jiff::civil::time(17, 0, 0, 0)),
            vec![holiday],
        );
        program.rules.protection = ProtectionTerms {
            extension: *dice.one(&[ExtensionRule::Off, ExtensionRule::Once, ExtensionRule::Unlimited]).unwrap(),
            extension_days: said.extension_days,
            inactivity_days: said.inactivity_days,
            reminder_days: said.reminder_days.clone(),
        };
        if dice.percent(50) {
            program.rules.deadline.escalation = Some(deadline::Escalation { after_hours: 4, to: None });
        }
        let now = tests::at(0).checked_add(SignedDuration::from_secs(dice.between(0, 5 * 86_400))).unwrap();
        Self { dice, store: Memory::default(), program, said, now, ids: 0, seen: Vec::new(), read: Vec::new(), tally: Tally::default() }
    }

    fn cause(&mut self, actor: &Actor) -> Cause {
        // Room for the events that follow the first one of a decision.
        self.ids += 16;
        Cause::by(actor, self.now, EventId::new(Ulid::from_parts(u64::try_from(self.now.as_millisecond()).unwrap(), self.ids)))
    }

    fn clock(&mut self) -> Cause {
        Cause { actor: EventActor { user_id: None, name: "Entente".into() }, ..self.cause(&vendor()) }
    }

    /// Moves the clock, lets timers fire or be late, and does one thing.
    pub fn step(&mut self) {
        self.tally.steps += 1;
        let seconds = match self.dice.below(10) {
            0..=3 => self.dice.between(0, 900),
            4..=7 => self.dice.between(600, 86_400),
            _ => self.dice.between(86_400, 14 * 86_400),
        };
        self.now = self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap();
        if self.dice.percent(60) {
            self.fire_all();
        }
        let ids: Vec<DealId> = self.store.deals.keys().cloned().collect();
        if ids.len() < 4 || self.dice.percent(12) {
            self.register();
        } else if self.dice.percent(8) {
            self.dispute(&ids);
        } else if let Some(id) = self.dice.one(&ids).cloned() {
            // Now and then on what somebody read a while ago.
            let old = self.read.iter().find(|d| d.id == id).cloned();
            let deal = old.filter(|_| self.dice.percent(15)).unwrap_or_else(|| self.store.deals[&id].clone());
            self.act(&deal);
        }
        if self.dice.percent(20)
            && let Some(id) = self.dice.one(&ids).cloned()
        {
            let deal = self.store.deals[&id].clone();
            self.read.retain(|d| d.id != id);
            self.read.push(deal);
        }
        self.claims_hold();
        if self.dice.percent(25) {
            self.a_moment_reads_back();
        }
    }

    /// Everything that is due fires, and then every deal at every one of its moments is looked at.
    pub fn finish(&mut self) {
        self.fire_all();
        self.claims_hold();
        for n in 0..self.seen.len() {
            let (at, deal) = self.seen[n].clone();
            self.reads_back(&deal.id, at);
        }
        self.tally.events = self.store.log.len() as u64;
    }

    fn commit(&mut self, decisions: &[Decision]) -> Result<(), Lost> {
        let done = self.store.commit(decisions);
        match done {
            Err(Lost::Stale) => self.tally.stale += 1,
            Err(Lost::Taken) => self.tally.taken += 1,
            Ok(()) => {
                for d in decisions {
                    let deal = self.store.deals[&d.deal.id].clone();
                    self.clocks_hold(&deal);
                    self.seen.push((self.now, deal));
                }
            }
        }
        done
    }

    fn decided(&mut self, decision: Result<Decision, DealError>) -> bool {
        match decision {
            Err(_) => {
                self.tally.refused += 1;
                false
            }
            Ok(decision) => {
                self.expire_stale(&decision);
                self.commit(&[decision]).is_ok()
            }
        }
    }

    /// Claims whose time is over do not stand in the way, even when their timer is late; as the use case does it.
    fn expire_stale(&mut self, decision: &Decision) {
        let (now, own) = (self.now, &decision.deal.id);
        let stale = |c: &&Claim| c.protected_until <= now && c.deal_id != *own;
        let holders: BTreeSet<DealId> = decision
            .take
            .iter()
            .flat_map(Claim::keys)
            .filter_map(|key| self.store.claims.get(&key))
            .filter(stale)
            .map(|c| c.deal_id.clone())
            .collect();
        for id in holders {
            let cause = self.clock();
            if let Some(expired) = expire::expire(&self.store.deals[&id].clone(), cause) {
                self.commit(&[expired]).unwrap();
                self.tally.expired += 1;
            }
        }
    }

    fn register(&mut self) {
        let own = partner(self.dice.below(PARTNERS as usize) as u128 + 1);
        let customer = any(&mut self.dice, &own, CustomerId::new(Ulid::from_parts(5, self.ids)));
        let products: Vec<_> = self.program.products.iter().take(2).map(|p| p.id.clone()).collect();
        let wanted = match self.dice.below(3) {
            2 => products.clone(),
            n => vec![products[n].clone()],
        };
        let held = claim::keys(&customer.key, &customer.name_key, wanted.iter())
            .iter()
            .any(|key| self.store.claims.get(key).is_some_and(|c| c.partner_id != own));
        let mine = self
            .store
            .deals
            .values()
            .any(|d| d.partner_id == own && d.is_open() && is_same(d, &customer) && d.product_ids.iter().any(|p| wanted.contains(p)));
        // The verdict would be blocked.
        if held || mine {
            self.tally.refused += 1;
            return;
        }
        let registered = self.registration(customer, wanted);
        self.commit(&[registered]).unwrap();
    }

    fn registration(&mut self, customer: Customer, products: Vec<crate::id::ProductId>) -> Decision {
        let own = customer.partner_id.clone();
        let value = Money { amount: 20_000.into(), currency: self.program.currency.clone() };
        let draft = Draft {
            title: "A deal".into(),
            customer_name: customer.name.clone(),
            customer_host: None,
            customer_country: Some("DE".into()),
            product_ids: products,
            included: Vec::new(),
            value,
            rate: 1.into(),
            expected_close_on: jiff::civil::date(2030, 1, 1),
            next_step: None,
            evidence: Evidence::default(),
        };
        let seller = seller(&own);
        let cause = self.cause(&seller);
        let facts = RegisterFacts {
            program: &self.program,
            zone: &self.said.zone,
            id: DealId::new(Ulid::from_parts(6, self.ids)),
            number: format!("D-{}", self.ids),
            partner_id: own,
            customer,
            manager_id: None,
            territory: None,
            terms: Terms { decision_hours: self.said.decision_hours, protection_days: self.said.protection_days },
        };
        register(draft, facts, &seller.user_id, cause).unwrap()
    }

    /// Something to a deal as it was read; whoever may do it, mostly something that fits.
    fn act(&mut self, d: &Deal) {
        let (own, us, v) = (seller(&d.partner_id), vendor(), d.version);
        let (program, zone) = (self.program.clone(), self.said.zone.clone());
        let today = self.now.to_zoned(zone.clone()).date();
        let actor = if self.dice.percent(50) { &own } else { &us };
        let cause = self.cause(actor);
        use RegistrationStatus::{Approved, InReview, InfoRequested, Submitted};
        let choice = match d.status {
            Submitted | InReview => *self.dice.one(&[0, 0, 1, 1, 1, 1, 2, 4, 10, 11, 12]).unwrap(),
            InfoRequested => *self.dice.one(&[3, 3, 3, 4, 0, 11]).unwrap(),
            Approved => *self.dice.one(&[5, 5, 6, 6, 6, 7, 7, 8, 8, 8, 9, 13, 13, 4, 10, 11, 12]).unwrap(),
            _ => self.dice.between(0, 13),
        };
        let by = |actor: &Actor| Cause { actor: EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() }, ..cause.clone() };
        let decision = match choice {
            0 => decide::request_info(d, &us, v, "Who decides?", &program, &zone, by(&us)),
            1 => decide::approve(d, &us, v, None, &program, by(&us)),
            2 => decide::reject(d, &us, v, "Too early", by(&us)),
            3 => decide::provide_info(d, &own, v, "The board", &program, &zone, by(&own)),
            4 => decide::withdraw(d, &own, v, None, by(&own)),
            5 => protection::ask_vendor(d, &own, v, "Who joins?", by(&own)),
            6 => protection::answer_partner(d, &us, v, "I do", by(&us)),
            7 => protection::request_extension(d, &own, v, "The tender moved", by(&own)),
            8 => {
                let granted = self.dice.percent(60);
                protection::decide_extension(d, &us, v, granted, Some("Seen"), by(&us))
            }
            9 if self.dice.percent(30) => protection::release(d, &us, v, "The CIO", "A letter", by(&us)),
            10 => note::add_note(d, &own, "A note", Visibility::Shared, by(&own)),
            11 => {
                let more = MoreEvidence { budget: Some(format!("{} k", self.ids)), ..MoreEvidence::default() };
                evidence::add(d, &own, v, more, today, by(&own))
            }
            12 => {
                let new = DealUpdate { title: Some(format!("Title {}", self.ids)), ..DealUpdate::default() };
                update::update(d, &own, v, &new, today, by(&own))
            }
            _ => {
                let to = *self.dice.one(&["talk", "new", "talk", "new", "won", "lost"]).unwrap();
                stage::move_stage(d, &own, v, StageMove { stage: to, note: None }, &program, today, by(&own))
            }
        };
        if self.decided(decision) {
            let counter = match choice {
                0 => &mut self.tally.asked,
                1 => &mut self.tally.approved,
                2 => &mut self.tally.rejected,
                3 => &mut self.tally.answered,
                4 => &mut self.tally.withdrawn,
                8 => &mut self.tally.extended,
                9 => &mut self.tally.released,
                _ => return,
            };
            *counter += 1;
        }
    }

    /// A dispute is decided for one deal against another that has the same customer, or against nobody.
    fn dispute(&mut self, ids: &[DealId]) {
        let Some(id) = self.dice.one(ids).cloned() else { return };
        let wins = self.store.deals[&id].clone();
        let Some(customer) = wins.customer.clone() else { return };
        let other = |d: &&Deal| d.partner_id != wins.partner_id && is_same(d, &customer) && arbitrate::can_give_up(d);
        let rival = self.store.deals.values().find(other).cloned();
        let mut writes = Vec::new();
        if let Some(rival) = rival {
            let cause = self.cause(&vendor());
            writes.push(arbitrate::give_up(&rival, "S-1", "The other was first", &cause).unwrap());
        }
        let cause = self.cause(&vendor());
        let awarded = if self.dice.percent(30) {
            // As for a registration that the verdict had kept out.
            let own = partner(self.dice.below(PARTNERS as usize) as u128 + 1);
            let id = CustomerId::new(Ulid::from_parts(5, self.ids));
            let registered = self.registration(Customer { id, partner_id: own, ..customer }, wins.product_ids.clone());
            let follows = Cause { event_id: registered.events[0].id.clone(), ..cause };
            arbitrate::award_new(registered, "S-1", "They were first", &self.program, &follows)
        } else {
            arbitrate::award(&wins, "S-1", "They were first", &self.program, &cause)
        };
        match awarded {
            Err(_) => self.tally.refused += 1,
            Ok(awarded) => {
                self.expire_stale(&awarded);
                writes.push(awarded);
                if self.commit(&writes).is_ok() {
                    self.tally.transferred += 1;
                }
            }
        }
    }

    /// Every timer that is due, the earliest first, until none is.
    fn fire_all(&mut self) {
        for _ in 0..10_000 {
            let now = self.now;
            // A reminder of what has ended meanwhile does nothing and is gone; the end is what fires.
            let wanted = |d: &Deal, kind: TimerKind| kind != TimerKind::ProtectionReminder || d.protection_ends_at().is_none_or(|end| end > now);
            let timers = self.store.deals.values().flat_map(|d| d.timers().into_iter().map(move |t| (t, d)));
            let due = timers.filter(|(t, d)| wanted(d, t.kind)).map(|(t, d)| (t.at, t.kind, d.id.clone()));
            let Some((_, kind, id)) = due.filter(|(at, ..)| *at <= now).min() else { return };
            let (deal, cause) = (self.store.deals[&id].clone(), self.clock());
            let fired = match kind {
                TimerKind::ProtectionEnd | TimerKind::ProtectionInactive => expire::expire(&deal, cause),
                TimerKind::ProtectionReminder => protection::remind(&deal, cause),
                _ => deadline::fire(&deal, kind, None, &cause),
            };
            let fired = fired.unwrap_or_else(|| panic!("{kind:?} is due and does nothing: {deal:?}"));
            match kind {
                TimerKind::ProtectionEnd => self.tally.expired += 1,
                TimerKind::ProtectionInactive => self.tally.inactive += 1,
                TimerKind::DecisionDeadline => self.tally.missed += 1,
                _ => {}
            }
            self.commit(&[fired]).unwrap();
        }
        panic!("timers fire without end");
    }

    /// Every clock of the deal is the one that the events give.
    fn clocks_hold(&self, deal: &Deal) {
        let events = self.store.events(&deal.id);
        let c = fold(&events, &self.said);
        let is = (deal.status.name(), deal.stage_category == StageCategory::Open, deal.decision_due_at, deal.paused_minutes);
        assert_eq!(is, (c.status, c.open, c.due, c.paused_minutes), "{events:#?}");
        let is = (deal.protected_until, deal.protection.left_ms, deal.protection.extensions, deal.deadline.missed.map(|m| m.due_at));
        let extensions = if c.protected_until.is_some() || c.left_ms.is_some() { c.extensions } else { deal.protection.extensions };
        assert_eq!(is, (c.protected_until, c.left_ms, extensions, c.missed), "{events:#?}");
        assert_eq!(deal.reminder_at(), c.reminder, "{events:#?}");
    }

    /// No two approved deals hold one customer and product, and what is held is what is approved.
    fn claims_hold(&self) {
        let mut held = BTreeMap::new();
        for deal in self.store.deals.values().filter(|d| d.status == RegistrationStatus::Approved && d.stage_category == StageCategory::Open) {
            for key in deal.claim_keys() {
                let until = deal.protected_until.unwrap_or(NO_END);
                let other = held.insert(key, (deal.id.clone(), until));
                assert!(other.is_none(), "two approved deals hold the same: {other:?} and {deal:?}");
            }
        }
        let claims: BTreeMap<_, _> = self.store.claims.iter().map(|(k, c)| (k.clone(), (c.deal_id.clone(), c.protected_until))).collect();
        assert_eq!(claims, held);
    }

    fn a_moment_reads_back(&mut self) {
        let ids: Vec<DealId> = self.store.deals.keys().cloned().collect();
        let Some(id) = self.dice.one(&ids).cloned() else { return };
        let first = self.store.deals[&id].created_at;
        let span = self.now.as_second() - first.as_second();
        let at = first.checked_add(SignedDuration::from_secs(self.dice.between(-60, span.max(0)))).unwrap();
        self.reads_back(&id, at);
    }

    /// What the store answers for a moment is what whoever wrote last before then saw; and the way back from today, which deals
    /// from before states were kept still need, comes to the same registration and clocks.
    fn reads_back(&mut self, id: &DealId, at: Timestamp) {
        self.tally.moments += 1;
        let was = self.seen.iter().rev().find(|(when, d)| d.id == *id && *when <= at).map(|(_, d)| d.clone());
        assert_eq!(self.store.as_of(id, at), was, "{id} at {at}");
        let mut events = self.store.events(id);
        events.reverse();
        let rewound = as_of::as_of(&self.store.deals[id], &events, &self.program, &self.said.zone, at);
        let protection = |d: &Deal| (d.protected_until, d.protection.left_ms, d.inactive_at(), d.reminder_at());
        let clocks = |d: &Deal| (d.status, d.version, d.decision_due_at, d.paused_minutes, protection(d), d.title.clone());
        assert_eq!(rewound.as_ref().map(clocks), was.as_ref().map(clocks), "rewound, {id} at {at}: {events:#?}");
    }
}
