//! Co-selling over the wire: a second partner sees the room and nothing else of the deal, and only while the customer permits it.

use entente_domain::policy::Actor;
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::world::World;

const ROOM: &str = "query($id: ID!) { dealRoom(dealId: $id) { version title customer { name } stage { key } value { amount } nextStep expectedCloseOn
    sharesValue deal { id } participants { partner { slug } role share act } permission { grantedBy proof } viewerCan
    introductions { id introduced outcome } messages(first: 10) { nodes { authorName text partner { slug } files { name url } } } } }";
pub const PERMIT: &str =
    "mutation($id: ID!, $v: Int!) { dealRoomRecordPermission(dealId: $id, expectedVersion: $v, grantedBy: \"Their CIO\", proof: \"Mail\") {
    room { version } errors { ... on DealRoomError { code path } } } }";
pub const SET: &str = "mutation($id: ID!, $v: Int!, $all: [DealRoomParticipantInput!]!) { dealRoomSetParticipants(dealId: $id, expectedVersion: $v, participants: $all) {
    room { version } errors { message ... on DealRoomError { code path } } } }";
pub const POST: &str = "mutation($id: ID!, $text: String!, $key: String) { dealRoomPost(dealId: $id, text: $text, idempotencyKey: $key) {
    message { id text } errors { ... on DealRoomError { code } } } }";

pub fn part(actor: &Actor, role: &str, share: Option<&str>) -> Value {
    json!({ "partnerId": actor.partner_id, "role": role, "share": share, "act": "Brought them together", "actedOn": "2026-01-05" })
}

fn code<'a>(data: &'a Value, field: &str) -> &'a str {
    data[field]["errors"][0]["code"].as_str().unwrap_or("none")
}

