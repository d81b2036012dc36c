//! What a partner is told of others, and of itself.

use bson::{Document, doc};
use entente_domain::deal::verdict::ConflictFacts;
use entente_domain::deal::{Deal, RegistrationStatus};
use entente_domain::event::EventKind;
use entente_domain::id::DealId;
use entente_domain::program::StageCategory;

use futures::TryStreamExt;

use entente_store::{Committed, ConflictQuery};

use crate::support::*;

/// Facts for partner `partner`, customer 1 and product `product` at minute 100.
async fn facts(f: &Fresh, partner: u32, product: u32, except: Option<&DealId>) -> ConflictFacts {
    let c = customer(partner, 1);
    let (partner, products) = (partner_id(partner), [product_id(product), product_id(77)]);
    let query = ConflictQuery { partner: &partner, customer: &c, products: &products, line: &[product_id(9)], now: minutes(100), except };
    f.store.conflicts(query).await.unwrap().facts()
}

const NONE: ConflictFacts = ConflictFacts {
    protected_by_other: false,
    other_registration: false,
    own_registration: false,
    similar_customer: false,
    related_customer: false,
    product_line: false,
    direct_sale: false,
};

#[test]
fn nobody_knows_nothing() {
    with_store(|f| async move {
        assert_eq!(facts(&f, 1, 1, None).await, NONE);
        // Another customer of the same partner does not matter.
        f.store.commit(&[insert(&deal_of(1, 1, 2)), insert(&deal_of(2, 2, 2))], None).await.unwrap();
        assert_eq!(facts(&f, 1, 1, None).await, NONE);
    });
}

#[test]
fn a_waiting_registration_is_anothers_or_ones_own() {
    with_store(|f| async move {
        let d = deal_of(1, 1, 1);
        f.store.commit(&[insert(&d)], None).await.unwrap();
        assert_eq!(facts(&f, 1, 1, None).await, ConflictFacts { own_registration: true, ..NONE });
        assert_eq!(facts(&f, 2, 1, None).await, ConflictFacts { other_registration: true, ..NONE });
        assert_eq!(facts(&f, 2, 2, None).await, NONE, "another product");
        assert_eq!(facts(&f, 1, 1, Some(&d.id)).await, NONE, "the deal itself");
        let asked = change(&d, EventKind::DealInfoRequested, |d| d.status = RegistrationStatus::InfoRequested);
        f.store.commit(std::slice::from_ref(&asked), None).await.unwrap();
        assert_eq!(facts(&f, 2, 1, None).await, ConflictFacts { other_registration: true, ..NONE });
        let over = change(&asked.deal, EventKind::DealRejected, |d| d.status = RegistrationStatus::Rejected);
        f.store.commit(&[over], None).await.unwrap();
        assert_eq!((facts(&f, 1, 1, None).await, facts(&f, 2, 1, None).await), (NONE, NONE));
    });
}

#[test]
fn a_claim_protects_until_its_end() {
    with_store(|f| async move {
        let d = deal_of(1, 1, 1);
        f.store.commit(&[insert(&d)], None).await.unwrap();
        let approved = approve(&d, minutes(101));
        f.store.commit(std::slice::from_ref(&approved), None).await.unwrap();
        assert_eq!(facts(&f, 2, 1, None).await, ConflictFacts { protected_by_other: true, ..NONE });
        assert_eq!(facts(&f, 1, 1, None).await, ConflictFacts { own_registration: true, ..NONE });
        // Won: the claim is free, and the partner may register the customer again.
        let mut won = change(&approved.deal, EventKind::DealStageMoved, |d| {
            d.stage_category = StageCategory::Won;
            d.protected_until = None;
        });
        won.release_claims = true;
        f.store.commit(&[won], None).await.unwrap();
        assert_eq!((facts(&f, 1, 1, None).await, facts(&f, 2, 1, None).await), (NONE, NONE));
        // Protection that has ended, though the claim is still there.
        let late = deal_of(2, 1, 1);
        f.store.commit(&[insert(&late)], None).await.unwrap();
        f.store.commit(&[approve(&late, minutes(100))], None).await.unwrap();
        assert_eq!(facts(&f, 2, 1, None).await, NONE);
    });
}

