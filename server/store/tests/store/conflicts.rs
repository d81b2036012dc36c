//! What a partner is told of others, and of itself.

use entente_domain::deal::verdict::ConflictFacts;
use entente_domain::deal::{Deal, RegistrationStatus};
use entente_domain::event::EventKind;
use entente_domain::id::DealId;
use entente_domain::program::StageCategory;

use entente_store::ConflictQuery;

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
fn a_claim_on_a_customer_of_the_same_name_is_worth_a_look() {
    with_store(|f| async move {
        let mut d = deal_of(1, 1, 1);
        if let Some(c) = &mut d.customer {
            c.key = "domain:another.example".into();
        }
        f.store.commit(&[insert(&d)], None).await.unwrap();
        f.store.commit(&[approve(&d, minutes(500))], None).await.unwrap();
        assert_eq!(facts(&f, 2, 1, None).await, ConflictFacts { similar_customer: true, ..NONE });
        assert_eq!(facts(&f, 1, 1, None).await, NONE);
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
