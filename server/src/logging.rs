//! Where log lines go: standard error, as text or JSON; and spans to a collector where one is set.

use std::io::IsTerminal;

use anyhow::{Context, Result};
use tracing::subscriber::Interest;
use tracing_subscriber::filter::{FilterExt, dynamic_filter_fn, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::config::{LogFormat, Settings};
use crate::telemetry::{TRACE_SPAN, Telemetry, is_logged, is_traced};

/// Starts logging, and tracing where an endpoint is set. Once in a process; what comes back is to be finished at its end.
pub(crate) fn start(settings: &Settings) -> Result<Telemetry> {
    let filter = EnvFilter::try_new(&settings.log).with_context(|| format!("ENTENTE_LOG (--log) is {:?}", settings.log))?;
    let terminal = std::io::stderr().is_terminal();
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(true);
    let lines = match settings.log_format(terminal) {
        LogFormat::Text => lines.with_ansi(terminal).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed(),
    };
    let telemetry = settings.otlp_endpoint.as_deref().map(Telemetry::new).transpose()?.unwrap_or_default();
    let lines = tracing_subscriber::registry().with(lines.with_filter(filter.and(filter_fn(is_logged))));
    // A layer that is there and does nothing would still have every span made.
    match telemetry.tracer() {
        None => lines.init(),
        Some(tracer) => {
            let spans = tracing_opentelemetry::layer().with_tracer(tracer).with_location(false).with_threads(false).with_level(false);
            let spans = spans.with_target(false).with_tracked_inactivity(false).with_context_activation(false);
            // Spans within a request, and no others: what runs in the background would be a trace for each of its steps.
            let within = dynamic_filter_fn(|span, context| is_traced(span) && (span.name() == TRACE_SPAN || context.lookup_current().is_some()));
            let within = within.with_callsite_filter(|span| if is_traced(span) { Interest::sometimes() } else { Interest::never() });
            lines.with(spans.with_filter(within)).init();
        }
    }
    Ok(telemetry)
}
