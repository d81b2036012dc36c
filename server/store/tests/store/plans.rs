//! Every query is served by an index: no scan of a collection, no sort in memory. Not what a plan might be, but what the
//! database says that it did, from its own profile of the real calls on some thousand rows.

use bson::{Document, doc};
use entente_domain::deal::{DealSource, RegistrationStatus};
use entente_domain::id::{ApiKeyId, CustomerId, KitAssetId, SessionId};
use entente_domain::policy::Scope;
use entente_domain::user::Role;
use entente_store::{DealFilter, DealKey, DealQuery, KitQuery, SortValue, UserQuery, deal_key};
use futures::TryStreamExt;
use serde::Deserialize;
use ulid::Ulid;

use crate::lists::{SORTS, day, fill, varied};
use crate::support::*;

const PROFILE_BYTES: i64 = 64 * 1024 * 1024;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profiled {
    ns: String,
    #[serde(default)]
    plan_summary: String,
    #[serde(default)]
    has_sort_stage: bool,
    #[serde(default)]
    docs_examined: i64,
    #[serde(default)]
    keys_examined: i64,
    #[serde(default)]
    nreturned: i64,
    #[serde(default)]
    command: Document,
}

/// From here on the database keeps what it does.
pub async fn start(f: &Fresh) {
    let db = f.raw().await;
    db.create_collection("system.profile").capped(true).size(PROFILE_BYTES as u64).await.unwrap();
    db.run_command(doc! { "profile": 2 }).await.unwrap();
}

/// What the database did since the last look.
pub async fn look(f: &Fresh) -> Vec<Profiled> {
    let db = f.raw().await;
    db.run_command(doc! { "profile": 0 }).await.unwrap();
    let all: Vec<Profiled> = db.collection("system.profile").find(doc! { "op": { "$ne": "insert" } }).await.unwrap().try_collect().await.unwrap();
    let all = all.into_iter().filter(|p| !p.ns.contains("system.") && !p.ns.ends_with("$cmd") && !p.plan_summary.is_empty()).collect();
    db.collection::<Document>("system.profile").drop().await.unwrap();
    all
}

fn indexed(all: &[Profiled]) {
    for p in all {
        assert!(!p.plan_summary.contains("COLLSCAN"), "scans the collection: {p:?}");
        assert!(!p.has_sort_stage, "sorts in memory: {p:?}");
    }
}

fn filters() -> Vec<DealFilter> {
    let all = || DealFilter { scope: Scope::All, ..DealFilter::default() };
    let own = || DealFilter { scope: Scope::Partner(partner_id(2)), ..DealFilter::default() };
    let open = || vec![RegistrationStatus::Submitted, RegistrationStatus::InReview];
    vec![
        all(),
        own(),
        DealFilter { statuses: open(), ..all() },
        DealFilter { statuses: open(), managers: vec![user_id(1)], ..all() },
        DealFilter { statuses: open(), stages: vec!["engaging".into()], ..all() },
        DealFilter { statuses: vec![RegistrationStatus::Approved], ..own() },
        DealFilter { stages: vec!["engaging".into(), "won".into()], ..all() },
        DealFilter { stages: vec!["won".into()], ..own() },
        DealFilter { partners: (1..=4).map(partner_id).collect(), ..all() },
        DealFilter { managers: vec![user_id(1), user_id(2)], ..all() },
        DealFilter { territories: vec!["emea".into()], products: vec![product_id(1), product_id(2)], ..all() },
        DealFilter { created_from: Some(minutes(10)), created_to: Some(minutes(500)), sources: vec![DealSource::Registered], ..all() },
        DealFilter { closed_from: Some(day(1)), closed_to: Some(day(3)), ..own() },
        DealFilter { answer_owed: Some(true), ..all() },
        DealFilter { answer_owed: Some(true), managers: vec![user_id(1), user_id(2)], ..all() },
    ]
}

#[test]
fn the_profile_would_tell() {
    with_store(|f| async move {
        fill(&f, &varied(50)).await;
        start(&f).await;
        let deals = f.raw().await.collection::<Document>("deals");
        deals.find(doc! { "next_step": "x" }).sort(doc! { "title": 1 }).await.unwrap().try_collect::<Vec<_>>().await.unwrap();
        let all = look(&f).await;
        assert!(all.len() == 1 && all[0].plan_summary.contains("COLLSCAN") && all[0].has_sort_stage, "{all:?}");
    });
}

