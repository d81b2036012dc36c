//! Rules over the wire: an exception for a product comes back as it was proposed, and the deadline of disputes that nobody names
//! stays what it was.

use entente_domain::Date;
use jiff::ToSpan as _;
use serde_json::{Value, json};

use crate::world::World;

const PROPOSE: &str = "mutation($input: RulesProposeInput!) { rulesPropose(input: $input) {
    rules { disputeHours protectionOverrides { days line product { key } tier { key } } sentences { code text } }
    errors { ... on RulesError { code path } } } }";

/// A proposal with these exceptions.
fn proposal(day: Date, exceptions: &Value, dispute_hours: Option<i32>) -> Value {
    let mut rules = json!({
        "minimumValue": "1000", "contactRequired": false, "descriptionMinLength": 0, "protectionDays": 90, "protectionOverrides": exceptions,
        "decisionHours": 16, "decisionOverrides": [], "noticeDays": 14,
        "calendar": { "timeZone": "Europe/Berlin", "hours": [{ "day": "MON", "opensAt": "09:00", "closesAt": "17:00" }], "holidays": [] },
    });
    if let Some(hours) = dispute_hours {
        rules["disputeHours"] = json!(hours);
    }
    json!({ "input": { "rules": rules, "effectiveFrom": day.to_string() } })
}

#[tokio::test(flavor = "multi_thread")]
async fn exceptions_name_products_and_what_is_not_said_of_disputes_stays() {
    let world = World::start().await;
    let admin = world.admin().await;
    let data = world.data(&admin, "{ program { products { id key name } } }", json!({})).await;
    let lens = data["program"]["products"].as_array().unwrap().iter().find(|p| p["key"] == "lens").unwrap().clone();
    // Behind the version that the demo announces.
    let ahead = |days: i64| world.app.now().to_zoned(jiff::tz::TimeZone::UTC).date().checked_add(days.days()).unwrap();

    let wrong = async |exceptions: Value| {
        let answer = world.data(&admin, PROPOSE, proposal(ahead(60), &exceptions, None)).await;
        assert_eq!(answer["rulesPropose"]["rules"], Value::Null);
        answer["rulesPropose"]["errors"].clone()
    };
    let path = |field: &str| json!(["input", "rules", "protectionOverrides", "0", field]);
    let unknown = json!([{ "code": "PRODUCT_UNKNOWN", "path": path("productId") }]);
    assert_eq!(wrong(json!([{ "productId": "lens", "days": 30 }])).await, unknown);
    let both = json!([{ "code": "INVALID_INPUT", "path": path("line") }]);
    assert_eq!(wrong(json!([{ "productId": lens["id"], "line": "Services", "days": 30 }])).await, both);

    let exceptions = json!([{ "tier": "premier", "days": 120 }, { "productId": lens["id"], "days": 30 }]);
    let answer = world.data(&admin, PROPOSE, proposal(ahead(60), &exceptions, Some(60))).await;
    assert_eq!(answer["rulesPropose"]["errors"], json!([]));
    let rules = &answer["rulesPropose"]["rules"];
    let kept = json!([
        { "days": 120, "line": null, "product": null, "tier": { "key": "premier" } },
        { "days": 30, "line": null, "product": { "key": "lens" }, "tier": null },
    ]);
    assert_eq!((&rules["disputeHours"], &rules["protectionOverrides"]), (&json!(60), &kept));
    let said: Vec<&str> =
        rules["sentences"].as_array().unwrap().iter().filter(|s| s["code"] == "PROTECTION").filter_map(|s| s["text"].as_str()).collect();
    assert_eq!(said[0], format!("An approval protects a deal with {} for 30 days.", lens["name"].as_str().unwrap()), "it counts first");

    let answer = world.data(&admin, PROPOSE, proposal(ahead(70), &json!([]), None)).await;
    assert_eq!(answer["rulesPropose"]["rules"]["disputeHours"], json!(60), "not the default");
    world.end().await;
}
