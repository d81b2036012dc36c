//! What the server counts, in Prometheus' text format at `/metrics`.
//!
//! Every label has few values: kinds, codes and routes of our own, and of the names that callers choose the first 200.

mod labels;
mod names;
mod process;
mod scrape;

use std::time::{Duration, Instant, SystemTime};

use entente_domain::Timestamp;
use entente_store::Lateness;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::operation::Kind;
use labels::{CloseLabel, KindLabel, NameLabel, OperationLabels, ResponseLabels};
use names::Names;

pub(crate) use labels::{LimitLabel, Outcome};
pub(crate) use scrape::may_read;

/// Upper bounds of the durations, in seconds.
const BOUNDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Upper bounds of the time from commit to screen, in seconds.
const DELIVERY_BOUNDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The counters of one server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    started: SystemTime,
    slow_from: Duration,
    slow: Family<NameLabel, Counter>,
    names: Names,
    /// What the database said last, and when.
    lateness: tokio::sync::Mutex<Option<(Instant, Option<Lateness>)>>,
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
    /// Counters at zero. An operation that takes `slow_from` or longer is slow.
    pub(crate) fn new(slow_from: Duration) -> Self {
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
        let slow = Family::<NameLabel, Counter>::default();
        registry.register("slow_operations", "Operations that took longer than the threshold, by name", slow.clone());
        Self {
            registry,
            started: SystemTime::now(),
            slow_from,
            slow,
            names: Names::default(),
            lateness: tokio::sync::Mutex::default(),
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

    /// Counts an operation that took long and writes one line about it: what it is called and never what it was asked.
    pub(crate) fn slow(&self, kind: Kind, name: Option<&str>, outcome: Outcome, took: Duration, request_id: &str) {
        if took < self.slow_from {
            return;
        }
        let operation = self.names.label(name);
        let ms = took.as_micros() as f64 / 1000.0;
        tracing::warn!(operation, kind = kind.name(), outcome = outcome.name(), ms, request_id, "a slow operation");
        self.slow.get_or_create(&NameLabel { operation }).inc();
    }

    /// A subscription ended; how long it was open says nothing about the server.
    pub(crate) fn stream(&self, outcome: Outcome) {
        self.operations.get_or_create(&OperationLabels { kind: Kind::Subscription.name(), status: outcome.name() }).inc();
    }

    pub(crate) fn response(&self, route: &'static str, code: u16) {
        self.responses.get_or_create(&ResponseLabels { route, code }).inc();
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
