//! What is told live of the vendor's own opportunities: that one changed, to those who may see them.

use entente_domain::Timestamp;
use entente_domain::event::Subject;
use entente_domain::id::DirectId;
use entente_domain::policy::{Action, Actor, Resource, can};

use crate::live::{Change, Feed};

/// That an opportunity was recorded or closed.
#[derive(Debug, Clone)]
pub struct DirectNews {
    /// Which.
    pub id: DirectId,
    /// Its version after that.
    pub version: i32,
    /// When.
    pub occurred_at: Timestamp,
}

/// Changes of the vendor's own opportunities.
#[derive(Debug, Clone, Default)]
pub struct DirectFeed;

impl Feed for DirectFeed {
    type Item = DirectNews;

    fn tell(&self, actor: &Actor, change: &Change) -> Option<DirectNews> {
        let event = &change.numbered.event;
        let Subject::Direct { id, version } = &event.subject else { return None };
        can(actor, Action::SeeDirects, Resource::OfVendor).then(|| DirectNews { id: id.clone(), version: *version, occurred_at: event.occurred_at })
    }
}
