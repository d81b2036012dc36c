//! The vendor's own opportunities: recorded and closed by its staff, never against a partner's protection.

mod feed;

use entente_domain::Timestamp;
use entente_domain::customer::registrable_domain;
use entente_domain::direct::{self as domain, Direct, DirectCause, DirectInput, DirectViolation};
use entente_domain::event::Event;
use entente_domain::id::{DirectId, EventId};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_store::{Committed, IdempotencyRecord};

use crate::deal::expire_claims_on;
use crate::idempotency::{KeyRefusal, Once};
use crate::page::{self, Page};
use crate::{App, AppError, Refused};

pub use feed::{DirectFeed, DirectNews};

/// Why an opportunity is not recorded or closed.
#[derive(Debug)]
pub enum DirectRefusal {
    /// The actor's role may not do this.
    NotAllowed,
    /// There is no such opportunity.
    NotFound,
    /// The input breaks these rules.
    Invalid(Vec<DirectViolation>),
    /// A partner has protected the customer and one of the products.
    CustomerProtected,
    /// It was decided on another version.
    StaleVersion(i32),
    /// It is closed already.
    Closed,
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for DirectRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

type Done = Result<Direct, Refused<DirectRefusal>>;

/// Records an opportunity, unless a partner has protected its customer and a product.
#[tracing::instrument(level = "debug", name = "direct.record", skip_all)]
pub async fn record(app: &App, actor: &Actor, input: &DirectInput, key: Option<&str>) -> Done {
    if !can(actor, Action::RecordDirect, Resource::OfVendor) {
        return Err(Refused::Refused(DirectRefusal::NotAllowed));
    }
    let once = Once::new(actor, "directRecord", key, input)?;
    if let Some(record) = once.earlier(app).await? {
        return again(app, &record).await;
    }
    let view = app.program().await?;
    let cause = cause(app, actor);
    let recorded = domain::record(input, &view.program, registrable_domain, DirectId::new(app.ulid()), &cause);
    let (direct, event) = recorded.map_err(|wrong| Refused::Refused(DirectRefusal::Invalid(wrong)))?;
    let record = once.record(direct.id.as_str(), String::new());
    match save(app, &direct, None, true, &event, record.as_ref()).await? {
        Some(earlier) => again(app, &once.same(earlier)?).await,
        None => Ok(direct),
    }
}

/// Closes an opportunity: won only where no partner has protected its customer and a product meanwhile.
#[tracing::instrument(level = "debug", name = "direct.close", skip_all)]
pub async fn close(app: &App, actor: &Actor, id: &str, expected_version: i32, won: bool) -> Done {
    if !can(actor, Action::RecordDirect, Resource::OfVendor) {
        return Err(Refused::Refused(DirectRefusal::NotAllowed));
    }
    let Some(direct) = get(app, actor, id).await? else { return Err(Refused::Refused(DirectRefusal::NotFound)) };
    if direct.version != expected_version {
        return Err(Refused::Refused(DirectRefusal::StaleVersion(direct.version)));
    }
    let Some((closed, event)) = domain::close(&direct, won, &cause(app, actor)) else { return Err(Refused::Refused(DirectRefusal::Closed)) };
    save(app, &closed, Some(expected_version), won, &event, None).await?;
    Ok(closed)
}

/// An opportunity; none when it is not there or hidden from the actor.
#[tracing::instrument(level = "debug", name = "direct.get", skip_all)]
pub async fn get(app: &App, actor: &Actor, id: &str) -> Result<Option<Direct>, AppError> {
    if !can(actor, Action::SeeDirects, Resource::OfVendor) {
        return Ok(None);
    }
    let Ok(id) = id.parse::<DirectId>() else { return Ok(None) };
    Ok(app.store.direct(&id).await?)
}

/// The opportunities that the actor may see, last recorded first.
#[tracing::instrument(level = "debug", name = "direct.list", skip_all)]
pub async fn list(app: &App, actor: &Actor, first: u32, after: Option<&str>) -> Result<Page<Direct>, AppError> {
    let name = page::list_name("directs", &())?;
    let key: Option<(Timestamp, DirectId)> = page::decode(&name, after)?;
    let rows = if can(actor, Action::SeeDirects, Resource::OfVendor) { app.store.directs(key, first + 1).await? } else { Vec::new() };
    Page::of(rows, first, after.is_some(), &name, |d| (d.recorded_at, d.id.clone()))
}

/// How many opportunities the actor may see.
#[tracing::instrument(level = "debug", name = "direct.count", skip_all)]
pub async fn count(app: &App, actor: &Actor) -> Result<u64, AppError> {
    if can(actor, Action::SeeDirects, Resource::OfVendor) { Ok(app.store.count_directs().await?) } else { Ok(0) }
}

fn cause(app: &App, actor: &Actor) -> DirectCause {
    let cause = app.cause(actor);
    DirectCause { by: cause.actor, now: cause.now, event_id: EventId::new(app.ulid()) }
}

/// Writes; an idempotency record comes back when its key had been used.
async fn save(
    app: &App,
    direct: &Direct,
    based_on: Option<i32>,
    unless_claimed: bool,
    event: &Event,
    once: Option<&IdempotencyRecord>,
) -> Result<Option<IdempotencyRecord>, Refused<DirectRefusal>> {
    if unless_claimed {
        expire_claims_on(app, &direct.claim_keys()).await?;
    }
    match app.store.save_direct(direct, based_on, unless_claimed, event, once).await? {
        Committed::Done => Ok(None),
        Committed::Replayed(record) => Ok(Some(record)),
        Committed::ClaimTaken(_) => Err(Refused::Refused(DirectRefusal::CustomerProtected)),
        Committed::Stale | Committed::Duplicate => {
            let now = app.store.direct(&direct.id).await?.map_or(direct.version, |d| d.version);
            Err(Refused::Refused(DirectRefusal::StaleVersion(now)))
        }
    }
}

async fn again(app: &App, record: &IdempotencyRecord) -> Done {
    let id: DirectId = record.result_id.parse().map_err(AppError::internal)?;
    app.store.direct(&id).await?.ok_or(Refused::Refused(DirectRefusal::NotFound))
}
