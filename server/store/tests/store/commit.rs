//! Decisions are written whole or not at all, and lost races come back as answers.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::deal::{Decision, RegistrationStatus};
use entente_domain::event::EventKind;
use entente_domain::policy::Scope;
use entente_store::{Committed, IDEMPOTENCY_HOURS, IdempotencyRecord};
use futures::TryStreamExt;

use crate::support::*;

#[test]
fn a_deal_reads_back_as_it_was_written() {
    with_store(|f| async move {
        let mut d = deal(1);
        d.value.amount = "1234.50".parse().unwrap();
        d.rate = "1.0833".parse().unwrap();
        d.created_at = at("2026-11-20T15:00:00.123Z");
        d.protected_until = Some(at("2027-02-18T15:00:00.5Z"));
        d.closed_on = Some("2026-12-01".parse().unwrap());
        d.paused_minutes = Some(77);
        d.import_key = Some("k".into());
        assert_eq!(f.store.commit(&[insert(&d)], None).await.unwrap(), Committed::Done);
        assert_eq!(f.store.deal(&d.id, &Scope::All).await.unwrap(), Some(d.clone()));
        assert_eq!(f.store.deal(&d.id, &Scope::Partner(d.partner_id.clone())).await.unwrap(), Some(d.clone()));
        assert_eq!(f.store.deal(&d.id, &Scope::Partner(partner_id(2))).await.unwrap(), None);
        assert_eq!(f.store.deal(&d.id, &Scope::Nothing).await.unwrap(), None);
        assert_eq!(f.store.deals_by_ids(&[d.id.clone(), deal_id(9)], &Scope::All).await.unwrap(), [d.clone()]);
        assert_eq!(f.store.deals_by_import_key(&["k".into(), "other".into()]).await.unwrap(), [d.clone()]);
        let c = d.customer.unwrap();
        assert_eq!(f.store.customer(&c.id, &Scope::All).await.unwrap(), Some(c.clone()));
        assert_eq!(f.store.customer(&c.id, &Scope::Partner(partner_id(2))).await.unwrap(), None);
        assert_eq!(f.store.customers_by_keys(&c.partner_id, std::slice::from_ref(&c.key)).await.unwrap(), [c]);
    });
}

#[test]
fn a_stale_decision_writes_nothing() {
    with_store(|f| async move {
        let d = deal(1);
        f.store.commit(&[insert(&d)], None).await.unwrap();
        let first = change(&d, EventKind::DealUpdated, |d| d.title = "first".into());
        let second = change(&d, EventKind::DealUpdated, |d| d.title = "second".into());
        assert_eq!(f.store.commit(&[first], None).await.unwrap(), Committed::Done);
        // Together with a decision that would be good: neither is written.
        let other = insert(&deal(2));
        assert_eq!(f.store.commit(&[other, second], None).await.unwrap(), Committed::Stale);
        assert_eq!(f.store.deal(&d.id, &Scope::All).await.unwrap().unwrap().title, "first");
        assert_eq!(f.store.deal(&deal_id(2), &Scope::All).await.unwrap(), None);
        assert_eq!(f.store.timeline(&d.id, true, None, 10).await.unwrap().len(), 2);
        assert_eq!(f.store.timeline(&deal_id(2), true, None, 10).await.unwrap().len(), 0);
        // A decision on a deal that is not there.
        let absent = change(&deal(3), EventKind::DealUpdated, |_| {});
        assert_eq!(f.store.commit(&[absent], None).await.unwrap(), Committed::Stale);
    });
}

#[test]
fn of_many_decisions_on_one_version_one_is_written() {
    with_store(|f| async move {
        let d = deal(1);
        f.store.commit(&[insert(&d)], None).await.unwrap();
        let tasks = (0..20).map(|n| {
            let (store, decision) = (f.store.clone(), change(&d, EventKind::DealUpdated, |d| d.title = format!("title {n}")));
            tokio::spawn(async move { store.commit(&[decision], None).await.unwrap() })
        });
        let ended = futures::future::try_join_all(tasks).await.unwrap();
        assert_eq!(ended.iter().filter(|c| **c == Committed::Done).count(), 1, "{ended:?}");
        assert!(ended.iter().all(|c| matches!(c, Committed::Done | Committed::Stale)), "{ended:?}");
        assert_eq!(f.store.timeline(&d.id, true, None, 100).await.unwrap().len(), 2);
    });
}

