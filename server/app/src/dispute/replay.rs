//! The file of a dispute as the actor may have it: the vendor everything, a side what it could see itself.

use entente_domain::dispute::replay::{DealFile, Moment, for_side, replay as moments};
use entente_domain::dispute::{Dispute, Side};
use entente_domain::policy::{Actor, Scope};

use super::side;
use crate::deal::history;
use crate::{App, AppError};

/// Most events of the dispute itself: it has not more statements than a hundred.
const EVENTS_MAX: u32 = 500;

/// Every moment that the actor could see, oldest first.
#[tracing::instrument(level = "debug", name = "dispute.replay", skip_all)]
pub async fn replay(app: &App, actor: &Actor, dispute: &Dispute) -> Result<Vec<Moment>, AppError> {
    let Some(side) = side(actor, dispute) else { return Ok(Vec::new()) };
    let events = app.store.events_of(dispute.id.as_str(), EVENTS_MAX).await?;
    let mut files = Vec::with_capacity(2);
    for of in [Side::Complainant, Side::Respondent] {
        let id = dispute.party(of).and_then(|p| p.deal_id.as_ref());
        let deal = match id {
            Some(id) => app.store.deal(id, &Scope::All).await?,
            None => None,
        };
        files.push(match deal {
            Some(deal) => Some(history(app, &deal).await?),
            None => None,
        });
    }
    let (respondent, complainant) = (files.pop().flatten(), files.pop().flatten());
    let told = [&complainant, &respondent].map(|h| h.as_ref().map(|h| h.events()).unwrap_or_default());
    let ours = |at| complainant.as_ref().and_then(|h| h.at(at));
    let theirs = |at| respondent.as_ref().and_then(|h| h.at(at));
    let [own_events, other_events] = &told;
    let own = complainant.as_ref().map(|_| DealFile { events: own_events, then: &ours });
    let other = respondent.as_ref().map(|_| DealFile { events: other_events, then: &theirs });
    Ok(for_side(moments(dispute, &events, own, other), side))
}
