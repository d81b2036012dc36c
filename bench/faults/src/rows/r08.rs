//! R8: two partners register the same customer and product at once, and two managers approve both at once, many times.
//!
//! Passes when exactly one claim is approved each time and the other side gets a verdict or a typed refusal, never a fault of
//! the server's. In every other round one partner is approved while the other one still registers.

use std::time::Duration;

use anyhow::Result;
use bson::{Document, doc};
use entente_bench_common::api::Api;
use futures::future::join_all;
use futures::{StreamExt, stream};
use serde_json::{Value, json};

use crate::ledger::{self, Tried};
use crate::load::{MANAGER, SELLERS, registration};
use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::World;

/// Rounds at once.
const AT_ONCE: usize = 8;
const MANAGERS: [&str; 2] = [MANAGER, "aisha.rahman@entente.test"];
const REGISTER: &str = "mutation($input: DealRegisterInput!) { done: dealRegister(input: $input) { deal { id version } verdict { outcome } errors { message ... on DealRegisterError { code } } } }";
const APPROVE: &str = "mutation($id: ID!, $version: Int!) { done: dealApprove(id: $id, expectedVersion: $version) { deal { id version } errors { message ... on DealDecisionError { code } } } }";

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let scene = Scene::begin(world, scale, "r8").await?;
    for email in MANAGERS {
        world.accounts.token(email).await?;
    }
    let started = world.last_seq().await?;
    let rounds = scale.of(1_000, 48);
    let api = Api::new(Duration::from_secs(30))?;
    let shared = &*world;
    let played: Vec<Vec<String>> = stream::iter(0..rounds)
        .map(|round| {
            let round = Round { world: shared, api: api.clone(), number: round, key: format!("r8-same-{started}-{round}") };
            async move { round.play().await }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    for failures in played {
        report.rounds += 1;
        report.fail_all(failures);
    }
    scene.end(world, report).await?;
    Ok(())
}

struct Round<'a> {
    world: &'a World,
    api: Api,
    number: usize,
    key: String,
}

impl Round<'_> {
    /// Plays it; answers what went wrong.
    async fn play(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let registered = if self.number.is_multiple_of(2) {
            let both = join_all([self.register(0), self.register(1)]).await;
            let approved = join_all(both.iter().enumerate().map(|(side, tried)| self.approve(side, tried))).await;
            self.tell(&mut wrong, &both, &approved);
            both
        } else {
            let first = self.register(0).await;
            let (approved, second) = futures::join!(self.approve(0, &first), self.register(1));
            let late = self.approve(1, &second).await;
            let both = vec![first, second];
            self.tell(&mut wrong, &both, &[approved, late]);
            both
        };
        if !registered.iter().any(|tried| matches!(tried, Tried::Done { .. })) {
            wrong.push(format!("{}: nobody could register: {registered:?}", self.key));
        }
        match self.holders().await {
            Ok(1) => {}
            other => wrong.push(format!("{}: {other:?} deals hold claims", self.key)),
        }
        // Whoever comes now is told that it is protected.
        if !matches!(self.register_as(2, &format!("{}-late", self.key)).await, Tried::Blocked) {
            wrong.push(format!("{}: a third partner was not blocked", self.key));
        }
        wrong
    }

    fn tell(&self, wrong: &mut Vec<String>, registered: &[Tried], approved: &[Option<Tried>]) {
        for tried in registered {
            if !matches!(tried, Tried::Done { .. } | Tried::Blocked) {
                wrong.push(format!("{}: a registration came to {tried:?}", self.key));
            }
        }
        let done = approved.iter().flatten().filter(|tried| matches!(tried, Tried::Done { .. })).count();
        if done != 1 {
            wrong.push(format!("{}: {done} approvals: {approved:?}", self.key));
        }
        for tried in approved.iter().flatten() {
            let fair = matches!(tried, Tried::Done { .. }) || *tried == Tried::Refused("CLAIM_TAKEN".to_owned());
            if !fair {
                wrong.push(format!("{}: an approval came to {tried:?}", self.key));
            }
        }
    }

    async fn register(&self, side: usize) -> Tried {
        self.register_as(side, &format!("{}-{side}", self.key)).await
    }

    async fn register_as(&self, side: usize, idempotency_key: &str) -> Tried {
        let seller = SELLERS[(self.number + side) % SELLERS.len()].0;
        let mut input = registration(&self.key, &self.world.products[self.number % self.world.products.len()], None);
        input["title"] = idempotency_key.into();
        input["idempotencyKey"] = idempotency_key.into();
        self.ask(side, seller, REGISTER, json!({ "input": input })).await
    }

    async fn approve(&self, side: usize, registered: &Tried) -> Option<Tried> {
        let Tried::Done { deal, version } = registered else { return None };
        Some(self.ask(side, MANAGERS[side % 2], APPROVE, json!({ "id": deal, "version": version })).await)
    }

    async fn ask(&self, side: usize, email: &str, query: &str, variables: Value) -> Tried {
        let token = self.world.accounts.at_hand(email);
        let server = &self.world.servers[side % self.world.servers.len()];
        match self.api.ask(server.address, token.as_deref(), query, variables).await {
            Ok(answer) => answer.data().map_or_else(|| Tried::Problem(answer.body.to_string()), ledger::tried),
            Err(failure) => Tried::Problem(format!("{failure:?}")),
        }
    }

    /// How many of the two hold something; a bundle is held product by product, all of them by one.
    async fn holders(&self) -> Result<usize> {
        let domain = format!("{}.com", self.key.to_lowercase());
        let deals = self.world.db.collection::<Document>("deals");
        let titles = [0, 1].map(|side| format!("{}-{side}", self.key));
        let ids: Vec<String> = deals
            .distinct("_id", doc! { "title": { "$in": titles.to_vec() } })
            .await?
            .iter()
            .filter_map(|id| Some(id.as_str()?.to_owned()))
            .collect();
        anyhow::ensure!(!ids.is_empty(), "no deal of {domain}");
        Ok(self.world.db.collection::<Document>("claims").distinct("deal_id", doc! { "deal_id": { "$in": ids } }).await?.len())
    }
}