#[test]
fn of_fifty_at_once_one_gets_the_claim() {
    with_store(|f| async move {
        let deals: Vec<_> = (1..=50).map(|n| deal_of(n, n, 1)).collect();
        let decisions: Vec<Decision> = deals.iter().map(insert).collect();
        assert_eq!(f.store.insert_deals(&decisions).await.unwrap(), Committed::Done);
        let tasks = deals.iter().map(|d| {
            let (store, decision) = (f.store.clone(), approve(d, minutes(100_000)));
            tokio::spawn(async move { store.commit(&[decision], None).await.unwrap() })
        });
        let ended = futures::future::try_join_all(tasks).await.unwrap();
        let key = deals[0].claim_keys().remove(0);
        assert_eq!(ended.iter().filter(|c| **c == Committed::Done).count(), 1, "{ended:?}");
        assert_eq!(ended.iter().filter(|c| **c == Committed::ClaimTaken(key.clone())).count(), 49, "{ended:?}");
        let held = f.store.claims_on(&[key]).await.unwrap();
        let winner = f.store.deal(&held[0].deal_id, &Scope::All).await.unwrap().unwrap();
        assert_eq!((held.len(), winner.status), (1, RegistrationStatus::Approved));
        let filter = entente_store::DealFilter { scope: Scope::All, statuses: vec![RegistrationStatus::Approved], ..Default::default() };
        assert_eq!(f.store.count_deals(&filter).await.unwrap(), 1);
    });
}

#[test]
fn a_claim_that_is_given_free_is_taken_in_the_same_commit() {
    with_store(|f| async move {
        let (old, new) = (deal_of(1, 1, 1), deal_of(2, 2, 1));
        f.store.commit(&[insert(&old), insert(&new)], None).await.unwrap();
        let approved = approve(&old, minutes(10));
        f.store.commit(std::slice::from_ref(&approved), None).await.unwrap();
        let key = old.claim_keys().remove(0);
        assert_eq!(f.store.expired_claim_holders(std::slice::from_ref(&key), minutes(9)).await.unwrap(), []);
        assert_eq!(f.store.expired_claim_holders(std::slice::from_ref(&key), minutes(10)).await.unwrap(), std::slice::from_ref(&old.id));
        let taking = approve(&new, minutes(1000));
        assert_eq!(f.store.commit(std::slice::from_ref(&taking), None).await.unwrap(), Committed::ClaimTaken(key.clone()));
        let mut expired = change(&approved.deal, EventKind::DealExpired, |d| {
            d.status = RegistrationStatus::Expired;
            d.protected_until = None;
        });
        expired.release_claims = true;
        // The order in which the decisions are given does not matter.
        assert_eq!(f.store.commit(&[taking, expired], None).await.unwrap(), Committed::Done);
        assert_eq!(f.store.claims_on(&[key]).await.unwrap()[0].deal_id, new.id);
    });
}

#[test]
fn a_repeated_request_is_answered_with_what_came_of_it() {
    with_store(|f| async move {
        let record = |n: u32| IdempotencyRecord {
            key: "user register abc".into(),
            input_hash: "hash".into(),
            result_id: deal_id(n).to_string(),
            result: "{}".into(),
            created_at: Timestamp::now(),
            link: None,
        };
        let tasks = (1..=20).map(|n| {
            let store = f.store.clone();
            tokio::spawn(async move { store.commit(&[insert(&deal_of(n, 1, 1))], Some(&record(n))).await.unwrap() })
        });
        let ended = futures::future::try_join_all(tasks).await.unwrap();
        assert_eq!(ended.iter().filter(|c| **c == Committed::Done).count(), 1, "{ended:?}");
        let kept = f.store.idempotency("user register abc").await.unwrap().unwrap();
        assert_eq!(ended.iter().filter(|c| **c == Committed::Replayed(kept.clone())).count(), 19, "{ended:?}");
        let filter = entente_store::DealFilter { scope: Scope::All, ..Default::default() };
        assert_eq!(f.store.count_deals(&filter).await.unwrap(), 1);
        assert_eq!(f.store.idempotency("other").await.unwrap(), None);
    });
}

#[test]
fn numbers_and_import_keys_are_unique() {
    with_store(|f| async move {
        let mut d = deal(1);
        d.import_key = Some("row 1".into());
        f.store.commit(&[insert(&d)], None).await.unwrap();
        let mut same_number = deal(2);
        same_number.number = "D-1".into();
        let mut same_key = deal(3);
        same_key.import_key = Some("row 1".into());
        let mut same_id = deal(1);
        same_id.number = "D-4".into();
        for bad in [same_number, same_key, same_id] {
            assert_eq!(f.store.commit(&[insert(&deal(9)), insert(&bad)], None).await.unwrap(), Committed::Duplicate);
            assert_eq!(f.store.insert_deals(&[insert(&deal(9)), insert(&bad)]).await.unwrap(), Committed::Duplicate);
        }
        assert_eq!(f.store.deal(&deal_id(9), &Scope::All).await.unwrap(), None);
        // Deals without an import key do not collide on its absence.
        assert_eq!(f.store.commit(&[insert(&deal(9)), insert(&deal(10))], None).await.unwrap(), Committed::Done);
    });
}

