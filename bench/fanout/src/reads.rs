//! What readers ask in the soak, and what they have to know for it.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use entente_bench_common::accounts::Accounts;
use entente_bench_common::api::Api;
use rand::Rng;
use serde_json::{Value, json};

use crate::scene::VIEWER;

/// Registers a deal.
pub const REGISTER: &str =
    "mutation($input: DealRegisterInput!) { dealRegister(input: $input) { deal { id } verdict { outcome } errors { message } } }";
/// Writes a note on it.
pub const NOTE: &str =
    "mutation($id: ID!, $text: String!) { dealAddNote(id: $id, text: $text, visibility: SHARED) { deal { id } errors { message } } }";
const DEALS: &str = "query($first: Int, $search: String) { deals(first: $first, search: $search) { totalCount pageInfo { endCursor } nodes { id number version title status \
                     stage { key name } partner { id slug name } customer { id name } products { id name } value { amount currency } manager { name } viewerCan } } }";
const PARTNERS: &str = "query($search: String) { partners(first: 20, search: $search) { totalCount nodes { id slug name description } } }";
const SUGGESTIONS: &str = "query($prefix: String!) { partnerSuggestions(prefix: $prefix) { label } }";
const SUMMARY: &str = "{ pipelineSummary { stage { key } count value { amount currency } } }";
const KITS: &str = "{ kits(first: 20) { nodes { id title summary coverUrl assets { id kind } } } }";
const KIT: &str = "query($id: ID!) { kit(id: $id) { id title summary assets { id title kind previewMediaType downloads { format url } } } }";
const CHANGES: &str = "{ recentChanges(first: 25) { edges { cursor node { kind occurredAt actorName text deal { id number title } } } } }";
const DEAL: &str = "query($id: ID!) { deal(id: $id) { id title version timeline(first: 20) { nodes { id kind text occurredAt } } } }";
const FACTS: &str = "{ program { products { id } } deals(first: 100) { nodes { id } } kits(first: 50) { nodes { id } } \
                     partners(first: 40) { nodes { id name } } }";

/// What is there to ask about.
pub struct Facts {
    products: Vec<String>,
    deals: Vec<String>,
    kits: Vec<String>,
    partners: Vec<(String, String)>,
}

impl Facts {
    /// Reads them from the server.
    pub async fn read(address: SocketAddr, accounts: &Accounts) -> Result<Self> {
        let token = accounts.token(VIEWER).await?;
        let answer = Api::new(Duration::from_secs(20))?.ask(address, Some(&token), FACTS, Value::Null).await;
        let answer = answer.map_err(|failure| anyhow!("{failure:?}"))?;
        let data = answer.data().with_context(|| answer.body.to_string())?;
        let ids = |list: &Value| list.as_array().into_iter().flatten().filter_map(|node| node["id"].as_str()).map(str::to_owned).collect();
        let partner = |node: &Value| Some((node["id"].as_str()?.to_owned(), node["name"].as_str()?.to_owned()));
        Ok(Self {
            products: ids(&data["program"]["products"]),
            deals: ids(&data["deals"]["nodes"]),
            kits: ids(&data["kits"]["nodes"]),
            partners: data["partners"]["nodes"].as_array().into_iter().flatten().filter_map(partner).collect(),
        })
    }

    /// A registration like no other.
    pub fn registration(&self, number: u64) -> Value {
        let at = usize::try_from(number).unwrap_or_default();
        let nonce = rand::random::<u64>();
        json!({
            "customerName": format!("Soak {nonce:016x}"),
            "customerDomain": format!("soak-{nonce:016x}.example"),
            "expectedCloseOn": "2099-12-31",
            "idempotencyKey": format!("soak-{nonce:016x}"),
            "partnerId": self.partners.get(at % self.partners.len().max(1)).map(|(id, _)| id),
            "productIds": [self.products.get(at % self.products.len().max(1))],
            "title": format!("Soak {number}"),
            "value": { "amount": "1000.00", "currency": "EUR" },
        })
    }

    /// Something to ask, with its variables.
    pub fn question(&self, random: &mut impl Rng) -> (&'static str, Value) {
        match random.random_range(0..10) {
            0 | 1 => (DEALS, json!({ "first": 50 })),
            2 => (DEALS, json!({ "first": 25, "search": one_of(&["cloud", "net", "sec", "data"], random) })),
            3 | 4 => {
                let name = self.partners.get(random.random_range(0..self.partners.len().max(1))).map_or("cloud", |(_, name)| name.as_str());
                (PARTNERS, json!({ "search": misspelt(name, random) }))
            }
            5 => (SUGGESTIONS, json!({ "prefix": one_of(&["a", "bo", "clo", "da", "sec"], random) })),
            6 => (SUMMARY, Value::Null),
            7 => (KITS, Value::Null),
            8 => any(&self.kits, random).map_or((CHANGES, Value::Null), |id| (KIT, json!({ "id": id }))),
            _ => match any(&self.deals, random) {
                Some(id) if random.random_bool(0.5) => (DEAL, json!({ "id": id })),
                _ => (CHANGES, Value::Null),
            },
        }
    }
}

fn any(list: &[String], random: &mut impl Rng) -> Option<String> {
    list.get(random.random_range(0..list.len().max(1))).cloned()
}

fn one_of(words: &[&'static str], random: &mut impl Rng) -> &'static str {
    words.get(random.random_range(0..words.len().max(1))).copied().unwrap_or_default()
}

/// The first word of a name, now and then without one of its letters.
fn misspelt(name: &str, random: &mut impl Rng) -> String {
    let mut word: Vec<char> = name.split_whitespace().next().unwrap_or(name).chars().collect();
    if word.len() > 5 && random.random_bool(0.3) {
        let at = random.random_range(1..word.len());
        word.remove(at);
    }
    word.into_iter().collect()
}
