//! The door: what is too much is refused before the database hears of it, who asks too often waits, who has too many is not
//! let in, and every response tells the browser what it may do.

use std::time::{Duration, Instant};

use entente_domain::user::Role;
use futures::future::join_all;
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

const JSON: (&str, &str) = ("content-type", "application/json");
/// How often each case is sent; a database command each would be far more than what goes on in the background.
const TIMES: u64 = 60;

/// Commands that the database was sent so far.
async fn commands(t: &TestApp) -> u64 {
    let text = t.get("/metrics").await.text().await.unwrap();
    let counts = text.lines().filter(|l| l.starts_with("entente_database_command_duration_seconds_count"));
    counts.filter_map(|l| l.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}

/// Sends the body again and again; status and code of the last answer, and how many commands the database was sent meanwhile.
async fn cost(t: &TestApp, authorization: &str, body: &str) -> (u16, Value, u64) {
    let before = commands(t).await;
    let mut last = (0, Value::Null);
    for _ in 0..TIMES {
        let headers = [JSON, ("authorization", authorization), ("accept", "application/graphql-response+json")];
        let response = t.post("/graphql", &headers, body.to_owned()).await;
        last = (response.status().as_u16(), response.json().await.unwrap());
    }
    (last.0, last.1["errors"][0]["extensions"]["code"].clone(), commands(t).await - before)
}

/// The same of what costs nothing; again where it was so slow that what goes on in the background counted.
async fn refusal(t: &TestApp, authorization: &str, body: &str) -> (u16, Value, u64) {
    let mut seen = cost(t, authorization, body).await;
    for _ in 0..2 {
        if seen.2 >= TIMES / 2 {
            seen = cost(t, authorization, body).await;
        }
    }
    seen
}

fn document(query: impl Into<String>) -> String {
    json!({ "query": query.into() }).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_beyond_the_limits_costs_the_database_nothing() {
    let t = TestApp::start_with(&["--introspection=false"]).await;
    let admin = t.signed_in(Role::Admin, None).await;
    let made = t.run(&admin, "mutation { apiKeyCreate(input: {name: \"k\", scopes: [READ]}) { secret } }", json!({})).await;
    let key = format!("Bearer {}", made["apiKeyCreate"]["secret"].as_str().unwrap());
    let person = format!("Bearer {}", admin.token);
    let usual = document("{ deals(first: 1) { nodes { id } } }");
    let (status, _, used) = cost(&t, &key, &usual).await;
    assert!(status == 200 && used >= 2 * TIMES, "an ordinary query: {used}, so that a key's look-up and a read are seen here");

    let aliases: String = (0..31).map(|n| format!("a{n}: program {{ name }} ")).collect();
    let deep = format!("{}{}", "{ a ".repeat(13), "}".repeat(13));
    let refused = [
        ("31 aliases", document(format!("{{ {aliases} }}")), 400, "TOO_COMPLEX"),
        ("13 levels", document(deep), 400, "TOO_COMPLEX"),
        ("2,001 tokens", document(format!("{{ {} }}", "a ".repeat(1_999))), 400, "TOO_COMPLEX"),
        ("introspection", document("{ __schema { types { name } } }"), 400, "BAD_REQUEST"),
        ("a batch", format!("[{usual}, {usual}]"), 400, "BAD_REQUEST"),
        ("a long body", document(format!("{{ program {{ name }} }} # {}", "x".repeat(256 * 1024))), 413, "BAD_REQUEST"),
        ("no document", document("{ nothing"), 400, "BAD_REQUEST"),
    ];
    for (what, body, status, code) in &refused {
        let (got, said, used) = refusal(&t, &key, body).await;
        assert_eq!((got, &said), (*status, &json!(code)), "{what}");
        assert!(used < TIMES / 2, "{what}: {used} commands for {TIMES} requests");
    }
    // What only the schema can tell is refused after the look-up of who asks, which for a person is in memory.
    let wide = "query($n: Int) { partners(first: $n) { nodes { deals(first: $n) { nodes { id title } } } } }";
    for (what, body, code) in [
        ("cost from variables", json!({ "query": wide, "variables": { "n": 100 } }).to_string(), "TOO_COMPLEX"),
        ("an unknown field", document("{ viewr { id } }"), "BAD_REQUEST"),
    ] {
        let (status, said, used) = refusal(&t, &person, &body).await;
        assert_eq!((status, &said), (400, &json!(code)), "{what}");
        assert!(used < TIMES / 2, "{what}: {used} commands for {TIMES} requests");
    }
    let hint = t.ask(Some(&admin.token), "{ viewr { id } }", json!({})).await;
    assert!(!hint.to_string().contains("Did you mean") && !hint.to_string().contains("viewer"), "{hint}");
    t.end().await;
}

fn waits(response: &Response) -> u64 {
    assert_eq!(response.status(), 429);
    response.headers()["retry-after"].to_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_is_told_to_wait_and_others_are_not() {
    let limits = ["--proxy-header", "x-real-ip", "--requests-per-address", "3", "--operations-per-user", "2", "--sign-ins-per-address", "5"];
    let t = TestApp::start_with(&[&limits[..], &["--deal-checks-per-hour", "4"]].concat()).await;
    let from = |n: u8| format!("10.0.0.{n}");
    let ping = document("{ __typename }");
    // All at once, for each second brings three more.
    let answers = join_all((0..40).map(async |_| t.post("/graphql", &[JSON, ("x-real-ip", &from(1))], ping.clone()).await)).await;
    let refused: Vec<_> = answers.into_iter().filter(|r| r.status() != 200).collect();
    assert!((1..=10).contains(&refused.len()), "{}", refused.len());
    for response in refused {
        assert!((1..=2).contains(&waits(&response)));
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{answer}");
    }
    assert_eq!(t.post("/graphql", &[JSON, ("x-real-ip", &from(2))], ping.clone()).await.status(), 200, "another address");
    assert_eq!(t.post("/graphql", &[JSON, ("x-real-ip", "10.9.9.9, 10.0.0.2")], ping.clone()).await.status(), 200);

    // One person from many addresses.
    let admin = t.signed_in(Role::Admin, None).await;
    let bearer = format!("Bearer {}", admin.token);
    let ask = async |n: u8| t.post("/graphql", &[JSON, ("x-real-ip", &from(n + 10)), ("authorization", &bearer)], ping.clone()).await;
    let answers = join_all((0..30).map(ask)).await;
    let refused = answers.iter().filter(|r| r.status() == 429).count();
    assert!((1..=10).contains(&refused), "{refused}");

    // Attempts to sign in, as aliases of one request and one by one.
    let attempt = |n: usize| {
        let fields: String =
            (0..n).map(|n| format!("a{n}: sessionCreate(input: {{email: \"a{n}@x.test\", password: \"p\"}}) {{ accessToken }} ")).collect();
        document(format!("mutation {{ {fields} }}"))
    };
    let many = t.post("/graphql", &[JSON, ("x-real-ip", &from(100))], attempt(6)).await;
    assert!(waits(&many) >= 1);
    let since = Instant::now();
    assert_eq!(t.post("/graphql", &[JSON, ("x-real-ip", &from(100))], attempt(5)).await.status(), 200);
    let wait = waits(&t.post("/graphql", &[JSON, ("x-real-ip", &from(100))], attempt(1)).await);
    // What the attempts took counts as waited.
    assert!(wait as f64 + since.elapsed().as_secs_f64() >= 12.0, "{wait}");

    // Dry runs: a partner's people share a budget; the vendor, who sees every claim, has none.
    let sellers = [t.signed_in(Role::PartnerSales, Some(0)).await, t.signed_in(Role::PartnerSales, Some(0)).await];
    let rival = t.signed_in(Role::PartnerSales, Some(1)).await;
    let check = |customer: &str, partner: Value| {
        json!({ "title": "x", "customerName": customer, "customerDomain": format!("{customer}.com"), "customerCountry": "DE", "productIds": [t.product],
            "value": { "amount": "12000.00", "currency": "USD" }, "expectedCloseOn": "2027-06-01", "partnerId": partner })
    };
    let query = "query($input: DealRegisterInput!) { dealCheck(input: $input) { outcome } }";
    let code = |answer: &Value| answer["errors"][0]["extensions"]["code"].clone();
    for seller in &sellers {
        let answer = t.ask(Some(&seller.token), query, json!({ "input": check("one", Value::Null) })).await;
        assert_eq!(code(&answer), Value::Null, "{answer}");
    }
    for seller in &sellers {
        let answer = t.ask(Some(&seller.token), query, json!({ "input": check("two", Value::Null) })).await;
        assert_eq!(code(&answer), "RATE_LIMITED", "{answer}");
        assert!(answer["errors"][0]["extensions"]["retryAfter"].as_u64().unwrap() > 60, "{answer}");
    }
    let other = t.ask(Some(&rival.token), query, json!({ "input": check("one", Value::Null) })).await;
    assert_eq!(code(&other), Value::Null, "{other}");
    let metrics = t.get("/metrics").await.text().await.unwrap();
    for kind in ["requests_per_address", "operations"] {
        assert!(metrics.contains(&format!("entente_rate_limited_total{{kind=\"{kind}\"}}")), "{kind}");
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_response_is_guarded() {
    let t = TestApp::start_with(&["--public-url", "https://partners.example.com", "--requests-per-address", "1"]).await;
    let app = t.get("/").await;
    let csp = app.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let directive = |name: &str| csp.split(';').map(str::trim).find(|d| d.starts_with(name)).unwrap_or_default().to_owned();
    for (name, value) in [("object-src", "'none'"), ("base-uri", "'none'"), ("frame-ancestors", "'none'"), ("form-action", "'self'")] {
        assert_eq!(directive(name), format!("{name} {value}"));
    }
    for word in directive("script-src").split(' ').skip(1) {
        assert!(["'self'", "'wasm-unsafe-eval'"].contains(&word) || word.starts_with("'sha256-"), "{word}");
    }
    assert!(!csp.contains('*') && !csp.contains(" 'unsafe-eval'") && !directive("style-src ").contains("unsafe-inline"), "{csp}");

    let mut kinds = vec![(200, app), (404, t.get("/nothing.js").await), (405, t.post("/deals", &[], "").await), (200, t.get("/healthz").await)];
    kinds.push((404, t.get("/media/nothing").await));
    kinds.push((405, t.post("/media/nothing", &[], "").await));
    kinds.push((200, t.post("/graphql", &[JSON], document("{ __typename }")).await));
    kinds.push((415, t.post("/graphql", &[], "x").await));
    kinds.push((406, t.post("/graphql", &[JSON, ("accept", "text/html")], "x").await));
    kinds.push((413, t.post("/graphql", &[JSON], "x".repeat(300_000)).await));
    kinds.push((401, t.post("/uploads?name=a", &[], "x").await));
    kinds.push((405, t.get("/uploads").await));
    let upgrade = [("connection", "upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "12")];
    kinds.push((400, t.get_with("/graphql", &upgrade).await));
    for _ in 0..100 {
        let response = t.post("/graphql", &[JSON], document("{ __typename }")).await;
        if response.status() == 429 {
            kinds.push((429, response));
            break;
        }
    }
    assert_eq!(kinds.last().unwrap().0, 429);
    for (status, response) in kinds {
        let (path, headers) = (response.url().path(), response.headers());
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path} {status}");
        assert!(headers["strict-transport-security"].to_str().unwrap().starts_with("max-age=31536000"));
        for name in ["referrer-policy", "permissions-policy", "cross-origin-opener-policy", "x-request-id"] {
            assert!(headers.contains_key(name), "{path} {status}: {name}");
        }
        let csp = headers["content-security-policy"].to_str().unwrap();
        assert!(csp.contains("frame-ancestors 'none'"), "{path} {status}: {csp}");
        if path == "/graphql" && status != 400 || path == "/healthz" || path == "/uploads" && status != 405 {
            assert_eq!(headers["cache-control"], "no-store", "{path} {status}");
        }
        assert!(!headers.contains_key("access-control-allow-origin"), "{path}: no other site may read this");
        assert!(!headers.contains_key("server"), "{path}");
    }
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_gets_nothing_with_our_cookie() {
    let t = TestApp::start_with(&["--public-url", "https://partners.example.com"]).await;
    let email = t.person(Role::Admin, None).await;
    let session = t.sign_in(&email).await;
    let refresh = document("mutation { sessionRefresh { accessToken } }");
    let own = format!("http://{}", t.server.address());
    for (headers, passes) in [
        (vec![("origin", "https://evil.example")], false),
        (vec![("origin", "https://other.example.com")], false),
        (vec![("origin", "https://partners.example.com.evil.example")], false),
        (vec![("origin", "null")], false),
        (vec![("sec-fetch-site", "cross-site")], false),
        (vec![("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
    ] {
        let all = [vec![JSON, ("cookie", session.cookie.as_str())], headers.clone()].concat();
        let response = t.post("/graphql", &all, refresh.clone()).await;
        assert_eq!(response.status() == 200, passes, "{headers:?}");
        assert!(response.headers().get("set-cookie").is_none(), "{headers:?}: the session goes on");
        assert_eq!(response.json::<Value>().await.unwrap()["errors"][0]["extensions"]["code"], "FORBIDDEN", "{headers:?}");
    }
    // A form can send neither JSON nor a header that names it.
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let response = t.post("/graphql", &[("content-type", kind), ("cookie", &session.cookie)], refresh.clone()).await;
        assert_eq!(response.status(), 415, "{kind}");
    }
    let read = t.get_with("/graphql?query=mutation%7BsessionRefresh%7BaccessToken%7D%7D", &[("cookie", &session.cookie)]).await;
    assert_eq!(read.status(), 405);
    // The cookie signs nobody in: it is for a new token and nothing else.
    let viewer = t.post("/graphql", &[JSON, ("cookie", &session.cookie)], document("{ viewer { user { id } } }")).await;
    assert_eq!(viewer.json::<Value>().await.unwrap()["data"]["viewer"], Value::Null);
    for origin in ["https://partners.example.com", own.as_str()] {
        let session = t.sign_in(&email).await;
        let response = t.post("/graphql", &[JSON, ("cookie", &session.cookie), ("origin", origin)], refresh.clone()).await;
        assert!(response.json::<Value>().await.unwrap()["data"]["sessionRefresh"]["accessToken"].is_string(), "{origin}");
    }
    assert!(t.sign_in_response(&email, PASSWORD).await.status() == 200);
    t.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_tables_are_uploaded() {
    let t = TestApp::start().await;
    let admin = t.signed_in(Role::Admin, None).await;
    let bearer = format!("Bearer {}", admin.token);
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (kind, body, status) in [
        ("text/csv", b"a,b\n1,2\n".to_vec(), 200),
        ("application/octet-stream", b"a,b\n1,2\n".to_vec(), 200),
        ("text/csv", b"PK\x03\x04\x14\0\0\0".to_vec(), 415),
        ("text/csv", b"\x1f\x8b\x08\0".repeat(1_000), 415),
        ("text/csv", b"%PDF-1.7".to_vec(), 415),
        ("text/csv", b"a\0b".to_vec(), 415),
        ("image/svg+xml", svg.as_bytes().to_vec(), 415),
        ("text/html", b"<script>alert(1)</script>".to_vec(), 415),
    ] {
        // A name is a name and never a path.
        let path = "/uploads?name=..%2F..%2Fetc%2Fpasswd%00.csv";
        let response = t.post(path, &[("authorization", &bearer), ("content-type", kind)], body).await;
        assert_eq!(response.status(), status, "{kind}");
        if status == 200 {
            let id = response.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
            assert!(id.starts_with("file_") && t.server.app().files.upload(&id.parse().unwrap()).await.unwrap().is_some());
        }
    }
    assert!(t.server.app().files.names().await.unwrap().iter().all(|name| name.starts_with("uploads/file_") || name.starts_with("blobs/")));
    t.end().await;
}

/// Processor time of this process.
fn busy() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap(), u32::try_from(time.tv_nsec).unwrap())
}

/// Prints what hostile documents cost (P16); asserts only what no other work on the machine can upset.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures; run it alone: cargo test -p entente-server --test edge hostile -- --ignored --nocapture"]
async fn a_hostile_document_costs_little_until_it_is_refused() {
    const ROUNDS: u32 = 5;
    const EACH: u32 = 100;
    let t = TestApp::start().await;
    let admin = t.signed_in(Role::Admin, None).await;
    let seller = t.signed_in(Role::PartnerSales, Some(0)).await;
    for n in 0..50 {
        t.register(&seller, &format!("customer{n}")).await;
    }
    let bearer = format!("Bearer {}", admin.token);
    let list =
        document("{ deals(first: 50) { totalCount nodes { id title status partner { id name } customer { name } value { amount currency } } } }");
    let aliases: String = (0..2_000).map(|n| format!("a{n}: program {{ name }} ")).collect();
    let cases = [
        ("an ordinary list", list),
        ("2,000 aliases", document(format!("{{ {aliases} }}"))),
        ("depth 60", document(format!("{}{}", "{ a ".repeat(60), "}".repeat(60)))),
        ("a body of 1 MB", document(format!("{{ program {{ name }} }} # {}", "x".repeat(1024 * 1024)))),
        ("fragments that multiply", {
            let bomb: String = (0..60).map(|i| format!("fragment F{i} on Query {{ ...F{} ...F{} }} ", i + 1, i + 1)).collect();
            document(format!("{{ ...F0 }} {bomb} fragment F60 on Query {{ __typename }}"))
        }),
    ];
    let mut spent = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for (n, (_, body)) in cases.iter().enumerate() {
            let (cpu, since) = (busy(), Instant::now());
            for _ in 0..EACH {
                t.post("/graphql", &[JSON, ("authorization", &bearer)], body.clone()).await.bytes().await.ok();
            }
            spent[n].push(((busy() - cpu) / EACH, since.elapsed() / EACH));
        }
    }
    let median = |n: usize| {
        let mut all: Vec<Duration> = spent[n].iter().map(|s: &(Duration, Duration)| s.0).collect();
        all.sort();
        all[all.len() / 2]
    };
    for (n, (what, _)) in cases.iter().enumerate() {
        println!("{what}: {:?} of processor time, client included; {:.2} of the list", median(n), median(n).as_secs_f64() / median(0).as_secs_f64());
        assert!(n == 0 || median(n) < median(0), "{what}");
    }
    t.end().await;
}
