//! A change on one screen is on every other that may see it, on this server and on another, in order and once.

use std::time::Instant;

use entente_domain::user::Role;
use serde_json::{Value, json};

use crate::support::{Socket, TestApp};

const CHANGES: &str =
    "subscription { dealChanges { __typename ... on DealChange { cursor kind deal { id status version } } ... on ResyncRequired { cursor } } }";

async fn change(socket: &mut Socket) -> Value {
    let message = socket.message().await;
    assert_eq!(message["type"], "next", "{message}");
    message["payload"]["data"]["dealChanges"].clone()
}

fn told(change: &Value) -> (&str, &str, i64) {
    (change["kind"].as_str().unwrap(), change["deal"]["status"].as_str().unwrap(), change["deal"]["version"].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn registered_here_approved_there_seen_everywhere_but_by_the_rival() {
    let t = TestApp::start().await;
    let other = t.another_server().await;
    let (seller, manager, rival) = (
        t.signed_in(Role::PartnerSales, Some(0)).await,
        t.signed_in(Role::ChannelManager, None).await,
        t.signed_in(Role::PartnerSales, Some(1)).await,
    );
    let mut board = t.live(&seller).await;
    let mut queue = Socket::introduced(&other, Some(&manager.token)).await;
    let mut rivals = Socket::introduced(&other, Some(&rival.token)).await;
    for socket in [&mut board, &mut queue, &mut rivals] {
        socket.subscribe("changes", CHANGES).await;
        socket.settle().await;
    }

    let registered = t.register(&seller, "acme").await;
    assert_eq!(registered["verdict"]["outcome"], "CLEAR", "{registered}");
    let since = Instant::now();
    let there = change(&mut queue).await;
    println!("from the answer to another server's socket: {:?}", since.elapsed());
    assert_eq!(told(&there), ("DEAL_REGISTERED", "SUBMITTED", 1));
    assert_eq!(change(&mut board).await["deal"]["id"], there["deal"]["id"]);

    let approved = t.approve(&manager, &there["deal"]).await;
    assert_eq!(approved["deal"]["status"], "APPROVED", "{approved}");
    assert_eq!(told(&change(&mut board).await), ("DEAL_APPROVED", "APPROVED", 2));
    assert_eq!(told(&change(&mut queue).await), ("DEAL_APPROVED", "APPROVED", 2));

    let blocked = t.register(&rival, "acme").await;
    assert_eq!(blocked["verdict"]["outcome"], "BLOCKED", "{blocked}");
    assert!(rivals.is_silent().await, "the rival hears nothing");
    other.stop().await.unwrap();
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_begins_where_the_streams_stood_before_it_read_misses_nothing() {
    let t = TestApp::start().await;
    let other = t.another_server().await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    t.register(&seller, "before").await;
    let stood = t.run(&seller, "{ viewer { liveCursor } }", json!({})).await["viewer"]["liveCursor"].clone();
    // A change comes between the screen's reading and its subscription, which another server takes.
    let between = t.register(&seller, "between").await["deal"]["id"].clone();
    let mut socket = Socket::introduced(&other, Some(&seller.token)).await;
    let query = CHANGES.replacen("dealChanges", &format!("dealChanges(after: {stood})"), 1);
    socket.subscribe("changes", &query).await;
    let mut heard = change(&mut socket).await;
    // It may stand before a change that was read.
    if heard["deal"]["id"] != between {
        heard = change(&mut socket).await;
    }
    assert_eq!(heard["deal"]["id"], between, "{heard}");
    assert!(socket.is_silent().await);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_resumes_from_its_cursor_and_misses_nothing() {
    let t = TestApp::start().await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    let mut socket = t.live(&seller).await;
    socket.subscribe("changes", CHANGES).await;
    socket.settle().await;
    t.register(&seller, "first").await;
    let cursor = change(&mut socket).await["cursor"].clone();
    drop(socket);
    let mut missed = Vec::new();
    for n in 0..5 {
        missed.push(t.register(&seller, &format!("missed{n}")).await["deal"]["id"].clone());
    }
    let mut socket = t.live(&seller).await;
    let query = CHANGES.replacen("subscription {", "subscription($after: String) {", 1).replacen("dealChanges", "dealChanges(after: $after)", 1);
    socket.say(json!({ "id": "again", "type": "subscribe", "payload": { "query": query, "variables": { "after": cursor } } })).await;
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(change(&mut socket).await["deal"]["id"].clone());
    }
    assert_eq!(seen, missed);
    t.register(&seller, "live").await;
    assert_eq!(told(&change(&mut socket).await).0, "DEAL_REGISTERED");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_changes_reach_fifty_sockets_in_order_and_once() {
    let t = TestApp::start().await;
    let (seller, manager) = (t.signed_in(Role::PartnerSales, Some(0)).await, t.signed_in(Role::ChannelManager, None).await);
    let mut sockets = Vec::new();
    for _ in 0..50 {
        let mut socket = t.live(&manager).await;
        socket.subscribe("changes", CHANGES).await;
        socket.settle().await;
        sockets.push(socket);
    }
    let mut ids = Vec::new();
    for n in 0..50 {
        ids.push(t.register(&seller, &format!("customer{n}")).await["deal"]["id"].clone());
    }
    for socket in &mut sockets {
        for id in &ids {
            assert_eq!(change(socket).await["deal"]["id"], *id);
        }
        assert!(ids.len() == 50);
    }
    t.end().await;
}
