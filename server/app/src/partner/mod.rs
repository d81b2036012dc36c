//! Partners: the directory that anyone may search, and the profile that a partner's own administrators keep.

mod certificates;
mod feed;
mod update;

use entente_domain::id::PartnerId;
use entente_domain::partner::Partner;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_search::SearchError;

use crate::page::Page;
use crate::{App, AppError};

pub use certificates::{certificates, set_certificates};
pub use entente_render::LogoError;
pub use entente_search::{Facet, FacetField, Order, OrderField, PartnerFilter, SearchRequest, Suggestion};
pub use feed::{PartnerFeed, PartnerNews};
pub(crate) use update::keep_logo;
pub use update::{PartnerRefusal, PartnerUpdate, update};

/// A page of the directory with its facets and the number of all matches.
pub struct DirectoryPage {
    /// The partners.
    pub page: Page<Partner>,
    /// Matches in all.
    pub total: usize,
    /// Counts per field.
    pub facets: Vec<Facet>,
}

fn sees_unpublished(actor: Option<&Actor>) -> bool {
    actor.is_some_and(|a| can(a, Action::SeeWholeDirectory, Resource::Any))
}

/// Whether that actor (or anyone, without one) may see the partner.
pub fn visible(actor: Option<&Actor>, partner: &Partner) -> bool {
    partner.published || sees_unpublished(actor) || actor.is_some_and(|a| a.partner_id.as_ref() == Some(&partner.id))
}

fn bad(e: SearchError) -> AppError {
    match e {
        SearchError::Index(e) => AppError::internal(e),
        SearchError::CursorInvalid | SearchError::CursorMismatch => {
            AppError::BadRequest("after must be a cursor of this same list: same search, filter and order".into())
        }
        other => AppError::BadRequest(other.to_string()),
    }
}

/// Searches the directory. What is published is for anyone; the vendor's staff finds the rest too.
#[tracing::instrument(level = "debug", name = "partner.search", skip_all)]
pub async fn search(app: &App, actor: Option<&Actor>, mut request: SearchRequest) -> Result<DirectoryPage, AppError> {
    request.published_only = !sees_unpublished(actor);
    let after = request.after.is_some();
    let index = app.directory.clone();
    let found = tokio::task::spawn_blocking(move || index.search(&request)).await.map_err(AppError::internal)?.map_err(bad)?;
    let ids: Vec<PartnerId> = found.hits.iter().filter_map(|h| h.id.parse().ok()).collect();
    let partners = if ids.is_empty() { Vec::new() } else { app.store.partners_by_ids(&ids).await? };
    let rows = found.hits.into_iter().filter_map(|hit| partners.iter().find(|p| p.id.as_str() == hit.id).map(|p| (hit.cursor, p.clone()))).collect();
    Ok(DirectoryPage { page: Page { rows, has_next: found.has_next_page, has_previous: after }, total: found.total, facets: found.facets })
}

/// Completions of a prefix with the partner where one is meant.
#[tracing::instrument(level = "debug", name = "partner.suggest", skip_all)]
pub async fn suggest(app: &App, actor: Option<&Actor>, prefix: &str, first: u32) -> Result<Vec<(Suggestion, Option<Partner>)>, AppError> {
    let found = app.directory.suggest(prefix, !sees_unpublished(actor), first.min(50) as usize).map_err(bad)?;
    let ids: Vec<PartnerId> = found.iter().filter_map(|s| s.partner_id.as_deref()?.parse().ok()).collect();
    let partners = if ids.is_empty() { Vec::new() } else { app.store.partners_by_ids(&ids).await? };
    Ok(found
        .into_iter()
        .map(|s| {
            let partner = s.partner_id.as_deref().and_then(|id| partners.iter().find(|p| p.id.as_str() == id)).cloned();
            (s, partner)
        })
        .collect())
}

/// A partner by id; none when it is not there or hidden.
#[tracing::instrument(level = "debug", name = "partner.get", skip_all)]
pub async fn get(app: &App, actor: Option<&Actor>, id: &str) -> Result<Option<Partner>, AppError> {
    let Ok(id) = id.parse::<PartnerId>() else { return Ok(None) };
    Ok(app.store.partner(&id).await?.filter(|p| visible(actor, p)))
}

/// A partner by the name in its address; none when it is not there or hidden.
#[tracing::instrument(level = "debug", name = "partner.by_slug", skip_all)]
pub async fn by_slug(app: &App, actor: Option<&Actor>, slug: &str) -> Result<Option<Partner>, AppError> {
    Ok(app.store.partner_by_slug(slug).await?.filter(|p| visible(actor, p)))
}

/// The partners of deals that the actor was given, in any order: who may see a deal may see whose it is.
#[tracing::instrument(level = "debug", name = "partner.of_deals", skip_all)]
pub async fn of_deals(app: &App, ids: &[PartnerId]) -> Result<Vec<Partner>, AppError> {
    if ids.is_empty() { Ok(Vec::new()) } else { Ok(app.store.partners_by_ids(ids).await?) }
}

/// Whether the actor may see deals of that partner.
pub fn may_see_deals(actor: &Actor, partner: &PartnerId) -> bool {
    can(actor, Action::SeeDeals, Resource::OfPartner(partner))
}

/// Whether the actor may change the partner's profile.
pub fn may_edit(actor: &Actor, partner: &PartnerId) -> bool {
    can(actor, Action::EditPartner, Resource::OfPartner(partner))
}
