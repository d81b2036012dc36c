//! `/metrics`: who may read it, what is asked at that moment, and everything as text.

use std::time::{Duration, Instant};

use entente_app::App;
use entente_graphql::LiveStats;
use entente_store::Lateness;
use poem::Request;
use poem::http::header;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use tokio::time::timeout;

use super::{Metrics, process};

/// How long the database may take to say what waits; then the lines about it are left out.
const ASK_LIMIT: Duration = Duration::from_millis(500);
/// How long its answer serves every reader.
const KEEP: Duration = Duration::from_secs(1);
/// Headers that a proxy leaves: a request that has one does not come from this machine, whatever the connection says.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Whether this request may read the metrics: with the token where one is set, else from this machine alone.
pub(crate) fn may_read(request: &Request, token: Option<&str>) -> bool {
    if let Some(token) = token {
        let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        return given.is_some_and(|given| same(given.as_bytes(), token.as_bytes()));
    }
    let forwarded = FORWARDED.iter().any(|name| request.headers().contains_key(*name));
    let near = request.remote_addr().0.as_socket_addr().is_some_and(|address| address.ip().to_canonical().is_loopback());
    near && !forwarded
}

/// Compares without telling by the time it takes how much was right.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}

impl Metrics {
    /// What waits in the database; none when it does not answer. Asked at most once a second, however many read.
    async fn lateness(&self, app: &App) -> Option<Lateness> {
        let mut kept = self.lateness.lock().await;
        if let Some((at, lateness)) = *kept
            && at.elapsed() < KEEP
        {
            return lateness;
        }
        let asked = timeout(ASK_LIMIT, app.store.lateness(app.now(), app.hub.last_seq())).await;
        let lateness = asked.ok().and_then(|answer| answer.inspect_err(|error| tracing::debug!(%error, "what waits is not known")).ok());
        *kept = Some((Instant::now(), lateness));
        lateness
    }

    /// Everything as text, with the state of the relay, of the live streams and of the timers as it is now.
    pub(crate) async fn encode(&self, app: &App, live: LiveStats) -> Result<String, std::fmt::Error> {
        let lateness = self.lateness(app).await;
        let mut now = Registry::with_prefix("entente");
        counters(&mut now, app, live);
        gauges(&mut now, app, live, lateness.as_ref());
        let mut database = Registry::with_prefix("entente");
        app.store.stats().register(&mut database);
        let mut own = Registry::default();
        process::register(&mut own, self.started);
        let mut text = String::with_capacity(16 * 1024);
        text::encode_registry(&mut text, &self.registry)?;
        text::encode_registry(&mut text, &database)?;
        text::encode_registry(&mut text, &own)?;
        text::encode(&mut text, &now)?;
        Ok(text)
    }
}

fn counters(now: &mut Registry, app: &App, live: LiveStats) {
    let mut counter = |name: &str, help: &str, value: u64| now.register(name, help, ConstCounter::<u64>::new(value));
    counter("events_relayed", "Events handed to this server's subscribers", app.hub.relayed());
    counter("resolutions", "Events resolved, once per distinct subscription and audience", live.resolved);
    counter("queue_overflow", "Times that a subscriber fell behind its bounded queue", live.overflows);
    counter("timers_fired", "Timers that this server fired", app.timers.fired());
    counter("timers_failed", "Attempts to fire a timer that failed; it comes again", app.timers.failed());
}

fn gauges(now: &mut Registry, app: &App, live: LiveStats, lateness: Option<&Lateness>) {
    let (last, known) = (app.hub.last_seq(), app.relay.known_seq());
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let size = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut gauge = |name: &str, help: &str, value: i64| now.register(name, help, ConstGauge::<i64>::new(value));
    let unnumbered = lateness.map_or(0, |l| count(l.events_unnumbered));
    gauge("relay_last_seq", "Number of the last event handed to subscribers", last);
    gauge("relay_lag_events", "Events that are committed and not handed out yet", (known - last).max(0) + unnumbered);
    gauge("relay_leader", "1 when this server numbers the events", i64::from(app.relay.is_leader()));
    gauge("relay_caught_up", "1 when the last look at the log left nothing to hand out", i64::from(app.relay.caught_up()));
    gauge("relay_redis_connected", "1 when Redis wakes this server", i64::from(app.relay.redis_connected()));
    gauge("hub_subscribers", "Streams of changes that are open", size(app.hub.subscribers()));
    gauge("shared_streams", "Distinct streams that are shared by their subscribers", count(live.groups));
    gauge("database_up", "1 when the database said in time what waits", i64::from(lateness.is_some()));
    let Some(lateness) = lateness else { return };
    gauge("timers_due", "Timers that are due and in nobody's hands", count(lateness.timers_due));
    let age = |since: Option<entente_domain::Timestamp>| since.map_or(0.0, |since| app.now().duration_since(since).as_secs_f64().max(0.0));
    let mut seconds = |name: &str, help: &str, value: f64| now.register(name, help, ConstGauge::<f64>::new(value));
    seconds("relay_lag_seconds", "Age of the oldest event that is committed and not handed out yet", age(lateness.oldest_event));
    seconds("timers_late_seconds", "How long the longest due timer has been waiting", age(lateness.oldest_timer));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_and_nothing_like_it() {
        let with = |value: &str| Request::builder().header("authorization", value).finish();
        assert!(may_read(&with("Bearer secret"), Some("secret")));
        for wrong in ["Bearer secre", "Bearer secrets", "Bearer Secret", "secret", "Basic secret", "Bearer "] {
            assert!(!may_read(&with(wrong), Some("secret")), "{wrong}");
        }
        // Without a token the address counts, and a request made up here has none.
        assert!(!may_read(&Request::builder().finish(), Some("secret")));
        assert!(!may_read(&Request::builder().finish(), None));
    }
}
