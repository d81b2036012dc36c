//! Notifications over the wire: who is told what, once; reading, marking, following; what a lost right hides; preferences.

use std::time::Duration;

use entente_domain::policy::Actor;
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::world::World;

const LIST: &str = "query($unread: Boolean, $after: String) { notifications(unread: $unread, first: 100, after: $after) {
    nodes { id kind priority owed readAt title number customerName partnerName actorName text dueAt path deal { id } } pageInfo { hasNextPage endCursor } } notificationsUnread }";

/// The notifications of a person, once they are what is waited for.
pub async fn told(world: &World, actor: &Actor, fine: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let end = tokio::time::Instant::now() + Duration::from_secs(15);
    loop {
        let nodes = world.data(actor, LIST, json!({})).await["notifications"]["nodes"].as_array().unwrap().clone();
        if fine(&nodes) {
            return nodes;
        }
        assert!(tokio::time::Instant::now() < end, "not told: {nodes:?}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

fn about<'a>(nodes: &'a [Value], deal: &str) -> Vec<&'a Value> {
    nodes.iter().filter(|n| n["deal"]["id"] == deal || n["path"] == format!("/deals/{deal}")).collect()
}

pub async fn ask_question(world: &World, manager: &Actor, deal: &str, version: i64) -> i64 {
    let ask = "mutation($id: ID!, $v: Int!) { dealRequestInfo(id: $id, expectedVersion: $v, question: \"Which site?\") { deal { version } errors { message } } }";
    world.data(manager, ask, json!({"id": deal, "v": version})).await["dealRequestInfo"]["deal"]["version"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_told_what_concerns_them_once_and_nobody_else() {
    let world = World::start().await;
    let (aurora, borealis, manager) = (world.aurora().await, world.borealis().await, world.manager().await);
    let partner_admin = world.actor("admin@aurora-systems.test").await;
    let (deal, version) = world.register(&aurora, "Told One").await;
    let at_manager = told(&world, &manager, |n| !about(n, &deal).is_empty()).await;
    let one = about(&at_manager, &deal)[0].clone();
    assert_eq!(
        (&one["kind"], &one["priority"], &one["owed"], &one["readAt"]),
        (&json!("DECISION_OWED"), &json!("ANSWER"), &json!(true), &Value::Null)
    );
    assert_eq!(one["path"], json!(format!("/deals/{deal}")));

    ask_question(&world, &manager, &deal, version).await;
    for actor in [&aurora, &partner_admin] {
        let nodes = told(&world, actor, |n| !about(n, &deal).is_empty()).await;
        let own = about(&nodes, &deal);
        assert_eq!((own.len(), &own[0]["kind"], &own[0]["text"]), (1, &json!("QUESTION_ASKED"), &json!("Which site?")));
    }
    // Nothing is owed to the manager's first notification while the partner owes the answer; it is the same one.
    let at_manager = told(&world, &manager, |n| about(n, &deal).iter().all(|n| n["owed"] == json!(false))).await;
    assert_eq!(about(&at_manager, &deal).len(), 1);
    // A rival, an engineer of the partner, and somebody's key: nothing.
    let nodes = world.data(&borealis, LIST, json!({})).await;
    assert!(about(nodes["notifications"]["nodes"].as_array().unwrap(), &deal).is_empty());
    let engineer = world.actor("engineer@aurora-systems.test").await;
    assert_eq!(world.data(&engineer, LIST, json!({})).await["notifications"]["nodes"], json!([]));
    let made = world.data(&partner_admin, "mutation { apiKeyCreate(input: {name: \"k\", scopes: [READ, WRITE]}) { secret } }", json!({})).await;
    let key = world.app.authenticate(made["apiKeyCreate"]["secret"].as_str().unwrap()).await.unwrap();
    for query in ["{ notificationsUnread }", "{ notifications { nodes { id } } }", "{ notificationPreferences { version } }"] {
        assert_eq!(world.code(Some(&key), query, json!({})).await.as_deref(), Some("FORBIDDEN"), "{query}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_counts_and_is_followed_in_every_window_of_the_person_alone() {
    let world = World::start().await;
    let (aurora, manager, admin) = (world.aurora().await, world.manager().await, world.admin().await);
    let follow = "subscription { notificationChanges { __typename ... on NotificationChange { isNew unread cursor } } }";
    let all = "mutation($until: DateTime!) { notificationsMarkAll(until: $until) { changed unread } }";
    world.data(&manager, all, json!({"until": "2030-01-01T00:00:00Z"})).await;
    let mut at_manager = world.follow(&manager, follow, json!({}));
    let mut at_admin = world.follow(&admin, follow, json!({}));
    for stream in [&mut at_manager, &mut at_admin] {
        // What was told before may still be on its way.
        while tokio::time::timeout(Duration::from_millis(500), stream.next()).await.is_ok() {}
    }
    let (first, _) = world.register(&aurora, "Read One").await;
    let (second, _) = world.register(&aurora, "Read Two").await;
    let next = async |stream: &mut futures::stream::BoxStream<'static, Value>| {
        tokio::time::timeout(Duration::from_secs(15), stream.next()).await.expect("nothing came").unwrap()["data"]["notificationChanges"].clone()
    };
    let mut change = next(&mut at_manager).await;
    while change["unread"] != json!(2) {
        change = next(&mut at_manager).await;
    }
    let nodes = told(&world, &manager, |n| !about(n, &first).is_empty() && !about(n, &second).is_empty()).await;
    assert_eq!((about(&nodes, &second)[0]["id"].clone(), &nodes[0]["id"]), (nodes[0]["id"].clone(), &nodes[0]["id"]), "newest first");
    let mark = "mutation($ids: [ID!]!, $read: Boolean!) { notificationsMark(ids: $ids, read: $read) { changed unread errors { message } } }";
    let id = about(&nodes, &first)[0]["id"].clone();
    let done = world.data(&manager, mark, json!({"ids": [id, "ntf_01J00000000000000000000000", "rubbish"], "read": true})).await;
    assert_eq!((&done["notificationsMark"]["changed"], &done["notificationsMark"]["unread"]), (&json!(1), &json!(1)));
    let mut change = next(&mut at_manager).await;
    // The count is of the moment of telling, so the word of each of the two may have said two.
    while change["isNew"] == json!(true) {
        change = next(&mut at_manager).await;
    }
    assert_eq!((&change["isNew"], &change["unread"]), (&json!(false), &json!(1)));
    // Somebody else's ids change nothing, and tell nothing.
    let grab = world.data(&admin, mark, json!({"ids": [nodes[0]["id"]], "read": true})).await;
    assert_eq!(grab["notificationsMark"]["changed"], json!(0));
    assert_eq!(world.data(&manager, LIST, json!({"unread": true})).await["notifications"]["nodes"].as_array().unwrap().len(), 1);
    // Everything until a moment: what comes later stays unread.
    let nothing = world.data(&manager, all, json!({"until": "2020-01-01T00:00:00Z"})).await;
    assert_eq!(nothing["notificationsMarkAll"], json!({"changed": 0, "unread": 1}));
    let done = world.data(&manager, all, json!({"until": "2030-01-01T00:00:00Z"})).await;
    assert_eq!(done["notificationsMarkAll"], json!({"changed": 1, "unread": 0}));
    // The administrator was told nothing of it all.
    assert!(tokio::time::timeout(Duration::from_millis(400), at_admin.next()).await.is_err(), "another person's stream spoke");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_may_no_longer_see_is_not_shown() {
    let world = World::start().await;
    let (aurora, manager, admin) = (world.aurora().await, world.manager().await, world.admin().await);
    let (deal, version) = world.register(&aurora, "Hidden One").await;
    ask_question(&world, &manager, &deal, version).await;
    told(&world, &aurora, |n| !about(n, &deal).is_empty()).await;
    let person = "query($id: ID!) { node(id: $id) { ... on User { version } } }";
    let v = world.data(&admin, person, json!({"id": aurora.user_id})).await["node"]["version"].clone();
    let change =
        "mutation($id: ID!, $v: Int!, $roles: [Role!]) { userUpdate(id: $id, expectedVersion: $v, input: {roles: $roles}) { errors { message } } }";
    world.data(&admin, change, json!({"id": aurora.user_id, "v": v, "roles": ["PARTNER_TECHNICAL"]})).await;
    let now = world.app.refresh_actor(&aurora).await.unwrap().unwrap();
    let seen = world.data(&now, LIST, json!({})).await;
    assert_eq!((&seen["notifications"]["nodes"], &seen["notificationsUnread"]), (&json!([]), &json!(0)));
    assert!(!seen.to_string().contains("Hidden One"));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn preferences_are_kept_and_checked() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let read = "{ notificationPreferences { version timeZone quietFrom quietUntil digest digestAt choices { kind asks channel usual } } }";
    let usual = world.data(&manager, read, json!({})).await["notificationPreferences"].clone();
    assert_eq!((&usual["version"], &usual["digest"], &usual["digestAt"]), (&json!(0), &json!("DAILY"), &json!("08:00")));
    let kinds: Vec<_> = usual["choices"].as_array().unwrap().iter().map(|c| c["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"DECISION_OWED") && !kinds.contains(&"QUESTION_ASKED"), "{kinds:?}");

    let write = "mutation($input: NotificationPreferencesInput!) { notificationPreferencesUpdate(input: $input) {
        preferences { version timeZone quietFrom quietUntil choices { kind channel } } errors { path ... on NotificationPreferencesError { code } } } }";
    let input = json!({"expectedVersion": 0, "choices": [{"kind": "DECISION_OWED", "channel": "IN_APP"}], "timeZone": "America/New_York",
        "quietFrom": "20:00", "quietUntil": "07:30", "digest": "DAILY", "digestAt": "07:45"});
    let keep = async |input: Value| world.data(&manager, write, json!({"input": input})).await["notificationPreferencesUpdate"].clone();
    let kept = keep(input.clone()).await;
    assert_eq!((&kept["errors"], &kept["preferences"]["version"], &kept["preferences"]["quietUntil"]), (&json!([]), &json!(1), &json!("07:30")));
    for (change, code, field) in [
        (json!({"expectedVersion": 0}), "STALE_VERSION", "expectedVersion"),
        (json!({"timeZone": "Mars/Olympus"}), "TIME_ZONE_UNKNOWN", "timeZone"),
        (json!({"quietUntil": "20:00"}), "QUIET_HOURS_EMPTY", "quietUntil"),
        (json!({"quietFrom": "25:00"}), "INVALID_INPUT", "quietFrom"),
        (json!({"quietUntil": null}), "INVALID_INPUT", "quietUntil"),
        (json!({"digestAt": null}), "INVALID_INPUT", "digestAt"),
        (json!({"choices": [{"kind": "NONSENSE", "channel": "OFF"}]}), "INVALID_INPUT", "choices"),
        (json!({"choices": [{"kind": "DECISION_OWED", "channel": "OFF"}]}), "ALWAYS_SHOWN", "choices"),
    ] {
        let mut wrong = input.clone();
        wrong["expectedVersion"] = json!(1);
        wrong.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let refused = keep(wrong).await;
        assert_eq!(refused["errors"], json!([{"path": ["input", field], "code": code}]), "{change}");
    }
    // In the app only: told there, and no letter.
    let (deal, _) = world.register(&aurora, "Quiet One").await;
    told(&world, &manager, |n| !about(n, &deal).is_empty()).await;
    assert!(world.letters().iter().all(|l| !l["text"].as_str().unwrap().contains("Quiet One")));
    world.end().await;
}
