//! What one partner has, another does not see: deals, customers, notes, people, counts, files, ids.

use entente_domain::policy::Actor;
use serde_json::{Value, json};

use crate::world::World;

const EVERYTHING: &str = "query($id: ID!, $ids: [ID!]!, $partner: ID!, $customer: ID!) {
    deal(id: $id) { id }
    past: deal(id: $id, asOf: \"2999-01-01T00:00:00Z\") { id }
    node(id: $id) { id }
    nodes(ids: $ids) { id }
    customer: node(id: $customer) { id }
    deals(filter: {partners: [$partner]}) { totalCount nodes { id } }
    partner(id: $partner) { name manager { id } viewerCan deals { totalCount nodes { id } edges { node { id } } } }
    pipelineSummary(filter: {partners: [$partner]}) { count }
    recentChanges(first: 100) { nodes { deal { id partner { id } } } }
    attention(first: 100) { deal { id partner { id } } }
}";

#[tokio::test(flavor = "multi_thread")]
async fn another_partners_deals_do_not_exist() {
    let world = World::start().await;
    let (aurora, borealis, manager) = (world.aurora().await, world.borealis().await, world.manager().await);
    let (id, version) = world.register(&borealis, "Isolation One").await;
    let customer = world.data(&borealis, "query($id: ID!) { deal(id: $id) { customer { id } } }", json!({"id": id})).await;
    let variables = json!({
        "id": id, "ids": [id], "partner": borealis.partner_id, "customer": customer["deal"]["customer"]["id"],
    });

    let seen = world.data(&borealis, EVERYTHING, variables.clone()).await;
    assert_eq!((&seen["deal"]["id"], &seen["past"]["id"], &seen["node"]["id"]), (&json!(id), &json!(id), &json!(id)));
    assert!(seen["customer"]["id"].is_string() && seen["partner"]["deals"]["totalCount"].as_i64().unwrap() > 1);

    for stranger in [aurora.clone(), world.actor("engineer@borealis-consulting.test").await] {
        let hidden = world.data(&stranger, EVERYTHING, variables.clone()).await;
        for field in ["deal", "past", "node", "customer"] {
            assert_eq!(hidden[field], Value::Null, "{field}");
        }
        assert_eq!(hidden["nodes"], json!([null]));
        assert_eq!(hidden["deals"], json!({"totalCount": 0, "nodes": []}));
        assert_eq!(hidden["partner"]["deals"], json!({"totalCount": 0, "nodes": [], "edges": []}));
        assert!(hidden["pipelineSummary"].as_array().unwrap().iter().all(|s| s["count"] == 0));
        for list in [&hidden["recentChanges"]["nodes"], &hidden["attention"]] {
            assert!(list.as_array().unwrap().iter().all(|row| row["deal"]["partner"]["id"] == json!(stranger.partner_id)), "{list}");
        }
    }
    let hidden = world.data(&aurora, EVERYTHING, variables).await;
    assert_eq!((&hidden["partner"]["manager"], &hidden["partner"]["viewerCan"]), (&Value::Null, &json!([])));

    // A refusal is the same for a hidden deal and for none at all.
    let withdraw = "mutation($id: ID!, $v: Int!) { dealWithdraw(id: $id, expectedVersion: $v) { deal { id } errors { message path ... on DealDecisionError { code } } } }";
    let of_other = world.data(&aurora, withdraw, json!({"id": id, "v": version})).await;
    let of_none = world.data(&aurora, withdraw, json!({"id": "deal_01J00000000000000000000000", "v": 1})).await;
    assert_eq!(of_other, of_none);
    assert_eq!(of_other["dealWithdraw"]["errors"][0]["code"], "NOT_FOUND");

    // The verdict on the same customer tells nothing of the rival.
    approve(&world, &manager, &id, version).await;
    let mut rival = world.registration("Isolation One").await;
    rival["title"] = json!("A rival's");
    let check = world
        .data(&aurora, "query($input: DealRegisterInput!) { dealCheck(input: $input) { outcome rules { message } } }", json!({"input": rival}))
        .await;
    assert_eq!(check["dealCheck"]["outcome"], "BLOCKED");
    let told = check.to_string().to_lowercase();
    assert!(!told.contains("borealis") && !told.contains(&id.to_lowercase()) && !told.contains("hallberg"), "{told}");
    world.end().await;
}

