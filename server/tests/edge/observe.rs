//! What an operator sees: the metrics and who may read them, and that dashboard, alerts and manual speak of what exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use entente_domain::user::Role;
use serde_json::Value;

use crate::support::{PATIENCE, TestApp};

fn doc(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of all samples in the text, with what Prometheus makes of each kind of metric.
fn names(text: &str) -> BTreeSet<String> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let mut names = BTreeSet::new();
    for (name, kind) in types.filter_map(|line| line.split_once(' ')) {
        let ends: &[&str] = match kind {
            "counter" => &["_total"],
            "histogram" => &["_bucket", "_sum", "_count"],
            "info" => &["_info"],
            _ => &[""],
        };
        names.extend(ends.iter().map(|end| format!("{name}{end}")));
    }
    names
}

/// The metrics that a query names: words of ours, or of the process, that are no label.
fn named(query: &str) -> Vec<&str> {
    let words = query.split(|c: char| !(c == '_' || c.is_ascii_alphanumeric()));
    words.filter(|word| word.starts_with("entente_") || word.starts_with("process_")).collect()
}

fn value(text: &str, sample: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {sample} in:\n{text}")).parse().unwrap()
}

/// A server that has seen something of everything, for a metric is listed once it was counted.
async fn busy() -> TestApp {
    let t = TestApp::start_with(&["--slow-operation-ms", "0"]).await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    let mut socket = t.live(&seller).await;
    socket.subscribe("s", "subscription { dealChanges { __typename } }").await;
    let since = Instant::now();
    while value(&t.get("/metrics").await.text().await.unwrap(), "entente_hub_subscribers") < 1.0 {
        assert!(since.elapsed() < PATIENCE, "the subscription begins");
    }
    t.register(&seller, "northwind").await;
    assert_eq!(socket.message().await["type"], "next");
    socket.say_text("nonsense").await;
    assert_eq!(socket.closed().await, 4400);
    // It is counted when the other side has closed too.
    drop(socket);
    let since = Instant::now();
    while t.closed_with(4400).await == 0 {
        assert!(since.elapsed() < PATIENCE, "the close is counted");
    }
    // A command that fails, by a key that is taken.
    let store = &t.server.app().store;
    store.close_for_filling(&[]).await.unwrap();
    assert!(store.close_for_filling(&[]).await.is_err());
    t
}

