//! Bad input: each gets an error that names the field and the rule, and nothing is written.

use serde_json::{Value, json};

use crate::world::{REGISTER, World, code};

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_registration_names_its_field_and_writes_nothing() {
    let world = World::start().await;
    let aurora = world.aurora().await;
    let count = "{ deals { totalCount } recentChanges(first: 1) { edges { cursor } } }";
    let before = world.data(&aurora, count, json!({})).await;
    let good = world.registration("Bad Input").await;
    let cases: [(&str, Value, &str, &str); 14] = [
        ("/customerCountry", json!("XX"), "CUSTOMER_COUNTRY_UNKNOWN", "customerCountry"),
        ("/customerCountry", json!("Germany"), "CUSTOMER_COUNTRY_UNKNOWN", "customerCountry"),
        ("/value/amount", json!("0"), "VALUE_NOT_POSITIVE", "value.amount"),
        ("/value/amount", json!("-5"), "VALUE_NOT_POSITIVE", "value.amount"),
        ("/value/amount", json!("100000.123"), "VALUE_TOO_PRECISE", "value.amount"),
        ("/value/amount", json!("a lot"), "INVALID_INPUT", "value.amount"),
        ("/value/amount", json!("0.01"), "VALUE_BELOW_MINIMUM", "value.amount"),
        ("/value/currency", json!("XXX"), "CURRENCY_NOT_ACCEPTED", "value.currency"),
        ("/expectedCloseOn", json!("2001-01-01"), "CLOSE_DATE_IN_PAST", "expectedCloseOn"),
        ("/productIds", json!(["prod_01J00000000000000000000000"]), "PRODUCT_UNKNOWN", "productIds"),
        ("/productIds", json!([]), "REQUIRED", "productIds"),
        ("/title", json!("  "), "REQUIRED", "title"),
        ("/title", json!("x".repeat(201)), "TOO_LONG", "title"),
        ("/customerDomain", json!("not a domain"), "INVALID_INPUT", "customerDomain"),
    ];
    for (at, value, code, path) in cases {
        let mut input = good.clone();
        *input.pointer_mut(at).unwrap() = value;
        let data = world.data(&aurora, REGISTER, json!({"input": input})).await;
        let payload = &data["dealRegister"];
        let error = &payload["errors"][0];
        assert_eq!(error["code"], code, "{at}: {payload}");
        let mut names: Vec<&str> = error["path"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(names.remove(0), "input");
        assert!(names.join(".").starts_with(path), "{at}: {error}");
        assert!(error["message"].as_str().unwrap().len() > 10 && error["__typename"] == "DealRegisterError");
        assert_eq!((&payload["deal"], &payload["verdict"]), (&Value::Null, &Value::Null));
        let check = world
            .data(
                &aurora,
                "query($input: DealRegisterInput!) { dealCheck(input: $input) { outcome rules { code passed } } }",
                json!({"input": input}),
            )
            .await;
        assert_eq!(check["dealCheck"], json!({"outcome": "BLOCKED", "rules": [{"code": code, "passed": false}]}));
    }
    // Shapes that are wrong before any rule.
    for (at, value) in [("/expectedCloseOn", json!("tomorrow")), ("/value/amount", json!(12.5)), ("/title", json!(7)), ("/productIds", Value::Null)] {
        let mut input = good.clone();
        *input.pointer_mut(at).unwrap() = value;
        assert_eq!(world.code(Some(&aurora), REGISTER, json!({"input": input})).await.as_deref(), Some("BAD_REQUEST"), "{at}");
    }
    assert_eq!(world.data(&aurora, count, json!({})).await, before);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_changes_are_refused_by_name_and_write_nothing() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let (id, version) = world.register(&aurora, "Bad Change").await;
    let error = "errors { message path ... on DealDecisionError { code } }";
    let cases = [
        (&manager, format!("dealApprove(id: $id, expectedVersion: 7) {{ {error} }}"), "STALE_VERSION", json!(["expectedVersion"])),
        (&manager, format!("dealReject(id: $id, expectedVersion: {version}, reason: \" \") {{ {error} }}"), "REQUIRED", json!(["reason"])),
        (&manager, format!("dealMoveStage(id: $id, expectedVersion: {version}, stage: \"nowhere\") {{ {error} }}"), "WRONG_STATUS", json!([])),
        (&aurora, format!("dealApprove(id: $id, expectedVersion: {version}) {{ {error} }}"), "NOT_ALLOWED", json!([])),
        (&aurora, format!("dealProvideInfo(id: $id, expectedVersion: {version}, answer: \"x\") {{ {error} }}"), "WRONG_STATUS", json!([])),
        (&aurora, format!("dealAddNote(id: $id, text: \"x\", visibility: INTERNAL) {{ {error} }}"), "NOT_ALLOWED", json!([])),
        (
            &aurora,
            format!("dealUpdate(id: $id, expectedVersion: {version}, input: {{title: \"\"}}) {{ {error} }}"),
            "REQUIRED",
            json!(["input", "title"]),
        ),
        (
            &aurora,
            format!("dealUpdate(id: $id, expectedVersion: {version}, input: {{expectedCloseOn: \"2001-01-01\"}}) {{ {error} }}"),
            "CLOSE_DATE_IN_PAST",
            json!(["input", "expectedCloseOn"]),
        ),
    ];
    for (actor, mutation, code, path) in cases {
        let data = world.data(actor, &format!("mutation($id: ID!) {{ done: {mutation} }}"), json!({"id": id})).await;
        let error = &data["done"]["errors"][0];
        assert_eq!((&error["code"], &error["path"]), (&json!(code), &path), "{mutation}: {error}");
    }
    let now = world.data(&aurora, "query($id: ID!) { deal(id: $id) { version timeline { nodes { kind } } } }", json!({"id": id})).await;
    assert_eq!(now["deal"], json!({"version": version, "timeline": {"nodes": [{"kind": "DEAL_REGISTERED"}]}}));

    let admin = world.actor("admin@aurora-systems.test").await;
    let svg = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI5IiBoZWlnaHQ9IjkiPjxzY3JpcHQ+YWxlcnQoMSk8L3NjcmlwdD48L3N2Zz4=";
    let update = "mutation($id: ID!, $v: Int!, $input: PartnerUpdateInput!) { partnerUpdate(id: $id, expectedVersion: $v, input: $input) { errors { path ... on PartnerError { code } } } }";
    let partner = world.data(&admin, "{ viewer { partner { id version } } }", json!({})).await["viewer"]["partner"].clone();
    for (input, code, field) in [
        (json!({"logo": svg}), "LOGO_UNSAFE", "logo"),
        (json!({"logo": "aGVsbG8="}), "LOGO_NOT_AN_IMAGE", "logo"),
        (json!({"logo": "%%%"}), "LOGO_NOT_AN_IMAGE", "logo"),
        (json!({"website": "javascript:alert(1)"}), "INVALID_INPUT", "website"),
        (json!({"contactEmail": "nobody"}), "INVALID_INPUT", "contactEmail"),
        (json!({"summary": ""}), "REQUIRED", "summary"),
        (json!({"color": "red"}), "INVALID_INPUT", "color"),
        (json!({"city": "x".repeat(201)}), "TOO_LONG", "city"),
    ] {
        let data = world.data(&admin, update, json!({"id": partner["id"], "v": partner["version"], "input": input})).await;
        assert_eq!(data["partnerUpdate"]["errors"][0], json!({"path": ["input", field], "code": code}), "{field}");
    }
    assert_eq!(world.data(&admin, "{ viewer { partner { id version } } }", json!({})).await["viewer"]["partner"], partner);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_cursors_and_limits_are_checked() {
    let world = World::start().await;
    let admin = world.admin().await;
    for field in ["deals", "users", "apiKeys", "kits", "recentChanges", "importRuns", "partners"] {
        for first in ["0", "-1", "101", "1000"] {
            let answer = world.ask(Some(&admin), &format!("{{ {field}(first: {first}) {{ pageInfo {{ endCursor }} }} }}"), json!({})).await;
            assert_eq!(code(&answer).as_deref(), Some("BAD_REQUEST"), "{field}");
            assert!(answer["errors"][0]["message"].as_str().unwrap().contains("first"), "{answer}");
            assert_eq!(answer["errors"][0]["extensions"]["requestId"], "test");
        }
        for after in ["rubbish", "", "eyJsIjoiMCIsImsiOjF9"] {
            let answer = world.ask(Some(&admin), &format!("{{ {field}(after: \"{after}\") {{ pageInfo {{ endCursor }} }} }}"), json!({})).await;
            assert_eq!(code(&answer).as_deref(), Some("BAD_REQUEST"), "{field} {answer}");
            assert!(answer["errors"][0]["message"].as_str().unwrap().contains("after"), "{answer}");
        }
    }
    // A cursor of another list: other filter, other order, other field.
    let page = world.data(&admin, "{ deals(first: 2) { pageInfo { endCursor hasNextPage } } }", json!({})).await;
    let cursor = &page["deals"]["pageInfo"]["endCursor"];
    for other in [
        "deals(after: $c, filter: {statuses: [APPROVED]})",
        "deals(after: $c, orderBy: {field: VALUE, direction: ASC})",
        "users(after: $c)",
        "deals(after: $c, search: \"x\")",
    ] {
        let answer = world.ask(Some(&admin), &format!("query($c: String) {{ {other} {{ pageInfo {{ endCursor }} }} }}"), json!({"c": cursor})).await;
        assert_eq!(code(&answer).as_deref(), Some("BAD_REQUEST"), "{other} {answer}");
    }
    let next = world.data(&admin, "query($c: String) { deals(first: 2, after: $c) { pageInfo { hasPreviousPage } } }", json!({"c": cursor})).await;
    assert_eq!(next["deals"]["pageInfo"]["hasPreviousPage"], true);

    // Cost is computed with `first` from the variables.
    let nested = "query($n: Int) { partners(first: $n) { nodes { deals(first: $n) { nodes { id title } } } } }";
    assert_eq!(world.code(Some(&admin), nested, json!({"n": 100})).await.as_deref(), Some("TOO_COMPLEX"));
    assert_eq!(world.code(Some(&admin), nested, json!({"n": 3})).await, None);
    let both = world.ask(Some(&admin), "{ partner(id: \"x\", slug: \"y\") { id } }", json!({})).await;
    assert_eq!(code(&both).as_deref(), Some("BAD_REQUEST"));
    for wrong in [
        "{ nothing }",
        "{ deals(first: \"x\") { totalCount } }",
        "query($x: Int!) { deals(first: $x) { totalCount } }",
        "{",
        "{ __schema { types { name } } }",
    ] {
        assert_eq!(world.code(Some(&admin), wrong, json!({})).await.as_deref(), Some("BAD_REQUEST"), "{wrong}");
    }
    world.end().await;
}

#[tokio::test]
async fn limits_refuse_without_a_database() {
    let schema = entente_graphql::schema(None, entente_graphql::SchemaOptions { introspection: false });
    let aliases: String = (0..31).map(|n| format!("a{n}: program {{ name }} ")).collect();
    let deep = format!("{}{}", "{ viewer ".repeat(13), "}".repeat(13));
    let wide = "{ deals(first: 100) { nodes { timeline(first: 100) { nodes { id kind text } } } } }".to_owned();
    let bomb: String = (0..40).map(|n| format!("fragment F{n} on Query {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect();
    for query in [
        format!("{{ {aliases} }}"),
        deep,
        wide,
        format!("{{ {} }}", "a ".repeat(3_000)),
        format!("{{ ...F0 }} {bomb} fragment F40 on Query {{ __typename }}"),
    ] {
        let answer = serde_json::to_value(schema.execute(async_graphql::Request::new(query)).await).unwrap();
        assert_eq!(code(&answer).as_deref(), Some("TOO_COMPLEX"), "{answer}");
    }
    let answer = serde_json::to_value(schema.execute(async_graphql::Request::new("{ program { name } }")).await).unwrap();
    assert_eq!(code(&answer).as_deref(), Some("UNAVAILABLE"));
}
