//! A database of its own with the demo program, the schema on top of it, and short words for asking it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_graphql::{Request, Response, Variables};
use entente_app::files::{Files, FilesAt};
use entente_app::session::keys;
use entente_app::{App, AppOptions, clock::Clock, seed};
use entente_domain::Timestamp;
use entente_domain::policy::Actor;
use entente_graphql::{EntenteSchema, Opened, RefreshCookie, RequestContext, SchemaOptions, schema};
use entente_store::{Store, StoreOptions};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use ulid::Ulid;

/// Password of every demo account.
pub const PASSWORD: &str = "entente-demo-2026";

pub struct World {
    pub app: App,
    pub schema: EntenteSchema,
    dir: PathBuf,
}

fn files_in(dir: &Path) -> FilesAt {
    FilesAt::Folder(dir.join("objects"))
}

fn options(database: &str, dir: &Path, background: bool) -> AppOptions {
    let uri = std::env::var("MONGODB_URI").expect("MONGODB_URI names the MongoDB of the tests; `cargo xtask test integration` starts one");
    AppOptions {
        store: StoreOptions { uri, database: database.to_owned(), ..StoreOptions::default() },
        redis_url: std::env::var("REDIS_URL").ok(),
        files: files_in(dir),
        public_url: "http://entente.test".into(),
        signing_key: keys::generate().unwrap(),
        mail: entente_app::MailOptions { folder: Some(dir.join("letters")), ..entente_app::MailOptions::default() },
        clock: Clock::System,
        background,
    }
}

/// The demo's own events have their numbers and were handed on, its deadlines that have passed were seen to, none passes within a
/// minute, and people were written to about them; what comes now is the test's.
async fn settled(app: &App) {
    let mut last = -1;
    loop {
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        let seq = app.hub.last_seq();
        let late = app.store.lateness(app.now(), seq).await.unwrap();
        let idle = late.events_unnumbered == 0 && late.timers_due == 0 && late.oldest_event.is_none();
        let next = app.store.next_timer_at().await.unwrap();
        let quiet = next.is_none_or(|at| at.as_millisecond() - app.now().as_millisecond() > 60_000);
        if seq > 0 && seq == last && idle && quiet && app.store.outbox_counts().await.unwrap().waiting == 0 {
            return;
        }
        last = seq;
    }
}

/// A name that no other database has, and a folder of that name.
fn place() -> (String, PathBuf) {
    let name = format!("t_{}", Ulid::from_parts(Timestamp::now().as_millisecond() as u64, rand::random()).to_string().to_lowercase());
    let dir = std::env::temp_dir().join(&name);
    (name, dir)
}

/// The demo program once it has settled, as bytes: it is loaded once, and every world begins with a copy.
struct Demo {
    collections: Vec<(String, Vec<Vec<u8>>)>,
    files: Vec<(String, Vec<u8>)>,
}

static DEMO: OnceCell<Demo> = OnceCell::const_new();

impl Demo {
    async fn load() -> Self {
        let (name, dir) = place();
        let loader = App::start(options(&name, &dir, false)).await.unwrap();
        loader.store.migrate().await.unwrap();
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seed-data");
        seed::load(&loader, &data, &|_| {}).await.unwrap();
        loader.shutdown().await;
        let app = App::start(options(&name, &dir, true)).await.unwrap();
        settled(&app).await;
        app.shutdown().await;
        let mut snapshot = app.store.snapshot().await.unwrap();
        let mut collections = Vec::new();
        for name in snapshot.collections().await.unwrap() {
            let mut documents = Vec::new();
            let mut take = |document: &[u8]| {
                documents.push(document.to_vec());
                Ok(())
            };
            snapshot.read(&name, &mut take).await.unwrap();
            collections.push((name, documents));
        }
        let mut files = Vec::new();
        for name in app.files.names().await.unwrap() {
            files.push((name.clone(), app.files.named(&name).await.unwrap().unwrap().to_vec()));
        }
        app.store.drop_database().await.unwrap();
        let _ = std::fs::remove_dir_all(dir);
        Self { collections, files }
    }

    /// Fills a new database. The indexes come first: on empty collections they are made in no time.
    async fn put(&self, store: &Store, dir: &Path) {
        let files = Files::open(&files_in(dir)).await.unwrap();
        for (name, bytes) in &self.files {
            files.put_named(name, bytes.clone().into()).await.unwrap();
        }
        store.migrate().await.unwrap();
        let names: Vec<String> = self.collections.iter().map(|(name, _)| name.clone()).collect();
        store.close_for_filling(&names).await.unwrap();
        for (name, documents) in self.collections.iter().filter(|(name, _)| name != "migrations") {
            let mut documents = documents.iter().cloned();
            store.fill(name, &mut || Ok(documents.next())).await.unwrap();
        }
        store.open_after_filling().await.unwrap();
    }
}

/// Everything that an operation on a socket would answer.
pub fn answers(schema: &EntenteSchema, request: Request) -> BoxStream<'static, Value> {
    match schema.open(request) {
        Opened::Refused(answer) => futures::stream::once(async move { plain(&answer) }).boxed(),
        Opened::Answer(answer) => futures::stream::once(async move { plain(&answer.await) }).boxed(),
        Opened::Stream(subscriber) => subscriber
            .map(|message| {
                let payload: Value = serde_json::from_slice(&message.payload).unwrap();
                if message.failed { json!({ "errors": payload }) } else { payload }
            })
            .boxed(),
    }
}

