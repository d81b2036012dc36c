//! The work on a deal from registration to the win, and the same registration twice.

use serde_json::json;

use crate::world::{REGISTER, World};

const AFTER: &str = "deal { version status stage { key } nextStages { key } viewerCan openQuestion decisionDueAt protectedUntil closedOn } errors { message path ... on DealDecisionError { code } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_goes_all_the_way() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let (id, version) = world.register(&aurora, "All The Way").await;
    let step = async |actor, mutation: &str, v: i64| {
        let query = format!("mutation($id: ID!, $v: Int!) {{ done: {mutation} {{ {AFTER} }} }}");
        let done = world.data(actor, &query, json!({"id": id, "v": v})).await["done"].clone();
        assert_eq!(done["errors"], json!([]), "{mutation}");
        done["deal"].clone()
    };
    let deal = step(&manager, "dealRequestInfo(id: $id, expectedVersion: $v, question: \"Who signs?\")", version).await;
    assert_eq!((&deal["status"], &deal["openQuestion"], &deal["decisionDueAt"]), (&json!("INFO_REQUESTED"), &json!("Who signs?"), &json!(null)));
    let deal = step(&aurora, "dealProvideInfo(id: $id, expectedVersion: $v, answer: \"The CIO\")", version + 1).await;
    assert_eq!((&deal["status"], &deal["openQuestion"]), (&json!("IN_REVIEW"), &json!(null)));
    let deal = step(&manager, "dealApprove(id: $id, expectedVersion: $v, note: \"Go\")", version + 2).await;
    assert!(deal["status"] == "APPROVED" && deal["protectedUntil"].is_string());
    let stage = deal["nextStages"][0]["key"].as_str().unwrap().to_owned();
    let deal = step(&aurora, &format!("dealMoveStage(id: $id, expectedVersion: $v, stage: \"{stage}\")"), version + 3).await;
    assert_eq!(deal["stage"]["key"], json!(stage));
    let deal = step(&aurora, "dealUpdate(id: $id, expectedVersion: $v, input: {title: \"New title\", nextStep: \"\"})", version + 4).await;
    let won = world
        .app
        .program()
        .await
        .unwrap()
        .program
        .stages
        .iter()
        .find(|s| s.category == entente_domain::program::StageCategory::Won)
        .unwrap()
        .key
        .clone();
    assert!(deal["nextStages"].as_array().unwrap().iter().any(|s| s["key"] == json!(won)));
    let deal = step(&aurora, &format!("dealMoveStage(id: $id, expectedVersion: $v, stage: \"{won}\", note: \"Signed\")"), version + 5).await;
    assert!(deal["closedOn"].is_string() && deal["protectedUntil"].is_null());
    assert_eq!(deal["nextStages"], json!([]));
    let note = format!("mutation($id: ID!) {{ dealAddNote(id: $id, text: \"Thank you\", visibility: SHARED) {{ {AFTER} }} }}");
    let noted = world.data(&aurora, &note, json!({"id": id})).await["dealAddNote"].clone();
    assert_eq!((&noted["deal"]["version"], &noted["errors"]), (&json!(version + 6), &json!([])));

    let told = world
        .data(
            &aurora,
            "query($id: ID!) { deal(id: $id) { timeline { nodes { kind text reason actorName changes { field before after } } } } }",
            json!({"id": id}),
        )
        .await;
    let told = told["deal"]["timeline"]["nodes"].as_array().unwrap();
    let kinds: Vec<_> = told.iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "DEAL_NOTE_ADDED",
            "DEAL_STAGE_MOVED",
            "DEAL_UPDATED",
            "DEAL_STAGE_MOVED",
            "DEAL_APPROVED",
            "DEAL_INFO_PROVIDED",
            "DEAL_INFO_REQUESTED",
            "DEAL_REGISTERED"
        ]
    );
    assert_eq!((&told[0]["text"], &told[0]["reason"]), (&json!("Thank you"), &json!(null)));
    assert_eq!((&told[4]["reason"], &told[6]["text"]), (&json!("Go"), &json!("Who signs?")));
    assert_eq!(told[4]["actorName"], json!(manager.name));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_answers_the_same_deal() {
    let world = World::start().await;
    let aurora = world.aurora().await;
    let mut input = world.registration("Only Once").await;
    input["idempotencyKey"] = json!("form-1");
    let register = async |input: &serde_json::Value| world.data(&aurora, REGISTER, json!({"input": input})).await["dealRegister"].clone();
    let (first, second) = futures::join!(register(&input), register(&input));
    assert!(first["deal"]["id"].is_string() && first == second, "{first} {second}");
    assert_eq!(register(&input).await, first);
    let mut other = input.clone();
    other["title"] = json!("Something else");
    assert_eq!(register(&other).await["errors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
    // Without a key the same again is the partner's own open registration.
    other["idempotencyKey"] = json!(null);
    let blocked = register(&other).await;
    assert_eq!((&blocked["deal"], &blocked["verdict"]["outcome"], &blocked["errors"]), (&json!(null), &json!("BLOCKED"), &json!([])));
    world.end().await;
}
