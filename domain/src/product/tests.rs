use jiff::Timestamp;
use ulid::Ulid;

use super::change::*;
use super::*;
use crate::deal::register::{DraftCode, DraftInput, DraftRules, validate};
use crate::program::Term;
use crate::rules::testing::{product, program};
use crate::rules::{Requirements, RuleSet};

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn id(n: u128) -> ProductId {
    ProductId::new(Ulid::from_parts(7, n))
}

fn input(key: &str, name: &str) -> ProductInput {
    ProductInput { key: key.into(), name: name.into(), ..ProductInput::default() }
}

fn pack(contents: &[ProductId]) -> ProductInput {
    let bundle = BundleInput {
        product_ids: contents.iter().map(ToString::to_string).collect(),
        extras: vec!["Two days on site".into(), " ".into()],
        verticals: vec!["health".into(), "health".into()],
        packaging: Some("Per ward and year".into()),
    };
    ProductInput { list_price: Some(("990.50".into(), "USD".into())), bundle: Some(bundle), ..input("ward", "Ward Pack") }
}

fn world() -> Program {
    Program { verticals: vec![Term { key: "health".into(), name: "Health".into() }], ..program() }
}

/// The program with a bundle of products 1 and 2.
fn with_pack() -> (Program, Product) {
    let added = add(&world(), &pack(&[product(1), product(2), product(1)]), id(9)).unwrap();
    (added.program, added.product)
}

