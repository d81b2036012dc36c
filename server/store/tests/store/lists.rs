//! Lists of deals against the same list made by hand: filters, orders, pages, sums, and what needs attention.

use std::collections::BTreeMap;

use entente_domain::deal::protection::Asked;
use entente_domain::deal::{Deal, DealSource, Decision, RegistrationStatus};
use entente_domain::event::{EventActor, EventKind, Visibility};
use entente_domain::policy::Scope;
use entente_domain::program::StageCategory;
use entente_domain::{Date, Decimal};
use entente_store::{DealFilter, DealQuery, DealSort, SortValue, deal_key};

use crate::support::*;

const STATUSES: [RegistrationStatus; 4] =
    [RegistrationStatus::Submitted, RegistrationStatus::InReview, RegistrationStatus::Approved, RegistrationStatus::Rejected];
pub const SORTS: [DealSort; 5] = [DealSort::UpdatedAt, DealSort::CreatedAt, DealSort::Value, DealSort::ExpectedCloseOn, DealSort::DecisionDueAt];

/// Deals with many equal values and many missing ones.
pub fn varied(count: u32) -> Vec<Deal> {
    (1..=count)
        .map(|n| {
            let mut d = deal_of(n, n % 5 + 1, n % 50 + 1);
            d.title = ["Backup renewal", "Cloud migration", "Backlog tool"][n as usize % 3].into();
            d.status = STATUSES[n as usize % 4];
            d.stage = ["prospecting", "engaging", "won"][n as usize % 3].into();
            d.updated_at = minutes((n / 7).into());
            d.created_at = minutes((n / 3).into());
            d.base_value.amount = Decimal::new(i64::from(n % 11) * 1250, 1);
            d.expected_close_on = (n % 4 != 0).then(|| day(n % 6));
            d.closed_on = (n % 3 == 2).then(|| day(n % 6));
            d.decision_due_at = (n % 2 == 0).then(|| minutes((n % 9).into()));
            d.manager_id = Some(user_id(n % 3));
            d.territory = Some(["emea", "apac"][n as usize % 2].into());
            d.product_ids = vec![product_id(n % 4), product_id(n % 3 + 10)];
            d.source = if n % 10 == 0 { DealSource::Imported } else { DealSource::Registered };
            if n % 40 == 2 {
                let by = EventActor { user_id: None, name: "Seller".into() };
                d.protection.question = Some(Asked { text: "Who joins?".into(), at: d.created_at, by });
            }
            d
        })
        .collect()
}

pub fn day(n: u32) -> Date {
    Date::new(2026, 12, i8::try_from(n).unwrap() + 1).unwrap()
}

pub async fn fill(f: &Fresh, deals: &[Deal]) {
    for batch in deals.chunks(500) {
        let decisions: Vec<Decision> = batch.iter().map(insert).collect();
        assert_eq!(f.store.insert_deals(&decisions).await.unwrap(), entente_store::Committed::Done);
    }
}

/// A sort key that puts missing values last, and the id.
fn rank(d: &Deal, sort: DealSort, descending: bool) -> (bool, i128, String) {
    let number = match deal_key(d, sort).value {
        SortValue::Time(t) => Some(i128::from(t.as_millisecond())),
        SortValue::Date(d) => Some(i128::from(d.day())),
        SortValue::Decimal(d) => Some((d * Decimal::from(100)).mantissa() / 10_i128.pow((d * Decimal::from(100)).scale())),
        SortValue::None => None,
    };
    let id: String = if descending { d.id.as_str().chars().map(|c| char::from(255 - c as u8)).collect() } else { d.id.to_string() };
    (number.is_none(), number.map_or(0, |n| if descending { -n } else { n }), id)
}

async fn pages(f: &Fresh, filter: &DealFilter, sort: DealSort, descending: bool, limit: u32) -> Vec<Deal> {
    let mut all: Vec<Deal> = Vec::new();
    loop {
        let after = all.last().map(|d| deal_key(d, sort));
        let page = f.store.deals(&DealQuery { filter: filter.clone(), sort, descending, after, limit }).await.unwrap();
        assert!(page.len() <= limit as usize);
        let last = page.len() < limit as usize;
        all.extend(page);
        if last {
            return all;
        }
    }
}