#[test]
fn a_claim_holds_the_name_and_country_beside_the_domain() {
    with_store(|f| async move {
        let under = |n: u32, partner: u32, domain: &str| {
            let mut d = deal_of(n, partner, 1);
            if let Some(c) = &mut d.customer {
                c.key = format!("domain:{domain}");
            }
            d
        };
        let (d, other) = (under(1, 1, "another.example"), under(2, 2, "third.example"));
        f.store.commit(&[insert(&d), insert(&other)], None).await.unwrap();
        f.store.commit(&[approve(&d, minutes(500))], None).await.unwrap();
        assert_eq!(facts(&f, 3, 1, None).await, ConflictFacts { protected_by_other: true, other_registration: true, ..NONE });
        assert_eq!(facts(&f, 1, 1, None).await, ConflictFacts { own_registration: true, other_registration: true, ..NONE });
        let taken = f.store.commit(&[approve(&other, minutes(500))], None).await.unwrap();
        assert!(matches!(taken, Committed::ClaimTaken(_)), "{taken:?}");
        // Names of two countries are two.
        let mut abroad = deal_of(3, 2, 1);
        if let Some(c) = &mut abroad.customer {
            (c.key, c.name_key) = ("domain:abroad.example".into(), c.name_key.replace("|DE", "|AT"));
        }
        f.store.commit(&[insert(&abroad)], None).await.unwrap();
        assert_eq!(f.store.commit(&[approve(&abroad, minutes(500))], None).await.unwrap(), Committed::Done);
    });
}

#[test]
fn another_product_of_the_line_is_worth_a_look() {
    with_store(|f| async move {
        let d = Deal { product_ids: vec![product_id(9)], ..deal_of(1, 1, 1) };
        f.store.commit(&[insert(&d)], None).await.unwrap();
        assert_eq!(facts(&f, 2, 1, None).await, ConflictFacts { product_line: true, ..NONE });
        f.store.commit(&[approve(&d, minutes(101))], None).await.unwrap();
        assert_eq!(facts(&f, 2, 1, None).await, ConflictFacts { product_line: true, ..NONE });
        assert_eq!(facts(&f, 2, 9, None).await, ConflictFacts { protected_by_other: true, ..NONE });
    });
}

#[test]
fn claims_of_before_hold_the_name_too_unless_another_does() {
    with_store(|f| async move {
        let mut second = deal_of(2, 2, 1);
        if let Some(c) = &mut second.customer {
            (c.key, c.name_key) = ("domain:second.example".into(), "name:somebody|DE".into());
        }
        let first = deal_of(1, 1, 1);
        f.store.commit(&[insert(&first), insert(&second)], None).await.unwrap();
        f.store.commit(&[approve(&first, minutes(500)), approve(&second, minutes(500))], None).await.unwrap();
        // As a version wrote them that held a customer by its first key alone.
        let raw = f.raw().await;
        let (claims, migrations) = (raw.collection::<Document>("claims"), raw.collection::<Document>("migrations"));
        let same_name = doc! { "$set": { "name_key": "name:customer1-muller|DE" }, "$unset": { "keys": "" } };
        claims.update_many(doc! {}, same_name).await.unwrap();
        migrations.delete_one(doc! { "_id": "0007_customer_keys" }).await.unwrap();
        assert_eq!(f.store.migrate().await.unwrap().applied, ["0007_customer_keys"]);
        let held: Vec<Document> = claims.find(doc! {}).sort(doc! { "keys": 1 }).await.unwrap().try_collect().await.unwrap();
        let mut counts: Vec<usize> = held.iter().map(|c| c.get_array("keys").unwrap().len()).collect();
        counts.sort_unstable();
        assert_eq!(counts, [1, 2], "{held:?}");
        assert_eq!(facts(&f, 3, 1, None).await, ConflictFacts { protected_by_other: true, ..NONE });
    });
}
