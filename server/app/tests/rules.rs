//! The rules as data, end to end against a real database: proposing, withdrawing, coming into force, trying, accepting.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::TestApp;
use entente_app::clock::Clock;
use entente_app::deal::{RegisterRefusal, approve, check, register};
use entente_app::idempotency::KeyRefusal;
use entente_app::partner::set_certificates;
use entente_app::rules::{EngagementRefusal, Proposal, RulesRefusal, accept, at, engagement, list, propose, try_rules, withdraw};
use entente_app::{App, Refused};
use entente_domain::deal::evidence::{EvidenceRules, EvidenceUse};
use entente_domain::deal::register::DraftCode;
use entente_domain::deal::verdict::VerdictOutcome;
use entente_domain::partner::Certificate;
use entente_domain::rules::fields::{CustomField, FieldKind};
use entente_domain::rules::propose::RulesCode;
use entente_domain::rules::{ProtectionOverride, RuleSet, RulesVersion};
use entente_domain::user::Role;
use entente_domain::{Date, Timestamp};
use jiff::ToSpan;
use jiff::tz::TimeZone;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// An application whose clock a test turns.
async fn turning() -> (TestApp, Arc<AtomicI64>) {
    let ms = Arc::new(AtomicI64::new("2026-11-19T10:00:00Z".parse::<Timestamp>().unwrap().as_millisecond()));
    (TestApp::with_clock(false, Clock::Set(ms.clone())).await, ms)
}

async fn rules(app: &App) -> RuleSet {
    app.program().await.unwrap().rules.rules.clone()
}

fn ahead(app: &App, days: i64) -> Date {
    app.now().to_zoned(TimeZone::UTC).date().checked_add(days.days()).unwrap()
}

