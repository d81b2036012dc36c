//! The rules of deals, told by example and by random histories.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use ulid::Ulid;

use super::evidence::MoreEvidence;
use super::protection::{ExtensionRule, ProtectionTerms};
use super::register::{Draft, DraftCode, DraftInput, DraftRules, RegisterFacts, customer_of, register, validate};
use super::stage::StageMove;
use super::update::DealUpdate;
use super::verdict::{ConflictFacts, VerdictOutcome, judge};
use super::*;
use crate::calendar::BusinessCalendar;
use crate::event::Visibility;
use crate::id::{CustomerId, ProgramId};
use crate::money::Currency;
use crate::program::{Product, Program, Rate, Rules, Stage};
use crate::rules::RuleSet;
use crate::user::Role;

fn stage(key: &str, category: StageCategory) -> Stage {
    Stage { key: key.into(), name: key.to_uppercase(), category, probability: 10 }
}

pub(crate) fn program() -> Program {
    let usd = Currency::parse("USD").unwrap();
    let eur = Currency::parse("EUR").unwrap();
    Program {
        id: ProgramId::new(Ulid::from_parts(1, 1)),
        version: 1,
        name: "P".into(),
        vendor: "V".into(),
        currency: usd.clone(),
        rates: vec![
            Rate { currency: usd, rate: Decimal::ONE },
            Rate { currency: eur, rate: "1.1".parse().unwrap() },
            Rate { currency: Currency::parse("JPY").unwrap(), rate: "0.007".parse().unwrap() },
        ],
        stages: vec![
            stage("new", StageCategory::Open),
            stage("talk", StageCategory::Open),
            stage("won", StageCategory::Won),
            stage("lost", StageCategory::Lost),
        ],
        tiers: Vec::new(),
        partner_types: Vec::new(),
        territories: Vec::new(),
        verticals: Vec::new(),
        competencies: Vec::new(),
        products: (1..=3).map(|n| Product::new(product(n), &format!("p{n}"), &format!("P{n}"), None, None)).collect(),
        calendar: BusinessCalendar::weekly(
            "UTC".into(),
            &[1, 2, 3, 4, 5],
            (jiff::civil::time(9, 0, 0, 0), jiff::civil::time(17, 0, 0, 0)),
            Vec::new(),
        ),
        rules: Rules { version: 1, approval_business_hours: 16, protection_days: 90, minimum_value: Decimal::from(1000), ..Rules::default() },
        created_at: at(0),
    }
}

fn product(n: u128) -> ProductId {
    ProductId::new(Ulid::from_parts(1, n))
}

fn partner(n: u128) -> PartnerId {
    PartnerId::new(Ulid::from_parts(2, n))
}

/// Hours after Monday, 2 November 2026, 09:00 UTC.
pub(crate) fn at(hours: i64) -> Timestamp {
    "2026-11-02T09:00:00Z".parse::<Timestamp>().unwrap().checked_add(SignedDuration::from_hours(hours)).unwrap()
}

pub(super) fn cause(actor: &Actor, hours: i64) -> Cause {
    Cause::by(actor, at(hours), EventId::new(Ulid::from_parts(3, hours as u128)))
}

/// What a clock does.
pub(super) fn clock(hours: i64) -> Cause {
    Cause { actor: EventActor { user_id: None, name: "clock".into() }, now: at(hours), event_id: EventId::new(Ulid::nil()), covers: Vec::new() }
}

fn actor(role: Role, of: Option<u128>) -> Actor {
    Actor { user_id: UserId::new(Ulid::from_parts(4, 1)), name: "Somebody".into(), roles: vec![role], partner_id: of.map(partner), api_key: None }
}

pub(super) fn manager() -> Actor {
    actor(Role::ChannelManager, None)
}

pub(super) fn seller() -> Actor {
    actor(Role::PartnerSales, Some(1))
}

fn input() -> DraftInput {
    DraftInput {
        title: "Backup for the plant".into(),
        customer_name: "Acme GmbH".into(),
        customer_domain: Some("acme.example".into()),
        customer_country: Some("DE".into()),
        product_ids: vec![product(1).to_string()],
        amount: "12500.50".into(),
        currency: "EUR".into(),
        expected_close_on: Some(jiff::civil::date(2026, 12, 1)),
        next_step: None,
        contact: None,
        description: None,
        ..DraftInput::default()
    }
}

