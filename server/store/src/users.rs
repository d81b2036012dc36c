//! People with an account. The password's hash lies in the same document and leaves it through one door only.

use std::collections::BTreeSet;

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::event::Event;
use entente_domain::id::{PartnerId, UserId};
use entente_domain::policy::Scope;
use entente_domain::user::{Role, Theme, User};
use futures::{FutureExt, TryStreamExt};
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::time;
use crate::connect::{SCHEMA_VERSION, names};
use crate::deal_doc::search_words;
use crate::deal_match::search_conditions;
use crate::deals::{both, within};
use crate::save::{self, Guard, Work};
use crate::transaction::refuse;
use crate::{Committed, IdempotencyRecord, Saved, Store, StoreError};

/// Which people, ordered by name (by code point) and id. An empty list does not filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserQuery {
    /// A partner's people, everybody, or nobody.
    pub scope: Scope,
    /// Words of name and e-mail; each is complete or the beginning of one.
    pub search: Option<String>,
    /// Partners.
    pub partners: Vec<PartnerId>,
    /// Roles, any of them.
    pub roles: Vec<Role>,
    /// Whether they may sign in; none for both.
    pub active: Option<bool>,
    /// Name and id of the last person of the page before.
    pub after: Option<(String, UserId)>,
    /// Most people to answer.
    pub limit: u32,
}

/// A person as stored. Without a hash of the password when read for anything but signing in.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct UserDoc {
    #[serde(rename = "_id")]
    id: UserId,
    schema_version: i32,
    version: i32,
    name: String,
    email: String,
    title: Option<String>,
    roles: Vec<Role>,
    partner_id: Option<PartnerId>,
    language: String,
    theme: Theme,
    active: bool,
    demo: bool,
    #[serde(with = "time")]
    created_at: Timestamp,
    search_words: BTreeSet<String>,
    /// Left out of an update that keeps the stored one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
}

impl UserDoc {
    fn of(u: &User, password_hash: Option<&str>) -> Self {
        Self {
            id: u.id.clone(),
            schema_version: SCHEMA_VERSION,
            version: u.version,
            name: u.name.clone(),
            email: u.email.clone(),
            title: u.title.clone(),
            roles: u.roles.clone(),
            partner_id: u.partner_id.clone(),
            language: u.language.clone(),
            theme: u.theme,
            active: u.active,
            demo: u.demo,
            created_at: u.created_at,
            search_words: search_words([u.name.as_str(), u.email.as_str()]),
            password_hash: password_hash.map(str::to_owned),
        }
    }
}

impl From<UserDoc> for User {
    fn from(u: UserDoc) -> Self {
        User {
            id: u.id,
            version: u.version,
            name: u.name,
            email: u.email,
            title: u.title,
            roles: u.roles,
            partner_id: u.partner_id,
            language: u.language,
            theme: u.theme,
            active: u.active,
            demo: u.demo,
            created_at: u.created_at,
        }
    }
}

impl Store {
    fn user_docs(&self) -> Collection<UserDoc> {
        self.of(names::USERS)
    }

    /// The person.
    pub async fn user(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        let found = self.user_docs().find_one(doc! { "_id": id.as_str() }).projection(no_hash()).await?;
        Ok(found.map(Into::into))
    }

    /// The people, in any order; unknown ids are left out.
    pub async fn users_by_ids(&self, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = ids.iter().map(UserId::as_str).collect();
        let rows = self.user_docs().find(doc! { "_id": { "$in": ids } }).projection(no_hash()).await?;
        Ok(rows.map_ok(User::from).try_collect().await?)
    }

