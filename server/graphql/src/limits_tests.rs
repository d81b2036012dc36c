//! Hostile documents, and the ordinary ones beside them.

use async_graphql::parser::parse_query;

use super::*;
use crate::problem::ErrorCode as Code;

fn check(query: &str) -> Result<Option<Shape>, Code> {
    check_text(query).map_err(|p| p.code)?;
    check_document(&parse_query(query).unwrap(), None).map_err(|p| p.code)
}

#[test]
fn an_ordinary_document_passes() {
    let shape = check("query { deals(first: 10) { nodes { id partner { name } } } }").unwrap().unwrap();
    assert_eq!(shape, Shape { ty: OperationType::Query, session_only: false, introspects: false, sign_ins: 0, deal_checks: 0, enquiries: 0 });
    assert!(check("mutation { sessionRefresh { accessToken } __typename }").unwrap().unwrap().session_only);
    assert!(!check("mutation { sessionRefresh { accessToken } dealAddNote { deal { id } } }").unwrap().unwrap().session_only);
    assert!(!check("{ ...F } fragment F on Query { viewer { language } }").unwrap().unwrap().session_only);
}

#[test]
fn tokens_are_counted_as_the_language_says() {
    let many = |n: usize| format!("{{ {} }}", "a ".repeat(n));
    assert!(check_text(&many(TOKENS_MAX - 2)).is_ok());
    assert_eq!(check_text(&many(TOKENS_MAX - 1)).map_err(|p| p.code), Err(Code::TooComplex));
    assert!(check_text(&format!("# {}\n{{ a(b: \"{}\") }}", "x ".repeat(5_000), "y ".repeat(5_000))).is_ok());
    assert!(check_text(&format!("{{ a(b: \"\"\"{}\"\"\") }}", "y \" ".repeat(5_000))).is_ok());
    assert!(check_text("{ a(b: \"never closed").is_ok());
    assert_eq!(check_text(&"[".repeat(100)).map_err(|p| p.code), Err(Code::TooComplex));
}

#[test]
fn aliases_depth_and_bombs_are_refused() {
    let aliases = |n: usize| format!("{{ {} }}", (0..n).map(|i| format!("a{i}: viewer {{ language }} ")).collect::<String>());
    assert!(check(&aliases(ALIASES_MAX)).is_ok());
    assert_eq!(check(&aliases(ALIASES_MAX + 1)), Err(Code::TooComplex));

    let deep = |n: usize| format!("{}{}", "{ a ".repeat(n), "}".repeat(n));
    assert!(check(&deep(DEPTH_MAX)).is_ok());
    assert_eq!(check(&deep(DEPTH_MAX + 1)), Err(Code::TooComplex));
    assert!(
        check("{ __schema { types { fields { type { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { name }}}}}}}}}}}}}")
            .is_ok()
    );

    let bomb: String = (0..60).map(|i| format!("fragment F{i} on Query {{ ...F{} ...F{} }} ", i + 1, i + 1)).collect();
    assert_eq!(check(&format!("{{ ...F0 }} {bomb} fragment F60 on Query {{ viewer {{ language }} }}")), Err(Code::TooComplex));
    assert_eq!(check(&format!("{{ ...F0 }} {bomb}")), Err(Code::TooComplex), "without a field at its end");
    assert_eq!(check("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"), Err(Code::BadRequest));
}

#[test]
fn reading_the_schema_is_told_apart() {
    assert!(check("{ __schema { types { name } } }").unwrap().unwrap().introspects);
    assert!(check("{ ...F } fragment F on Query { __type(name: \"Deal\") { name } }").unwrap().unwrap().introspects);
    assert!(!check("{ __typename }").unwrap().unwrap().introspects);
}

#[test]
fn what_is_rationed_is_counted_through_aliases_and_fragments() {
    let counted = |query: &str| check(query).unwrap().map(|shape| (shape.sign_ins, shape.deal_checks)).unwrap();
    assert_eq!(counted("{ viewer { language } }"), (0, 0));
    assert_eq!(
        counted("mutation { a: sessionCreate { x } ...F ... { b: sessionCreate { x } } } fragment F on Mutation { c: sessionCreate { x } }"),
        (3, 0)
    );
    assert_eq!(counted("{ dealCheck { x } a: dealCheck { x } }"), (0, 2));
}

#[test]
fn a_subscription_selects_one_field() {
    assert!(check("subscription { dealChanges { __typename } }").is_ok());
    assert_eq!(check("subscription { a: dealChanges { __typename } b: dealChanges { __typename } }"), Err(Code::BadRequest));
}
