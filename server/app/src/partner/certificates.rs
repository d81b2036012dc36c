//! Who of a partner is certified: a list that the vendor keeps.

use entente_domain::event::{Event, EventActor, EventKind, FieldChange, Subject, Visibility};
use entente_domain::id::{EventId, PartnerId};
use entente_domain::partner::{CERTIFICATES_MAX, Certificate, Partner, ProfileCode, ProfileViolation};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::text::{LINE_MAX, required};
use entente_store::Saved;

use super::{PartnerRefusal, visible};
use crate::{App, Refused};

/// The certificates of a partner, for the vendor and the partner's own people; none for everybody else.
pub fn certificates<'a>(actor: Option<&Actor>, partner: &'a Partner) -> &'a [Certificate] {
    let sees = actor.is_some_and(|a| a.is_vendor() || a.partner_id.as_ref() == Some(&partner.id));
    if sees { &partner.certificates } else { &[] }
}

/// Replaces the list.
#[tracing::instrument(level = "debug", name = "partner.set_certificates", skip_all)]
pub async fn set_certificates(
    app: &App,
    actor: &Actor,
    id: &str,
    expected_version: i32,
    list: Vec<Certificate>,
) -> Result<Partner, Refused<PartnerRefusal>> {
    let refuse = |r| Err(Refused::Refused(r));
    let id: PartnerId = id.parse().map_err(|_| Refused::Refused(PartnerRefusal::NotFound))?;
    let Some(before) = app.store.partner(&id).await?.filter(|p| visible(Some(actor), p)) else { return refuse(PartnerRefusal::NotFound) };
    if !can(actor, Action::KeepCertificates, Resource::OfPartner(&id)) {
        return refuse(PartnerRefusal::NotAllowed);
    }
    if before.version != expected_version {
        return refuse(PartnerRefusal::StaleVersion(before.version));
    }
    let list = checked(list).map_err(|wrong| Refused::Refused(PartnerRefusal::Invalid(vec![wrong])))?;
    let after = Partner { version: before.version + 1, certificates: list, ..before.clone() };
    match app.store.save_partner(&after, Some(expected_version), &[event(app, actor, &before, &after)]).await? {
        Saved::Done => Ok(after),
        Saved::Stale | Saved::Duplicate => {
            let current = app.store.partner(&id).await?.map_or(expected_version, |p| p.version);
            refuse(PartnerRefusal::StaleVersion(current))
        }
    }
}

fn checked(list: Vec<Certificate>) -> Result<Vec<Certificate>, ProfileViolation> {
    let wrong = |code, message: String| ProfileViolation { field: "certificates", code, message };
    if list.len() > CERTIFICATES_MAX {
        return Err(wrong(ProfileCode::TooLong, format!("certificates must have at most {CERTIFICATES_MAX} entries")));
    }
    let line = |text: &str| {
        required(text, LINE_MAX).map_err(|_| wrong(ProfileCode::Required, format!("person and name must have 1 to {LINE_MAX} characters")))
    };
    list.into_iter().map(|c| Ok(Certificate { person: line(&c.person)?, name: line(&c.name)?, valid_until: c.valid_until })).collect()
}

fn event(app: &App, actor: &Actor, before: &Partner, after: &Partner) -> Event {
    let say = |p: &Partner| {
        let each = p.certificates.iter().map(|c| format!("{}: {}", c.person, c.name)).collect::<Vec<_>>();
        (!each.is_empty()).then(|| each.join("; "))
    };
    Event {
        id: EventId::new(app.ulid()),
        kind: EventKind::PartnerChanged,
        subject: Subject::Partner { id: after.id.clone() },
        occurred_at: app.now(),
        actor: EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() },
        visibility: Visibility::Shared,
        text: None,
        changes: vec![FieldChange { field: "certificates".into(), before: say(before), after: say(after) }],
    }
}
