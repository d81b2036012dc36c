//! Products over the wire: what a bundle shows and claims, what is refused and how it is named, and that the program's change
//! is told live to everybody who is signed in.

use std::time::Duration;

use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::world::{REGISTER, World};

const PRODUCTS: &str =
    "{ program { products { id key name kind version retiredAt includes { key } extras verticals { key } packaging description } } }";
const CREATE: &str = "mutation($input: ProductInput!) { productCreate(input: $input, idempotencyKey: \"form\") {
    product { id key version kind includes { key } verticals { name } listPrice { amount currency } } errors { ... on ProductError { code path message } } } }";
const UPDATE: &str = "mutation($id: ID!, $v: Int!, $input: ProductInput!) { productUpdate(id: $id, expectedVersion: $v, input: $input) {
    product { version name } errors { ... on ProductError { code path } } } }";
const RETIRE: &str = "mutation($id: ID!, $v: Int!) { productRetire(id: $id, expectedVersion: $v) {
    product { version retiredAt } errors { ... on ProductError { code path message } } } }";

impl World {
    async fn product(&self, key: &str) -> Value {
        let data = self.data(&self.admin().await, PRODUCTS, json!({})).await;
        data["program"]["products"].as_array().unwrap().iter().find(|p| p["key"] == key).unwrap_or_else(|| panic!("no product {key}")).clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_sells_bundles_and_a_deal_shows_what_is_inside() {
    let world = World::start().await;
    let (aurora, borealis, manager) = (world.aurora().await, world.borealis().await, world.manager().await);
    let pack = world.product("clinic-resilience").await;
    assert_eq!(pack["kind"], "BUNDLE");
    assert_eq!(pack["includes"], json!([{"key": "vault"}, {"key": "lens"}, {"key": "onboarding"}]));
    assert_eq!(pack["verticals"], json!([{"key": "healthcare"}, {"key": "public-sector"}]));
    assert_eq!(pack["extras"].as_array().unwrap().len(), 3);
    let vault = world.product("vault").await;
    assert_eq!((&vault["kind"], &vault["includes"], &vault["retiredAt"]), (&json!("PRODUCT"), &json!([]), &json!(null)));
    let nobody = world.ask(None, PRODUCTS, json!({})).await;
    assert_eq!(nobody["data"]["program"]["products"], json!([]));

    let mut input = world.registration("Clinic One").await;
    input["productIds"] = json!([pack["id"]]);
    let data = world.data(&aurora, REGISTER, json!({"input": input})).await;
    let deal = &data["dealRegister"]["deal"];
    let seen =
        world.data(&aurora, "query($id: ID!) { deal(id: $id) { products { key } includedProducts { key } } }", json!({"id": deal["id"]})).await;
    assert_eq!(seen["deal"]["products"], json!([{"key": "clinic-resilience"}]));
    assert_eq!(seen["deal"]["includedProducts"], json!([{"key": "vault"}, {"key": "lens"}, {"key": "onboarding"}]));

    // Approved, it stands in the way of a product inside; the rival reads the same words as of any protection.
    let approve = "mutation($id: ID!, $v: Int!) { dealApprove(id: $id, expectedVersion: $v) { deal { status } errors { message } } }";
    world.data(&manager, approve, json!({"id": deal["id"], "v": deal["version"]})).await;
    let mut single = world.registration("Clinic One").await;
    single["productIds"] = json!([world.product("lens").await["id"]]);
    let answer = world.data(&borealis, REGISTER, json!({"input": single})).await;
    assert_eq!((&answer["dealRegister"]["deal"], &answer["dealRegister"]["verdict"]["outcome"]), (&json!(null), &json!("BLOCKED")));
    assert!(!answer.to_string().contains("Resilience"), "{answer}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_keeps_products_and_is_told_what_is_wrong() {
    let world = World::start().await;
    let (admin, aurora) = (world.admin().await, world.aurora().await);
    let (vault, gate) = (world.product("vault").await, world.product("gate-pam").await);
    let input = json!({
        "key": "school", "name": "School Pack", "line": "Solution packs", "listPrice": {"amount": "900.00", "currency": "EUR"},
        "bundle": {"productIds": [vault["id"]], "extras": ["A day in school"], "verticals": ["education"], "packaging": "Per school"},
    });
    let first = world.data(&admin, CREATE, json!({"input": input})).await["productCreate"].clone();
    assert_eq!(first["errors"], json!([]), "{first}");
    assert_eq!((&first["product"]["kind"], &first["product"]["listPrice"]["amount"]), (&json!("BUNDLE"), &json!("900")));
    assert_eq!(world.data(&admin, CREATE, json!({"input": input})).await["productCreate"], first, "the same form again");
    let other = json!({"key": "x", "name": "X"});
    assert_eq!(world.data(&admin, CREATE, json!({"input": other})).await["productCreate"]["errors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");

    let id = &first["product"]["id"];
    let wrong = async |bundle: Value| {
        let input = json!({"key": "school", "name": "School Pack", "bundle": bundle});
        let answer = world.data(&admin, UPDATE, json!({"id": id, "v": 1, "input": input})).await;
        answer["productUpdate"]["errors"].clone()
    };
    assert_eq!(wrong(json!({"productIds": []})).await, json!([{"code": "BUNDLE_EMPTY", "path": ["input", "bundle", "productIds"]}]));
    let nested = json!([{"code": "BUNDLE_IN_BUNDLE", "path": ["input", "bundle", "productIds", "0"]}]);
    assert_eq!(wrong(json!({"productIds": [world.product("branch-access").await["id"]]})).await, nested);
    let unknown = json!([{"code": "PRODUCT_UNKNOWN", "path": ["input", "bundle", "productIds", "0"]}]);
    assert_eq!(wrong(json!({"productIds": ["prod_01J00000000000000000000000"]})).await, unknown);
    assert_eq!(wrong(json!(null)).await, json!([{"code": "KIND_FIXED", "path": ["input", "bundle"]}]));

    // A product inside a bundle stays; outside of one it is retired, and registered no more.
    let refused = world.data(&admin, RETIRE, json!({"id": gate["id"], "v": gate["version"]})).await["productRetire"].clone();
    assert_eq!((&refused["product"], &refused["errors"][0]["code"]), (&json!(null), &json!("IN_BUNDLE")));
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("Branch Access Pack"), "{refused}");
    let retired = world.data(&admin, RETIRE, json!({"id": id, "v": 1})).await["productRetire"].clone();
    assert_eq!(retired["product"]["version"], 2, "{retired}");
    assert_eq!(world.data(&admin, RETIRE, json!({"id": id, "v": 1})).await["productRetire"]["errors"][0]["code"], "STALE_VERSION");
    assert_eq!(world.data(&admin, RETIRE, json!({"id": id, "v": 2})).await["productRetire"]["errors"][0]["code"], "RETIRED_ALREADY");
    let mut input = world.registration("School One").await;
    input["productIds"] = json!([id]);
    let answer = world.data(&aurora, REGISTER, json!({"input": input})).await;
    let error = &answer["dealRegister"]["errors"][0];
    assert_eq!((&error["code"], &error["path"]), (&json!("PRODUCT_RETIRED"), &json!(["input", "productIds", "0"])), "{answer}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_program_is_told_once_to_everybody_signed_in() {
    let world = World::start().await;
    let (admin, engineer) = (world.admin().await, world.actor("engineer@aurora-systems.test").await);
    let follow = "subscription { programChanges { __typename ... on ProgramChange { cursor } } }";
    let mut stream = world.follow(&engineer, follow, json!({}));
    assert!(tokio::time::timeout(Duration::from_millis(400), stream.next()).await.is_err(), "nothing has happened");
    let lens = world.product("lens").await;
    let input = json!({"key": "lens", "name": "Halden Lens 2", "line": "Observe"});
    let changed = world.data(&admin, UPDATE, json!({"id": lens["id"], "v": lens["version"], "input": input})).await;
    assert_eq!(changed["productUpdate"]["product"]["name"], "Halden Lens 2", "{changed}");
    let told = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.expect("nothing came").unwrap();
    assert_eq!(told["data"]["programChanges"]["__typename"], "ProgramChange", "{told}");
    assert_eq!(world.product("lens").await["name"], "Halden Lens 2");
    assert!(tokio::time::timeout(Duration::from_millis(400), stream.next()).await.is_err(), "once");
    world.end().await;
}