#[test]
fn a_note_is_written_whatever_the_version_is_by_now() {
    with_store(|f| async move {
        let d = deal(1);
        f.store.commit(&[insert(&d)], None).await.unwrap();
        f.store.commit(&[change(&d, EventKind::DealUpdated, |d| d.title = "new".into())], None).await.unwrap();
        let mut note = event(&d, EventKind::DealNoteAdded);
        note.occurred_at = minutes(500);
        let note = Decision { deal: d.clone(), based_on: Some(1), take: vec![], release_claims: false, events: vec![note] };
        assert_eq!(f.store.commit(&[note], None).await.unwrap(), Committed::Done);
        let now = f.store.deal(&d.id, &Scope::All).await.unwrap().unwrap();
        assert_eq!((now.version, now.title.as_str(), now.updated_at), (2, "new", minutes(500)));
        assert_eq!(f.store.timeline(&d.id, true, None, 10).await.unwrap()[0].kind, EventKind::DealNoteAdded);
    });
}

#[test]
fn numbers_are_reserved_once() {
    with_store(|f| async move {
        let tasks = (0..20).map(|_| {
            let store = f.store.clone();
            tokio::spawn(async move { store.next_number("deals", 5).await.unwrap() })
        });
        let mut firsts = futures::future::try_join_all(tasks).await.unwrap();
        firsts.sort_unstable();
        assert_eq!(firsts, (0..20).map(|n| n * 5 + 1).collect::<Vec<i64>>());
        assert_eq!(f.store.next_number("other", 1).await.unwrap(), 1);
    });
}

#[test]
fn bulk_inserts_are_whole_and_keep_known_customers() {
    with_store(|f| async move {
        let first: Vec<Decision> = (1..=500).map(|n| insert(&deal_of(n, n % 7 + 1, n % 40 + 1))).collect();
        assert_eq!(f.store.insert_deals(&first).await.unwrap(), Committed::Done);
        let mut again = deal_of(501, 1, 7);
        if let Some(c) = &mut again.customer {
            c.name = "Another spelling".into();
        }
        let id = again.customer.as_ref().unwrap().id.clone();
        f.store.insert_deals(&[insert(&again)]).await.unwrap();
        assert_eq!(f.store.customer(&id, &Scope::All).await.unwrap().unwrap().name, "Customer7 Müller");
        again.id = deal_id(502);
        again.number = "D-502".into();
        f.store.commit(&[insert(&again)], None).await.unwrap();
        assert_eq!(f.store.customer(&id, &Scope::All).await.unwrap().unwrap().name, "Another spelling");
        // Two records of one customer of one partner cannot be.
        again.id = deal_id(503);
        again.number = "D-503".into();
        again.customer = again.customer.map(|c| entente_domain::customer::Customer { id: customer(99, 99).id, ..c });
        assert_eq!(f.store.commit(&[insert(&again)], None).await.unwrap(), Committed::Duplicate);
    });
}

#[test]
fn a_database_that_kept_keys_for_a_week_is_brought_to_a_day() {
    with_store(|f| async move {
        let raw = f.raw().await;
        let kept = raw.collection::<Document>("idempotency");
        kept.drop_index("forget_at").await.unwrap();
        // As the version before left it.
        let week =
            doc! { "createIndexes": "idempotency", "indexes": [{ "key": { "created_at": 1 }, "name": "created_at", "expireAfterSeconds": 604_800 }] };
        raw.run_command(week.clone()).await.unwrap();
        let old = doc! { "_id": "user register old", "schema_version": 1, "input_hash": "h", "result_id": "r", "created_at": bson::DateTime::now() };
        kept.insert_one(old).await.unwrap();

        f.store.migrate().await.unwrap();
        let indexes: Vec<_> = kept.list_indexes().await.unwrap().try_collect().await.unwrap();
        let forget = indexes.iter().find(|i| i.keys == doc! { "forget_at": 1 }).and_then(|i| i.options.clone()).unwrap();
        assert_eq!(forget.expire_after, Some(std::time::Duration::ZERO));
        assert!(f.store.idempotency("user register old").await.unwrap().is_some(), "a record of before still answers");

        let record = IdempotencyRecord {
            key: "user register new".into(),
            input_hash: "hash".into(),
            result_id: deal_id(1).to_string(),
            result: String::new(),
            created_at: Timestamp::now(),
            link: None,
        };
        f.store.commit(&[insert(&deal(1))], Some(&record)).await.unwrap();
        let new = kept.find_one(doc! { "_id": "user register new" }).await.unwrap().unwrap();
        let of = |field: &str| new.get_datetime(field).unwrap().timestamp_millis();
        assert_eq!(of("forget_at") - of("created_at"), IDEMPOTENCY_HOURS * 3_600_000);
        // A server of the version before that starts meanwhile asks for its index, and is not refused.
        raw.run_command(week).await.unwrap();
    });
}
