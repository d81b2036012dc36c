//! A deal as it was: today's deal with everything taken back that happened since, by the events that tell of it.
//!
//! Fields that events name (status, stage, title, next step, close date) are exact. Clocks and protection are computed again
//! from the events that had happened by then, with the rules that the deal was judged under.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Deal, DealSource, RegistrationStatus, deadline, decide, evidence, protection};
use crate::event::{Event, EventKind, Subject};
use crate::program::{Program, StageCategory};

const STATUSES: [RegistrationStatus; 9] = [
    RegistrationStatus::Draft,
    RegistrationStatus::Submitted,
    RegistrationStatus::InReview,
    RegistrationStatus::InfoRequested,
    RegistrationStatus::Approved,
    RegistrationStatus::Rejected,
    RegistrationStatus::Withdrawn,
    RegistrationStatus::Expired,
    RegistrationStatus::Released,
];

/// The deal at that moment, or none when it was not there yet. `events` are all of the deal's events, newest first.
pub fn as_of(deal: &Deal, events: &[Event], program: &Program, zone: &TimeZone, at: Timestamp) -> Option<Deal> {
    let since = events.iter().take_while(|e| e.occurred_at > at).count();
    let (undone, kept) = events.split_at(since);
    if deal.created_at > at && kept.is_empty() {
        return None;
    }
    // A note leaves the deal as it is.
    if undone.iter().all(|e| !e.kind.changes_deal()) {
        return Some(deal.clone());
    }
    let mut then = deal.clone();
    for event in undone {
        take_back(&mut then, event, program);
    }
    if then.stage_category == StageCategory::Open {
        then.closed_on = None;
    }
    let last = kept.iter().find(|e| e.kind.changes_deal());
    then.version = last.map_or(1, version);
    then.updated_at = last.map_or(deal.created_at, |e| e.occurred_at);
    decided(&mut then, kept, program, zone);
    then.record.take_back(undone, kept);
    Some(then)
}

fn version(event: &Event) -> i32 {
    match &event.subject {
        Subject::Deal { version, .. } => *version,
        _ => 1,
    }
}

/// Puts back what one event changed.
fn take_back(deal: &mut Deal, event: &Event, program: &Program) {
    crate::routing::steps::take_back(deal, event);
    for change in &event.changes {
        let before = change.before.clone();
        match change.field.as_str() {
            "title" => deal.title = before.unwrap_or_default(),
            "nextStep" => deal.next_step = before,
            "expectedCloseOn" => deal.expected_close_on = before.and_then(|d| d.parse().ok()),
            "status" => {
                let was = STATUSES.into_iter().find(|s| Some(s.name()) == before.as_deref());
                deal.status = was.unwrap_or(deal.status);
            }
            "stage" => {
                if let Some(stage) = program.stages.iter().find(|s| Some(&s.name) == before.as_ref()) {
                    deal.stage.clone_from(&stage.key);
                    deal.stage_category = stage.category;
                }
            }
            "protectedUntil" => deal.protected_until = before.and_then(|t| t.parse().ok()),
            field => evidence::take_back(&mut deal.evidence, field, before, event.occurred_at),
        }
    }
}

