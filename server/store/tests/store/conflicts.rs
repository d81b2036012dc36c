//! What a partner is told of others, and of itself.

use bson::{Document, doc};
use entente_domain::deal::verdict::ConflictFacts;
use entente_domain::deal::{Deal, RegistrationStatus};
use entente_domain::event::EventKind;
use entente_domain::id::DealId;
use entente_domain::program::StageCategory;

use futures::TryStreamExt;

use entente_store::{Committed, ConflictQuery};

use crate::plans::{look, start};
use crate::support::*;

/// Facts for partner `partner`, customer 1 and product `product` at minute 100.
async fn facts(f: &Fresh, partner: u32, product: u32, except: Option<&DealId>) -> ConflictFacts {
    let c = customer(partner, 1);
    let (partner, products) = (partner_id(partner), [product_id(product), product_id(77)]);
    let query = ConflictQuery { partner: &partner, customer: &c, products: &products, line: &[product_id(9)], except };
    f.store.conflicts(&[query], minutes(100)).await.unwrap()[0].facts()
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

/// Deals of four partners for seven customers that are one by domain, one by name, nearly one, of one group, or none of it; some
/// waiting, some protected, some over.
async fn crowd(f: &Fresh) -> Vec<Deal> {
    let mut all = Vec::new();
    for n in 0..100_u32 {
        let mut d = Deal { product_ids: vec![product_id(1 + n % 3)], ..deal_of(n, 1 + n % 4, n % 7) };
        if let Some(c) = &mut d.customer {
            match n % 5 {
                1 => (c.key, c.domain) = (c.name_key.clone(), None),
                2 => c.name_key = c.name_key.replace("muller", "mueller"),
                3 => c.name_key = c.name_key.replace("|DE", "|"),
                _ => {}
            }
        }
        all.push(d);
    }
    let waiting: Vec<_> = all.iter().map(insert).collect();
    f.store.commit(&waiting, None).await.unwrap();
    for (at, d) in all.iter_mut().enumerate() {
        let decision = match at % 4 {
            0 => approve(d, minutes(500)),
            1 if at % 3 == 0 => change(d, EventKind::DealRejected, |d| d.status = RegistrationStatus::Rejected),
            _ => continue,
        };
        // Some are taken: those go on waiting.
        if matches!(f.store.commit(std::slice::from_ref(&decision), None).await.unwrap(), Committed::Done) {
            *d = decision.deal;
        }
    }
    for daughter in [2, 3, 5] {
        f.store.set_parent(&customer(1, daughter).key, Some("Holding"), &event(&all[0], EventKind::CustomerGrouped)).await.unwrap();
    }
    all
}

#[test]
fn a_list_is_judged_as_each_of_it_alone_by_as_many_questions_as_one() {
    with_store(|f| async move {
        let all = crowd(&f).await;
        let line = [product_id(1), product_id(2)];
        let queries = all.iter().filter_map(|d| {
            let customer = d.customer.as_ref()?;
            let line: &[_] = if d.product_ids == [product_id(3)] { &[] } else { &line };
            Some(ConflictQuery { partner: &d.partner_id, customer, products: &d.product_ids, line, except: Some(&d.id) })
        });
        let queries: Vec<ConflictQuery<'_>> = queries.collect();
        let mut alone = Vec::new();
        for query in &queries {
            alone.extend(f.store.conflicts(std::slice::from_ref(query), minutes(100)).await.unwrap());
        }
        start(&f).await;
        let together = f.store.conflicts(&queries, minutes(100)).await.unwrap();
        let for_all = look(&f).await.len();
        assert_eq!(together, alone);
        let facts: Vec<ConflictFacts> = together.iter().map(|c| c.facts()).collect();
        let kinds: [fn(&ConflictFacts) -> bool; 6] = [
            |f| f.protected_by_other,
            |f| f.other_registration,
            |f| f.own_registration,
            |f| f.similar_customer,
            |f| f.related_customer,
            |f| f.product_line,
        ];
        for (at, kind) in kinds.iter().enumerate() {
            assert!(facts.iter().any(kind) && !facts.iter().all(kind), "kind {at}");
        }
        start(&f).await;
        let related = facts.iter().position(|f| f.related_customer).unwrap();
        f.store.conflicts(&queries[related..=related], minutes(100)).await.unwrap();
        assert_eq!(look(&f).await.len(), for_all, "questions for one and for {}", queries.len());
    });
}
