//! R7: the same mutation and key, fifty at once on both servers, and again by clients that gave up waiting.
//!
//! Passes when there is one deal and one event and everybody gets the same answer; other input with the same key is an error.

use std::time::Duration;

use anyhow::Result;
use bson::{Document, doc};
use entente_bench_common::api::{Answer, Api, Failure};
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::load::{SELLERS, registration};
use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::World;

const AT_ONCE: usize = 50;
const QUERY: &str = "mutation($input: DealRegisterInput!) { dealRegister(input: $input) { deal { id number version status title } verdict { outcome rules { code passed message } } errors { message ... on DealRegisterError { code } } } }";

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(scale.seed);
    let scene = Scene::begin(world, scale, "r7").await?;
    let started = world.last_seq().await?;
    let mut gave_up = 0;
    for round in 0..scale.of(50, 6) {
        let key = format!("r7-key-{started}-{round}");
        let (email, _) = SELLERS[rng.random_range(0..SELLERS.len())];
        let token = world.accounts.token(email).await?;
        let product = &world.products[rng.random_range(0..world.products.len())];
        let input = registration(&key, product, None);
        let impatient: Vec<Duration> = (0..AT_ONCE).map(|_| patience(&mut rng)).collect();
        let servers = world.addresses();
        let asked = impatient.iter().enumerate().map(|(n, patience)| ask(servers[n % servers.len()], &token, &input, *patience));
        let answers = join_all(asked).await;
        gave_up += answers.iter().filter(|answer| answer.is_err()).count();
        let again = ask(servers[round % servers.len()], &token, &input, Duration::from_secs(30)).await;
        judge(report, &key, answers.into_iter().chain([again]));
        one_deal(world, &key, report).await?;
        reuse(world, &token, &key, product, report).await;
        report.rounds += 1;
    }
    report.figure("clients that gave up waiting", gave_up);
    report.must(gave_up > 0, || "no client gave up waiting".into());
    scene.end(world, report).await?;
    Ok(())
}

/// Every fourth client gives up, at a moment at which the change is under way.
fn patience(rng: &mut StdRng) -> Duration {
    if rng.random_bool(0.25) { Duration::from_millis(rng.random_range(5..120)) } else { Duration::from_secs(30) }
}

async fn ask(to: std::net::SocketAddr, token: &str, input: &Value, patience: Duration) -> Result<Answer, Failure> {
    let api = Api::new(patience).map_err(|error| Failure::Broken(error.to_string()))?;
    api.ask(to, Some(token), QUERY, json!({ "input": input })).await
}

/// Everybody who has an answer has the same, and it is a deal.
fn judge(report: &mut Report, key: &str, answers: impl Iterator<Item = Result<Answer, Failure>>) {
    let mut first: Option<Value> = None;
    for answer in answers.flatten() {
        let Some(data) = answer.data() else {
            report.fail(format!("{key}: {}", answer.body));
            continue;
        };
        report.must(data["dealRegister"]["deal"]["id"].is_string(), || format!("{key}: no deal in {data}"));
        let same = first.get_or_insert_with(|| data.clone());
        report.must(same == data, || format!("{key}: {data} and {same}"));
    }
    report.must(first.is_some(), || format!("{key}: nobody had an answer"));
}

/// One deal, one event, one record of the key.
async fn one_deal(world: &World, key: &str, report: &mut Report) -> Result<()> {
    let deals = world.db.collection::<Document>("deals");
    let found = deals.count_documents(doc! { "title": key }).await?;
    report.must(found == 1, || format!("{key}: {found} deals"));
    if let Some(deal) = deals.find_one(doc! { "title": key }).await? {
        let events = world.db.collection::<Document>("events").count_documents(doc! { "subject.id": deal.get_str("_id")? }).await?;
        report.must(events == 1, || format!("{key}: {events} events"));
    }
    Ok(())
}

/// The same key with other input is a typed error.
async fn reuse(world: &World, token: &str, key: &str, product: &str, report: &mut Report) {
    let mut other = registration(key, product, None);
    other["title"] = format!("{key} changed").into();
    match ask(world.servers[0].address, token, &other, Duration::from_secs(30)).await {
        Ok(answer) => {
            let code = &answer.body["data"]["dealRegister"]["errors"][0]["code"];
            report.must(code == "IDEMPOTENCY_KEY_REUSED", || format!("{key} with other input: {}", answer.body));
        }
        Err(failure) => report.fail(format!("{key} with other input: {failure:?}")),
    }
}
