//! A fresh database per test, and deals, partners and events to put into it.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use entente_domain::Timestamp;
use entente_domain::customer::Customer;
use entente_domain::deal::claim::Claim;
use entente_domain::deal::{Deal, DealSource, Decision, RegistrationStatus};
use entente_domain::event::{Event, EventActor, EventKind, Subject, Visibility};
use entente_domain::id::{CustomerId, DealId, EventId, PartnerId, ProductId, UserId};
use entente_domain::money::{Currency, Money};
use entente_domain::program::StageCategory;
use entente_store::{Store, StoreOptions};
use ulid::Ulid;

static DATABASES: AtomicU32 = AtomicU32::new(0);
static EVENTS: AtomicU32 = AtomicU32::new(1);

/// A store on a database of its own.
#[derive(Clone)]
pub struct Fresh {
    pub store: Store,
    pub options: StoreOptions,
}

impl Fresh {
    /// The driver's own view of the database.
    pub async fn raw(&self) -> mongodb::Database {
        mongodb::Client::with_uri_str(&self.options.uri).await.unwrap().database(&self.options.database)
    }
}

/// Runs a test in a database of its own, which is dropped however the test ends.
pub fn with_store<F: Future<Output = ()> + Send + 'static>(test: impl FnOnce(Fresh) -> F + Send + 'static) {
    let uri = std::env::var("MONGODB_URI")
        .expect("MONGODB_URI is not set: start the services with `cargo xtask services`, or name a MongoDB replica set of your own");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let database = format!("store_test_{}_{nanos}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
        let options = StoreOptions { uri, database, max_pool: 64 };
        let store = Store::connect(&options).await.unwrap();
        store.ping().await.expect("MongoDB at MONGODB_URI does not answer");
        store.migrate().await.unwrap();
        let ended = tokio::spawn(test(Fresh { store: store.clone(), options })).await;
        store.drop_database().await.unwrap();
        if let Err(e) = ended {
            std::panic::resume_unwind(e.into_panic());
        }
    });
}

pub fn at(s: &str) -> Timestamp {
    s.parse().unwrap()
}

pub fn minutes(n: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + n * 60).unwrap()
}

pub fn deal_id(n: u32) -> DealId {
    DealId::new(Ulid::from_parts(1, n.into()))
}

pub fn partner_id(n: u32) -> PartnerId {
    PartnerId::new(Ulid::from_parts(1, n.into()))
}

pub fn product_id(n: u32) -> ProductId {
    ProductId::new(Ulid::from_parts(1, n.into()))
}

pub fn user_id(n: u32) -> UserId {
    UserId::new(Ulid::from_parts(1, n.into()))
}

pub fn event_id() -> EventId {
    EventId::new(Ulid::from_parts(2, EVENTS.fetch_add(1, Ordering::Relaxed).into()))
}

pub fn money(amount: i64) -> Money {
    Money { amount: amount.into(), currency: Currency::parse("EUR").unwrap() }
}

pub fn customer(partner: u32, key: u32) -> Customer {
    Customer {
        id: CustomerId::new(Ulid::from_parts(partner.into(), key.into())),
        partner_id: partner_id(partner),
        name: format!("Customer{key} Müller"),
        domain: Some(format!("c{key}.example")),
        country: Some("DE".into()),
        industry: None,
        parent: None,
        key: format!("domain:c{key}.example"),
        name_key: format!("name:customer{key}-muller|DE"),
    }
}

/// A submitted deal of partner 1, customer `n`, product 1.
pub fn deal(n: u32) -> Deal {
    deal_of(n, 1, n)
}

pub fn deal_of(n: u32, partner: u32, customer_key: u32) -> Deal {
    Deal {
        id: deal_id(n),
        number: format!("D-{n}"),
        version: 1,
        title: format!("Deal {n}"),
        status: RegistrationStatus::Submitted,
        stage: "prospecting".into(),
        stage_category: StageCategory::Open,
        partner_id: partner_id(partner),
        customer: Some(customer(partner, customer_key)),
        product_ids: vec![product_id(1)],
        value: money(1000),
        rate: 1.into(),
        base_value: money(1000),
        expected_close_on: Some("2026-12-24".parse().unwrap()),
        closed_on: None,
        next_step: None,
        manager_id: Some(user_id(1)),
        territory: Some("emea".into()),
        source: DealSource::Registered,
        registered_by: Some(user_id(2)),
        created_at: minutes(n.into()),
        updated_at: minutes(n.into()),
        decision_due_at: Some(minutes(i64::from(n) + 480)),
        paused_minutes: None,
        decided_at: None,
        decision_reason: None,
        open_question: None,
        protected_until: None,
        import_key: None,
        judged: Default::default(),
        evidence: Default::default(),
        origin: Default::default(),
        protection: Default::default(),
        deadline: Default::default(),
        record: Default::default(),
        route: Default::default(),
        included: Vec::new(),
    }
}

pub fn event(deal: &Deal, kind: EventKind) -> Event {
    Event {
        id: event_id(),
        kind,
        subject: Subject::Deal { id: deal.id.clone(), partner_id: deal.partner_id.clone(), version: deal.version },
        occurred_at: deal.updated_at,
        actor: EventActor { user_id: Some(user_id(2)), name: "Somebody".into() },
        visibility: Visibility::Shared,
        text: None,
        changes: Vec::new(),
    }
}

/// A new deal with its event.
pub fn insert(deal: &Deal) -> Decision {
    let event = event(deal, EventKind::DealRegistered);
    Decision { deal: deal.clone(), based_on: None, take: Vec::new(), release_claims: false, events: vec![event] }
}

/// The next version of a deal, with its event.
pub fn change(deal: &Deal, kind: EventKind, edit: impl FnOnce(&mut Deal)) -> Decision {
    let mut after = deal.clone();
    after.version += 1;
    edit(&mut after);
    let event = event(&after, kind);
    Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: false, events: vec![event] }
}

/// Approves a deal until then: it takes its claims.
pub fn approve(deal: &Deal, until: Timestamp) -> Decision {
    let mut decision = change(deal, EventKind::DealApproved, |d| {
        d.status = RegistrationStatus::Approved;
        d.decision_due_at = None;
        d.protected_until = Some(until);
    });
    decision.take = claims(&decision.deal, until);
    decision
}

pub fn claims(deal: &Deal, until: Timestamp) -> Vec<Claim> {
    entente_domain::deal::decide::claims(deal, until)
}
