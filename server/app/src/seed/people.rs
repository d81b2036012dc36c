//! Partners and accounts of the demo program.

use std::path::Path;

use entente_domain::event::{EventKind, Subject};
use entente_domain::partner::{Contact, Partner};
use entente_domain::user::{Theme, User, is_email, roles_fit};

use super::files::{PartnerFile, UserFile, read_json};
use super::{DEMO_PASSWORD, World, event, partner_id, user_id, wrong};
use crate::partner::keep_logo;
use crate::session::password;
use crate::{App, AppError};

pub(super) async fn load(app: &App, dir: &Path, world: &mut World) -> Result<(), AppError> {
    let users: Vec<UserFile> = read_json(dir, "users.json")?;
    let partners: Vec<PartnerFile> = read_json(dir, "partners.json")?;
    // The vendor's people first: partners name their managers.
    let hash = password::hash(app, DEMO_PASSWORD.to_owned()).await?;
    let (staff, others): (Vec<_>, Vec<_>) = users.into_iter().partition(|u| u.partner.is_none());
    for user in staff {
        add_user(app, world, user, &hash).await?;
    }
    for partner in partners {
        add_partner(app, dir, world, partner).await?;
    }
    for user in others {
        add_user(app, world, user, &hash).await?;
    }
    Ok(())
}

async fn add_user(app: &App, world: &mut World, file: UserFile, hash: &str) -> Result<(), AppError> {
    let partner_id = match &file.partner {
        Some(slug) => Some(super::named(&world.partners, slug, "users.json")?.id.clone()),
        None => None,
    };
    let mut roles = file.roles;
    roles.sort();
    if !is_email(&file.email) || !roles_fit(&roles, partner_id.is_some()) {
        return Err(wrong("users.json", format!("{}: e-mail or roles", file.key)));
    }
    let user = User {
        id: user_id(app),
        version: 1,
        name: file.name,
        email: file.email.to_lowercase(),
        title: file.title,
        roles,
        partner_id,
        language: file.language,
        theme: Theme::System,
        active: true,
        demo: true,
        created_at: app.now(),
    };
    let changed = event(app, EventKind::UserChanged, Subject::User { id: user.id.clone() });
    app.store.save_user(&user, Some(hash), None, &[changed]).await?;
    world.users.insert(file.key, user);
    Ok(())
}

async fn add_partner(app: &App, dir: &Path, world: &mut World, file: PartnerFile) -> Result<(), AppError> {
    let logo = match &file.logo {
        None => None,
        Some(path) => {
            let bytes = std::fs::read(dir.join(path)).map_err(|e| wrong(path, e))?;
            Some(keep_logo(app, bytes).await?.map_err(|e| wrong(path, e))?)
        }
    };
    let today = world.view.date(app.now());
    let since = super::days_before(today, file.partner_since_days_ago)?.to_zoned(world.view.zone.clone()).map_err(AppError::internal)?;
    let partner = Partner {
        id: partner_id(app),
        version: 1,
        slug: file.slug.clone(),
        name: file.name,
        summary: file.summary,
        description: file.description,
        website: file.website,
        country: Some(file.country),
        city: file.city,
        tier: file.tier,
        types: file.types,
        territories: file.territories,
        verticals: file.verticals,
        competencies: file.competencies,
        languages: file.languages,
        manager_id: match &file.manager {
            Some(key) => Some(super::named(&world.users, key, "partners.json")?.id.clone()),
            None => None,
        },
        contact: Contact { name: file.contact_name, email: file.contact_email, phone: file.contact_phone },
        color: file.color,
        logo,
        published: file.published,
        partner_since: Some(since.timestamp()),
        import_key: None,
        certificates: Vec::new(),
    };
    let changed = event(app, EventKind::PartnerChanged, Subject::Partner { id: partner.id.clone() });
    app.store.save_partner(&partner, None, &[changed]).await?;
    world.partners.insert(file.slug, partner);
    Ok(())
}