#[test]
fn pages_are_complete_ordered_and_stable_in_every_order() {
    with_store(|f| async move {
        let deals = varied(230);
        fill(&f, &deals).await;
        let scopes = [Scope::All, Scope::Partner(partner_id(2)), Scope::Nothing];
        let narrow = DealFilter { statuses: vec![STATUSES[0], STATUSES[2]], ..DealFilter::default() };
        let wide = DealFilter::default();
        for (scope, base) in scopes.iter().flat_map(|s| [(s, &narrow), (s, &wide)]) {
            let filter = DealFilter { scope: scope.clone(), ..base.clone() };
            for (sort, descending) in SORTS.into_iter().flat_map(|s| [(s, false), (s, true)]) {
                let mut expected: Vec<&Deal> =
                    deals.iter().filter(|d| scope.admits(&d.partner_id) && (base.statuses.is_empty() || base.statuses.contains(&d.status))).collect();
                expected.sort_by_key(|d| rank(d, sort, descending));
                let got = pages(&f, &filter, sort, descending, 17).await;
                let ids = |all: Vec<&Deal>| all.into_iter().map(|d| d.number.clone()).collect::<Vec<_>>();
                assert_eq!(ids(got.iter().collect()), ids(expected), "{scope:?} {sort:?} descending {descending}");
            }
        }
    });
}

#[test]
fn every_filter_filters() {
    with_store(|f| async move {
        let deals = varied(300);
        fill(&f, &deals).await;
        let all = || DealFilter { scope: Scope::All, ..DealFilter::default() };
        type Case = (DealFilter, fn(&Deal) -> bool);
        let cases: Vec<Case> = vec![
            (all(), |_| true),
            (DealFilter { stages: vec!["won".into()], ..all() }, |d| d.stage == "won"),
            (DealFilter { partners: vec![partner_id(1), partner_id(3)], ..all() }, |d| [partner_id(1), partner_id(3)].contains(&d.partner_id)),
            (DealFilter { managers: vec![user_id(2)], ..all() }, |d| d.manager_id == Some(user_id(2))),
            (DealFilter { territories: vec!["apac".into()], ..all() }, |d| d.territory.as_deref() == Some("apac")),
            (DealFilter { products: vec![product_id(3), product_id(12)], ..all() }, |d| {
                d.product_ids.contains(&product_id(3)) || d.product_ids.contains(&product_id(12))
            }),
            (DealFilter { created_from: Some(minutes(20)), created_to: Some(minutes(30)), ..all() }, |d| {
                d.created_at >= minutes(20) && d.created_at < minutes(30)
            }),
            (DealFilter { closed_from: Some(day(2)), closed_to: Some(day(4)), ..all() }, |d| d.closed_on.is_some_and(|c| c >= day(2) && c <= day(4))),
            (DealFilter { sources: vec![DealSource::Imported], ..all() }, |d| d.source == DealSource::Imported),
            (DealFilter { answer_owed: Some(true), ..all() }, |d| d.protection.vendor_owes()),
            (DealFilter { answer_owed: Some(true), managers: vec![user_id(0), user_id(1)], ..all() }, |d| {
                d.protection.vendor_owes() && d.manager_id != Some(user_id(2))
            }),
            (DealFilter { answer_owed: Some(false), ..all() }, |d| !d.protection.vendor_owes()),
            (DealFilter { search: Some("back".into()), ..all() }, |d| d.title.starts_with("Back")),
            (DealFilter { search: Some("BACK  rénew".into()), ..all() }, |d| d.title == "Backup renewal"),
            (DealFilter { search: Some("d-29".into()), ..all() }, |d| d.number.starts_with("D-29")),
            (DealFilter { search: Some("muller customer7".into()), ..all() }, |d| {
                d.customer.as_ref().is_some_and(|c| c.name.starts_with("Customer7 "))
            }),
            (DealFilter { search: Some("ackup".into()), ..all() }, |_| false),
            (DealFilter { search: Some("(.*".into()), ..all() }, |_| true),
            (DealFilter { search: Some("cloud".into()), scope: Scope::Partner(partner_id(1)), ..all() }, |d| {
                d.title.starts_with("Cloud") && d.partner_id == partner_id(1)
            }),
            (DealFilter { scope: Scope::Partner(partner_id(1)), partners: vec![partner_id(2)], ..all() }, |_| false),
        ];
        for (filter, expected) in cases {
            let mut want: Vec<String> = deals.iter().filter(|d| expected(d)).map(|d| d.number.clone()).collect();
            let mut got: Vec<String> = pages(&f, &filter, DealSort::CreatedAt, true, 90).await.into_iter().map(|d| d.number).collect();
            want.sort();
            got.sort();
            assert_eq!(got, want, "{filter:?}");
            assert_eq!(f.store.count_deals(&filter).await.unwrap(), want.len() as u64, "{filter:?}");
            let mut sums: BTreeMap<String, (u64, Decimal)> = BTreeMap::new();
            for d in deals.iter().filter(|d| expected(d)) {
                let sum = sums.entry(d.stage.clone()).or_default();
                *sum = (sum.0 + 1, sum.1 + d.base_value.amount);
            }
            let summary = f.store.stage_summary(&filter).await.unwrap();
            assert_eq!(summary, sums.into_iter().map(|(stage, (n, v))| (stage, n, v)).collect::<Vec<_>>(), "{filter:?}");
        }
    });
}

