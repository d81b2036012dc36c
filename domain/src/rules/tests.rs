//! The rules as data: what is refused, which version counts when, what a submission is told.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::engagement::{Acceptance, satisfied};
use super::fields::FieldKind;
use super::judge::{Submission, failed, failed_on_the_way};
use super::propose::{Facts, RulesCode, WithdrawError, check, earliest, propose, withdraw};
use super::terms::lines;
use super::testing::{by, first, id, product, program};
use super::*;
use crate::deal::evidence::{EvidenceUse, FieldValue};
use crate::deal::verdict::RuleCode;
use crate::id::PartnerId;

fn now() -> Timestamp {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

fn proposed(rules: RuleSet, from: Date, versions: &[RulesVersion], now: Timestamp, n: u128) -> Result<RulesVersion, Vec<RulesCode>> {
    let program = program();
    let current = in_force(versions, now).unwrap();
    let zone = TimeZone::get(&rules.calendar.time_zone).ok();
    let today = now.to_zoned(TimeZone::UTC).date();
    let facts = Facts { program: &program, versions, in_force: current, today, now, zone: zone.as_ref() };
    propose(rules, from, Some("note"), facts, id(n), by()).map_err(|w| w.into_iter().map(|v| v.code).collect())
}

fn days_ahead(n: i64) -> Date {
    now().to_zoned(TimeZone::UTC).date().checked_add(n.days()).unwrap()
}

#[test]
fn a_date_is_refused_that_lies_back_or_within_the_notice_or_is_taken() {
    let versions = vec![first()];
    let rules = versions[0].rules.clone();
    for (ahead, code) in
        [(-1, RulesCode::DateInPast), (0, RulesCode::DateInPast), (1, RulesCode::DateWithinNotice), (13, RulesCode::DateWithinNotice)]
    {
        assert_eq!(proposed(rules.clone(), days_ahead(ahead), &versions, now(), 2), Err(vec![code]), "{ahead}");
    }
    assert_eq!(earliest(&versions[0], days_ahead(0)), days_ahead(14));
    let second = proposed(rules.clone(), days_ahead(20), &versions, now(), 2).unwrap();
    assert_eq!((second.number, second.effective_from), (2, days_ahead(20)));
    let versions = vec![versions[0].clone(), second.clone()];
    assert_eq!(proposed(rules.clone(), days_ahead(20), &versions, now(), 3), Err(vec![RulesCode::DateTaken]));
    assert_eq!(proposed(rules.clone(), days_ahead(18), &versions, now(), 3), Err(vec![RulesCode::DateBeforeAnnounced]));
    let third = proposed(rules.clone(), days_ahead(21), &versions, now(), 3).unwrap();
    assert_eq!(third.number, 3);

    // Withdrawn, its date is free again; its number is not.
    let gone = withdraw(&second, "a slip", now(), by()).unwrap();
    let versions = vec![versions[0].clone(), gone.clone()];
    assert_eq!(proposed(rules, days_ahead(20), &versions, now(), 3).unwrap().number, 3);
    assert_eq!(withdraw(&gone, "again", now(), by()), Err(WithdrawError::NotAnnounced));
    assert_eq!(withdraw(&versions[0], "in force", now(), by()), Err(WithdrawError::NotAnnounced));
    assert_eq!(withdraw(&third, " ", now(), by()), Err(WithdrawError::ReasonRequired));
}

#[test]
fn what_a_version_says_is_checked_field_by_field() {
    type Change = fn(&mut RuleSet);
    let cases: [(&str, RulesCode, Change); 19] = [
        ("calendar.hours", RulesCode::CalendarWithoutWorkingTime, |r| r.calendar.hours.clear()),
        ("calendar.hours", RulesCode::CalendarWithoutWorkingTime, |r| r.calendar.hours[0].closes_at = r.calendar.hours[0].opens_at),
        ("calendar.hours", RulesCode::InvalidInput, |r| r.calendar.hours.push(r.calendar.hours[0])),
        ("calendar.timeZone", RulesCode::TimeZoneUnknown, |r| r.calendar.time_zone = "Mars/Olympus".into()),
        ("minimumValue", RulesCode::InvalidInput, |r| r.requirements.minimum_value = Decimal::from(-1)),
        ("productIds", RulesCode::Required, |r| r.requirements.products = Some(Vec::new())),
        ("productIds", RulesCode::ProductUnknown, |r| r.requirements.products = Some(vec![product(99)])),
        ("territories", RulesCode::TerritoryUnknown, |r| r.requirements.territories = Some(vec!["mars".into()])),
        ("engagement", RulesCode::Required, |r| r.requirements.engagement = Some("  ".into())),
        ("closeWithinDays", RulesCode::InvalidInput, |r| r.requirements.close_within_days = Some(0)),
        ("protectionDays", RulesCode::InvalidInput, |r| r.protection_days = 0),
        ("decisionHours", RulesCode::InvalidInput, |r| r.decision_hours = 0),
        ("protectionOverrides.0.tier", RulesCode::TermUnknown, |r| {
            r.protection_overrides = vec![ProtectionOverride { tier: Some("tin".into()), line: None, product: None, days: 9 }];
        }),
        ("protectionOverrides.1", RulesCode::OverrideUnreachable, |r| {
            let gold = ProtectionOverride { tier: Some("gold".into()), line: None, product: None, days: 9 };
            r.protection_overrides = vec![gold.clone(), ProtectionOverride { line: Some("L1".into()), ..gold }];
        }),
        ("protectionOverrides.0.productId", RulesCode::ProductUnknown, |r| {
            r.protection_overrides = vec![ProtectionOverride { tier: None, line: None, product: Some(product(99)), days: 9 }];
        }),
        ("protectionOverrides.0.line", RulesCode::InvalidInput, |r| {
            r.protection_overrides = vec![ProtectionOverride { tier: None, line: Some("L1".into()), product: Some(product(1)), days: 9 }];
        }),
        ("protectionOverrides.1", RulesCode::OverrideUnreachable, |r| {
            let one = ProtectionOverride { tier: None, line: None, product: Some(product(1)), days: 9 };
            r.protection_overrides = vec![one.clone(), ProtectionOverride { tier: Some("gold".into()), ..one }];
        }),
        ("protectionOverrides.0", RulesCode::OverrideUnreachable, |r| {
            r.protection_overrides = vec![ProtectionOverride { tier: None, line: None, product: None, days: 9 }];
        }),
        ("decisionOverrides.1", RulesCode::OverrideUnreachable, |r| {
            let large = DecisionOverride { name: "Large".into(), from_value: 10.into(), hours: 4 };
            r.decision_overrides = vec![large.clone(), DecisionOverride { from_value: 20.into(), ..large }];
        }),
    ];
    let program = program();
    assert_eq!(check(&first().rules, &program, Some(&TimeZone::UTC)), Vec::new());
    for (path, code, change) in cases {
        let mut rules = first().rules;
        change(&mut rules);
        let zone = TimeZone::get(&rules.calendar.time_zone).ok();
        let wrong: Vec<_> = check(&rules, &program, zone.as_ref()).into_iter().map(|w| (w.path.join("."), w.code)).collect();
        assert_eq!(wrong, vec![(path.to_owned(), code)]);
    }
}

#[test]
fn a_submission_is_told_which_rule_it_fails() {
    let rules = Requirements {
        minimum_value: 1_000.into(),
        products: Some(vec![product(1)]),
        territories: Some(vec!["dach".into()]),
        contact: true,
        description_min: 20,
        close_within_days: Some(90),
        engagement: Some("Be fair.".into()),
        ..Requirements::default()
    };
    let dach = ["dach".to_owned(), "mars".to_owned()];
    let nordics = ["nordics".to_owned()];
    let (one, both) = ([product(1)], [product(1), product(2)]);
    let good = Submission {
        base_value: 1_000.into(),
        products: one.to_vec(),
        territories: Some(&dach),
        contact: true,
        description: 20,
        close_in_days: Some(90),
        engagement: Some(true),
        evidence: &Evidence::default(),
        certified: None,
    };
    assert_eq!(failed(&rules, &good), Vec::new());
    let bad = Submission {
        base_value: 999.into(),
        products: both.to_vec(),
        territories: Some(&nordics),
        contact: false,
        description: 19,
        close_in_days: Some(91),
        engagement: Some(false),
        evidence: &Evidence::default(),
        certified: None,
    };
    use RuleCode::*;
    assert_eq!(
        failed(&rules, &bad),
        vec![MinimumValue, ProductsAllowed, TerritoryAllowed, ContactNamed, DescriptionGiven, CloseDateNear, EngagementAccepted]
    );
    // What is not known is not judged, and rules that are off ask for nothing.
    assert_eq!(failed(&rules, &Submission { territories: None, engagement: None, ..good }), Vec::new());
    assert_eq!(failed(&Requirements::default(), &bad), Vec::new());
}

#[test]
fn a_registration_of_the_past_is_judged_on_its_whole_way() {
    let evidence = EvidenceRules { counts: EvidenceUse::MinimumToApprove, minimum: 50, ..EvidenceRules::default() };
    let seats = CustomField { key: "seats".into(), name: "Seats".into(), kind: FieldKind::Number, options: Vec::new(), required: true };
    let rules = Requirements { certified: true, evidence, fields: vec![seats], ..Requirements::default() };
    let answered = FieldValue { key: "seats".into(), name: "Seats".into(), value: "12".into() };
    let little = Evidence { contact: Some("Ada".into()), fields: vec![answered], ..Evidence::default() };
    let much = Evidence { met_on: Some(days_ahead(-3)), ..little.clone() };
    let brought = |evidence, certified| Submission {
        base_value: 1.into(),
        products: vec![product(1)],
        territories: None,
        contact: true,
        description: 0,
        close_in_days: None,
        engagement: None,
        evidence,
        certified,
    };
    use RuleCode::{CertifiedPerson, CustomField as Field, EvidenceEnough};
    assert_eq!(failed_on_the_way(&rules, &brought(&little, Some(true)), false), Vec::new(), "nobody has approved it");
    assert_eq!(failed_on_the_way(&rules, &brought(&little, Some(true)), true), vec![EvidenceEnough]);
    assert_eq!(failed_on_the_way(&rules, &brought(&much, Some(true)), true), Vec::new());
    let bare = Evidence::default();
    assert_eq!(failed_on_the_way(&rules, &brought(&bare, Some(false)), true), vec![CertifiedPerson, Field, EvidenceEnough]);
}

#[test]
fn terms_follow_the_first_override_that_fits() {
    let mut rules = first().rules;
    rules.protection_overrides = vec![
        ProtectionOverride { tier: Some("gold".into()), line: Some("L1".into()), product: None, days: 200 },
        ProtectionOverride { tier: Some("gold".into()), line: None, product: None, days: 150 },
        ProtectionOverride { tier: None, line: Some("L1".into()), product: None, days: 120 },
    ];
    rules.decision_overrides = vec![
        DecisionOverride { name: "Large".into(), from_value: 100.into(), hours: 4 },
        DecisionOverride { name: "Middle".into(), from_value: 10.into(), hours: 8 },
    ];
    let terms = |value: i64, tier, lines: &[&str]| {
        let t = rules.terms(value.into(), tier, &[], lines);
        (t.decision_hours, t.protection_days)
    };
    assert_eq!(terms(100, Some("gold"), &["L2", "L1"]), (4, 200));
    assert_eq!(terms(99, Some("gold"), &["L2"]), (8, 150));
    assert_eq!(terms(9, Some("tin"), &["L1"]), (rules.decision_hours, 120));
    assert_eq!(terms(9, None, &[]), (rules.decision_hours, rules.protection_days));
}

#[test]
fn an_override_of_a_product_counts_before_those_of_lines_and_tiers() {
    let mut rules = first().rules;
    let plain = ProtectionOverride { tier: None, line: None, product: None, days: 0 };
    // The product's are written last, and count first all the same.
    rules.protection_overrides = vec![
        ProtectionOverride { tier: Some("gold".into()), days: 150, ..plain.clone() },
        ProtectionOverride { line: Some("L1".into()), days: 120, ..plain.clone() },
        ProtectionOverride { tier: Some("gold".into()), product: Some(product(1)), days: 200, ..plain.clone() },
        ProtectionOverride { product: Some(product(1)), days: 30, ..plain.clone() },
        ProtectionOverride { product: Some(product(2)), days: 45, ..plain },
    ];
    assert_eq!(check(&rules, &program(), Some(&TimeZone::UTC)), Vec::new(), "none of them is out of reach");
    let days = |tier, products: &[u128]| {
        let products: Vec<_> = products.iter().map(|n| product(*n)).collect();
        rules.terms(1.into(), tier, &products, &lines(&program(), &products)).protection_days
    };
    assert_eq!((days(Some("gold"), &[1]), days(Some("tin"), &[1])), (200, 30));
    assert_eq!((days(Some("gold"), &[2]), days(None, &[3, 2])), (45, 45));
    assert_eq!((days(None, &[2, 1]), days(Some("gold"), &[3])), (30, 150));
    assert_eq!(days(None, &[3]), rules.protection_days);

    let version = RulesVersion { rules, ..first() };
    let said: Vec<_> =
        super::say::sentences(&version, &program()).into_iter().filter(|(code, _)| *code == "PROTECTION").map(|(_, text)| text).collect();
    assert_eq!(said[0], "An approval protects a deal of a Gold partner with P1 for 200 days.");
    assert_eq!(said[2], "An approval protects a deal with P2 for 45 days.");
    assert_eq!(said[3], "An approval protects a deal of a Gold partner for 150 days.");
    assert_eq!(said[5], "Where several of these fit a deal, the one named first counts.");
}

#[test]
fn rules_from_before_overrides_named_products_are_read() {
    let old = r#"{ "tier": "gold", "line": null, "days": 120 }"#;
    let read: ProtectionOverride = serde_json::from_str(old).unwrap();
    assert_eq!(read, ProtectionOverride { tier: Some("gold".into()), line: None, product: None, days: 120 });
}

#[test]
fn the_next_version_goes_on_from_the_newest_that_stands() {
    let one = first();
    let second = RulesVersion { number: 2, starts_at: one.starts_at + SignedDuration::from_hours(24), ..one.clone() };
    let taken_back = Withdrawn { at: now(), by: by(), reason: "A slip".into() };
    let third = RulesVersion { number: 3, starts_at: second.starts_at + SignedDuration::from_hours(24), withdrawn: Some(taken_back), ..one.clone() };
    assert_eq!(newest(&[one.clone(), second, third]).map(|v| v.number), Some(2));
    assert_eq!(newest(&[one]).map(|v| v.number), Some(1));
    assert_eq!(newest(&[]), None);
}

#[test]
fn an_acceptance_counts_while_the_text_stays_the_same() {
    let mut one = first();
    one.rules.requirements.engagement = Some("Be fair.".into());
    let same = RulesVersion { number: 2, ..one.clone() };
    let mut other = RulesVersion { number: 3, ..one.clone() };
    other.rules.requirements.engagement = Some("Be fairer.".into());
    let versions = [one.clone(), same.clone(), other.clone()];
    let accepted = [Acceptance { partner_id: PartnerId::new(ulid::Ulid::from_parts(1, 1)), rules: 1, by: by(), at: now() }];
    assert!(satisfied(&versions, &one, &accepted) && satisfied(&versions, &same, &accepted));
    assert!(!satisfied(&versions, &other, &accepted) && !satisfied(&versions, &one, &[]));
    assert!(satisfied(&versions, &first(), &[]));
}

proptest! {
    /// Over random proposals and withdrawals with a moving clock: whatever was once in force stays what was in force at that
    /// moment, versions begin in the order of their numbers, and no change comes sooner than its notice.
    #[test]
    fn nothing_changes_backwards(steps in prop::collection::vec((0i64..20, 0i64..60, 0i64..30, any::<bool>()), 1..25)) {
        let mut versions = vec![first()];
        let mut clock = now();
        let mut seen: Vec<(Timestamp, i32)> = Vec::new();
        for (n, (pass, ahead, notice, take_back)) in steps.into_iter().enumerate() {
            clock = clock.checked_add(SignedDuration::from_hours(24 * pass + 1)).unwrap();
            let before = in_force(&versions, clock).unwrap().clone();
            seen.push((clock, before.number));
            if take_back {
                if let Some(v) = versions.iter_mut().rev().find(|v| v.withdrawn.is_none() && v.starts_at > clock) {
                    *v = withdraw(v, "changed our mind", clock, by()).unwrap();
                }
            } else {
                let from = clock.to_zoned(TimeZone::UTC).date().checked_add(ahead.days()).unwrap();
                let rules = RuleSet { notice_days: notice, ..before.rules.clone() };
                if let Ok(v) = proposed(rules, from, &versions, clock, n as u128) {
                    let lead = v.starts_at.duration_since(clock);
                    // Berlin's midnight is at most two hours before the one of UTC.
                    prop_assert!(lead >= SignedDuration::from_hours(24 * (before.rules.notice_days - 1) - 2), "{:?}", lead);
                    versions.push(v);
                }
            }
            prop_assert_eq!(&in_force(&versions, clock).unwrap().number, &before.number);
        }
        for (at, number) in seen {
            prop_assert_eq!(in_force(&versions, at).unwrap().number, number);
        }
        let standing: Vec<_> = versions.iter().filter(|v| v.withdrawn.is_none()).collect();
        prop_assert!(standing.windows(2).all(|w| w[0].number < w[1].number && w[0].starts_at < w[1].starts_at));
        for v in &standing {
            prop_assert_eq!(in_force(&versions, v.starts_at).unwrap().number, v.number);
        }
    }
}
