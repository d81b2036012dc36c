//! What happened to a deal: its timeline, and the changes that are told live and on the home page.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_domain::deal as domain;
use entente_domain::event::{Event, EventKind};

use super::Deal;
use super::types::NoteVisibility;
use crate::context::Ask as _;
use crate::page::connection;
use crate::problem::Problem;
use crate::scalar::DateTime;

/// A field before and after.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct FieldChange {
    /// Name of the field as in this schema.
    field: String,
    /// Before, in words; null when there was nothing.
    before: Option<String>,
    /// After, in words; null when there is nothing.
    after: Option<String>,
}

impl From<&entente_domain::event::FieldChange> for FieldChange {
    fn from(c: &entente_domain::event::FieldChange) -> Self {
        Self { field: c.field.clone(), before: c.before.clone(), after: c.after.clone() }
    }
}

/// Something that happened to a deal.
pub(crate) struct DealTimelineEntry(pub(crate) Event);

/// Something that happened to a deal; never changed and never removed.
#[Object]
impl DealTimelineEntry {
    /// Id of the event.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// What happened, as `DEAL_APPROVED`; new kinds may come.
    async fn kind(&self) -> &str {
        self.0.kind.name()
    }

    /// When.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.0.occurred_at)
    }

    /// Who did it, by the name of that time; the program's own name for a clock or an import.
    async fn actor_name(&self) -> &str {
        &self.0.actor.name
    }

    /// What was written (a note, a question, an answer), or what happened in a few words of English.
    async fn text(&self) -> &str {
        text(&self.0)
    }

    /// Who may see it.
    async fn visibility(&self) -> NoteVisibility {
        self.0.visibility.into()
    }

    /// Why, where a reason or a note was given with a decision or a move.
    async fn reason(&self) -> Option<&str> {
        if is_writing(self.0.kind) { None } else { self.0.text.as_deref() }
    }

    /// Fields that changed.
    async fn changes(&self) -> Vec<FieldChange> {
        let of = |c: &entente_domain::event::FieldChange| FieldChange { field: c.field.clone(), before: c.before.clone(), after: c.after.clone() };
        self.0.changes.iter().map(of).collect()
    }
}

/// Whether what was written is the event itself, and not the reason of something else.
fn is_writing(kind: EventKind) -> bool {
    use EventKind::{DealExtensionRequested, DealInfoProvided, DealInfoRequested, DealNoteAdded, DealPartnerAnswered, DealVendorAsked};
    matches!(kind, DealNoteAdded | DealInfoRequested | DealInfoProvided | DealVendorAsked | DealPartnerAnswered | DealExtensionRequested)
}

fn text(event: &Event) -> &str {
    match &event.text {
        Some(text) if is_writing(event.kind) => text,
        _ => event.kind.sentence(),
    }
}

connection!(DealTimelineConnection, DealTimelineEdge, DealTimelineEntry, "event of a deal");

/// One page of a deal's timeline.
pub(super) async fn timeline(ctx: &Context<'_>, deal: &domain::Deal, first: Option<i32>, after: Option<String>) -> Result<DealTimelineConnection> {
    let actor = ctx.signed_in()?;
    let first = entente_app::page::first(first).map_err(Problem::from)?;
    let page = entente_app::deal::timeline_until(ctx.app()?, actor, deal, first, after.as_deref(), ctx.moment()).await.map_err(Problem::from)?;
    Ok(DealTimelineConnection::of(page.map(DealTimelineEntry)))
}

/// A change of a deal.
pub(crate) struct DealChange {
    pub(crate) cursor: String,
    pub(crate) event: Event,
    pub(crate) deal: domain::Deal,
}

/// A change of a deal, with the deal as it is now.
#[Object]
impl DealChange {
    /// Where this change lies in the order of all changes; `dealChanges` goes on from it.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// What happened, as `DEAL_APPROVED`; new kinds may come.
    async fn kind(&self) -> &str {
        self.event.kind.name()
    }

    /// The deal as it is now; its version may be newer than the change.
    async fn deal(&self) -> Deal {
        Deal(self.deal.clone())
    }

    /// When.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.event.occurred_at)
    }

    /// Who did it, by the name of that time; the program's own name for a clock or an import.
    async fn actor_name(&self) -> &str {
        &self.event.actor.name
    }

    /// What was written (a note, a question, an answer), or what happened in a few words of English.
    async fn text(&self) -> &str {
        text(&self.event)
    }
}

connection!(DealChangeConnection, DealChangeEdge, DealChange, "change of a deal");