fn draft_rules() -> DraftRules {
    DraftRules::of(&program(), &RuleSet::of(&program()).requirements)
}

pub(super) fn today() -> Date {
    jiff::civil::date(2026, 11, 2)
}

fn valid() -> Draft {
    validate(&input(), &draft_rules(), today()).unwrap()
}

pub(super) fn registered() -> Deal {
    registration().deal
}

/// A registration that was just made.
pub(crate) fn registration() -> Decision {
    let program = program();
    let draft = valid();
    let customer = customer_of(&draft, None, CustomerId::new(Ulid::from_parts(5, 1)), partner(1));
    let facts = RegisterFacts {
        program: &program,
        zone: &TimeZone::UTC,
        id: DealId::new(Ulid::from_parts(6, 1)),
        number: "D-1".into(),
        partner_id: partner(1),
        customer,
        manager_id: None,
        territory: None,
        terms: RuleSet::of(&program).terms(draft.value.amount, None, &[], &[]),
    };
    register(draft, facts, &seller().user_id, cause(&seller(), 0)).unwrap()
}

fn refused(change: impl Fn(&mut DraftInput)) -> (DraftCode, String) {
    let mut draft = input();
    change(&mut draft);
    let wrong = validate(&draft, &draft_rules(), today()).unwrap_err();
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    (wrong[0].code, wrong[0].path.join("."))
}

#[test]
fn a_draft_is_refused_field_by_field() {
    type Change = Box<dyn Fn(&mut DraftInput)>;
    let cases: Vec<(DraftCode, &str, Change)> = vec![
        (DraftCode::Required, "title", Box::new(|d| d.title = "  ".into())),
        (DraftCode::TooLong, "title", Box::new(|d| d.title = "x".repeat(201))),
        (DraftCode::Required, "customerName", Box::new(|d| d.customer_name = String::new())),
        (DraftCode::InvalidInput, "customerDomain", Box::new(|d| d.customer_domain = Some("no domain".into()))),
        (DraftCode::CustomerCountryUnknown, "customerCountry", Box::new(|d| d.customer_country = Some("XX".into()))),
        (DraftCode::Required, "productIds", Box::new(|d| d.product_ids.clear())),
        (DraftCode::ProductUnknown, "productIds.0", Box::new(|d| d.product_ids = vec![product(9).to_string()])),
        (DraftCode::ValueNotPositive, "value.amount", Box::new(|d| d.amount = "0".into())),
        (DraftCode::ValueNotPositive, "value.amount", Box::new(|d| d.amount = "-5".into())),
        (DraftCode::ValueTooPrecise, "value.amount", Box::new(|d| d.amount = "12500.505".into())),
        (DraftCode::ValueTooPrecise, "value.amount", Box::new(|d| (d.amount, d.currency) = ("900000.5".into(), "JPY".into()))),
        (DraftCode::ValueBelowMinimum, "value.amount", Box::new(|d| d.amount = "909.00".into())),
        (DraftCode::InvalidInput, "value.amount", Box::new(|d| d.amount = "a lot".into())),
        (DraftCode::InvalidInput, "value.amount", Box::new(|d| d.amount = "1e60".into())),
        (DraftCode::CurrencyNotAccepted, "value.currency", Box::new(|d| d.currency = "XTS".into())),
        (DraftCode::CloseDateInPast, "expectedCloseOn", Box::new(|d| d.expected_close_on = Some(jiff::civil::date(2026, 11, 1)))),
        (DraftCode::TooLong, "nextStep", Box::new(|d| d.next_step = Some("x".repeat(1001)))),
    ];
    for (code, path, change) in cases {
        assert_eq!(refused(change), (code, path.to_owned()));
    }
    // Trailing zeros are no decimals, and today is not past.
    let mut fine = input();
    fine.amount = "12500.5000".into();
    fine.expected_close_on = Some(today());
    assert!(validate(&fine, &draft_rules(), today()).is_ok());
}

