//! Rooms of deals and their messages. Who sees a room is part of every question for it: a room holds the partners who are its members.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::cosell::message::RoomMessage;
use entente_domain::cosell::{Introduction, Participant, Permission, Room, Shares};
use entente_domain::deal::evidence::EvidenceFile;
use entente_domain::event::{Event, EventActor};
use entente_domain::id::{DealId, PartnerId, RoomId, RoomMessageId};
use entente_domain::policy::Scope;
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time};
use crate::connect::{SCHEMA_VERSION, names};
use crate::save::Guard;
use crate::{Committed, IdempotencyRecord, Store, StoreError};

/// A room as it is stored; `members` are the partners who see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct RoomDoc {
    #[serde(rename = "_id")]
    id: RoomId,
    schema_version: i32,
    deal_id: DealId,
    partner_id: PartnerId,
    members: Vec<PartnerId>,
    version: i32,
    participants: Vec<Participant>,
    permission: Option<Permission>,
    introductions: Vec<Introduction>,
    shares: Shares,
    #[serde(with = "time")]
    updated_at: Timestamp,
}

impl From<&Room> for RoomDoc {
    fn from(r: &Room) -> Self {
        Self {
            id: r.id.clone(),
            schema_version: SCHEMA_VERSION,
            deal_id: r.deal_id.clone(),
            partner_id: r.partner_id.clone(),
            members: r.members().into_iter().collect(),
            version: r.version,
            participants: r.participants.clone(),
            permission: r.permission.clone(),
            introductions: r.introductions.clone(),
            shares: r.shares,
            updated_at: r.updated_at,
        }
    }
}

impl From<RoomDoc> for Room {
    fn from(r: RoomDoc) -> Self {
        Room {
            id: r.id,
            deal_id: r.deal_id,
            partner_id: r.partner_id,
            version: r.version,
            participants: r.participants,
            permission: r.permission,
            introductions: r.introductions,
            shares: r.shares,
            updated_at: r.updated_at,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct MessageDoc {
    #[serde(rename = "_id")]
    id: RoomMessageId,
    schema_version: i32,
    room_id: RoomId,
    author: EventActor,
    partner_id: Option<PartnerId>,
    text: String,
    files: Vec<EvidenceFile>,
    #[serde(with = "time")]
    sent_at: Timestamp,
}

impl From<MessageDoc> for RoomMessage {
    fn from(m: MessageDoc) -> Self {
        RoomMessage { id: m.id, room_id: m.room_id, author: m.author, partner_id: m.partner_id, text: m.text, files: m.files, sent_at: m.sent_at }
    }
}

/// The filter of what a scope may see; none when it may see nothing.
fn seen_by(mut filter: Document, scope: &Scope) -> Option<Document> {
    match scope {
        Scope::Nothing => return None,
        Scope::All => {}
        Scope::Partner(own) => {
            filter.insert("members", own.as_str());
        }
    }
    Some(filter)
}

impl Store {
    /// The room of a deal, as far as the scope sees it; none when there is none yet, or it is hidden.
    pub async fn room_of(&self, deal: &DealId, scope: &Scope) -> Result<Option<Room>, StoreError> {
        let Some(filter) = seen_by(doc! { "deal_id": deal.as_str() }, scope) else { return Ok(None) };
        Ok(self.of::<RoomDoc>(names::ROOMS).find_one(filter).await?.map(Room::from))
    }

    /// The rooms of these deals, as far as the scope sees them, in any order.
    pub async fn rooms_of(&self, deals: &[DealId], scope: &Scope) -> Result<Vec<Room>, StoreError> {
        let ids: Vec<&str> = deals.iter().map(DealId::as_str).collect();
        let Some(filter) = seen_by(doc! { "deal_id": { "$in": &ids } }, scope).filter(|_| !ids.is_empty()) else { return Ok(Vec::new()) };
        Ok(self.of::<RoomDoc>(names::ROOMS).find(filter).await?.map_ok(Room::from).try_collect().await?)
    }

    /// Rooms that the scope sees and that have partners beside the deal's own, the latest changed first, up to `limit`; `after` is
    /// moment and id of the last room of the page before.
    pub async fn rooms(&self, scope: &Scope, after: Option<(Timestamp, RoomId)>, limit: u32) -> Result<Vec<Room>, StoreError> {
        let Some(mut filter) = seen_by(doc! {}, scope).filter(|_| limit > 0) else { return Ok(Vec::new()) };
        if let Some((at, id)) = after {
            filter.insert("updated_at", doc! { "$lte": date(at) });
            filter.insert("$or", vec![doc! { "updated_at": { "$lt": date(at) } }, doc! { "_id": { "$lt": id.as_str() } }]);
        }
        let rows = self.of::<RoomDoc>(names::ROOMS).find(filter).sort(doc! { "updated_at": -1, "_id": -1 }).limit(limit.into()).await?;
        Ok(rows.map_ok(Room::from).try_collect().await?)
    }

    /// Writes a room that was decided on at version `based_on` (0 for one that is not stored yet), with its event and, where one was
    /// sent, the record of the idempotency key. `Stale` or `Duplicate` when another change came first.
    pub async fn save_room(&self, room: &Room, based_on: i32, events: &[Event], once: Option<&IdempotencyRecord>) -> Result<Committed, StoreError> {
        let guard = if based_on == 0 { Guard::New } else { Guard::Version(based_on) };
        self.save_once(names::ROOMS, room.id.as_str(), &RoomDoc::from(room), guard, events, once).await
    }

    /// Writes a message with its event and, where one was sent, the record of the idempotency key. Its room has changed then: it goes
    /// to the head of the list, without a new version.
    pub async fn save_message(&self, m: &RoomMessage, events: &[Event], once: Option<&IdempotencyRecord>) -> Result<Committed, StoreError> {
        let doc = MessageDoc {
            id: m.id.clone(),
            schema_version: SCHEMA_VERSION,
            room_id: m.room_id.clone(),
            author: m.author.clone(),
            partner_id: m.partner_id.clone(),
            text: m.text.clone(),
            files: m.files.clone(),
            sent_at: m.sent_at,
        };
        let newer = doc! { "$max": { "updated_at": date(m.sent_at) } };
        let work = self.work(names::ROOM_MESSAGES, m.id.as_str(), &doc, Guard::New, events)?;
        self.save_work(work.beside(self.of(names::ROOMS), m.room_id.as_str(), newer), once).await
    }

    /// Messages of a room, newest first, up to `limit`, below the id `after`. Whether the asker sees the room is for the caller to know.
    pub async fn messages(&self, room: &RoomId, after: Option<&RoomMessageId>, limit: u32) -> Result<Vec<RoomMessage>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut filter = doc! { "room_id": room.as_str() };
        if let Some(after) = after {
            filter.insert("_id", doc! { "$lt": after.as_str() });
        }
        let rows = self.of::<MessageDoc>(names::ROOM_MESSAGES).find(filter).sort(doc! { "_id": -1 }).limit(limit.into()).await?;
        Ok(rows.map_ok(RoomMessage::from).try_collect().await?)
    }

    /// A message of a room by its id.
    pub async fn message(&self, room: &RoomId, id: &RoomMessageId) -> Result<Option<RoomMessage>, StoreError> {
        let filter = doc! { "_id": id.as_str(), "room_id": room.as_str() };
        Ok(self.of::<MessageDoc>(names::ROOM_MESSAGES).find_one(filter).await?.map(RoomMessage::from))
    }
}
