//! Every mutation that creates takes an idempotency key, and says so of those that were made before.

use std::collections::BTreeMap;

use serde_json::json;

use crate::world::World;

/// Beginnings and ends of sessions create nothing that a repeat would double.
const EXEMPT: [&str; 1] = ["sessionCreate"];

/// The fields of a type or input of the SDL, each with its text (arguments and type).
fn fields(sdl: &str, opening: &str) -> BTreeMap<String, String> {
    let lines: Vec<&str> = sdl.lines().collect();
    let start = lines.iter().position(|line| *line == opening).unwrap_or_else(|| panic!("no `{opening}`"));
    let (mut found, mut current, mut described) = (BTreeMap::<String, String>::new(), None::<String>, false);
    for line in lines[start + 1..].iter().take_while(|line| **line != "}") {
        let text = line.trim();
        if text.starts_with("\"\"\"") {
            described = !described ^ (text.len() > 3 && text.ends_with("\"\"\""));
            continue;
        }
        if described || text.is_empty() {
            continue;
        }
        let depth = line.chars().take_while(|c| c.is_whitespace()).count();
        let outermost = if line.starts_with('\t') { 1 } else { 2 };
        if depth == outermost && !text.starts_with(')') {
            let name: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
            current = Some(name);
        }
        if let Some(name) = &current {
            found.entry(name.clone()).or_default().push_str(text);
        }
    }
    found
}

/// Whether a mutation of that name creates something.
fn creates(name: &str) -> bool {
    ["Create", "Register", "AddNote", "Import", "Propose"].iter().any(|end| name.ends_with(end)) || name.contains("Add") || name.contains("Start")
}

#[test]
fn every_mutation_that_creates_takes_a_key() {
    let sdl = entente_graphql::sdl();
    let mutations = fields(&sdl, "type Mutation {");
    let creating: Vec<&String> = mutations.keys().filter(|name| creates(name) && !EXEMPT.contains(&name.as_str())).collect();
    for known in ["apiKeyCreate", "crmImport", "dealAddNote", "dealRegister", "rulesPropose", "userCreate"] {
        assert!(creating.iter().any(|name| *name == known), "{known} is not found: {creating:?}");
    }
    for name in creating {
        let text = &mutations[name];
        let own = text.contains("idempotencyKey: String") && !text.contains("idempotencyKey: String!");
        let within = text.split("input: ").nth(1).is_some_and(|rest| {
            let input: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            fields(&sdl, &format!("input {input} {{")).get("idempotencyKey").is_some_and(|field| field == "idempotencyKey: String")
        });
        assert!(own || within, "{name} creates and takes no optional idempotencyKey");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_is_answered_and_a_reuse_refused() {
    let world = World::start().await;
    let admin = world.admin().await;

    let create =
        "mutation($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { apiKey { id } secret errors { ... on ApiKeyError { code path } } } }";
    let mut input = json!({ "name": "sync", "scopes": ["READ"], "idempotencyKey": "form" });
    let key = async |input: &serde_json::Value| world.data(&admin, create, json!({ "input": input })).await["apiKeyCreate"].clone();
    let (first, again) = (key(&input).await, key(&input).await);
    assert!(first["secret"].is_string() && first["errors"] == json!([]), "{first}");
    assert_eq!((&again["apiKey"], &again["secret"]), (&first["apiKey"], &json!(null)));
    assert_eq!(again["errors"], json!([{ "code": "ALREADY_CREATED", "path": [] }]));
    input["name"] = json!("other");
    assert_eq!(key(&input).await["errors"], json!([{ "code": "IDEMPOTENCY_KEY_REUSED", "path": ["input", "idempotencyKey"] }]));
    input["idempotencyKey"] = json!("a\nb");
    assert_eq!(key(&input).await["errors"], json!([{ "code": "INVALID_INPUT", "path": ["input", "idempotencyKey"] }]));

    let create =
        "mutation($input: UserCreateInput!) { userCreate(input: $input) { user { id name } errors { ... on UserAccountError { code path } } } }";
    let mut input = json!({
        "name": "Kim", "email": "kim@idempotent.test", "password": "a password of twelve", "roles": ["CHANNEL_MANAGER"], "idempotencyKey": "form",
    });
    let user = async |input: &serde_json::Value| world.data(&admin, create, json!({ "input": input })).await["userCreate"].clone();
    let first = user(&input).await;
    assert!(first["user"]["id"].is_string(), "{first}");
    assert_eq!(user(&input).await, first);
    input["password"] = json!("another of twelve");
    assert_eq!(user(&input).await["errors"], json!([{ "code": "IDEMPOTENCY_KEY_REUSED", "path": ["input", "idempotencyKey"] }]));
    world.end().await;
}