#[test]
fn a_registration_is_due_in_business_hours_and_converted() {
    let deal = registered();
    assert_eq!(deal.status, RegistrationStatus::Submitted);
    assert_eq!(deal.decision_due_at, Some(at(32)), "two working days of eight hours");
    assert_eq!(deal.base_value.amount.to_string(), "13750.55");
    assert!(deal.protected_until.is_none());
}

#[test]
fn approval_protects_and_closing_gives_free() {
    let p = program();
    let approved = decide::approve(&registered(), &manager(), 1, Some("good"), &p, cause(&manager(), 1)).unwrap();
    assert_eq!(approved.take.len(), 1);
    assert_eq!(approved.deal.protected_until, Some(at(1 + 90 * 24)));
    assert_eq!((approved.deal.version, approved.based_on), (2, Some(1)));
    let won = stage::move_stage(&approved.deal, &seller(), 2, StageMove { stage: "won", note: None }, &p, today(), cause(&seller(), 2)).unwrap();
    assert!(won.release_claims && won.deal.protected_until.is_none());
    assert_eq!(won.deal.closed_on, Some(today()));
    let again = stage::move_stage(&won.deal, &seller(), 3, StageMove { stage: "talk", note: None }, &p, today(), cause(&seller(), 3));
    assert_eq!(again.unwrap_err(), DealError::WrongStatus { status: "APPROVED" });
}

#[test]
fn the_vendors_clock_stands_still_while_the_partner_owes_an_answer() {
    let p = program();
    let asked = decide::request_info(&registered(), &manager(), 1, "Who signs?", &p, &TimeZone::UTC, cause(&manager(), 4)).unwrap().deal;
    assert_eq!((asked.decision_due_at, asked.paused_minutes), (None, Some(12 * 60)));
    // Answered a week later, at the same hour of the day: twelve business hours are left.
    let answered = decide::provide_info(&asked, &seller(), 2, "The CFO", &p, &TimeZone::UTC, cause(&seller(), 4 + 7 * 24)).unwrap().deal;
    assert_eq!(answered.status, RegistrationStatus::InReview);
    assert_eq!(answered.decision_due_at, Some(at(4 + 8 * 24 + 4)));
}

#[test]
fn who_may_not_is_told_and_who_must_not_know_finds_nothing() {
    let (deal, p) = (registered(), program());
    let rival = actor(Role::PartnerSales, Some(2));
    let approve = |actor: &Actor, version| decide::approve(&deal, actor, version, None, &p, cause(actor, 1)).unwrap_err();
    assert_eq!(approve(&rival, 1), DealError::NotFound);
    assert_eq!(approve(&seller(), 1), DealError::NotAllowed);
    assert_eq!(approve(&manager(), 7), DealError::StaleVersion { current: 1 });
    assert_eq!(decide::reject(&deal, &manager(), 1, " ", cause(&manager(), 1)).unwrap_err(), DealError::Required { field: "reason" });
    assert_eq!(note::add_note(&deal, &seller(), "x", Visibility::Internal, cause(&seller(), 1)).unwrap_err(), DealError::NotAllowed);
    let late = DealUpdate { expected_close_on: Some(jiff::civil::date(2020, 1, 1)), ..DealUpdate::default() };
    assert_eq!(update::update(&deal, &seller(), 1, &late, today(), cause(&seller(), 1)).unwrap_err(), DealError::CloseDateInPast);
}

#[test]
fn a_verdict_names_no_rival() {
    let blocked = judge(ConflictFacts { protected_by_other: true, ..ConflictFacts::default() });
    assert_eq!(blocked.outcome, VerdictOutcome::Blocked);
    assert_eq!(judge(ConflictFacts { other_registration: true, ..ConflictFacts::default() }).outcome, VerdictOutcome::PossibleConflict);
    assert_eq!(judge(ConflictFacts::default()).outcome, VerdictOutcome::Clear);
    assert_eq!(judge(ConflictFacts { own_registration: true, ..ConflictFacts::default() }).outcome, VerdictOutcome::Blocked);
}

