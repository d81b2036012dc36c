//! Links in letters over the wire: they act once, for one person, as that person, in their time, and whatever is in the way has
//! a typed answer and changes nothing.

use std::time::Duration;

use entente_domain::policy::Actor;
use serde_json::{Value, json};

use crate::notifications::ask_question;
use crate::world::{World, code};

const LOOK: &str = "query($t: String!) { actionLink(token: $t) { state action needsText kind personName title partnerName text path } }";
const USE: &str = "mutation($t: String!, $text: String) { actionLinkUse(token: $t, input: {text: $text}) {
    link { state } errors { path ... on ActionLinkError { code } } } }";

/// The secrets in a letter, by what they do.
fn secrets(letter: &Value) -> Vec<String> {
    let text = letter["text"].as_str().unwrap();
    text.lines().filter_map(|l| l.trim().split_once("/act/")).map(|(_, secret)| secret.to_owned()).collect()
}

/// The letter about that customer to that address.
async fn letter(world: &World, to: &str, about: &str) -> Value {
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        let all = world.letters();
        let found = all.into_iter().find(|l| l["to"] == to && l["text"].as_str().unwrap().contains(about));
        if let Some(letter) = found {
            return letter;
        }
        assert!(tokio::time::Instant::now() < end, "no letter to {to} about {about}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

async fn status(world: &World, actor: &Actor, deal: &str) -> Value {
    world.data(actor, "query($id: ID!) { deal(id: $id) { status } }", json!({"id": deal})).await["deal"]["status"].clone()
}

/// What became of a use, by a caller or by nobody.
async fn used(world: &World, actor: Option<&Actor>, token: &str, text: Option<&str>) -> String {
    let answer = world.ask(actor, USE, json!({"t": token, "text": text})).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    let payload = &answer["data"]["actionLinkUse"];
    match payload["errors"][0]["code"].as_str() {
        Some(code) => {
            assert_eq!(payload["link"], Value::Null);
            code.to_owned()
        }
        None => payload["link"]["state"].as_str().unwrap().to_owned(),
    }
}

/// Kinds of events about links that act on that deal, in order.
async fn log(world: &World, deal: &str) -> Vec<String> {
    let end = world.app.store.last_seq().await.unwrap();
    let events = world.app.store.events_after((end - 200).max(0), 200).await.unwrap();
    let about = |e: &entente_domain::event::Event| e.changes.iter().any(|c| c.field == "about" && c.after.as_deref() == Some(deal));
    let of = events.iter().filter(|e| e.event.kind.name().starts_with("ACTION_LINK") && about(&e.event));
    of.map(|e| {
        let why = e.event.changes.iter().find(|c| c.field == "refused").and_then(|c| c.after.clone()).unwrap_or_default();
        format!("{} {why}", e.event.kind.name()).trim().to_owned()
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_approved_from_its_letter_without_a_session() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let (deal, _) = world.register(&aurora, "Linked One").await;
    let letter = letter(&world, "manager@entente.test", "Linked One").await;
    let tokens = secrets(&letter);
    assert_eq!(tokens.len(), 2, "{letter}");
    // Looking changes nothing, however often, and says what the letter said.
    for _ in 0..3 {
        let seen = world.ask(None, LOOK, json!({"t": tokens[0]})).await;
        let link = &seen["data"]["actionLink"];
        assert_eq!((&link["state"], &link["action"], &link["needsText"]), (&json!("OPEN"), &json!("APPROVE"), &json!(false)), "{seen}");
        assert!(link["title"].as_str().unwrap().contains("Linked One"));
    }
    assert_eq!(status(&world, &aurora, &deal).await, "SUBMITTED");
    assert_eq!(used(&world, None, &tokens[0], Some("Good luck")).await, "USED");
    assert_eq!(status(&world, &aurora, &deal).await, "APPROVED");
    let timeline =
        world.data(&aurora, "query($id: ID!) { deal(id: $id) { timeline { nodes { kind actorName reason } } } }", json!({"id": deal})).await;
    let entry = &timeline["deal"]["timeline"]["nodes"][0];
    assert_eq!((&entry["kind"], &entry["actorName"], &entry["reason"]), (&json!("DEAL_APPROVED"), &json!(manager.name), &json!("Good luck")));
    // Once, and the other link of the letter has nothing left to do.
    assert_eq!(used(&world, None, &tokens[0], None).await, "USED".to_owned());
    assert_eq!(world.ask(None, LOOK, json!({"t": tokens[0]})).await["data"]["actionLink"]["state"], "USED");
    assert_eq!(used(&world, None, &tokens[1], Some("no")).await, "SETTLED");
    assert_eq!(status(&world, &aurora, &deal).await, "APPROVED");
    let end = tokio::time::Instant::now() + Duration::from_secs(10);
    while log(&world, &deal).await
        != ["ACTION_LINK_MADE", "ACTION_LINK_MADE", "ACTION_LINK_USED", "ACTION_LINK_REFUSED USED", "ACTION_LINK_REFUSED SETTLED"]
    {
        assert!(tokio::time::Instant::now() < end, "{:?}", log(&world, &deal).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_from_its_letter() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let (deal, version) = world.register(&aurora, "Linked Two").await;
    let decide = secrets(&letter(&world, "manager@entente.test", "Linked Two").await);
    ask_question(&world, &manager, &deal, version).await;
    // While the partner owes an answer nothing is decided by a link from before.
    assert_eq!(used(&world, None, &decide[0], None).await, "SETTLED");
    let asked = letter(&world, "sales@aurora-systems.test", "Which site?").await;
    let tokens = secrets(&asked);
    assert_eq!(tokens.len(), 1);
    for (text, wanted) in [(None, "REQUIRED"), (Some("  "), "REQUIRED"), (Some("x".repeat(4_001).as_str()), "TOO_LONG")] {
        assert_eq!(used(&world, None, &tokens[0], text).await, wanted);
    }
    assert_eq!(status(&world, &aurora, &deal).await, "INFO_REQUESTED");
    assert_eq!(used(&world, Some(&aurora), &tokens[0], Some("The new one")).await, "USED");
    assert_eq!(status(&world, &aurora, &deal).await, "IN_REVIEW");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_one_question_answers_no_later_one() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let (deal, version) = world.register(&aurora, "Linked Twice").await;
    let step = async |actor: &Actor, field: &str, version: i64| {
        let change = format!("mutation($id: ID!, $v: Int!) {{ done: {field} {{ deal {{ version }} errors {{ message }} }} }}");
        let done = world.data(actor, &change, json!({"id": deal, "v": version})).await["done"].clone();
        done["deal"]["version"].as_i64().unwrap_or_else(|| panic!("{done}"))
    };
    let version = step(&manager, "dealRequestInfo(id: $id, expectedVersion: $v, question: \"Which tower?\")", version).await;
    let first = secrets(&letter(&world, "sales@aurora-systems.test", "Which tower?").await);
    let version = step(&aurora, "dealProvideInfo(id: $id, expectedVersion: $v, answer: \"The old one\")", version).await;
    step(&manager, "dealRequestInfo(id: $id, expectedVersion: $v, question: \"Which floor?\")", version).await;
    let second = secrets(&letter(&world, "sales@aurora-systems.test", "Which floor?").await);
    // The first letter still shows its question, and what is written to it goes nowhere.
    let seen = world.ask(None, LOOK, json!({"t": first[0]})).await["data"]["actionLink"].clone();
    assert_eq!((&seen["state"], &seen["text"]), (&json!("SETTLED"), &json!("Which tower?")), "{seen}");
    assert_eq!(used(&world, None, &first[0], Some("The new one")).await, "SETTLED");
    assert_eq!(status(&world, &aurora, &deal).await, "INFO_REQUESTED");
    assert_eq!(used(&world, None, &second[0], Some("The third")).await, "USED");
    let timeline = world.data(&aurora, "query($id: ID!) { deal(id: $id) { timeline { nodes { kind text } } } }", json!({"id": deal})).await;
    let last = &timeline["deal"]["timeline"]["nodes"][0];
    assert!(last["kind"] == "DEAL_INFO_PROVIDED" && last["text"].as_str().unwrap().contains("The third"), "{last}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_declined_from_its_letter_with_a_reason_and_goes_on() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let create = "mutation($partner: ID!) { leadCreate(input: {name: \"Ada Linke\", email: \"ada@linkewerke.example\", company: \"Linkewerke\",
        country: \"DE\", partnerId: $partner}) { lead { id } errors { message } } }";
    let made = world.data(&manager, create, json!({"partner": aurora.partner_id})).await;
    let id = made["leadCreate"]["lead"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let tokens = secrets(&letter(&world, "sales@aurora-systems.test", "Linkewerke").await);
    assert_eq!(tokens.len(), 2, "one takes it, one declines it");
    let seen = world.ask(None, LOOK, json!({"t": tokens[1]})).await["data"]["actionLink"].clone();
    assert_eq!((&seen["state"], &seen["action"], &seen["needsText"]), (&json!("OPEN"), &json!("DECLINE_LEAD"), &json!(true)), "{seen}");
    for (text, wanted) in [(None, "REQUIRED"), (Some("  "), "REQUIRED"), (Some("x".repeat(4_001).as_str()), "TOO_LONG")] {
        assert_eq!(used(&world, None, &tokens[1], text).await, wanted);
    }
    let reason = "Nobody is free before spring";
    assert_eq!(used(&world, None, &tokens[1], Some(reason)).await, "USED");
    // As the mutation does it: the reason is kept, the next partner is asked, and who declined no longer sees it.
    let ask = "query($id: ID!) { lead(id: $id) { status partner { id } offers { outcome declineReason text partner { id } } } }";
    let lead = world.data(&manager, ask, json!({"id": id})).await["lead"].clone();
    let first = json!({"outcome": "DECLINED", "declineReason": "OTHER", "text": reason, "partner": {"id": aurora.partner_id}});
    assert_eq!((&lead["status"], &lead["offers"][0]), (&json!("ASSIGNED"), &first), "{lead}");
    assert_eq!((&lead["offers"][1]["outcome"], &lead["offers"][1]["partner"]), (&json!("OPEN"), &lead["partner"]), "{lead}");
    assert_ne!(lead["partner"]["id"], json!(aurora.partner_id));
    assert_eq!(world.data(&aurora, ask, json!({"id": id})).await["lead"], Value::Null);
    // Once, and the other link of the letter has nothing left to do.
    assert_eq!(used(&world, None, &tokens[1], Some("Once more")).await, "USED");
    assert_eq!(world.ask(None, LOOK, json!({"t": tokens[0]})).await["data"]["actionLink"]["state"], "SETTLED");
    assert_eq!(used(&world, None, &tokens[0], None).await, "NOT_ALLOWED");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_uses_a_link_and_a_closed_account_has_none() {
    let world = World::start().await;
    let (aurora, admin, manager) = (world.aurora().await, world.admin().await, world.manager().await);
    let (deal, _) = world.register(&aurora, "Linked Three").await;
    let tokens = secrets(&letter(&world, "manager@entente.test", "Linked Three").await);
    for other in [&aurora, &admin] {
        let seen = world.ask(Some(other), LOOK, json!({"t": tokens[0]})).await;
        assert_eq!(
            seen["data"]["actionLink"],
            json!({"state": "OTHER_PERSON", "action": null, "needsText": null, "kind": null, "personName": null,
            "title": null, "partnerName": null, "text": null, "path": null}),
            "nothing of it is shown"
        );
        assert_eq!(used(&world, Some(other), &tokens[0], None).await, "OTHER_PERSON");
    }
    let made = world.data(&admin, "mutation { apiKeyCreate(input: {name: \"k\", scopes: [READ, WRITE]}) { secret } }", json!({})).await;
    let key = world.app.authenticate(made["apiKeyCreate"]["secret"].as_str().unwrap()).await.unwrap();
    assert_eq!(used(&world, Some(&key), &tokens[0], None).await, "OTHER_PERSON");
    // Secrets that are none of ours.
    for wrong in ["", "x", &"A".repeat(43), &tokens[0].to_lowercase(), &"é".repeat(40)] {
        assert_eq!(used(&world, None, wrong, None).await, "UNKNOWN", "{wrong}");
        assert_eq!(world.ask(None, LOOK, json!({"t": wrong})).await["data"]["actionLink"], Value::Null);
    }
    // The right is lost, then the account.
    let person = "query($id: ID!) { node(id: $id) { ... on User { version } } }";
    let change =
        "mutation($id: ID!, $v: Int!, $input: UserUpdateInput!) { userUpdate(id: $id, expectedVersion: $v, input: $input) { errors { message } } }";
    for (input, wanted) in [(json!({"roles": ["SALES"]}), "NOT_ALLOWED"), (json!({"active": false}), "ACCOUNT_CLOSED")] {
        let v = world.data(&admin, person, json!({"id": manager.user_id})).await["node"]["version"].clone();
        let done = world.data(&admin, change, json!({"id": manager.user_id, "v": v, "input": input})).await;
        assert_eq!(done["userUpdate"]["errors"], json!([]));
        assert_eq!(used(&world, None, &tokens[0], None).await, wanted);
    }
    assert_eq!(status(&world, &admin, &deal).await, "SUBMITTED");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_uses_at_once_one_is_done() {
    let world = World::start().await;
    let aurora = world.aurora().await;
    for round in 0..3 {
        let customer = format!("Raced {round}");
        let (deal, _) = world.register(&aurora, &customer).await;
        let tokens = secrets(&letter(&world, "manager@entente.test", &customer).await);
        // The same link twelve times, and the one that rejects as often: one of all of them decides.
        let uses = (0..24).map(|n| used(&world, None, &tokens[n % 2], Some("because")));
        let ended = futures::future::join_all(uses).await;
        let events = world.data(&aurora, "query($id: ID!) { deal(id: $id) { timeline { nodes { kind } } } }", json!({"id": deal})).await;
        let decided = events["deal"]["timeline"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|e| ["DEAL_APPROVED", "DEAL_REJECTED"].contains(&e["kind"].as_str().unwrap()));
        assert_eq!(decided.count(), 1, "{ended:?}");
        assert!(ended.iter().all(|e| ["USED", "SETTLED"].contains(&e.as_str())), "{ended:?}");
        let uses = async || log(&world, &deal).await.iter().filter(|k| *k == "ACTION_LINK_USED").count();
        let end = tokio::time::Instant::now() + Duration::from_secs(10);
        while uses().await == 0 {
            assert!(tokio::time::Instant::now() < end);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(uses().await, 1, "one use is written down");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_only_so_many_tries() {
    let world = World::start().await;
    let from = |n: u8| entente_graphql::RequestContext { client_ip: Some(std::net::IpAddr::from([192, 0, 2, n])), ..crate::world::context(None) };
    let mut limited = 0;
    for _ in 0..130 {
        let answer = world.ask_with(from(1), LOOK, json!({"t": "A".repeat(43)})).await;
        limited += usize::from(code(&answer).as_deref() == Some("RATE_LIMITED"));
    }
    // Two windows at most lie in the time that this takes.
    assert!((10..=70).contains(&limited), "{limited}");
    assert_eq!(code(&world.ask_with(from(2), LOOK, json!({"t": "x"})).await), None, "another address");
    world.end().await;
}
