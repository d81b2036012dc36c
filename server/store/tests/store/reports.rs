//! Reports against the same figures counted by hand, within a scope, and with what the database says that it read: a stretch of
//! one index, never the collection.

use std::collections::{BTreeMap, BTreeSet};

use bson::{Document, doc};
use entente_domain::deal::verdict::VerdictOutcome;
use entente_domain::deal::{Deal, RegistrationStatus};
use entente_domain::policy::Scope;
use entente_domain::program::StageCategory;
use entente_domain::report::Dimension;
use entente_domain::report::record::Decided;
use entente_store::DealFilter;
use futures::TryStreamExt;

use crate::lists::{day, fill, varied};
use crate::support::*;

/// Deals with decisions, verdicts and ends.
fn recorded(count: u32) -> Vec<Deal> {
    let mut all = varied(count);
    for (n, d) in (1..).zip(&mut all) {
        d.stage_category = [StageCategory::Open, StageCategory::Won, StageCategory::Lost][n as usize % 3];
        d.closed_on = (d.stage_category != StageCategory::Open).then(|| day(n % 6));
        d.record.decided = [None, Some(Decided::Approved), Some(Decided::Approved), Some(Decided::Rejected)][n as usize % 4];
        d.record.verdict_outcome = Some(match n % 6 {
            0 => VerdictOutcome::PossibleConflict,
            3 => VerdictOutcome::Blocked,
            _ => VerdictOutcome::Clear,
        });
        // Some are of bundles, of which some have within them what is named too.
        d.included = (0..n % 5).map(product_id).collect();
        d.deadline.answered = d.record.decided.map(|decided| entente_domain::deal::deadline::Answered {
            at: minutes(i64::from(n / 3) + i64::from(n % 7) * 30),
            approved: decided == Decided::Approved,
        });
        d.territory = (n % 7 != 0).then(|| "emea".to_owned());
    }
    all
}

fn within(scope: Scope) -> DealFilter {
    DealFilter { scope, created_from: Some(minutes(10)), created_to: Some(minutes(300)), ..DealFilter::default() }
}

fn count(deals: &[Deal], keep: impl Fn(&Deal) -> bool) -> u64 {
    deals.iter().filter(|d| keep(d)).count() as u64
}

#[test]
fn registrations_are_counted_as_by_hand() {
    with_store(|f| async move {
        let all = recorded(1_500);
        fill(&f, &all).await;
        for scope in [Scope::All, Scope::Partner(partner_id(2))] {
            let seen = |d: &&Deal| scope.admits(&d.partner_id) && d.created_at >= minutes(10) && d.created_at < minutes(300);
            let rows: Vec<Deal> = all.iter().filter(seen).cloned().collect();
            let filter = within(scope.clone());
            let found = f.store.report_counts(&filter).await.unwrap();
            let approved = |d: &Deal| d.record.decided == Some(Decided::Approved);
            assert_eq!(found.submitted, rows.len() as u64);
            assert_eq!(found.approved, count(&rows, approved));
            assert_eq!(found.decided, count(&rows, |d| d.record.decided.is_some()));
            assert_eq!(found.won, count(&rows, |d| approved(d) && d.stage_category == StageCategory::Won));
            let conflicts = [VerdictOutcome::PossibleConflict, VerdictOutcome::Blocked];
            assert_eq!(found.flagged, count(&rows, |d| d.record.verdict_outcome.is_some_and(|v| conflicts.contains(&v))));
            // The rows that a number opens are as many as it says.
            let opened = DealFilter { decisions: vec![Decided::Approved], categories: vec![StageCategory::Won], ..filter.clone() };
            assert_eq!(f.store.count_deals(&opened).await.unwrap(), found.won);
            let flagged = DealFilter { verdicts: conflicts.to_vec(), ..filter.clone() };
            assert_eq!(f.store.count_deals(&flagged).await.unwrap(), found.flagged);

            let mut by_product: BTreeMap<String, u64> = BTreeMap::new();
            for product in rows.iter().flat_map(|d| d.all_products().collect::<BTreeSet<_>>()) {
                *by_product.entry(product.to_string()).or_default() += 1;
            }
            let groups = f.store.report_groups(&filter, Dimension::Product, 100).await.unwrap();
            let groups: BTreeMap<String, u64> = groups.into_iter().map(|g| (g.key.unwrap(), g.counts.submitted)).collect();
            assert_eq!(groups, by_product);
            for (product, submitted) in &groups {
                let opened = DealFilter { products: vec![product.parse().unwrap()], ..filter.clone() };
                assert_eq!(f.store.count_deals(&opened).await.unwrap(), *submitted, "{product} opens its rows");
                let alone = f.store.report_groups(&opened, Dimension::Product, 100).await.unwrap();
                assert_eq!(alone.iter().map(|g| (g.key.clone(), g.counts.submitted)).collect::<Vec<_>>(), [(Some(product.clone()), *submitted)]);
            }
            let territories = f.store.report_groups(&filter, Dimension::Territory, 100).await.unwrap();
            let none = territories.iter().find(|g| g.key.is_none()).unwrap();
            let lacking = DealFilter { lacking: vec![entente_domain::report::Lacking::Territory], ..filter.clone() };
            assert_eq!(
                (none.counts.submitted, f.store.count_deals(&lacking).await.unwrap()),
                (count(&rows, |d| d.territory.is_none()), none.counts.submitted)
            );
            let months = f.store.report_months(&filter, "Europe/Berlin").await.unwrap();
            assert_eq!(months.iter().map(|g| g.counts.submitted).sum::<u64>(), found.submitted);
        }
        assert_eq!(f.store.report_counts(&within(Scope::Nothing)).await.unwrap().submitted, 0);
    });
}