#[test]
fn attention_is_what_is_most_urgent() {
    with_store(|f| async move {
        let today = day(5);
        let mut deals = varied(60);
        for d in &mut deals {
            d.decision_due_at = d.status.awaits_vendor().then_some(d.created_at);
            d.stage_category = StageCategory::Open;
        }
        deals[0].status = RegistrationStatus::InfoRequested;
        let own = deals[0].partner_id.clone();
        for (n, until) in [(5, 10), (10, 60 * 24 * 13), (15, 60 * 24 * 15), (20, -1)] {
            let d = &mut deals[n];
            (d.status, d.partner_id, d.protected_until) = (RegistrationStatus::Approved, own.clone(), Some(minutes(until)));
            d.expected_close_on = Some(if n == 20 { day(4) } else { day(5) });
        }
        for d in deals.iter_mut().filter(|d| d.status == RegistrationStatus::Approved && d.protected_until.is_none()) {
            d.expected_close_on = Some(today);
        }
        fill(&f, &deals).await;
        let numbers = |all: Vec<Deal>| all.into_iter().map(|d| d.number).collect::<Vec<_>>();
        let partner = f.store.attention(&Scope::Partner(own.clone()), false, None, minutes(0), today, 10).await.unwrap();
        assert_eq!(numbers(partner), ["D-1", "D-6", "D-11", "D-21"]);
        let two = f.store.attention(&Scope::Partner(own), false, None, minutes(0), today, 2).await.unwrap();
        assert_eq!(numbers(two), ["D-1", "D-6"]);
        let owed = |manager: Option<u32>| {
            let waits = |d: &Deal| d.status.awaits_vendor() || d.protection.vendor_owes();
            let mut owed: Vec<&Deal> = deals.iter().filter(|d| waits(d) && manager.is_none_or(|m| d.manager_id == Some(user_id(m)))).collect();
            owed.sort_by_key(|d| (d.decision_due_at.or_else(|| d.protection.owed_since()), d.id.clone()));
            owed.into_iter().take(5).map(|d| d.number.clone()).collect::<Vec<_>>()
        };
        let vendor = f.store.attention(&Scope::All, true, None, minutes(0), today, 5).await.unwrap();
        assert_eq!(numbers(vendor), owed(None));
        assert!(owed(None).contains(&"D-2".to_owned()), "what a partner asked is among the decisions");
        let one = f.store.attention(&Scope::All, true, Some(&[user_id(2)]), minutes(0), today, 5).await.unwrap();
        assert_eq!(numbers(one), owed(Some(2)));
        assert!(f.store.attention(&Scope::Nothing, true, None, minutes(0), today, 5).await.unwrap().is_empty());
    });
}

#[test]
fn a_timeline_pages_and_hides_what_is_internal() {
    with_store(|f| async move {
        let d = deal(1);
        let mut decision = insert(&d);
        for n in 0..30 {
            let mut e = event(&d, EventKind::DealNoteAdded);
            e.occurred_at = minutes(n / 4);
            e.visibility = if n % 3 == 0 { Visibility::Internal } else { Visibility::Shared };
            decision.events.push(e);
        }
        f.store.commit(std::slice::from_ref(&decision), None).await.unwrap();
        for with_internal in [true, false] {
            let mut expected: Vec<_> = decision.events.iter().filter(|e| with_internal || e.visibility == Visibility::Shared).cloned().collect();
            expected.sort_by_key(|e| std::cmp::Reverse((e.occurred_at, e.id.clone())));
            let mut got = Vec::new();
            loop {
                let after = got.last().map(|e: &entente_domain::event::Event| (e.occurred_at, e.id.clone()));
                let page = f.store.timeline(&d.id, with_internal, after, 7).await.unwrap();
                if page.is_empty() {
                    break;
                }
                got.extend(page);
            }
            assert_eq!(got, expected);
        }
    });
}
