//! What one client has said so far and what it is answered: the protocol's rules, apart from the wire beneath.

use std::net::IpAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use async_graphql::Response as Answer;
use entente_app::clock::ulid_at;
use entente_app::live::{Principal, Standing};
use entente_domain::Timestamp;
use entente_graphql::{Message as Told, Opened};
use tokio_tungstenite::tungstenite::{Bytes, Message, Utf8Bytes};

use super::messages::{self, ClientMessage, Close};
use super::operations::{OPEN_MAX, Open, Operations, Said};
use crate::http::admission::UserPermit;
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
    client: Client,
    place: Option<UserPermit>,
    operations: Operations,
}

/// Who the client is.
struct Client {
    caller: Caller,
    /// When its token ends.
    until: Option<Timestamp>,
    standing: Option<Standing>,
    /// Its rights may have changed since they were read.
    unsure: bool,
}

type Outgoing = Result<Option<Message>, Close>;

/// A message's text in its frame, and the name of the operation that the frame is for.
struct Framed {
    id: Box<str>,
    text: Utf8Bytes,
}

impl Session {
    pub(super) fn new(edge: Arc<Edge>, origin: Origin) -> Self {
        let client = Client { caller: Caller::Nobody, until: None, standing: None, unsure: false };
        Self { edge, origin, introduced: false, acknowledged: false, client, place: None, operations: Operations::default() }
    }

    pub(super) fn is_acknowledged(&self) -> bool {
        self.acknowledged
    }

    /// Answers a message of the client's.
    pub(super) async fn hear(&mut self, text: &str) -> Outgoing {
        let message = serde_json::from_str::<ClientMessage>(text).map_err(|error| Close::new(4400, format!("Invalid message: {error}")))?;
        match message {
            ClientMessage::ConnectionInit { payload } => self.introduce(payload.as_ref().and_then(authorization)).await,
            ClientMessage::Ping { payload } => match payload.as_ref().and_then(authorization) {
                Some(authorization) => self.renew(authorization).await,
                None if payload.is_none() && self.acknowledged => Ok(Some(Message::text(messages::place(self.edge.app.hub.last_seq())))),
                None => Ok(Some(Message::text(messages::pong(payload)))),
            },
            ClientMessage::Pong {} => Ok(None),
            ClientMessage::Subscribe { id, payload } => self.subscribe(id, payload).await,
            ClientMessage::Complete { id } => {
                // The client knows that it ended the operation; it is not told again.
                if let Some(open) = self.operations.stop(&id) {
                    self.count(open.kind, Outcome::Ok, open.since);
                }
                Ok(None)
            }
        }
    }

    async fn introduce(&mut self, authorization: Option<&str>) -> Outgoing {
        if self.introduced {
            return Err(Close::new(4429, "Too many initialisation requests"));
        }
        self.introduced = true;
        self.client = Self::looked_up(&self.edge, authorization).await?;
        if let Caller::Known(actor) = &self.client.caller {
            let place = self.edge.admission.socket_of(&Principal::of(actor), self.origin.client_ip);
            self.place = Some(place.ok_or_else(|| {
                self.edge.limited("sockets");
                Close::new(1013, "Too many sockets of one account; close another one")
            })?);
        }
        self.acknowledged = true;
        Ok(Some(Message::text(messages::acknowledgement())))
    }

    /// Takes a new token in place of the one that is about to run out. It must speak for the same account or key.
    async fn renew(&mut self, authorization: &str) -> Outgoing {
        if !self.acknowledged {
            return Err(Close::new(4401, "Unauthorized"));
        }
        let principal = |client: &Client| if let Caller::Known(actor) = &client.caller { Some(Principal::of(actor)) } else { None };
        let client = Self::looked_up(&self.edge, Some(authorization)).await?;
        if principal(&client) != principal(&self.client) {
            return Err(Close::new(4403, "Forbidden"));
        }
        self.client = client;
        let renewed = serde_json::json!({ "authorization": "renewed" });
        Ok(Some(Message::text(messages::pong(renewed.as_object().cloned()))))
    }

    /// Who speaks with that token.
    async fn looked_up(edge: &Edge, authorization: Option<&str>) -> Result<Client, Close> {
        let app = &edge.app;
        let caller = request::caller(app, authorization).await.map_err(|error| {
            tracing::warn!(%error, "a token could not be looked up");
            Close::new(1013, "Try again later")
        })?;
        let standing = match &caller {
            Caller::Refused => return Err(Close::new(4403, "Forbidden")),
            Caller::Nobody => None,
            Caller::Known(actor) => Some(app.standing(actor)),
        };
        let until = authorization.and_then(request::bearer).and_then(|token| app.token_end(token));
        // Between the look-up and the watch something may have changed.
        Ok(Client { caller, until, unsure: standing.is_some(), standing })
    }

