//! What is told live of disputes: to each side what it may see of them.

use std::sync::Arc;

use entente_domain::dispute::{Dispute, replay};
use entente_domain::event::Event;
use entente_domain::id::DisputeId;
use entente_domain::policy::{Action, Actor, scope};

use crate::live::{Change, Feed};

/// A change of a dispute.
#[derive(Debug, Clone)]
pub struct DisputeNews {
    /// What happened.
    pub event: Event,
    /// The dispute as it is now.
    pub dispute: Arc<Dispute>,
}

/// Changes of disputes; of one when it is named.
#[derive(Debug, Clone, Default)]
pub struct DisputeFeed {
    /// Which dispute.
    pub id: Option<DisputeId>,
}

impl Feed for DisputeFeed {
    type Item = DisputeNews;

    fn tell(&self, actor: &Actor, change: &Change) -> Option<DisputeNews> {
        let dispute = change.dispute.as_ref()?;
        let event = &change.numbered.event;
        let side = dispute.side_of(&scope(actor, Action::SeeDisputes))?;
        let wanted = self.id.as_ref().is_none_or(|id| *id == dispute.id);
        (wanted && replay::seen_by(dispute, event, side)).then(|| DisputeNews { event: event.clone(), dispute: dispute.clone() })
    }
}
