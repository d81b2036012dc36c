//! What is told live of routing: that the table or somebody's absence changed, to those who may read them.

use entente_domain::Timestamp;
use entente_domain::event::Subject;
use entente_domain::policy::{Action, Actor, Resource, can};

use crate::live::{Change, Feed};

/// The fields of events that say that the routing changed.
const FIELDS: [&str; 4] = ["routing", "absence", "roles", "active"];

/// That the routing changed.
#[derive(Debug, Clone)]
pub struct RoutingNews {
    /// When.
    pub occurred_at: Timestamp,
}

/// Changes of the routing.
#[derive(Debug, Clone, Copy, Default)]
pub struct RoutingFeed;

impl Feed for RoutingFeed {
    type Item = RoutingNews;

    fn tell(&self, actor: &Actor, change: &Change) -> Option<RoutingNews> {
        let event = &change.numbered.event;
        let ours = matches!(event.subject, Subject::Program { .. } | Subject::User { .. });
        let changed = ours && event.changes.iter().any(|c| FIELDS.contains(&c.field.as_str()));
        (changed && can(actor, Action::SeeRouting, Resource::OfVendor)).then_some(RoutingNews { occurred_at: event.occurred_at })
    }
}
