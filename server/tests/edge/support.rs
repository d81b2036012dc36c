//! A running server with a small program, two partners and people, and one method per thing that a user does.

use std::path::PathBuf;
use std::time::Duration;

use entente_app::App;
use entente_domain::event::{Event, EventActor, EventKind, Subject, Visibility};
use entente_domain::id::{EventId, PartnerId, ProductId, UserId};
use entente_domain::money::{Currency, Money};
use entente_domain::partner::{Contact, Partner};
use entente_domain::program::Product;
use entente_domain::user::{Role, Theme, User};
use entente_server::{Server, Settings};
use entente_store::Saved;
use futures::{SinkExt, StreamExt};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use ulid::Ulid;

/// Password of everybody here.
pub const PASSWORD: &str = "a password for tests";
/// Longer than anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A server and its world.
pub struct TestApp {
    pub server: Server,
    pub settings: Settings,
    pub product: ProductId,
    pub partners: [PartnerId; 2],
    client: Client,
    dir: PathBuf,
}

/// Somebody who signed in.
#[derive(Clone)]
pub struct Session {
    pub token: String,
    pub cookie: String,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings of its own.
    pub async fn start_with(arguments: &[&str]) -> Self {
        let name = format!("edge_{}", Ulid::from_parts(now_ms(), rand::random()).to_string().to_lowercase());
        let dir = std::env::temp_dir().join(&name);
        let own = ["--listen", "127.0.0.1:0", "--env", "development", "--database", &name, "--data-dir", dir.to_str().unwrap()];
        std::env::var("MONGODB_URI").expect("MONGODB_URI names the MongoDB of the tests; `cargo xtask test integration` starts one");
        let settings = Settings::from_arguments(&[&own, arguments].concat()).unwrap();
        let server = Server::start(&settings).await.unwrap();
        let product = add_product(server.app()).await;
        let partners = [add_partner(server.app(), "aurora").await, add_partner(server.app(), "borealis").await];
        Self { server, settings, product, partners, client: Client::new(), dir }
    }

