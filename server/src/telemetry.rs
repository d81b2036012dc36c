//! Traces: from the browser's `traceparent` to the database, sent over OTLP where an endpoint is set, and nothing where not.
//!
//! Spans for traces are apart from those for log lines: a log line has the request's id whatever is traced. Names, kinds
//! and durations are sent; never a variable, a filter or the text of an error.

use anyhow::{Context as _, Result};
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use poem::http::HeaderMap;
use tracing::{Metadata, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The name of the span that log lines show and traces do not.
pub(crate) const LOG_SPAN: &str = "request";
/// The name of the span that a trace begins with here.
pub(crate) const TRACE_SPAN: &str = "http";
const TRACE_PARENT: &str = "traceparent";
const SERVICE: &str = "entente";

/// What sends the spans; told to finish before the process ends.
#[derive(Debug, Default)]
pub(crate) struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Ready to send to a collector, whose address has no path: `http://127.0.0.1:4318`. Everything else, such as how many
    /// traces are kept, is read from OpenTelemetry's own environment variables.
    pub(crate) fn new(endpoint: &str) -> Result<Self> {
        let url = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
        let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).with_endpoint(url).build();
        let exporter = exporter.context("OTEL_EXPORTER_OTLP_ENDPOINT (--otlp-endpoint) cannot be used")?;
        let mut resource = Resource::builder().with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
        if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
            resource = resource.with_service_name(SERVICE);
        }
        Ok(Self(Some(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build())))
    }

    /// What makes the spans.
    pub(crate) fn tracer(&self) -> Option<SdkTracer> {
        self.0.as_ref().map(|provider| provider.tracer(SERVICE))
    }

    /// Sends what is left; waits for it two seconds at most.
    pub(crate) fn finish(self) {
        if let Some(Err(error)) = self.0.map(|provider| provider.shutdown_with_timeout(std::time::Duration::from_secs(2))) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

/// Whether a span belongs into traces.
pub(crate) fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with("entente") && metadata.name() != LOG_SPAN
}

/// Whether a span or event belongs into the log: events do, and the one span that has the request's id.
pub(crate) fn is_logged(metadata: &Metadata<'_>) -> bool {
    // The library of WebSockets writes whole messages at its lowest level, and the first one carries the client's token.
    let tells_messages = ["tungstenite", "tokio_tungstenite"].iter().any(|library| metadata.target().starts_with(library));
    !tells_messages && (!metadata.is_span() || metadata.name() == LOG_SPAN)
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        // The state of other tracers is theirs to send on, and there is nobody we send requests to.
        (key == TRACE_PARENT).then(|| self.0.get(TRACE_PARENT)?.to_str().ok()).flatten()
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACE_PARENT]
    }
}

/// Makes the span continue the caller's trace, and answers the trace's id: the span's own where traces are sent, else the
/// caller's, so that a log line names it either way.
pub(crate) fn join(span: &Span, headers: &HeaderMap) -> Option<String> {
    let parent = headers.contains_key(TRACE_PARENT).then(|| TraceContextPropagator::new().extract_with_context(&Context::new(), &Headers(headers)));
    let given = parent.as_ref().map(|parent| parent.span().span_context().clone()).filter(|context| context.is_valid());
    let given_id = given.map(|context| context.trace_id().to_string());
    if span.is_disabled() {
        return given_id;
    }
    if let (Some(parent), true) = (parent, given_id.is_some()) {
        // It fails for a span that began already, and this one has not.
        let _ = span.set_parent(parent);
    }
    let own = span.context().span().span_context().clone();
    if own.is_valid() { Some(own.trace_id().to_string()) } else { given_id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_trace_is_named_and_nonsense_is_not() {
        let named = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(TRACE_PARENT, value.parse().unwrap());
            join(&Span::none(), &headers)
        };
        let id = "0af7651916cd43dd8448eb211c80319c";
        assert_eq!(named(&format!("00-{id}-b7ad6b7169203331-01")).as_deref(), Some(id));
        for wrong in ["", "00", &format!("00-{id}-b7ad6b7169203331"), "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-x-y-01"] {
            assert_eq!(named(wrong), None, "{wrong}");
        }
        assert_eq!(join(&Span::none(), &HeaderMap::new()), None);
    }
}