impl World {
    async fn room(&self, actor: &Actor, deal: &str) -> Value {
        self.data(actor, ROOM, json!({"id": deal})).await["dealRoom"].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_partner_sees_the_room_only_while_the_customer_permits_it() {
    let world = World::start().await;
    let (host, guest, manager) = (world.aurora().await, world.borealis().await, world.manager().await);
    let (deal, _) = world.register(&host, "Room Works").await;
    assert_eq!(world.room(&guest, &deal).await, json!(null));
    let empty = world.room(&host, &deal).await;
    assert_eq!((&empty["version"], &empty["viewerCan"]), (&json!(0), &json!(["WRITE", "HOST"])));

    let both = json!([part(&host, "SOURCED", Some("60")), part(&guest, "SOURCED", Some("40")), part(&guest, "DELIVERED", None)]);
    let set = async |v: i64, all: &Value| world.data(&manager, SET, json!({"id": deal, "v": v, "all": all})).await;
    assert_eq!(code(&set(0, &both).await, "dealRoomSetParticipants"), "PERMISSION_MISSING");
    let refused = world.data(&guest, PERMIT, json!({"id": deal, "v": 0})).await;
    assert_eq!(code(&refused, "dealRoomRecordPermission"), "NOT_FOUND", "hidden means not found");
    let permitted = world.data(&host, PERMIT, json!({"id": deal, "v": 0})).await;
    assert_eq!(permitted["dealRoomRecordPermission"]["room"]["version"], 1, "{permitted}");
    assert_eq!(code(&world.data(&host, SET, json!({"id": deal, "v": 1, "all": both})).await, "dealRoomSetParticipants"), "NOT_ALLOWED");
    let odd = json!([part(&host, "SOURCED", Some("60")), part(&guest, "SOURCED", Some("30"))]);
    let odd = set(1, &odd).await;
    assert_eq!(code(&odd, "dealRoomSetParticipants"), "SHARES_NOT_WHOLE");
    assert_eq!(code(&set(7, &both).await, "dealRoomSetParticipants"), "STALE_VERSION");
    let done = set(1, &both).await;
    assert_eq!(done["dealRoomSetParticipants"]["room"]["version"], 2, "{done}");

    let seen = world.room(&guest, &deal).await;
    assert_eq!((&seen["title"], &seen["customer"]["name"]), (&json!("Backup for Room Works"), &json!("Room Works")));
    assert_eq!([&seen["value"], &seen["nextStep"], &seen["expectedCloseOn"], &seen["deal"], &seen["permission"]["proof"]], [&json!(null); 5]);
    assert_eq!((seen["participants"].as_array().unwrap().len(), &seen["participants"][0]["share"]), (3, &json!("60")));
    let hidden = world.data(&guest, "query($id: ID!) { deal(id: $id) { id } node(id: $id) { id } }", json!({"id": deal})).await;
    assert_eq!(hidden, json!({"deal": null, "node": null}), "the deal itself stays hidden");
    let share = "mutation($id: ID!, $v: Int!) { dealRoomShare(dealId: $id, expectedVersion: $v, value: true, nextStep: false) { room { version } errors { ... on DealRoomError { code } } } }";
    assert_eq!(code(&world.data(&guest, share, json!({"id": deal, "v": 2})).await, "dealRoomShare"), "NOT_ALLOWED");
    world.data(&host, share, json!({"id": deal, "v": 2})).await;
    let seen = world.room(&guest, &deal).await;
    assert_eq!((&seen["value"]["amount"], &seen["expectedCloseOn"]), (&json!("25000"), &json!(null)));

    let engineer = world.actor("engineer@borealis-consulting.test").await;
    assert_eq!(world.room(&engineer, &deal).await, json!(null), "a role that sees no deals sees no rooms");
    let withdraw = "mutation($id: ID!, $v: Int!) { dealRoomWithdrawPermission(dealId: $id, expectedVersion: $v, reason: \"They asked\") { room { version } errors { ... on DealRoomError { code } } } }";
    world.data(&host, withdraw, json!({"id": deal, "v": 3})).await;
    assert_eq!(world.room(&guest, &deal).await, json!(null));
    let rooms = world.data(&guest, "{ dealRooms(first: 10) { nodes { title } } }", json!({})).await;
    assert_eq!(rooms["dealRooms"]["nodes"], json!([]));
    assert_eq!(code(&world.data(&guest, POST, json!({"id": deal, "text": "Still there?"})).await, "dealRoomPost"), "NOT_FOUND");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_write_to_each_other_live_and_nobody_else_hears() {
    let world = World::start().await;
    let (host, guest, manager) = (world.aurora().await, world.borealis().await, world.manager().await);
    let (deal, _) = world.register(&host, "Room Live").await;
    world.data(&host, PERMIT, json!({"id": deal, "v": 0})).await;
    world.data(&manager, SET, json!({"id": deal, "v": 1, "all": [part(&guest, "INFLUENCED", None)]})).await;
    let follow = "subscription($id: ID) { dealRoomChanges(dealId: $id) { __typename ... on DealRoomChange { dealId kind actorName } } }";
    let mut streams = Vec::new();
    for actor in [&guest, &manager] {
        streams.push(world.follow(actor, follow, json!({"id": deal})));
    }
    let others = world.actor("admin@kestrel-row.test").await;
    let mut stranger = world.follow(&others, follow, json!({"id": null}));
    // A stream begins when it is first asked; what happened just before may still be told to those who may hear it.
    let begun = futures::future::join_all(
        streams.iter_mut().chain([&mut stranger]).map(|s| tokio::time::timeout(std::time::Duration::from_millis(300), s.next())),
    );
    assert!(begun.await.pop().is_some_and(|heard| heard.is_err()), "nobody else hears");

    let sent = world.data(&host, POST, json!({"id": deal, "text": "Meet them on Monday?", "key": "one"})).await;
    let again = world.data(&host, POST, json!({"id": deal, "text": "Meet them on Monday?", "key": "one"})).await;
    assert_eq!(sent, again);
    assert_eq!(code(&world.data(&host, POST, json!({"id": deal, "text": "Other", "key": "one"})).await, "dealRoomPost"), "IDEMPOTENCY_KEY_REUSED");
    for stream in &mut streams {
        loop {
            let heard = tokio::time::timeout(std::time::Duration::from_secs(20), stream.next()).await.unwrap().unwrap();
            let change = &heard["data"]["dealRoomChanges"];
            assert_eq!(change["dealId"], json!(deal), "{heard}");
            if change["kind"] == "ROOM_MESSAGE_SENT" {
                break;
            }
        }
    }
    assert!(tokio::time::timeout(std::time::Duration::from_millis(300), stranger.next()).await.is_err(), "nobody else hears");
    let reply = world.data(&guest, POST, json!({"id": deal, "text": "Yes, at ten"})).await;
    assert_eq!(code(&reply, "dealRoomPost"), "none", "{reply}");
    let seen = world.room(&manager, &deal).await;
    let texts: Vec<&Value> = seen["messages"]["nodes"].as_array().unwrap().iter().map(|m| &m["text"]).collect();
    assert_eq!(texts, ["Yes, at ten", "Meet them on Monday?"], "newest first, each once");

    let (other, _) = world.register(&host, "Room Quiet").await;
    world.data(&host, PERMIT, json!({"id": other, "v": 0})).await;
    let rooms = async || {
        let rooms = world.data(&host, "{ dealRooms(first: 2) { nodes { title version } } }", json!({})).await;
        rooms["dealRooms"]["nodes"].as_array().unwrap().iter().map(|r| (r["title"].clone(), r["version"].clone())).collect::<Vec<_>>()
    };
    let before = rooms().await;
    assert_eq!(before[0].0, json!("Backup for Room Quiet"), "the latest changed first");
    world.data(&guest, POST, json!({"id": deal, "text": "And on Tuesday?"})).await;
    let after = rooms().await;
    assert_eq!(after[0].0, json!("Backup for Room Live"), "a message is a change");
    assert_eq!(after[0].1, before[1].1, "of which no version is counted");

    let introduce = "mutation($id: ID!) { dealRoomIntroduce(dealId: $id, input: {introducer: \"Ann\", introduced: \"Ben\", to: \"The CIO\", on: \"2026-02-01\", idempotencyKey: \"intro\"}) {
        room { version introductions { id outcome } } errors { ... on DealRoomError { code } } } }";
    let made = world.data(&guest, introduce, json!({"id": deal})).await;
    let repeat = world.data(&guest, introduce, json!({"id": deal})).await;
    assert_eq!(repeat["dealRoomIntroduce"]["room"]["introductions"].as_array().unwrap().len(), 1, "{repeat}");
    let room = &made["dealRoomIntroduce"]["room"];
    let conclude =
        "mutation($id: ID!, $v: Int!, $i: ID!) { dealRoomConcludeIntroduction(dealId: $id, expectedVersion: $v, introductionId: $i, outcome: MET) {
        room { version introductions { outcome } } errors { ... on DealRoomError { code } } } }";
    let met = world.data(&host, conclude, json!({"id": deal, "v": room["version"], "i": room["introductions"][0]["id"]})).await;
    assert_eq!(met["dealRoomConcludeIntroduction"]["room"]["introductions"][0]["outcome"], "MET", "{met}");
    world.end().await;
}
