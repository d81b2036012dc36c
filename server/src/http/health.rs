//! For those who look after the server: alive, ready, metrics, and GraphiQL in development.

use std::time::Duration;

use async_graphql::http::GraphiQLSource;
use poem::http::{StatusCode, header};
use poem::{Request, Response};
use serde_json::json;
use tokio::time::timeout;

use super::Edge;
use super::metrics::may_read;
use super::security::GRAPHIQL_POLICY;

const PING_LIMIT: Duration = Duration::from_secs(1);

/// The process runs and answers.
pub(crate) fn alive() -> Response {
    Response::builder().content_type("text/plain; charset=utf-8").header(header::CACHE_CONTROL, "no-store").body("ok\n")
}

/// Requests can be sent here: the database answers, events are caught up, and the server is not stopping.
pub(crate) async fn ready(edge: &Edge) -> Response {
    let database = timeout(PING_LIMIT, edge.app.store.ping()).await.is_ok_and(|pinged| pinged.is_ok());
    let events = edge.app.relay.caught_up();
    let staying = !*edge.stopping.borrow();
    let status = if database && events && staying { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |good| if good { "ok" } else { "not ready" };
    let body = json!({
        "database": word(database),
        "events": word(events),
        "serving": word(staying),
        "redis": if edge.app.relay.redis_connected() { "ok" } else { "away" },
    });
    Response::builder().status(status).content_type("application/json").header(header::CACHE_CONTROL, "no-store").body(body.to_string())
}

/// Prometheus' text format, for who may see it.
pub(crate) async fn metrics(edge: &Edge, request: &Request) -> Response {
    if !may_read(request, edge.options.metrics_token.as_deref()) {
        let text = "The metrics are for this machine, or for who has ENTENTE_METRICS_TOKEN.\n";
        return Response::builder().status(StatusCode::FORBIDDEN).content_type("text/plain; charset=utf-8").body(text);
    }
    match edge.metrics.encode(&edge.app, edge.schema.live_stats()).await {
        Ok(text) => Response::builder().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text),
        Err(_) => Response::builder().status(StatusCode::INTERNAL_SERVER_ERROR).finish(),
    }
}

/// The page of GraphiQL, which a browser loads from elsewhere.
pub(crate) fn graphiql() -> Response {
    let page = GraphiQLSource::build().endpoint("/graphql").subscription_endpoint("/graphql").title("Entente").finish();
    Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, GRAPHIQL_POLICY)
        .header(header::CACHE_CONTROL, "no-cache")
        .body(page)
}