    /// Who the client is now: its token may have run out, or its account been closed, since it came.
    async fn caller(&mut self) -> Result<Caller, Close> {
        let client = &mut self.client;
        if client.until.is_some_and(|until| until <= self.edge.app.now()) {
            return Err(Close::new(4403, "Forbidden"));
        }
        client.unsure |= client.standing.as_ref().is_some_and(Standing::has_changed);
        if let (true, Caller::Known(actor)) = (client.unsure, &client.caller) {
            let actor = self.edge.app.refresh_actor(actor).await.map_err(|error| {
                tracing::warn!(%error, "the client's rights could not be read");
                Close::new(1013, "Try again later")
            })?;
            client.caller = Caller::Known(actor.ok_or_else(|| Close::new(4403, "Forbidden"))?);
            client.unsure = false;
        }
        Ok(client.caller.clone())
    }

    /// Looks whether the token still holds; a client whose token does not comes back with a new one.
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
        if !params.names_a_query() {
            return Err(Close::new(4400, "Invalid message: an operation needs a query"));
        }
        if self.operations.contains(&id) {
            return Err(Close::new(4409, format!("Subscriber for {id} already exists")));
        }
        let request_id = format!("{}.{}", self.origin.request_id, ulid_at(jiff::Timestamp::now()));
        let refuse = |code, message: &str| Ok(Some(Message::text(messages::refusal(&id, code, message, &request_id))));
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
                return Ok(Some(text(messages::error(&id, &errors(&answer)))));
            }
            Opened::Stream(subscriber) => self.operations.follow(id, subscriber, counted),
            Opened::Answer(answer) => self.operations.answer(id, kind, tokio::spawn(answer), counted),
        }
        Ok(None)
    }

    /// Whether a query or a mutation of this socket is still under way.
    pub(super) fn owes_answers(&self) -> bool {
        self.operations.owe_answers()
    }

    /// The next thing that an operation has to say.
    pub(super) fn poll_said(&mut self, context: &mut Context<'_>) -> Poll<(usize, Said)> {
        self.operations.poll(context)
    }

    /// What is to be sent for it.
    pub(super) async fn say(&mut self, (at, said): (usize, Said)) -> Outgoing {
        match said {
            Said::Message(message) => Ok(Some(self.told(at, &message))),
            Said::Answer(Some(answer)) => Ok(Some(self.answered(at, &answer))),
            Said::Answer(None) => Err(Close::new(1011, "Internal error")),
            Said::End => Box::pin(self.ended(at)).await,
        }
    }

    fn told(&mut self, at: usize, message: &Told) -> Message {
        if message.failed {
            let open = self.stopped(at, Outcome::Error);
            return text(messages::error(&open.id, &message.payload));
        }
        self.edge.metrics.delivered(message.at);
        let id = &self.operations.at(at).id;
        let frame = |payload: &[u8]| Framed { id: id.clone(), text: utf8(messages::next(id, payload)) };
        match message.made(frame) {
            Some(framed) if framed.id == *id => Message::Text(framed.text.clone()),
            _ => text(messages::next(id, &message.payload)),
        }
    }

    /// An operation that never ran ends with `error`; one that ran and failed says so in its result.
    fn answered(&mut self, at: usize, answer: &Answer) -> Message {
        if !wire::was_refused(answer) {
            return text(messages::next(&self.operations.at(at).id, &wire::encode(answer)));
        }
        let open = self.stopped(at, Outcome::Refused);
        text(messages::error(&open.id, &errors(answer)))
    }

    async fn ended(&mut self, at: usize) -> Outgoing {
        let open = self.stopped(at, Outcome::Ok);
        if open.kind == Kind::Subscription {
            // A stream ends when its rights do; the client should hear why.
            self.check().await?;
        }
        Ok(Some(Message::text(messages::complete(&open.id))))
    }

    fn stopped(&mut self, at: usize, outcome: Outcome) -> Open {
        let open = self.operations.stop_at(at);
        self.count(open.kind, outcome, open.since);
        open
    }

    fn count(&self, kind: Kind, outcome: Outcome, since: Instant) {
        match kind {
            Kind::Subscription => self.edge.metrics.stream(outcome),
            _ => self.edge.metrics.operation(kind, outcome, since.elapsed()),
        }
    }
}

/// The token in a payload.
fn authorization(payload: &serde_json::Map<String, serde_json::Value>) -> Option<&str> {
    payload.get("authorization").or_else(|| payload.get("Authorization"))?.as_str()
}

fn errors(answer: &Answer) -> Vec<u8> {
    serde_json::to_vec(&answer.errors).unwrap_or_else(|_| b"[]".to_vec())
}

fn utf8(json: Bytes) -> Utf8Bytes {
    Utf8Bytes::try_from(json).unwrap_or_default()
}

fn text(json: Bytes) -> Message {
    Message::Text(utf8(json))
}
