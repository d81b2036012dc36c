//! People who are signed in: a token for each, renewed before it runs out.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::api::Api;
use crate::product::DEMO_PASSWORD;

/// A token holds for ten minutes; after this long it is renewed when somebody has the time.
const RENEW_AFTER: Duration = Duration::from_secs(240);
const QUERY: &str = "mutation($input: SessionCreateInput!) { sessionCreate(input: $input) { accessToken errors { message } } }";

#[derive(Debug, Default)]
struct Known {
    servers: Vec<SocketAddr>,
    tokens: HashMap<String, (Instant, String)>,
}

/// Everybody who signed in. Clones share what they know.
#[derive(Debug, Clone)]
pub struct Accounts {
    api: Api,
    known: Arc<Mutex<Known>>,
}

impl Accounts {
    /// Nobody yet; whoever signs in does so at the first of these servers that answers.
    pub fn new(api: Api, servers: Vec<SocketAddr>) -> Self {
        Self { api, known: Arc::new(Mutex::new(Known { servers, tokens: HashMap::new() })) }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token of a demo account; signs in if it has not.
    pub async fn token(&self, email: &str) -> Result<String> {
        if let Some((_, token)) = self.known().tokens.get(email) {
            return Ok(token.clone());
        }
        self.sign_in(email).await
    }

    /// The token if there is one already.
    pub fn at_hand(&self, email: &str) -> Option<String> {
        self.known().tokens.get(email).map(|(_, token)| token.clone())
    }

    /// Renews the tokens that have become old. A failure leaves them as they are.
    pub async fn renew(&self) {
        let old: Vec<String> =
            self.known().tokens.iter().filter(|(_, (since, _))| since.elapsed() > RENEW_AFTER).map(|(email, _)| email.clone()).collect();
        for email in old {
            if self.sign_in(&email).await.is_err() {
                return;
            }
        }
    }

    async fn sign_in(&self, email: &str) -> Result<String> {
        let servers = self.known().servers.clone();
        let mut last = String::from("no server");
        for server in servers {
            let input = json!({ "input": { "email": email, "password": DEMO_PASSWORD } });
            let answer = match self.api.ask(server, None, QUERY, input).await {
                Ok(answer) => answer,
                Err(failure) => {
                    last = format!("{failure:?}");
                    continue;
                }
            };
            let token = answer.data().and_then(|data| data["sessionCreate"]["accessToken"].as_str());
            let Some(token) = token else {
                last = answer.body.to_string();
                continue;
            };
            self.known().tokens.insert(email.to_owned(), (Instant::now(), token.to_owned()));
            return Ok(token.to_owned());
        }
        bail!("{email} cannot sign in: {last}")
    }
}

/// A demo account as `seed-data/users.json` has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Address to sign in with.
    pub email: String,
    /// The only role.
    pub role: String,
    /// Slug of the partner; none for the vendor's staff.
    pub partner: Option<String>,
}

/// Every demo account.
pub fn people() -> Result<Vec<Person>> {
    let file = crate::tools::root().join("seed-data/users.json");
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let users: Vec<Value> = serde_json::from_str(&text)?;
    let person = |user: &Value| {
        Some(Person {
            email: user["email"].as_str()?.to_owned(),
            role: user["roles"][0].as_str()?.to_owned(),
            partner: user["partner"].as_str().map(str::to_owned),
        })
    };
    Ok(users.iter().filter_map(person).collect())
}
