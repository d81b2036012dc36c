//! A deal as it was at an earlier moment: as it was written down with the change that had made it so. What was changed by a
//! version that kept no states is read back from the events that tell what happened since.

use entente_domain::Timestamp;
use entente_domain::deal::{Deal, as_of as domain};
use entente_domain::event::Event;
use entente_domain::policy::Actor;
use entente_store::DealThen;

use super::read::get;
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
