//! The vendor's clock: what it does when, once each, and as the events say it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ulid::Ulid;

use super::as_of::as_of;
use super::deadline::{ClockState, DeadlineTerms, Escalation, Fired, fire};
use super::tests::{at, cause, manager, program, registration, seller};
use super::{Cause, Deal, Decision, RegistrationStatus, decide};
use crate::event::{Event, EventActor, EventKind};
use crate::id::{EventId, UserId};
use crate::program::Program;
use crate::record::reason::{RejectionReason, with_reason};
use crate::routing::steps::Handing;
use crate::timer::TimerKind;

/// 16 business hours of eight a day, a warning after 12 of them, and four hours after the deadline the next owner.
fn rules() -> Program {
    let mut program = program();
    program.rules.deadline = DeadlineTerms { warn_percent: 75, escalation: Some(Escalation { after_hours: 4, to: None }) };
    program
}

fn started() -> Decision {
    let mut made = registration();
    let (now, program) = (made.deal.created_at, rules());
    made.deal.deadline = Default::default();
    super::deadline::start(&mut made.deal, &program, &TimeZone::UTC, now, 16 * 60).unwrap();
    made
}

/// What a timer does so many hours after the registration; every event has an id of its own, in the order of time.
fn clock(hours: i64, n: u128) -> Cause {
    let actor = EventActor { user_id: None, name: "Entente".into() };
    Cause { actor, now: at(hours), event_id: EventId::new(Ulid::from_parts(3, (hours as u128) * 1_000 + n)), covers: Vec::new() }
}

fn dues(deal: &Deal) -> Vec<(TimerKind, Timestamp)> {
    deal.timers().into_iter().map(|d| (d.kind, d.at)).collect()
}

#[test]
fn each_moment_of_the_clock_has_its_timer() {
    let deal = started().deal;
    // Monday 09:00: the deadline is Tuesday 17:00, the warning Tuesday 13:00, the escalation Wednesday 13:00.
    let wanted = [(TimerKind::DecisionWarning, at(28)), (TimerKind::DecisionDeadline, at(32)), (TimerKind::DecisionEscalation, at(52))];
    assert_eq!(dues(&deal), wanted);
    let states = [at(27), at(28), at(32)].map(|now| deal.clock_state(now));
    assert_eq!(states, [ClockState::OnTime, ClockState::AtRisk, ClockState::Breached].map(Some));
}

#[test]
fn a_timer_fires_once_and_says_when_it_was_due() {
    let deal = started().deal;
    assert_eq!(fire(&deal, TimerKind::DecisionDeadline, None, &clock(31, 0)), None, "not yet due");
    let warned = fire(&deal, TimerKind::DecisionWarning, None, &clock(30, 0)).unwrap();
    assert_eq!(warned.deal.deadline.warned, Some(Fired { due_at: at(28), at: at(30) }), "due at 28, seen at 30");
    let event = &warned.events[0];
    assert_eq!((event.kind, event.occurred_at), (EventKind::DealAtRisk, at(30)));
    assert_eq!(event.changes[0].after.as_deref(), Some(at(28).to_string().as_str()));
    assert_eq!(fire(&warned.deal, TimerKind::DecisionWarning, None, &clock(30, 1)), None, "a second time");
    let missed = fire(&warned.deal, TimerKind::DecisionDeadline, None, &clock(33, 0)).unwrap();
    assert_eq!(fire(&missed.deal, TimerKind::DecisionDeadline, None, &clock(33, 1)), None, "a second time");
    assert_eq!(dues(&missed.deal), [(TimerKind::DecisionEscalation, at(52))]);
}

#[test]
fn what_is_late_goes_to_the_next_owner() {
    let deal = fire(&started().deal, TimerKind::DecisionDeadline, None, &clock(33, 0)).unwrap().deal;
    let next = UserId::new(Ulid::from_parts(9, 9));
    let handing = Handing { to: &next, to_name: "Next", from_name: None, able: true };
    let escalated = fire(&deal, TimerKind::DecisionEscalation, Some(handing), &clock(52, 0)).unwrap();
    let kinds: Vec<EventKind> = escalated.events.iter().map(|e| e.kind).collect();
    assert_eq!(kinds, [EventKind::DealEscalated, EventKind::DealRerouted, EventKind::DealNoteAdded]);
    let mut ids: Vec<&str> = escalated.events.iter().map(|e| e.id.as_str()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 3, "an id for each event");
    assert_eq!((escalated.deal.manager_id.as_ref(), escalated.deal.clock_state(at(52))), (Some(&next), Some(ClockState::Escalated)));
    assert!(dues(&escalated.deal).is_empty());
    // With nobody left to take over, the timeline still says so.
    let alone = fire(&deal, TimerKind::DecisionEscalation, None, &clock(52, 0)).unwrap();
    assert_eq!((alone.events.len(), alone.deal.manager_id), (1, deal.manager_id));
}

