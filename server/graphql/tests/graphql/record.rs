//! The vendor's clock and the vendor's record over the wire, as both sides read them.

use serde_json::{Value, json};

use crate::world::World;

const CLOCK: &str = "query($id: ID!) { deal(id: $id) { version status rejectionReason clock {
    state running hours minutesLeft atRiskAt dueAt escalatesAt warning { dueAt seenAt } breach { dueAt } escalation { dueAt } } } }";
const RECORD: &str = "{ vendorRecord { lastDays { quarter from to decided breaches
    medianHours { formula value numerator denominator } medianHoursInAll { value denominator }
    withinDeadline { formula value numerator denominator } withReason { value numerator denominator } reasons { reason count } }
    quarters(count: 3) { quarter decided } } }";

async fn clock(world: &World, actor: &entente_domain::policy::Actor, id: &str) -> Value {
    world.data(actor, CLOCK, json!({"id": id})).await["deal"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_see_the_clock_run_and_stand_still() {
    let world = World::start().await;
    let (seller, manager) = (world.aurora().await, world.manager().await);
    let (id, version) = world.register(&seller, "Clock One").await;
    let seen = clock(&world, &seller, &id).await;
    assert_eq!(seen, clock(&world, &manager, &id).await, "the same on both sides");
    let running = &seen["clock"];
    assert_eq!((&running["state"], &running["running"], &running["hours"]), (&json!("ON_TIME"), &json!(true), &json!(16.0)));
    assert!(running["atRiskAt"].as_str() < running["dueAt"].as_str() && running["dueAt"].as_str() < running["escalatesAt"].as_str(), "{running}");

    let ask =
        "mutation($id: ID!, $v: Int!) { dealRequestInfo(id: $id, expectedVersion: $v, question: \"Who?\") { deal { version } errors { message } } }";
    let asked = world.data(&manager, ask, json!({"id": id, "v": version})).await;
    let still = clock(&world, &seller, &id).await["clock"].clone();
    assert_eq!((&still["running"], &still["dueAt"], &still["escalatesAt"]), (&json!(false), &json!(null), &json!(null)));
    // In office hours some of the first minute has passed.
    assert!(matches!(still["minutesLeft"].as_i64(), Some(959 | 960)), "{still}");

    let answer =
        "mutation($id: ID!, $v: Int!) { dealProvideInfo(id: $id, expectedVersion: $v, answer: \"Jane\") { deal { version } errors { message } } }";
    let answered = world.data(&seller, answer, json!({"id": id, "v": asked["dealRequestInfo"]["deal"]["version"]})).await;
    let reject = "mutation($id: ID!, $v: Int!) { dealReject(id: $id, expectedVersion: $v, reason: \"No proof\", reasonCode: EVIDENCE_MISSING) { deal { version } errors { message } } }";
    world.data(&manager, reject, json!({"id": id, "v": answered["dealProvideInfo"]["deal"]["version"]})).await;
    let over = clock(&world, &seller, &id).await;
    assert_eq!(
        (&over["rejectionReason"], &over["clock"]["state"], &over["clock"]["running"]),
        (&json!("EVIDENCE_MISSING"), &json!("ON_TIME"), &json!(false))
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_reads_the_vendors_record_and_every_decision_counts() {
    let world = World::start().await;
    let (seller, manager) = (world.aurora().await, world.manager().await);
    let before = world.data(&seller, RECORD, json!({})).await["vendorRecord"].clone();
    let (id, version) = world.register(&seller, "Record One").await;
    let reject = "mutation($id: ID!, $v: Int!) { dealReject(id: $id, expectedVersion: $v, reason: \"Value is wrong\", reasonCode: INCOMPLETE) { errors { message } } }";
    world.data(&manager, reject, json!({"id": id, "v": version})).await;
    let days = |record: &Value, path: &str| record.pointer(&format!("/lastDays/{path}")).and_then(Value::as_i64).unwrap();
    // A record is told for two seconds; the next one has the decision.
    let patience = tokio::time::Instant::now() + std::time::Duration::from_secs(10);
    let after = loop {
        let now = world.data(&seller, RECORD, json!({})).await["vendorRecord"].clone();
        if days(&now, "decided") > days(&before, "decided") {
            break now;
        }
        assert!(tokio::time::Instant::now() < patience, "{now}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!(days(&after, "decided"), days(&before, "decided") + 1);
    for share in ["withinDeadline", "withReason"] {
        for part in ["numerator", "denominator"] {
            let path = format!("{share}/{part}");
            assert_eq!(days(&after, &path), days(&before, &path) + 1, "{path}");
        }
    }
    let of = |record: &Value| {
        let all = record["lastDays"]["reasons"].as_array().unwrap().clone();
        all.iter().find(|r| r["reason"] == "INCOMPLETE").map_or(0, |r| r["count"].as_i64().unwrap())
    };
    assert_eq!(of(&after), of(&before) + 1);
    assert_eq!(days(&after, "medianHours/denominator"), days(&after, "decided"));
    assert_eq!(after["quarters"].as_array().unwrap().len(), 3);
    assert!(after["lastDays"]["withinDeadline"]["formula"].as_str().unwrap().contains('÷'));
    let refused = world.code(Some(&seller), "{ vendorRecord { quarters(count: 13) { decided } } }", json!({})).await;
    assert_eq!(refused.as_deref(), Some("BAD_REQUEST"));
    assert!(!after.to_string().contains("Value is wrong"), "no word of a single registration");
    world.end().await;
}
