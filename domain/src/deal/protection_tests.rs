//! Protection told by example: how long it lasts, when it stands still, how it is extended, reminded of and ended.

use super::protection::{
    ExtensionRule, NO_END, ProtectionTerms, answer_partner, ask_vendor, decide_extension, release, remind, replay, request_extension,
};
use super::tests::{at, cause, clock, manager, program, registered, seller};
use super::*;
use crate::event::Visibility;
use crate::timer::TimerKind;

const DAY: i64 = 24;

fn terms(extension: ExtensionRule) -> ProtectionTerms {
    ProtectionTerms { extension, extension_days: 30, inactivity_days: 0, reminder_days: vec![30, 7, 1, 200] }
}

fn approved(terms: ProtectionTerms) -> Decision {
    let mut p = program();
    p.rules.protection = terms;
    decide::approve(&registered(), &manager(), 1, None, &p, cause(&manager(), 0)).unwrap()
}

#[test]
fn it_stands_still_while_the_vendor_owes_an_answer() {
    let deal = approved(terms(ExtensionRule::Off)).deal;
    let asked = ask_vendor(&deal, &seller(), 2, "Who joins the meeting?", cause(&seller(), 10 * DAY)).unwrap();
    assert!(asked.release_claims && asked.take.iter().all(|c| c.protected_until == NO_END), "claims are held without an end");
    let asked = asked.deal;
    assert_eq!((asked.protected_until, asked.protection.left_ms), (None, Some(80 * 24 * 3_600_000)));
    assert!(asked.timers().is_empty() && asked.is_protected());
    assert_eq!(ask_vendor(&asked, &seller(), 3, "And?", cause(&seller(), 11 * DAY)).unwrap_err(), DealError::QuestionOpen);
    assert_eq!(answer_partner(&asked, &seller(), 3, "x", cause(&seller(), 11 * DAY)).unwrap_err(), DealError::NotAllowed);
    let told = answer_partner(&asked, &manager(), 3, "I do", cause(&manager(), 25 * DAY)).unwrap();
    assert_eq!(told.deal.protected_until, Some(at(105 * DAY)), "fifteen days later than before");
    assert_eq!(told.take[0].protected_until, at(105 * DAY));
    assert_eq!(answer_partner(&told.deal, &manager(), 4, "again", cause(&manager(), 26 * DAY)).unwrap_err(), DealError::NothingPending);
}

#[test]
fn an_extension_is_asked_for_on_evidence_and_granted_once() {
    let deal = approved(terms(ExtensionRule::Once)).deal;
    let asked = request_extension(&deal, &seller(), 2, "The tender was moved", cause(&seller(), 60 * DAY)).unwrap().deal;
    assert_eq!(request_extension(&asked, &seller(), 3, "More", cause(&seller(), 61 * DAY)).unwrap_err(), DealError::ExtensionPending);
    assert_eq!(decide_extension(&asked, &manager(), 3, false, None, cause(&manager(), 61 * DAY)).unwrap_err(), DealError::Required { field: "note" });
    let granted = decide_extension(&asked, &manager(), 3, true, None, cause(&manager(), 62 * DAY)).unwrap();
    assert_eq!(granted.deal.protected_until, Some(at((90 + 2 + 30) * DAY)), "two days of waiting and thirty of extension");
    assert_eq!(granted.take[0].protected_until, at(122 * DAY), "the claims move in the same write");
    assert_eq!(request_extension(&granted.deal, &seller(), 4, "Again", cause(&seller(), 63 * DAY)).unwrap_err(), DealError::ExtensionNotAllowed);
    let declined = decide_extension(&asked, &manager(), 3, false, Some("No progress"), cause(&manager(), 62 * DAY)).unwrap().deal;
    assert_eq!(declined.protected_until, Some(at(92 * DAY)));
    assert!(declined.protection.can_extend(), "a decline uses nothing up");
}

#[test]
fn nothing_is_extended_that_is_off_or_has_ended() {
    let off = approved(terms(ExtensionRule::Off)).deal;
    assert_eq!(request_extension(&off, &seller(), 2, "x", cause(&seller(), 1)).unwrap_err(), DealError::ExtensionNotAllowed);
    let deal = approved(terms(ExtensionRule::Unlimited)).deal;
    let late = cause(&seller(), 90 * DAY);
    assert_eq!(request_extension(&deal, &seller(), 2, "x", late).unwrap_err(), DealError::NotProtected { status: "APPROVED" });
    let expired = expire::expire(&deal, clock(90 * DAY)).unwrap();
    assert!(expired.release_claims && expired.events[0].kind == EventKind::DealExpired);
    let late = cause(&seller(), 91 * DAY);
    assert_eq!(request_extension(&expired.deal, &seller(), 3, "x", late).unwrap_err(), DealError::NotProtected { status: "EXPIRED" });
    let late = cause(&manager(), 91 * DAY);
    assert_eq!(decide_extension(&expired.deal, &manager(), 3, true, None, late).unwrap_err(), DealError::NothingPending);
}

