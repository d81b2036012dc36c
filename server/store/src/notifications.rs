//! Notifications as they are stored and read: a person's list, what is unread, what waits for a digest; and what each person
//! wants to be told how. They are written by [`Store::tell`] alone, once for each event, person and kind.

use bson::{Bson, Document, doc};
use entente_domain::Timestamp;
use entente_domain::event::Event;
use entente_domain::id::{NotificationId, PartnerId, UserId};
use entente_domain::notification::preference::Preferences;
use entente_domain::notification::{About, Notification, NotificationKind, Said};
use futures::{FutureExt, TryStreamExt};
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::events::EventDoc;
use crate::save::Guard;
use crate::{Saved, Store, StoreError};

/// Notifications are kept so many days.
pub(crate) const KEPT_DAYS: u64 = 180;

/// A notification as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NotificationDoc {
    #[serde(rename = "_id")]
    pub(crate) id: NotificationId,
    schema_version: i32,
    user_id: UserId,
    event_id: entente_domain::id::EventId,
    kind: NotificationKind,
    #[serde(with = "time")]
    at: Timestamp,
    of_vendor: bool,
    partner_id: Option<PartnerId>,
    about: About,
    said: Said,
    #[serde(with = "time_option")]
    read_at: Option<Timestamp>,
    /// Set while it waits for a digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<bool>,
}

impl NotificationDoc {
    pub(crate) fn of(n: &Notification, digest: bool) -> Self {
        Self {
            id: n.id.clone(),
            schema_version: SCHEMA_VERSION,
            user_id: n.user_id.clone(),
            event_id: n.event_id.clone(),
            kind: n.kind,
            at: n.at,
            of_vendor: n.of_vendor,
            partner_id: n.partner_id.clone(),
            about: n.about.clone(),
            said: n.said.clone(),
            read_at: n.read_at,
            digest: digest.then_some(true),
        }
    }
}

impl From<NotificationDoc> for Notification {
    fn from(n: NotificationDoc) -> Self {
        Notification {
            id: n.id,
            user_id: n.user_id,
            event_id: n.event_id,
            kind: n.kind,
            at: n.at,
            of_vendor: n.of_vendor,
            partner_id: n.partner_id,
            about: n.about,
            said: n.said,
            read_at: n.read_at,
        }
    }
}

/// Which notifications a person may see now: those of the side that the person is of, about what the person may see. A
/// notification from before a right was lost stays where it is and is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationScope {
    /// Whose.
    pub user_id: UserId,
    /// The partner for which the person works; none for the vendor's staff.
    pub partner_id: Option<PartnerId>,
    /// What they may be about, by the name of its kind, as `DEAL`; empty sees nothing.
    pub about: Vec<&'static str>,
}

/// A page of notifications, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationQuery {
    /// Whose, and which.
    pub scope: NotificationScope,
    /// Only those that were not read.
    pub unread: bool,
    /// Moment and id of the last one of the page before.
    pub after: Option<(Timestamp, NotificationId)>,
    /// Most to answer.
    pub limit: u32,
}

/// Which notifications are marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marking {
    /// These.
    Ids(Vec<NotificationId>),
    /// All that happened until then.
    Until(Timestamp),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct PreferencesDoc {
    #[serde(rename = "_id")]
    id: UserId,
    schema_version: i32,
    version: i32,
    preferences: Preferences,
}

fn within(scope: &NotificationScope) -> Document {
    let mut filter = doc! {
        "user_id": scope.user_id.as_str(),
        "of_vendor": scope.partner_id.is_none(),
        "about.type": { "$in": &scope.about },
    };
    if let Some(partner) = &scope.partner_id {
        filter.insert("partner_id", partner.as_str());
    }
    filter
}

struct Mark<'a> {
    notifications: Collection<Document>,
    events: Collection<EventDoc>,
    filter: Document,
    read_at: Bson,
    event: &'a Event,
}

impl Store {
    pub(crate) fn notification_docs(&self) -> Collection<NotificationDoc> {
        self.of(names::NOTIFICATIONS)
    }

