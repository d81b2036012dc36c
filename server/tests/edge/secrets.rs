//! The real binary at its most talkative: whoever reads its output learns no password, token, cookie, key or signature.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::support::cookie_of;

/// Password of the demo accounts.
const PASSWORD: &str = "entente-demo-2026";
const WRONG: &str = "wr0ng-passw0rd-Zyx";
const REDIS_PASSWORD: &str = "redis-passw0rd-Zyx";
const MONGO_PASSWORD: &str = "mongo-passw0rd-Zyx";
const METRICS_TOKEN: &str = "metrics-t0ken-Zyx-0123";

/// The binary with a database and a folder of its own.
struct Run {
    folder: PathBuf,
    database: String,
    /// Zero until a server has taken one.
    port: u16,
}

impl Run {
    fn new() -> Self {
        let name = format!("secrets_{:x}", rand::random::<u64>());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder, database: name, port: 0 }
    }

    fn log(&self) -> PathBuf {
        self.folder.join("output")
    }

    /// The demo's own command says its password, which everybody knows.
    fn start(&self, arguments: &[&str], mongo: &str) -> Child {
        let log = if arguments[0] == "seed" { self.folder.join("seed") } else { self.log() };
        let log = File::options().create(true).append(true).open(log).unwrap();
        Command::new(env!("CARGO_BIN_EXE_entente"))
            .args(arguments)
            .env("MONGODB_URI", mongo)
            .env("REDIS_URL", format!("redis://:{REDIS_PASSWORD}@127.0.0.1:1/"))
            .env("ENTENTE_DATABASE", &self.database)
            .env("ENTENTE_DATA_DIR", self.folder.join("data"))
            .env("ENTENTE_LISTEN", "127.0.0.1:0")
            .env("ENTENTE_ENV", "development")
            .env("ENTENTE_LOG", "trace")
            .env("ENTENTE_METRICS_TOKEN", METRICS_TOKEN)
            .stdout(Stdio::from(log.try_clone().unwrap()))
            .stderr(Stdio::from(log))
            .spawn()
            .unwrap()
    }

    /// The port that a server has taken, once it says so.
    fn taken(&self) -> Option<u16> {
        let log = std::fs::read_to_string(self.log()).ok()?;
        let (_, rest) = log.split_once("serving address=127.0.0.1:")?;
        rest.split_once(' ')?.0.parse().ok()
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    async fn ask(&self, headers: &[(&str, &str)], query: &str, variables: Value) -> Response {
        let request = Client::new().post(self.url("/graphql")).json(&json!({ "query": query, "variables": variables }));
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
    }
}