#[test]
fn it_ends_when_nothing_happens_for_too_long() {
    let deal = approved(ProtectionTerms { inactivity_days: 20, ..ProtectionTerms::default() }).deal;
    assert_eq!(deal.inactive_at(), Some(at(20 * DAY)));
    assert!(expire::expire(&deal, clock(20 * DAY - 1)).is_none());
    let more = evidence::MoreEvidence { budget: Some("80 k, released".into()), ..Default::default() };
    let worked = evidence::add(&deal, &seller(), 2, more, super::tests::today(), cause(&seller(), 15 * DAY)).unwrap().deal;
    assert!(expire::expire(&worked, clock(20 * DAY)).is_none());
    let ended = expire::expire(&worked, clock(35 * DAY)).unwrap();
    assert_eq!((ended.events[0].kind, ended.deal.status), (EventKind::DealInactive, RegistrationStatus::Expired));
    // While the vendor owes an answer, nobody can call the partner inactive.
    let asked = ask_vendor(&worked, &seller(), 3, "?", cause(&seller(), 16 * DAY)).unwrap().deal;
    assert!(expire::expire(&asked, clock(500 * DAY)).is_none());
}

#[test]
fn reminders_come_once_each_and_only_those_ahead() {
    let mut deal = approved(terms(ExtensionRule::Off)).deal;
    assert_eq!(deal.protection.reminders, [30, 7, 1], "the one whose moment is past is left out");
    assert!(deal.timers().iter().any(|d| d.kind == TimerKind::ProtectionReminder && d.at == at(60 * DAY)));
    assert!(remind(&deal, clock(60 * DAY - 1)).is_none());
    deal = remind(&deal, clock(60 * DAY)).unwrap().deal;
    assert!(remind(&deal, clock(60 * DAY)).is_none());
    // After an outage over two of them the nearer one is told, once.
    let told = remind(&deal, clock(89 * DAY)).unwrap();
    assert_eq!(told.events[0].changes[0].after.as_deref(), Some("1"));
    assert!(told.deal.protection.reminders.is_empty() && told.deal.inactive_at().is_none());
}

fn work(deal: &Deal, hours: i64) -> Deal {
    let more = evidence::MoreEvidence { budget: Some(format!("{hours} k")), ..Default::default() };
    evidence::add(deal, &seller(), deal.version, more, super::tests::today(), cause(&seller(), hours)).unwrap().deal
}

#[test]
fn an_end_by_inactivity_is_reminded_of_and_work_moves_its_reminders() {
    let deal = approved(ProtectionTerms { inactivity_days: 20, ..terms(ExtensionRule::Off) }).deal;
    let reminder = |d: &Deal| d.timers().into_iter().find(|t| t.kind == TimerKind::ProtectionReminder).map(|t| t.at);
    assert_eq!((deal.protection_ends_at(), reminder(&deal)), (Some(at(20 * DAY)), Some(at(13 * DAY))));
    assert!(remind(&deal, clock(13 * DAY - 1)).is_none());
    let told = remind(&deal, clock(13 * DAY)).unwrap();
    assert_eq!(told.events[0].changes[0].after.as_deref(), Some("7"));
    assert_eq!(told.deal.inactive_at(), Some(at(20 * DAY)), "a reminder is no activity");
    assert_eq!(reminder(&told.deal), Some(at(19 * DAY)));
    // What was given for the earlier end is given again for the later one.
    let worked = work(&told.deal, 15 * DAY);
    assert_eq!((worked.protection_ends_at(), reminder(&worked)), (Some(at(35 * DAY)), Some(at(28 * DAY))));
    assert!(remind(&worked, clock(19 * DAY)).is_none());
    assert_eq!(remind(&worked, clock(28 * DAY)).unwrap().events[0].changes[0].after.as_deref(), Some("7"));
    // Near the end by date activity moves nothing any more, and nothing is given twice.
    let mut late = worked;
    for day in [30, 45, 60, 75] {
        late = work(&late, day * DAY);
    }
    assert_eq!((late.protection_ends_at(), reminder(&late)), (Some(at(90 * DAY)), Some(at(83 * DAY))));
    late = remind(&late, clock(83 * DAY)).unwrap().deal;
    late = work(&late, 84 * DAY);
    assert_eq!(reminder(&late), Some(at(89 * DAY)));
    // One whose timer is late stays to be given while the end stays.
    late = work(&late, 89 * DAY + 1);
    assert_eq!(remind(&late, clock(89 * DAY + 2)).unwrap().events[0].changes[0].after.as_deref(), Some("1"));
}