async fn approve(world: &World, manager: &Actor, id: &str, version: i64) {
    let query = "mutation($id: ID!, $v: Int!) { dealApprove(id: $id, expectedVersion: $v) { errors { message } } }";
    let done = world.data(manager, query, json!({"id": id, "v": version})).await;
    assert_eq!(done["dealApprove"]["errors"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn internal_notes_and_private_fields_stay_inside() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let (id, _) = world.register(&aurora, "Isolation Two").await;
    let note = "mutation($id: ID!) { dealAddNote(id: $id, text: \"Between us: be careful\", visibility: INTERNAL) { errors { message } } }";
    world.data(&manager, note, json!({"id": id})).await;

    let timeline =
        "query($id: ID!) { deal(id: $id) { verdict { outcome } timeline { nodes { kind text visibility } } } recentChanges { nodes { text } } }";
    let inside = world.data(&manager, timeline, json!({"id": id})).await;
    assert_eq!(inside["deal"]["timeline"]["nodes"][0]["visibility"], "INTERNAL");
    assert_eq!(inside["deal"]["verdict"]["outcome"], "CLEAR");
    for partner in [aurora.clone(), world.actor("admin@aurora-systems.test").await] {
        let outside = world.data(&partner, timeline, json!({"id": id})).await;
        assert_eq!(outside["deal"]["timeline"]["nodes"].as_array().unwrap().len(), 1);
        assert_eq!(outside["deal"]["verdict"], Value::Null);
        assert!(!outside.to_string().contains("Between us"));
    }

    // Nobody signed in: published partners and public fields, nothing more.
    let public = "{ viewer { roles } program { products { key } rules { code } currencies { code } name }
        partner(slug: \"aurora-systems\") { name logoUrl manager { email } viewerCan deals { nodes { id } pageInfo { hasNextPage } } } }";
    let answer = world.ask(None, public, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], Value::Null, "{answer}");
    let partner = &answer["data"]["partner"];
    assert_eq!((&partner["manager"], &partner["viewerCan"], &partner["deals"]["nodes"]), (&Value::Null, &json!([]), &json!([])));
    assert_eq!(answer["data"]["program"]["products"], json!([]));

    // Unpublished: gone for everybody but the vendor and the partner itself.
    let admin = world.admin().await;
    let own = world.data(&admin, "{ partner(slug: \"aurora-systems\") { id version } }", json!({})).await;
    let hide = "mutation($id: ID!, $v: Int!) { partnerUpdate(id: $id, expectedVersion: $v, input: {published: false}) { errors { message } } }";
    world.data(&admin, hide, json!({"id": own["partner"]["id"], "v": own["partner"]["version"]})).await;
    let look = "query($id: ID!) { partner(id: $id) { id } node(id: $id) { id } bySlug: partner(slug: \"aurora-systems\") { id } }";
    for (caller, sees) in [(None, false), (Some(world.borealis().await), false), (Some(aurora), true), (Some(admin), true)] {
        let answer = world.ask(caller.as_ref(), look, json!({"id": own["partner"]["id"]})).await;
        for field in ["partner", "node", "bySlug"] {
            assert_eq!(answer["data"][field].is_object(), sees, "{field} {answer}");
        }
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_people_belong_to_their_side() {
    let world = World::start().await;
    let (aurora, borealis) = (world.actor("admin@aurora-systems.test").await, world.actor("admin@borealis-consulting.test").await);
    let create = "mutation { apiKeyCreate(input: {name: \"CRM\", scopes: [READ]}) { secret apiKey { id partner { slug } createdBy { name } } errors { message } } }";
    let made = world.data(&aurora, create, json!({})).await;
    let key = &made["apiKeyCreate"];
    assert_eq!((&key["apiKey"]["partner"]["slug"], &key["apiKey"]["createdBy"]["name"]), (&json!("aurora-systems"), &json!(aurora.name)));
    let id = &key["apiKey"]["id"];

    let machine = world.app.authenticate(key["secret"].as_str().unwrap()).await.unwrap();
    let seen = world.data(&machine, "{ deals(first: 100) { totalCount nodes { partner { slug } } } }", json!({})).await;
    assert!(seen["deals"]["totalCount"].as_i64().unwrap() > 0);
    assert!(seen["deals"]["nodes"].as_array().unwrap().iter().all(|d| d["partner"]["slug"] == "aurora-systems"));
    let write = world.registration("Isolation Three").await;
    let refused = world.data(&machine, crate::world::REGISTER, json!({"input": write})).await;
    assert_eq!(refused["dealRegister"]["errors"][0]["code"], "NOT_ALLOWED");
    assert_eq!(world.code(Some(&machine), "{ apiKeys { nodes { id } } }", json!({})).await.as_deref(), Some("FORBIDDEN"));

    let look = "query($id: ID!) { node(id: $id) { id } apiKeys { totalCount } }";
    assert_eq!(world.data(&borealis, look, json!({"id": id})).await, json!({"node": null, "apiKeys": {"totalCount": 0}}));
    let revoke = "mutation($id: ID!) { apiKeyRevoke(id: $id) { apiKey { revokedAt } errors { ... on ApiKeyError { code } } } }";
    let refused = world.data(&borealis, revoke, json!({"id": id})).await;
    assert_eq!(refused["apiKeyRevoke"]["errors"][0]["code"], "NOT_FOUND");
    let done = world.data(&aurora, revoke, json!({"id": id})).await;
    assert!(done["apiKeyRevoke"]["apiKey"]["revokedAt"].is_string());
    assert!(world.app.authenticate(key["secret"].as_str().unwrap()).await.is_err());

    let people = world.data(&aurora, "{ users(first: 100) { totalCount nodes { partner { slug } email } } }", json!({})).await;
    assert_eq!(people["users"]["totalCount"], 4);
    assert!(people["users"]["nodes"].as_array().unwrap().iter().all(|u| u["partner"]["slug"] == "aurora-systems"));
    let other = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(world.data(&aurora, other, json!({"id": borealis.user_id})).await["node"], Value::Null);
    let change =
        "mutation($id: ID!) { userUpdate(id: $id, expectedVersion: 1, input: {active: false}) { errors { ... on UserAccountError { code } } } }";
    assert_eq!(world.data(&aurora, change, json!({"id": borealis.user_id})).await["userUpdate"]["errors"][0]["code"], "NOT_FOUND");
    let grab = "mutation($p: ID!) { userCreate(input: {name: \"N\", email: \"n@x.test\", password: \"a password for tests\", roles: [PARTNER_ADMIN], partnerId: $p}) { errors { ... on UserAccountError { code } } } }";
    assert_eq!(world.data(&aurora, grab, json!({"p": borealis.partner_id})).await["userCreate"]["errors"][0]["code"], "NOT_ALLOWED");
    world.end().await;
}
