//! Disputes: who may do what when, and what each side is told.

use jiff::tz::TimeZone;
use ulid::Ulid;

use super::act::{Facts, decide, miss, name_arbiter, open, state, take_back};
use super::arbiter::Ties;
use super::replay::{DealFile, for_side, replay};
use super::*;
use crate::deal::tests::{at, program, registration};
use crate::deal::{Cause, Deal};
use crate::event::EventKind;
use crate::id::EventId;
use crate::policy::Actor;
use crate::user::{Role, Theme, User};

pub(crate) const WHY: &str = "We met them in spring.";

pub(crate) fn actor(role: Role, n: u128, of: Option<&PartnerId>) -> Actor {
    Actor { user_id: UserId::new(Ulid::from_parts(8, n)), name: format!("Person {n}"), roles: vec![role], partner_id: of.cloned(), api_key: None }
}

pub(crate) fn partner(n: u128) -> PartnerId {
    PartnerId::new(Ulid::from_parts(2, n))
}

pub(crate) fn seller() -> Actor {
    actor(Role::PartnerSales, 1, Some(&partner(1)))
}

pub(crate) fn other() -> Actor {
    actor(Role::PartnerSales, 2, Some(&partner(2)))
}

pub(crate) fn admin() -> Actor {
    actor(Role::Admin, 3, None)
}

pub(crate) fn user(of: &Actor) -> User {
    User {
        id: of.user_id.clone(),
        version: 1,
        name: of.name.clone(),
        email: "a@b.example".into(),
        title: None,
        roles: of.roles.clone(),
        partner_id: of.partner_id.clone(),
        language: "en".into(),
        theme: Theme::System,
        active: true,
        demo: false,
        created_at: at(0),
    }
}

pub(crate) fn cause(by: &Actor, hours: i64) -> Cause {
    Cause::by(by, at(hours), EventId::new(Ulid::from_parts(9, u128::try_from(hours).unwrap() + 1)))
}

fn deal() -> Deal {
    registration().deal
}

const UTC: &TimeZone = &TimeZone::UTC;

fn facts(program: &crate::program::Program) -> Facts<'_> {
    let deal = deal();
    Facts {
        program,
        zone: UTC,
        id: DisputeId::new(Ulid::from_parts(10, 1)),
        number: "S-1".into(),
        complainant: Party { partner_id: partner(1), deal_id: Some(deal.id.clone()) },
        respondent: Some(Party { partner_id: partner(2), deal_id: Some(DealId::new(Ulid::from_parts(6, 2))) }),
        customer: deal.customer.unwrap(),
        product_ids: deal.product_ids,
        contested: None,
    }
}

/// A dispute of partner 1 about its deal, in whose way that of partner 2 stands, as it was just opened.
pub(crate) fn opening() -> DisputeDecision {
    open(&seller(), facts(&program()), WHY, Vec::new(), cause(&seller(), 0)).unwrap()
}

fn opened() -> Dispute {
    opening().dispute
}

pub(crate) const NOBODY: Ties<'_> = Ties { partners: &[], deals: &[], deciders: &[] };

pub(crate) fn named(d: &Dispute) -> Dispute {
    name_arbiter(d, &admin(), d.version, &user(&admin()), &NOBODY, cause(&admin(), 2)).unwrap().dispute
}

#[test]
fn it_is_due_in_business_hours_and_missed_once() {
    let d = opened();
    // Monday 09:00 and forty hours of eight a day: Friday at closing.
    assert_eq!(d.due_at, at(4 * 24 + 8));
    assert_eq!(d.timers().iter().map(|t| t.at).collect::<Vec<_>>(), [d.due_at]);
    assert!(miss(&d, cause(&admin(), 4 * 24 + 7)).is_none());
    let late = miss(&d, cause(&admin(), 200)).unwrap().dispute;
    assert_eq!(late.missed, Some(Fired { due_at: d.due_at, at: at(200) }));
    assert!(miss(&late, cause(&admin(), 201)).is_none() && late.timers().is_empty());
}

#[test]
fn only_a_partner_opens_and_only_its_side_takes_back() {
    let p = program();
    assert_eq!(open(&admin(), facts(&p), WHY, Vec::new(), cause(&admin(), 0)).unwrap_err(), DisputeError::NotAllowed);
    assert_eq!(open(&other(), facts(&p), WHY, Vec::new(), cause(&other(), 0)).unwrap_err(), DisputeError::NotAllowed);
    assert_eq!(open(&seller(), facts(&p), "  ", Vec::new(), cause(&seller(), 0)).unwrap_err(), DisputeError::Required { field: "statement" });
    let d = opened();
    assert_eq!(take_back(&d, &other(), d.version_for(Side::Respondent), None, cause(&other(), 1)).unwrap_err(), DisputeError::NotAllowed);
    let stranger = actor(Role::PartnerAdmin, 9, Some(&partner(3)));
    assert_eq!(take_back(&d, &stranger, 1, None, cause(&stranger, 1)).unwrap_err(), DisputeError::NotFound);
    let over = take_back(&d, &seller(), d.version_for(Side::Complainant), None, cause(&seller(), 1)).unwrap().dispute;
    assert_eq!((over.status, over.open_key()), (DisputeStatus::Withdrawn, None));
    let again = state(&over, &seller(), "more", Vec::new(), None, cause(&seller(), 2));
    assert_eq!(again.unwrap_err(), DisputeError::Closed { status: "WITHDRAWN" });
}