#[test]
fn nobody_is_reminded_of_what_has_ended() {
    let deal = approved(terms(ExtensionRule::Off)).deal;
    assert!(remind(&deal, clock(90 * DAY - 1)).is_some());
    assert!(remind(&deal, clock(90 * DAY)).is_none());
    let idle = approved(ProtectionTerms { inactivity_days: 20, ..terms(ExtensionRule::Off) }).deal;
    assert!(remind(&idle, clock(20 * DAY)).is_none());
    assert_eq!(expire::expire(&idle, clock(20 * DAY)).unwrap().events[0].kind, EventKind::DealInactive);
}

#[test]
fn the_customer_can_have_the_deal_given_free() {
    let deal = approved(terms(ExtensionRule::Off)).deal;
    let free = |who: &str, proof: &str| release(&deal, &manager(), 2, who, proof, cause(&manager(), 5));
    assert_eq!(free(" ", "mail").unwrap_err(), DealError::Required { field: "requestedBy" });
    assert_eq!(free("The CIO", "").unwrap_err(), DealError::Required { field: "proof" });
    let released = free("The CIO", "Mail of 2 November").unwrap();
    assert!(released.release_claims && released.deal.status == RegistrationStatus::Released && !released.deal.is_protected());
    assert_eq!(released.deal.protection.released.as_ref().unwrap().requested_by, "The CIO");
    assert_eq!(release(&deal, &seller(), 2, "x", "y", cause(&seller(), 5)).unwrap_err(), DealError::NotAllowed);
}

#[test]
fn every_step_is_made_again_from_the_events() {
    let t = ProtectionTerms { inactivity_days: 50, ..terms(ExtensionRule::Unlimited) };
    let mut steps = vec![approved(t.clone())];
    type Step = fn(&Deal, i64) -> Decision;
    let all: [Step; 9] = [
        |d, h| ask_vendor(d, &seller(), d.version, "?", cause(&seller(), h)).unwrap(),
        |d, h| request_extension(d, &seller(), d.version, "why", cause(&seller(), h)).unwrap(),
        |d, h| answer_partner(d, &manager(), d.version, "!", cause(&manager(), h)).unwrap(),
        |d, h| decide_extension(d, &manager(), d.version, true, None, cause(&manager(), h)).unwrap(),
        |d, h| request_extension(d, &seller(), d.version, "again", cause(&seller(), h)).unwrap(),
        |d, h| decide_extension(d, &manager(), d.version, false, Some("no"), cause(&manager(), h)).unwrap(),
        |d, h| remind(d, clock(h + 20 * DAY)).unwrap(),
        |d, h| {
            let more = evidence::MoreEvidence { budget: Some("80 k".into()), ..Default::default() };
            evidence::add(d, &seller(), d.version, more, super::tests::today(), cause(&seller(), h + 21 * DAY)).unwrap()
        },
        |d, h| release(d, &manager(), d.version, "CIO", "mail", cause(&manager(), h + 25 * DAY)).unwrap(),
    ];
    for (n, step) in (1i64..).zip(all) {
        let next = step(&steps.last().unwrap().deal, n * DAY);
        steps.push(next);
    }
    for n in 0..steps.len() {
        let events: Vec<_> = steps[..=n].iter().flat_map(|s| s.events.clone()).collect();
        let mut again = steps.last().unwrap().deal.clone();
        replay(&mut again, &events, |now| Some((t.clone(), now.checked_add(jiff::SignedDuration::from_hours(90 * DAY)).unwrap())));
        let then = &steps[n].deal;
        assert_eq!((again.protected_until, &again.protection), (then.protected_until, &then.protection), "step {n}");
    }
}

#[test]
fn a_note_in_the_moment_of_an_expiry_does_not_hide_it() {
    let t = terms(ExtensionRule::Off);
    let approved = approved(t.clone());
    let expired = expire::expire(&approved.deal, clock(90 * DAY)).unwrap();
    let noted = note::add_note(&expired.deal, &seller(), "A pity", Visibility::Shared, cause(&seller(), 90 * DAY)).unwrap();
    // The note stands first: a list of events sorted by moment and version says nothing of their order.
    let events: Vec<_> = [&noted, &expired, &approved].into_iter().flat_map(|d| d.events.clone()).collect();
    let mut again = expired.deal.clone();
    replay(&mut again, &events, |now| Some((t.clone(), now.checked_add(jiff::SignedDuration::from_hours(90 * DAY)).unwrap())));
    assert_eq!((again.protected_until, &again.protection), (None, &expired.deal.protection));
}
