//! Rooms of deals on which several partners work: who sees them, changes, messages with files, and what is told live.

mod change;
mod feed;
mod message;

use std::sync::Arc;

use entente_domain::cosell::Room;
use entente_domain::cosell::message::RoomMessage;
use entente_domain::deal::Deal;
use entente_domain::id::{DealId, RoomId, RoomMessageId};
use entente_domain::policy::{Action, Actor, Scope, scope};

use crate::page::{self, Page};
use crate::{App, AppError};

pub use change::{
    IntroductionInput, ParticipantInput, RoomRefusal, conclude, introduce, record_permission, set_participants, share, withdraw_permission,
};
pub use feed::{RoomFeed, RoomNews};
pub(crate) use message::file;
pub use message::post;

/// A room with its deal. Of the deal a guest is told only what the room shares.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The room.
    pub room: Room,
    /// Its deal.
    pub deal: Arc<Deal>,
}

/// The room of a deal; an empty one for those who see the deal while nobody has opened it. None when there is no such deal, or the
/// actor sees neither it nor its room.
#[tracing::instrument(level = "debug", name = "cosell.get", skip_all)]
pub async fn get(app: &App, actor: &Actor, deal: &str) -> Result<Option<Shown>, AppError> {
    let Ok(id) = deal.parse::<DealId>() else { return Ok(None) };
    let scope = scope(actor, Action::SeeDeals);
    if let Some(room) = app.store.room_of(&id, &scope).await? {
        let deal = app.store.deal(&id, &Scope::All).await?;
        return Ok(deal.map(|deal| Shown { room, deal: Arc::new(deal) }));
    }
    let Some(deal) = app.store.deal(&id, &scope).await? else { return Ok(None) };
    let room = Room::empty(RoomId::new(app.ulid()), id, deal.partner_id.clone(), deal.created_at);
    Ok(Some(Shown { room, deal: Arc::new(deal) }))
}

/// Rooms that the actor sees, the latest changed first.
#[tracing::instrument(level = "debug", name = "cosell.list", skip_all)]
pub async fn list(app: &App, actor: &Actor, first: u32, after: Option<&str>) -> Result<Page<Shown>, AppError> {
    let name = page::list_name("rooms", &())?;
    let key: Option<(entente_domain::Timestamp, RoomId)> = page::decode(&name, after)?;
    let rooms = app.store.rooms(&scope(actor, Action::SeeDeals), key, first + 1).await?;
    let ids: Vec<DealId> = rooms.iter().map(|r| r.deal_id.clone()).collect();
    let deals = app.store.deals_by_ids(&ids, &Scope::All).await?;
    let shown = rooms.into_iter().filter_map(|room| {
        let deal = deals.iter().find(|d| d.id == room.deal_id)?.clone();
        Some(Shown { room, deal: Arc::new(deal) })
    });
    Page::of(shown.collect(), first, after.is_some(), &name, |s: &Shown| (s.room.updated_at, s.room.id.clone()))
}

/// Messages of a room that the actor was shown, newest first.
#[tracing::instrument(level = "debug", name = "cosell.messages", skip_all)]
pub async fn messages(app: &App, room: &Room, first: u32, after: Option<&str>) -> Result<Page<RoomMessage>, AppError> {
    let name = page::list_name("room-messages", &room.id)?;
    let key: Option<RoomMessageId> = page::decode(&name, after)?;
    let rows = if room.version == 0 { Vec::new() } else { app.store.messages(&room.id, key.as_ref(), first + 1).await? };
    Page::of(rows, first, after.is_some(), &name, |m: &RoomMessage| m.id.clone())
}
