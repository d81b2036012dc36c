//! What a client subscribes to: the operation with its variables, apart from where it wants to begin.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection};
use async_graphql::{Name, Request, Response, Value, Variables};
use async_graphql_value::Value as Argument;
use entente_app::live::{Audience, Span};
use futures::StreamExt as _;
use futures::stream::{BoxStream, unfold};

use super::feed::Place;
use super::group::Message;
use crate::EntenteSchema;
use crate::context::RequestContext;
use crate::page::read_seq_cursor;
use crate::problem::has_code;

/// The argument by which every stream is told where to begin.
const AFTER: &str = "after";
/// How long the answer to an event is tried again while what is needed for it does not answer.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// Where a subscriber wants to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
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

/// A subscription's operation.
#[derive(Debug)]
pub(crate) struct Subscribing {
    query: String,
    operation_name: Option<String>,
    variables: Variables,
    document: ExecutableDocument,
    begin: Begin,
    operation: Arc<str>,
}

impl Subscribing {
    /// Of a request whose document was checked; none when it holds no operation to run, which the engine will say.
    pub(crate) fn of(request: &mut Request) -> Option<Self> {
        let document = request.parsed_query().ok()?.clone();
        let (mut begin, mut variables) = (Begin::Unclear, request.variables.clone());
        if let Some(argument) = after_argument(&document, request.operation_name.as_deref()) {
            let variable = if let Some(Argument::Variable(name)) = argument { Some(name.clone()) } else { None };
            begin = begins(argument, &document, request.operation_name.as_deref(), &variables);
            if let Some(variable) = variable {
                variables.remove(&variable);
            }
        }
        let name = request.operation_name.as_deref().unwrap_or_default();
        let operation = format!("{name}\n{}\n{}", Value::Object(variables.iter().map(|(k, v)| (k.clone(), v.clone())).collect()), request.query);
        Some(Self {
            query: request.query.clone(),
            operation_name: request.operation_name.clone(),
            variables: request.variables.clone(),
            document,
            begin,
            operation: operation.into(),
        })
    }

    pub(super) fn begin(&self) -> Begin {
        self.begin
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
        let mut request = Request::new(self.query.clone()).variables(self.variables.clone()).data(context).data(place);
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
    use crate::page::seq_cursor;

    fn read(query: &str, after: Option<&str>) -> Subscribing {
        let mut request = Request::new(query);
        if let Some(after) = after {
            request.variables.insert(Name::new("from"), Value::String(after.into()));
        }
        Subscribing::of(&mut request).unwrap()
    }

    #[test]
    fn where_to_begin_is_told_apart_from_what_is_asked() {
        let (seven, query) = (seq_cursor(7), "subscription($from: String) { dealChanges(after: $from) { __typename } }");
        let (now, later) = (read(query, None), read(query, Some(&seven)));
        assert_eq!((now.begin(), later.begin()), (Begin::At(None), Begin::At(Some(7))));
        assert_eq!(now.operation, later.operation, "one operation, wherever it begins");
        assert_ne!(now.operation, read(&query.replace("__typename", "... on DealChange { kind }"), None).operation);
        let literal = format!("subscription {{ dealChanges(after: \"{seven}\") {{ __typename }} }}");
        assert_eq!(read(&literal, None).begin(), Begin::At(Some(7)));
        assert_eq!(read("subscription { dealChanges { __typename } }", None).begin(), Begin::At(None));
    }

    #[test]
    fn what_only_the_engine_can_judge_is_left_to_it() {
        let query = "subscription($from: String!) { dealChanges(after: $from) { __typename } }";
        assert_eq!(read(query, None).begin(), Begin::Unclear, "a variable that is required");
        assert_eq!(read(query, Some("rubbish")).begin(), Begin::Unclear);
        assert_eq!(read("subscription { dealChanges(after: 5) { __typename } }", None).begin(), Begin::Unclear);
        assert_eq!(read("subscription { ...A } fragment A on Subscription { dealChanges { __typename } }", None).begin(), Begin::Unclear);
        assert_eq!(read("subscription { a: dealChanges { __typename } b: dealChanges { __typename } }", None).begin(), Begin::Unclear);
    }
}