    /// A page of notifications, newest first.
    pub async fn notifications(&self, q: &NotificationQuery) -> Result<Vec<Notification>, StoreError> {
        if q.limit == 0 || q.scope.about.is_empty() {
            return Ok(Vec::new());
        }
        let mut filter = within(&q.scope);
        if q.unread {
            filter.insert("read_at", Bson::Null);
        }
        if let Some((at, id)) = &q.after {
            // The bound goes into the index; ties are few.
            filter.insert("at", doc! { "$lte": date(*at) });
            filter.insert("$or", vec![doc! { "at": { "$lt": date(*at) } }, doc! { "_id": { "$lt": id.as_str() } }]);
        }
        let rows = self.notification_docs().find(filter).sort(doc! { "at": -1, "_id": -1 }).limit(q.limit.into()).await?;
        Ok(rows.map_ok(Notification::from).try_collect().await?)
    }

    /// One notification within the scope.
    pub async fn notification(&self, scope: &NotificationScope, id: &NotificationId) -> Result<Option<Notification>, StoreError> {
        let mut filter = within(scope);
        filter.insert("_id", id.as_str());
        Ok(self.notification_docs().find_one(filter).await?.map(Notification::from))
    }

    /// How many are unread, counted up to `most`.
    pub async fn count_unread(&self, scope: &NotificationScope, most: u64) -> Result<u64, StoreError> {
        if scope.about.is_empty() {
            return Ok(0);
        }
        let mut filter = within(scope);
        filter.insert("read_at", Bson::Null);
        Ok(self.notification_docs().count_documents(filter).limit(most).await?)
    }

    /// Marks as read at that moment, or as unread, and writes the event if that changed any; answers how many it changed.
    pub async fn mark_notifications(
        &self,
        scope: &NotificationScope,
        which: &Marking,
        read_at: Option<Timestamp>,
        event: &Event,
    ) -> Result<u64, StoreError> {
        let mut filter = within(scope);
        match which {
            Marking::Ids(ids) => {
                let ids: Vec<&str> = ids.iter().map(NotificationId::as_str).collect();
                filter.insert("_id", doc! { "$in": ids });
            }
            Marking::Until(until) => {
                filter.insert("at", doc! { "$lte": date(*until) });
            }
        }
        filter.insert("read_at", if read_at.is_some() { Bson::Null } else { Bson::Document(doc! { "$ne": Bson::Null }) });
        let read_at = read_at.map_or(Bson::Null, date);
        let mark = Mark { notifications: self.of(names::NOTIFICATIONS), events: self.event_docs(), filter, read_at, event };
        self.transaction(mark, |session, mark| write_mark(session, mark).boxed()).await
    }

    /// What the person chose; none when that was never done.
    pub async fn preferences(&self, user: &UserId) -> Result<Option<Preferences>, StoreError> {
        Ok(self.of::<PreferencesDoc>(names::NOTIFICATION_PREFERENCES).find_one(doc! { "_id": user.as_str() }).await?.map(|d| d.preferences))
    }

    /// What these people chose, in any order; who never did is left out.
    pub async fn preferences_of(&self, users: &[UserId]) -> Result<Vec<Preferences>, StoreError> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = users.iter().map(UserId::as_str).collect();
        let rows = self.of::<PreferencesDoc>(names::NOTIFICATION_PREFERENCES).find(doc! { "_id": { "$in": ids } }).await?;
        Ok(rows.map_ok(|d| d.preferences).try_collect().await?)
    }

    /// Keeps what the person chose, if nothing else was chosen meanwhile: `based_on` is the version that was read, 0 for none.
    pub async fn save_preferences(&self, p: &Preferences, based_on: i32, events: &[Event]) -> Result<Saved, StoreError> {
        let document = PreferencesDoc { id: p.user_id.clone(), schema_version: SCHEMA_VERSION, version: p.version, preferences: p.clone() };
        let guard = if based_on == 0 { Guard::New } else { Guard::Version(based_on) };
        match self.save(names::NOTIFICATION_PREFERENCES, p.user_id.as_str(), &document, guard, events).await? {
            // Two first choices at once: one of them came second.
            Saved::Duplicate => Ok(Saved::Stale),
            saved => Ok(saved),
        }
    }
}

async fn write_mark(s: &mut ClientSession, mark: &Mark<'_>) -> Result<u64, Error> {
    let set = doc! { "$set": { "read_at": &mark.read_at } };
    let changed = mark.notifications.update_many(mark.filter.clone(), set).session(&mut *s).await?.modified_count;
    if changed > 0 {
        mark.events.insert_one(EventDoc::from(mark.event)).session(s).await?;
    }
    Ok(changed)
}
