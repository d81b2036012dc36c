//! What a client subscribes to: the operation with its variables, apart from where it wants to begin.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection};
use async_graphql::{Name, Request, Response, Value, Variables};
use async_graphql_value::Value as Argument;
use entente_app::live::{Audience, Span};
use entente_domain::policy::Actor;
use futures::StreamExt as _;
use futures::stream::{BoxStream, unfold};

use super::feed::Place;
use super::group::Message;
use crate::EntenteSchema;
use crate::context::RequestContext;
use crate::page::{read_seq_cursor, seq_cursor};
use crate::problem::has_code;

/// Streams of what is somebody's own: nobody shares the answers, not even with somebody of the same roles.
const PERSONAL: [&str; 1] = ["notificationChanges"];
/// The argument by which every stream is told where to begin.
const AFTER: &str = "after";
/// How long the answer to an event is tried again while what is needed for it does not answer.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// Where a subscriber wants to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// After that event, or now.
    At(Option<i64>),
    /// Only the engine can say: the argument is wrong, or written in a way that is not looked through here.
    Unclear,
}

/// What subscribers have in common when they are answered the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    operation: Arc<str>,
    audience: Audience,
}

/// A subscription's operation, wherever it begins: one value for all who ask the same.
#[derive(Debug)]
pub(crate) struct Subscribing {
    operation_name: Option<String>,
    variables: Variables,
    document: ExecutableDocument,
    operation: Arc<str>,
    personal: bool,
}

impl Subscribing {
    /// Of a request whose document was checked, and where it wants to begin; none when it holds no operation to run, which the
    /// engine will say.
    pub(crate) fn of(request: &mut Request) -> Option<(Self, Begin)> {
        let document = request.parsed_query().ok()?.clone();
        let (name, mut variables) = (request.operation_name.as_deref(), request.variables.clone());
        let argument = after_argument(&document, name);
        let begin = argument.map_or(Begin::Unclear, |argument| begins(argument, &document, name, &variables));
        if let (Begin::At(_), Some(Some(Argument::Variable(variable)))) = (begin, argument) {
            // Where to begin is told beside the operation; what is left in its place is the same for all.
            match optional(&document, name, variable) {
                true => variables.remove(variable),
                false => variables.insert(variable.clone(), Value::String(seq_cursor(0))),
            };
        }
        let given = Value::Object(variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect());
        let operation = format!("{}\n{given}\n{}", name.unwrap_or_default(), request.query).into();
        let personal = is_personal(&document, name);
        Some((Self { operation_name: request.operation_name.clone(), variables, document, operation, personal }, begin))
    }

    /// By what it is known: everything that was asked but where to begin.
    pub(super) fn operation(&self) -> &Arc<str> {
        &self.operation
    }

    /// Whom it is answered for: everybody with the same rights as the actor, or the actor alone.
    pub(super) fn audience(&self, actor: &Actor) -> Audience {
        if self.personal { Audience::personal(actor) } else { Audience::of(actor) }
    }

    pub(super) fn key(&self, audience: &Audience) -> Key {
        Key { operation: self.operation.clone(), audience: audience.clone() }
    }

    /// The answers to this operation for that audience. What fails only because something does not answer just now is
    /// tried again, so that no outage ends a stream or takes an event out of it.
    pub(super) fn messages(self: &Arc<Self>, engine: EntenteSchema, audience: &Audience, span: Option<Span>) -> BoxStream<'static, Message> {
        let running = Running { engine, subscribing: self.clone(), audience: audience.clone(), span, answers: None, pause: Duration::ZERO };
        unfold(running, |mut running| async move { running.next().await.map(|message| (message, running)) }).boxed()
    }

    fn request(&self, audience: &Audience, place: Arc<Place>) -> Request {
        let context = RequestContext { actor: Some(audience.actor()), request_id: "live".into(), ..RequestContext::default() };
        let mut request = Request::new("").variables(self.variables.clone()).data(context).data(place);
        request.operation_name.clone_from(&self.operation_name);
        request.set_parsed_query(self.document.clone());
        request
    }
}

struct Running {
    engine: EntenteSchema,
    subscribing: Arc<Subscribing>,
    audience: Audience,
    span: Option<Span>,
    answers: Option<(BoxStream<'static, Response>, Arc<Place>)>,
    pause: Duration,
}

impl Running {
    async fn next(&mut self) -> Option<Message> {
        loop {
            let (answers, place) = self.answers.get_or_insert_with(|| {
                let place = Arc::new(Place::new(self.span));
                (self.engine.run(self.subscribing.request(&self.audience, place.clone())), place)
            });
            let answer = answers.next().await?;
            let (seq, at) = place.now();
            if !has_code(&answer, "UNAVAILABLE") {
                self.pause = Duration::ZERO;
                if let Some(span) = &mut self.span {
                    span.after = Some(seq);
                }
                return Some(Message::of(&answer, seq, at));
            }
            self.answers = None;
            self.pause = (self.pause * 2).clamp(Duration::from_millis(50), PAUSE_MAX);
            tokio::time::sleep(self.pause).await;
        }
    }
}

/// The operation that is to run.
fn operation<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    let mut found = document.operations.iter().filter(|(n, _)| name.is_none_or(|name| n.is_some_and(|n| n.as_str() == name)));
    found.next().map(|(_, operation)| &operation.node)
}

