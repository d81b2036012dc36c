//! Products and bundles through the use cases, on a real database: racing changes, keys, what is retired, and that a bundle is
//! no way round the protection of what it contains.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::TestApp;
use entente_app::deal::{self, RegisterInput, RegisterRefusal};
use entente_app::idempotency::KeyRefusal;
use entente_app::product::{self, ProductRefusal};
use entente_app::{Refused, direct};
use entente_domain::deal::register::DraftCode;
use entente_domain::deal::verdict::VerdictOutcome;
use entente_domain::deal::{Deal, DealError};
use entente_domain::direct::DirectInput;
use entente_domain::id::ProductId;
use entente_domain::policy::Actor;
use entente_domain::product::Product;
use entente_domain::product::change::{BundleInput, ProductCode, ProductError, ProductInput};
use entente_domain::user::Role;

fn input(key: &str) -> ProductInput {
    ProductInput { key: key.into(), name: format!("The {key}"), ..ProductInput::default() }
}

fn pack(key: &str, inside: &[&ProductId]) -> ProductInput {
    let bundle = BundleInput { product_ids: inside.iter().map(ToString::to_string).collect(), ..BundleInput::default() };
    ProductInput { bundle: Some(bundle), ..input(key) }
}

/// The customer's registration of these products.
fn of(t: &TestApp, customer: &str, products: &[&ProductId]) -> RegisterInput {
    let mut input = t.input(customer);
    input.draft.product_ids = products.iter().map(ToString::to_string).collect();
    input
}

fn error(refused: Refused<ProductRefusal>) -> ProductError {
    match refused {
        Refused::Refused(ProductRefusal::Product(error)) => error,
        other => panic!("{other:?}"),
    }
}

async fn registered(t: &TestApp, who: &Actor, customer: &str, products: &[&ProductId]) -> Deal {
    deal::register(&t.app, who, &of(t, customer, products)).await.unwrap().deal.unwrap()
}

async fn outcome(t: &TestApp, who: &Actor, customer: &str, products: &[&ProductId]) -> VerdictOutcome {
    deal::check(&t.app, who, &of(t, customer, products)).await.unwrap().outcome
}

