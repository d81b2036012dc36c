//! Following deals: the right people hear of each change once, in order, and go on from a cursor.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use serde_json::{Value, json};

use crate::world::World;

const FOLLOW: &str = "subscription($filter: DealFilter, $after: String) { dealChanges(filter: $filter, after: $after) { __typename
    ... on DealChange { cursor kind text actorName deal { id version status partner { slug } viewerCan } } ... on ResyncRequired { cursor reason } } }";

async fn next(stream: &mut BoxStream<'static, Value>) -> Value {
    let answer = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.expect("nothing came").expect("the stream ended");
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["dealChanges"].clone()
}

async fn silent(stream: &mut BoxStream<'static, Value>) {
    if let Ok(answer) = tokio::time::timeout(Duration::from_millis(400), stream.next()).await {
        panic!("{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_reach_those_who_may_see_them_once_and_in_order() {
    let world = World::start().await;
    let (aurora, borealis, manager) = (world.aurora().await, world.borealis().await, world.manager().await);
    let mut of_vendor = world.follow(&manager, FOLLOW, json!({}));
    let mut of_partner = world.follow(&aurora, FOLLOW, json!({}));
    let mut of_rival = world.follow(&borealis, FOLLOW, json!({}));
    // A stream begins when it is first asked.
    for stream in [&mut of_vendor, &mut of_partner, &mut of_rival] {
        silent(stream).await;
    }

    let (id, version) = world.register(&aurora, "Live One").await;
    for stream in [&mut of_vendor, &mut of_partner] {
        let change = next(stream).await;
        assert_eq!(
            (&change["kind"], &change["deal"]["id"], &change["deal"]["partner"]["slug"]),
            (&json!("DEAL_REGISTERED"), &json!(id), &json!("aurora-systems"))
        );
    }
    let note = "mutation($id: ID!) { dealAddNote(id: $id, text: \"internal\", visibility: INTERNAL) { errors { message } } }";
    world.data(&manager, note, json!({"id": id})).await;
    let approve = "mutation($id: ID!, $v: Int!) { dealApprove(id: $id, expectedVersion: $v, note: \"Go\") { deal { version } errors { message } } }";
    world.data(&manager, approve, json!({"id": id, "v": version})).await;

    assert_eq!(next(&mut of_vendor).await["kind"], "DEAL_NOTE_ADDED");
    let at_vendor = next(&mut of_vendor).await;
    let at_partner = next(&mut of_partner).await;
    assert_eq!(
        (&at_partner["kind"], &at_partner["deal"]["status"], &at_partner["deal"]["version"]),
        (&json!("DEAL_APPROVED"), &json!("APPROVED"), &json!(version + 1))
    );
    assert_eq!(at_vendor["cursor"], at_partner["cursor"]);
    assert_ne!(at_vendor["deal"]["viewerCan"], at_partner["deal"]["viewerCan"]);
    silent(&mut of_rival).await;

    // The home page's list has the same cursors, and a client goes on from any of them.
    let recent = world.data(&aurora, "{ recentChanges(first: 2) { nodes { cursor kind } edges { cursor } } }", json!({})).await;
    let nodes = recent["recentChanges"]["nodes"].as_array().unwrap();
    assert_eq!((&nodes[0]["kind"], &nodes[1]["kind"]), (&json!("DEAL_APPROVED"), &json!("DEAL_REGISTERED")));
    assert_eq!(nodes[0]["cursor"], at_partner["cursor"]);
    drop(of_partner);
    let mut resumed = world.follow(&aurora, FOLLOW, json!({"after": nodes[1]["cursor"]}));
    assert_eq!(next(&mut resumed).await["cursor"], at_partner["cursor"]);
    silent(&mut resumed).await;

    // A cursor that never was, as after a restore: told at once, and followed by what comes next.
    let beyond = URL_SAFE_NO_PAD.encode("seq:999999");
    let mut lost = world.follow(&aurora, FOLLOW, json!({"after": beyond}));
    let told = next(&mut lost).await;
    // That people were told of the approval happened since, so the place may lie behind it.
    let place = |cursor: &Value| -> i64 {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor.as_str().unwrap()).unwrap()).unwrap();
        text.strip_prefix("seq:").unwrap().parse().unwrap()
    };
    assert_eq!(told["__typename"], "ResyncRequired");
    assert!(place(&told["cursor"]) >= place(&at_partner["cursor"]), "{told}");
    world.register(&aurora, "Live Two").await;
    assert_eq!(next(&mut lost).await["kind"], "DEAL_REGISTERED");

    for (actor, after, code) in [(&aurora, "rubbish", "BAD_REQUEST"), (&aurora, "", "BAD_REQUEST")] {
        let mut refused = world.follow(actor, FOLLOW, json!({"after": after}));
        assert_eq!(refused.next().await.unwrap()["errors"][0]["extensions"]["code"], code);
        assert!(refused.next().await.is_none());
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_and_a_lost_right_hold() {
    let world = World::start().await;
    let (aurora, manager, admin) = (world.aurora().await, world.manager().await, world.admin().await);
    let mut of_others = world.follow(&manager, FOLLOW, json!({"filter": {"partners": [world.borealis().await.partner_id]}}));
    let mut of_seller = world.follow(&aurora, FOLLOW, json!({}));
    silent(&mut of_others).await;
    silent(&mut of_seller).await;
    let (id, _) = world.register(&world.actor("admin@aurora-systems.test").await, "Live Two").await;
    assert_eq!(next(&mut of_seller).await["deal"]["id"], json!(id));
    silent(&mut of_others).await;

    let version =
        world.data(&admin, "query($id: ID!) { node(id: $id) { ... on User { version } } }", json!({"id": aurora.user_id})).await["node"]["version"]
            .clone();
    let off = "mutation($id: ID!, $v: Int!) { userUpdate(id: $id, expectedVersion: $v, input: {active: false}) { errors { message } } }";
    world.data(&admin, off, json!({"id": aurora.user_id, "v": version})).await;
    let ended = tokio::time::timeout(Duration::from_secs(10), async {
        while let Some(answer) = of_seller.next().await {
            assert!(answer["data"]["dealChanges"].is_null(), "{answer}");
        }
    });
    assert!(ended.await.is_ok(), "the stream of somebody without an account goes on");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_to_many_is_resolved_once() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let mut managers: Vec<_> = (0..20).map(|_| world.follow(&manager, FOLLOW, json!({}))).collect();
    let mut sellers: Vec<_> = (0..20).map(|_| world.follow(&aurora, FOLLOW, json!({}))).collect();
    assert_eq!(world.schema.live_stats().groups, 2, "one for each audience");
    let before = world.schema.live_stats().resolved;
    for n in 0..5 {
        world.register(&aurora, &format!("Shared {n}")).await;
    }
    let mut told = Vec::new();
    for stream in managers.iter_mut().chain(&mut sellers) {
        let mut cursors = Vec::new();
        for _ in 0..5 {
            cursors.push(next(stream).await["cursor"].clone());
        }
        told.push(cursors);
    }
    assert!(told.iter().all(|cursors| *cursors == told[0]));
    assert_eq!(world.schema.live_stats().resolved - before, 10, "five changes, two audiences, forty streams");
    drop((managers, sellers));
    let ended = tokio::time::timeout(Duration::from_secs(5), async {
        while world.schema.live_stats().groups > 0 {
            tokio::task::yield_now().await;
        }
    });
    assert!(ended.await.is_ok(), "nobody is left, and the work ends");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_and_goes_is_told_each_change_once_in_order() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let mut witness = world.follow(&manager, FOLLOW, json!({}));
    world.register(&aurora, "Before").await;
    let begin = next(&mut witness).await["cursor"].clone();
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let changes = 40;
    let writer = async {
        for n in 0..changes {
            world.register(&aurora, &format!("Coming {n}")).await;
        }
    };
    // Each reads a few changes, goes, and comes back with its cursor; some with a filter of their own, so that groups come and go.
    let readers = (0..12u64).map(|n| {
        let (world, manager, begin) = (&world, &manager, &begin);
        async move {
            let filter = if n % 3 == 0 { json!({"statuses": ["SUBMITTED", "APPROVED"]}) } else { json!({}) };
            let (mut cursors, mut turn) = (Vec::<Value>::new(), seed.wrapping_add(n));
            let mut stream = world.follow(manager, FOLLOW, json!({"filter": filter, "after": begin}));
            while cursors.len() < changes {
                turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                for _ in 0..(turn >> 33) % 9 {
                    if cursors.len() < changes {
                        cursors.push(next(&mut stream).await["cursor"].clone());
                    }
                }
                drop(stream);
                stream = world.follow(manager, FOLLOW, json!({"filter": filter, "after": cursors.last().unwrap_or(begin)}));
            }
            cursors
        }
    });
    let (told, ()) = futures::future::join(futures::future::join_all(readers), writer).await;
    let mut all = Vec::new();
    for _ in 0..changes {
        all.push(next(&mut witness).await["cursor"].clone());
    }
    for (n, cursors) in told.iter().enumerate() {
        assert_eq!(*cursors, all, "reader {n}, seed {seed}");
    }
    world.end().await;
}