/// Whether anything that is asked for is somebody's own. What cannot be looked through here counts as such.
fn is_personal(document: &ExecutableDocument, name: Option<&str>) -> bool {
    let Some(operation) = operation(document, name) else { return true };
    operation.selection_set.node.items.iter().any(|item| match &item.node {
        Selection::Field(field) => PERSONAL.contains(&field.node.name.node.as_str()),
        _ => true,
    })
}

/// The argument `after` of the one root field: none outside when the root is anything but one plain field, none within when the
/// argument is left out.
fn after_argument<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<Option<&'a Argument>> {
    match operation(document, name)?.selection_set.node.items.as_slice() {
        [only] => match &only.node {
            Selection::Field(field) => Some(field.node.get_argument(AFTER).map(|value| &value.node)),
            _ => None,
        },
        _ => None,
    }
}

fn begins(argument: Option<&Argument>, document: &ExecutableDocument, name: Option<&str>, variables: &Variables) -> Begin {
    let given = match argument {
        None | Some(Argument::Null) => return Begin::At(None),
        Some(Argument::String(text)) => Some(text.as_str()),
        Some(Argument::Variable(variable)) => match (variables.get(variable), optional(document, name, variable)) {
            (Some(Value::String(text)), _) => Some(text.as_str()),
            (None | Some(Value::Null), true) => return Begin::At(None),
            _ => None,
        },
        Some(_) => None,
    };
    given.and_then(|text| read_seq_cursor(text).ok()).map_or(Begin::Unclear, |seq| Begin::At(Some(seq)))
}

/// Whether the variable may be left out and is nothing then.
fn optional(document: &ExecutableDocument, name: Option<&str>, variable: &Name) -> bool {
    let definitions = operation(document, name).map(|o| o.variable_definitions.as_slice()).unwrap_or_default();
    definitions.iter().any(|d| d.node.name.node == *variable && d.node.var_type.node.nullable && d.node.default_value.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, after: Option<&str>) -> (Subscribing, Begin) {
        let mut request = Request::new(query);
        if let Some(after) = after {
            request.variables.insert(Name::new("from"), Value::String(after.into()));
        }
        Subscribing::of(&mut request).unwrap()
    }

    fn begin(query: &str, after: Option<&str>) -> Begin {
        read(query, after).1
    }

    #[test]
    fn where_to_begin_is_told_apart_from_what_is_asked() {
        let seven = seq_cursor(7);
        for query in [
            "subscription($from: String) { dealChanges(after: $from) { __typename } }",
            "subscription($from: String!) { dealChanges(after: $from) { __typename } }",
        ] {
            let (later, begin) = read(query, Some(&seven));
            assert_eq!(begin, Begin::At(Some(7)));
            assert_eq!(later.operation, read(query, Some(&seq_cursor(8))).0.operation, "one operation, wherever it begins");
            assert_ne!(later.operation, read(&query.replace("__typename", "... on DealChange { kind }"), Some(&seven)).0.operation);
        }
        assert_eq!(begin("subscription($from: String) { dealChanges(after: $from) { __typename } }", None), Begin::At(None));
        assert_eq!(begin(&format!("subscription {{ dealChanges(after: \"{seven}\") {{ __typename }} }}"), None), Begin::At(Some(7)));
        assert_eq!(begin("subscription { dealChanges { __typename } }", None), Begin::At(None));
    }

    #[test]
    fn what_only_the_engine_can_judge_is_left_to_it() {
        let query = "subscription($from: String!) { dealChanges(after: $from) { __typename } }";
        assert_eq!(begin(query, None), Begin::Unclear, "a variable that is required");
        let (rubbish, unclear) = read(query, Some("rubbish"));
        assert_eq!((unclear, rubbish.variables.len()), (Begin::Unclear, 1), "it is kept for the engine to refuse");
        assert_eq!(begin("subscription { dealChanges(after: 5) { __typename } }", None), Begin::Unclear);
        assert_eq!(begin("subscription { ...A } fragment A on Subscription { dealChanges { __typename } }", None), Begin::Unclear);
        assert_eq!(begin("subscription { a: dealChanges { __typename } b: dealChanges { __typename } }", None), Begin::Unclear);
    }
}
