//! What the connection to the database does: commands by name, and the pool that they wait for.
//!
//! Commands are seen through the driver's own tracing hook, because its command events copy and decode every document on
//! the way. Names of commands and collections go in; never a value, a filter or the text of an error.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use mongodb::event::EventHandler;
use mongodb::event::cmap::CmapEvent;
use mongodb::options::ClientOptions;
use mongodb::otel::OpentelemetryOptions;
use opentelemetry::trace::{Span, SpanBuilder, SpanContext, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper bounds of the durations, in seconds.
const BOUNDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// What an operation's span is told when it begins to wait for a connection, and when it waits no more.
const WAITING: &str = "entente.waiting";
/// The attribute by which the driver's spans of commands are told from those of operations and transactions.
const COMMAND: &str = "db.command.name";
const COLLECTION: &str = "db.collection.name";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CommandLabel {
    command: String,
}

/// The counters of one store; a clone shares them.
#[derive(Debug, Clone)]
pub struct StoreStats(Arc<Counters>);

#[derive(Debug)]
struct Counters {
    commands: Family<CommandLabel, Histogram>,
    failures: Family<CommandLabel, Counter>,
    open: Gauge,
    in_use: Gauge,
    waiting: Gauge,
    checkout: Histogram,
    checkout_failures: Counter,
    /// Connections that are in use, by address and number: a connection that breaks is returned more than once.
    taken: Mutex<HashSet<(String, u32)>>,
}

impl Default for StoreStats {
    fn default() -> Self {
        Self(Arc::new(Counters {
            commands: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            failures: Family::default(),
            open: Gauge::default(),
            in_use: Gauge::default(),
            waiting: Gauge::default(),
            checkout: Histogram::new(BOUNDS),
            checkout_failures: Counter::default(),
            taken: Mutex::default(),
        }))
    }
}

impl StoreStats {
    /// Adds the counters to a registry, under names that begin with `database_`.
    pub fn register(&self, registry: &mut Registry) {
        let c = &self.0;
        let registry = registry.sub_registry_with_prefix("database");
        registry.register("command_duration_seconds", "Time that MongoDB took, by command", c.commands.clone());
        registry.register("command_failures", "Commands that MongoDB refused or did not answer, by command", c.failures.clone());
        registry.register("connections_open", "Connections to MongoDB that are open", c.open.clone());
        registry.register("connections_in_use", "Connections to MongoDB that an operation holds", c.in_use.clone());
        registry.register("connections_waiting", "Operations that wait for a connection", c.waiting.clone());
        registry.register("checkout_seconds", "Time that operations waited for a connection", c.checkout.clone());
        registry.register("checkout_failures", "Operations that got no connection", c.checkout_failures.clone());
    }

    /// Has a client counted here.
    pub(crate) fn attach(&self, options: &mut ClientOptions) {
        let pool = self.clone();
        options.cmap_event_handler = Some(EventHandler::callback(move |event| pool.pool(event)));
        options.tracing = Some(OpentelemetryOptions::builder().enabled(true).query_text_max_length(0_usize).tracer_provider(self.clone()).build());
    }

    /// Whether operations wait for a connection although one that is open is not in use, or none is even being opened.
    pub(crate) fn is_stuck(&self) -> bool {
        let c = &self.0;
        c.waiting.get() > 0 && c.in_use.get() < c.open.get().max(1)
    }

    fn pool(&self, event: CmapEvent) {
        let c = &self.0;
        match event {
            CmapEvent::ConnectionCreated(_) => {
                c.open.inc();
            }
            CmapEvent::ConnectionClosed(e) => {
                c.open.dec();
                c.returned(e.address.to_string(), e.connection_id);
            }
            // The driver says nothing when whoever waits goes away; the span of the operation knows.
            CmapEvent::ConnectionCheckoutStarted(_) => Context::current().span().set_attribute(KeyValue::new(WAITING, true)),
            CmapEvent::ConnectionCheckoutFailed(e) => {
                Context::current().span().set_attribute(KeyValue::new(WAITING, false));
                c.checkout.observe(e.duration.as_secs_f64());
                c.checkout_failures.inc();
            }
            CmapEvent::ConnectionCheckedOut(e) => {
                Context::current().span().set_attribute(KeyValue::new(WAITING, false));
                c.checkout.observe(e.duration.as_secs_f64());
                if c.taken.lock().unwrap_or_else(PoisonError::into_inner).insert((e.address.to_string(), e.connection_id)) {
                    c.in_use.inc();
                }
            }
            CmapEvent::ConnectionCheckedIn(e) => c.returned(e.address.to_string(), e.connection_id),
            _ => {}
        }
    }
}

impl Counters {
    fn returned(&self, address: String, connection: u32) {
        if self.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&(address, connection)) {
            self.in_use.dec();
        }
    }
}

