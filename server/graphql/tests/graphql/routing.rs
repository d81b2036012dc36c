//! Routing over the wire: chains of approvals, covers, re-routes, several approvals at once, and the races between them.

use std::collections::BTreeSet;

use entente_domain::policy::Actor;
use serde_json::{Value, json};

use crate::notifications::told;
use crate::world::{REGISTER, World};

const APPROVE: &str = "mutation($id: ID!, $v: Int!) { dealApprove(id: $id, expectedVersion: $v, note: \"Well prepared\") {
    deal { id status version manager { name } } errors { ... on DealDecisionError { code } } } }";
const ROUTE: &str = "query($id: ID!) { deal(id: $id) { status version manager { name } viewerCan
    route { rule shared cover { name } steps { name state owner { name } decidedBy decidedAt } }
    timeline(first: 20) { nodes { kind text visibility changes { field before after } } } } }";
const BULK: &str = "mutation($items: [DealsApproveItem!]!) { dealsApprove(items: $items, note: \"All fine\") {
    results { id deal { status } errors { ... on DealDecisionError { code } } failed } errors { ... on DealDecisionError { code path } } } }";
const UPDATE: &str = "mutation($v: Int!, $input: RoutingInput!) { routingUpdate(expectedVersion: $v, input: $input) {
    routing { version warnings { rule behind } rules { name } } errors { ... on RoutingError { code path message } } } }";

impl World {
    /// Registers a deal that the demo's table sends through two steps.
    async fn register_large(&self, actor: &Actor, customer: &str) -> (String, i64) {
        let mut input = self.registration(customer).await;
        input["value"]["amount"] = json!("600000.00");
        let data = self.data(actor, REGISTER, json!({"input": input})).await;
        let deal = &data["dealRegister"]["deal"];
        (deal["id"].as_str().unwrap_or_else(|| panic!("{data}")).to_owned(), deal["version"].as_i64().unwrap())
    }

    async fn approve(&self, actor: &Actor, id: &str, version: i64) -> Value {
        self.data(actor, APPROVE, json!({"id": id, "v": version})).await["dealApprove"].clone()
    }

    async fn route(&self, actor: &Actor, id: &str) -> Value {
        self.data(actor, ROUTE, json!({"id": id})).await["deal"].clone()
    }
}

fn error(payload: &Value) -> &str {
    payload["errors"][0]["code"].as_str().unwrap_or("none")
}