#[test]
fn times_and_sums_are_exact() {
    with_store(|f| async move {
        let all = recorded(900);
        fill(&f, &all).await;
        let decided = DealFilter { scope: Scope::All, decided_from: Some(minutes(0)), decided_to: Some(minutes(400)), ..DealFilter::default() };
        let spread = f.store.report_minutes_to_decide(&decided).await.unwrap();
        let mut waited: Vec<i64> = all
            .iter()
            .filter_map(|d| d.deadline.answered.filter(|a| a.at < minutes(400)).map(|a| (a.at.as_second() - d.created_at.as_second()) / 60))
            .collect();
        waited.sort_unstable();
        assert_eq!(spread.count(), waited.len() as u64);
        assert_eq!(spread.sum(), waited.iter().sum::<i64>().into());
        assert_eq!(spread.percentile(90), Some(waited[(waited.len() * 9).div_ceil(10) - 1].into()));

        let closed = DealFilter { scope: Scope::All, closed_from: Some(day(1)), closed_to: Some(day(3)), ..DealFilter::default() };
        let sums = f.store.report_closed(&closed).await.unwrap();
        let in_days = |d: &&Deal| d.closed_on.is_some_and(|on| on >= day(1) && on <= day(3));
        let won: Vec<&Deal> = all.iter().filter(in_days).filter(|d| d.stage_category == StageCategory::Won).collect();
        assert_eq!((sums.won, sums.won_value), (won.len() as u64, won.iter().map(|d| d.base_value.amount).sum()));
        let days = f.store.report_days_to_close(&DealFilter { categories: vec![StageCategory::Won], ..closed }, "Europe/Berlin").await.unwrap();
        assert_eq!(days.count(), won.len() as u64);

        let open = DealFilter {
            scope: Scope::All,
            statuses: vec![RegistrationStatus::Submitted, RegistrationStatus::Approved],
            categories: vec![StageCategory::Open],
            ..DealFilter::default()
        };
        let sums = f.store.report_open(&open).await.unwrap();
        assert_eq!(sums.iter().map(|s| s.count).sum::<u64>(), f.store.count_deals(&open).await.unwrap());
        assert!(sums.iter().any(|s| s.month.is_none()) && sums.iter().any(|s| s.month.as_deref() == Some("2026-12")));
    });
}

#[test]
fn a_report_reads_a_stretch_of_an_index() {
    with_store(|f| async move {
        fill(&f, &recorded(3_000)).await;
        let db = f.raw().await;
        db.create_collection("system.profile").capped(true).size(64 * 1024 * 1024).await.unwrap();
        db.run_command(doc! { "profile": 2 }).await.unwrap();
        for scope in [Scope::All, Scope::Partner(partner_id(2))] {
            let s = &f.store;
            let narrow = DealFilter { scope: scope.clone(), created_from: Some(minutes(10)), created_to: Some(minutes(40)), ..DealFilter::default() };
            s.report_counts(&narrow).await.unwrap();
            s.report_months(&narrow, "Europe/Berlin").await.unwrap();
            for dimension in [Dimension::Partner, Dimension::Territory, Dimension::Product] {
                s.report_groups(&narrow, dimension, 25).await.unwrap();
            }
            let decided =
                DealFilter { scope: scope.clone(), decided_from: Some(minutes(10)), decided_to: Some(minutes(40)), ..DealFilter::default() };
            s.report_minutes_to_decide(&decided).await.unwrap();
            let closed = DealFilter { scope: scope.clone(), closed_from: Some(day(1)), closed_to: Some(day(1)), ..DealFilter::default() };
            s.report_closed(&closed).await.unwrap();
            s.report_days_to_close(&closed, "Europe/Berlin").await.unwrap();
            let open =
                DealFilter { scope, statuses: vec![RegistrationStatus::Approved], categories: vec![StageCategory::Open], ..DealFilter::default() };
            s.report_open(&open).await.unwrap();
        }
        db.run_command(doc! { "profile": 0 }).await.unwrap();
        let profile = db.collection::<Document>("system.profile");
        let all: Vec<Document> = profile.find(doc! { "command.aggregate": "deals" }).await.unwrap().try_collect().await.unwrap();
        assert_eq!(all.len(), 18, "{} profiled", all.len());
        for p in &all {
            let plan = p.get_str("planSummary").unwrap();
            assert!(plan.starts_with("IXSCAN"), "{p:?}");
            let examined = p.get("docsExamined").and_then(|n| n.as_i64().or_else(|| n.as_i32().map(i64::from))).unwrap();
            assert!(examined <= 1_100, "reads more than its stretch: {examined} of {p:?}");
        }
    });
}
