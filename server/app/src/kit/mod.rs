//! Campaign kits: which of them an actor sees, and the partner that is merged into them.

mod brand;

use entente_domain::Timestamp;
use entente_domain::id::{KitAssetId, KitId, PartnerId};
use entente_domain::kit::{Kit, KitAsset, KitAssetKind};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_render::{AssetKind, AssetSource};
use entente_store::KitQuery;
use serde::Serialize;

use crate::page::{self, Page};
use crate::{App, AppError};

pub(crate) use brand::brand_of;
pub use entente_render::Format;

/// Which kits. Empty lists do not filter.
#[derive(Debug, Clone, Default, Serialize)]
pub struct KitListQuery {
    /// Words of title and summary.
    pub search: Option<String>,
    /// Languages.
    pub languages: Vec<String>,
    /// Verticals; a kit for any vertical always fits.
    pub verticals: Vec<String>,
    /// Kinds of assets, any of them.
    pub kinds: Vec<KitAssetKind>,
}

/// Whether the actor sees kits at all; of a partner's people, engineers do not.
pub fn may_see(actor: &Actor) -> bool {
    can(actor, Action::SeeKits, Resource::Any)
}

/// From when on the actor sees kits: partners what is published now, the vendor drafts and past ones too.
fn published_at(app: &App, actor: &Actor) -> Option<Timestamp> {
    (!actor.is_vendor()).then(|| app.now())
}

fn store_query(app: &App, actor: &Actor, query: &KitListQuery) -> KitQuery {
    KitQuery {
        published_at: published_at(app, actor),
        search: query.search.clone(),
        languages: query.languages.clone(),
        verticals: query.verticals.clone(),
        kinds: query.kinds.clone(),
        after: None,
        limit: 1,
        light: true,
    }
}

/// Kits that the actor sees, newest first, without the templates' texts.
#[tracing::instrument(level = "debug", name = "kit.list", skip_all)]
pub async fn list(app: &App, actor: &Actor, query: &KitListQuery, first: u32, after: Option<&str>) -> Result<Page<Kit>, AppError> {
    if !may_see(actor) {
        return Ok(Page::empty());
    }
    let name = page::list_name("kits", query)?;
    let after_key: Option<(Option<Timestamp>, KitId)> = page::decode(&name, after)?;
    let read = KitQuery { after: after_key, limit: first + 1, ..store_query(app, actor, query) };
    let rows = app.store.kits(&read).await?;
    Page::of(rows, first, after.is_some(), &name, |k| (k.published_at, k.id.clone()))
}

/// How many kits there are in all.
#[tracing::instrument(level = "debug", name = "kit.count", skip_all)]
pub async fn count(app: &App, actor: &Actor, query: &KitListQuery) -> Result<u64, AppError> {
    if may_see(actor) { Ok(app.store.count_kits(&store_query(app, actor, query)).await?) } else { Ok(0) }
}

fn seen(app: &App, actor: &Actor, kit: &Kit) -> bool {
    may_see(actor) && (actor.is_vendor() || kit.is_published(app.now()))
}

/// A kit; none when it is not there or hidden.
#[tracing::instrument(level = "debug", name = "kit.get", skip_all)]
pub async fn get(app: &App, actor: &Actor, id: &str) -> Result<Option<Kit>, AppError> {
    let Ok(id) = id.parse::<KitId>() else { return Ok(None) };
    Ok(app.store.kit(&id).await?.filter(|k| seen(app, actor, k)))
}

/// An asset with its kit; none when it is not there or hidden.
#[tracing::instrument(level = "debug", name = "kit.asset", skip_all)]
pub async fn asset(app: &App, actor: &Actor, id: &str) -> Result<Option<(Kit, KitAsset)>, AppError> {
    let Ok(id) = id.parse::<KitAssetId>() else { return Ok(None) };
    let Some(kit) = app.store.kit_of_asset(&id).await?.filter(|k| seen(app, actor, k)) else { return Ok(None) };
    let asset = kit.assets.iter().find(|a| a.id == id).cloned();
    Ok(asset.map(|a| (kit, a)))
}

/// Whose brand is merged in: the actor's own partner's, or for vendor staff the one named.
pub fn brand_partner(actor: &Actor, named: Option<&str>) -> Result<Option<PartnerId>, AppError> {
    match (&actor.partner_id, named) {
        (Some(own), None) => Ok(Some(own.clone())),
        (Some(own), Some(id)) if id == own.as_str() => Ok(Some(own.clone())),
        (None, None) => Ok(None),
        (None, Some(id)) => id.parse().map(Some).map_err(|_| AppError::BadRequest("partnerId must be the id of a partner".into())),
        (Some(_), Some(_)) => Err(AppError::BadRequest("partnerId must be your own partner's".into())),
    }
}

/// The renderer's word for a kind.
pub fn render_kind(kind: KitAssetKind) -> AssetKind {
    match kind {
        KitAssetKind::Email => AssetKind::Email,
        KitAssetKind::LandingPage => AssetKind::LandingPage,
        KitAssetKind::SocialPost => AssetKind::SocialPost,
        KitAssetKind::Document => AssetKind::Document,
        KitAssetKind::Banner => AssetKind::Banner,
        KitAssetKind::Presentation => AssetKind::Presentation,
        KitAssetKind::File => AssetKind::File,
    }
}

/// What the renderer needs of an asset.
pub(crate) fn source(kit: &Kit, asset: &KitAsset) -> AssetSource {
    AssetSource {
        kind: render_kind(asset.kind),
        title: asset.title.clone(),
        file_stem: format!("{}-{}", kit.key, asset.key),
        language: kit.language.clone(),
        main: asset.main_template.clone(),
        templates: asset.templates.clone(),
    }
}
