//! The demo program: read from `seed-data/`, replayed through the same rules as everything else with the clock set to each
//! step. Goes into an empty database only.

mod deals;
mod files;
mod leads;
mod people;
mod routing;
mod rules;

use std::collections::HashMap;
use std::path::Path;

use entente_domain::calendar::BusinessCalendar;
use entente_domain::event::{Event, EventActor, EventKind, Subject, Visibility};
use entente_domain::id::{EventId, KitAssetId, KitId, PartnerId, ProductId, ProgramId, UserId};
use entente_domain::kit::{Kit, KitAsset, KitAssetKind};
use entente_domain::money::{Currency, Money};
use entente_domain::partner::Partner;
use entente_domain::program::{Product, Program, Rate, Rules};
use entente_domain::rules::RuleSet;
use entente_domain::user::User;
use entente_render::KitSpec;
use jiff::{SignedDuration, ToSpan};

use self::rules::RulesFile;
use crate::program::ProgramView;
use crate::rules::first_version;
use crate::{App, AppError};
use files::{ProgramFile, read_json};

/// Password of every demo account.
pub const DEMO_PASSWORD: &str = "entente-demo-2026";

/// What was loaded.
#[derive(Debug, Default, Clone, Copy)]
pub struct SeedReport {
    /// Accounts.
    pub users: usize,
    /// Partners.
    pub partners: usize,
    /// Deals.
    pub deals: usize,
    /// Kits.
    pub kits: usize,
}

/// What the later files refer to.
struct World {
    view: ProgramView,
    users: HashMap<String, User>,
    partners: HashMap<String, Partner>,
}

/// A file of the demo program that cannot be used.
fn wrong(file: &str, what: impl std::fmt::Display) -> AppError {
    AppError::BadRequest(format!("{file}: {what}"))
}

/// Loads the demo program from that folder; `progress` is told what has been done.
pub async fn load(app: &App, dir: &Path, progress: &(dyn Fn(&str) + Send + Sync)) -> Result<SeedReport, AppError> {
    if !app.store.is_empty().await? {
        return Err(AppError::BadRequest("the database has a program already; the demo goes into an empty one".into()));
    }
    let rules = RulesFile::read(dir)?;
    let mut program = program(app, read_json(dir, "program.json")?)?;
    program.created_at = rules.since(app.now())?;
    let changed = event(app, EventKind::ProgramChanged, Subject::Program { id: program.id.clone() });
    app.store.save_program(&program, None, &[changed]).await?;
    let first = rules.first(app, &program).await?;
    progress("program");
    let mut world = World { view: ProgramView::of(program, vec![first], app.now())?, users: HashMap::new(), partners: HashMap::new() };
    people::load(app, dir, &mut world).await?;
    progress("partners and people");
    rules.announce(app, &world).await?;
    routing::load(app, dir, &world).await?;
    let deals = deals::load(app, dir, &world).await?;
    progress("deals");
    leads::load(app, dir, &world).await?;
    progress("leads");
    let kits = kits(app, dir).await?;
    progress("kits");
    Ok(SeedReport { users: world.users.len(), partners: world.partners.len(), deals, kits })
}

/// The program of a new installation, where there is none yet: standard stages and tiers, nothing to sell.
const DEFAULT_PROGRAM: &str = include_str!("default_program.json");

/// Gives an empty database a program to begin with; leaves one that has a program alone.
pub async fn ensure_program(app: &App) -> Result<(), AppError> {
    if !app.store.is_empty().await? {
        return Ok(());
    }
    let program = program(app, serde_json::from_str(DEFAULT_PROGRAM).map_err(AppError::internal)?)?;
    let mut changed = event(app, EventKind::ProgramChanged, Subject::Program { id: program.id.clone() });
    changed.actor.name = "Entente".into();
    // Another server that was first is as good.
    app.store.save_program(&program, None, &[changed]).await?;
    if let Some(program) = app.store.program().await? {
        first_version(app, &program, RuleSet::of(&program)).await?;
    }
    Ok(())
}

fn event(app: &App, kind: EventKind, subject: Subject) -> Event {
    Event {
        id: EventId::new(app.ulid()),
        kind,
        subject,
        occurred_at: app.now(),
        actor: EventActor { user_id: None, name: "Demo program".into() },
        visibility: Visibility::Internal,
        text: None,
        changes: Vec::new(),
    }
}

