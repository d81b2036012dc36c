//! Traces from the browser to the database, as a collector receives them: who is whose parent, and what is never in them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use entente_domain::user::Role;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

use crate::program::Program;
use crate::support::{PATIENCE, TestApp};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const BROWSER: &str = "b7ad6b7169203331";

/// A collector of OTLP over HTTP, as small as it can be.
struct Collector {
    endpoint: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let spans = Arc::new(Mutex::new(Vec::new()));
        let kept = spans.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(receive(stream, kept.clone()));
            }
        });
        Self { endpoint, spans }
    }

    fn of(&self, trace: &str) -> Vec<Span> {
        self.spans.lock().unwrap().iter().filter(|span| hex(&span.trace_id) == trace).cloned().collect()
    }

    /// The spans of a trace once the given one is among them.
    async fn wait(&self, trace: &str, name: &str) -> Vec<Span> {
        let since = Instant::now();
        loop {
            let spans = self.of(trace);
            if spans.iter().any(|span| span.name == name) {
                return spans;
            }
            assert!(since.elapsed() < PATIENCE, "no {name} among {:?}", spans.iter().map(|span| &span.name).collect::<Vec<_>>());
            sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn receive(stream: TcpStream, spans: Arc<Mutex<Vec<Span>>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut length = 0;
        let mut line = String::new();
        while stream.read_line(&mut line).await.ok()? > 2 {
            let (name, value) = line.split_once(':').unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap(),
                "content-type" => assert_eq!(value.trim(), "application/x-protobuf"),
                _ => {}
            }
            line.clear();
        }
        if length == 0 {
            return None;
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.ok()?;
        let request = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
        let received = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans);
        spans.lock().unwrap().extend(received);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n").await.ok()?;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|attribute| attribute.key == key);
    format!("{:?}", found.unwrap_or_else(|| panic!("{} has no {key}", span.name)).value)
}

async fn post(program: &Program, token: Option<&str>, body: Value) -> (String, Value) {
    let client = reqwest::Client::new();
    let mut request = client.post(format!("http://{}/graphql", program.address)).json(&body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.header("traceparent", format!("00-{TRACE}-{BROWSER}-01")).send().await.unwrap();
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    (id, response.json().await.unwrap())
}

fn note(t: &TestApp) -> Value {
    let close = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().checked_add(jiff::Span::new().days(60)).unwrap();
    let query = "mutation Register($input: DealRegisterInput!) { dealRegister(input: $input) { deal { id partner { name } } errors { message } } }";
    json!({ "query": query, "operationName": "Register", "variables": { "input": {
        "title": "Very secret title", "customerName": "Very secret customer", "customerDomain": "very-secret.example",
        "customerCountry": "DE", "productIds": [t.product], "value": { "amount": "987654321098.76", "currency": "USD" },
        "expectedCloseOn": close.to_string(), "idempotencyKey": "very secret key",
    } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_leads_from_the_browser_to_the_database_and_tells_no_secret() {
    let collector = Collector::start().await;
    let t = TestApp::start().await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    let settings = ["--database", &t.settings.database, "--data-dir", t.settings.data_dir.to_str().unwrap()];
    let program = Program::serve(&settings, &[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint), ("OTEL_BSP_SCHEDULE_DELAY", "100")]).await;
    let (request_id, answer) = post(&program, Some(&seller.token), note(&t)).await;
    assert!(answer["data"]["dealRegister"]["deal"]["id"].is_string(), "{answer}");
    let spans = collector.wait(TRACE, "POST graphql").await;

    let by_id: HashMap<&[u8], &Span> = spans.iter().map(|span| (span.span_id.as_slice(), span)).collect();
    let only = |name: &str| {
        let found: Vec<&Span> = spans.iter().filter(|span| span.name == name).collect();
        assert_eq!(found.len(), 1, "{name} among {:?}", spans.iter().map(|span| &span.name).collect::<Vec<_>>());
        found[0]
    };
    let http = only("POST graphql");
    assert_eq!(hex(&http.parent_span_id), BROWSER);
    assert!(attribute(http, "request.id").contains(&request_id));
    assert!(attribute(http, "http.response.status_code").contains("200"));
    let operation = only("mutation Register");
    assert_eq!(operation.parent_span_id, http.span_id);
    let use_case = only("deal.register");
    assert_eq!(use_case.parent_span_id, operation.span_id);
    let commit = only("commitTransaction");
    let written = spans.iter().find(|span| span.name == "insert" && attribute(span, "db.collection.name").contains("deals"));
    for database in [commit, written.expect("the deal is inserted")] {
        let mut at = database;
        while at.span_id != use_case.span_id {
            at = by_id.get(at.parent_span_id.as_slice()).unwrap_or_else(|| panic!("{} is outside of the use case", database.name));
        }
        assert!(database.start_time_unix_nano >= http.start_time_unix_nano && database.end_time_unix_nano <= http.end_time_unix_nano);
    }
    // What the server does by itself is nobody's trace.
    for span in collector.spans.lock().unwrap().iter().filter(|span| span.parent_span_id.is_empty()) {
        assert!(span.name.starts_with("GET ") || span.name.starts_with("POST "), "{} begins a trace", span.name);
    }
    let everything = format!("{:?}", collector.spans.lock().unwrap()).to_lowercase();
    // So many digits are in no time by chance.
    for secret in ["very secret", "very-secret", "987654321", "@people.test", &seller.token[..20].to_lowercase(), "127.0.0.1", "expectedcloseon"] {
        assert!(!everything.contains(secret), "{secret} in {everything}");
    }
    // The log line of the request has both ids.
    let line = program.logged(|line| line.contains(&request_id)).await;
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["span"], json!({ "name": "request", "id": request_id, "trace_id": TRACE }), "{line}");
    program.stop().await;
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_collector_the_log_names_the_callers_trace_and_a_slow_operation_says_no_more_than_its_name() {
    let t = TestApp::start().await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    let settings = ["--database", &t.settings.database, "--data-dir", t.settings.data_dir.to_str().unwrap(), "--slow-operation-ms", "0"];
    let program = Program::serve(&settings, &[("OTEL_EXPORTER_OTLP_ENDPOINT", "")]).await;
    let (request_id, _) = post(&program, Some(&seller.token), note(&t)).await;
    let slow = program.logged(|line| serde_json::from_str::<Value>(line).unwrap()["message"] == "a slow operation").await;
    let (slow, log): (Value, _) = (serde_json::from_str(&slow).unwrap(), program.log());
    assert_eq!((&slow["operation"], &slow["kind"], &slow["outcome"]), (&json!("Register"), &json!("mutation"), &json!("ok")), "{slow}");
    assert_eq!((&slow["request_id"], &slow["span"]["trace_id"]), (&json!(request_id), &json!(TRACE)), "{slow}");
    assert!(slow["ms"].as_f64().unwrap() > 0.0);
    for secret in ["secret", "987654321", &seller.token] {
        assert!(!log.iter().any(|line| line.contains(secret)), "{secret} in {log:?}");
    }
    program.stop().await;
    t.end().await;
}
