//! What the server counts, in Prometheus' text format at `/metrics`.

use std::time::Duration;

use entente_app::App;
use entente_domain::Timestamp;
use entente_graphql::LiveStats;
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

/// Upper bounds of the time from commit to screen, in seconds.
const DELIVERY_BOUNDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// With which code a socket was closed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct CloseLabel {
    /// The close code; one that neither the protocol nor we know is 0.
    pub(crate) code: u16,
}

/// Which limit of the door was hit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct LimitLabel {
    /// A name from the code, never from a request.
    pub(crate) kind: &'static str,
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
    /// Sockets that were closed, by close code; [`Metrics::socket_closed`] keeps the codes few.
    sockets_closed: Family<CloseLabel, Counter>,
    /// Messages of subscriptions that were written to sockets.
    events_delivered: Counter,
    /// Seconds from the commit of an event until it was written to a socket.
    delivery_seconds: Histogram,
    /// Requests and sockets that a limit turned away, by limit.
    pub(crate) rate_limited: Family<LimitLabel, Counter>,
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
        let sockets_closed = Family::<CloseLabel, Counter>::default();
        let events_delivered = Counter::default();
        let delivery_seconds = Histogram::new(DELIVERY_BOUNDS);
        let rate_limited = Family::<LimitLabel, Counter>::default();
        registry.register("sockets_closed", "WebSockets that were closed, by close code", sockets_closed.clone());
        registry.register("events_delivered", "Messages of subscriptions written to WebSockets", events_delivered.clone());
        registry.register("delivery_seconds", "Time from the commit of an event until it is written to a WebSocket", delivery_seconds.clone());
        registry.register("rate_limited", "Requests and WebSockets turned away, by limit", rate_limited.clone());
        Self {
            registry,
            operations,
            durations,
            responses,
            in_flight,
            sockets,
            subscriptions,
            sockets_closed,
            events_delivered,
            delivery_seconds,
            rate_limited,
        }
    }

    /// Counts a socket that was closed. A client may choose any of three thousand codes; those that mean nothing are 0.
    pub(crate) fn socket_closed(&self, code: u16) {
        let code = if matches!(code, 1000..=1015 | 4400 | 4401 | 4403 | 4406 | 4408 | 4409 | 4429) { code } else { 0 };
        self.sockets_closed.get_or_create(&CloseLabel { code }).inc();
    }

    /// A message of a subscription was written to a socket; `at` is when its event happened.
    pub(crate) fn delivered(&self, at: Option<Timestamp>) {
        self.events_delivered.inc();
        if let Some(at) = at {
            self.delivery_seconds.observe(Timestamp::now().duration_since(at).as_secs_f64());
        }
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

    /// Everything as text, with the state of the relay and of the live streams as it is now.
    pub(crate) fn encode(&self, app: &App, live: LiveStats) -> Result<String, std::fmt::Error> {
        let mut now = Registry::with_prefix("entente");
        let (last, known) = (app.hub.last_seq(), app.relay.known_seq());
        now.register("events_relayed", "Events handed to this server's subscribers", ConstCounter::<u64>::new(app.hub.relayed()));
        now.register("resolutions", "Events resolved, once per distinct subscription and audience", ConstCounter::<u64>::new(live.resolved));
        now.register("queue_overflow", "Times that a subscriber fell behind its bounded queue", ConstCounter::<u64>::new(live.overflows));
        let mut gauge = |name: &str, help: &str, value: i64| now.register(name, help, ConstGauge::<i64>::new(value));
        gauge("relay_last_seq", "Number of the last event handed to subscribers", last);
        gauge("relay_lag_events", "Events that are numbered and not handed out yet", (known - last).max(0));
        gauge("relay_leader", "1 when this server numbers the events", i64::from(app.relay.is_leader()));
        gauge("relay_redis_connected", "1 when Redis wakes this server", i64::from(app.relay.redis_connected()));
        gauge("hub_subscribers", "Streams of changes that are open", i64::try_from(app.hub.subscribers()).unwrap_or(i64::MAX));
        gauge("shared_streams", "Distinct streams that are shared by their subscribers", i64::try_from(live.groups).unwrap_or(i64::MAX));
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