fn codes(error: ProductError) -> Vec<(String, ProductCode)> {
    match error {
        ProductError::Invalid(wrong) => wrong.into_iter().map(|v| (v.path.join("."), v.code)).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn a_product_is_added_changed_retired_and_brought_back_in_versions() {
    let first = world();
    let added = add(&first, &input("beam", " Beam "), id(9)).unwrap();
    assert_eq!((added.program.version, added.product.version, added.product.name.as_str()), (first.version + 1, 1, "Beam"));
    assert_eq!(added.program.product(&id(9)), Some(&added.product));

    let typed = ProductInput { line: Some("L1".into()), description: Some("Light".into()), ..input("beam", "Beam 2") };
    let changed = change(&added.program, &id(9), 1, &typed).unwrap();
    assert_eq!((changed.program.version, changed.product.version), (first.version + 2, 2));
    let fields: Vec<&str> = changed.changes.iter().map(|c| c.field.as_str()).collect();
    assert_eq!(fields, ["products.beam.name", "products.beam.line", "products.beam.description"]);
    assert_eq!(change(&changed.program, &id(9), 1, &typed), Err(ProductError::StaleVersion { current: 2 }));
    assert_eq!(change(&changed.program, &id(8), 1, &typed), Err(ProductError::NotFound));

    let retired = retire(&changed.program, &id(9), 2, now()).unwrap();
    assert_eq!(retired.product.retired_at, Some(now()));
    assert_eq!(retire(&retired.program, &id(9), 3, now()), Err(ProductError::RetiredAlready { name: "Beam 2".into() }));
    let back = restore(&retired.program, &id(9), 3).unwrap();
    assert_eq!(back.product.retired_at, None);
    assert_eq!(restore(&back.program, &id(9), 4), Err(ProductError::NotRetired { name: "Beam 2".into() }));
    // Nothing else moved.
    assert_eq!(back.program.products[..3], first.products[..]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let program = world();
    let typed = ProductInput {
        line: Some("x".repeat(201)),
        list_price: Some(("-1".into(), "USD".into())),
        description: Some("x".repeat(4_001)),
        ..input("P 1", "p2")
    };
    let wrong = codes(add(&program, &typed, id(9)).unwrap_err());
    let expected = [
        ("key", ProductCode::InvalidInput),
        ("name", ProductCode::NameTaken),
        ("line", ProductCode::TooLong),
        ("listPrice.amount", ProductCode::InvalidInput),
        ("description", ProductCode::TooLong),
    ];
    assert_eq!(wrong, expected.map(|(path, code)| (path.to_owned(), code)));
    assert_eq!(codes(add(&program, &input("p1", "New"), id(9)).unwrap_err()), [("key".to_owned(), ProductCode::KeyTaken)]);
    assert_eq!(codes(add(&program, &input("", "New\nLine"), id(9)).unwrap_err()).len(), 2);
    for (amount, currency, code) in [("1.005", "USD", ProductCode::InvalidInput), ("1", "XXX", ProductCode::CurrencyNotAccepted)] {
        let typed = ProductInput { list_price: Some((amount.into(), currency.into())), ..input("new", "New") };
        assert_eq!(codes(add(&program, &typed, id(9)).unwrap_err())[0].1, code, "{amount} {currency}");
    }
}

#[test]
fn a_bundle_has_products_inside_and_nothing_else() {
    let (program, pack_now) = with_pack();
    let bundle = pack_now.bundle.clone().unwrap();
    assert_eq!(bundle.product_ids, [product(1), product(2)], "each once");
    assert_eq!((bundle.extras, bundle.verticals), (vec!["Two days on site".to_owned()], vec!["health".to_owned()]));
    assert_eq!((pack_now.kind(), program.products[0].kind()), (ProductKind::Bundle, ProductKind::Product));

    let again = |contents: &[ProductId]| ProductInput { key: "other".into(), name: "Other".into(), ..pack(contents) };
    let refused = |contents: &[ProductId]| codes(add(&program, &again(contents), id(10)).unwrap_err());
    assert_eq!(refused(&[]), [("bundle.productIds".to_owned(), ProductCode::BundleEmpty)]);
    assert_eq!(refused(&[product(1), id(9)]), [("bundle.productIds.1".to_owned(), ProductCode::BundleInBundle)]);
    assert_eq!(refused(&[id(77)]), [("bundle.productIds.0".to_owned(), ProductCode::ProductUnknown)]);
    let mut odd = again(&[product(1)]);
    odd.bundle.as_mut().unwrap().verticals = vec!["space".into()];
    assert_eq!(codes(add(&program, &odd, id(10)).unwrap_err()), [("bundle.verticals".to_owned(), ProductCode::VerticalUnknown)]);
    // A bundle cannot be put into itself either, and stays a bundle.
    assert_eq!(codes(change(&program, &id(9), 1, &pack(&[id(9)])).unwrap_err())[0].1, ProductCode::BundleInBundle);
    assert_eq!(codes(change(&program, &id(9), 1, &input("ward", "Ward Pack")).unwrap_err())[0].1, ProductCode::KindFixed);
}

#[test]
fn what_is_retired_is_in_no_bundle_that_can_be_registered() {
    let (program, _) = with_pack();
    assert_eq!(retire(&program, &product(2), 1, now()), Err(ProductError::InBundle { name: "P2".into(), bundle: "Ward Pack".into() }));
    let third = retire(&program, &product(3), 1, now()).unwrap().program;
    assert_eq!(codes(change(&third, &id(9), 1, &pack(&[product(1), product(3)])).unwrap_err())[0].1, ProductCode::ProductRetired);
    // With the bundle retired first both go, and the bundle comes back only after its product.
    let gone = retire(&program, &id(9), 1, now()).unwrap().program;
    let gone = retire(&gone, &product(2), 1, now()).unwrap().program;
    assert_eq!(restore(&gone, &id(9), 2), Err(ProductError::ContentRetired { bundle: "Ward Pack".into(), name: "P2".into() }));
    let back = restore(&gone, &product(2), 2).unwrap().program;
    assert!(restore(&back, &id(9), 2).is_ok());
}

fn draft(products: &[ProductId]) -> DraftInput {
    DraftInput {
        title: "T".into(),
        customer_name: "C".into(),
        product_ids: products.iter().map(ToString::to_string).collect(),
        amount: "100000".into(),
        currency: "USD".into(),
        expected_close_on: Some(jiff::civil::date(2026, 12, 1)),
        ..DraftInput::default()
    }
}

#[test]
fn a_draft_is_judged_with_everything_in_its_bundles() {
    let (program, _) = with_pack();
    let today = jiff::civil::date(2026, 11, 21);
    let rules = DraftRules::of(&program, &RuleSet::of(&program).requirements);
    let valid = validate(&draft(&[id(9), product(2)]), &rules, today).unwrap();
    assert_eq!((valid.product_ids.clone(), valid.included.clone()), (vec![id(9), product(2)], vec![product(1)]));
    assert_eq!(valid.all_products(), with_included(&program, &[id(9), product(2)]));

    // A bundle is no way round a rule about its products.
    let strict = Requirements { products: Some(vec![id(9), product(1)]), ..rules.requirements.clone() };
    let wrong = validate(&draft(&[id(9)]), &DraftRules::of(&program, &strict), today).unwrap_err();
    assert_eq!(wrong[0].code, DraftCode::ProductNotAllowed);

    let retired = retire(&program, &id(9), 1, now()).unwrap().program;
    let wrong = validate(&draft(&[product(3), id(9)]), &DraftRules::of(&retired, &rules.requirements), today).unwrap_err();
    assert_eq!((wrong[0].code, wrong[0].path.join(".")), (DraftCode::ProductRetired, "productIds.1".to_owned()));
    assert!(wrong[0].message.starts_with("Ward Pack is retired"), "{}", wrong[0].message);
}
