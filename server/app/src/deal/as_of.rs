//! A deal as it was at an earlier moment: as it was written down with the change that had made it so. What was changed by a
//! version that kept no states is read back from the events that tell what happened since.

use std::sync::Arc;

use entente_domain::Timestamp;
use entente_domain::deal::{Deal, as_of as domain};
use entente_domain::event::Event;
use entente_domain::policy::Actor;
use entente_store::{DealState, DealThen};

use super::read::get;
use crate::program::ProgramView;
use crate::{App, AppError};

/// Events read at once.
const BATCH: u32 = 500;

/// The deal as it was at that moment; none when it was not there yet, is not there, or is hidden from the actor.
#[tracing::instrument(level = "debug", name = "deal.as_of", skip_all)]
pub async fn as_of(app: &App, actor: &Actor, id: &str, at: Timestamp) -> Result<Option<Deal>, AppError> {
    // Whose deal it is never changes, so that who may see it now may see how it was.
    let Some(deal) = get(app, actor, id).await? else { return Ok(None) };
    then(app, &deal, at).await
}

/// The deal as it was at that moment, of a deal that was read for whoever asks.
pub(crate) async fn then(app: &App, deal: &Deal, at: Timestamp) -> Result<Option<Deal>, AppError> {
    match app.store.deal_then(&deal.id, at).await? {
        DealThen::Recorded(deal) => Ok(Some(*deal)),
        DealThen::Unknown => rewound(app, deal, at).await,
    }
}

/// Most versions of a deal that a history has.
const HISTORY_MAX: u32 = 2_000;

/// What a deal was at any moment, read once.
pub(crate) struct History {
    deal: Deal,
    states: Vec<DealState>,
    /// Newest first.
    events: Vec<Event>,
    view: Arc<ProgramView>,
}

impl History {
    /// The deal at a moment; as [`as_of`], but for the moment of its last change, which notes do not move here.
    pub(crate) fn at(&self, at: Timestamp) -> Option<Deal> {
        let by_then = self.states.iter().filter(|s| s.at <= at);
        let version = by_then.clone().map(|s| s.version).max();
        match by_then.filter(|s| Some(s.version) == version).find_map(|s| s.deal.clone()) {
            Some(deal) => Some(deal),
            None => domain::as_of(&self.deal, &self.events, &self.view.program, &self.view.zone, at),
        }
    }

    /// What happened to it, oldest first.
    pub(crate) fn events(&self) -> Vec<Event> {
        self.events.iter().rev().cloned().collect()
    }
}

/// The history of a deal that was read for whoever asks.
pub(crate) async fn history(app: &App, deal: &Deal) -> Result<History, AppError> {
    let view = app.program().await?.under(deal)?;
    let (states, events) = futures::try_join!(app.store.deal_states(&deal.id, HISTORY_MAX), app.store.events_of(deal.id.as_str(), HISTORY_MAX))?;
    Ok(History { deal: deal.clone(), states, events: events.into_iter().rev().collect(), view })
}

async fn rewound(app: &App, deal: &Deal, at: Timestamp) -> Result<Option<Deal>, AppError> {
    let view = app.program().await?.under(deal)?;
    let mut events: Vec<Event> = Vec::new();
    loop {
        let after = events.last().map(|e| (e.occurred_at, e.id.clone()));
        // Notes change no field, so whose eyes they are for does not matter here.
        let batch = app.store.timeline(&deal.id, true, after, BATCH).await?;
        let last = batch.len() < BATCH as usize;
        events.extend(batch);
        if last {
            return Ok(domain::as_of(deal, &events, &view.program, &view.zone, at));
        }
    }
}
