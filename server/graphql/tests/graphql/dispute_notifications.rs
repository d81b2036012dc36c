//! What people are told of disputes and rooms: each of their own, and nothing of who or what is on the other side.

use entente_domain::policy::Actor;
use serde_json::{Value, json};

use crate::cosell::{PERMIT, POST, SET, part};
use crate::disputes::{DECIDE, NAME, OPEN, STATE};
use crate::notifications::told;
use crate::world::World;

/// The one of that kind that leads to that page, once the person is told of it.
async fn one(world: &World, actor: &Actor, path: &str, kind: &str) -> Value {
    let is = |n: &&Value| n["path"] == path && n["kind"] == kind;
    let nodes = told(world, actor, |nodes| nodes.iter().any(|n| is(&n))).await;
    let all: Vec<&Value> = nodes.iter().filter(is).collect();
    assert_eq!(all.len(), 1, "{kind} is told once: {all:?}");
    all[0].clone()
}

/// Everything that leads to that page: the kinds in the order of their names, and all of it as one text in lower case.
async fn everything(world: &World, actor: &Actor, path: &str) -> (Vec<String>, String) {
    let mut nodes = told(world, actor, |_| true).await;
    nodes.retain(|n| n["path"] == path);
    let mut kinds: Vec<String> = nodes.iter().map(|n| n["kind"].as_str().unwrap().to_owned()).collect();
    kinds.sort();
    (kinds, json!(nodes).to_string().to_lowercase())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_side_is_told_of_a_dispute_and_learns_nothing_of_the_other() {
    let world = World::start().await;
    let (aurora, borealis, admin, manager) = (world.aurora().await, world.borealis().await, world.admin().await, world.manager().await);
    let (our_admin, their_admin) = (world.actor("admin@aurora-systems.test").await, world.actor("admin@borealis-consulting.test").await);
    let (theirs, version) = world.register(&borealis, "Quarrel Works").await;
    let approve = "mutation($id: ID!, $v: Int!) { dealApprove(id: $id, expectedVersion: $v) { errors { message } } }";
    assert_eq!(world.data(&manager, approve, json!({"id": theirs, "v": version})).await["dealApprove"]["errors"], json!([]));
    // The same customer, in another spelling, for something else.
    let mut registration = world.registration("Quarrel Works").await;
    registration["customerName"] = json!("Quarrel Works GmbH");
    registration["title"] = json!("A secret plan");
    registration["value"]["amount"] = json!("31337.00");
    let input = json!({"registration": registration, "statement": "We met them in spring."});
    let opened = world.data(&aurora, OPEN, json!({"input": input})).await["disputeOpen"].clone();
    let id = opened["dispute"]["id"].as_str().unwrap_or_else(|| panic!("{opened}"));
    let path = format!("/disputes/{id}");

    for actor in [&borealis, &their_admin] {
        let news = one(&world, actor, &path, "DISPUTE_OPENED").await;
        assert_eq!((&news["priority"], &news["owed"], &news["actorName"], &news["text"]), (&json!("ANSWER"), &json!(true), &json!(""), &Value::Null));
        assert_eq!((&news["title"], &news["number"]), (&json!("Backup for Quarrel Works"), &opened["dispute"]["number"]));
        assert_eq!((&news["customerName"], &news["partnerName"]), (&json!("Quarrel Works"), &json!("Borealis Consulting")));
    }
    let waits = one(&world, &admin, &path, "DISPUTE_ARBITER_OWED").await;
    assert_eq!((&waits["owed"], &waits["partnerName"], &waits["title"]), (&json!(true), &json!("Aurora Systems"), &json!("A secret plan")));
    assert_eq!((&waits["actorName"], &waits["text"]), (&json!(aurora.name), &json!("We met them in spring.")));

    // What a side says is told to the vendor alone, and then it owes nothing.
    let say = |text: &str, audience: Option<&str>| json!({"id": id, "input": {"text": text, "audience": audience}});
    world.data(&borealis, STATE, say("We have a contract.", None)).await;
    let said = one(&world, &admin, &path, "DISPUTE_STATED").await;
    assert_eq!((&said["partnerName"], &said["text"]), (&json!("Borealis Consulting"), &json!("We have a contract.")));
    assert_eq!(one(&world, &their_admin, &path, "DISPUTE_OPENED").await["owed"], json!(false));

    // Who is named to decide is told until when.
    let ask = "query($id: ID!) { dispute(id: $id) { version dueAt candidates { user { id } tie } } }";
    let seen = world.data(&admin, ask, json!({"id": id})).await["dispute"].clone();
    let another = |c: &&Value| c["tie"].is_null() && c["user"]["id"] != json!(admin.user_id);
    let neutral = seen["candidates"].as_array().unwrap().iter().find(another).unwrap_or_else(|| panic!("{seen}"));
    let user = world.app.store.user(&neutral["user"]["id"].as_str().unwrap().parse().unwrap()).await.unwrap().unwrap();
    let arbiter = Actor::of(&user);
    let named = world.data(&admin, NAME, json!({"id": id, "v": seen["version"], "user": user.id})).await["disputeNameArbiter"].clone();
    assert_eq!(named["errors"], json!([]), "{named}");
    let owed = one(&world, &arbiter, &path, "DISPUTE_DECISION_OWED").await;
    assert_eq!((&owed["owed"], &owed["dueAt"], &owed["actorName"]), (&json!(true), &seen["dueAt"], &json!(admin.name)));
    assert_eq!(one(&world, &admin, &path, "DISPUTE_ARBITER_OWED").await["owed"], json!(false));

    world.data(&arbiter, STATE, say("Only you: send the minutes.", Some("COMPLAINANT"))).await;
    let said = one(&world, &aurora, &path, "DISPUTE_STATED").await;
    assert_eq!((&said["actorName"], &said["text"]), (&json!(arbiter.name), &json!("Only you: send the minutes.")));
    let version = named["dispute"]["version"].as_i64().unwrap() + 1;
    let done = world.data(&arbiter, DECIDE, json!({"id": id, "v": version, "outcome": "UPHOLD"})).await["disputeDecide"].clone();
    assert_eq!(done["dispute"]["status"], "DECIDED", "{done}");
    for actor in [&aurora, &our_admin, &borealis, &their_admin] {
        let news = one(&world, actor, &path, "DISPUTE_DECIDED").await;
        assert_eq!((&news["priority"], &news["owed"]), (&json!("RESULT"), &json!(false)));
        assert_eq!((&news["actorName"], &news["text"]), (&json!(arbiter.name), &json!("The evidence is older.")));
    }
    assert_eq!(one(&world, &arbiter, &path, "DISPUTE_DECISION_OWED").await["owed"], json!(false));

    // People are told in the order in which things happened: what is not there now never comes.
    for actor in [&aurora, &our_admin] {
        let (kinds, all) = everything(&world, actor, &path).await;
        assert_eq!(kinds, ["DISPUTE_DECIDED", "DISPUTE_STATED"]);
        for secret in ["borealis", "backup for", "25000", "contract", theirs.to_lowercase().as_str(), borealis.name.to_lowercase().as_str()] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
    }
    for actor in [&borealis, &their_admin] {
        let (kinds, all) = everything(&world, actor, &path).await;
        assert_eq!(kinds, ["DISPUTE_DECIDED", "DISPUTE_OPENED"]);
        for secret in ["aurora", "secret plan", "31337", "gmbh", "met them", "minutes", aurora.name.to_lowercase().as_str()] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
    }
    let engineer = world.actor("engineer@borealis-consulting.test").await;
    assert_eq!(everything(&world, &engineer, &path).await.0, Vec::<String>::new());
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_told_of_a_room_and_a_guest_never_of_its_customer() {
    let world = World::start().await;
    let (host, guest, manager) = (world.aurora().await, world.borealis().await, world.manager().await);
    let guests_admin = world.actor("admin@borealis-consulting.test").await;
    let (deal, _) = world.register(&host, "Roomy Works").await;
    let path = format!("/rooms/{deal}");
    world.data(&host, PERMIT, json!({"id": deal, "v": 0})).await;
    world.data(&manager, SET, json!({"id": deal, "v": 1, "all": [part(&guest, "INFLUENCED", None)]})).await;
    let joined = one(&world, &guests_admin, &path, "ROOM_JOINED").await;
    assert_eq!((&joined["title"], &joined["number"], &joined["customerName"]), (&json!("Aurora Systems"), &json!(""), &Value::Null));

    world.data(&host, POST, json!({"id": deal, "text": "Meet them on Monday?"})).await;
    for actor in [&guest, &guests_admin] {
        let news = one(&world, actor, &path, "ROOM_MESSAGE").await;
        assert_eq!((&news["actorName"], &news["partnerName"], &news["text"]), (&json!(host.name), &json!("Aurora Systems"), &Value::Null));
    }
    assert_eq!(one(&world, &manager, &path, "ROOM_MESSAGE").await["title"], "Backup for Roomy Works");
    world.data(&guest, POST, json!({"id": deal, "text": "Yes, at ten"})).await;
    let news = one(&world, &host, &path, "ROOM_MESSAGE").await;
    assert_eq!((&news["actorName"], &news["title"]), (&json!(guest.name), &json!("Backup for Roomy Works")));
    // What a colleague wrote is no news, and only administrators are told that the partner is in.
    for (actor, wanted) in [(&guest, vec!["ROOM_MESSAGE"]), (&guests_admin, vec!["ROOM_JOINED", "ROOM_MESSAGE"])] {
        let (kinds, all) = everything(&world, actor, &path).await;
        assert_eq!(kinds, wanted);
        assert!(!all.contains("roomy") && !all.contains("monday"), "{all}");
    }
    world.end().await;
}
