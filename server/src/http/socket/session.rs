//! What one client has said so far and what it is answered: the protocol's rules, apart from the wire beneath.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::Response as Answer;
use entente_app::clock::ulid_at;
use entente_app::live::Principal;
use entente_graphql::{Message as Told, Opened};
use tokio_tungstenite::tungstenite::{Bytes, Message, Utf8Bytes};

use super::messages::{self, ClientMessage, Close};
use super::operations::{Event, OPEN_MAX, Operations, Said};
use crate::http::graphql::{self, Params};
use crate::http::metrics::{Counted, Outcome};
use crate::http::operation::{self, Kind};
use crate::http::request::{self, Caller};
use crate::http::{Edge, wire};

/// Where a socket came from.
pub(super) struct Origin {
    pub(super) request_id: String,
    pub(super) client_ip: Option<IpAddr>,
}

/// One client on one socket.
pub(super) struct Session {
    edge: Arc<Edge>,
    origin: Origin,
    introduced: bool,
    acknowledged: bool,
    authorization: Option<String>,
    principal: Option<Principal>,
    operations: Operations,
}

type Outgoing = Result<Vec<Message>, Close>;

impl Session {
    pub(super) fn new(edge: Arc<Edge>, origin: Origin) -> Self {
        Self { edge, origin, introduced: false, acknowledged: false, authorization: None, principal: None, operations: Operations::default() }
    }

    pub(super) fn is_acknowledged(&self) -> bool {
        self.acknowledged
    }

    /// Answers a message of the client's.
    pub(super) async fn hear(&mut self, text: &str) -> Outgoing {
        let message = serde_json::from_str::<ClientMessage>(text).map_err(|error| Close::new(4400, format!("Invalid message: {error}")))?;
        match message {
            ClientMessage::ConnectionInit { payload } => {
                self.introduce(payload.as_ref().and_then(authorization)).await
            }
            ClientMessage::Ping { payload } => match payload.as_ref().and_then(authorization) {
                Some(authorization) => self.renew(authorization).await,
                None => Ok(vec![Message::text(messages::pong(payload))]),
            },
            ClientMessage::Pong {} => Ok(Vec::new()),
            ClientMessage::Subscribe { id, payload } => self.subscribe(id, payload).await,
            ClientMessage::Complete { id } => {
                // The client knows that it ended the operation; it is not told again.
                if let Some(open) = self.operations.stop(&id) {
                    self.count(open.kind, Outcome::Ok, open.since);
                }
                Ok(Vec::new())
            }
        }
    }

    async fn introduce(&mut self, authorization: Option<String>) -> Outgoing {
        if self.introduced {
            return Err(Close::new(4429, "Too many initialisation requests"));
        }
        self.introduced = true;
        self.authorization = authorization;
        if let Caller::Known(actor) = self.caller().await? {
            self.principal = Some(Principal::of(&actor));
        }
        self.acknowledged = true;
        Ok(vec![Message::text(messages::acknowledgement())])
    }

    /// Takes a new token in place of the one that is about to run out. It must speak for the same account or key.
    async fn renew(&mut self, authorization: String) -> Outgoing {
        if !self.acknowledged {
            return Err(Close::new(4401, "Unauthorized"));
        }
        match request::caller(&self.edge.app, Some(&authorization)).await {
            Ok(Caller::Known(actor)) if self.principal.as_ref() == Some(&Principal::of(&actor)) => {
                self.authorization = Some(authorization);
                let renewed = serde_json::json!({ "authorization": "renewed" });
                Ok(vec![Message::text(messages::pong(renewed.as_object().cloned()))])
            }
            Ok(_) => Err(Close::new(4403, "Forbidden")),
            Err(error) => {
                tracing::warn!(%error, "a new token could not be looked up");
                Err(Close::new(1013, "Try again later"))
            }
        }
    }

    /// Who the client is now: its token may have run out or its account been closed since it came.
    async fn caller(&mut self) -> Result<Caller, Close> {
        match request::caller(&self.edge.app, self.authorization.as_deref()).await {
            Ok(Caller::Refused) => Err(Close::new(4403, "Forbidden")),
            Ok(caller) => Ok(caller),
            Err(error) => {
                tracing::warn!(%error, "the caller's token could not be looked up");
                Err(Close::new(1013, "Try again later"))
            }
        }
    }

    /// Looks at the token again; a client whose token does not hold any more comes back with a new one.
    pub(super) async fn check(&mut self) -> Result<(), Close> {
        match self.caller().await {
            // An outage of the database ends no stream.
            Err(close) if close.code != 4403 => Ok(()),
            checked => checked.map(|_| ()),
        }
    }

