//! What is told live of rooms: that something happened in a room that the viewer sees, or has just ceased to see.

use entente_domain::event::{Event, Subject};
use entente_domain::id::DealId;
use entente_domain::policy::{Action, Actor, Scope, scope};

use crate::live::{Change, Feed};

/// That something happened in a room.
#[derive(Debug, Clone)]
pub struct RoomNews {
    /// The deal of the room.
    pub deal_id: DealId,
    /// What happened.
    pub event: Event,
}

/// Changes of rooms: of one deal's, or of all that the viewer sees.
#[derive(Debug, Clone, Default)]
pub struct RoomFeed {
    /// The deal; none for all.
    pub deal: Option<DealId>,
}

impl Feed for RoomFeed {
    type Item = RoomNews;

    fn tell(&self, actor: &Actor, change: &Change) -> Option<RoomNews> {
        let event = &change.numbered.event;
        let Subject::Room { deal_id, partners, .. } = &event.subject else { return None };
        let sees = match scope(actor, Action::SeeDeals) {
            Scope::All => true,
            Scope::Partner(own) => partners.contains(&own),
            Scope::Nothing => false,
        };
        (sees && self.deal.as_ref().is_none_or(|deal| deal == deal_id)).then(|| RoomNews { deal_id: deal_id.clone(), event: event.clone() })
    }
}