#[test]
fn an_arbiter_owns_neither_side() {
    let d = opened();
    let name = |person: &User, ties: &Ties<'_>| name_arbiter(&d, &admin(), d.version, person, ties, cause(&admin(), 1));
    assert!(name(&user(&admin()), &NOBODY).is_ok());
    let mut of_admin = deal();
    of_admin.manager_id = Some(admin().user_id);
    let owned = Ties { deals: &[of_admin], ..NOBODY };
    assert!(matches!(name(&user(&admin()), &owned), Err(DisputeError::NotNeutral { .. })));
    let decided = Ties { deciders: &[admin().user_id], ..NOBODY };
    assert!(matches!(name(&user(&admin()), &decided), Err(DisputeError::NotNeutral { .. })));
    let away = User { active: false, ..user(&admin()) };
    assert_eq!(name(&away, &NOBODY).unwrap_err(), DisputeError::CannotDecide);
    assert_eq!(name(&user(&seller()), &NOBODY).unwrap_err(), DisputeError::CannotDecide);
    let n = named(&d);
    let rule = |by: &Actor, version: i32, ties: &Ties<'_>| decide(&n, by, version, (Outcome::Uphold, "Because"), ties, cause(by, 3));
    let manager = actor(Role::ChannelManager, 4, None);
    assert_eq!(rule(&manager, n.version, &NOBODY).unwrap_err(), DisputeError::NotArbiter);
    assert_eq!(rule(&admin(), 1, &NOBODY).unwrap_err(), DisputeError::StaleVersion { current: 2 });
    assert!(matches!(rule(&admin(), n.version, &decided), Err(DisputeError::NotNeutral { .. })), "looked at again when it is decided");
    let done = rule(&admin(), n.version, &NOBODY).unwrap().dispute;
    assert_eq!(
        decide(&done, &admin(), done.version, (Outcome::Dismiss, "x"), &NOBODY, cause(&admin(), 4)).unwrap_err(),
        DisputeError::Closed { status: "DECIDED" }
    );
    assert_eq!(decide(&d, &admin(), d.version, (Outcome::Uphold, "x"), &NOBODY, cause(&admin(), 4)).unwrap_err(), DisputeError::NoArbiter);
}

#[test]
fn what_the_other_side_is_told_changes_nothing_that_a_side_sees() {
    let d = opened();
    let told = |d: &Dispute, by: &Actor, audience, hours| state(d, by, "words", Vec::new(), audience, cause(by, hours)).unwrap();
    let before = (d.version_for(Side::Complainant), d.updated_for(Side::Complainant));
    let one = told(&d, &other(), None, 5);
    let two = told(&one.dispute, &admin(), Some(Audience::Respondent), 6).dispute;
    let three = told(&two, &admin(), None, 7).dispute;
    assert_eq!((three.version_for(Side::Complainant), three.updated_for(Side::Complainant)), before);
    assert_eq!(three.statements_for(Side::Complainant).count(), 1);
    assert_eq!(three.statements_for(Side::Respondent).count(), 2);
    assert!(!super::replay::seen_by(&one.dispute, &one.events[0], Side::Complainant));
    assert!(super::replay::seen_by(&one.dispute, &one.events[0], Side::Respondent));
    assert_eq!(state(&d, &seller(), "to both", Vec::new(), Some(Audience::Both), cause(&seller(), 8)).unwrap_err(), DisputeError::AudienceNotYours);
}

#[test]
fn the_file_has_for_each_side_what_it_could_see() {
    let first = open(&seller(), facts(&program()), WHY, Vec::new(), cause(&seller(), 1)).unwrap();
    let second = state(&first.dispute, &other(), "Ours since May", Vec::new(), None, cause(&other(), 2)).unwrap();
    let third = name_arbiter(&second.dispute, &admin(), 2, &user(&admin()), &NOBODY, cause(&admin(), 3)).unwrap();
    let events: Vec<Event> = [&first, &second, &third].into_iter().flat_map(|d| d.events.clone()).collect();
    let own = registration();
    let mut internal = own.events[0].clone();
    (internal.id, internal.visibility) = (EventId::new(Ulid::from_parts(9, 99)), crate::event::Visibility::Internal);
    let told = [own.events[0].clone(), internal];
    let then = |moment: Timestamp| (own.deal.created_at <= moment).then(|| own.deal.clone());
    let all = || replay(&third.dispute, &events, Some(DealFile { events: &told, then: &then }), None);
    assert_eq!(all().len(), 5);
    let ours = for_side(all(), Side::Complainant);
    assert_eq!(
        ours.iter().map(|m| m.kind).collect::<Vec<_>>(),
        [EventKind::DealRegistered, EventKind::DisputeOpened, EventKind::DisputeArbiterNamed]
    );
    let theirs = for_side(all(), Side::Respondent);
    assert_eq!(
        theirs.iter().map(|m| m.kind).collect::<Vec<_>>(),
        [EventKind::DisputeOpened, EventKind::DisputeStated, EventKind::DisputeArbiterNamed]
    );
    assert!(theirs.iter().all(|m| m.complainant_deal.is_none()));
    assert_eq!((theirs[0].actor.as_str(), theirs[0].text.as_deref()), ("", None), "who opened it is not named");
    assert_eq!(theirs[1].text.as_deref(), Some("Ours since May"));
}
