//! The same mutation under one key, many times at once and through two servers: done once, answered to everybody.

use entente_domain::user::Role;
use entente_server::Server;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{Session, TestApp};

const REGISTER: &str = "mutation($input: DealRegisterInput!) { dealRegister(input: $input) { deal { id number version } \
    verdict { outcome rules { code passed } } errors { __typename message ... on DealRegisterError { code } } } }";
const NOTE: &str = "mutation($id: ID!, $text: String!, $key: String) { dealAddNote(id: $id, text: $text, visibility: SHARED, idempotencyKey: $key) \
    { deal { id version } errors { ... on DealDecisionError { code } } } }";
const AT_ONCE: usize = 50;

fn input(t: &TestApp, title: &str) -> Value {
    let close = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().checked_add(jiff::Span::new().days(60)).unwrap();
    json!({
        "title": title, "customerName": "Once", "customerDomain": "once.example", "customerCountry": "DE", "productIds": [t.product],
        "value": { "amount": "12000.00", "currency": "USD" }, "expectedCloseOn": close.to_string(), "idempotencyKey": "one form",
    })
}

/// Sends the operation many times at once, every second time to the other server.
async fn at_once(t: &TestApp, other: &Server, session: &Session, query: &str, variables: &Value) -> Vec<Value> {
    let client = reqwest::Client::new();
    let addresses = [t.server.address(), other.address()];
    let requests = (0..AT_ONCE).map(|n| {
        let body = json!({ "query": query, "variables": variables });
        let request = client.post(format!("http://{}/graphql", addresses[n % 2])).bearer_auth(&session.token).json(&body);
        async move { request.send().await.unwrap().json::<Value>().await.unwrap() }
    });
    join_all(requests).await
}

async fn kinds(t: &TestApp, session: &Session, id: &Value) -> Vec<Value> {
    let query = "query($id: ID!) { deal(id: $id) { timeline(first: 100) { nodes { kind } } } }";
    let told = t.run(session, query, json!({ "id": id })).await;
    told["deal"]["timeline"]["nodes"].as_array().unwrap().iter().map(|event| event["kind"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_equal_requests_are_one_deal_one_event_and_fifty_equal_answers() {
    let t = TestApp::start().await;
    let other = t.another_server().await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;

    let answers = at_once(&t, &other, &seller, REGISTER, &json!({ "input": input(&t, "Once") })).await;
    let first = &answers[0];
    let deal = &first["data"]["dealRegister"]["deal"];
    assert!(deal["id"].is_string(), "{first}");
    assert!(answers.iter().all(|answer| answer == first), "{answers:?}");
    let all = t.run(&seller, "{ deals(first: 100) { totalCount nodes { id } } }", json!({})).await;
    assert_eq!((&all["deals"]["totalCount"], &all["deals"]["nodes"][0]["id"]), (&json!(1), &deal["id"]));
    assert_eq!(kinds(&t, &seller, &deal["id"]).await, ["DEAL_REGISTERED"]);

    // Other input under the key is told apart, and somebody else's key of the same name is another one.
    let reused = t.run(&seller, REGISTER, json!({ "input": input(&t, "Twice") })).await;
    assert_eq!(reused["dealRegister"]["errors"][0]["code"], "IDEMPOTENCY_KEY_REUSED", "{reused}");
    let rival = t.signed_in(Role::PartnerSales, Some(1)).await;
    let theirs = t.run(&rival, REGISTER, json!({ "input": input(&t, "Once") })).await;
    assert_ne!(theirs["dealRegister"]["deal"]["id"], deal["id"], "{theirs}");

    let noted = at_once(&t, &other, &seller, NOTE, &json!({ "id": deal["id"], "text": "Called them", "key": "one note" })).await;
    assert!(noted.iter().all(|answer| *answer == noted[0] && answer["data"]["dealAddNote"]["errors"] == json!([])), "{noted:?}");
    assert_eq!(kinds(&t, &seller, &deal["id"]).await, ["DEAL_NOTE_ADDED", "DEAL_REGISTERED"]);

    other.stop().await.unwrap();
    t.end().await;
}
