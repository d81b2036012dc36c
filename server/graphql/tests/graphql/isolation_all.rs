//! The property behind the table of rights: whatever is asked of the whole schema, with whatever id of another partner's,
//! nothing of that partner is in a byte of the answer, and a hidden thing answers exactly as one that never was.

use std::collections::BTreeSet;
use std::time::Duration;

use async_graphql::Request;
use entente_domain::policy::Actor;
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::asking::{NONE, Root, Types};
use crate::world::{World, answers, code, context};

/// Deepest selections that are tried; what is too complex is asked less deeply.
const DEPTH: usize = 3;
/// In every text that the other partner writes.
const MARK: &str = "Zyxquorn";

/// Another partner's things: an id of each kind that is hidden, and texts and ids that must never be seen.
struct Hidden {
    ids: Vec<(&'static str, String)>,
    /// Of every partner, and therefore no secret.
    partner: String,
    traces: BTreeSet<String>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

/// Fills the other partner's account with marked things, and collects everything private it already had.
async fn plant(world: &World) -> Hidden {
    let (seller, admin, manager) = (world.borealis().await, world.actor("admin@borealis-consulting.test").await, world.manager().await);
    let (deal, version) = world.register(&seller, &format!("{MARK} Works")).await;
    let ask = "mutation($id: ID!, $v: Int!) { dealRequestInfo(id: $id, expectedVersion: $v, question: \"Zyxquorn asks\") { deal { version } errors { message } } }";
    let asked = world.data(&manager, ask, json!({"id": deal, "v": version})).await;
    let answer = "mutation($id: ID!, $v: Int!) { dealProvideInfo(id: $id, expectedVersion: $v, answer: \"Zyxquorn answers\") { deal { version } errors { message } } }";
    world.data(&seller, answer, json!({"id": deal, "v": asked["dealRequestInfo"]["deal"]["version"]})).await;
    let note = "mutation($id: ID!) { dealAddNote(id: $id, text: \"Zyxquorn notes\", visibility: SHARED) { errors { message } } }";
    world.data(&seller, note, json!({"id": deal})).await;
    let key =
        world.data(&admin, "mutation { apiKeyCreate(input: {name: \"Zyxquorn key\", scopes: [READ]}) { secret apiKey { id } } }", json!({})).await;
    let person = "mutation { userCreate(input: {name: \"Zyxquorn Person\", email: \"zyxquorn@borealis.test\", password: \"a password for tests\", roles: [PARTNER_SALES]}) { user { id } errors { message } } }";
    let person = world.data(&admin, person, json!({})).await;
    let ask = "mutation($id: ID!) { leadCreate(input: {name: \"Zyxquorn Asker\", email: \"ask@zyxquorn.test\", company: \"Zyxquorn Mills\", partnerId: $id}) { lead { id } errors { message } } }";
    let lead = world.data(&manager, ask, json!({"id": seller.partner_id})).await;
    let (refused, version) = world.register(&seller, &format!("{MARK} Appeal")).await;
    let reject = "mutation($id: ID!, $v: Int!) { dealReject(id: $id, expectedVersion: $v, reason: \"Zyxquorn refused\") { errors { message } } }";
    world.data(&manager, reject, json!({"id": refused, "v": version})).await;
    let appeal = "mutation($id: ID!) { disputeOpen(input: {dealId: $id, statement: \"Zyxquorn appeals\"}) { dispute { id } errors { message } } }";
    let dispute = world.data(&seller, appeal, json!({"id": refused})).await;
    let view = world
        .data(&admin, "query($id: ID!) { deal(id: $id) { number customer { id } timeline(first: 50) { nodes { id } } } deals(first: 100) { nodes { id number customer { id } } } users(first: 100) { nodes { id email } } }", json!({"id": deal}))
        .await;
    let mut traces = BTreeSet::from([MARK.to_lowercase(), text(&key["apiKeyCreate"]["secret"]).to_lowercase()]);
    let all = view["deals"]["nodes"].as_array().unwrap();
    for row in all {
        traces.extend([text(&row["id"]), text(&row["customer"]["id"]), format!("\"{}\"", text(&row["number"]))]);
    }
    for row in view["users"]["nodes"].as_array().unwrap() {
        traces.extend([text(&row["id"]), text(&row["email"])]);
    }
    traces.extend(view["deal"]["timeline"]["nodes"].as_array().unwrap().iter().map(|e| text(&e["id"])));
    let run = "imp_01J0000000000000000000ZYXQ".to_owned();
    let ids = vec![
        ("Deal", deal),
        ("Customer", text(&view["deal"]["customer"]["id"])),
        ("User", text(&person["userCreate"]["user"]["id"])),
        ("ApiKey", text(&key["apiKeyCreate"]["apiKey"]["id"])),
        ("ImportRun", run),
        ("Lead", text(&lead["leadCreate"]["lead"]["id"])),
        ("Dispute", text(&dispute["disputeOpen"]["dispute"]["id"])),
    ];
    traces.extend(ids.iter().map(|(_, id)| id.clone()));
    let traces = traces.into_iter().map(|t| t.to_lowercase()).collect();
    Hidden { ids, partner: seller.partner_id.unwrap().to_string(), traces }
}

/// An id of the same kind that nothing has.
fn missing(id: &str) -> String {
    format!("{}_01J00000000000000000000000", id.split('_').next().unwrap())
}

/// Everybody who must see nothing of it: each role of the other side, keys with each scope, and nobody.
async fn strangers(world: &World, types: &Types) -> Vec<(String, Option<Actor>)> {
    let mut all: Vec<(String, Option<Actor>)> = vec![("nobody".into(), None)];
    for name in ["sales", "engineer", "marketing", "admin"] {
        all.push((name.into(), Some(world.actor(&format!("{name}@aurora-systems.test")).await)));
    }
    let admin = world.actor("admin@aurora-systems.test").await;
    let mut scopes = types.values("ApiScope");
    scopes.push(scopes.join(", "));
    for scope in scopes {
        let query = format!("mutation {{ apiKeyCreate(input: {{name: \"k\", scopes: [{scope}]}}) {{ secret }} }}");
        let made = world.data(&admin, &query, json!({})).await;
        let actor = world.app.authenticate(&text(&made["apiKeyCreate"]["secret"])).await.unwrap();
        all.push((format!("key {scope}"), Some(actor)));
    }
    all
}

/// Asks as deeply as the limits let one ask.
async fn asked(world: &World, types: &Types, root: &Root, actor: Option<&Actor>, id: &str, depth: &mut usize) -> Value {
    loop {
        let answer = world.ask(actor, &types.question(root, id, *depth), json!({})).await;
        if code(&answer).as_deref() != Some("TOO_COMPLEX") {
            return answer;
        }
        assert!(*depth > 0, "{}: {answer}", root.name());
        *depth -= 1;
    }
}

/// The traces of the hidden partner in an answer; the id that was asked with is the asker's own word.
fn leaks<'a>(hidden: &'a Hidden, answer: &Value, with: &str) -> Vec<&'a String> {
    let bytes = answer.to_string().to_lowercase();
    hidden.traces.iter().filter(|trace| **trace != with.to_lowercase() && bytes.contains(trace.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_nothing_of_another_partner_is_answered() {
    let world = World::start().await;
    let types = Types::read();
    let hidden = plant(&world).await;
    // What is looked for can be found: the other partner's own people see the marks.
    let own = world.data(&world.borealis().await, "{ deals(first: 100) { nodes { id title customer { name } } } }", json!({})).await;
    assert!(leaks(&hidden, &own, "").len() > 2, "{own}");

    let callers = strangers(&world, &types).await;
    let (mut wrong, mut questions, mut deep) = (Vec::new(), 0, 0);
    for root in types.roots().iter().filter(|root| root.operation != "subscription") {
        let mut depth = DEPTH;
        let mut ids = vec![NONE];
        if types.takes_id(root) {
            ids.extend(hidden.ids.iter().map(|(_, id)| id.as_str()).chain([hidden.partner.as_str()]));
        }
        for (who, actor) in &callers {
            for id in &ids {
                let answer = asked(&world, &types, root, actor.as_ref(), id, &mut depth).await;
                questions += 1;
                if code(&answer).as_deref() == Some("BAD_REQUEST") && answer["data"].is_null() {
                    let message = answer["errors"][0]["message"].to_string();
                    assert!(!message.contains("Unknown") && !message.contains("conflict"), "the question is wrong: {}: {answer}", root.name());
                }
                let found = leaks(&hidden, &answer, id);
                if !found.is_empty() {
                    wrong.push(format!("{} for {who} with {id}: {found:?}", root.name()));
                }
                if *id == NONE || *id == hidden.partner {
                    continue;
                }
                let none = missing(id);
                let never = asked(&world, &types, root, actor.as_ref(), &none, &mut depth).await;
                if answer.to_string().replace(id, "ID") != never.to_string().replace(&none, "ID") {
                    wrong.push(format!("{} for {who}: {id} is answered otherwise than one that never was\n  {answer}\n  {never}", root.name()));
                }
            }
        }
        deep += usize::from(depth >= 2);
    }
    println!("{questions} questions, {deep} root fields asked two levels deep or more");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(questions > 300);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_node_of_another_partner_is_there() {
    let world = World::start().await;
    let types = Types::read();
    let hidden = plant(&world).await;
    // What everybody signed in may read, and therefore is no secret of a partner's.
    let shared = BTreeSet::from(["Kit", "KitAsset", "Partner", "Product", "Program"]);
    let covered: BTreeSet<&str> = hidden.ids.iter().map(|(kind, _)| *kind).chain(shared).collect();
    assert_eq!(types.nodes().into_iter().collect::<BTreeSet<_>>(), covered, "a new kind of node needs a case");
    let query = "query($id: ID!, $ids: [ID!]!) { node(id: $id) { __typename id } nodes(ids: $ids) { __typename id } }";
    for (who, actor) in strangers(&world, &types).await {
        for (kind, id) in &hidden.ids {
            let there = world.ask(actor.as_ref(), query, json!({"id": id, "ids": [id]})).await;
            let never = world.ask(actor.as_ref(), query, json!({"id": missing(id), "ids": [missing(id)]})).await;
            assert_eq!(there.to_string(), never.to_string(), "{kind} for {who}");
        }
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_stream_tells_of_another_partner() {
    let world = World::start().await;
    let types = Types::read();
    let hidden = plant(&world).await;
    let callers = strangers(&world, &types).await;
    let mut streams = Vec::new();
    for root in types.roots().iter().filter(|root| root.operation == "subscription") {
        for (who, actor) in &callers {
            for id in [NONE, hidden.partner.as_str(), hidden.ids[0].1.as_str()] {
                let with_ids = types.takes_id(root);
                if with_ids || id == NONE {
                    let mut depth = 3;
                    let stream = loop {
                        let request = Request::new(types.question(root, id, depth)).data(context(actor.as_ref()));
                        let mut stream = answers(&world.schema, request);
                        let first = tokio::time::timeout(Duration::from_millis(100), stream.next()).await.ok().flatten();
                        match first {
                            Some(answer) if code(&answer).as_deref() == Some("TOO_COMPLEX") => depth -= 1,
                            first => break futures::stream::iter(first).chain(stream).boxed(),
                        }
                    };
                    streams.push((format!("{} for {who} with {id}", root.name()), id, stream));
                }
            }
        }
    }
    // The other partner works, then the strangers' own does: who hears of the second has been told of the first, or not.
    let (id, version) = world.register(&world.borealis().await, &format!("{MARK} Later")).await;
    let approve = "mutation($id: ID!, $v: Int!) { dealApprove(id: $id, expectedVersion: $v) { errors { message } } }";
    world.data(&world.manager().await, approve, json!({"id": id, "v": version})).await;
    let fence = world.register(&world.aurora().await, "Fence Company").await.0;
    let read = streams.into_iter().map(async |(name, with, mut stream)| {
        let mut wrong = Vec::new();
        loop {
            let Ok(Some(answer)) = tokio::time::timeout(Duration::from_secs(10), stream.next()).await else { return (0, wrong) };
            let mut found: Vec<String> = leaks(&hidden, &answer, with).into_iter().cloned().collect();
            found.extend(answer.to_string().contains(&id).then(|| id.clone()));
            if !found.is_empty() {
                wrong.push(format!("{name}: {found:?} in {answer}"));
            }
            if answer.to_string().contains(&fence) {
                return (1, wrong);
            }
        }
    });
    let read: Vec<(usize, Vec<String>)> = futures::future::join_all(read).await;
    let (heard, wrong) = (read.iter().map(|(heard, _)| heard).sum::<usize>(), read.iter().flat_map(|(_, wrong)| wrong.clone()).collect::<Vec<_>>());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(heard > 0, "somebody heard of the own deal, so that silence about the other means something");
    world.end().await;
}
