use jiff::civil::time;
use jiff::tz::TimeZone;
use ulid::Ulid;

use super::preference::{Channel, DigestTime, FLOOD_LETTERS, Letters, PreferenceError, Preferences, QuietHours, deliver};
use super::*;
use crate::deal::Deal;
use crate::deal::tests::registration;
use crate::lead::Lead;
use crate::user::Theme;

fn a_deal() -> Deal {
    registration().deal
}

fn an_event(kind: EventKind) -> Event {
    Event { kind, ..registration().events.swap_remove(0) }
}

pub(super) fn user(n: u128, roles: &[Role], partner: Option<&PartnerId>) -> User {
    User {
        id: UserId::new(Ulid::from_parts(9, n)),
        version: 1,
        name: format!("Person {n}"),
        email: format!("p{n}@x.test"),
        title: None,
        roles: roles.to_vec(),
        partner_id: partner.cloned(),
        language: "en".into(),
        theme: Theme::System,
        active: true,
        demo: false,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

pub(super) fn ids(users: &[&User]) -> Vec<String> {
    users.iter().map(|u| u.name.clone()).collect()
}

#[test]
fn the_decider_is_told_and_never_the_one_who_did_it() {
    let deal = a_deal();
    let mut event = an_event(EventKind::DealRegistered);
    let (manager, admin) = (user(1, &[Role::ChannelManager], None), [user(2, &[Role::Admin], None)]);
    let among = Candidates { decider: Some(&manager), cover: None, admins: &admin, registrant: None, partner_admins: &[], partner_sellers: &[] };
    assert_eq!(ids(&readers(Readers::Decider, Matter::Deal(&deal), &event, among)), ["Person 1"]);
    // Gone, or without the right: the administrators.
    let gone = User { active: false, ..manager.clone() };
    assert_eq!(ids(&readers(Readers::Decider, Matter::Deal(&deal), &event, Candidates { decider: Some(&gone), ..among })), ["Person 2"]);
    assert_eq!(ids(&readers(Readers::Decider, Matter::Deal(&deal), &event, Candidates { decider: None, ..among })), ["Person 2"]);
    // Who did it is there, so nobody stands in, and is not told.
    event.actor.user_id = Some(manager.id.clone());
    assert!(readers(Readers::Decider, Matter::Deal(&deal), &event, among).is_empty());
}

#[test]
fn a_question_goes_to_who_registered_and_to_the_partners_administrators_and_to_no_other_partner() {
    let deal = a_deal();
    let event = an_event(EventKind::DealInfoRequested);
    let own = Some(&deal.partner_id);
    let other = PartnerId::new(Ulid::from_parts(3, 3));
    let seller = user(1, &[Role::PartnerSales], own);
    let admins = [user(2, &[Role::PartnerAdmin], own), user(3, &[Role::PartnerAdmin], Some(&other))];
    let among = Candidates { decider: None, cover: None, admins: &[], registrant: Some(&seller), partner_admins: &admins, partner_sellers: &[] };
    assert_eq!(ids(&readers(Readers::PartnerPeople, Matter::Deal(&deal), &event, among)), ["Person 1", "Person 2"]);
    assert_eq!(ids(&readers(Readers::Registrant, Matter::Deal(&deal), &event, among)), ["Person 1"]);
    // Who may not see deals any more is not told; the administrators stand in.
    let engineer = User { roles: vec![Role::PartnerTechnical], ..seller.clone() };
    assert_eq!(ids(&readers(Readers::Registrant, Matter::Deal(&deal), &event, Candidates { registrant: Some(&engineer), ..among })), ["Person 2"]);
    // What only the vendor may see is told to nobody of the partner.
    let internal = Event { visibility: Visibility::Internal, ..event.clone() };
    assert!(readers(Readers::PartnerPeople, Matter::Deal(&deal), &internal, among).is_empty());
}

#[test]
fn a_cover_is_told_in_place_of_who_is_away() {
    let deal = a_deal();
    let mut event = an_event(EventKind::DealRegistered);
    let (manager, cover) = (user(1, &[Role::ChannelManager], None), user(3, &[Role::ChannelManager], None));
    let admin = [user(2, &[Role::Admin], None)];
    let away =
        Candidates { decider: Some(&manager), cover: Some(&cover), admins: &admin, registrant: None, partner_admins: &[], partner_sellers: &[] };
    let told = |event: &Event, among| ids(&readers(Readers::Decider, Matter::Deal(&deal), event, among));
    assert_eq!(told(&event, away), ["Person 3"]);
    assert_eq!(told(&event, Candidates { cover: None, ..away }), ["Person 1"], "back again");
    // A cover that is gone covers nobody.
    let gone = User { active: false, ..cover.clone() };
    assert_eq!(told(&event, Candidates { cover: Some(&gone), ..away }), ["Person 1"]);
    // What the cover did need not be told to the cover, and not to who is away.
    event.actor.user_id = Some(cover.id.clone());
    assert!(told(&event, away).is_empty());
}

#[test]
fn a_missed_follow_up_is_told_to_who_took_the_lead() {
    let (lead, _) = crate::lead::tests::taken();
    let matter = Matter::Lead(&lead);
    let event = an_event(EventKind::LeadFollowUpMissed);
    assert_eq!(super::told(event.kind), [(Readers::LeadTaker, NotificationKind::LeadFollowUpDue)]);
    let own = lead.partner_id.as_ref();
    let (seller, colleague, admins) =
        (user(1, &[Role::PartnerSales], own), [user(3, &[Role::PartnerSales], own)], [user(2, &[Role::PartnerAdmin], own)]);
    let among =
        Candidates { decider: None, cover: None, admins: &[], registrant: Some(&seller), partner_admins: &admins, partner_sellers: &colleague };
    assert_eq!(ids(&readers(Readers::LeadTaker, matter, &event, among)), ["Person 1"]);
    assert_eq!(ids(&readers(Readers::LeadTaker, matter, &event, Candidates { registrant: None, ..among })), ["Person 2"]);
    let kind = NotificationKind::LeadFollowUpDue;
    assert_eq!((due(kind, matter), is_owed(kind, matter), kind.is_for(false)), (lead.follow_up_at, true, true));
    let touched = Lead { follow_up_at: None, ..lead.clone() };
    assert!(!is_owed(kind, Matter::Lead(&touched)));
}

#[test]
fn the_table_is_whole() {
    for kind in NotificationKind::ALL {
        assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{}\"", kind.name()));
        assert!(kind.actions().is_empty() || kind.asks(), "{kind:?} acts without asking");
        assert!(!kind.asks() || kind.usual() == Channel::Email, "{kind:?} asks and stays at home");
    }
    // A kind that nobody made a row for tells nobody.
    assert!(told(EventKind::KitChanged).is_empty() && told(EventKind::DealNoteAdded).is_empty());
    let disputes = [EventKind::DisputeOpened, EventKind::DisputeArbiterNamed, EventKind::DisputeStated, EventKind::DisputeDeadlineMissed];
    let over = [EventKind::DisputeDecided, EventKind::DisputeWithdrawn];
    for (readers, kind) in disputes.into_iter().chain(over).chain([EventKind::DealRegistered]).flat_map(told) {
        assert!(kind.is_for(readers.of_vendor()), "{kind:?}");
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn preferences() -> Preferences {
    Preferences::usual(UserId::new(Ulid::from_parts(1, 1)))
}

#[test]
fn letters_wait_for_the_morning_where_the_person_is() {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let kind = NotificationKind::DecisionOwed;
    let mut p = preferences();
    let now = at("2026-11-21T20:00:00Z");
    assert_eq!(deliver(&p, kind, &berlin, now, 0), (true, Letters::At(now)));
    p.quiet = Some(QuietHours { from: time(20, 0, 0, 0), until: time(7, 30, 0, 0) });
    assert_eq!(deliver(&p, kind, &berlin, now, 0), (true, Letters::At(at("2026-11-22T06:30:00Z"))));
    assert_eq!(deliver(&p, kind, &berlin, at("2026-11-22T06:29:59Z"), 0), (true, Letters::At(at("2026-11-22T06:30:00Z"))));
    let morning = at("2026-11-22T06:30:00Z");
    assert_eq!(deliver(&p, kind, &berlin, morning, 0), (true, Letters::At(morning)), "the end is not quiet");
    // In New York it is afternoon.
    let york = TimeZone::get("America/New_York").unwrap();
    assert_eq!(deliver(&p, kind, &york, now, 0), (true, Letters::At(now)));
    // The night in which the clocks change has an end all the same.
    let night = at("2027-03-28T00:30:00Z");
    p.quiet = Some(QuietHours { from: time(1, 0, 0, 0), until: time(2, 30, 0, 0) });
    let (_, Letters::At(end)) = deliver(&p, kind, &berlin, night, 0) else { panic!("a letter of its own") };
    assert!(end > night && end <= at("2027-03-28T02:00:00Z"), "{end}");
}

#[test]
fn a_flood_folds_and_digests_have_their_time() {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let now = at("2026-11-21T09:07:00Z");
    let mut p = preferences();
    assert_eq!(deliver(&p, NotificationKind::Approved, &berlin, now, FLOOD_LETTERS - 1), (true, Letters::At(now)));
    assert_eq!(deliver(&p, NotificationKind::Approved, &berlin, now, FLOOD_LETTERS), (true, Letters::Digest(at("2026-11-21T09:22:00Z"))));
    let kind = NotificationKind::Released;
    assert_eq!(deliver(&p, kind, &berlin, now, 0), (true, Letters::Digest(at("2026-11-22T07:00:00Z"))));
    p.digest = DigestTime::Hourly;
    assert_eq!(deliver(&p, kind, &berlin, now, 0), (true, Letters::Digest(at("2026-11-21T10:00:00Z"))));
    assert_eq!(deliver(&p, kind, &berlin, at("2026-11-21T10:00:00Z"), 0), (true, Letters::Digest(at("2026-11-21T11:00:00Z"))));
    p.chosen.insert(kind, Channel::Off);
    assert_eq!(deliver(&p, kind, &berlin, now, 0), (false, Letters::None));
    p.chosen.insert(kind, Channel::InApp);
    assert_eq!(deliver(&p, kind, &berlin, now, 0), (true, Letters::None));
}

#[test]
fn what_asks_for_an_answer_cannot_be_switched_off() {
    let mut p = preferences();
    p.chosen.insert(NotificationKind::QuestionAsked, Channel::Off);
    assert_eq!(p.check(None), Err(PreferenceError::AlwaysShown));
    // Even if it were stored: it is shown.
    assert_eq!(deliver(&p, NotificationKind::QuestionAsked, &TimeZone::UTC, Timestamp::UNIX_EPOCH, 0), (true, Letters::None));
    p.chosen.insert(NotificationKind::QuestionAsked, Channel::InApp);
    p.time_zone = Some("Mars/Olympus".into());
    assert_eq!(p.check(None), Err(PreferenceError::TimeZoneUnknown));
    p.time_zone = None;
    p.quiet = Some(QuietHours { from: time(8, 0, 0, 0), until: time(8, 0, 0, 0) });
    assert_eq!(p.check(None), Err(PreferenceError::QuietHoursEmpty));
}