#[test]
fn lists_of_deals_read_an_index_in_order() {
    with_store(|f| async move {
        fill(&f, &varied(3000)).await;
        start(&f).await;
        for filter in filters() {
            for (sort, descending) in SORTS.into_iter().flat_map(|s| [(s, false), (s, true)]) {
                let first = DealQuery { filter: filter.clone(), sort, descending, after: None, limit: 26 };
                let page = f.store.deals(&first).await.unwrap();
                assert!(!page.is_empty());
                let after = page.last().map(|d| deal_key(d, sort));
                f.store.deals(&DealQuery { after, ..first.clone() }).await.unwrap();
                // Among the deals that lack the value.
                let after = Some(DealKey { value: SortValue::None, id: deal_id(5) });
                f.store.deals(&DealQuery { after, ..first }).await.unwrap();
            }
            f.store.count_deals(&filter).await.unwrap();
            f.store.stage_summary(&filter).await.unwrap();
        }
        let all = look(&f).await;
        assert!(all.len() >= filters().len() * 22, "{} profiled", all.len());
        // The sums of a few stages are sorted; there is no index to do it, nor need there be.
        let (sums, lists): (Vec<_>, Vec<_>) = all.into_iter().partition(|p| p.command.contains_key("aggregate"));
        indexed(&lists);
        assert!(sums.iter().all(|p| !p.plan_summary.contains("COLLSCAN")));
        // Whatever the page, reading everything or one partner's or one status costs no more than the page.
        let plain = ["all_", "partner_"];
        let exact = lists.iter().filter(|p| {
            let filter = p.command.get_document("filter").map(|f| f.to_string()).unwrap_or_default();
            plain.iter().any(|i| p.command.get_str("hint").is_ok_and(|h| h.starts_with(i)))
                && !["status", "stage", "manager_id", "product_ids", "created_at", "closed_on", "territory"].iter().any(|x| filter.contains(x))
                && !filter.contains("$in")
        });
        let mut looked_at = 0;
        for p in exact {
            looked_at += 1;
            assert!(p.docs_examined <= p.nreturned + 1 && p.keys_examined <= p.nreturned + 2, "reads too much: {p:?}");
        }
        assert!(looked_at >= 30, "{looked_at}");
    });
}

#[test]
fn searches_use_an_index() {
    with_store(|f| async move {
        fill(&f, &varied(3000)).await;
        start(&f).await;
        for search in ["customer7", "cloud migr", "d-29"] {
            for scope in [Scope::All, Scope::Partner(partner_id(2))] {
                let filter = DealFilter { scope, search: Some(search.into()), ..DealFilter::default() };
                for sort in SORTS {
                    f.store.deals(&DealQuery { filter: filter.clone(), sort, descending: true, after: None, limit: 26 }).await.unwrap();
                }
                f.store.count_deals(&filter).await.unwrap();
                f.store.stage_summary(&filter).await.unwrap();
            }
        }
        for p in look(&f).await {
            assert!(!p.plan_summary.contains("COLLSCAN"), "{p:?}");
        }
    });
}

