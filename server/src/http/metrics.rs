//! What the server counts, in Prometheus' text format at `/metrics`.

use std::time::Duration;

use entente_app::App;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::operation::Kind;

/// Upper bounds of the durations, in seconds.
const BOUNDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// How a GraphQL operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Without a top-level error; a payload may still tell the caller what to mend.
    Ok,
    /// It ran, and a top-level error came of it.
    Error,
    /// It was refused before it ran.
    Refused,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Refused => "refused",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    kind: &'static str,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KindLabel {
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResponseLabels {
    route: &'static str,
    code: u16,
}

/// The counters of one server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    operations: Family<OperationLabels, Counter>,
    durations: Family<KindLabel, Histogram>,
    responses: Family<ResponseLabels, Counter>,
    /// HTTP requests under way.
    pub(crate) in_flight: Gauge,
    /// WebSockets that are open.
    pub(crate) sockets: Gauge,
    /// Operations that are open on them.
    pub(crate) subscriptions: Gauge,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("entente");
        let operations = Family::<OperationLabels, Counter>::default();
        let durations = Family::<KindLabel, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
        let responses = Family::<ResponseLabels, Counter>::default();
        let (in_flight, sockets, subscriptions) = (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("operations", "GraphQL operations by kind and how they ended", operations.clone());
        registry.register("operation_duration_seconds", "Time from the request to the answer, by kind of operation", durations.clone());
        registry.register("http_responses", "HTTP responses by route and status", responses.clone());
        registry.register("http_requests_in_flight", "HTTP requests under way", in_flight.clone());
        registry.register("sockets_open", "WebSockets that are open", sockets.clone());
        registry.register("socket_operations_open", "Operations that are open on WebSockets", subscriptions.clone());
        Self { registry, operations, durations, responses, in_flight, sockets, subscriptions }
    }

    pub(crate) fn operation(&self, kind: Kind, outcome: Outcome, took: Duration) {
        self.operations.get_or_create(&OperationLabels { kind: kind.name(), status: outcome.name() }).inc();
        self.durations.get_or_create(&KindLabel { kind: kind.name() }).observe(took.as_secs_f64());
    }

    /// A subscription ended; how long it was open says nothing about the server.
    pub(crate) fn stream(&self, outcome: Outcome) {
        self.operations.get_or_create(&OperationLabels { kind: Kind::Subscription.name(), status: outcome.name() }).inc();
    }

    pub(crate) fn response(&self, route: &'static str, code: u16) {
        self.responses.get_or_create(&ResponseLabels { route, code }).inc();
    }

    /// Everything as text, with the state of the relay as it is now.
    pub(crate) fn encode(&self, app: &App) -> Result<String, std::fmt::Error> {
        let mut now = Registry::with_prefix("entente");
        let (last, known) = (app.hub.last_seq(), app.relay.known_seq());
        now.register("events_relayed", "Events handed to this server's subscribers", ConstCounter::<u64>::new(app.hub.relayed()));
        let mut gauge = |name: &str, help: &str, value: i64| now.register(name, help, ConstGauge::<i64>::new(value));
        gauge("relay_last_seq", "Number of the last event handed to subscribers", last);
        gauge("relay_lag_events", "Events that are numbered and not handed out yet", (known - last).max(0));
        gauge("relay_leader", "1 when this server numbers the events", i64::from(app.relay.is_leader()));
        gauge("relay_redis_connected", "1 when Redis wakes this server", i64::from(app.relay.redis_connected()));
        gauge("hub_subscribers", "Streams of changes that are open", i64::try_from(app.hub.subscribers()).unwrap_or(i64::MAX));
        let mut text = String::new();
        text::encode_registry(&mut text, &self.registry)?;
        text::encode(&mut text, &now)?;
        Ok(text)
    }
}

/// Counts one for as long as it lives.
#[derive(Debug)]
pub(crate) struct Counted(Gauge);

impl Counted {
    pub(crate) fn new(gauge: &Gauge<i64, std::sync::atomic::AtomicI64>) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
