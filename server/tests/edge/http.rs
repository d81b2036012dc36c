//! HTTP itself: limits, media types, methods, headers, the front end, uploads, media and the state of the server.

use entente_domain::user::Role;
use serde_json::{Value, json};

use crate::support::TestApp;

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_long_is_refused_with_the_limit() {
    let t = TestApp::start().await;
    for size in [256 * 1024 + 1, 10 * 1024 * 1024] {
        let body = json!({ "query": "{ __typename }", "variables": { "a": "x".repeat(size) } }).to_string();
        let response = t.post("/graphql", &[JSON], body).await;
        assert_eq!(response.status(), 413);
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("256 kB"), "{answer}");
        assert!(answer["errors"][0]["extensions"]["requestId"].is_string());
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn media_types_methods_and_statuses_follow_the_specification() {
    let t = TestApp::start().await;
    let modern = ("accept", "application/graphql-response+json");
    let query = r#"{"query":"{ __typename }"}"#;
    let plain = t.post("/graphql", &[JSON], query).await;
    assert_eq!((plain.status().as_u16(), plain.headers()["content-type"].to_str().unwrap()), (200, "application/json; charset=utf-8"));
    assert_eq!(plain.headers()["cache-control"], "no-store");
    let spoken = t.post("/graphql", &[JSON, modern], query).await;
    assert_eq!(spoken.headers()["content-type"], "application/graphql-response+json; charset=utf-8");

    let wrong = r#"{"query":"{ nope }"}"#;
    assert_eq!(t.post("/graphql", &[JSON], wrong).await.status(), 200);
    let refused = t.post("/graphql", &[JSON, modern], wrong).await;
    assert_eq!(refused.status(), 400);
    assert!(refused.json::<Value>().await.unwrap().get("data").is_none());

    assert_eq!(t.post("/graphql", &[("content-type", "text/plain")], query).await.status(), 415);
    assert_eq!(t.post("/graphql", &[JSON, ("accept", "text/html")], query).await.status(), 406);
    for body in ["", "{", "[]", "{}", r#"{"query":1}"#, r#"{"query":"{a}","variables":[]}"#, r#"{"query":"{a}","operationName":{}}"#] {
        assert_eq!(t.post("/graphql", &[JSON], body).await.status(), 400, "{body}");
    }
    assert_eq!(t.get("/graphql?query=%7B__typename%7D").await.json::<Value>().await.unwrap()["data"]["__typename"], "Query");
    for query in
        ["mutation%7BsessionRevoke%7B__typename%7D%7D", "query+A%7B__typename%7D+mutation+A%7BsessionRevoke%7B__typename%7D%7D&operationName=A"]
    {
        let changed = t.get(&format!("/graphql?query={query}")).await;
        assert_eq!((changed.status().as_u16(), changed.headers()["allow"].to_str().unwrap()), (405, "POST"));
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_response_is_guarded_and_named() {
    let t = TestApp::start().await;
    let page = t.get("/deals/deal_01J").await;
    assert_eq!(page.status(), 200, "every path that is no file is the app");
    let csp = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    for part in ["default-src 'self'", "'wasm-unsafe-eval'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(csp.contains(part), "{csp}");
    }
    assert!(!csp.contains("script-src 'self' 'unsafe-inline'") && !csp.contains(" 'unsafe-eval'"), "{csp}");
    assert_eq!(page.headers()["cache-control"], "no-cache");
    if let Some(etag) = page.headers().get("etag") {
        let unchanged = t.get_with("/", &[("if-none-match", etag.to_str().unwrap())]).await;
        assert_eq!(unchanged.status(), 304, "the front end is asked for again only when it changed");
    }
    for path in ["/", "/graphql?query=%7B__typename%7D", "/healthz", "/nothing.js", "/media/nothing"] {
        let response = t.get(path).await;
        assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{path}");
        for name in ["referrer-policy", "permissions-policy", "content-security-policy"] {
            assert!(response.headers().contains_key(name), "{path}: {name}");
        }
        assert_eq!(response.headers()["x-request-id"].len(), 26, "{path}");
    }
    assert_eq!(t.get("/nothing.js").await.status(), 404);
    assert_eq!(t.post("/deals", &[], "").await.status(), 405);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_of_the_server_is_told() {
    let t = TestApp::start().await;
    assert_eq!(t.get("/healthz").await.text().await.unwrap(), "ok\n");
    let mut ready = t.get("/readyz").await;
    for _ in 0..400 {
        if ready.status() == 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        ready = t.get("/readyz").await;
    }
    assert_eq!(ready.status(), 200, "{}", ready.text().await.unwrap());
    t.get("/graphql?query=%7B__typename%7D").await;
    let metrics = t.get("/metrics").await;
    assert!(metrics.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let text = metrics.text().await.unwrap();
    for line in [
        "entente_operations_total{kind=\"query\",status=\"ok\"} 1",
        "entente_operation_duration_seconds_count{kind=\"query\"} 1",
        "entente_sockets_open 0",
        "entente_relay_lag_events ",
        "entente_http_requests_in_flight 1",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert_eq!(text.matches("# EOF").count(), 1);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_are_off_in_production_unless_switched_on() {
    let off = TestApp::start_with(&["--graphiql=false", "--introspection=false"]).await;
    assert!(!off.get("/graphiql").await.text().await.unwrap().contains("GraphiQL"), "the app answers instead");
    let answer = off.ask(None, "{ __schema { queryType { name } } viewr { id } }", json!({})).await.to_string();
    assert!(!answer.contains("Did you mean"), "{answer}");
    let schema = off.ask(None, "{ __schema { queryType { name } } }", json!({})).await;
    assert!(schema["data"]["__schema"].is_null(), "{schema}");
    off.end().await;
    let on = TestApp::start().await;
    assert!(on.get("/graphiql").await.text().await.unwrap().to_lowercase().contains("graphiql"));
    assert!(on.ask(None, "{ __schema { queryType { name } } }", json!({})).await["data"]["__schema"].is_object());
    on.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_are_for_those_who_import_and_have_a_limit() {
    let t = TestApp::start().await;
    let admin = t.signed_in(Role::Admin, None).await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    let (as_admin, as_seller) = (format!("Bearer {}", admin.token), format!("Bearer {}", seller.token));
    assert_eq!(t.post("/uploads?name=a.csv", &[], "a,b\n").await.status(), 401);
    assert_eq!(t.post("/uploads?name=a.csv", &[("authorization", "Bearer rubbish")], "a,b\n").await.status(), 401);
    assert_eq!(t.post("/uploads?name=a.csv", &[("authorization", &as_seller)], "a,b\n").await.status(), 403);
    assert_eq!(t.post("/uploads?name=a.csv", &[("authorization", &as_admin)], "").await.status(), 400);
    let kept = t.post("/uploads?name=a.csv", &[("authorization", &as_admin)], "a,b\n").await;
    let id = kept.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    let bytes = t.server.app().files.upload(&id.parse().unwrap()).await.unwrap();
    assert_eq!(bytes.unwrap(), "a,b\n");
    let long = reqwest::Client::new()
        .post(t.url("/uploads?name=a.csv"))
        .header("authorization", &as_admin)
        .header("content-length", 21 * 1024 * 1024)
        .header("expect", "100-continue")
        .body(vec![b'x'; 21 * 1024 * 1024])
        .send()
        .await;
    // The server answers without reading; a client that goes on sending may see the connection end instead.
    assert!(long.is_err() || long.is_ok_and(|response| response.status() == 413));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn media_are_public_or_signed() {
    let t = TestApp::start().await;
    let admin = t.signed_in(Role::Admin, None).await;
    let query = "query($id: ID!) { partner(id: $id) { logoUrl } }";
    let answer = t.run(&admin, query, json!({ "id": t.partners[0] })).await;
    let url = answer["partner"]["logoUrl"].as_str().unwrap().to_owned();
    let logo = reqwest::get(&url).await.unwrap();
    assert_eq!((logo.status().as_u16(), logo.headers()["content-type"].to_str().unwrap()), (200, "image/svg+xml"));
    assert!(logo.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
    let forged = t.get("/media/kits/archive/kit_01J00000000000000000000000/none?e=99999999999&s=0000").await;
    assert_eq!(forged.status(), 404);
    t.end().await;
}