#[test]
fn every_other_read_uses_an_index() {
    with_store(|f| async move {
        let s = &f.store;
        let deals = varied(2000);
        fill(&f, &deals).await;
        let mut numberer = entente_store::EventNumberer::new(s, "a", 60_000);
        for _ in 0..5 {
            numberer.step(minutes(0), std::time::Duration::from_millis(50)).await.unwrap();
        }
        start(&f).await;
        let (own, all) = (Scope::Partner(partner_id(2)), Scope::All);
        let today = day(3);
        s.attention(&own, false, None, minutes(0), today, 20).await.unwrap();
        s.attention(&all, true, None, minutes(0), today, 20).await.unwrap();
        s.attention(&all, true, Some(&[user_id(1), user_id(2)]), minutes(0), today, 20).await.unwrap();
        s.deal(&deal_id(7), &own).await.unwrap();
        s.deals_by_ids(&[deal_id(7), deal_id(8)], &own).await.unwrap();
        s.deals_by_import_key(&["a".into(), "b".into()]).await.unwrap();
        let c = customer(2, 3);
        s.customer(&CustomerId::new(Ulid::from_parts(1, 1)), &own).await.unwrap();
        s.customers_by_keys(&partner_id(1), &["a".into()]).await.unwrap();
        let products = [product_id(1), product_id(2)];
        let (partner, except) = (partner_id(1), deal_id(1));
        let beside = entente_store::ConflictQuery { partner: &partner, customer: &c, products: &products, line: &products, except: Some(&except) };
        s.conflicts(&[beside], minutes(0)).await.unwrap();
        s.waiting_behind(&deals[3], 20).await.unwrap();
        s.directs(None, 20).await.unwrap();
        s.count_directs().await.unwrap();
        let disputes = |scope: &Scope, statuses| entente_store::DisputeQuery { scope: scope.clone(), statuses, deal: None, after: None, limit: 20 };
        for scope in [&all, &own] {
            s.count_disputes(&disputes(scope, vec![])).await.unwrap();
            s.count_disputes(&disputes(scope, vec![entente_domain::dispute::DisputeStatus::Open])).await.unwrap();
        }
        s.claims_on(&deals[3].claim_keys()).await.unwrap();
        s.expired_claim_holders(&[deals[3].claim_keys(), deals[4].claim_keys()].concat(), minutes(0)).await.unwrap();
        s.timeline(&deal_id(7), false, Some((minutes(3), event_id())), 20).await.unwrap();
        s.deal_then(&deal_id(7), minutes(3)).await.unwrap();
        s.deal_states(&deal_id(7), 100).await.unwrap();
        s.events_after(500, 50).await.unwrap();
        s.recent_events(&all, true, None, 20).await.unwrap();
        s.recent_events(&own, false, Some(700), 20).await.unwrap();
        s.last_seq().await.unwrap();
        s.user(&user_id(1)).await.unwrap();
        s.users_by_ids(&[user_id(1)]).await.unwrap();
        s.user_by_email("x").await.unwrap();
        let users = UserQuery { scope: all.clone(), search: None, partners: vec![], roles: vec![], active: None, after: None, limit: 20 };
        s.users(&users).await.unwrap();
        s.users(&UserQuery { scope: own.clone(), after: Some(("x".into(), user_id(1))), ..users.clone() }).await.unwrap();
        s.users(&UserQuery { roles: vec![Role::Admin], active: Some(true), ..users.clone() }).await.unwrap();
        s.count_users(&UserQuery { scope: own.clone(), ..users }).await.unwrap();
        s.count_active_admins().await.unwrap();
        s.has_demo_users().await.unwrap();
        s.session(&SessionId::new(Ulid::from_parts(1, 1))).await.unwrap();
        s.revoke_sessions_of(&user_id(1), minutes(0)).await.unwrap();
        s.api_key(&ApiKeyId::new(Ulid::from_parts(1, 1))).await.unwrap();
        s.api_key_by_hash("x").await.unwrap();
        s.api_keys(None, Some((minutes(0), ApiKeyId::new(Ulid::from_parts(1, 1)))), 20).await.unwrap();
        s.count_api_keys(Some(&partner_id(1))).await.unwrap();
        s.partner(&partner_id(1)).await.unwrap();
        s.partner_by_slug("x").await.unwrap();
        s.partners_by_ids(&[partner_id(1)]).await.unwrap();
        s.partners_by_import_key(&["x".into()]).await.unwrap();
        s.all_partners(|_| {}).await.unwrap();
        s.kits(&KitQuery { published_at: Some(minutes(1)), limit: 20, ..KitQuery::default() }).await.unwrap();
        s.kits(&KitQuery { limit: 20, ..KitQuery::default() }).await.unwrap();
        s.kit_of_asset(&KitAssetId::new(Ulid::from_parts(1, 1))).await.unwrap();
        let run = entente_domain::id::ImportRunId::new(Ulid::from_parts(1, 1));
        s.import_runs(Some((minutes(0), run.clone())), 20).await.unwrap();
        s.import_issues(&run, 5, 20).await.unwrap();
        s.count_import_issues(&run).await.unwrap();
        s.claim_timer("a", minutes(0), 1000).await.unwrap();
        s.next_timer_at().await.unwrap();
        s.record_rows(minutes(0), minutes(900)).await.unwrap();
        s.pending_owners().await.unwrap();
        let room = entente_domain::id::RoomId::new(Ulid::from_parts(1, 1));
        let message = entente_domain::id::RoomMessageId::new(Ulid::from_parts(1, 1));
        for scope in [&all, &own] {
            s.room_of(&deal_id(7), scope).await.unwrap();
            s.rooms_of(&[deal_id(7), deal_id(8)], scope).await.unwrap();
            s.rooms(scope, None, 20).await.unwrap();
            s.rooms(scope, Some((minutes(3), room.clone())), 20).await.unwrap();
        }
        s.messages(&room, Some(&message), 20).await.unwrap();
        s.message(&room, &message).await.unwrap();
        s.idempotency("x").await.unwrap();
        s.reset("x").await.unwrap();
        indexed(&look(&f).await);
    });
}