fn kinds(deal: &Value) -> Vec<&str> {
    deal["timeline"]["nodes"].as_array().unwrap().iter().rev().map(|e| e["kind"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_steps_approve_one_after_the_other_and_the_partner_reads_their_names_alone() {
    let world = World::start().await;
    let (aurora, manager, admin) = (world.aurora().await, world.manager().await, world.admin().await);
    let other = world.actor("aisha.rahman@entente.test").await;
    let (id, version) = world.register_large(&aurora, "Chain One").await;
    let seen = world.route(&manager, &id).await;
    assert_eq!(seen["route"]["rule"], "Large deals");
    assert_eq!(seen["manager"]["name"], manager.name.as_str());
    let states = |deal: &Value| -> Vec<String> {
        deal["route"]["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| format!("{} {}", s["name"].as_str().unwrap(), s["state"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(states(&seen), ["Channel manager CURRENT", "Deal desk WAITING"]);

    // Who waits for the turn is told so, before and on the mutation.
    assert!(!world.route(&other, &id).await["viewerCan"].as_array().unwrap().contains(&json!("APPROVE")));
    assert_eq!(error(&world.approve(&other, &id, version).await), "NOT_YOUR_STEP");
    let one = world.approve(&manager, &id, version).await;
    assert_eq!((one["deal"]["status"].as_str(), one["deal"]["manager"]["name"].as_str()), (Some("IN_REVIEW"), Some(admin.name.as_str())));
    let version = one["deal"]["version"].as_i64().unwrap();
    assert_eq!(error(&world.approve(&manager, &id, version).await), "NOT_YOUR_STEP", "nobody approves twice");

    let partner = world.route(&aurora, &id).await;
    assert_eq!(states(&partner), ["Channel manager APPROVED", "Deal desk CURRENT"]);
    assert_eq!(partner["route"]["rule"], Value::Null);
    for step in partner["route"]["steps"].as_array().unwrap() {
        assert_eq!((&step["owner"], &step["decidedBy"], &step["decidedAt"]), (&Value::Null, &Value::Null, &Value::Null));
    }
    assert_eq!(kinds(&partner), ["DEAL_REGISTERED", "DEAL_STEP_APPROVED"], "what one approver told the next is the vendor's");
    assert!(!partner.to_string().contains("Well prepared"));
    assert!(world.route(&admin, &id).await.to_string().contains("Well prepared"));

    let two = world.approve(&admin, &id, version).await;
    assert_eq!(two["deal"]["status"], "APPROVED");
    assert_eq!(kinds(&world.route(&aurora, &id).await), ["DEAL_REGISTERED", "DEAL_STEP_APPROVED", "DEAL_APPROVED"]);
    // As it was between the steps.
    let events =
        world.data(&admin, "query($id: ID!) { deal(id: $id) { timeline(first: 20) { nodes { kind occurredAt } } } }", json!({"id": id})).await;
    let nodes = events["deal"]["timeline"]["nodes"].as_array().unwrap();
    let between = nodes.iter().find(|e| e["kind"] == "DEAL_STEP_APPROVED").unwrap()["occurredAt"].clone();
    let then = "query($id: ID!, $at: DateTime!) { deal(id: $id, asOf: $at) { status version manager { name } route { steps { name state } } } }";
    let then = world.data(&admin, then, json!({"id": id, "at": between})).await["deal"].clone();
    assert_eq!(states(&then), ["Channel manager APPROVED", "Deal desk CURRENT"]);
    assert_eq!((then["status"].as_str(), then["version"].as_i64()), (Some("IN_REVIEW"), Some(version)));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_approvals_at_once_one_counts_and_what_was_withdrawn_is_not_approved() {
    let world = World::start().await;
    let (aurora, manager, admin) = (world.aurora().await, world.manager().await, world.admin().await);
    for n in 0..10 {
        let (id, version) = world.register_large(&aurora, &format!("Race {n}")).await;
        let (a, b) = futures::join!(world.approve(&manager, &id, version), world.approve(&admin, &id, version));
        let mut errors = [error(&a), error(&b)];
        errors.sort_unstable();
        assert_eq!(errors, ["STALE_VERSION", "none"], "{a} {b}");
        let deal = world.route(&admin, &id).await;
        assert_eq!(kinds(&deal).iter().filter(|k| **k == "DEAL_STEP_APPROVED").count(), 1, "one step, once");
        assert_eq!(deal["status"], "IN_REVIEW");
    }
    let withdraw = "mutation($id: ID!, $v: Int!) { dealWithdraw(id: $id, expectedVersion: $v) { deal { version } errors { ... on DealDecisionError { code } } } }";
    let (id, version) = world.register(&aurora, "Race Withdrawn").await;
    let gone = world.data(&aurora, withdraw, json!({"id": id, "v": version})).await["dealWithdraw"].clone();
    assert_eq!(error(&world.approve(&manager, &id, version).await), "STALE_VERSION");
    assert_eq!(error(&world.approve(&manager, &id, gone["deal"]["version"].as_i64().unwrap()).await), "WRONG_STATUS");
    for n in 0..5 {
        let (id, version) = world.register(&aurora, &format!("Race Both {n}")).await;
        let variables = json!({"id": id, "v": version});
        let (taken, approved) = futures::join!(world.data(&aurora, withdraw, variables), world.approve(&manager, &id, version));
        let both = [error(&taken["dealWithdraw"]), error(&approved)];
        assert_eq!(both.iter().filter(|e| **e == "none").count(), 1, "{both:?}");
        let status = world.route(&admin, &id).await["status"].clone();
        assert_eq!(status, if both[0] == "none" { "WITHDRAWN" } else { "APPROVED" });
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_approved_at_once_and_each_is_answered() {
    let world = World::start().await;
    let (aurora, borealis, manager) = (world.aurora().await, world.borealis().await, world.manager().await);
    let (good, v) = world.register(&aurora, "Bulk One").await;
    let (stale, _) = world.register(&aurora, "Bulk Two").await;
    let (twin, w) = world.register(&borealis, "Bulk One").await;
    let (last, x) = world.register(&borealis, "Bulk Three").await;
    let item = |id: &str, v: i64| json!({"id": id, "expectedVersion": v});
    let none = "deal_01J00000000000000000000000";
    let items = json!([item(&good, v), item(&stale, 7), item(&twin, w), item(none, 1), item("nonsense", 1), item(&good, v), item(&last, x)]);
    let done = world.data(&manager, BULK, json!({"items": items})).await["dealsApprove"].clone();
    let results: Vec<String> =
        done["results"].as_array().unwrap().iter().map(|r| r["deal"]["status"].as_str().unwrap_or(error(r)).to_owned()).collect();
    assert_eq!(results, ["APPROVED", "STALE_VERSION", "CLAIM_TAKEN", "NOT_FOUND", "NOT_FOUND", "STALE_VERSION", "APPROVED"]);
    assert_eq!(done["errors"], json!([]));
    assert!(done["results"].as_array().unwrap().iter().all(|r| r["failed"] == false));

    let many: Vec<Value> = (0..51).map(|_| item(none, 1)).collect();
    let too_many = world.data(&manager, BULK, json!({"items": many})).await["dealsApprove"].clone();
    assert_eq!((error(&too_many), &too_many["results"]), ("TOO_LONG", &json!([])));
    assert_eq!(error(&world.data(&manager, BULK, json!({"items": []})).await["dealsApprove"]), "REQUIRED");
    assert_eq!(error(&world.data(&aurora, BULK, json!({"items": [item(&stale, 1)]})).await["dealsApprove"]), "NOT_ALLOWED");

    // Two people send the same list at once: every registration is approved once.
    let mut items = Vec::new();
    for n in 0..10 {
        let (id, version) = world.register(&aurora, &format!("Bulk Twice {n}")).await;
        items.push(item(&id, version));
    }
    let admin = world.admin().await;
    let (a, b) = futures::join!(world.data(&manager, BULK, json!({"items": items})), world.data(&admin, BULK, json!({"items": items})));
    for n in 0..10 {
        let outcome = |d: &Value| d["dealsApprove"]["results"][n]["deal"]["status"] == "APPROVED";
        assert!(outcome(&a) != outcome(&b), "{n}: {a} {b}");
    }
    world.end().await;
}

/// The demo's table as input, with what `change` makes of it.
async fn table(world: &World, change: impl FnOnce(&mut Value)) -> Value {
    let admin = world.admin().await;
    let mut input = json!({
        "territories": [{ "territory": "dach", "countries": ["DE"] }],
        "rules": [
            { "name": "Large", "fromValue": "500000", "steps": [{ "name": "Manager" }, { "name": "Desk", "ownerId": admin.user_id }] },
            { "name": "DACH", "customerTerritories": ["dach"], "steps": [{ "name": "", "ownerId": world.manager().await.user_id }] },
        ],
        "fallbackId": admin.user_id,
    });
    change(&mut input);
    input
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_with_a_circular_step_is_refused_and_of_two_changes_one_is_stale() {
    let world = World::start().await;
    let (aurora, admin) = (world.aurora().await, world.admin().await);
    let update = async |v: i64, input: Value| world.data(&admin, UPDATE, json!({"v": v, "input": input})).await["routingUpdate"].clone();
    let desk = admin.user_id.to_string();
    let circular = update(1, table(&world, |t| t["rules"][0]["steps"][0]["ownerId"] = json!(desk)).await).await;
    assert_eq!((error(&circular), &circular["errors"][0]["path"]), ("CIRCULAR_STEP", &json!(["input", "rules", "0", "steps", "1", "ownerId"])));
    for (pointer, value, code) in [
        ("/rules/1/steps/0/ownerId", json!(aurora.user_id), "PERSON_UNKNOWN"),
        ("/rules/1/steps/0/ownerId", json!("nobody"), "PERSON_UNKNOWN"),
        ("/rules/1/steps/0/ownerId", json!(world.actor("finance@entente.test").await.user_id), "PERSON_CANNOT_DECIDE"),
        ("/rules/1/customerTerritories/0", json!("moon"), "TERRITORY_UNKNOWN"),
        ("/rules/0/fromValue", json!("much"), "INVALID_INPUT"),
        ("/rules/0/name", json!(" "), "REQUIRED"),
    ] {
        let refused = update(1, table(&world, |t| *t.pointer_mut(pointer).unwrap() = value).await).await;
        assert_eq!(error(&refused), code, "{pointer}: {refused}");
    }
    // A rule behind a wider one is a warning, and the table is written.
    let wide = json!({ "name": "All", "steps": [{ "name": "" }] });
    let input = table(&world, |t| t["rules"].as_array_mut().unwrap().insert(0, wide)).await;
    let (a, b) = futures::join!(update(1, input.clone()), update(1, input));
    let codes = BTreeSet::from([error(&a).to_owned(), error(&b).to_owned()]);
    assert_eq!(codes, BTreeSet::from(["STALE_VERSION".to_owned(), "none".to_owned()]), "{a} {b}");
    let written = if error(&a) == "none" { a } else { b };
    assert_eq!(written["routing"]["warnings"], json!([{ "rule": 1, "behind": 0 }, { "rule": 2, "behind": 0 }]));
    let old = world
        .data(
            &admin,
            "{ now: routing { version } old: routing(version: 1) { version rules { name } } none: routing(version: 9) { version } }",
            json!({}),
        )
        .await;
    assert_eq!((&old["now"]["version"], &old["old"]["version"], &old["none"]), (&json!(2), &json!(1), &Value::Null));
    // From now on the first rule takes a large deal too.
    let (id, _) = world.register_large(&aurora, "After Table").await;
    assert_eq!(world.route(&admin, &id).await["route"]["rule"], "All");
    world.end().await;
}

const ABSENCE: &str =
    "mutation($input: AbsenceInput!) { absenceSave(input: $input) { absence { id viewerMayEdit } errors { ... on AbsenceError { code path } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_decides_while_the_owner_is_away_and_covers_make_no_circle() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let (aisha, tomas) = (world.actor("aisha.rahman@entente.test").await, world.actor("tomas.lindgren@entente.test").await);
    let (id, version) = world.register_large(&aurora, "Covered").await;
    let view = world.app.program().await.unwrap();
    let today = view.date(world.app.now());
    let until = today.checked_add(jiff::Span::new().days(3)).unwrap();
    let input = |cover: &Actor| json!({"from": today.to_string(), "until": until.to_string(), "coverId": cover.user_id});
    assert_eq!(error(&world.approve(&aisha, &id, version).await), "NOT_YOUR_STEP");
    let mut foreign = input(&aisha);
    foreign["userId"] = json!(manager.user_id);
    assert_eq!(error(&world.data(&aisha, ABSENCE, json!({"input": foreign})).await["absenceSave"]), "NOT_ALLOWED");
    let mut keyed = input(&aisha);
    keyed["idempotencyKey"] = json!("away");
    let (a, b) = futures::join!(world.data(&manager, ABSENCE, json!({"input": keyed})), world.data(&manager, ABSENCE, json!({"input": keyed})));
    assert_eq!((error(&a["absenceSave"]), &a), ("none", &b), "the same key answers the same absence");
    // Tomas is covered by Aisha in the demo: she cannot be covered by him.
    let circle = world.data(&aisha, ABSENCE, json!({"input": input(&tomas)})).await["absenceSave"].clone();
    assert_eq!((error(&circle), &circle["errors"][0]["path"]), ("COVER_CIRCLE", &json!(["input", "coverId"])));

    let desk = world.data(&aisha, "{ desk { owners { name } waiting } }", json!({})).await["desk"].clone();
    let owners: Vec<&str> = desk["owners"].as_array().unwrap().iter().map(|o| o["name"].as_str().unwrap()).collect();
    assert_eq!(owners[0], aisha.name);
    assert!(owners.contains(&manager.name.as_str()) && owners.contains(&tomas.name.as_str()), "{owners:?}");
    assert_eq!(world.route(&aisha, &id).await["route"]["cover"]["name"], aisha.name.as_str());
    let by_cover = world.approve(&aisha, &id, version).await;
    assert_eq!(by_cover["deal"]["status"], "IN_REVIEW", "{by_cover}");
    // What is to be decided meanwhile is told to the cover, in place of the owner.
    let (meanwhile, _) = world.register_large(&aurora, "Covered Meanwhile").await;
    let of_it = |n: &[Value], id: &str| n.iter().any(|n| n["path"] == format!("/deals/{id}"));
    told(&world, &aisha, |n| of_it(n, &meanwhile)).await;
    assert!(!of_it(&told(&world, &manager, |_| true).await, &meanwhile), "who is away is told nothing");

    let absence = a["absenceSave"]["absence"]["id"].clone();
    let remove = "mutation($id: ID!) { absenceRemove(id: $id) { absence { id } errors { ... on AbsenceError { code } } } }";
    assert_eq!(error(&world.data(&aisha, remove, json!({"id": absence})).await["absenceRemove"]), "NOT_ALLOWED");
    assert_eq!(error(&world.data(&manager, remove, json!({"id": absence})).await["absenceRemove"]), "none");
    assert_eq!(error(&world.data(&manager, remove, json!({"id": absence})).await["absenceRemove"]), "NOT_FOUND");
    let (back, _) = world.register_large(&aurora, "Covered No More").await;
    told(&world, &manager, |n| of_it(n, &back)).await;
    assert!(!of_it(&told(&world, &aisha, |_| true).await, &back), "the owner is back");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reroute_is_told_and_its_reason_stays_with_the_vendor() {
    let world = World::start().await;
    let (aurora, manager, admin) = (world.aurora().await, world.manager().await, world.admin().await);
    let aisha = world.actor("aisha.rahman@entente.test").await;
    let reroute = "mutation($id: ID!, $v: Int!, $to: ID!, $reason: String!) { dealReroute(id: $id, expectedVersion: $v, to: $to, reason: $reason) {
        deal { version manager { name } } errors { ... on DealDecisionError { code } } } }";
    let hand = async |actor: &Actor, id: &str, v: i64, to: &Actor, reason: &str| {
        world.data(actor, reroute, json!({"id": id, "v": v, "to": to.user_id, "reason": reason})).await["dealReroute"].clone()
    };
    let (id, v) = world.register_large(&aurora, "Handed").await;
    assert_eq!(error(&hand(&aisha, &id, v, &aisha, "mine").await), "NOT_YOUR_STEP");
    assert_eq!(error(&hand(&manager, &id, v, &admin, "too much").await), "CIRCULAR_STEP", "the admin has the second step");
    assert_eq!(error(&hand(&manager, &id, v, &aurora, "why not").await), "OWNER_CANNOT_DECIDE");
    assert_eq!(error(&hand(&manager, &id, v, &aisha, " ").await), "REQUIRED");
    let done = hand(&manager, &id, v, &aisha, "Their regulator is British").await;
    assert_eq!(done["deal"]["manager"]["name"], aisha.name.as_str());
    let partner = world.route(&aurora, &id).await;
    assert_eq!(kinds(&partner), ["DEAL_REGISTERED", "DEAL_REROUTED"]);
    assert!(!partner.to_string().contains("regulator"));
    assert!(world.route(&admin, &id).await.to_string().contains("regulator"));

    // Who can no longer decide: what waited goes on by itself, and the timeline says so.
    let (other, _) = world.register_large(&aurora, "Left Behind").await;
    let user = "query { users(first: 100) { nodes { id name version } } }";
    let users = world.data(&admin, user, json!({})).await["users"]["nodes"].clone();
    let row = users.as_array().unwrap().iter().find(|u| u["id"] == json!(aisha.user_id)).unwrap().clone();
    let leave = "mutation($id: ID!, $v: Int!) { userUpdate(id: $id, expectedVersion: $v, input: {active: false}) { errors { message } } }";
    world.data(&admin, leave, json!({"id": row["id"], "v": row["version"]})).await;
    let handed = world.route(&admin, &id).await;
    assert_eq!(handed["manager"]["name"], manager.name.as_str(), "by the table the partner's manager decides");
    assert_eq!(kinds(&handed).iter().filter(|k| **k == "DEAL_REROUTED").count(), 2);
    assert_eq!(world.route(&admin, &other).await["manager"]["name"], manager.name.as_str());
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_are_each_persons_own_with_unique_names() {
    let world = World::start().await;
    let (manager, aurora) = (world.manager().await, world.aurora().await);
    let create = "mutation($input: SavedViewCreateInput!) { savedViewCreate(input: $input) { view { id name isDefault } errors { ... on SavedViewError { code } } } }";
    let input =
        |name: &str, key: Option<&str>| json!({"list": "QUEUE", "name": name, "query": "territory=dach", "isDefault": true, "idempotencyKey": key});
    let made = futures::future::join_all((0..5).map(|_| world.data(&manager, create, json!({"input": input("Mine", None)})))).await;
    assert_eq!(made.iter().filter(|m| error(&m["savedViewCreate"]) == "none").count(), 1, "{made:?}");
    // Each round anew: a twin that comes late must not be refused for the name that its own request has taken.
    let delete = "mutation($id: ID!) { savedViewDelete(id: $id) { view { name } errors { ... on SavedViewError { code } } } }";
    for round in 0..10 {
        let key = format!("k{round}");
        let same = futures::future::join_all((0..5).map(|_| world.data(&manager, create, json!({"input": input("Keyed", Some(&key))})))).await;
        let ids: BTreeSet<&str> = same.iter().filter_map(|m| m["savedViewCreate"]["view"]["id"].as_str()).collect();
        assert!(ids.len() == 1 && same.iter().all(|m| error(&m["savedViewCreate"]) == "none"), "{same:?}");
        if round < 9 {
            world.data(&manager, delete, json!({"id": ids.first()})).await;
        }
    }
    let list = "{ savedViews(list: QUEUE) { id name query isDefault } }";
    let own = world.data(&manager, list, json!({})).await["savedViews"].clone();
    assert_eq!(
        own.as_array().unwrap().iter().map(|v| (&v["name"], &v["isDefault"])).collect::<Vec<_>>(),
        [(&json!("Mine"), &json!(false)), (&json!("Keyed"), &json!(true))]
    );
    assert_eq!(world.data(&aurora, list, json!({})).await["savedViews"], json!([]));
    let id = own[0]["id"].clone();
    assert_eq!(error(&world.data(&aurora, delete, json!({"id": id})).await["savedViewDelete"]), "NOT_FOUND");
    let update = "mutation($id: ID!) { savedViewUpdate(id: $id, input: {name: \"keyed\"}) { errors { ... on SavedViewError { code } } } }";
    assert_eq!(error(&world.data(&manager, update, json!({"id": id})).await["savedViewUpdate"]), "NAME_TAKEN");
    assert_eq!(world.data(&manager, delete, json!({"id": id})).await["savedViewDelete"]["view"]["name"], "Mine");
    world.end().await;
}
