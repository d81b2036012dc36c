//! Links in letters: found by a hash of their secret, and used once. A letter that is sent again carries another secret for the
//! same link, so a link has a few hashes; whichever is used, the link is used.

use bson::{Bson, doc};
use entente_domain::Timestamp;
use entente_domain::action_link::ActionLink;
use entente_domain::event::Event;
use entente_domain::id::{ActionLinkId, UserId};
use jiff::SignedDuration;
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::events::EventDoc;
use crate::{Store, StoreError};

/// Most secrets of one link; a letter is not tried more often.
const HASHES_MAX: i32 = 16;
/// A link is forgotten so many days after its end, so that a late use is told why.
const AFTERLIFE_DAYS: i64 = 30;

/// That a link is used with a change: written in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkUse {
    /// The link.
    pub id: ActionLinkId,
    /// When.
    pub at: Timestamp,
    /// What tells of it.
    pub event: Event,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ActionLinkDoc {
    #[serde(rename = "_id")]
    id: ActionLinkId,
    schema_version: i32,
    user_id: UserId,
    hashes: Vec<String>,
    #[serde(with = "time_option")]
    used_at: Option<Timestamp>,
    #[serde(with = "time")]
    forget_at: Timestamp,
    link: ActionLink,
}

impl From<&ActionLink> for ActionLinkDoc {
    fn from(link: &ActionLink) -> Self {
        let forget_at = link.expires_at.checked_add(SignedDuration::from_hours(24 * AFTERLIFE_DAYS)).unwrap_or(link.expires_at);
        Self {
            id: link.id.clone(),
            schema_version: SCHEMA_VERSION,
            user_id: link.user_id.clone(),
            hashes: Vec::new(),
            used_at: link.used_at,
            forget_at,
            link: link.clone(),
        }
    }
}

impl From<ActionLinkDoc> for ActionLink {
    fn from(d: ActionLinkDoc) -> Self {
        ActionLink { used_at: d.used_at, ..d.link }
    }
}

impl Store {
    pub(crate) fn action_link_docs(&self) -> Collection<ActionLinkDoc> {
        self.of(names::ACTION_LINKS)
    }

    /// The link of that secret's hash.
    pub async fn action_link_by_hash(&self, hash: &str) -> Result<Option<ActionLink>, StoreError> {
        Ok(self.action_link_docs().find_one(doc! { "hashes": hash }).await?.map(Into::into))
    }

    /// The links, in any order.
    pub async fn action_links(&self, ids: &[ActionLinkId]) -> Result<Vec<ActionLink>, StoreError> {
        use futures::TryStreamExt;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = ids.iter().map(ActionLinkId::as_str).collect();
        Ok(self.action_link_docs().find(doc! { "_id": { "$in": ids } }).await?.map_ok(ActionLink::from).try_collect().await?)
    }

    /// Gives a link one more secret; the oldest of many no longer leads anywhere.
    pub async fn add_link_secret(&self, id: &ActionLinkId, hash: &str) -> Result<(), StoreError> {
        let push = doc! { "$push": { "hashes": { "$each": [hash], "$slice": -HASHES_MAX } } };
        self.action_link_docs().update_one(doc! { "_id": id.as_str() }, push).await?;
        Ok(())
    }

    /// Writes an event that no change goes with.
    pub async fn tell_of(&self, event: &Event) -> Result<(), StoreError> {
        self.event_docs().insert_one(EventDoc::from(event)).await?;
        Ok(())
    }

    /// Marks the link as used, within the transaction of what it does.
    pub(crate) async fn use_link(&self, s: &mut ClientSession, used: &LinkUse) -> Result<(), Error> {
        let open = doc! { "_id": used.id.as_str(), "used_at": Bson::Null };
        let done = self.action_link_docs().update_one(open, doc! { "$set": { "used_at": date(used.at) } }).session(&mut *s).await?;
        if done.matched_count == 0 {
            // The key under which a link is used is unique for a day, and after that everybody reads that it was used.
            return Err(Error::custom("a link was used before"));
        }
        self.event_docs().insert_one(EventDoc::from(&used.event)).session(s).await?;
        Ok(())
    }
}