fn program(app: &App, file: ProgramFile) -> Result<Program, AppError> {
    let bad = |what: &str| wrong("program.json", what);
    let currency = Currency::parse(&file.currency).map_err(|e| wrong("program.json", e))?;
    let mut rates = Vec::new();
    for (code, rate) in file.rates {
        let currency = Currency::parse(&code).map_err(|e| wrong("program.json", format!("rates.{code}: {e}")))?;
        rates.push(Rate { currency, rate });
    }
    let mut products = Vec::new();
    for p in file.products {
        let list_price = p.list_price.map(|amount| Money { amount, currency: currency.clone() });
        let bundle = p.bundle.map(|b| b.bundle(&products, &file.verticals)).transpose()?;
        let product = Product::new(ProductId::new(app.ulid()), &p.key, &p.name, p.line, list_price);
        products.push(Product { description: p.description, bundle, ..product });
    }
    let mut work_days = Vec::new();
    for day in &file.calendar.work_days {
        let names = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
        let n = names.iter().position(|n| n == day).ok_or_else(|| bad("calendar.workDays"))?;
        work_days.push(i8::try_from(n + 1).map_err(|_| bad("calendar.workDays"))?);
    }
    let time = |text: &str| text.parse().map_err(|_| bad("calendar times are HH:MM"));
    let hours = (time(&file.calendar.opens_at)?, time(&file.calendar.closes_at)?);
    let calendar = BusinessCalendar::weekly(file.calendar.time_zone, &work_days, hours, file.calendar.holidays);
    calendar.check().map_err(|e| wrong("program.json", e))?;
    Ok(Program {
        id: ProgramId::new(app.ulid()),
        version: 1,
        name: file.name,
        vendor: file.vendor,
        currency,
        rates,
        stages: file.stages,
        tiers: file.tiers,
        partner_types: file.partner_types,
        territories: file.territories,
        verticals: file.verticals,
        competencies: file.competencies,
        products,
        calendar,
        rules: Rules {
            version: 1,
            approval_business_hours: file.rules.approval_business_hours,
            protection_days: file.rules.protection_days,
            minimum_value: file.rules.minimum_value,
            ..Rules::default()
        },
        created_at: app.now(),
    })
}

async fn kits(app: &App, dir: &Path) -> Result<usize, AppError> {
    let specs: Vec<KitSpec> = read_json(dir, "kits.json")?;
    let now = app.now();
    let days = |n: u32| SignedDuration::from_hours(24 * i64::from(n));
    for spec in &specs {
        let mut assets = Vec::new();
        for asset in &spec.assets {
            let source = spec
                .source(asset, |name| std::fs::read_to_string(dir.join(name)).ok())
                .map_err(|e| wrong("kits.json", format!("{}/{}: {e}", spec.key, asset.key)))?;
            assets.push(KitAsset {
                id: KitAssetId::new(app.ulid()),
                key: asset.key.clone(),
                title: asset.title.clone(),
                kind: kind(asset.kind),
                main_template: source.main,
                templates: source.templates,
            });
        }
        let kit = Kit {
            id: KitId::new(app.ulid()),
            key: spec.key.clone(),
            title: spec.title.clone(),
            summary: spec.summary.clone(),
            language: spec.language.clone(),
            verticals: spec.verticals.clone(),
            published_at: spec.published_days_ago.map(|n| now.checked_sub(days(n))).transpose().map_err(AppError::internal)?,
            expires_at: spec.expires_in_days.map(|n| now.checked_add(days(n))).transpose().map_err(AppError::internal)?,
            assets,
        };
        app.store.save_kit(&kit, true, &[event(app, EventKind::KitChanged, Subject::Kit { id: kit.id.clone() })]).await?;
    }
    Ok(specs.len())
}

fn kind(kind: entente_render::AssetKind) -> KitAssetKind {
    use entente_render::AssetKind as K;
    match kind {
        K::Email => KitAssetKind::Email,
        K::LandingPage => KitAssetKind::LandingPage,
        K::SocialPost => KitAssetKind::SocialPost,
        K::Document => KitAssetKind::Document,
        K::Banner => KitAssetKind::Banner,
        K::Presentation => KitAssetKind::Presentation,
        K::File => KitAssetKind::File,
    }
}

/// An id of the partner or the user that a file names.
fn named<'a, T>(all: &'a HashMap<String, T>, key: &str, file: &str) -> Result<&'a T, AppError> {
    all.get(key).ok_or_else(|| wrong(file, format!("`{key}` is not there")))
}

/// A new account's or partner's id.
fn user_id(app: &App) -> UserId {
    UserId::new(app.ulid())
}

fn partner_id(app: &App) -> PartnerId {
    PartnerId::new(app.ulid())
}

/// So many days before that date.
fn days_before(date: entente_domain::Date, days: i64) -> Result<entente_domain::Date, AppError> {
    date.checked_sub(days.days()).map_err(AppError::internal)
}
