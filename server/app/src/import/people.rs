//! The partners and channel managers of an import: found from an earlier one, or added. What is there is never changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entente_domain::event::{Event, EventActor, EventKind, Subject, Visibility};
use entente_domain::id::{EventId, PartnerId, UserId};
use entente_domain::import::key_of;
use entente_domain::partner::{Contact, Partner};
use entente_domain::policy::Scope;
use entente_domain::user::{LANGUAGES, Role, Theme, User};
use entente_store::{Saved, UserQuery};

use super::plan::{Agent, Plan};
use crate::clock::ulid_of;
use crate::{App, AppError};

/// How many names are tried for the address of a partner's page before giving up.
const SLUG_TRIES: usize = 100;

/// Who does the import, and whether it writes.
pub(super) struct Importer<'a> {
    pub app: &'a App,
    pub actor: EventActor,
    pub dry_run: bool,
}

impl Importer<'_> {
    pub(super) fn event(&self, kind: EventKind, subject: Subject, text: &str) -> Event {
        Event {
            id: EventId::new(self.app.ulid()),
            kind,
            subject,
            occurred_at: self.app.now(),
            actor: self.actor.clone(),
            visibility: Visibility::Internal,
            text: Some(text.to_owned()),
            changes: Vec::new(),
        }
    }

    /// A partner for every agent of the plan, by the agent's key.
    pub(super) async fn partners(&self, plan: &mut Plan) -> Result<HashMap<String, Partner>, AppError> {
        let mut found = self.find(plan.agents.keys()).await?;
        let missing: Vec<(&String, &Agent)> = plan.agents.iter().filter(|(key, _)| !found.contains_key(*key)).collect();
        let names: BTreeMap<String, &str> = missing.iter().filter_map(|(_, a)| a.manager.as_deref().and_then(|m| Some((key_of(m)?, m)))).collect();
        let (managers, added) = self.managers(&names).await?;
        plan.added.managers = added;
        for (key, agent) in missing {
            let manager = agent.manager.as_deref().and_then(key_of).and_then(|m| managers.get(&m).cloned());
            let partner = partner(key, agent, manager);
            let partner = if self.dry_run { partner } else { self.add(partner).await? };
            found.insert(key.clone(), partner);
            plan.added.partners += 1;
        }
        Ok(found)
    }

    async fn find(&self, keys: impl Iterator<Item = &String>) -> Result<HashMap<String, Partner>, AppError> {
        let by_import_key: HashMap<String, String> = keys.map(|key| (import_key(key), key.clone())).collect();
        let mut found = HashMap::new();
        for chunk in by_import_key.keys().cloned().collect::<Vec<_>>().chunks(1_000) {
            for partner in self.app.store.partners_by_import_key(chunk).await? {
                if let Some(key) = partner.import_key.as_ref().and_then(|k| by_import_key.get(k)) {
                    found.insert(key.clone(), partner);
                }
            }
        }
        Ok(found)
    }

    /// Writes a new partner. A page address that is taken gets a number; a partner that another import has just added
    /// is used.
    async fn add(&self, mut partner: Partner) -> Result<Partner, AppError> {
        let slug = partner.slug.clone();
        for n in 2..2 + SLUG_TRIES {
            let event = self.event(EventKind::PartnerChanged, Subject::Partner { id: partner.id.clone() }, "Added by an import");
            if self.app.store.save_partner(&partner, None, &[event]).await? != Saved::Duplicate {
                return Ok(partner);
            }
            let keys: Vec<String> = partner.import_key.iter().cloned().collect();
            if let Some(there) = self.app.store.partners_by_import_key(&keys).await?.into_iter().next() {
                return Ok(there);
            }
            partner.slug = format!("{slug}-{n}");
        }
        Err(AppError::Internal(format!("no free page address for the partner `{}`", partner.name)))
    }

    /// An account for every manager, by the key of the name: one of the vendor's people of that name, or a new one that
    /// cannot sign in.
    async fn managers(&self, names: &BTreeMap<String, &str>) -> Result<(HashMap<String, UserId>, usize), AppError> {
        let mut found: HashMap<String, UserId> = HashMap::new();
        let ids: Vec<UserId> = names.keys().map(|key| manager_id(key)).collect();
        let made: BTreeSet<UserId> = self.app.store.users_by_ids(&ids).await?.into_iter().map(|u| u.id).collect();
        let mut added = 0;
        for (key, name) in names {
            let id = manager_id(key);
            if made.contains(&id) {
                found.insert(key.clone(), id);
                continue;
            }
            let id = match self.vendor_user(key, name).await? {
                Some(id) => id,
                None => {
                    added += 1;
                    self.add_manager(id, name).await?
                }
            };
            found.insert(key.clone(), id);
        }
        Ok((found, added))
    }

    /// One of the vendor's people of exactly this name.
    async fn vendor_user(&self, key: &str, name: &str) -> Result<Option<UserId>, AppError> {
        let search = Some(name.to_owned());
        let query = UserQuery { scope: Scope::All, search, partners: Vec::new(), roles: Vec::new(), active: None, after: None, limit: 100 };
        let users = self.app.store.users(&query).await?;
        Ok(users.into_iter().find(|u| u.partner_id.is_none() && key_of(&u.name).as_deref() == Some(key)).map(|u| u.id))
    }

    async fn add_manager(&self, id: UserId, name: &str) -> Result<UserId, AppError> {
        if self.dry_run {
            return Ok(id);
        }
        let user = User {
            // No mail is ever sent there (RFC 2606); an administrator who wants the person to sign in sets the real one.
            email: format!("{}@imported.invalid", id.as_str().to_lowercase()),
            id: id.clone(),
            version: 1,
            name: name.to_owned(),
            title: None,
            roles: vec![Role::ChannelManager],
            partner_id: None,
            language: LANGUAGES[0].to_owned(),
            theme: Theme::System,
            active: false,
            demo: false,
            created_at: self.app.now(),
        };
        let event = self.event(EventKind::UserChanged, Subject::User { id: id.clone() }, "Added by an import");
        // Taken means that another import has just added the same: its id follows from the name.
        self.app.store.save_user(&user, None, None, &[event]).await?;
        Ok(id)
    }
}

fn import_key(agent: &str) -> String {
    format!("crm:{agent}")
}

/// The id of an imported manager follows from the name, so that a second import finds the account even after its name
/// or address was mended.
fn manager_id(key: &str) -> UserId {
    UserId::new(ulid_of(&format!("crm manager {key}")))
}

fn partner(key: &str, agent: &Agent, manager_id: Option<UserId>) -> Partner {
    Partner {
        id: PartnerId::new(ulid_of(&format!("crm partner {key}"))),
        version: 1,
        slug: key.to_owned(),
        name: agent.name.clone(),
        summary: String::new(),
        description: String::new(),
        website: None,
        country: None,
        city: None,
        tier: None,
        types: Vec::new(),
        territories: agent.territory.iter().cloned().collect(),
        verticals: Vec::new(),
        competencies: Vec::new(),
        languages: Vec::new(),
        manager_id,
        contact: Contact::default(),
        color: None,
        logo: None,
        published: false,
        partner_since: None,
        import_key: Some(import_key(key)),
        certificates: Vec::new(),
    }
}
