//! Leads end to end against a real database: taken in, given away, answered in time, converted, and read from a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use common::TestApp;
use entente_app::clock::Clock;
use entente_app::deal::RegisterInput;
use entente_app::lead::{
    ConvertRefusal, CreateInput, EnquiryInput, LeadImportInput, LeadImportRefusal, LeadListQuery, LeadRefusal, RoutingProposal, accept, assign,
    close, convert, create, decline, enquire, get, import, list, metrics, note, route, save, timeline, whys,
};
use entente_app::{App, Refused};
use entente_domain::Timestamp;
use entente_domain::deal::Deal;
use entente_domain::event::EventKind;
use entente_domain::id::{FileId, LeadId};
use entente_domain::lead::draft::{LeadCode, LeadInput, SourceInput};
use entente_domain::lead::routing::{Pin, RoutingCode, RoutingSet, Rule, Strategy};
use entente_domain::lead::{CloseCode, DeclineCode, Lead, LeadError, LeadStatus, Origin, Outcome, SourceKind};
use entente_domain::policy::Actor;
use entente_domain::user::Role;
use ulid::Ulid;

const HOUR_MS: i64 = 3_600_000;

/// An application whose clock a test turns, with one rule for everything; and an administrator.
async fn turning(rule: impl FnOnce(&mut Rule)) -> (TestApp, Arc<AtomicI64>, Actor) {
    let ms = Arc::new(AtomicI64::new("2026-11-18T10:00:00Z".parse::<Timestamp>().unwrap().as_millisecond()));
    let t = TestApp::with_clock(false, Clock::Set(ms.clone())).await;
    let admin = t.person(Role::Admin, None).await;
    let mut set = RoutingSet::default();
    set.rules[0].same_territory = false;
    rule(&mut set.rules[0]);
    let proposal = RoutingProposal { set, note: None, expected_number: 0 };
    assert_eq!(save(&t.app, &admin, &proposal, None).await.unwrap().number, 1);
    (t, ms, admin)
}

fn typed(n: u32) -> CreateInput {
    let lead = LeadInput {
        name: format!("Jo {n}"),
        email: format!("jo{n}@firm{n}.example"),
        company: format!("Firm {n}"),
        country: Some("DE".into()),
        source: SourceInput { kind: SourceKind::Campaign, campaign: Some("Autumn".into()), ..SourceInput::default() },
        ..LeadInput::default()
    };
    CreateInput { lead, ..CreateInput::default() }
}

fn refused<T: std::fmt::Debug>(done: Result<T, Refused<LeadRefusal>>) -> LeadError {
    match done {
        Err(Refused::Refused(LeadRefusal::Lead(error))) => error,
        other => panic!("{other:?}"),
    }
}

impl Seller for TestApp {}
trait Seller {
    /// A seller of whoever has the lead.
    fn seller(&self, lead: &Lead, sellers: &[Actor; 2]) -> Actor {
        sellers.iter().find(|s| s.partner_id == lead.partner_id).unwrap().clone()
    }
}

async fn sellers(t: &TestApp) -> [Actor; 2] {
    [t.person(Role::PartnerSales, Some(0)).await, t.person(Role::PartnerSales, Some(1)).await]
}

/// Fires what is due.
async fn fire(app: &App) -> usize {
    let mut fired = 0;
    while entente_app::worker::fire_next(app, "test", app.now()).await.unwrap() {
        fired += 1;
    }
    fired
}

