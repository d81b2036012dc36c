//! An application on a database of its own, with a small program, two partners and a few people.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use entente_app::clock::Clock;
use entente_app::deal::RegisterInput;
use entente_app::files::FilesAt;
use entente_app::session::keys;
use entente_app::{App, AppOptions, seed};
use entente_domain::Timestamp;
use entente_domain::deal::register::DraftInput;
use entente_domain::event::{Event, EventActor, EventKind, Subject, Visibility};
use entente_domain::id::{EventId, PartnerId, ProductId, UserId};
use entente_domain::money::{Currency, Money};
use entente_domain::partner::{Contact, Partner};
use entente_domain::policy::Actor;
use entente_domain::program::Product;
use entente_domain::user::{Role, Theme, User};
use entente_store::{Saved, Store, StoreOptions};
use ulid::Ulid;

/// Password of everybody here.
pub const PASSWORD: &str = "a password for tests";

pub struct TestApp {
    pub app: App,
    pub store: Store,
    pub product: ProductId,
    pub partners: [PartnerId; 2],
    dir: PathBuf,
}

/// The store of a new database, migrated.
pub fn options(background: bool, clock: Clock) -> AppOptions {
    let uri = std::env::var("MONGODB_URI").expect("MONGODB_URI names the MongoDB of the tests; `cargo xtask test integration` starts one");
    let name = format!("t_{}", Ulid::from_parts(Timestamp::now().as_millisecond() as u64, rand::random()).to_string().to_lowercase());
    AppOptions {
        store: StoreOptions { uri, database: name.clone(), ..StoreOptions::default() },
        redis_url: std::env::var("REDIS_URL").ok(),
        files: FilesAt::Folder(std::env::temp_dir().join(name)),
        public_url: "http://entente.test".into(),
        signing_key: keys::generate().unwrap(),
        mail: entente_app::MailOptions::default(),
        clock,
        background,
    }
}

/// Where an application of [`options`] keeps its files.
pub fn folder(options: &AppOptions) -> PathBuf {
    let FilesAt::Folder(folder) = &options.files else { panic!("a folder") };
    folder.clone()
}

impl TestApp {
    pub async fn start(background: bool) -> Self {
        Self::with_clock(background, Clock::System).await
    }

    pub async fn with_clock(background: bool, clock: Clock) -> Self {
        Self::with_options(options(background, clock)).await
    }

    pub async fn with_options(options: AppOptions) -> Self {
        let store = Store::connect(&options.store).await.unwrap();
        store.migrate().await.unwrap();
        let dir = folder(&options);
        let app = App::start(options).await.unwrap();
        seed::ensure_program(&app).await.unwrap();
        let product = ProductId::new(app.ulid());
        let mut program = store.program().await.unwrap().unwrap();
        let price = Money { amount: "5000".parse().unwrap(), currency: Currency::parse("USD").unwrap() };
        program.products.push(Product::new(product.clone(), "vault", "Vault", None, Some(price)));
        program.version += 1;
        let changed = event(&app, EventKind::ProgramChanged, Subject::Program { id: program.id.clone() });
        assert_eq!(store.save_program(&program, Some(1), &[changed]).await.unwrap(), Saved::Done);
        app.forget_program();
        let partners = [add_partner(&app, "aurora").await, add_partner(&app, "borealis").await];
        Self { app, store, product, partners, dir }
    }

    /// Somebody with an account; `of` is the number of a partner, none the vendor.
    pub async fn person(&self, role: Role, of: Option<usize>) -> Actor {
        let id = UserId::new(self.app.ulid());
        let email = format!("{}@people.test", id.as_str().to_lowercase());
        let user = User {
            id: id.clone(),
            version: 1,
            name: format!("{role:?}"),
            email,
            title: None,
            roles: vec![role],
            partner_id: of.map(|n| self.partners[n].clone()),
            language: "en".into(),
            theme: Theme::System,
            active: true,
            demo: false,
            created_at: self.app.now(),
        };
        let hash = entente_app::session::password::hash(&self.app, PASSWORD.into()).await.unwrap();
        let changed = event(&self.app, EventKind::UserChanged, Subject::User { id });
        assert_eq!(self.store.save_user(&user, Some(&hash), None, &[changed]).await.unwrap(), Saved::Done);
        Actor { user_id: user.id, name: user.name, roles: user.roles, partner_id: user.partner_id, api_key: None }
    }

    pub async fn email(&self, actor: &Actor) -> String {
        self.store.user(&actor.user_id).await.unwrap().unwrap().email
    }

    /// A registration of that customer.
    pub fn input(&self, customer: &str) -> RegisterInput {
        let close = self.app.now().to_zoned(jiff::tz::TimeZone::UTC).date().checked_add(jiff::Span::new().days(30)).unwrap();
        RegisterInput {
            draft: DraftInput {
                title: format!("Backup for {customer}"),
                customer_name: customer.into(),
                customer_domain: Some(format!("www.{customer}.com")),
                customer_country: Some("DE".into()),
                product_ids: vec![self.product.to_string()],
                amount: "12000".into(),
                currency: "USD".into(),
                expected_close_on: Some(close),
                ..DraftInput::default()
            },
            ..RegisterInput::default()
        }
    }

    pub async fn end(self) {
        self.app.shutdown().await;
        self.store.drop_database().await.unwrap();
        let _ = std::fs::remove_dir_all(self.dir);
    }
}

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

async fn add_partner(app: &App, slug: &str) -> PartnerId {
    let partner = Partner {
        id: PartnerId::new(app.ulid()),
        version: 1,
        slug: slug.into(),
        name: slug.to_uppercase(),
        summary: "A partner".into(),
        description: String::new(),
        website: None,
        country: Some("DE".into()),
        city: None,
        tier: Some("select".into()),
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
    let changed = event(app, EventKind::PartnerChanged, Subject::Partner { id: partner.id.clone() });
    assert_eq!(app.store.save_partner(&partner, None, &[changed]).await.unwrap(), Saved::Done);
    partner.id
}