async fn stored(t: &TestApp, id: &ProductId) -> Product {
    t.store.program().await.unwrap().unwrap().product(id).cloned().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_edits_of_one_product_the_second_looks_again_and_edits_of_two_both_happen() {
    let t = TestApp::start(false).await;
    let admin = t.person(Role::Admin, None).await;
    let other = product::create(&t.app, &admin, &input("beam"), None).await.unwrap();
    for round in 1..=10 {
        let (left, right) =
            (ProductInput { name: format!("L{round}"), ..input("vault") }, ProductInput { name: format!("R{round}"), ..input("vault") });
        let elsewhere = ProductInput { name: format!("Beam {round}"), ..input("beam") };
        let vault = t.product.to_string();
        let (a, b, c) = tokio::join!(
            product::update(&t.app, &admin, &vault, round, &left),
            product::update(&t.app, &admin, &vault, round, &right),
            product::update(&t.app, &admin, other.id.as_str(), round, &elsewhere),
        );
        c.unwrap();
        let outcomes = [a, b];
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "round {round}: {outcomes:?}");
        let lost = outcomes.into_iter().find_map(Result::err).unwrap();
        assert_eq!(error(lost), ProductError::StaleVersion { current: round + 1 });
        assert_eq!((stored(&t, &t.product).await.version, stored(&t, &other.id).await.version), (round + 1, round + 1));
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_is_one_product_and_a_name_is_taken_once() {
    let t = TestApp::start(false).await;
    let admin = t.person(Role::Admin, None).await;
    let beam = input("beam");
    let (a, b, c) = tokio::join!(
        product::create(&t.app, &admin, &beam, Some("form-1")),
        product::create(&t.app, &admin, &beam, Some("form-1")),
        product::create(&t.app, &admin, &beam, Some("form-1")),
    );
    let ids = [a.unwrap().id, b.unwrap().id, c.unwrap().id];
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let reused = product::create(&t.app, &admin, &input("other"), Some("form-1")).await;
    assert!(matches!(reused, Err(Refused::Refused(ProductRefusal::Key(KeyRefusal::Reused)))));
    // Without a key the second one meets the first one's names, however close they are.
    let twin = input("twin");
    let (a, b) = tokio::join!(product::create(&t.app, &admin, &twin, None), product::create(&t.app, &admin, &twin, None));
    let lost = if a.is_ok() { b } else { a };
    let ProductError::Invalid(wrong) = error(lost.unwrap_err()) else { panic!("another refusal") };
    assert_eq!(wrong.iter().map(|w| w.code).collect::<Vec<_>>(), [ProductCode::KeyTaken, ProductCode::NameTaken]);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_vendors_administrators_keep_products() {
    let t = TestApp::start(false).await;
    for (role, of) in [(Role::ChannelManager, None), (Role::Sales, None), (Role::PartnerAdmin, Some(0)), (Role::PartnerSales, Some(0))] {
        let somebody = t.person(role, of).await;
        let vault = t.product.to_string();
        let all = [
            product::create(&t.app, &somebody, &input("beam"), None).await,
            product::update(&t.app, &somebody, &vault, 1, &input("vault")).await,
            product::retire(&t.app, &somebody, &vault, 1).await,
            product::restore(&t.app, &somebody, &vault, 1).await,
        ];
        for refused in all {
            assert!(matches!(refused, Err(Refused::Refused(ProductRefusal::NotAllowed))), "{role:?}: {refused:?}");
        }
    }
    assert_eq!(stored(&t, &t.product).await.version, 1);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_retired_stays_on_its_deals_and_is_registered_no_more() {
    let t = TestApp::start(false).await;
    let (admin, seller, manager) =
        (t.person(Role::Admin, None).await, t.person(Role::PartnerSales, Some(0)).await, t.person(Role::ChannelManager, None).await);
    let before = registered(&t, &seller, "acme", &[&t.product]).await;
    let retired = product::retire(&t.app, &admin, t.product.as_str(), 1).await.unwrap();
    assert!(retired.retired_at.is_some());

    let refused = deal::register(&t.app, &seller, &of(&t, "zenith", &[&t.product])).await;
    let Err(Refused::Refused(RegisterRefusal::Invalid(wrong))) = refused else { panic!("{refused:?}") };
    assert_eq!((wrong[0].code, wrong[0].path.join(".")), (DraftCode::ProductRetired, "productIds.0".to_owned()));
    assert!(wrong[0].message.contains("Vault"), "{}", wrong[0].message);
    // What was registered goes on.
    deal::approve(&t.app, &manager, before.id.as_str(), before.version, None).await.unwrap();

    product::restore(&t.app, &admin, t.product.as_str(), 2).await.unwrap();
    registered(&t, &seller, "zenith", &[&t.product]).await;
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_no_way_round_a_protected_product_and_protects_what_it_contains() {
    let t = TestApp::start(false).await;
    let (admin, seller, rival, manager) = (
        t.person(Role::Admin, None).await,
        t.person(Role::PartnerSales, Some(0)).await,
        t.person(Role::PartnerSales, Some(1)).await,
        t.person(Role::ChannelManager, None).await,
    );
    let beam = product::create(&t.app, &admin, &input("beam"), None).await.unwrap().id;
    let free = product::create(&t.app, &admin, &input("free"), None).await.unwrap().id;
    let bundle = product::create(&t.app, &admin, &pack("pack", &[&t.product, &beam]), None).await.unwrap();
    let other = product::create(&t.app, &admin, &pack("other", &[&beam, &free]), None).await.unwrap();

    // A product is protected: no bundle with it.
    let single = registered(&t, &seller, "acme", &[&t.product]).await;
    assert_eq!(outcome(&t, &rival, "acme", &[&bundle.id]).await, VerdictOutcome::PossibleConflict, "it waits");
    let single = deal::approve(&t.app, &manager, single.id.as_str(), 1, None).await.unwrap();
    assert_eq!(outcome(&t, &rival, "acme", &[&bundle.id]).await, VerdictOutcome::Blocked);
    assert!(deal::register(&t.app, &rival, &of(&t, "acme", &[&bundle.id])).await.unwrap().deal.is_none());
    assert_eq!(outcome(&t, &seller, "acme", &[&bundle.id]).await, VerdictOutcome::Blocked, "one's own counts too");
    assert_eq!(outcome(&t, &rival, "acme", &[&other.id]).await, VerdictOutcome::Clear, "nothing in common");
    deal::withdraw(&t.app, &seller, single.id.as_str(), single.version, None).await.unwrap();

    // A bundle waits and is protected: no product of it, and no other bundle with one of them.
    let packed = registered(&t, &seller, "acme", &[&bundle.id]).await;
    assert_eq!((packed.product_ids.clone(), packed.included.clone()), (vec![bundle.id.clone()], vec![t.product.clone(), beam.clone()]));
    for products in [&t.product, &beam, &bundle.id, &other.id] {
        assert_eq!(outcome(&t, &rival, "acme", &[products]).await, VerdictOutcome::PossibleConflict);
    }
    let packed = deal::approve(&t.app, &manager, packed.id.as_str(), 1, None).await.unwrap();
    assert_eq!(t.store.claims_on(&packed.claim_keys()).await.unwrap().len(), 3);
    for products in [&t.product, &beam, &bundle.id, &other.id] {
        assert_eq!(outcome(&t, &rival, "acme", &[products]).await, VerdictOutcome::Blocked);
    }
    assert_eq!(outcome(&t, &rival, "acme", &[&free]).await, VerdictOutcome::Clear);
    // The vendor's own staff cannot sell round it either.
    let own = DirectInput {
        customer_name: "acme".into(),
        customer_domain: Some("acme.com".into()),
        product_ids: vec![other.id.to_string()],
        ..DirectInput::default()
    };
    assert!(matches!(direct::record(&t.app, &admin, &own, None).await, Err(Refused::Refused(_))));

    // A bundle that is changed afterwards changes nothing of it.
    let narrow = pack("pack", &[&t.product]);
    product::update(&t.app, &admin, bundle.id.as_str(), 1, &narrow).await.unwrap();
    assert_eq!(outcome(&t, &rival, "acme", &[&beam]).await, VerdictOutcome::Blocked);
    deal::withdraw(&t.app, &seller, packed.id.as_str(), packed.version, None).await.unwrap();
    assert_eq!(outcome(&t, &rival, "acme", &[&beam]).await, VerdictOutcome::Clear);
    assert!(t.store.claims_on(&packed.claim_keys()).await.unwrap().is_empty(), "all of it is free again");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_bundle_and_its_product_approved_at_once_one_wins_every_time() {
    let t = TestApp::start(false).await;
    let (admin, a, b, manager) = (
        t.person(Role::Admin, None).await,
        t.person(Role::PartnerSales, Some(0)).await,
        t.person(Role::PartnerSales, Some(1)).await,
        t.person(Role::ChannelManager, None).await,
    );
    let beam = product::create(&t.app, &admin, &input("beam"), None).await.unwrap().id;
    let bundle = product::create(&t.app, &admin, &pack("pack", &[&beam, &t.product]), None).await.unwrap().id;
    for round in 0..15 {
        let customer = format!("customer{round}");
        let (first, second) = ([&bundle], [&t.product]);
        let (one, two) = tokio::join!(registered(&t, &a, &customer, &first), registered(&t, &b, &customer, &second));
        let (x, y) =
            tokio::join!(deal::approve(&t.app, &manager, one.id.as_str(), 1, None), deal::approve(&t.app, &manager, two.id.as_str(), 1, None));
        let outcomes = [x, y];
        assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "round {round}: {outcomes:?}");
        assert!(outcomes.iter().any(|o| matches!(o, Err(Refused::Refused(DealError::ClaimTaken)))), "round {round}");
        let held = t.store.claims_on(&one.claim_keys()).await.unwrap();
        let holder = if outcomes[0].is_ok() { (&one.id, 3) } else { (&two.id, 1) };
        assert_eq!((held.iter().filter(|c| c.deal_id == *holder.0).count(), held.len()), (holder.1, holder.1), "all or nothing");
    }
    t.end().await;
}
