//! One row for every root field of the schema: what nobody, a partner's seller, a partner's engineer, a channel manager and
//! an administrator are answered. A root field without a row fails.

use std::collections::BTreeSet;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::rights_table::ROWS;
use crate::rights_table::Want::{self, Code, Data, Empty, Null, UserError};
use crate::world::{World, answers, code, context};

/// Root fields with the kind of operation that they are of.
fn root_fields() -> Vec<(&'static str, String)> {
    let document = parse_schema(entente_graphql::sdl()).unwrap();
    let mut fields = Vec::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let operation = match definition.node.name.node.as_str() {
            "Query" => "query",
            "Mutation" => "mutation",
            "Subscription" => "subscription",
            _ => continue,
        };
        let TypeKind::Object(object) = definition.node.kind else { continue };
        fields.extend(object.fields.into_iter().map(|f| (operation, f.node.name.node.to_string())));
    }
    fields
}

#[test]
fn every_root_field_has_a_row() {
    let fields: BTreeSet<String> = root_fields().into_iter().map(|(_, name)| name).collect();
    let rows: BTreeSet<String> = ROWS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(fields, rows);
    assert_eq!(rows.len(), ROWS.len());
}

fn fits(want: Want, answer: &Value, field: &str) -> bool {
    let value = &answer["data"][field];
    let no_error = answer.get("errors").is_none();
    match want {
        Code(name) => code(answer).as_deref() == Some(name) && value.is_null(),
        Null => no_error && value.is_null(),
        UserError(name) => no_error && value["errors"][0]["code"] == name,
        Empty => no_error && (value["nodes"] == json!([]) || *value == json!([])),
        Data => no_error && !value.is_null() && value["errors"].as_array().is_none_or(Vec::is_empty),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_is_answered_by_the_table() {
    let world = World::start().await;
    let borealis = world.borealis().await;
    let aurora = world.aurora().await;
    let admin = world.admin().await;
    let (deal, _) = world.register(&borealis, "Rights One").await;
    let (own, _) = world.register(&aurora, "Rights Two").await;
    let mut input = world.registration("Rights Three").await;
    let kits = world.data(&aurora, "{ kits(first: 1) { nodes { id } } }", json!({})).await;
    let callers =
        [None, Some(aurora.clone()), Some(world.actor("engineer@aurora-systems.test").await), Some(world.manager().await), Some(admin.clone())];
    let operations = root_fields();
    let mut wrong = Vec::new();
    for (field, selection, wants) in ROWS {
        let operation = operations.iter().find(|(_, name)| name == field).unwrap().0;
        for (caller, want) in callers.iter().zip(wants) {
            // Vendor staff has to name the partner.
            let vendor = caller.as_ref().is_some_and(|c| c.partner_id.is_none());
            input["partnerId"] = if vendor { json!(aurora.partner_id) } else { Value::Null };
            let mut broken = input.clone();
            broken["value"]["amount"] = json!("0");
            let all = json!({
                "deal": deal, "own": own, "kit": kits["kits"]["nodes"][0]["id"], "input": input, "broken": broken,
                "partner": aurora.partner_id, "user": admin.user_id,
                "rules": rules(), "proposal": { "rules": rules(), "effectiveFrom": "2020-01-01" },
            });
            let types = [
                ("deal", "ID!"),
                ("own", "ID!"),
                ("kit", "ID!"),
                ("input", "DealRegisterInput!"),
                ("broken", "DealRegisterInput!"),
                ("partner", "ID!"),
                ("user", "ID!"),
                ("rules", "RulesInput!"),
                ("proposal", "RulesProposeInput!"),
            ];
            let used: Vec<_> = types.iter().filter(|(name, _)| selection.contains(&format!("${name}"))).collect();
            let head: String = used.iter().map(|(name, ty)| format!("${name}: {ty} ")).collect();
            let head = if head.is_empty() { head } else { format!("({head})") };
            let query = format!("{operation} {head} {{ {selection} }}");
            let variables: Value = used.iter().map(|(name, _)| ((*name).to_owned(), all[*name].clone())).collect::<serde_json::Map<_, _>>().into();
            let fine = if operation == "subscription" {
                subscribed(&world, caller.as_ref(), &query, *want).await
            } else {
                let answer = world.ask(caller.as_ref(), &query, variables).await;
                let fine = fits(*want, &answer, field);
                if !fine {
                    wrong.push(format!("{answer}"));
                }
                fine
            };
            if !fine {
                wrong.push(format!("{field} for {:?}: wanted {want:?}", caller.as_ref().map(|c| &c.roles)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // A token that does not hold stops everything but sessions.
    for (field, selection, _) in ROWS.iter().filter(|(_, selection, _)| !selection.contains('$')) {
        let operation = operations.iter().find(|(_, name)| name == field).unwrap().0;
        if operation != "subscription" {
            let stale = entente_graphql::RequestContext { auth_error: true, ..context(None) };
            let answer = world.ask_with(stale, &format!("{operation} {{ {selection} }}"), json!({})).await;
            let refused = code(&answer).as_deref() == Some("UNAUTHENTICATED");
            assert_eq!(refused, !field.starts_with("session"), "{field}: {answer}");
        }
    }
    world.end().await;
}

/// Rules that may be proposed.
fn rules() -> Value {
    json!({
        "minimumValue": "1000", "contactRequired": false, "descriptionMinLength": 0, "protectionDays": 90, "protectionOverrides": [],
        "decisionHours": 16, "decisionOverrides": [], "noticeDays": 14,
        "calendar": { "timeZone": "Europe/Berlin", "hours": [{ "day": "MON", "opensAt": "09:00", "closesAt": "17:00" }], "holidays": [] },
    })
}

/// Whether a subscription begins, or is refused as wanted.
async fn subscribed(world: &World, caller: Option<&entente_domain::policy::Actor>, query: &str, want: Want) -> bool {
    let request = async_graphql::Request::new(query).data(context(caller));
    let mut stream = answers(&world.schema, request);
    let first = tokio::time::timeout(std::time::Duration::from_millis(300), stream.next()).await;
    match (want, first) {
        (Data, Err(_)) => true,
        (Code(name), Ok(Some(answer))) => code(&answer).as_deref() == Some(name),
        _ => false,
    }
}
