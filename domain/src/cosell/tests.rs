//! Rooms: shares, permission, introductions, and who may do what.

use jiff::civil::date;
use ulid::Ulid;

use super::change::*;
use super::message::post;
use super::*;
use crate::deal::Cause;
use crate::event::{Event, EventKind, Subject};
use crate::id::{EventId, UserId};
use crate::policy::Actor;
use crate::user::Role;

const TODAY: Date = date(2026, 11, 21);

fn partner(n: u128) -> PartnerId {
    PartnerId::new(Ulid::from_parts(2, n))
}

fn at() -> Timestamp {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

fn actor(role: Role, of: Option<u128>) -> Actor {
    Actor { user_id: UserId::new(Ulid::from_parts(4, 1)), name: "A".into(), roles: vec![role], partner_id: of.map(partner), api_key: None }
}

fn vendor() -> Actor {
    actor(Role::ChannelManager, None)
}

fn cause(actor: &Actor) -> Cause {
    Cause::by(actor, at(), EventId::new(Ulid::from_parts(3, 1)))
}

/// The room of a deal of partner 1.
fn room() -> Room {
    Room::empty(RoomId::new(Ulid::from_parts(7, 1)), DealId::new(Ulid::from_parts(6, 1)), partner(1), at())
}

fn permitted() -> Room {
    record_permission(&room(), &vendor(), 0, "Their CIO", "Mail of today", cause(&vendor())).unwrap().room
}

fn part(n: u128, role: CosellRole, share: Option<&str>) -> Participant {
    Participant { partner_id: partner(n), role, share: share.map(|s| s.parse().unwrap()), act: "Brought it".into(), acted_on: TODAY }
}

fn set(room: &Room, participants: Vec<Participant>) -> Result<Room, CosellCode> {
    let known = |id: &PartnerId| *id != partner(9);
    set_participants(room, &vendor(), room.version, participants, known, TODAY, cause(&vendor())).map(|c| c.room).map_err(|e| e.code)
}

fn told(event: &Event) -> Vec<PartnerId> {
    match &event.subject {
        Subject::Room { partners, .. } => partners.clone(),
        _ => Vec::new(),
    }
}

#[test]
fn shares_of_those_who_sourced_sum_to_a_hundred_or_are_not_given() {
    use CosellRole::{Delivered, Influenced, Sourced};
    let room = permitted();
    let sourced = |shares: [Option<&str>; 3]| (1..).zip(shares).map(|(n, share)| part(n, Sourced, share)).collect::<Vec<_>>();
    assert!(set(&room, sourced([Some("33.3333"), Some("33.3333"), Some("33.3334")])).is_ok());
    assert!(set(&room, sourced([None, None, None])).is_ok());
    assert_eq!(set(&room, sourced([Some("33.33"), Some("33.33"), Some("33.33")])), Err(CosellCode::SharesNotWhole));
    assert_eq!(set(&room, sourced([Some("50"), Some("50"), None])), Err(CosellCode::ShareMissing));
    assert_eq!(set(&room, sourced([Some("0"), Some("50"), Some("50")])), Err(CosellCode::ShareInvalid));
    assert_eq!(set(&room, sourced([Some("100.5"), None, None])), Err(CosellCode::ShareInvalid));
    // Only who sourced it shares the whole.
    let mixed = vec![part(1, Sourced, Some("100")), part(2, Influenced, Some("30")), part(3, Delivered, None), part(2, Delivered, None)];
    assert!(set(&room, mixed).is_ok());
    assert_eq!(set(&room, vec![part(2, Influenced, None), part(2, Influenced, None)]), Err(CosellCode::ParticipantTwice));
    assert_eq!(set(&room, vec![part(9, Influenced, None)]), Err(CosellCode::PartnerUnknown));
    let ahead = Participant { acted_on: date(2026, 11, 22), ..part(2, Influenced, None) };
    assert_eq!(set(&room, vec![ahead]), Err(CosellCode::DateAhead));
}

#[test]
fn no_second_partner_learns_the_customers_name_without_permission() {
    let both = vec![part(1, CosellRole::Sourced, None), part(2, CosellRole::Influenced, None)];
    assert_eq!(set(&room(), both.clone()), Err(CosellCode::PermissionMissing));
    assert!(set(&room(), vec![part(1, CosellRole::Sourced, Some("100"))]).is_ok(), "the deal's own partner knows it");
    let open = set(&permitted(), both).unwrap();
    assert_eq!(open.members(), [partner(1), partner(2)].into());
    let host = actor(Role::PartnerSales, Some(1));
    let taken = withdraw_permission(&open, &host, open.version, "They asked us to stop", cause(&host)).unwrap();
    assert_eq!(taken.room.members(), [partner(1)].into());
    assert_eq!(told(&taken.event), [partner(1), partner(2)], "whoever saw the room is told that it is gone");
    let guest = actor(Role::PartnerSales, Some(2));
    assert!(!may_write(&taken.room, &guest));
    let again = withdraw_permission(&taken.room, &host, taken.room.version, "again", cause(&host));
    assert_eq!(again.unwrap_err().code, CosellCode::PermissionNotRecorded);
}

#[test]
fn everybody_does_what_is_theirs() {
    let open = set(&permitted(), vec![part(1, CosellRole::Sourced, None), part(2, CosellRole::Influenced, None)]).unwrap();
    let (host, guest, other) = (actor(Role::PartnerSales, Some(1)), actor(Role::PartnerAdmin, Some(2)), actor(Role::PartnerAdmin, Some(3)));
    let engineer = actor(Role::PartnerTechnical, Some(2));
    assert!(may_manage(&vendor()) && !may_manage(&host) && !may_manage(&guest));
    assert!(may_host(&open, &vendor()) && may_host(&open, &host) && !may_host(&open, &guest));
    assert_eq!([&host, &guest, &other, &engineer].map(|a| may_write(&open, a)), [true, true, false, false]);
    let shared = share(&open, &guest, open.version, Shares { value: true, next_step: false }, cause(&guest));
    assert_eq!(shared.unwrap_err().code, CosellCode::NotAllowed);
    let stale = share(&open, &host, open.version - 1, Shares::default(), cause(&host));
    assert_eq!(stale.unwrap_err().code, CosellCode::StaleVersion);
}

#[test]
fn an_introduction_has_one_outcome() {
    let host = actor(Role::PartnerSales, Some(1));
    let id = IntroductionId::new(Ulid::from_parts(8, 1));
    let new = NewIntroduction { introducer: "Ann", introduced: "Ben", to: "The CIO", on: TODAY };
    let made = introduce(&room(), &host, id.clone(), &new, TODAY, cause(&host)).unwrap();
    assert_eq!((made.event.kind, made.based_on, made.room.version), (EventKind::RoomIntroduced, 0, 1));
    let met = conclude(&made.room, &host, 1, &id, IntroductionOutcome::Met, cause(&host)).unwrap();
    assert_eq!(met.room.introductions[0].outcome, IntroductionOutcome::Met);
    let again = conclude(&met.room, &host, 2, &id, IntroductionOutcome::Declined, cause(&host));
    assert_eq!(again.unwrap_err().code, CosellCode::OutcomeRecorded);
    let none = conclude(&met.room, &host, 2, &IntroductionId::new(Ulid::nil()), IntroductionOutcome::Met, cause(&host));
    assert_eq!(none.unwrap_err().code, CosellCode::IntroductionUnknown);
    let ahead = introduce(&room(), &host, id, &NewIntroduction { on: date(2026, 12, 1), ..new }, TODAY, cause(&host));
    assert_eq!(ahead.unwrap_err().code, CosellCode::DateAhead);
}

#[test]
fn a_message_counts_no_version() {
    let host = actor(Role::PartnerSales, Some(1));
    let id = || crate::id::RoomMessageId::new(Ulid::from_parts(9, 1));
    let (message, event) = post(&room(), &host, id(), " Hello ", Vec::new(), cause(&host)).unwrap();
    assert_eq!((message.text.as_str(), message.partner_id, event.kind), ("Hello", Some(partner(1)), EventKind::RoomMessageSent));
    assert_eq!(post(&room(), &host, id(), "  ", Vec::new(), cause(&host)).unwrap_err().code, CosellCode::Required);
    let other = actor(Role::PartnerSales, Some(5));
    assert_eq!(post(&room(), &other, id(), "Hi", Vec::new(), cause(&other)).unwrap_err().code, CosellCode::NotAllowed);
}