#[tokio::test(flavor = "multi_thread")]
async fn dashboard_and_alerts_ask_for_metrics_that_exist() {
    let t = busy().await;
    let text = t.get("/metrics").await.text().await.unwrap();
    let mut known = names(&text);
    // Counted by a limit that nothing here runs into.
    known.insert("entente_rate_limited_total".into());
    let dashboard: Value = serde_json::from_str(&doc("dashboards/entente.json")).unwrap();
    let panels: Vec<&Value> = dashboard["panels"].as_array().unwrap().iter().filter(|panel| panel["type"] != "row").collect();
    let queries = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap()).map(|target| target["expr"].as_str().unwrap());
    let mut asked = BTreeSet::new();
    let alerts = doc("alerts.yml");
    for query in queries.chain(alerts.lines().filter_map(|line| line.trim().strip_prefix("expr: "))) {
        let metrics = named(query);
        assert!(!metrics.is_empty() || query.starts_with("up{"), "{query} names no metric");
        for metric in metrics {
            assert!(known.contains(metric), "{query} names {metric}, which is not in:\n{text}");
            asked.insert(metric.to_owned());
        }
    }
    // Nothing is counted that nobody can see.
    let base = |name: &str| ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end).map(str::to_owned)).unwrap_or(name.to_owned());
    let shown: BTreeSet<String> = asked.iter().map(|name| base(name)).collect();
    let unseen: Vec<&String> = known.iter().filter(|name| !shown.contains(&base(name))).collect();
    assert!(unseen.is_empty(), "no panel and no alert shows {unseen:?}");
    for row in ["Traffic", "Live", "Relay", "Database", "Timers", "Door", "Process"] {
        assert!(dashboard["panels"].as_array().unwrap().iter().any(|panel| panel["type"] == "row" && panel["title"] == row), "{row}");
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_is_counted() {
    let t = busy().await;
    let since = Instant::now();
    let mut text = t.get("/metrics").await.text().await.unwrap();
    // What goes on in the background may wait for a connection just now.
    while value(&text, "entente_database_connections_waiting") > 0.0 && since.elapsed() < PATIENCE {
        text = t.get("/metrics").await.text().await.unwrap();
    }
    assert!(value(&text, "entente_slow_operations_total{operation=\"anonymous\"}") >= 2.0);
    assert_eq!(value(&text, "entente_sockets_closed_total{code=\"4400\"}"), 1.0);
    assert!(value(&text, "entente_delivery_seconds_count") >= 1.0);
    assert!(value(&text, "entente_database_command_duration_seconds_count{command=\"insert\"}") >= 1.0);
    assert!(value(&text, "entente_database_command_failures_total{command=\"insert\"}") >= 1.0);
    assert!(value(&text, "entente_database_checkout_seconds_count") >= 1.0);
    assert!(value(&text, "entente_database_connections_open") >= 1.0);
    assert_eq!(value(&text, "entente_database_connections_waiting"), 0.0);
    assert_eq!(value(&text, "entente_database_up"), 1.0);
    assert_eq!(value(&text, "entente_relay_leader"), 1.0);
    assert!(text.contains(concat!("entente_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"}")));
    assert!(text.ends_with("# EOF\n"));
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_for_this_machine_or_for_who_has_the_token() {
    let t = TestApp::start().await;
    assert_eq!(t.get("/metrics").await.status(), 200);
    for header in ["x-forwarded-for", "forwarded", "via", "x-real-ip"] {
        assert_eq!(t.get_with("/metrics", &[(header, "192.0.2.1")]).await.status(), 403, "{header}");
    }
    t.end().await;
    let t = TestApp::start_with(&["--metrics-token", "sixteen-letters-or-more"]).await;
    assert_eq!(t.get("/metrics").await.status(), 403);
    assert_eq!(t.get_with("/metrics", &[("authorization", "Bearer sixteen-letters-or-else")]).await.status(), 403);
    let far = [("authorization", "Bearer sixteen-letters-or-more"), ("x-forwarded-for", "192.0.2.1")];
    assert_eq!(t.get_with("/metrics", &far).await.status(), 200);
    t.end().await;
}

/// The rows of the manual's table of settings: name of the variable, and its default as written.
fn settings_of(manual: &str) -> Vec<(String, String)> {
    let rows = manual.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|row| {
        let cells: Vec<&str> = row.split(" | ").collect();
        let name = cells.first()?.trim_end_matches('`');
        let setting = name.len() > 4 && name.bytes().all(|b| b == b'_' || b.is_ascii_uppercase());
        setting.then(|| (name.to_owned(), cells.get(1).copied().unwrap_or_default().trim_matches('`').to_owned()))
    });
    rows.collect()
}

#[test]
fn the_manual_names_every_setting_with_its_default_and_every_alert() {
    use clap::CommandFactory;
    let manual = doc("operations.md");
    let written = settings_of(&manual);
    let command = entente_server::Cli::command();
    let settings: Vec<_> = command.get_arguments().filter_map(|argument| Some((argument.get_env()?.to_str()?.to_owned(), argument))).collect();
    assert!(settings.len() > 10);
    for (name, argument) in &settings {
        let row = written.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name} is not in the manual"));
        let given = argument.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
        // What has no fixed default says in its help how it comes to be.
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let described = help.split_once("[default: ").and_then(|(_, rest)| rest.split_once(']')).map(|(default, _)| default.to_owned());
        assert_eq!(row.1, given.or(described).unwrap_or_else(|| "none".into()), "{name}");
    }
    for (name, _) in &written {
        assert!(settings.iter().any(|(known, _)| known == name), "the manual names {name}, which is no setting");
    }
    let alerts = doc("alerts.yml");
    for alert in alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(manual.contains(&format!("### {alert}\n")), "the manual says nothing about {alert}");
    }
    for heading in manual.lines().filter_map(|line| line.strip_prefix("### Entente")) {
        assert!(alerts.contains(&format!("- alert: Entente{heading}\n")), "there is no alert Entente{heading}");
    }
}
