//! `graphql-transport-ws` to the letter: each message, each close code.

use entente_domain::user::Role;
use serde_json::json;

use crate::support::{Heard, Socket, TestApp};

const CHANGES: &str = "subscription { dealChanges { __typename } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_breaks_the_protocol_is_closed_with_the_protocols_code() {
    let t = TestApp::start().await;
    let session = t.signed_in(Role::Admin, None).await;

    let mut socket = t.open(None).await;
    assert_eq!(socket.closed().await, 4406, "no protocol that we speak");

    let mut socket = t.open(Some("graphql-transport-ws")).await;
    socket.subscribe("1", CHANGES).await;
    assert_eq!(socket.hear().await, Heard::Closed(4401, "Unauthorized".into()), "before the introduction");

    let mut socket = t.open(Some("graphql-transport-ws")).await;
    socket.say(json!({ "type": "connection_init", "payload": { "authorization": "Bearer rubbish" } })).await;
    assert_eq!(socket.hear().await, Heard::Closed(4403, "Forbidden".into()), "a token that does not hold");

    let mut socket = t.live(&session).await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await, Heard::Closed(4429, "Too many initialisation requests".into()));

    let mut socket = t.live(&session).await;
    socket.subscribe("same", CHANGES).await;
    socket.subscribe("same", CHANGES).await;
    assert_eq!(socket.hear().await, Heard::Closed(4409, "Subscriber for same already exists".into()));

    for wrong in
        ["rubbish", "[]", r#"{"type":"start"}"#, r#"{"type":"subscribe","id":"1"}"#, r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#]
    {
        let mut socket = t.live(&session).await;
        socket.say_text(wrong).await;
        assert_eq!(socket.closed().await, 4400, "{wrong}");
    }

    let mut socket = t.live(&session).await;
    socket.say_text(&"x".repeat(300 * 1024)).await;
    assert_eq!(socket.closed().await, 1009, "a message that is too long");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_introduce_itself_is_let_go() {
    let t = TestApp::start_with(&["--socket-init-ms", "1000"]).await;
    let mut socket = t.open(Some("graphql-transport-ws")).await;
    assert_eq!(socket.hear().await, Heard::Closed(4408, "Connection initialisation timeout".into()));
    let mut introduced = Socket::introduced(&t.server, None).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    assert!(introduced.is_silent().await, "who did stays");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_read_is_told_to_come_back_and_holds_up_nobody() {
    let t = TestApp::start().await;
    let session = t.signed_in(Role::Admin, None).await;
    let mut deaf = t.live(&session).await;
    let mut other = t.live(&session).await;
    // Answers that fill what the kernel holds for a client that does not read.
    let wide = format!("{{ {} }}", (0..30).map(|n| format!("a{n}: __typename ")).collect::<String>());
    let wide = wide.replace("a0:", &format!("{}:", "a".repeat(60_000)));
    let mut sent = 0;
    while sent < 400 && deaf.try_subscribe(&sent.to_string(), &wide).await {
        sent += 1;
    }
    let since = std::time::Instant::now();
    other.subscribe("q", "{ __typename }").await;
    assert_eq!(other.message().await["type"], "next");
    assert!(since.elapsed().as_secs() < 2, "{:?}", since.elapsed());
    let closed = tokio::time::timeout(std::time::Duration::from_secs(10), async {
        while t.closed_with(1013).await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    });
    assert!(closed.await.is_ok(), "closed within ten seconds");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_answer_fail_and_end_as_the_protocol_says() {
    let t = TestApp::start().await;
    let session = t.signed_in(Role::Admin, None).await;
    let mut socket = t.live(&session).await;

    socket.say(json!({ "type": "ping", "payload": { "a": 1 } })).await;
    assert_eq!(socket.message().await, json!({ "type": "pong", "payload": { "a": 1 } }));
    // Who sends nothing along is told where the streams stand.
    socket.say(json!({ "type": "ping" })).await;
    let pong = socket.message().await;
    assert!(pong["type"] == "pong" && pong["payload"]["liveCursor"].is_string(), "{pong}");
    socket.say(json!({ "type": "pong" })).await;

    socket.subscribe("q", "{ __typename }").await;
    assert_eq!(socket.message().await, json!({ "id": "q", "type": "next", "payload": { "data": { "__typename": "Query" } } }));
    assert_eq!(socket.message().await, json!({ "id": "q", "type": "complete" }));

    socket.subscribe("e", "{ nope }").await;
    let error = socket.message().await;
    assert_eq!((error["type"].as_str(), error["payload"][0]["extensions"]["code"].as_str()), (Some("error"), Some("BAD_REQUEST")));
    socket.subscribe("e", "{ __typename }").await;
    assert_eq!(socket.message().await["type"], "next", "the name is free again");
    assert_eq!(socket.message().await["type"], "complete");

    socket.subscribe("s", CHANGES).await;
    socket.say(json!({ "id": "s", "type": "complete" })).await;
    socket.say(json!({ "id": "unknown", "type": "complete" })).await;
    assert!(socket.is_silent().await, "what the client ends is not echoed");
    socket.subscribe("s", CHANGES).await;
    assert!(socket.is_silent().await, "and its name may be used again");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_account_only_what_is_public_is_answered() {
    let t = TestApp::start().await;
    let mut socket = Socket::introduced(&t.server, None).await;
    socket.subscribe("s", CHANGES).await;
    let error = socket.message().await;
    assert_eq!((error["type"].as_str(), error["payload"][0]["extensions"]["code"].as_str()), (Some("error"), Some("UNAUTHENTICATED")), "{error}");
    socket.subscribe("q", "{ __typename }").await;
    assert_eq!(socket.message().await["type"], "next");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_has_only_so_many_operations() {
    let t = TestApp::start().await;
    let session = t.signed_in(Role::Admin, None).await;
    let mut socket = t.live(&session).await;
    for n in 0..64 {
        socket.subscribe(&n.to_string(), CHANGES).await;
    }
    socket.subscribe("one more", CHANGES).await;
    let error = socket.message().await;
    assert_eq!((error["id"].as_str(), error["payload"][0]["extensions"]["code"].as_str()), (Some("one more"), Some("RATE_LIMITED")));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_only_so_many_sockets() {
    let t = TestApp::start_with(&["--sockets-per-user", "2"]).await;
    let (session, other) = (t.signed_in(Role::Admin, None).await, t.signed_in(Role::Finance, None).await);
    let mut held = [t.live(&session).await, t.live(&session).await];
    let mut third = t.open(Some("graphql-transport-ws")).await;
    third.say(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {}", session.token) } })).await;
    assert_eq!(third.closed().await, 1013, "it may come back when another one is closed");
    t.live(&other).await;
    held[0].say_text("rubbish").await;
    assert_eq!(held[0].closed().await, 4400);
    t.live(&session).await;
    t.end().await;
}
