//! Rights on open sockets: renewed without a reconnect, lost within a second, changed without losing an event.

use std::time::{Duration, Instant};

use entente_domain::user::Role;
use serde_json::{Value, json};

use crate::support::{Heard, Session, Socket, TestApp};

const CHANGES: &str = "subscription { dealChanges { __typename ... on DealChange { cursor kind deal { id version viewerCan } } } }";
const UPDATE: &str =
    "mutation($id: ID!, $v: Int!, $input: UserUpdateInput!) { userUpdate(id: $id, expectedVersion: $v, input: $input) { errors { message } } }";

async fn viewer(t: &TestApp, session: &Session) -> Value {
    t.run(session, "{ viewer { user { id version } } }", json!({})).await["viewer"]["user"].clone()
}

async fn update(t: &TestApp, admin: &Session, user: &Value, input: Value) {
    let answer = t.run(admin, UPDATE, json!({ "id": user["id"], "v": user["version"], "input": input })).await;
    assert_eq!(answer["userUpdate"]["errors"], json!([]), "{answer}");
}

async fn kind(socket: &mut Socket) -> (String, Value) {
    let message = socket.message().await;
    let change = &message["payload"]["data"]["dealChanges"];
    (change["kind"].as_str().unwrap_or_else(|| panic!("{message}")).to_owned(), change["deal"]["viewerCan"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_account_ends_its_sockets_within_a_second_even_when_nothing_happens() {
    let t = TestApp::start().await;
    let other = t.another_server().await;
    let admin = t.signed_in(Role::Admin, None).await;
    let mut took = Vec::new();
    for _ in 0..3 {
        let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
        let (mut here, mut there) = (t.live(&seller).await, Socket::introduced(&other, Some(&seller.token)).await);
        for socket in [&mut here, &mut there] {
            socket.subscribe("changes", CHANGES).await;
            assert!(socket.is_silent().await);
        }
        let user = viewer(&t, &seller).await;
        update(&t, &admin, &user, json!({ "active": false })).await;
        let since = Instant::now();
        for socket in [&mut here, &mut there] {
            assert_eq!(socket.hear().await, Heard::Closed(4403, "Forbidden".into()));
        }
        took.push(since.elapsed());
    }
    // One of three, for other work on the machine may fall into the others.
    assert!(took.iter().any(|took| *took < Duration::from_secs(1)), "{took:?}");
    other.stop().await.unwrap();
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_ends_its_sockets_within_a_second() {
    let t = TestApp::start().await;
    let admin = t.signed_in(Role::Admin, None).await;
    let create = "mutation { apiKeyCreate(input: { name: \"live\", scopes: [READ] }) { apiKey { id } secret errors { message } } }";
    let revoke = "mutation($id: ID!) { apiKeyRevoke(id: $id) { errors { message } } }";
    let mut took = Vec::new();
    for _ in 0..3 {
        let made = t.run(&admin, create, json!({})).await["apiKeyCreate"].clone();
        let mut socket = Socket::introduced(&t.server, Some(made["secret"].as_str().unwrap())).await;
        socket.subscribe("changes", CHANGES).await;
        assert!(socket.is_silent().await);
        t.run(&admin, revoke, json!({ "id": made["apiKey"]["id"] })).await;
        let since = Instant::now();
        assert_eq!(socket.closed().await, 4403);
        took.push(since.elapsed());
    }
    // One of three, for other work on the machine may fall into the others.
    assert!(took.iter().any(|took| *took < Duration::from_secs(1)), "{took:?}");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_role_goes_on_from_the_same_place_with_its_own_rights() {
    let t = TestApp::start().await;
    let (admin, seller) = (t.signed_in(Role::Admin, None).await, t.signed_in(Role::PartnerSales, Some(0)).await);
    let manager = t.signed_in(Role::ChannelManager, None).await;
    let mut socket = t.live(&manager).await;
    socket.subscribe("changes", CHANGES).await;
    socket.settle().await;
    assert!(socket.is_silent().await);
    t.register(&seller, "one").await;
    let (first, can) = kind(&mut socket).await;
    assert!(first == "DEAL_REGISTERED" && can.as_array().unwrap().contains(&json!("APPROVE")), "{can}");

    let user = viewer(&t, &manager).await;
    update(&t, &admin, &user, json!({ "roles": ["FINANCE"] })).await;
    t.register(&seller, "two").await;
    let (second, can) = kind(&mut socket).await;
    assert_eq!((second.as_str(), can), ("DEAL_REGISTERED", json!([])), "may look and not decide");

    update(&t, &admin, &viewer(&t, &manager).await, json!({ "roles": ["MARKETING_MANAGER"] })).await;
    t.register(&seller, "three").await;
    assert_eq!(kind(&mut socket).await.0, "DEAL_REGISTERED", "each change came once");
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_on_the_open_socket_and_only_by_the_same_account() {
    let t = TestApp::start().await;
    let (seller, rival) = (t.signed_in(Role::PartnerSales, Some(0)).await, t.signed_in(Role::PartnerSales, Some(1)).await);
    let response = t.refresh(Some(&seller.cookie)).await;
    let fresh: Value = response.json().await.unwrap();
    let fresh = fresh["data"]["sessionRefresh"]["accessToken"].as_str().unwrap().to_owned();
    let renewal = |token: &str| json!({ "type": "ping", "payload": { "authorization": format!("Bearer {token}") } });

    let mut socket = t.live(&seller).await;
    socket.subscribe("changes", CHANGES).await;
    socket.say(renewal(&fresh)).await;
    assert_eq!(socket.message().await, json!({ "type": "pong", "payload": { "authorization": "renewed" } }));
    t.register(&seller, "acme").await;
    assert_eq!(kind(&mut socket).await.0, "DEAL_REGISTERED", "the stream goes on");
    socket.say(renewal(&rival.token)).await;
    assert_eq!(socket.closed().await, 4403, "somebody else's token");

    let mut socket = t.live(&seller).await;
    socket.say(renewal("rubbish")).await;
    assert_eq!(socket.closed().await, 4403);
    let mut socket = t.open(Some("graphql-transport-ws")).await;
    socket.say(renewal(&fresh)).await;
    assert_eq!(socket.closed().await, 4401, "before the introduction");
    t.end().await;
}
