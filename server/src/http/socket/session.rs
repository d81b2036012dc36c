//! What one client has said so far and what it is answered: the protocol's rules, apart from the wire beneath.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::{Response as Answer, Value};
use entente_app::clock::ulid_at;
use futures::StreamExt;
use poem::web::websocket::Message;

use super::messages::{self, ClientMessage, Close};
use super::operations::{Event, OPEN_MAX, Operations};
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
    operations: Operations,
}

type Outgoing = Result<Vec<Message>, Close>;

impl Session {
    pub(super) fn new(edge: Arc<Edge>, origin: Origin) -> Self {
        Self { edge, origin, introduced: false, acknowledged: false, authorization: None, operations: Operations::default() }
    }

    pub(super) fn is_acknowledged(&self) -> bool {
        self.acknowledged
    }

    /// Answers a message of the client's.
    pub(super) async fn hear(&mut self, text: &str) -> Outgoing {
        let message = serde_json::from_str::<ClientMessage>(text).map_err(|error| Close::new(4400, format!("Invalid message: {error}")))?;
        match message {
            ClientMessage::ConnectionInit { payload } => {
                let authorization = payload.as_ref().and_then(|payload| payload.get("authorization").or_else(|| payload.get("Authorization")));
                self.introduce(authorization.and_then(|value| value.as_str()).map(str::to_owned)).await
            }
            ClientMessage::Ping { payload } => Ok(vec![Message::text(messages::pong(payload))]),
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
        self.caller().await?;
        self.acknowledged = true;
        Ok(vec![Message::text(messages::acknowledgement())])
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
        let operation = match graphql::of(params) {
            Ok(operation) => operation,
            Err(why) => return refuse("BAD_REQUEST", &why.message),
        };
        let caller = self.caller().await?;
        let kind = operation::kind(&operation.query, operation.operation_name.as_deref());
        let context = request::described(caller, request_id, self.origin.client_ip, None);
        let answers = self.edge.schema.execute_stream(operation.data(context)).boxed();
        let counted = Counted::new(&self.edge.metrics.subscriptions);
        self.operations.start(id, kind, answers, counted);
        Ok(Vec::new())
    }

    /// The next thing that an operation has to say. Safe to drop while waiting.
    pub(super) async fn event(&mut self) -> Result<String, Close> {
        let Event { id, answer, .. } = self.operations.next().await;
        match answer {
            Some(answer) => Ok(self.answered(&id, &answer)),
            None => {
                if let Some(open) = self.operations.stop(&id) {
                    self.count(open.kind, Outcome::Ok, open.since);
                }
                Ok(messages::complete(&id))
            }
        }
    }

    fn answered(&mut self, id: &str, answer: &Answer) -> String {
        let Some(open) = self.operations.get_mut(id) else { return messages::next(id, answer) };
        // An operation that never ran, and a stream that broke, end with `error`; a query that ran says so in its result.
        let failed = answer.data == Value::Null && !answer.errors.is_empty();
        let (first, is_stream) = (!open.answered, open.kind == Kind::Subscription);
        open.answered = true;
        if failed && (is_stream || (first && wire::was_refused(answer))) {
            if let Some(open) = self.operations.stop(id) {
                self.count(open.kind, if first { Outcome::Refused } else { Outcome::Error }, open.since);
            }
            return messages::error(id, answer);
        }
        messages::next(id, answer)
    }

    fn count(&self, kind: Kind, outcome: Outcome, since: Instant) {
        match kind {
            Kind::Subscription => self.edge.metrics.stream(outcome),
            _ => self.edge.metrics.operation(kind, outcome, since.elapsed()),
        }
    }
}
