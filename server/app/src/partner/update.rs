//! Changing a partner's profile and logo.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as B64;
use bytes::Bytes;
use entente_domain::event::{Event, EventActor, EventKind, FieldChange, Subject, Visibility};
use entente_domain::id::{EventId, PartnerId};
use entente_domain::partner::{Logo, Partner, ProfileDraft, ProfileViolation, update_profile};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_render::{LogoError, clean_logo};
use entente_store::Saved;

use super::visible;
use crate::{App, AppError, Refused};

/// New values; none leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct PartnerUpdate {
    /// Texts and contact.
    pub profile: ProfileDraft,
    /// An SVG or PNG, base64; an empty text removes the logo.
    pub logo: Option<String>,
    /// Whether anyone may find it; the vendor decides.
    pub published: Option<bool>,
}

/// Why a profile is not changed.
#[derive(Debug)]
pub enum PartnerRefusal {
    /// No such partner, or hidden.
    NotFound,
    /// The actor may not change it.
    NotAllowed,
    /// It was decided on another version; this is the current one.
    StaleVersion(i32),
    /// These fields break a rule.
    Invalid(Vec<ProfileViolation>),
    /// The logo is not base64.
    LogoEncoding,
    /// The logo is refused.
    Logo(LogoError),
}

/// Changes a profile.
#[tracing::instrument(level = "debug", name = "partner.update", skip_all)]
pub async fn update(app: &App, actor: &Actor, id: &str, expected_version: i32, new: &PartnerUpdate) -> Result<Partner, Refused<PartnerRefusal>> {
    let refuse = |r| Err(Refused::Refused(r));
    let id: PartnerId = id.parse().map_err(|_| Refused::Refused(PartnerRefusal::NotFound))?;
    let Some(before) = app.store.partner(&id).await?.filter(|p| visible(Some(actor), p)) else { return refuse(PartnerRefusal::NotFound) };
    let publishes = new.published.is_some_and(|p| p != before.published);
    if !can(actor, Action::EditPartner, Resource::OfPartner(&id)) || (publishes && !actor.is_vendor()) {
        return refuse(PartnerRefusal::NotAllowed);
    }
    if before.version != expected_version {
        return refuse(PartnerRefusal::StaleVersion(before.version));
    }
    let mut after = update_profile(&before, &new.profile).map_err(|v| Refused::Refused(PartnerRefusal::Invalid(v)))?;
    if let Some(text) = &new.logo {
        after.logo = logo(app, text).await?;
    }
    after.published = new.published.unwrap_or(after.published);
    after.version += 1;
    match app.store.save_partner(&after, Some(expected_version), &[event(app, actor, &before, &after)]).await? {
        Saved::Done => Ok(after),
        Saved::Stale | Saved::Duplicate => {
            let current = app.store.partner(&id).await?.map_or(expected_version, |p| p.version);
            refuse(PartnerRefusal::StaleVersion(current))
        }
    }
}

async fn logo(app: &App, base64: &str) -> Result<Option<Logo>, Refused<PartnerRefusal>> {
    if base64.is_empty() {
        return Ok(None);
    }
    let bytes = B64.decode(base64.trim()).map_err(|_| Refused::Refused(PartnerRefusal::LogoEncoding))?;
    Ok(Some(keep_logo(app, bytes).await?.map_err(|e| Refused::Refused(PartnerRefusal::Logo(e)))?))
}

/// Checks a logo and keeps it in object storage.
pub(crate) async fn keep_logo(app: &App, bytes: Vec<u8>) -> Result<Result<Logo, LogoError>, AppError> {
    let cleaned = tokio::task::spawn_blocking(move || clean_logo(&bytes)).await.map_err(AppError::internal)?;
    match cleaned {
        Err(refused) => Ok(Err(refused)),
        Ok(clean) => {
            let media_type = clean.format().media_type().to_owned();
            let hash = app.files.put(Bytes::copy_from_slice(clean.bytes())).await?;
            Ok(Ok(Logo { hash, media_type }))
        }
    }
}

fn event(app: &App, actor: &Actor, before: &Partner, after: &Partner) -> Event {
    let fields = [
        ("summary", Some(before.summary.clone()), Some(after.summary.clone())),
        ("description", Some(before.description.clone()), Some(after.description.clone())),
        ("website", before.website.clone(), after.website.clone()),
        ("city", before.city.clone(), after.city.clone()),
        ("contactName", before.contact.name.clone(), after.contact.name.clone()),
        ("contactEmail", before.contact.email.clone(), after.contact.email.clone()),
        ("contactPhone", before.contact.phone.clone(), after.contact.phone.clone()),
        ("color", before.color.clone(), after.color.clone()),
        ("logo", before.logo.as_ref().map(|l| l.hash.clone()), after.logo.as_ref().map(|l| l.hash.clone())),
        ("published", Some(before.published.to_string()), Some(after.published.to_string())),
    ];
    Event {
        id: EventId::new(app.ulid()),
        kind: EventKind::PartnerChanged,
        subject: Subject::Partner { id: after.id.clone() },
        occurred_at: app.now(),
        actor: EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() },
        visibility: Visibility::Shared,
        text: None,
        changes: fields
            .into_iter()
            .filter(|(_, b, a)| b != a)
            .map(|(field, before, after)| FieldChange { field: field.to_owned(), before, after })
            .collect(),
    }
}