fn codes<T: std::fmt::Debug>(done: Result<T, Refused<RulesRefusal>>) -> Vec<RulesCode> {
    match done {
        Err(Refused::Refused(RulesRefusal::Invalid(wrong))) => wrong.into_iter().map(|w| w.code).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_comes_into_force_on_its_day_and_old_deals_keep_theirs() {
    let (t, ms) = turning().await;
    let admin = t.person(Role::Admin, None).await;
    let seller = t.person(Role::PartnerSales, Some(0)).await;
    let old = register(&t.app, &seller, &t.input("before")).await.unwrap().deal.unwrap();
    assert_eq!(old.judged.rules, 1);

    let mut new = rules(&t.app).await;
    new.requirements.minimum_value = 20_000.into();
    new.requirements.contact = true;
    new.protection_days = 30;
    new.protection_overrides = vec![ProtectionOverride { tier: Some("select".into()), line: None, product: None, days: 45 }];
    new.notice_days = 14;
    let proposal = |days| Proposal {
        rules: new.clone(),
        effective_from: ahead(&t.app, days),
        note: Some("Larger deals".into()),
        keeps_dispute: false,
        based_on: None,
    };
    for who in [&seller, &t.person(Role::ChannelManager, None).await, &t.person(Role::PartnerAdmin, Some(0)).await] {
        assert!(matches!(propose(&t.app, who, &proposal(3), None).await, Err(Refused::Refused(RulesRefusal::NotAllowed))));
    }
    assert_eq!(codes(propose(&t.app, &admin, &proposal(0), None).await), [RulesCode::DateInPast]);
    let second = propose(&t.app, &admin, &proposal(3), Some("k")).await.unwrap();
    assert_eq!(propose(&t.app, &admin, &proposal(3), Some("k")).await.unwrap(), second, "the same key, the same answer");
    assert!(matches!(propose(&t.app, &admin, &proposal(4), Some("k")).await, Err(Refused::Refused(RulesRefusal::Key(KeyRefusal::Reused)))));
    assert_eq!(codes(propose(&t.app, &admin, &proposal(3), None).await), [RulesCode::DateTaken]);

    // Announced and not in force: nothing changes for those who register.
    assert_eq!((second.number, at(&t.app, None).await.unwrap().0.number), (2, 1));
    assert_eq!(at(&t.app, Some(second.starts_at)).await.unwrap().0.number, 2);
    let input = t.input("between");
    assert_eq!(check(&t.app, &seller, &input).await.unwrap().outcome, VerdictOutcome::Clear);

    ms.fetch_add(3 * DAY_MS, Ordering::Relaxed);
    assert_eq!(at(&t.app, None).await.unwrap().0.number, 2);
    let Err(Refused::Refused(RegisterRefusal::Invalid(wrong))) = register(&t.app, &seller, &input).await else { panic!("below the minimum") };
    let wrong: Vec<_> = wrong.into_iter().map(|w| (w.code, w.path.join("."))).collect();
    assert_eq!(wrong, [(DraftCode::ValueBelowMinimum, "value.amount".into()), (DraftCode::ContactMissing, "contactName".into())]);
    let mut good = t.input("after");
    good.draft.amount = "20000".into();
    good.draft.contact = Some("Ada Winter".into());
    let made = register(&t.app, &seller, &good).await.unwrap();
    let passed: Vec<_> = made.verdict.rules.iter().filter(|r| r.passed).map(|r| r.code.name()).collect();
    assert!(passed.contains(&"CONTACT_NAMED") && passed.contains(&"MINIMUM_VALUE"), "{passed:?}");
    let new_deal = made.deal.unwrap();
    assert_eq!((new_deal.judged.rules, new_deal.evidence.contact.as_deref()), (2, Some("Ada Winter")));

    // Each is protected by the rules that it was judged under.
    let days = |d: &entente_domain::deal::Deal| d.protected_until.unwrap().duration_since(t.app.now()).as_hours() / 24;
    let old = approve(&t.app, &admin, old.id.as_str(), 1, None).await.unwrap();
    let new_deal = approve(&t.app, &admin, new_deal.id.as_str(), 1, None).await.unwrap();
    assert_eq!((days(&old), days(&new_deal)), (90, 45));

    // The notice that the second version asks for holds for the third, and what has begun is not withdrawn.
    assert_eq!(codes(propose(&t.app, &admin, &proposal(3), None).await), [RulesCode::DateWithinNotice]);
    assert!(matches!(withdraw(&t.app, &admin, 2, "late", None).await, Err(Refused::Refused(RulesRefusal::NotAnnounced))));
    assert!(matches!(withdraw(&t.app, &admin, 9, "none", None).await, Err(Refused::Refused(RulesRefusal::NotFound))));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_proposals_at_once_one_is_let_in_and_withdrawn_ones_are_the_vendors_to_read() {
    let t = TestApp::start(false).await;
    let admin = t.person(Role::Admin, None).await;
    let proposal = Proposal { rules: rules(&t.app).await, effective_from: ahead(&t.app, 10), note: None, keeps_dispute: false, based_on: None };
    let tries = (0..8).map(|_| propose(&t.app, &admin, &proposal, None));
    let done = futures::future::join_all(tries).await;
    assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 1, "{done:?}");
    for lost in done.into_iter().filter(Result::is_err) {
        assert_eq!(codes(lost), [RulesCode::DateTaken]);
    }
    assert!(matches!(withdraw(&t.app, &admin, 2, " ", None).await, Err(Refused::Refused(RulesRefusal::ReasonRequired))));
    let gone = withdraw(&t.app, &admin, 2, "A slip", None).await.unwrap();
    assert_eq!(gone.withdrawn.unwrap().reason, "A slip");
    // The date is free again, under the next number.
    assert_eq!(propose(&t.app, &admin, &proposal, None).await.unwrap().number, 3);
    let partner = t.person(Role::PartnerAdmin, Some(0)).await;
    let numbers = async |actor| list(&t.app, actor, 25, None).await.unwrap().rows.iter().map(|(_, v)| v.number).collect::<Vec<_>>();
    assert_eq!((numbers(None).await, numbers(Some(&partner)).await, numbers(Some(&admin)).await), (vec![3, 1], vec![3, 1], vec![3, 2, 1]));
    let first = list(&t.app, Some(&admin), 2, None).await.unwrap();
    let next = list(&t.app, Some(&admin), 2, Some(&first.rows[1].0)).await.unwrap();
    assert_eq!((next.rows[0].1.number, next.has_next), (1, false));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_accepted_the_rules_of_engagement_does_not_register() {
    let (t, ms) = turning().await;
    let admin = t.person(Role::Admin, None).await;
    let seller = t.person(Role::PartnerSales, Some(0)).await;
    let lead = t.person(Role::PartnerAdmin, Some(0)).await;
    assert!(matches!(accept(&t.app, &lead, 1, None).await, Err(Refused::Refused(EngagementRefusal::NothingToAccept))));
    let mut new = rules(&t.app).await;
    new.requirements.engagement = Some("Be fair.".into());
    let proposal = Proposal { rules: new, effective_from: ahead(&t.app, 1), note: None, keeps_dispute: false, based_on: None };
    propose(&t.app, &admin, &proposal, None).await.unwrap();
    ms.fetch_add(DAY_MS, Ordering::Relaxed);

    let Err(Refused::Refused(RegisterRefusal::Invalid(wrong))) = register(&t.app, &seller, &t.input("early")).await else { panic!("not accepted") };
    assert_eq!(wrong[0].code, DraftCode::EngagementNotAccepted);
    for who in [&seller, &admin] {
        assert!(matches!(accept(&t.app, who, 2, None).await, Err(Refused::Refused(EngagementRefusal::NotAllowed))));
    }
    assert!(matches!(accept(&t.app, &lead, 1, None).await, Err(Refused::Refused(EngagementRefusal::OtherVersion(2)))));
    let done = accept(&t.app, &lead, 2, Some("k")).await.unwrap();
    assert_eq!((done.rules, done.by.name.as_str()), (2, "PartnerAdmin"));
    assert_eq!(accept(&t.app, &lead, 2, None).await.unwrap(), done, "accepted once");
    assert!(register(&t.app, &seller, &t.input("early")).await.unwrap().deal.is_some());

    let other = t.person(Role::PartnerAdmin, Some(1)).await;
    let own = t.partners[0].as_str();
    assert_eq!(engagement(&t.app, &seller, None).await.unwrap(), Some(done.clone()));
    assert_eq!(engagement(&t.app, &admin, Some(own)).await.unwrap(), Some(done));
    assert_eq!(engagement(&t.app, &other, Some(own)).await.unwrap(), None, "another's is not theirs to know");
    let of_other = t.person(Role::PartnerSales, Some(1)).await;
    assert!(register(&t.app, &of_other, &t.input("elsewhere")).await.is_err());
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_tried_on_what_was_registered() {
    let t = TestApp::start(false).await;
    let admin = t.person(Role::Admin, None).await;
    let seller = t.person(Role::PartnerSales, Some(0)).await;
    for n in 0..5 {
        let mut input = t.input(&format!("customer{n}"));
        input.draft.amount = format!("{}", 10_000 + n * 1_000);
        register(&t.app, &seller, &input).await.unwrap().deal.unwrap();
    }
    let same = rules(&t.app).await;
    let tried = try_rules(&t.app, &admin, &same, 10, None).await.unwrap();
    assert_eq!((tried.judged, tried.refused, tried.other_terms, tried.page.rows.len()), (5, 0, 0, 0));

    let mut stricter = same.clone();
    stricter.requirements.minimum_value = 13_000.into();
    let tried = try_rules(&t.app, &admin, &stricter, 2, None).await.unwrap();
    assert_eq!(
        (tried.refused, tried.refused_approved, tried.by_rule["MINIMUM_VALUE"], tried.page.rows.len(), tried.page.has_next),
        (3, 0, 3, 2, true)
    );
    let rest = try_rules(&t.app, &admin, &stricter, 2, Some(&tried.page.rows[1].0)).await.unwrap();
    assert_eq!((rest.refused, rest.page.rows.len(), rest.page.has_next), (3, 1, false));
    assert_eq!(rest.page.rows[0].1.deal.value.amount.to_string(), "12000");

    let mut longer = same;
    longer.protection_days = 100;
    let tried = try_rules(&t.app, &admin, &longer, 10, None).await.unwrap();
    assert_eq!((tried.refused, tried.other_terms), (0, 5));
    let first = &tried.page.rows[0].1;
    assert_eq!((first.before.protection_days, first.after.protection_days), (90, 100));
    assert_eq!(codes(try_rules(&t.app, &admin, &RuleSet { protection_days: 0, ..longer.clone() }, 10, None).await), [RulesCode::InvalidInput]);
    assert!(matches!(try_rules(&t.app, &seller, &longer, 10, None).await, Err(Refused::Refused(RulesRefusal::NotAllowed))));
    assert_eq!(at(&t.app, None).await.unwrap().0.number, 1, "nothing was written");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_asks_for_certificates_own_fields_and_the_evidence_of_approvals() {
    let (t, ms) = turning().await;
    let admin = t.person(Role::Admin, None).await;
    let seller = t.person(Role::PartnerSales, Some(0)).await;
    let other = t.person(Role::PartnerSales, Some(1)).await;
    let certificate = Certificate { person: "Ada Winter".into(), name: "Vault".into(), valid_until: Some(ahead(&t.app, 2)) };
    let version = t.store.partner(&t.partners[0]).await.unwrap().unwrap().version;
    set_certificates(&t.app, &admin, t.partners[0].as_str(), version, vec![certificate]).await.unwrap();
    let mut asks = rules(&t.app).await;
    asks.requirements.fields =
        vec![CustomField { key: "seats".into(), name: "Seats".into(), kind: FieldKind::Number, options: Vec::new(), required: false }];
    let proposal = Proposal { rules: asks, effective_from: ahead(&t.app, 1), note: None, keeps_dispute: false, based_on: None };
    propose(&t.app, &admin, &proposal, None).await.unwrap();
    ms.fetch_add(DAY_MS, Ordering::Relaxed);

    // Certified and with an answer, then approved; certified without an answer; neither.
    let mut answered = t.input("answered");
    answered.draft.fields = vec![("seats".into(), "12".into())];
    let answered = register(&t.app, &seller, &answered).await.unwrap().deal.unwrap();
    approve(&t.app, &admin, answered.id.as_str(), 1, None).await.unwrap();
    ms.fetch_add(1_000, Ordering::Relaxed);
    let silent = register(&t.app, &seller, &t.input("silent")).await.unwrap().deal.unwrap();
    ms.fetch_add(1_000, Ordering::Relaxed);
    let elsewhere = register(&t.app, &other, &t.input("elsewhere")).await.unwrap().deal.unwrap();
    // The certificate is over today; it was valid when they were submitted.
    ms.fetch_add(10 * DAY_MS, Ordering::Relaxed);
    let same = rules(&t.app).await;
    let otherwise = async |draft: &RuleSet| {
        let tried = try_rules(&t.app, &admin, draft, 10, None).await.unwrap();
        let ids: Vec<_> = tried.page.rows.iter().map(|(_, one)| one.deal.id.clone()).collect();
        ((tried.refused, tried.refused_approved), tried.by_rule, ids)
    };
    assert_eq!(otherwise(&same).await, ((0, 0), std::collections::BTreeMap::new(), vec![]));

    let mut certified = same.clone();
    certified.requirements.certified = true;
    let (counted, by_rule, ids) = otherwise(&certified).await;
    assert_eq!((counted, by_rule["CERTIFIED_PERSON"], ids), ((1, 0), 1, vec![elsewhere.id.clone()]));

    let mut required = same.clone();
    required.requirements.fields[0].required = true;
    let (counted, by_rule, ids) = otherwise(&required).await;
    assert_eq!((counted, by_rule["CUSTOM_FIELD"], ids), ((2, 0), 2, vec![silent.id, elsewhere.id]));

    // Nobody brought evidence, and one of them was approved.
    let mut proven = same;
    proven.requirements.evidence = EvidenceRules { counts: EvidenceUse::MinimumToApprove, minimum: 30, ..EvidenceRules::default() };
    let (counted, by_rule, ids) = otherwise(&proven).await;
    assert_eq!((counted, by_rule["EVIDENCE_ENOUGH"], ids), ((1, 1), 1, vec![answered.id]));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_said_of_disputes_the_newest_version_goes_on() {
    let (t, _) = turning().await;
    let admin = t.person(Role::Admin, None).await;
    let base = rules(&t.app).await;
    let hours = |rules: &RuleSet| rules.dispute.decision_hours;
    let mut longer = base.clone();
    longer.dispute.decision_hours = 60;
    let proposal = |rules: &RuleSet, days, keeps_dispute| {
        let effective_from = ahead(&t.app, days);
        Proposal { rules: rules.clone(), effective_from, note: None, keeps_dispute, based_on: None }
    };
    let second = propose(&t.app, &admin, &proposal(&longer, 3, false), None).await.unwrap();
    // Not in force yet, and the newest that stands all the same.
    let silent = proposal(&base, 5, true);
    let third = propose(&t.app, &admin, &silent, Some("k")).await.unwrap();
    assert_eq!((hours(&second.rules), hours(&third.rules)), (60, 60));
    let fourth = propose(&t.app, &admin, &proposal(&base, 7, false), None).await.unwrap();
    assert_eq!(hours(&fourth.rules), hours(&base), "what is said counts");
    assert_eq!(propose(&t.app, &admin, &silent, Some("k")).await.unwrap(), third, "sent again it is the same proposal");
    withdraw(&t.app, &admin, fourth.number, "A slip", None).await.unwrap();
    let fifth = propose(&t.app, &admin, &proposal(&base, 9, true), None).await.unwrap();
    assert_eq!(hours(&fifth.rules), 60, "what was withdrawn does not stand");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_administrator_announced_or_withdrew_is_not_undone_unseen() {
    let t = TestApp::start(false).await;
    let admin = t.person(Role::Admin, None).await;
    let read = rules(&t.app).await;
    let proposal = |days: i64, protection_days: i64, based_on: Option<i32>| {
        let rules = RuleSet { protection_days, ..read.clone() };
        Proposal { rules, effective_from: ahead(&t.app, days), note: None, keeps_dispute: false, based_on }
    };
    let stale = |done: Result<RulesVersion, Refused<RulesRefusal>>| match done {
        Err(Refused::Refused(RulesRefusal::StaleVersion(newest))) => newest,
        other => panic!("{other:?}"),
    };
    // Both have read the first version; of eight at once that go on from it one is let in, and the others learn of it.
    let (a, b) = (proposal(10, 60, Some(1)), proposal(20, 30, Some(1)));
    let done = futures::future::join_all((0..8).map(|n| propose(&t.app, &admin, if n % 2 == 0 { &a } else { &b }, None))).await;
    assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 1, "{done:?}");
    for lost in done.into_iter().filter(Result::is_err) {
        assert_eq!(stale(lost), 2);
    }
    // Who has read the second one goes on from it, and a repeat with the same key is no second proposal.
    let c = proposal(30, 45, Some(2));
    let third = propose(&t.app, &admin, &c, Some("k")).await.unwrap();
    assert_eq!((third.number, propose(&t.app, &admin, &c, Some("k")).await.unwrap()), (3, third.clone()));
    // What was withdrawn is gone on from no more, by whoever was still writing.
    withdraw(&t.app, &admin, 3, "A slip", None).await.unwrap();
    assert_eq!(stale(propose(&t.app, &admin, &proposal(40, 45, Some(3)), None).await), 2);
    assert_eq!(propose(&t.app, &admin, &proposal(40, 45, Some(2)), None).await.unwrap().number, 4);
    // A withdrawal and a proposal on top at the same time: nothing stands on what is gone.
    for round in 0..5 {
        let (base, day) = (4 + 2 * round, 50 + 20 * i64::from(round));
        let next = proposal(day, 40, Some(base));
        let (gone, made) = futures::join!(withdraw(&t.app, &admin, base, "Both", None), propose(&t.app, &admin, &next, None));
        match (gone.is_ok(), made) {
            (true, Err(Refused::Refused(RulesRefusal::StaleVersion(_)))) => {
                assert_eq!(propose(&t.app, &admin, &proposal(day, 40, None), None).await.unwrap().number, base + 1);
            }
            (true, Ok(made)) => assert_eq!(made.number, base + 1, "it was made before the withdrawal"),
            (gone, made) => panic!("{gone} {made:?}"),
        }
        assert_eq!(propose(&t.app, &admin, &proposal(day + 10, 41, None), None).await.unwrap().number, base + 2);
    }
    t.end().await;
}
