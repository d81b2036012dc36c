//! The schema ready to run: limits before anything else, who asks, one set of loaders per request, and errors with codes.

use std::any::TypeId;
use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Response, SDLExportOptions, Schema, Value as ConstValue, Variables};
use entente_app::App;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _};

use crate::context::{Acting, RequestContext};
use crate::limits::{COST_MAX, Shape, check_document, check_text};
use crate::limits_rate::Rates;
use crate::live::{LiveStats, Streams, Subscriber, Subscribing};
use crate::problem::{Problem, finish};
use crate::relations::Cell;
use crate::{Mutation, Query, Subscription};

/// What a schema is made with.
#[derive(Debug, Clone, Copy, Default)]
pub struct SchemaOptions {
    /// Whether callers may read the schema and are offered names that are like the ones they mistyped.
    pub introspection: bool,
}

/// The schema, ready to run. Cheap to clone. Put a [`RequestContext`] into the data of each request.
#[derive(Clone)]
pub struct EntenteSchema {
    inner: Schema<Query, Mutation, Subscription>,
    app: Option<App>,
    introspection: bool,
    rates: Option<Arc<Rates>>,
    streams: Streams,
}

/// What was found out about a request's document, kept with the request so that it is looked at once.
#[derive(Clone, Copy)]
struct Screened(Option<Shape>);

/// An operation that was opened on a socket.
pub enum Opened {
    /// It is not run; the errors say why.
    Refused(Box<Response>),
    /// A query or a mutation, answered once.
    Answer(BoxFuture<'static, Response>),
    /// A subscription.
    Stream(Box<Subscriber>),
}

/// Makes the schema; without an application it can only be printed.
pub fn schema(app: Option<App>, options: SchemaOptions) -> EntenteSchema {
    let builder = Schema::build(Query::default(), Mutation::default(), Subscription::default());
    let mut builder = builder.limit_complexity(COST_MAX).limit_directives(8);
    if let Some(app) = &app {
        builder = builder.data(app.clone());
    }
    if !options.introspection {
        builder = builder.disable_introspection().disable_suggestions();
    }
    EntenteSchema { inner: builder.finish(), app, introspection: options.introspection, rates: None, streams: Streams::default() }
}

/// The schema as SDL with descriptions, sorted, so that it only changes when the schema does.
pub fn sdl() -> String {
    schema(None, SchemaOptions { introspection: true }).sdl()
}

/// Every variable that must have a value has one. The library would find out field by field while it runs; by the
/// specification the operation is not run at all.
fn check_variables(document: &ExecutableDocument, name: Option<&str>, variables: &Variables) -> Result<(), Problem> {
    let operation = document.operations.iter().find(|(known, _)| name.is_none() || known.map(|known| known.as_str()) == name);
    for definition in operation.iter().flat_map(|(_, operation)| &operation.node.variable_definitions) {
        let definition = &definition.node;
        let is_needed = !definition.var_type.node.nullable && definition.default_value.is_none();
        let is_given = variables.get(&definition.name.node).is_some_and(|value| *value != ConstValue::Null);
        if is_needed && !is_given {
            return Err(Problem::bad_request(format!("The variable ${} needs a value.", definition.name.node)));
        }
    }
    Ok(())
}

impl EntenteSchema {
    /// The schema as SDL with descriptions, sorted.
    pub fn sdl(&self) -> String {
        let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().use_space_ident();
        let sdl = self.inner.sdl_with_options(options);
        let lines: Vec<&str> = sdl.lines().map(str::trim_end).collect();
        format!("{}\n", lines.join("\n").trim())
    }

    /// Has operations counted, and refused when there are too many of them.
    pub fn with_rates(self, rates: Rates) -> Self {
        Self { rates: Some(Arc::new(rates)), ..self }
    }

    /// Refuses a document that is beyond the limits, before anybody looks up who asks.
    pub fn screen(&self, request: &mut Request, request_id: &str) -> Result<(), Box<Response>> {
        let screened = self.shape(request).map_err(|problem| Box::new(problem.into_response(request_id)))?;
        request.data.insert(Screened(screened));
        Ok(())
    }

    /// Runs a query or a mutation.
    pub async fn execute(&self, mut request: Request) -> Response {
        let context = self.context(&request);
        match self.admit(&mut request, &context) {
            Err(problem) => problem.into_response(&context.request_id),
            Ok(OperationType::Subscription) => Problem::bad_request("Subscriptions need a socket.").into_response(&context.request_id),
            Ok(_) => self.answer(request, &context).await,
        }
    }