impl World {
    pub async fn start() -> Self {
        let demo = DEMO.get_or_init(Demo::load).await;
        let (name, dir) = place();
        demo.put(&Store::connect(&options(&name, &dir, false).store).await.unwrap(), &dir).await;
        let app = App::start(options(&name, &dir, true)).await.unwrap();
        settled(&app).await;
        let schema = schema(Some(app.clone()), SchemaOptions { introspection: false });
        Self { app, schema, dir }
    }

    pub async fn end(self) {
        self.app.shutdown().await;
        self.app.store.drop_database().await.unwrap();
        let _ = std::fs::remove_dir_all(self.dir);
    }

    /// The letters that went into the folder, as far as they are whole.
    pub fn letters(&self) -> Vec<Value> {
        let Ok(entries) = std::fs::read_dir(self.dir.join("letters")) else { return Vec::new() };
        let paths = entries.map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|end| end == "json"));
        paths.filter_map(|p| serde_json::from_slice(&std::fs::read(p).ok()?).ok()).collect()
    }

    /// The demo account with that address, signed in over the wire.
    pub async fn actor(&self, email: &str) -> Actor {
        self.actor_with(email, PASSWORD).await
    }

    /// Whoever has that address and password, signed in over the wire.
    pub async fn actor_with(&self, email: &str, password: &str) -> Actor {
        let answer = self.ask(None, SIGN_IN, json!({"email": email, "password": password})).await;
        let token = answer["data"]["sessionCreate"]["accessToken"].as_str().unwrap_or_else(|| panic!("{email}: {answer}")).to_owned();
        self.app.authenticate(&token).await.unwrap()
    }

    pub async fn admin(&self) -> Actor {
        self.actor("admin@entente.test").await
    }

    pub async fn manager(&self) -> Actor {
        self.actor("manager@entente.test").await
    }

    pub async fn aurora(&self) -> Actor {
        self.actor("sales@aurora-systems.test").await
    }

    pub async fn borealis(&self) -> Actor {
        self.actor("sales@borealis-consulting.test").await
    }

    pub async fn ask(&self, actor: Option<&Actor>, query: &str, variables: Value) -> Value {
        self.ask_with(context(actor), query, variables).await
    }

    pub async fn ask_with(&self, context: RequestContext, query: &str, variables: Value) -> Value {
        let request = Request::new(query).variables(Variables::from_json(variables)).data(context);
        plain(&self.schema.execute(request).await)
    }

    /// The data of an answer that must have no top-level errors.
    pub async fn data(&self, actor: &Actor, query: &str, variables: Value) -> Value {
        let answer = self.ask(Some(actor), query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
        answer["data"].clone()
    }

    /// The code of the first top-level error.
    pub async fn code(&self, actor: Option<&Actor>, query: &str, variables: Value) -> Option<String> {
        code(&self.ask(actor, query, variables).await)
    }

    /// A subscription's answers.
    pub fn follow(&self, actor: &Actor, query: &str, variables: Value) -> BoxStream<'static, Value> {
        let request = Request::new(query).variables(Variables::from_json(variables)).data(context(Some(actor)));
        answers(&self.schema, request)
    }

    /// A registration that breaks no rule.
    pub async fn registration(&self, customer: &str) -> Value {
        let view = self.app.program().await.unwrap();
        let product = view.program.products[0].id.to_string();
        let close = view.date(self.app.now()).checked_add(jiff::Span::new().days(40)).unwrap();
        json!({
            "title": format!("Backup for {customer}"),
            "customerName": customer,
            "customerDomain": format!("{}.example", customer.to_lowercase().replace(' ', "-")),
            "customerCountry": "DE",
            "productIds": [product],
            "value": {"amount": "25000.00", "currency": view.program.currency.as_str()},
            "expectedCloseOn": close.to_string(),
        })
    }

    /// Registers a deal of that customer: its id and version.
    pub async fn register(&self, actor: &Actor, customer: &str) -> (String, i64) {
        let data = self.data(actor, REGISTER, json!({"input": self.registration(customer).await})).await;
        let deal = &data["dealRegister"]["deal"];
        (deal["id"].as_str().unwrap_or_else(|| panic!("{data}")).to_owned(), deal["version"].as_i64().unwrap())
    }
}

pub fn context(actor: Option<&Actor>) -> RequestContext {
    RequestContext {
        actor: actor.cloned(),
        request_id: "test".into(),
        refresh_cookie: Arc::new(RefreshCookie::new(None)),
        ..RequestContext::default()
    }
}

fn plain(response: &Response) -> Value {
    serde_json::to_value(response).unwrap()
}

pub fn code(answer: &Value) -> Option<String> {
    answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned)
}

pub const SIGN_IN: &str = "mutation($email: String!, $password: String!) { sessionCreate(input: {email: $email, password: $password}) {
    accessToken expiresAt viewer { user { email } roles } errors { __typename message path ... on SessionError { code } } } }";

pub const REGISTER: &str = "mutation($input: DealRegisterInput!) { dealRegister(input: $input) {
    deal { id version status } verdict { outcome rules { code passed message } }
    errors { __typename message path ... on DealRegisterError { code } } } }";
