//! The schema ready to run: limits before anything else, who asks, one set of loaders per request, and errors with codes.

use std::any::TypeId;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Data, Executor, Request, Response, SDLExportOptions, Schema};
use entente_app::App;
use futures::StreamExt as _;
use futures::stream::BoxStream;

use crate::context::{Acting, RequestContext};
use crate::limits::{COST_MAX, check_document, check_text};
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
    EntenteSchema { inner: builder.finish(), app, introspection: options.introspection }
}

/// The schema as SDL with descriptions, sorted, so that it only changes when the schema does.
pub fn sdl() -> String {
    schema(None, SchemaOptions { introspection: true }).sdl()
}

impl EntenteSchema {
    /// The schema as SDL with descriptions, sorted.
    pub fn sdl(&self) -> String {
        let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().use_space_ident();
        let sdl = self.inner.sdl_with_options(options);
        let lines: Vec<&str> = sdl.lines().map(str::trim_end).collect();
        format!("{}\n", lines.join("\n").trim())
    }

    /// Runs a query or a mutation.
    pub async fn execute(&self, mut request: Request) -> Response {
        let context = self.context(&request);
        match self.admit(&mut request, &context) {
            Err(problem) => problem.into_response(&context.request_id),
            Ok(OperationType::Subscription) => Problem::bad_request("Subscriptions need a socket.").into_response(&context.request_id),
            Ok(_) => {
                let mut response = self.inner.execute(self.equip(request, &context)).await;
                finish(&mut response, &context.request_id);
                response
            }
        }
    }

    /// Runs any operation as a stream: a subscription answers each event, everything else once.
    pub fn execute_stream(&self, mut request: Request) -> BoxStream<'static, Response> {
        let context = self.context(&request);
        if let Err(problem) = self.admit(&mut request, &context) {
            let refused = problem.into_response(&context.request_id);
            return futures::stream::once(async { refused }).boxed();
        }
        let request_id = context.request_id.clone();
        let stream = self.inner.execute_stream(self.equip(request, &context));
        let finished = stream.map(move |mut response| {
            finish(&mut response, &request_id);
            response
        });
        finished.boxed()
    }

    fn context(&self, request: &Request) -> RequestContext {
        let found = request.data.get(&TypeId::of::<RequestContext>()).and_then(|c| c.downcast_ref::<RequestContext>());
        found.cloned().unwrap_or_default()
    }

    /// Limits, and whether a token that does not hold stands in the way. Touches nothing outside of the document.
    fn admit(&self, request: &mut Request, context: &RequestContext) -> Result<OperationType, Problem> {
        check_text(&request.query)?;
        let name = request.operation_name.clone();
        let document = request.parsed_query().map_err(|e| Problem::bad_request(e.message))?;
        let shape = check_document(document, name.as_deref())?;
        let session_only = shape.is_some_and(|s| s.session_only);
        if context.auth_error && !session_only {
            return Err(Problem::unauthenticated());
        }
        if !self.introspection && shape.is_some_and(|s| s.introspects) {
            return Err(Problem::bad_request("Introspection is switched off here; the schema is in schema.graphql."));
        }
        Ok(shape.map_or(OperationType::Query, |s| s.ty))
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

impl Executor for EntenteSchema {
    async fn execute(&self, request: Request) -> Response {
        Self::execute(self, request).await
    }

    fn execute_stream(&self, request: Request, _session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        Self::execute_stream(self, request)
    }
}