    /// Another server on the same database.
    pub async fn another_server(&self) -> Server {
        Server::start(&self.settings).await.unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address())
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let request = headers.iter().fold(self.client.get(self.url(path)), |request, (name, value)| request.header(*name, *value));
        request.send().await.unwrap()
    }

    /// Sends bytes as they are.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Response {
        let request = headers.iter().fold(self.client.post(self.url(path)), |request, (name, value)| request.header(*name, *value));
        request.body(body).send().await.unwrap()
    }

    /// Runs an operation; nothing but its data comes back, and a top-level error fails the test.
    pub async fn run(&self, session: &Session, query: &str, variables: Value) -> Value {
        let answer = self.ask(Some(&session.token), query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// Runs an operation; the whole answer comes back.
    pub async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Value {
        let mut request = self.client.post(self.url("/graphql")).json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Somebody with an account; `of` is the number of a partner, none the vendor. The e-mail address comes back.
    pub async fn person(&self, role: Role, of: Option<usize>) -> String {
        let app = self.server.app();
        let id = UserId::new(app.ulid());
        let email = format!("{}@people.test", id.as_str().to_lowercase());
        let user = User {
            id: id.clone(),
            version: 1,
            name: format!("{role:?}"),
            email: email.clone(),
            title: None,
            roles: vec![role],
            partner_id: of.map(|n| self.partners[n].clone()),
            language: "en".into(),
            theme: Theme::System,
            active: true,
            demo: false,
            created_at: app.now(),
        };
        let hash = entente_app::session::password::hash(app, PASSWORD.into()).await.unwrap();
        let changed = event(app, EventKind::UserChanged, Subject::User { id });
        assert_eq!(app.store.save_user(&user, Some(&hash), None, &[changed]).await.unwrap(), Saved::Done);
        email
    }

    /// Signs in and answers the response, cookie and all.
    pub async fn sign_in_response(&self, email: &str, password: &str) -> Response {
        let query = "mutation($input: SessionCreateInput!) { sessionCreate(input: $input) { accessToken errors { message } } }";
        let variables = json!({ "input": { "email": email, "password": password } });
        self.client.post(self.url("/graphql")).json(&json!({ "query": query, "variables": variables })).send().await.unwrap()
    }

    pub async fn sign_in(&self, email: &str) -> Session {
        let response = self.sign_in_response(email, PASSWORD).await;
        let cookie = cookie_of(&response).expect("a refresh cookie");
        let answer: Value = response.json().await.unwrap();
        let token = answer["data"]["sessionCreate"]["accessToken"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        Session { token, cookie }
    }

    /// A new person, signed in.
    pub async fn signed_in(&self, role: Role, of: Option<usize>) -> Session {
        let email = self.person(role, of).await;
        self.sign_in(&email).await
    }

    /// Asks for a new access token with that cookie.
    pub async fn refresh(&self, cookie: Option<&str>) -> Response {
        let mut request =
            self.client.post(self.url("/graphql")).json(&json!({ "query": "mutation { sessionRefresh { accessToken errors { message } } }" }));
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        request.send().await.unwrap()
    }

    /// Registers a deal with that customer; the payload comes back.
    pub async fn register(&self, session: &Session, customer: &str) -> Value {
        let query = "mutation($input: DealRegisterInput!) { dealRegister(input: $input) { deal { id version status } verdict { outcome } errors { message } } }";
        let close = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().checked_add(jiff::Span::new().days(60)).unwrap();
        let input = json!({
            "title": format!("Backup for {customer}"), "customerName": customer, "customerDomain": format!("www.{customer}.com"),
            "customerCountry": "DE", "productIds": [self.product], "value": { "amount": "12000.00", "currency": "USD" },
            "expectedCloseOn": close.to_string(), "idempotencyKey": format!("form {customer}"),
        });
        self.run(session, query, json!({ "input": input })).await["dealRegister"].clone()
    }

    /// Approves a deal in that version; the payload comes back.
    pub async fn approve(&self, session: &Session, deal: &Value) -> Value {
        let query = "mutation($id: ID!, $version: Int!) { dealApprove(id: $id, expectedVersion: $version) { deal { id version status } errors { message } } }";
        self.run(session, query, json!({ "id": deal["id"], "version": deal["version"] })).await["dealApprove"].clone()
    }

    /// Opens a WebSocket; `protocol` is what is asked for.
    pub async fn open(&self, protocol: Option<&str>) -> Socket {
        Socket::open(&self.server, protocol).await
    }

    /// Opens a WebSocket and introduces itself.
    pub async fn live(&self, session: &Session) -> Socket {
        Socket::introduced(&self.server, Some(&session.token)).await
    }

    /// How many sockets the server closed with that code.
    pub async fn closed_with(&self, code: u16) -> u64 {
        let text = self.get("/metrics").await.text().await.unwrap();
        let line = format!("entente_sockets_closed_total{{code=\"{code}\"}} ");
        text.lines().find_map(|l| l.strip_prefix(&line)?.parse().ok()).unwrap_or(0)
    }

    /// Stops the server and removes what it kept.
    pub async fn end(self) {
        self.server.app().store.drop_database().await.unwrap();
        self.server.stop().await.unwrap();
        let _ = std::fs::remove_dir_all(self.dir);
    }
}

/// The refresh cookie that a response sets, as a `Cookie` header.
pub fn cookie_of(response: &Response) -> Option<String> {
    let set = response.headers().get("set-cookie")?.to_str().unwrap();
    Some(set.split(';').next().unwrap().to_owned())
}

/// A WebSocket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What came over a socket.
#[derive(Debug, PartialEq)]
pub enum Heard {
    Message(Value),
    Closed(u16, String),
}

impl Socket {
    pub async fn open(server: &Server, protocol: Option<&str>) -> Self {
        let mut request = format!("ws://{}/graphql", server.address()).into_client_request().unwrap();
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        Self(connect_async(request).await.unwrap().0)
    }

    pub async fn introduced(server: &Server, token: Option<&str>) -> Self {
        let mut socket = Self::open(server, Some("graphql-transport-ws")).await;
        let payload = token.map_or(json!({}), |token| json!({ "authorization": format!("Bearer {token}") }));
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
        socket
    }

    pub async fn say(&mut self, message: Value) {
        self.say_text(&message.to_string()).await;
    }

    pub async fn say_text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    /// Waits until a subscription has begun: messages are taken in one after the other.
    pub async fn settle(&mut self) {
        let ping = json!({ "begun": true });
        self.say(json!({ "type": "ping", "payload": ping })).await;
        assert_eq!(self.message().await, json!({ "type": "pong", "payload": ping }));
    }

    /// Subscribes unless the other side takes nothing more; whether it did.
    pub async fn try_subscribe(&mut self, id: &str, query: &str) -> bool {
        let message = json!({ "id": id, "type": "subscribe", "payload": { "query": query } }).to_string();
        matches!(timeout(Duration::from_millis(500), self.0.send(Message::text(message))).await, Ok(Ok(())))
    }

    /// The next message, or how the socket was closed.
    pub async fn hear(&mut self) -> Heard {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("a message in time") {
                Some(Ok(Message::Text(text))) => return Heard::Message(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => return Heard::Closed(code.into(), reason.to_string()),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub async fn message(&mut self) -> Value {
        match self.hear().await {
            Heard::Message(message) => message,
            closed => panic!("{closed:?}"),
        }
    }

    pub async fn closed(&mut self) -> u16 {
        match self.hear().await {
            Heard::Closed(code, _) => code,
            message => panic!("{message:?}"),
        }
    }

    /// Whether nothing comes for a while.
    pub async fn is_silent(&mut self) -> bool {
        timeout(Duration::from_millis(300), self.0.next()).await.is_err()
    }
}

fn now_ms() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap()
}

/// An event that happens now.
pub fn event(app: &App, kind: EventKind, subject: Subject) -> Event {
    Event {
        id: EventId::new(app.ulid()),
        kind,
        subject,
        occurred_at: app.now(),
        actor: EventActor { user_id: None, name: "Test".into() },
        visibility: Visibility::Internal,
        text: None,
        changes: Vec::new(),
    }
}

async fn add_product(app: &App) -> ProductId {
    let id = ProductId::new(app.ulid());
    let mut program = app.store.program().await.unwrap().unwrap();
    let price = Money { amount: "5000".parse().unwrap(), currency: Currency::parse("USD").unwrap() };
    program.products.push(Product::new(id.clone(), "vault", "Vault", None, Some(price)));
    let before = program.version;
    program.version += 1;
    let changed = event(app, EventKind::ProgramChanged, Subject::Program { id: program.id.clone() });
    assert_eq!(app.store.save_program(&program, Some(before), &[changed]).await.unwrap(), Saved::Done);
    app.forget_program();
    id
}

pub async fn add_partner(app: &App, slug: &str) -> PartnerId {
    let id = PartnerId::new(app.ulid());
    let partner = Partner {
        id: id.clone(),
        version: 1,
        slug: slug.into(),
        name: slug.to_uppercase(),
        summary: "A partner".into(),
        description: String::new(),
        website: None,
        country: Some("DE".into()),
        city: None,
        tier: None,
        types: vec!["reseller".into()],
        territories: Vec::new(),
        verticals: Vec::new(),
        competencies: Vec::new(),
        languages: Vec::new(),
        manager_id: None,
        contact: Contact::default(),
        color: None,
        logo: None,
        published: true,
        partner_since: None,
        import_key: None,
        certificates: Vec::new(),
    };
    let changed = event(app, EventKind::PartnerChanged, Subject::Partner { id: id.clone() });
    assert_eq!(app.store.save_partner(&partner, None, &[changed]).await.unwrap(), Saved::Done);
    id
}