#[test]
fn the_clock_stands_still_while_the_partner_owes_an_answer() {
    let (program, zone) = (rules(), TimeZone::UTC);
    let deal = started().deal;
    // Asked on Monday at 13:00 with twelve hours left, eight of them without risk; answered on Wednesday at 09:00.
    let asked = decide::request_info(&deal, &manager(), deal.version, "Who?", &program, &zone, cause(&manager(), 4)).unwrap().deal;
    assert!(dues(&asked).is_empty(), "nothing runs");
    assert_eq!((asked.paused_minutes, asked.clock_state(at(500))), (Some(12 * 60), Some(ClockState::OnTime)));
    let answered = decide::provide_info(&asked, &seller(), asked.version, "Jane", &program, &zone, cause(&seller(), 48)).unwrap().deal;
    let wanted = [(TimerKind::DecisionWarning, at(56)), (TimerKind::DecisionDeadline, at(76)), (TimerKind::DecisionEscalation, at(80))];
    assert_eq!(dues(&answered), wanted);
}

#[test]
fn a_decision_after_the_deadline_is_late_also_when_no_timer_came() {
    let (program, deal) = (rules(), started().deal);
    let late = decide::approve(&deal, &manager(), deal.version, None, &program, cause(&manager(), 40)).unwrap();
    let kinds: Vec<EventKind> = late.events.iter().map(|e| e.kind).collect();
    assert_eq!(kinds, [EventKind::DealDeadlineMissed, EventKind::DealApproved]);
    assert!(late.events[0].id < late.events[1].id);
    assert_eq!(late.deal.deadline.missed, Some(Fired { due_at: at(32), at: at(40) }));
    assert_eq!(late.deal.clock_state(at(41)), Some(ClockState::Breached));
    let in_time = decide::approve(&deal, &manager(), deal.version, None, &program, cause(&manager(), 30)).unwrap();
    assert_eq!((in_time.events.len(), in_time.deal.clock_state(at(400))), (1, Some(ClockState::OnTime)));
    assert!(dues(&in_time.deal).iter().all(|(kind, _)| *kind == TimerKind::ProtectionEnd));
}

#[test]
fn every_moment_shows_the_clock_of_that_moment() {
    let (program, zone) = (rules(), TimeZone::UTC);
    let mut steps = vec![started()];
    let now = |steps: &[Decision]| steps.last().unwrap().deal.clone();
    let next = UserId::new(Ulid::from_parts(9, 9));
    let d = now(&steps);
    steps.push(decide::request_info(&d, &manager(), d.version, "Who?", &program, &zone, cause(&manager(), 4)).unwrap());
    let d = now(&steps);
    steps.push(decide::provide_info(&d, &seller(), d.version, "Jane", &program, &zone, cause(&seller(), 48)).unwrap());
    for (kind, hours) in [(TimerKind::DecisionWarning, 57), (TimerKind::DecisionDeadline, 76), (TimerKind::DecisionEscalation, 90)] {
        let handing = Handing { to: &next, to_name: "Next", from_name: None, able: true };
        steps.push(fire(&now(&steps), kind, Some(handing), &clock(hours, 0)).unwrap());
    }
    let d = now(&steps);
    let rejected = decide::reject(&d, &manager(), d.version, "No proof", cause(&manager(), 100_000)).unwrap();
    steps.push(with_reason(rejected, Some(RejectionReason::EvidenceMissing)));
    let today = now(&steps);
    assert_eq!(today.status, RegistrationStatus::Rejected);
    let events: Vec<Event> = steps.iter().rev().flat_map(|s| s.events.iter().rev().cloned()).collect();
    for step in &steps {
        let moment = step.deal.updated_at;
        assert_eq!(as_of(&today, &events, &program, &zone, moment), Some(step.deal.clone()), "{moment}");
    }
}