impl TracerProvider for StoreStats {
    type Tracer = Self;

    fn tracer_with_scope(&self, _: InstrumentationScope) -> Self {
        self.clone()
    }
}

impl Tracer for StoreStats {
    type Span = Observed;

    fn build_with_context(&self, builder: SpanBuilder, _: &Context) -> Observed {
        let attributes = builder.attributes.unwrap_or_default();
        let text = |key: &str| attributes.iter().find(|a| a.key.as_str() == key).map(|a| a.value.as_str().into_owned());
        let what = match text(COMMAND) {
            None => What::Operation { waiting: false },
            Some(name) => {
                // What runs in the background belongs to nobody's trace.
                let span = if tracing::Span::current().is_none() {
                    tracing::Span::none()
                } else {
                    tracing::debug_span!(
                        target: "entente_store::command",
                        "mongodb",
                        otel.name = %name,
                        otel.kind = "client",
                        otel.status_code = tracing::field::Empty,
                        db.system = "mongodb",
                        db.operation.name = %name,
                        db.collection.name = text(COLLECTION),
                        db.response.status_code = tracing::field::Empty,
                    )
                };
                What::Command { name, since: Instant::now(), failed: false, span }
            }
        };
        Observed { counters: self.0.clone(), what }
    }
}

/// One span of the driver's, which counts when it ends.
#[derive(Debug)]
pub struct Observed {
    counters: Arc<Counters>,
    what: What,
}

#[derive(Debug)]
enum What {
    Operation { waiting: bool },
    Command { name: String, since: Instant, failed: bool, span: tracing::Span },
}

impl Observed {
    fn wait(&mut self, now: bool) {
        if let What::Operation { waiting } = &mut self.what
            && *waiting != now
        {
            *waiting = now;
            if now {
                self.counters.waiting.inc()
            } else {
                self.counters.waiting.dec()
            };
        }
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.wait(false);
        if let What::Command { name, since, failed, .. } = &mut self.what {
            let label = CommandLabel { command: std::mem::take(name) };
            self.counters.commands.get_or_create(&label).observe(since.elapsed().as_secs_f64());
            if *failed {
                self.counters.failures.get_or_create(&label).inc();
            }
        }
    }
}

impl Span for Observed {
    fn add_event_with_timestamp<T>(&mut self, _: T, _: SystemTime, _: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        // The driver's events carry the text of errors, and that names values.
    }

    fn span_context(&self) -> &SpanContext {
        &SpanContext::NONE
    }

    fn is_recording(&self) -> bool {
        true
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        match (attribute.key.as_str(), &attribute.value) {
            (WAITING, opentelemetry::Value::Bool(now)) => self.wait(*now),
            ("db.response.status_code", code) => {
                if let What::Command { span, .. } = &self.what {
                    span.record("db.response.status_code", code.as_str().as_ref());
                }
            }
            _ => {}
        }
    }

    fn set_status(&mut self, status: Status) {
        if let (What::Command { failed, span, .. }, Status::Error { .. }) = (&mut self.what, status) {
            *failed = true;
            span.record("otel.status_code", "ERROR");
        }
    }

    fn update_name<T>(&mut self, _: T)
    where
        T: Into<Cow<'static, str>>,
    {
    }

    fn add_link(&mut self, _: SpanContext, _: Vec<KeyValue>) {}

    fn end_with_timestamp(&mut self, _: SystemTime) {}
}
