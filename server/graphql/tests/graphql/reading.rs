//! Reading: everything that can be selected, relations, counts, the directory, kits, nodes, earlier moments.

use serde_json::{Value, json};

use crate::world::World;

const DEAL: &str = "id number version title status stage { key name position category probability } partner { id slug name manager { name } }
    customer { id name domain country industry } products { id key name line listPrice { amount currency } } value { amount currency }
    valueInProgramCurrency { amount currency } expectedCloseOn closedOn nextStep manager { id name email roles title active createdAt version partner { id } }
    createdAt updatedAt decisionDueAt protectedUntil viewerCan source registeredBy { name partner { name } } openQuestion decisionReason decidedAt
    nextStages { key } territory { key name } verdict { outcome rules { code passed message } }
    timeline(first: 5) { nodes { id kind occurredAt actorName text visibility reason changes { field before after } } pageInfo { hasNextPage } edges { cursor } }";

#[tokio::test(flavor = "multi_thread")]
async fn every_deal_can_be_read_in_full() {
    let world = World::start().await;
    let (manager, aurora) = (world.manager().await, world.aurora().await);
    let query = format!(
        "query($after: String) {{ deals(first: 60, after: $after, orderBy: {{field: VALUE, direction: DESC}}) {{ totalCount nodes {{ {DEAL} }} edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let (mut after, mut seen, mut values) = (Value::Null, Vec::new(), Vec::<f64>::new());
    loop {
        let page = world.data(&manager, &query, json!({"after": after})).await["deals"].clone();
        assert_eq!(page["totalCount"], 300);
        for deal in page["nodes"].as_array().unwrap() {
            seen.push(deal["id"].as_str().unwrap().to_owned());
            values.push(deal["valueInProgramCurrency"]["amount"].as_str().unwrap().parse().unwrap());
            assert!(deal["partner"]["name"].is_string() && deal["manager"]["email"].is_string(), "{deal}");
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert!(values.is_sorted_by(|a, b| a >= b));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 300);

    let summary = world.data(&manager, "{ pipelineSummary { stage { key } count value { amount currency } } }", json!({})).await;
    let counted: i64 = summary["pipelineSummary"].as_array().unwrap().iter().map(|s| s["count"].as_i64().unwrap()).sum();
    assert_eq!(counted, 300);

    let own = world
        .data(&aurora, "{ deals(first: 100) { totalCount nodes { id partner { slug } } } viewer { partner { deals { totalCount } } } }", json!({}))
        .await;
    assert_eq!(own["deals"]["totalCount"], own["viewer"]["partner"]["deals"]["totalCount"]);
    let home = world.data(&manager, "{ attention { kind dueAt deal { number partner { name } } } recentChanges { edges { cursor node { kind text deal { title partner { name } } } } } }", json!({})).await;
    assert!(!home["attention"].as_array().unwrap().is_empty() && home["recentChanges"]["edges"].as_array().unwrap().len() == 25);
    let found = world.data(&manager, "{ deals(search: \"St Finbarr\") { totalCount nodes { customer { name } } } }", json!({})).await;
    assert!(found["deals"]["totalCount"].as_i64().unwrap() > 0);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_is_open_and_kits_are_branded() {
    let world = World::start().await;
    let search = "query($s: String, $f: PartnerFilter, $o: PartnerOrder) { partners(search: $s, filter: $f, orderBy: $o) { totalCount facets { field buckets { key label count } }
        nodes { slug name summary website country tier { key rank } types { key name } territories { name } verticals competencies languages description city logoUrl hasLogo
        contact { name email phone } color published partnerSince version } } partnerSuggestions(prefix: \"bore\") { label partner { slug } } }";
    let answer = world.ask(None, search, json!({"s": "aurrora"})).await;
    assert_eq!(answer["data"]["partners"]["nodes"][0]["slug"], "aurora-systems", "{answer}");
    assert_eq!(answer["data"]["partners"]["facets"].as_array().unwrap().len(), 7);
    assert_eq!(answer["data"]["partnerSuggestions"][0]["partner"]["slug"], "borealis-consulting");
    let by_name = world.ask(None, search, json!({"o": {"field": "NAME", "direction": "ASC"}, "f": {"countries": ["DE"]}})).await;
    let names: Vec<_> = by_name["data"]["partners"]["nodes"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_lowercase()).collect();
    assert!(names.len() > 2 && names.is_sorted(), "{names:?}");
    let page = world.ask(None, "{ partners(first: 3) { pageInfo { endCursor } } }", json!({})).await;
    let rest = world
        .ask(
            None,
            "query($c: String) { partners(first: 100, after: $c) { totalCount nodes { slug } } }",
            json!({"c": page["data"]["partners"]["pageInfo"]["endCursor"]}),
        )
        .await;
    let found = &rest["data"]["partners"];
    assert_eq!(found["nodes"].as_array().unwrap().len() as i64, found["totalCount"].as_i64().unwrap() - 3);

    let marketing = world.actor("marketing@aurora-systems.test").await;
    let kits = "{ kits { totalCount nodes { id title summary language publishedAt expiresAt verticals archiveUrl coverUrl
        assets { id title kind previewUrl previewMediaType downloads { format url fileName } } } } }";
    let all = world.data(&marketing, kits, json!({})).await;
    let kit = &all["kits"]["nodes"][0];
    let own = marketing.partner_id.as_ref().unwrap().as_str();
    assert!(kit["archiveUrl"].as_str().unwrap().contains(own) && kit["assets"][0]["previewUrl"].as_str().unwrap().contains(own), "{kit}");
    let other = "query($id: ID!, $p: ID!) { kit(id: $id) { archiveUrl(partnerId: $p) } }";
    let stranger = world.borealis().await.partner_id;
    assert_eq!(world.code(Some(&marketing), other, json!({"id": kit["id"], "p": stranger})).await.as_deref(), Some("BAD_REQUEST"));
    let vendor = world.data(&world.manager().await, other, json!({"id": kit["id"], "p": stranger})).await;
    assert!(vendor["kit"]["archiveUrl"].as_str().unwrap().contains(stranger.unwrap().as_str()));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_come_by_id_and_deals_as_they_were() {
    let world = World::start().await;
    let (aurora, manager) = (world.aurora().await, world.manager().await);
    let (id, version) = world.register(&aurora, "Then And Now").await;
    let before = world.data(&aurora, "query($id: ID!) { deal(id: $id) { updatedAt customer { id } products { id } manager { id } partner { id } } program { id } kits { nodes { id assets { id } } } }", json!({"id": id})).await;
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let reject = "mutation($id: ID!, $v: Int!) { dealReject(id: $id, expectedVersion: $v, reason: \"Too small\") { deal { status decisionReason } errors { message } } }";
    let done = world.data(&manager, reject, json!({"id": id, "v": version})).await;
    assert_eq!(done["dealReject"]["deal"], json!({"status": "REJECTED", "decisionReason": "Too small"}));
    let past = "query($id: ID!, $t: DateTime) { deal(id: $id, asOf: $t) { status version decisionReason decisionDueAt partner { slug } } }";
    let then = world.data(&aurora, past, json!({"id": id, "t": before["deal"]["updatedAt"]})).await;
    assert_eq!(
        (&then["deal"]["status"], &then["deal"]["version"], &then["deal"]["decisionReason"]),
        (&json!("SUBMITTED"), &json!(version), &Value::Null)
    );
    assert!(then["deal"]["decisionDueAt"].is_string() && then["deal"]["partner"]["slug"] == "aurora-systems");
    assert_eq!(world.data(&aurora, past, json!({"id": id, "t": "2020-01-01T00:00:00Z"})).await["deal"], Value::Null);

    let kit = &before["kits"]["nodes"][0];
    let deal = &before["deal"];
    let ids = json!([
        id,
        deal["customer"]["id"],
        deal["products"][0]["id"],
        deal["manager"]["id"],
        deal["partner"]["id"],
        before["program"]["id"],
        kit["id"],
        kit["assets"][0]["id"],
        "nothing",
        "deal_x"
    ]);
    let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Deal { partner { slug } } ... on User { email } } }";
    let found = world.data(&aurora, nodes, json!({"ids": ids})).await["nodes"].clone();
    let types: Vec<_> = found.as_array().unwrap().iter().map(|n| n["__typename"].as_str().unwrap_or("null")).collect();
    assert_eq!(types, ["Deal", "Customer", "Product", "User", "Partner", "Program", "Kit", "KitAsset", "null", "null"]);
    for (n, node) in found.as_array().unwrap().iter().enumerate().take(8) {
        assert_eq!(node["id"], ids[n]);
    }
    let public = world.ask(None, nodes, json!({"ids": ids})).await["data"]["nodes"].clone();
    let types: Vec<_> = public.as_array().unwrap().iter().map(|n| n["__typename"].as_str().unwrap_or("null")).collect();
    assert_eq!(types, ["null", "null", "null", "null", "Partner", "Program", "null", "null", "null", "null"]);
    world.end().await;
}