proptest! {
    /// Whatever anyone tries, in whatever order: the version counts every change, exactly the protected deals hold claims,
    /// a clock runs exactly while the vendor owes an answer, and what may be done is what succeeds.
    #[test]
    fn a_deal_stays_in_order(steps in proptest::collection::vec((0usize..DealAction::ALL.len(), any::<bool>(), 1i64..400), 0..60)) {
        let mut p = program();
        p.rules.protection = ProtectionTerms { extension: ExtensionRule::Unlimited, extension_days: 30, inactivity_days: 40, reminder_days: vec![30, 7] };
        let mut deal = registered();
        let mut held = 0;
        let mut hours = 0;
        for (what, by_vendor, pause) in steps {
            hours += pause;
            let who = if by_vendor { manager() } else { seller() };
            let c = cause(&who, hours);
            if let Some(d) = expire::expire(&deal, clock(hours)) {
                held = 0;
                deal = d.deal;
            }
            let v = deal.version;
            let action = DealAction::ALL[what];
            let result = match action {
                DealAction::Approve => decide::approve(&deal, &who, v, None, &p, c),
                DealAction::Reject => decide::reject(&deal, &who, v, "no", c),
                DealAction::RequestInfo => decide::request_info(&deal, &who, v, "why?", &p, &TimeZone::UTC, c),
                DealAction::ProvideInfo => decide::provide_info(&deal, &who, v, "so", &p, &TimeZone::UTC, c),
                DealAction::Withdraw => decide::withdraw(&deal, &who, v, None, c),
                DealAction::MoveStage => {
                    let to = if pause % 5 == 0 { "won" } else if deal.stage == "talk" { "new" } else { "talk" };
                    stage::move_stage(&deal, &who, v, StageMove { stage: to, note: None }, &p, today(), c)
                }
                DealAction::AddNote => note::add_note(&deal, &who, "n", Visibility::Shared, c),
                DealAction::Reroute => {
                    let to = UserId::new(Ulid::from_parts(4, hours as u128));
                    let handing = crate::routing::steps::Handing { to: &to, to_name: "N", from_name: None, able: true };
                    crate::routing::steps::reroute(&deal, &who, v, handing, "r", &c)
                }
                DealAction::AddEvidence => {
                    let more = MoreEvidence { budget: Some(format!("{hours}")), ..MoreEvidence::default() };
                    evidence::add(&deal, &who, v, more, today(), c)
                }
                DealAction::AskVendor => protection::ask_vendor(&deal, &who, v, "When?", c),
                DealAction::AnswerPartner => protection::answer_partner(&deal, &who, v, "Soon", c),
                DealAction::RequestExtension => protection::request_extension(&deal, &who, v, "They met us", c),
                DealAction::DecideExtension => protection::decide_extension(&deal, &who, v, pause % 2 == 0, Some("so"), c),
                DealAction::Release => protection::release(&deal, &who, v, "The CIO", "Mail of today", c),
                DealAction::Edit => update::update(&deal, &who, v, &DealUpdate { title: Some("T".into()), ..DealUpdate::default() }, today(), c),
            };
            prop_assert_eq!(result.is_ok(), allowed_actions(&deal, &who).contains(&action), "{:?} on {:?}", action, deal.status);
            if let Some(d) = result.ok().or_else(|| protection::remind(&deal, clock(hours))) {
                prop_assert_eq!(d.based_on, Some(deal.version));
                prop_assert_eq!(d.deal.version, deal.version + i32::from(d.events[0].kind.changes_deal()));
                if d.release_claims { held = 0; }
                held += d.take.len();
                deal = d.deal;
            }
            prop_assert_eq!(held, usize::from(deal.is_protected()));
            prop_assert_eq!(deal.protection.left_ms.is_some(), deal.protection.vendor_owes());
            prop_assert_eq!(deal.decision_due_at.is_some(), deal.status.awaits_vendor());
            prop_assert_eq!(deal.open_question.is_some(), deal.status == RegistrationStatus::InfoRequested);
            prop_assert_eq!(deal.closed_on.is_some(), deal.stage_category != StageCategory::Open);
        }
    }
}