    /// Opens any operation on a socket: a subscription becomes a subscriber, everything else one answer.
    pub fn open(&self, mut request: Request) -> Opened {
        let context = self.context(&request);
        match self.admit(&mut request, &context) {
            Err(problem) => Opened::Refused(Box::new(problem.into_response(&context.request_id))),
            Ok(OperationType::Subscription) => match self.subscriber(&mut request, &context) {
                Ok(subscriber) => Opened::Stream(Box::new(subscriber)),
                Err(problem) => Opened::Refused(Box::new(problem.into_response(&context.request_id))),
            },
            Ok(_) => {
                let engine = self.clone();
                Opened::Answer(async move { engine.answer(request, &context).await }.boxed())
            }
        }
    }

    fn subscriber(&self, request: &mut Request, context: &RequestContext) -> Result<Subscriber, Problem> {
        let app = self.app.clone().ok_or_else(|| Problem::unavailable("schema without use cases"))?;
        let actor = context.actor.clone().ok_or_else(Problem::unauthenticated)?;
        let (subscribing, begin) = Subscribing::of(request).ok_or_else(|| Problem::bad_request("There is no such operation."))?;
        Ok(Subscriber::new(self.clone(), app, self.streams.shared(subscribing), begin, actor))
    }

    async fn answer(&self, request: Request, context: &RequestContext) -> Response {
        let mut response = self.inner.execute(self.equip(request, context)).await;
        finish(&mut response, &context.request_id);
        response
    }

    /// The answers of a subscription that was admitted, under the rights that came with it.
    pub(crate) fn run(&self, request: Request) -> BoxStream<'static, Response> {
        let context = self.context(&request);
        let stream = self.inner.execute_stream(self.equip(request, &context));
        let finished = stream.map(move |mut response| {
            finish(&mut response, &context.request_id);
            response
        });
        finished.boxed()
    }

    pub(crate) fn streams(&self) -> &Streams {
        &self.streams
    }

    /// What the live streams of this schema have done so far.
    pub fn live_stats(&self) -> LiveStats {
        self.streams.stats()
    }

    fn context(&self, request: &Request) -> RequestContext {
        let found = request.data.get(&TypeId::of::<RequestContext>()).and_then(|c| c.downcast_ref::<RequestContext>());
        found.cloned().unwrap_or_default()
    }

    /// Limits, and whether a token that does not hold stands in the way. Touches nothing outside of the document.
    fn admit(&self, request: &mut Request, context: &RequestContext) -> Result<OperationType, Problem> {
        let screened = request.data.get(&TypeId::of::<Screened>()).and_then(|s| s.downcast_ref::<Screened>()).copied();
        let shape = match screened {
            Some(Screened(shape)) => shape,
            None => self.shape(request)?,
        };
        let session_only = shape.is_some_and(|s| s.session_only);
        if context.auth_error && !session_only {
            return Err(Problem::unauthenticated());
        }
        if let Some(rates) = &self.rates {
            rates.charge(context, shape)?;
        }
        Ok(shape.map_or(OperationType::Query, |s| s.ty))
    }

    /// What the document asks for, if it is within the limits.
    fn shape(&self, request: &mut Request) -> Result<Option<Shape>, Problem> {
        check_text(&request.query)?;
        let name = request.operation_name.clone();
        // Beside the request for a moment, because the document is borrowed from it.
        let variables = std::mem::take(&mut request.variables);
        let document = request.parsed_query().map_err(|e| Problem::bad_request(e.message))?;
        let shape = check_document(document, name.as_deref())?;
        check_variables(document, name.as_deref(), &variables)?;
        request.variables = variables;
        if !self.introspection && shape.is_some_and(|s| s.introspects) {
            return Err(Problem::bad_request("Introspection is switched off here; the schema is in schema.graphql."));
        }
        Ok(shape)
    }

    /// Gives the request its actor and its loaders.
    fn equip(&self, request: Request, context: &RequestContext) -> Request {
        let acting = Arc::new(Acting::of(context.actor.clone()));
        let mut request = request.data(context.clone()).data(acting.clone());
        if let Some(app) = &self.app {
            request = request.data(Cell::new(app.clone(), acting));
        }
        request
    }
}