    /// The person of an address in lower case, with the hash of the password; the hash is empty, which no password
    /// fulfils, when none has been set.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<(User, String)>, StoreError> {
        let found = self.user_docs().find_one(doc! { "email": email }).await?;
        Ok(found.map(|mut u| {
            let hash = u.password_hash.take().unwrap_or_default();
            (u.into(), hash)
        }))
    }

    /// Inserts the person (`based_on` none), or replaces it if it still has that version, together with the events.
    /// `password_hash` none keeps the stored hash. `Duplicate` when the e-mail is taken.
    pub async fn save_user(&self, u: &User, password_hash: Option<&str>, based_on: Option<i32>, events: &[Event]) -> Result<Saved, StoreError> {
        self.save(names::USERS, u.id.as_str(), &UserDoc::of(u, password_hash), Guard::of(based_on), events).await
    }

    /// Inserts a new person with the hash of the password, the events and, where one was sent, the record of the idempotency
    /// key. `Duplicate` when the e-mail is taken.
    pub async fn create_user(
        &self,
        u: &User,
        password_hash: &str,
        events: &[Event],
        once: Option<&IdempotencyRecord>,
    ) -> Result<Committed, StoreError> {
        self.save_new(names::USERS, u.id.as_str(), &UserDoc::of(u, Some(password_hash)), events, once).await
    }

    /// As [`Store::save_user`] for a change that may take the vendor's last administrator away: none when it would, and
    /// nothing was written. Such changes wait for each other, so that two administrators who remove one another at the same
    /// moment do not leave the vendor with none.
    pub async fn save_user_keeping_admin(
        &self,
        u: &User,
        password_hash: Option<&str>,
        based_on: i32,
        events: &[Event],
    ) -> Result<Option<Saved>, StoreError> {
        let work = self.work(names::USERS, u.id.as_str(), &UserDoc::of(u, password_hash), Guard::Version(based_on), events)?;
        let context = (work, self.of::<Document>(names::COUNTERS), self.of::<Document>(names::USERS));
        self.transaction(context, |session, (work, counters, users)| keeping_admin(session, work, counters, users).boxed()).await
    }

    /// A page of people.
    pub async fn users(&self, q: &UserQuery) -> Result<Vec<User>, StoreError> {
        let Some(matching) = conditions(q).filter(|_| q.limit > 0) else { return Ok(Vec::new()) };
        let page = match &q.after {
            None => Document::new(),
            // Names repeat seldom: the bound goes into the index, the ties are filtered.
            Some((name, id)) => doc! { "name": { "$gte": name }, "$or": [{ "name": { "$gt": name } }, { "_id": { "$gt": id.as_str() } }] },
        };
        let users = self.user_docs();
        let find = users.find(both(matching, page)).projection(no_hash());
        let rows = find.sort(doc! { "name": 1, "_id": 1 }).limit(q.limit.into()).batch_size(q.limit).await?;
        Ok(rows.map_ok(User::from).try_collect().await?)
    }

    /// How many people the query finds on all pages.
    pub async fn count_users(&self, q: &UserQuery) -> Result<u64, StoreError> {
        let Some(matching) = conditions(q) else { return Ok(0) };
        Ok(self.user_docs().count_documents(matching).await?)
    }

    /// How many administrators of the vendor may sign in.
    pub async fn count_active_admins(&self) -> Result<u64, StoreError> {
        Ok(self.user_docs().count_documents(doc! { "roles": "ADMIN", "active": true }).await?)
    }

    /// Whether any demo account exists.
    pub async fn has_demo_users(&self) -> Result<bool, StoreError> {
        self.exists(names::USERS, doc! { "demo": true }).await
    }
}

async fn keeping_admin(
    session: &mut ClientSession,
    work: &Work,
    counters: &Collection<Document>,
    users: &Collection<Document>,
) -> Result<Option<Saved>, Error> {
    // Written by every such change: two at once conflict here, and the second one begins again and sees the first.
    let turn = doc! { "$inc": { "n": 1_i64 }, "$setOnInsert": { "schema_version": SCHEMA_VERSION } };
    counters.update_one(doc! { "_id": "admin_changes" }, turn).upsert(true).session(&mut *session).await?;
    match save::write(session, work).await {
        Ok(_) => {}
        Err(e) => {
            return Err(match e.get_custom::<Saved>() {
                Some(saved) => refuse(Some(*saved)),
                None => e,
            });
        }
    }
    let left = users.find_one(doc! { "roles": "ADMIN", "active": true }).projection(doc! { "_id": 1 }).session(&mut *session).await?;
    if left.is_none() {
        return Err(refuse(None::<Saved>));
    }
    Ok(Some(Saved::Done))
}

fn no_hash() -> Document {
    doc! { "password_hash": 0 }
}

fn conditions(q: &UserQuery) -> Option<Document> {
    let mut all = within(Document::new(), &q.scope)?;
    if !q.partners.is_empty() {
        let asked: Vec<&str> = q.partners.iter().map(PartnerId::as_str).collect();
        all = both(all, doc! { "partner_id": { "$in": asked } });
    }
    if !q.roles.is_empty() {
        let roles: Vec<_> = q.roles.iter().filter_map(|r| bson::serialize_to_bson(r).ok()).collect();
        all.insert("roles", doc! { "$in": roles });
    }
    if let Some(active) = q.active {
        all.insert("active", active);
    }
    let words = search_conditions(q.search.as_deref());
    if !words.is_empty() {
        all = both(all, doc! { "$and": words });
    }
    Some(all)
}
