//! GraphQL over HTTP with connections that are kept, and with failures told apart by what they leave open.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use reqwest::Client;
use serde_json::{Value, json};

use crate::net;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; null when it is no JSON.
    pub body: Value,
}

impl Answer {
    /// The data of an answer without top-level errors.
    pub fn data(&self) -> Option<&Value> {
        let whole = self.status == 200 && self.body.get("errors").is_none();
        self.body.get("data").filter(|data| whole && !data.is_null())
    }

    /// The code of the first top-level error, or of the status where the body has none.
    pub fn code(&self) -> String {
        match self.body["errors"][0]["extensions"]["code"].as_str() {
            Some(code) => code.to_owned(),
            None => format!("HTTP {}", self.status),
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nobody was there: nothing was sent.
    NotConnected,
    /// The connection broke before the answer: it may have happened or not.
    Broken(String),
    /// No answer in time: it may have happened or not.
    TimedOut,
}

/// A client. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Api {
    http: Client,
}

impl Api {
    /// A client that waits so long for each answer.
    pub fn new(limit: Duration) -> Result<Self> {
        Ok(Self { http: Client::builder().timeout(limit).tcp_nodelay(true).no_proxy().build()? })
    }

    /// Sends one operation.
    pub async fn ask(&self, to: SocketAddr, token: Option<&str>, query: &str, variables: Value) -> Result<Answer, Failure> {
        let mut request = self.http.post(net::url(to, "/graphql")).json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.map_err(failure)?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.map_err(failure)?;
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
    }
}

fn failure(error: reqwest::Error) -> Failure {
    if error.is_connect() {
        Failure::NotConnected
    } else if error.is_timeout() {
        Failure::TimedOut
    } else {
        Failure::Broken(format!("{error:?}"))
    }
}
