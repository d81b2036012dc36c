//! What a partner asked about an approved deal, in the vendor's lists until it is answered.

use std::time::Duration;

use entente_domain::policy::Actor;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use serde_json::{Value, json};

use crate::world::World;

const OWED: &str = "query($owed: Boolean) { deals(filter: { answerOwed: $owed }, first: 100) { nodes { id } totalCount }
    attention(first: 100) { kind dueAt deal { id } } }";
const FOLLOW: &str =
    "subscription { dealChanges(filter: { answerOwed: true }) { ... on DealChange { kind deal { id protection { standsStill } } } } }";

/// Whether the deal is in the list of those with an answer owed, whether it is in that of the others, and why it needs the viewer.
async fn seen(world: &World, actor: &Actor, id: &str) -> (bool, bool, Option<String>) {
    let has = |data: &Value| data["deals"]["nodes"].as_array().unwrap().iter().any(|d| d["id"] == id);
    let owed = world.data(actor, OWED, json!({"owed": true})).await;
    let others = world.data(actor, OWED, json!({"owed": false})).await;
    assert_eq!(owed["deals"]["totalCount"], json!(owed["deals"]["nodes"].as_array().unwrap().len()));
    let why = owed["attention"].as_array().unwrap().iter().find(|item| item["deal"]["id"] == id);
    (has(&owed), has(&others), why.map(|item| item["kind"].as_str().unwrap().to_owned()))
}

/// Runs a mutation on the deal as it is, and answers who owns it.
async fn change(world: &World, actor: &Actor, id: &str, mutation: &str) -> Value {
    let now = world.data(actor, "query($id: ID!) { deal(id: $id) { version } }", json!({"id": id})).await["deal"]["version"].clone();
    let query = format!(
        "mutation($id: ID!, $v: Int!) {{ done: {mutation} {{ deal {{ manager {{ id }} }} errors {{ ... on DealDecisionError {{ code }} }} }} }}"
    );
    let done = world.data(actor, &query, json!({"id": id, "v": now})).await["done"].clone();
    assert_eq!(done["errors"], json!([]), "{mutation}");
    done["deal"]["manager"]["id"].clone()
}

async fn next(stream: &mut BoxStream<'static, Value>) -> String {
    let answer = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.expect("nothing came").expect("the stream ended");
    answer["data"]["dealChanges"]["kind"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_partner_asked_is_on_the_owners_list_until_it_is_answered() {
    let world = World::start().await;
    let (aurora, borealis, manager, admin) = (world.aurora().await, world.borealis().await, world.manager().await, world.admin().await);
    let mut live = world.follow(&manager, FOLLOW, json!({}));
    // A stream begins when it is first asked.
    assert!(tokio::time::timeout(Duration::from_millis(400), live.next()).await.is_err());
    let (id, _) = world.register(&aurora, "Owed One").await;
    let step = async |actor: &Actor, mutation: &str| change(&world, actor, &id, mutation).await;
    let owner = step(&manager, "dealApprove(id: $id, expectedVersion: $v)").await;
    assert_eq!(owner, json!(manager.user_id), "the demo's manager owns what this partner registers");
    assert_eq!(next(&mut live).await, "DEAL_APPROVED");
    assert_eq!(seen(&world, &manager, &id).await, (false, true, None));

    step(&aurora, "dealAskVendor(id: $id, expectedVersion: $v, question: \"Who joins the meeting?\")").await;
    assert_eq!(next(&mut live).await, "DEAL_VENDOR_ASKED");
    let waits = Some("PARTNER_WAITS".to_owned());
    assert_eq!(seen(&world, &manager, &id).await, (true, false, waits.clone()));
    assert_eq!(seen(&world, &admin, &id).await, (true, false, waits.clone()), "an administrator's desk is everybody's");
    let other = world.actor("aisha.rahman@entente.test").await;
    assert_eq!(seen(&world, &other, &id).await, (true, false, None), "it is on the owner's desk alone");
    assert_eq!(seen(&world, &borealis, &id).await, (false, false, None), "and a rival finds nothing");

    // While the owner is away it is on the desk of the cover.
    let view = world.app.program().await.unwrap();
    let today = view.date(world.app.now());
    let absence = "mutation($input: AbsenceInput!) { absenceSave(input: $input) { errors { ... on AbsenceError { code } } } }";
    // It may be midnight meanwhile.
    let until = today.tomorrow().unwrap();
    let away = json!({"from": today.to_string(), "until": until.to_string(), "coverId": other.user_id});
    assert_eq!(world.data(&manager, absence, json!({"input": away})).await["absenceSave"]["errors"], json!([]));
    assert_eq!(seen(&world, &other, &id).await, (true, false, waits.clone()));

    // Of two things that are owed the second one keeps it there.
    step(&aurora, "dealRequestExtension(id: $id, expectedVersion: $v, reason: \"The tender was moved\")").await;
    step(&manager, "dealAnswerPartner(id: $id, expectedVersion: $v, answer: \"I do\")").await;
    assert_eq!((next(&mut live).await, next(&mut live).await), ("DEAL_EXTENSION_REQUESTED".to_owned(), "DEAL_PARTNER_ANSWERED".to_owned()));
    assert_eq!(seen(&world, &manager, &id).await, (true, false, waits));
    step(&manager, "dealDecideExtension(id: $id, expectedVersion: $v, granted: true)").await;
    assert_eq!(next(&mut live).await, "DEAL_EXTENSION_GRANTED", "told although it takes the deal out of the list");
    assert_eq!(seen(&world, &manager, &id).await, (false, true, None));
    world.end().await;
}
