//! What is told live of notifications: that the viewer's own changed. What they are now is read then, within the viewer's rights.

use entente_domain::Timestamp;
use entente_domain::event::{EventKind, Subject};
use entente_domain::policy::Actor;

use crate::live::{Change, Feed};

/// The viewer's notifications changed.
#[derive(Debug, Clone, Copy)]
pub struct NotificationNews {
    /// When.
    pub occurred_at: Timestamp,
    /// Whether there is something new, and not only something read.
    pub is_new: bool,
}

/// Changes of the viewer's own notifications.
#[derive(Debug, Clone, Copy, Default)]
pub struct NotificationFeed;

impl Feed for NotificationFeed {
    type Item = NotificationNews;

    fn tell(&self, actor: &Actor, change: &Change) -> Option<NotificationNews> {
        let event = &change.numbered.event;
        let Subject::Inbox { people } = &event.subject else { return None };
        let own = actor.api_key.is_none() && people.contains(&actor.user_id);
        own.then_some(NotificationNews { occurred_at: event.occurred_at, is_new: event.kind == EventKind::NotificationsTold })
    }
}