async fn now_of(app: &App, who: &Actor, lead: &LeadId) -> Option<Lead> {
    get(app, who, lead.as_str()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_lapses_gives_the_lead_on_until_the_vendor_has_it() {
    let (t, ms, admin) = turning(|_| {}).await;
    let both = sellers(&t).await;
    let first = create(&t.app, &admin, &typed(1)).await.unwrap().lead;
    let had = t.seller(&first, &both);
    let other = both.iter().find(|s| s.partner_id != had.partner_id).unwrap().clone();
    assert_eq!((first.status, first.follow_up_at), (LeadStatus::Assigned, first.window_ends_at));
    assert_eq!(fire(&t.app).await, 0);
    assert!(now_of(&t.app, &other, &first.id).await.is_none(), "hidden from everybody else");

    ms.store(first.window_ends_at.unwrap().as_millisecond(), Ordering::Relaxed);
    assert_eq!(refused(accept(&t.app, &had, first.id.as_str(), 1).await), LeadError::WindowOver);
    assert_eq!(fire(&t.app).await, 1);
    assert!(now_of(&t.app, &had, &first.id).await.is_none());
    let second = now_of(&t.app, &other, &first.id).await.unwrap();
    assert_eq!((second.version, second.partner_id.clone()), (2, other.partner_id.clone()));
    assert_eq!(fire(&t.app).await, 0, "a timer fires once");

    ms.store(second.window_ends_at.unwrap().as_millisecond(), Ordering::Relaxed);
    assert_eq!(fire(&t.app).await, 1);
    let last = now_of(&t.app, &admin, &first.id).await.unwrap();
    assert_eq!((last.status, last.partner_id.clone()), (LeadStatus::Unrouted, None));
    assert_eq!(last.assignments.iter().map(|a| a.outcome).collect::<Vec<_>>(), [Outcome::Lapsed, Outcome::Lapsed]);
    let reasons = whys(&t.app, &admin, &last).await.unwrap();
    assert_eq!(reasons.len(), 3);
    assert!(reasons[2].candidates.iter().all(|c| !c.failed.is_empty()));
    let told = timeline(&t.app, &admin, &last, 50, None).await.unwrap();
    let kinds: Vec<EventKind> = told.rows.iter().rev().map(|(_, e)| e.kind).collect();
    use EventKind::*;
    assert_eq!(kinds, [LeadReceived, LeadAssigned, LeadLapsed, LeadAssigned, LeadLapsed, LeadUnrouted]);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_accepts_at_once_one_wins() {
    let (t, _, admin) = turning(|_| {}).await;
    let both = sellers(&t).await;
    let lead = create(&t.app, &admin, &typed(1)).await.unwrap().lead;
    let who = t.seller(&lead, &both);
    let all = (0..8).map(|_| accept(&t.app, &who, lead.id.as_str(), 1));
    let done = futures::future::join_all(all).await;
    assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 1);
    for lost in done.into_iter().filter(Result::is_err) {
        assert_eq!(refused(lost), LeadError::StaleVersion { current: 2 });
    }
    // An answer and the end of the window at once: whichever comes first, the lead is in one place.
    let (t2, ms, admin) = turning(|_| {}).await;
    let both = sellers(&t2).await;
    let lead = create(&t2.app, &admin, &typed(2)).await.unwrap().lead;
    let who = t2.seller(&lead, &both);
    ms.store(lead.window_ends_at.unwrap().as_millisecond() - 1, Ordering::Relaxed);
    let turn = async {
        ms.store(lead.window_ends_at.unwrap().as_millisecond(), Ordering::Relaxed);
        fire(&t2.app).await
    };
    let (_, answered) = futures::join!(turn, accept(&t2.app, &who, lead.id.as_str(), 1));
    fire(&t2.app).await;
    let now = now_of(&t2.app, &admin, &lead.id).await.unwrap();
    assert_eq!(answered.is_ok(), now.status == LeadStatus::Accepted);
    t.end().await;
    t2.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_that_nobody_follows_up_is_told_once_and_contact_in_time_needs_nothing() {
    let (t, ms, admin) = turning(|_| {}).await;
    let both = sellers(&t).await;
    let idle = create(&t.app, &admin, &typed(1)).await.unwrap().lead;
    let called = create(&t.app, &admin, &typed(2)).await.unwrap().lead;
    let (idler, caller) = (t.seller(&idle, &both), t.seller(&called, &both));
    let due = accept(&t.app, &idler, idle.id.as_str(), 1).await.unwrap().follow_up_at.unwrap();
    accept(&t.app, &caller, called.id.as_str(), 1).await.unwrap();
    note(&t.app, &caller, called.id.as_str(), 2, "Called them", true, None).await.unwrap();

    ms.store(due.as_millisecond() - 1, Ordering::Relaxed);
    assert_eq!(fire(&t.app).await, 0);
    ms.store(due.as_millisecond() + HOUR_MS, Ordering::Relaxed);
    assert_eq!(fire(&t.app).await, 1, "the one whose person was called has no timer any more");
    assert_eq!(fire(&t.app).await, 0, "a timer fires once");
    let late = now_of(&t.app, &admin, &idle.id).await.unwrap();
    assert_eq!((late.status, late.version, late.missed.map(|m| m.due_at)), (LeadStatus::Accepted, 3, Some(due)));
    let told = timeline(&t.app, &idler, &late, 50, None).await.unwrap();
    let newest = &told.rows[0].1;
    assert_eq!((newest.kind, newest.changes[0].after.clone()), (EventKind::LeadFollowUpMissed, Some(due.to_string())));

    let touched = note(&t.app, &idler, idle.id.as_str(), 3, "Called at last", true, None).await.unwrap();
    assert_eq!((touched.follow_up_at, touched.missed), (None, late.missed), "nothing is owed any more; it stays missed");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_at_once_exceed_no_capacity_and_share_fairly() {
    let (t, _, admin) = turning(|r| r.capacity = Some(5)).await;
    let inputs: Vec<CreateInput> = (0..14).map(typed).collect();
    let done = futures::future::join_all(inputs.iter().map(|input| create(&t.app, &admin, input))).await;
    let mut by_partner: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for created in done {
        *by_partner.entry(created.unwrap().lead.partner_id.map(|p| p.to_string())).or_default() += 1;
    }
    let expected = BTreeMap::from([(None, 4), (Some(t.partners[0].to_string()), 5), (Some(t.partners[1].to_string()), 5)]);
    assert_eq!(by_partner, expected);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_enquiry_joins_even_at_once_and_keeps_the_first_source() {
    let (t, ms, admin) = turning(|_| {}).await;
    let done = futures::future::join_all((0..6).map(|n| {
        let mut input = typed(1);
        input.lead.source.kind = if n == 0 { SourceKind::Campaign } else { SourceKind::Event };
        let (app, admin) = (t.app.clone(), admin.clone());
        async move { create(&app, &admin, &input).await.unwrap() }
    }))
    .await;
    assert_eq!(done.iter().filter(|c| !c.joined).count(), 1);
    let first = done.iter().find(|c| !c.joined).unwrap();
    assert!(done.iter().all(|c| c.lead.id == first.lead.id));
    let now = now_of(&t.app, &admin, &first.lead.id).await.unwrap();
    assert_eq!((now.enquiries.len(), now.version, &now.source), (5, 6, &first.lead.source));
    let mut other = typed(1);
    other.lead.product_ids = vec![t.product.to_string()];
    assert!(!create(&t.app, &admin, &other).await.unwrap().joined, "another product is another lead");
    ms.fetch_add(31 * 24 * HOUR_MS, Ordering::Relaxed);
    assert!(!create(&t.app, &admin, &typed(1)).await.unwrap().joined, "and so is one after a month");
    // The same form twice is one lead, whatever comes of duplicates.
    let once = CreateInput { idempotency_key: Some("k".into()), ..typed(7) };
    let [a, b] = [create(&t.app, &admin, &once).await.unwrap(), create(&t.app, &admin, &once).await.unwrap()];
    assert_eq!((a.lead.id, a.joined, b.lead.version), (b.lead.id, b.joined, 1));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn retired_partners_get_nothing_and_hands_and_pins_come_first() {
    let (t, _, admin) = turning(|_| {}).await;
    let both = sellers(&t).await;
    let mut retired = t.store.partner(&t.partners[1]).await.unwrap().unwrap();
    retired.published = false;
    retired.version += 1;
    t.store.save_partner(&retired, Some(1), &[]).await.unwrap();
    let direct = CreateInput { partner_id: Some(t.partners[1].to_string()), ..typed(1) };
    assert_eq!(refused(create(&t.app, &admin, &direct).await), LeadError::PartnerNotActive);
    let nobody = CreateInput { partner_id: Some("part_00000000000000000000000000".into()), ..typed(1) };
    assert_eq!(refused(create(&t.app, &admin, &nobody).await), LeadError::PartnerNotFound);
    let held = create(&t.app, &admin, &CreateInput { hold: true, ..typed(2) }).await.unwrap().lead;
    assert_eq!((held.status, held.partner_id.clone()), (LeadStatus::New, None));
    assert_eq!(refused(assign(&t.app, &admin, held.id.as_str(), 1, t.partners[1].as_str()).await), LeadError::PartnerNotActive);
    assert_eq!(refused(assign(&t.app, &both[0], held.id.as_str(), 1, t.partners[0].as_str()).await), LeadError::NotFound);
    let given = assign(&t.app, &admin, held.id.as_str(), 1, t.partners[0].as_str()).await.unwrap();
    assert_eq!(given.partner_id.as_ref(), Some(&t.partners[0]));
    assert_eq!(refused(assign(&t.app, &admin, held.id.as_str(), 2, t.partners[0].as_str()).await), LeadError::SamePartner);
    // Declined, and there is nobody else.
    let gone = decline(&t.app, &both[0], held.id.as_str(), 2, DeclineCode::NoCapacity, None).await.unwrap();
    assert_eq!(gone.status, LeadStatus::Unrouted);
    assert_eq!(gone.assignments[0].decline, Some(DeclineCode::NoCapacity));
    let routed = route(&t.app, &admin, held.id.as_str(), gone.version).await.unwrap();
    assert_eq!(routed.status, LeadStatus::Unrouted, "who declined is not asked again");

    let pins = vec![Pin { domain: "www.firm9.example".into(), partner_id: t.partners[0].clone() }];
    let mut set = RoutingSet { pins, ..RoutingSet::default() };
    set.rules[0].strategy = Strategy::Vendor;
    let mut wrong = set.clone();
    wrong.pins[0].partner_id = t.partners[1].clone();
    wrong.rules.push(wrong.rules[0].clone());
    let codes = match save(&t.app, &admin, &RoutingProposal { set: wrong, note: None, expected_number: 1 }, None).await {
        Err(Refused::Refused(LeadRefusal::Routing(found))) => found.into_iter().map(|v| v.code).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(codes, [RoutingCode::Twice, RoutingCode::Unreachable, RoutingCode::PartnerUnknown]);
    let saved = save(&t.app, &admin, &RoutingProposal { set: set.clone(), note: None, expected_number: 1 }, None).await.unwrap();
    assert_eq!(saved.number, 2);
    let late = save(&t.app, &admin, &RoutingProposal { set, note: None, expected_number: 1 }, None).await;
    assert!(matches!(late, Err(Refused::Refused(LeadRefusal::RoutingStale(2)))));
    assert_eq!(create(&t.app, &admin, &typed(9)).await.unwrap().lead.partner_id.as_ref(), Some(&t.partners[0]));
    assert_eq!(create(&t.app, &admin, &typed(10)).await.unwrap().lead.partner_id, None);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_becomes_one_deal_that_keeps_its_source() {
    let (t, _, admin) = turning(|_| {}).await;
    let both = sellers(&t).await;
    let lead = create(&t.app, &admin, &typed(1)).await.unwrap().lead;
    let who = t.seller(&lead, &both);
    let id = lead.id.as_str();
    let early = convert(&t.app, &who, id, 1, t.input("firm1")).await;
    assert!(matches!(early, Err(Refused::Refused(ConvertRefusal::Lead(LeadRefusal::Lead(LeadError::WrongStatus { .. }))))));
    accept(&t.app, &who, id, 1).await.unwrap();
    let called = note(&t.app, &who, id, 2, "Called them", true, Some("k")).await.unwrap();
    assert_eq!((called.version, called.follow_up_at), (3, None));
    assert_eq!(note(&t.app, &who, id, 2, "Called them", true, Some("k")).await.unwrap().version, 3);
    let mut broken = t.input("firm1");
    broken.draft.amount = "0".into();
    assert!(matches!(convert(&t.app, &who, id, 3, broken).await, Err(Refused::Refused(ConvertRefusal::Register(_)))));
    let all = (0..6).map(|_| convert(&t.app, &who, id, 3, t.input("firm1")));
    let done = futures::future::join_all(all).await;
    let deals: Vec<_> = done.into_iter().filter_map(|d| d.ok().and_then(|c| c.deal)).map(|d| d.id).collect();
    assert!(!deals.is_empty() && deals.iter().all(|d| *d == deals[0]), "{deals:?}");
    let now = now_of(&t.app, &who, &lead.id).await.unwrap();
    assert_eq!((now.status, now.deal_id.as_ref()), (LeadStatus::Converted, Some(&deals[0])));
    let deal = entente_app::deal::get(&t.app, &who, deals[0].as_str()).await.unwrap().unwrap();
    assert_eq!((deal.origin.lead_id.as_ref(), deal.origin.source.as_ref()), (Some(&lead.id), Some(&lead.source)));
    let all_deals = entente_app::deal::count(&t.app, &admin, &entente_app::deal::DealListQuery::default()).await.unwrap();
    assert_eq!(all_deals, 1);
    let numbers = metrics(&t.app, &admin, &LeadListQuery::default()).await.unwrap();
    assert_eq!((numbers.with_partner, numbers.won, numbers.lead_to_close()), (1, 0, Some(0.into())));
    let over = refused(close(&t.app, &who, id, now.version, CloseCode::NoInterest, None).await);
    assert_eq!(over, LeadError::WrongStatus { status: "CONVERTED" });
    t.end().await;
}

/// A deal that a server of before wrote for a lead, which died before it wrote the lead.
async fn half_converted(t: &TestApp, who: &Actor, lead: &Lead, customer: &str) -> Deal {
    let origin = Origin { lead_id: Some(lead.id.clone()), source: Some(lead.source.clone()) };
    entente_app::deal::register(&t.app, who, &RegisterInput { origin, ..t.input(customer) }).await.unwrap().deal.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_that_went_on_has_nothing_of_the_partner_that_lost_it() {
    let (t, _, admin) = turning(|_| {}).await;
    let both = sellers(&t).await;
    let lead = create(&t.app, &admin, &typed(1)).await.unwrap().lead;
    let (first, id) = (t.seller(&lead, &both), lead.id.as_str());
    let second = both.iter().find(|s| s.partner_id != first.partner_id).unwrap().clone();
    accept(&t.app, &first, id, 1).await.unwrap();
    let theirs = half_converted(&t, &first, &lead, "firm1").await;
    assign(&t.app, &admin, id, 2, second.partner_id.as_ref().unwrap().as_str()).await.unwrap();
    accept(&t.app, &second, id, 3).await.unwrap();
    let done = convert(&t.app, &second, id, 4, t.input("elsewhere")).await.unwrap();
    let deal = done.deal.unwrap();
    assert_ne!(deal.id, theirs.id);
    assert_eq!((Some(&deal.partner_id), &done.lead.deal_id), (second.partner_id.as_ref(), &Some(deal.id.clone())));
    // The first one keeps its deal, which has the lead; the second one's keeps the source.
    assert_eq!((deal.origin.lead_id, deal.origin.source), (None, Some(lead.source.clone())));
    assert!(now_of(&t.app, &first, &lead.id).await.is_none());

    // With the partner that has it still, the conversion is brought to its end.
    let lead = create(&t.app, &admin, &typed(2)).await.unwrap().lead;
    let (who, id) = (t.seller(&lead, &both), lead.id.as_str());
    accept(&t.app, &who, id, 1).await.unwrap();
    let begun = half_converted(&t, &who, &lead, "firm2").await;
    let done = convert(&t.app, &who, id, 2, t.input("firm2")).await.unwrap();
    assert_eq!((done.lead.status, done.deal.map(|d| d.id)), (LeadStatus::Converted, Some(begun.id)));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversion_and_a_reassignment_at_once_leave_no_deal_without_its_lead() {
    let (t, _, admin) = turning(|_| {}).await;
    let both = sellers(&t).await;
    for n in 0..8 {
        let lead = create(&t.app, &admin, &typed(n)).await.unwrap().lead;
        let (who, id) = (t.seller(&lead, &both), lead.id.as_str());
        let other = both.iter().find(|s| s.partner_id != who.partner_id).unwrap().partner_id.clone().unwrap();
        accept(&t.app, &who, id, 1).await.unwrap();
        let (converted, assigned) =
            futures::join!(convert(&t.app, &who, id, 2, t.input(&format!("race{n}"))), assign(&t.app, &admin, id, 2, other.as_str()));
        let now = now_of(&t.app, &admin, &lead.id).await.unwrap();
        let deal = t.store.deal_of_lead(&lead.id).await.unwrap();
        assert_eq!((converted.is_ok(), assigned.is_ok()), (deal.is_some(), deal.is_none()), "{n}: one of the two wins");
        assert_eq!((now.status == LeadStatus::Converted, &now.deal_id), (deal.is_some(), &deal), "{n}");
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_form_takes_enquiries_and_tells_nothing() {
    let (t, _, admin) = turning(|_| {}).await;
    let input = |n: u32| EnquiryInput {
        lead: typed(n).lead,
        partner_id: Some(t.partners[1].to_string()),
        consent: Some("I agree".into()),
        trap: None,
        idempotency_key: Some(format!("k{n}")),
    };
    let count = async || list(&t.app, &admin, &LeadListQuery::default(), 50, None).await.unwrap().rows.len();
    enquire(&t.app, &input(1)).await.unwrap();
    enquire(&t.app, &input(1)).await.unwrap();
    let found = list(&t.app, &admin, &LeadListQuery::default(), 50, None).await.unwrap();
    let lead = &found.rows[0].1;
    assert_eq!((found.rows.len(), lead.version, lead.partner_id.as_ref()), (1, 1, Some(&t.partners[1])));
    assert_eq!(lead.consent.as_ref().map(|c| c.text.as_str()), Some("I agree"));
    let silent = EnquiryInput { consent: Some("  ".into()), ..input(2) };
    assert!(matches!(enquire(&t.app, &silent).await, Err(Refused::Refused(LeadRefusal::ConsentMissing))));
    enquire(&t.app, &EnquiryInput { trap: Some("http://spam.example".into()), ..input(3) }).await.unwrap();
    assert_eq!(count().await, 1, "what fills in the trap is answered and thrown away");
    let mut bad = input(4);
    bad.lead.email = "nobody".into();
    match enquire(&t.app, &bad).await {
        Err(Refused::Refused(LeadRefusal::Invalid(wrong))) => assert_eq!(wrong[0].code, LeadCode::EmailInvalid),
        other => panic!("{other:?}"),
    }
    // Known or not, the answer is the same.
    enquire(&t.app, &EnquiryInput { idempotency_key: None, ..input(1) }).await.unwrap();
    enquire(&t.app, &input(5)).await.unwrap();
    assert_eq!(count().await, 2);
    t.end().await;
}

async fn run_of(t: &TestApp, admin: &Actor, text: String, dry_run: bool) -> entente_app::import::ImportRunRecord {
    let file = FileId::new(Ulid::from_parts(1, rand_of(&text)));
    t.app.files.put_upload(&file, Bytes::from(text)).await.unwrap();
    let source = SourceInput { kind: SourceKind::Event, campaign: Some("Fair".into()), ..SourceInput::default() };
    let input = LeadImportInput { file: file.to_string(), source, dry_run, ..LeadImportInput::default() };
    let (begun, mut run) = (Instant::now(), import(&t.app, admin, input.clone()).await);
    // It may start a moment after the run before is written down as done.
    while matches!(run, Err(Refused::Refused(LeadImportRefusal::AlreadyRunning))) && begun.elapsed() < Duration::from_secs(30) {
        run = import(&t.app, admin, input.clone()).await;
    }
    loop {
        let now = entente_app::import::get(&t.app, admin, run.as_ref().unwrap().id.as_str()).await.unwrap().unwrap();
        if now.status != "RUNNING" {
            return now;
        }
        assert!(begun.elapsed() < Duration::from_secs(540), "{now:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn rand_of(text: &str) -> u128 {
    text.bytes().fold(7_u128, |h, b| h.wrapping_mul(31).wrapping_add(b.into())) & ((1 << 80) - 1)
}

fn row(n: usize) -> String {
    format!("r{n},Jo {n},jo{n}@firm{n}.example,Firm {n},DE,vault,1500,\"Please, call\"\r\n")
}

const HEADER: &str = "key,name,email,company,country,products,value,message\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn broken_rows_of_a_file_are_reported_and_the_same_file_changes_nothing() {
    let (t, _, admin) = turning(|r| r.capacity = Some(3)).await;
    let mut text = HEADER.to_owned();
    for n in 0..20 {
        match n {
            3 => text += "r3,Jo,not-an-address,Firm,DE,vault,1500,x\r\n",
            5 => text += "r5,,jo5@firm5.example,Firm 5,Nowhere,no-such,abc,x\r\n",
            7 => text += "r7,too,few\r\n",
            9 => text += "\r\n",
            11 => text += "r11,Jo 1,jo1@firm1.example,Firm 1,DE,vault,1500,again\r\n",
            n => text += &row(n),
        }
    }
    let dry = run_of(&t, &admin, text.clone(), true).await;
    assert_eq!((dry.status.as_str(), dry.created, dry.rejected), ("DONE", 15, 3));
    assert_eq!(list(&t.app, &admin, &LeadListQuery::default(), 50, None).await.unwrap().rows.len(), 0);
    let run = run_of(&t, &admin, text.clone(), false).await;
    assert_eq!((run.total, run.processed, run.created, run.unchanged, run.rejected), (19, 19, 15, 1, 3), "{run:?}");
    let issues = entente_app::import::issues(&t.app, &admin, &run.id, 50, None).await.unwrap();
    let mut said: Vec<(i64, Option<String>, String)> = issues.rows.into_iter().map(|(_, i)| (i.line, i.column, i.code)).collect();
    said.sort();
    let issue = |line, column: &str, code: &str| (line, Some(column.to_owned()).filter(|c| !c.is_empty()), code.to_owned());
    let expected = [
        issue(5, "email", "EMAIL_INVALID"),
        issue(7, "country", "UNKNOWN_COUNTRY"),
        issue(7, "name", "REQUIRED"),
        issue(7, "products", "UNKNOWN_PRODUCT"),
        issue(7, "value", "VALUE_INVALID"),
        issue(9, "", "WRONG_FIELD_COUNT"),
        issue(13, "email", "SAME_ENQUIRY"),
    ];
    assert_eq!(said, expected);
    let kept = list(&t.app, &admin, &LeadListQuery::default(), 50, None).await.unwrap();
    assert_eq!(kept.rows.iter().filter(|(_, l)| l.partner_id.is_some()).count(), 6, "three for each partner");
    let again = run_of(&t, &admin, text, false).await;
    assert_eq!((again.created, again.unchanged, again.rejected), (0, 16, 3));
    let refusal = |text: &str| {
        let (file, bytes) = (FileId::new(Ulid::from_parts(2, rand_of(text))), Bytes::from(text.to_owned()));
        let (app, admin) = (t.app.clone(), admin.clone());
        async move {
            app.files.put_upload(&file, bytes).await.unwrap();
            match import(&app, &admin, LeadImportInput { file: file.to_string(), ..LeadImportInput::default() }).await {
                Err(Refused::Refused(refusal)) => refusal,
                other => panic!("{other:?}"),
            }
        }
    };
    assert!(matches!(refusal("name,email\r\nx,y\r\n").await, LeadImportRefusal::ColumnMissing { column: "company", .. }));
    assert!(matches!(refusal("name;email;company\r\n").await, LeadImportRefusal::FileBroken(_)));
    assert!(matches!(refusal("\0\u{1}PNG").await, LeadImportRefusal::FileBroken(_)));
    let seller = t.person(Role::PartnerAdmin, Some(0)).await;
    assert!(matches!(import(&t.app, &seller, LeadImportInput::default()).await, Err(Refused::Refused(LeadImportRefusal::NotAllowed))));
    t.end().await;
}

/// Takes a while: `cargo test -p entente-app --test leads -- --ignored --nocapture` prints how long.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a hundred thousand rows take minutes in a debug build"]
async fn a_hundred_thousand_rows_of_which_ten_are_broken() {
    let (t, _, admin) = turning(|r| r.capacity = Some(5_000)).await;
    let mut text = HEADER.to_owned();
    for n in 0..100_000 {
        if n % 10_000 == 77 { text += "broken,,nowhere,,,,,\r\n" } else { text += &row(n) }
    }
    let begun = Instant::now();
    let run = run_of(&t, &admin, text.clone(), false).await;
    println!("100,000 rows in {:.1} s", begun.elapsed().as_secs_f64());
    assert_eq!((run.status.as_str(), run.total, run.processed), ("DONE", 100_000, 100_000), "{run:?}");
    assert_eq!((run.created, run.unchanged, run.rejected), (99_990, 0, 10));
    let lines: Vec<i64> =
        entente_app::import::issues(&t.app, &admin, &run.id, 100, None).await.unwrap().rows.into_iter().map(|(_, i)| i.line).collect();
    assert_eq!(lines.iter().filter(|l| *l % 10_000 == 79).count(), lines.len(), "{lines:?}");
    assert_eq!(lines.len(), 30, "name, e-mail and company of each of the ten");
    let numbers = metrics(&t.app, &admin, &LeadListQuery::default()).await.unwrap();
    assert_eq!(numbers.by_status, BTreeMap::from([(LeadStatus::Assigned, 10_000), (LeadStatus::Unrouted, 89_990)]));
    let begun = Instant::now();
    let again = run_of(&t, &admin, text, false).await;
    println!("the same file again in {:.1} s", begun.elapsed().as_secs_f64());
    assert_eq!((again.created, again.unchanged, again.rejected), (0, 99_990, 10));
    t.end().await;
}
