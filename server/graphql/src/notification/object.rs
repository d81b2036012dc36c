//! A notification.

use async_graphql::{Context, Enum, ID, Object, Result};
use entente_app::notification::Seen;
use entente_domain::notification as domain;

use crate::context::Ask as _;
use crate::deal::Deal;
use crate::page::connection;
use crate::problem::Problem;
use crate::scalar::DateTime;

/// How pressing a notification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Priority")]
pub(crate) enum NotificationPriority {
    /// Good to know.
    Note,
    /// What came of something that the reader did or waits for.
    Result,
    /// Somebody waits for the reader.
    Answer,
}

/// What one person is told of something that happened.
pub(crate) struct Notification(pub(crate) Seen);

/// What the viewer is told of something that happened. Its texts are those of the moment in which it was told.
#[Object]
impl Notification {
    /// Its id.
    async fn id(&self) -> ID {
        ID(self.0.notification.id.to_string())
    }

    /// What it says, as `DECISION_OWED`; new kinds may come.
    async fn kind(&self) -> &str {
        self.0.notification.kind.name()
    }

    /// How pressing it is.
    async fn priority(&self) -> NotificationPriority {
        self.0.notification.kind.priority().into()
    }

    /// Whether it asks for an answer that is still owed.
    async fn owed(&self) -> bool {
        self.0.owed
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.0.notification.at)
    }

    /// When the viewer read it; null while it is unread.
    async fn read_at(&self) -> Option<DateTime> {
        self.0.notification.read_at.map(DateTime)
    }

    /// Title of what it is about; to a guest of a room the name of the deal's own partner.
    async fn title(&self) -> &str {
        &self.0.notification.said.title
    }

    /// Its number, as `D-1042`; empty for a guest of a room.
    async fn number(&self) -> &str {
        &self.0.notification.said.number
    }

    /// The customer's name.
    async fn customer_name(&self) -> Option<&str> {
        self.0.notification.said.customer.as_deref()
    }

    /// The partner's name; to a side of a dispute its own.
    async fn partner_name(&self) -> &str {
        &self.0.notification.said.partner
    }

    /// Who did it, by the name of that time; empty where it was the other side of a dispute.
    async fn actor_name(&self) -> &str {
        &self.0.notification.said.actor
    }

    /// What was written: a question, an answer, a reason.
    async fn text(&self) -> Option<&str> {
        self.0.notification.said.text.as_deref()
    }

    /// Until when an answer is owed, or protection lasts, as it was told.
    async fn due_at(&self) -> Option<DateTime> {
        self.0.notification.said.due.map(DateTime)
    }

    /// Where the app shows it: a path, as `/deals/deal_01J...`.
    async fn path(&self) -> String {
        self.0.notification.about.path()
    }

    /// The deal as it is now; null when it is about something else, or the viewer may not see the deal any more.
    async fn deal(&self, ctx: &Context<'_>) -> Result<Option<Deal>> {
        let domain::About::Deal { id } = &self.0.notification.about else { return Ok(None) };
        if let Some(known) = ctx.relations()?.deal(id) {
            return Ok(known.map(Deal));
        }
        let found = entente_app::deal::get(ctx.app()?, ctx.signed_in()?, id.as_str()).await.map_err(Problem::from)?;
        Ok(found.map(Deal))
    }
}

connection!(NotificationConnection, NotificationEdge, Notification, "notification");