fn secret(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

const SIGN_IN: &str = "mutation($email: String!, $password: String!) { sessionCreate(input: {email: $email, password: $password}) { accessToken } }";

/// Does what people and integrators do; every secret that came up on the way.
async fn use_everything(run: &Run) -> Vec<(&'static str, String)> {
    let mut secrets = Vec::new();
    let signed_in = run.ask(&[], SIGN_IN, json!({"email": "marketing@aurora-systems.test", "password": PASSWORD})).await;
    let cookie = cookie_of(&signed_in).unwrap();
    let token = secret(&signed_in.json::<Value>().await.unwrap()["data"]["sessionCreate"]["accessToken"]);
    run.ask(&[], SIGN_IN, json!({"email": "admin@entente.test", "password": WRONG})).await;
    // In the document itself instead of its variables, and in one that is broken.
    let inline = format!("mutation {{ sessionCreate(input: {{email: \"admin@entente.test\", password: \"{WRONG}\"}}) {{ accessToken }} }}");
    run.ask(&[], &inline, json!({})).await;
    run.ask(&[], &format!("{inline} }}"), json!({})).await;
    let refreshed = run.ask(&[("cookie", &cookie)], "mutation { sessionRefresh { accessToken } }", json!({})).await;
    let next = cookie_of(&refreshed).unwrap();
    for (what, cookie) in [("the cookie", &cookie), ("the second cookie", &next)] {
        secrets.push((what, cookie.rsplit(['.', '=']).next().unwrap().to_owned()));
    }
    let bearer = format!("Bearer {token}");
    let kits = run.ask(&[("authorization", &bearer)], "{ kits(first: 1) { nodes { archiveUrl } } }", json!({})).await.json::<Value>().await.unwrap();
    let archive = secret(&kits["data"]["kits"]["nodes"][0]["archiveUrl"]);
    assert_eq!(Client::new().get(&archive).send().await.unwrap().status(), 200);
    secrets.push(("a signature", archive.split("s=").nth(1).unwrap().split('&').next().unwrap().to_owned()));
    Client::new().get(archive.replace("s=", "s=0")).send().await.unwrap();

    let admin = run.ask(&[], SIGN_IN, json!({"email": "admin@entente.test", "password": PASSWORD})).await.json::<Value>().await.unwrap();
    let admin = secret(&admin["data"]["sessionCreate"]["accessToken"]);
    let as_admin = format!("Bearer {admin}");
    let made =
        run.ask(&[("authorization", &as_admin)], "mutation { apiKeyCreate(input: {name: \"k\", scopes: [READ]}) { secret } }", json!({})).await;
    let key = secret(&made.json::<Value>().await.unwrap()["data"]["apiKeyCreate"]["secret"]);
    run.ask(&[("authorization", &format!("Bearer {key}"))], "{ deals(first: 1) { totalCount } }", json!({})).await;
    let upload = Client::new().post(run.url("/uploads?name=sales_pipeline.csv")).header("authorization", &as_admin).body("opportunity_id,x\n1,2\n");
    let file = secret(&upload.send().await.unwrap().json::<Value>().await.unwrap()["id"]);
    let import = "mutation($f: ID!) { crmImport(input: {salesPipeline: $f}) { errors { message } } }";
    run.ask(&[("authorization", &as_admin)], import, json!({"f": file})).await;
    Client::new().get(run.url("/metrics")).bearer_auth(METRICS_TOKEN).send().await.unwrap();

    let mut request = format!("ws://127.0.0.1:{}/graphql", run.port).into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    let (mut socket, _) = connect_async(request).await.unwrap();
    let init = json!({ "type": "connection_init", "payload": { "authorization": as_admin } });
    socket.send(Message::text(init.to_string())).await.unwrap();
    assert!(socket.next().await.unwrap().unwrap().to_text().unwrap().contains("connection_ack"));
    socket.send(Message::text(json!({ "type": "ping", "payload": { "authorization": bearer } }).to_string())).await.unwrap();
    socket.next().await.unwrap().unwrap();

    for (what, token) in [("a token's signature", &token), ("the administrator's", &admin)] {
        secrets.push((what, token.rsplit('.').next().unwrap().to_owned()));
    }
    secrets.push(("the key", key.trim_start_matches("ent_").to_owned()));
    secrets
}

fn found_in(log: &Path, secrets: &[(&str, String)]) -> Vec<String> {
    let text = std::fs::read_to_string(log).unwrap();
    let lines = |secret: &str| text.lines().filter(|line| line.contains(secret)).take(2).map(|line| line.chars().take(300).collect()).collect();
    secrets
        .iter()
        .flat_map(|(what, secret)| {
            let lines: Vec<String> = lines(secret);
            lines.into_iter().map(move |line| format!("{what}: {line}"))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_ever_written_to_the_log() {
    let mut run = Run::new();
    let mongo = std::env::var("MONGODB_URI").unwrap();
    let seed = concat!(env!("CARGO_MANIFEST_DIR"), "/../seed-data");
    assert!(run.start(&["migrate"], &mongo).wait().unwrap().success());
    assert!(run.start(&["seed", "--dir", seed], &mongo).wait().unwrap().success());
    let mut server = run.start(&["serve"], &mongo);
    let since = Instant::now();
    run.port = loop {
        if let Some(port) = run.taken() {
            break port;
        }
        assert!(since.elapsed() < Duration::from_secs(60) && server.try_wait().unwrap().is_none(), "{}", run.log().display());
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    while !Client::new().get(run.url("/healthz")).send().await.is_ok_and(|r| r.status() == 200) {
        assert!(since.elapsed() < Duration::from_secs(60) && server.try_wait().unwrap().is_none(), "{}", run.log().display());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut secrets = use_everything(&run).await;
    server.kill().unwrap();
    server.wait().unwrap();
    // A password in the address of the database, which refuses it.
    let (_, rest) = mongo.split_once("://").unwrap();
    let refused = run.start(&["serve"], &format!("mongodb://someone:{MONGO_PASSWORD}@{rest}")).wait().unwrap();
    assert!(!refused.success());

    for (what, secret) in [("a password", PASSWORD), ("a wrong password", WRONG), ("Redis' password", REDIS_PASSWORD)] {
        secrets.push((what, secret.to_owned()));
    }
    secrets.extend([("MongoDB's password", MONGO_PASSWORD.to_owned()), ("the metrics' token", METRICS_TOKEN.to_owned())]);
    let pem = std::fs::read_to_string(run.folder.join("data/development-signing-key.pem")).unwrap();
    secrets.extend(pem.lines().filter(|l| l.len() > 30 && !l.contains(' ')).map(|l| ("the signing key", l.to_owned())));
    assert!(secrets.len() >= 13 && secrets.iter().all(|(_, secret)| secret.len() >= 12), "{}", secrets.len());
    let text = std::fs::read_to_string(run.log()).unwrap();
    assert!(text.contains("DEBUG") && text.contains("answered"), "the log is at its most talkative, and of this server");
    let found = found_in(&run.log(), &secrets);
    assert!(found.is_empty(), "{}", found.join("\n"));
    run.start(&["migrate", "--drop"], &mongo).wait().unwrap();
    let _ = std::fs::remove_dir_all(&run.folder);
}