    async fn subscribe(&mut self, id: String, params: Params) -> Outgoing {
        if !self.acknowledged {
            return Err(Close::new(4401, "Unauthorized"));
        }
        if id.is_empty() {
            return Err(Close::new(4400, "Invalid message: an operation needs an id"));
        }
        if self.operations.contains(&id) {
            return Err(Close::new(4409, format!("Subscriber for {id} already exists")));
        }
        let request_id = format!("{}.{}", self.origin.request_id, ulid_at(jiff::Timestamp::now()));
        let refuse = |code, message: &str| Ok(vec![Message::text(messages::refusal(&id, code, message, &request_id))]);
        if self.operations.is_full() {
            return refuse("RATE_LIMITED", &format!("A socket has at most {OPEN_MAX} operations open at once."));
        }
        let since = Instant::now();
        let operation = match graphql::of(params) {
            Ok(operation) => operation,
            Err(why) => return refuse("BAD_REQUEST", &why.message),
        };
        let caller = self.caller().await?;
        let kind = operation::kind(&operation.query, operation.operation_name.as_deref());
        let context = request::described(caller, request_id, self.origin.client_ip, None);
        let counted = Counted::new(&self.edge.metrics.subscriptions);
        match self.edge.schema.open(operation.data(context)) {
            Opened::Refused(answer) => {
                self.edge.metrics.operation(kind, Outcome::Refused, since.elapsed());
                return Ok(vec![text(messages::error(&id, &errors(&answer)))]);
            }
            Opened::Stream(subscriber) => self.operations.follow(id, subscriber, counted),
            Opened::Answer(answer) => self.operations.answer(id, kind, tokio::spawn(answer), counted),
        }
        Ok(Vec::new())
    }

    /// Whether a query or a mutation of this socket is still under way.
    pub(super) fn owes_answers(&self) -> bool {
        self.operations.owe_answers()
    }

    /// The next thing that an operation has to say. Safe to drop while waiting.
    pub(super) async fn event(&mut self) -> Result<Message, Close> {
        let Event { id, said, .. } = self.operations.next().await;
        match said {
            Said::Message(message) => Ok(self.told(&id, &message)),
            Said::Answer(Some(answer)) => Ok(self.answered(&id, &answer)),
            Said::Answer(None) => Err(Close::new(1011, "Internal error")),
            Said::End => self.ended(&id).await,
        }
    }

    fn told(&mut self, id: &str, message: &Told) -> Message {
        if message.failed {
            if let Some(open) = self.operations.stop(id) {
                self.count(open.kind, Outcome::Error, open.since);
            }
            return text(message.framed(id, messages::error));
        }
        self.edge.metrics.delivered(message.at);
        text(message.framed(id, messages::next))
    }

    /// An operation that never ran ends with `error`; one that ran and failed says so in its result.
    fn answered(&mut self, id: &str, answer: &Answer) -> Message {
        if !wire::was_refused(answer) {
            return text(messages::next(id, &wire::encode(answer)));
        }
        if let Some(open) = self.operations.stop(id) {
            self.count(open.kind, Outcome::Refused, open.since);
        }
        text(messages::error(id, &errors(answer)))
    }

    async fn ended(&mut self, id: &str) -> Result<Message, Close> {
        if let Some(open) = self.operations.stop(id) {
            self.count(open.kind, Outcome::Ok, open.since);
            if open.kind == Kind::Subscription {
                // A stream ends when its rights do; the client should hear why.
                self.check().await?;
            }
        }
        Ok(Message::text(messages::complete(id)))
    }

    fn count(&self, kind: Kind, outcome: Outcome, since: Instant) {
        match kind {
            Kind::Subscription => self.edge.metrics.stream(outcome),
            _ => self.edge.metrics.operation(kind, outcome, since.elapsed()),
        }
    }
}

/// The token in a payload.
fn authorization(payload: &serde_json::Map<String, serde_json::Value>) -> Option<String> {
    payload.get("authorization").or_else(|| payload.get("Authorization"))?.as_str().map(str::to_owned)
}

fn errors(answer: &Answer) -> Vec<u8> {
    serde_json::to_vec(&answer.errors).unwrap_or_else(|_| b"[]".to_vec())
}

/// A message whose text is shared with every socket that sends the same.
fn text(json: Bytes) -> Message {
    Message::Text(Utf8Bytes::try_from(json).unwrap_or_default())
}