/// What the decisions that had been made by then left behind: clock, question, reason, protection.
fn decided(deal: &mut Deal, kept: &[Event], program: &Program, zone: &TimeZone) {
    let deal_terms = deal.judged.terms;
    let last = |kinds: &[EventKind]| kept.iter().find(|e| kinds.contains(&e.kind));
    deadline::replay(deal, kept.iter().rev(), program, zone);
    if deal.status.is_pending() {
        deal.decided_at = None;
        deal.decision_reason = None;
        deal.protected_until = None;
        deal.protection = protection::Protection::default();
        return;
    }
    protection::replay(deal, kept, |now| {
        let until = decide::protection_end(program, deal_terms, now).ok()?;
        Some((program.rules.protection.clone(), until))
    });
    use EventKind::{DealApproved, DealExpired, DealInactive, DealRejected, DealReleased, DealWithdrawn};
    let Some(decision) = last(&[DealApproved, DealRejected, DealWithdrawn, DealExpired, DealInactive, DealReleased]) else {
        // An imported deal came in as it was; nobody decided on it here.
        if deal.source == DealSource::Registered {
            deal.decided_at = None;
        }
        return;
    };
    deal.decided_at = Some(decision.occurred_at);
    deal.decision_reason.clone_from(&decision.text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::BusinessCalendar;
    use crate::customer::Customer;
    use crate::deal::register::{Draft, RegisterFacts, register};
    use crate::deal::{Cause, Decision, stage};
    use crate::id::{CustomerId, DealId, EventId, PartnerId, ProductId, ProgramId, UserId};
    use crate::money::{Currency, Money};
    use crate::policy::Actor;
    use crate::program::{Rules, Stage};
    use crate::rules::Evidence;
    use crate::rules::terms::Terms;
    use crate::user::Role;
    use ulid::Ulid;

    fn program() -> Program {
        let stage = |key: &str, category| Stage { key: key.into(), name: key.to_uppercase(), category, probability: 10 };
        Program {
            id: ProgramId::new(Ulid::from_parts(1, 1)),
            version: 1,
            name: "P".into(),
            vendor: "V".into(),
            currency: Currency::parse("EUR").unwrap(),
            rates: Vec::new(),
            stages: vec![stage("new", StageCategory::Open), stage("offer", StageCategory::Open), stage("won", StageCategory::Won)],
            tiers: Vec::new(),
            partner_types: Vec::new(),
            territories: Vec::new(),
            verticals: Vec::new(),
            competencies: Vec::new(),
            products: Vec::new(),
            calendar: BusinessCalendar::weekly(
                "UTC".into(),
                &[1, 2, 3, 4, 5, 6, 7],
                (jiff::civil::time(0, 0, 0, 0), jiff::civil::time(23, 0, 0, 0)),
                Vec::new(),
            ),
            rules: Rules { version: 1, approval_business_hours: 10, protection_days: 90, minimum_value: 0.into(), ..Rules::default() },
            created_at: at(0),
        }
    }

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_700_006_400 + hour * 3_600).unwrap()
    }

    fn actor(role: Role, partner: Option<PartnerId>) -> Actor {
        Actor { user_id: UserId::new(Ulid::from_parts(1, 3)), name: "A".into(), roles: vec![role], partner_id: partner, api_key: None }
    }

    fn cause(actor: &Actor, hour: i64) -> Cause {
        Cause::by(actor, at(hour), EventId::new(Ulid::from_parts(hour.unsigned_abs(), 5)))
    }

    /// A registration that is asked about, answered, approved, moved and won, one step an hour; every deal on the way with
    /// the event that made it.
    fn history() -> (Program, Vec<Decision>) {
        let (program, zone) = (program(), TimeZone::UTC);
        let own = PartnerId::new(Ulid::from_parts(1, 2));
        let (partner, vendor) = (actor(Role::PartnerSales, Some(own.clone())), actor(Role::Admin, None));
        let value = Money { amount: 5.into(), currency: Currency::parse("EUR").unwrap() };
        let draft = Draft {
            title: "T".into(),
            customer_name: "C".into(),
            customer_host: None,
            customer_country: Some("DE".into()),
            product_ids: vec![ProductId::new(Ulid::from_parts(1, 4))],
            included: Vec::new(),
            value,
            rate: 1.into(),
            expected_close_on: jiff::civil::date(2030, 1, 1),
            next_step: None,
            evidence: Evidence::default(),
        };
        let customer = Customer {
            id: CustomerId::new(Ulid::from_parts(1, 6)),
            partner_id: own.clone(),
            name: "C".into(),
            domain: None,
            country: None,
            industry: None,
            parent: None,
            key: "k".into(),
            name_key: "k".into(),
        };
        let facts = RegisterFacts {
            program: &program,
            zone: &zone,
            id: DealId::new(Ulid::from_parts(1, 7)),
            number: "D-1".into(),
            partner_id: own,
            customer,
            manager_id: None,
            territory: None,
            terms: Terms { decision_hours: 10, protection_days: 90 },
        };
        let mut steps = vec![register(draft, facts, &partner.user_id, cause(&partner, 1)).unwrap()];
        let now = |steps: &[Decision]| steps.last().unwrap().deal.clone();
        let d = now(&steps);
        steps.push(decide::request_info(&d, &vendor, d.version, "Who?", &program, &zone, cause(&vendor, 2)).unwrap());
        let d = now(&steps);
        steps.push(decide::provide_info(&d, &partner, d.version, "Jane", &program, &zone, cause(&partner, 3)).unwrap());
        let d = now(&steps);
        steps.push(decide::approve(&d, &vendor, d.version, Some("go"), &program, cause(&vendor, 4)).unwrap());
        let d = now(&steps);
        let today = jiff::civil::date(2026, 1, 1);
        steps.push(
            stage::move_stage(&d, &partner, d.version, stage::StageMove { stage: "offer", note: None }, &program, today, cause(&partner, 5)).unwrap(),
        );
        let d = now(&steps);
        steps.push(
            stage::move_stage(&d, &partner, d.version, stage::StageMove { stage: "won", note: None }, &program, today, cause(&partner, 6)).unwrap(),
        );
        (program, steps)
    }

    #[test]
    fn every_moment_shows_the_deal_of_that_moment() {
        let (program, steps) = history();
        let today = steps.last().unwrap().deal.clone();
        let events: Vec<Event> = steps.iter().rev().flat_map(|s| s.events.clone()).collect();
        assert_eq!(as_of(&today, &events, &program, &TimeZone::UTC, at(0)), None);
        for (n, step) in steps.iter().enumerate() {
            let hour = i64::try_from(n).unwrap() + 1;
            assert_eq!(as_of(&today, &events, &program, &TimeZone::UTC, at(hour)), Some(step.deal.clone()), "hour {hour}");
        }
    }
}
