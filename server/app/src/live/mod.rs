//! Changes as they happen: the log that the relay follows, and what it prepares of each event. A subscriber's stream is in
//! `follow`, the watch over a subscriber's rights in `standing`; what a stream tells is a [`Feed`] beside its capability.

mod follow;
mod standing;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use entente_domain::Timestamp;
use entente_domain::deal::Deal;
use entente_domain::dispute::Dispute;
use entente_domain::event::{NumberedEvent, Subject};
use entente_domain::id::{DealId, DisputeId, LeadId, PartnerId};
use entente_domain::lead::Lead;
use entente_domain::partner::Partner;
use entente_domain::policy::Scope;
use entente_live::{EventLog, LogError, Numbered, Prepare};
use entente_store::{EventNumberer, Numbering, Store};
use tokio::sync::Mutex;

use crate::app::WeakApp;
use crate::{App, AppError, directory};

pub use follow::{Feed, REPLAY_MAX, Span, Told, follow};
pub(crate) use standing::Standings;
pub use standing::{Audience, Principal, Standing};

/// How long a server numbers events before another may take over, in milliseconds: when it dies, every screen waits so long.
const LEASE_MS: i64 = 1_500;

/// An event with what it is about, as that is now.
#[derive(Debug)]
pub struct Change {
    /// The event in its place.
    pub numbered: NumberedEvent,
    /// The deal; none when the event is about something else.
    pub deal: Option<Arc<Deal>>,
    /// The partner; none when the event is not about a partner's profile.
    pub partner: Option<Arc<Partner>>,
    /// The lead; none when the event is about something else.
    pub lead: Option<Arc<Lead>>,
    /// The dispute; none when the event is about something else.
    pub dispute: Option<Arc<Dispute>>,
}

/// The store's events as the relay wants them.
pub(crate) struct StoreLog {
    store: Store,
    numberer: Mutex<EventNumberer>,
}

impl StoreLog {
    pub(crate) fn new(store: Store) -> Self {
        let holder = ulid::Ulid::from_parts(0, rand::random()).to_string();
        let numberer = Mutex::new(EventNumberer::new(&store, &holder, LEASE_MS));
        Self { store, numberer }
    }

    /// Numbers what has no number yet. Where another server is at it, and nobody has ever been told of anything, it is waited for:
    /// what both find at their first start is history.
    pub(crate) async fn number_backlog(&self) -> Result<(), LogError> {
        loop {
            match self.number(Duration::ZERO).await? {
                Numbered::Last { new: true, .. } => {}
                Numbered::Last { new: false, .. } => return Ok(()),
                Numbered::NotLeader => {
                    let is_history = !self.store.has_notifier().await.map_err(failed)? && self.store.has_unnumbered().await.map_err(failed)?;
                    if !is_history {
                        return Ok(());
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

fn failed(e: impl std::fmt::Display) -> LogError {
    LogError(e.to_string())
}

#[async_trait]
impl EventLog for StoreLog {
    async fn number(&self, wait: Duration) -> Result<Numbered, LogError> {
        // A lease is about machines, not about the program's clock: a test that sets the clock must not freeze it.
        match self.numberer.lock().await.step(Timestamp::now(), wait).await.map_err(failed)? {
            Numbering::NotLeader => Ok(Numbered::NotLeader),
            Numbering::Numbered { last, .. } => Ok(Numbered::Last { seq: last, new: true }),
            Numbering::Idle { last } => Ok(Numbered::Last { seq: last, new: false }),
        }
    }

    async fn read_after(&self, seq: i64, limit: u32) -> Result<Vec<NumberedEvent>, LogError> {
        self.store.events_after(seq, limit).await.map_err(failed)
    }

    async fn last(&self) -> Result<i64, LogError> {
        self.store.last_seq().await.map_err(failed)
    }

    async fn resign(&self) {
        if let Err(e) = self.numberer.lock().await.release().await {
            tracing::warn!(error = %e, "the numbering lease could not be given back; it runs out by itself");
        }
    }
}

/// Makes of each event what subscribers need, and tells the caches of this process what they have to forget.
#[derive(Default)]
pub(crate) struct Preparer(OnceLock<WeakApp>);

impl Preparer {
    pub(crate) fn attach(&self, app: &App) {
        let _ = self.0.set(app.weak());
    }
}

#[async_trait]
impl Prepare for Preparer {
    type Payload = Arc<Change>;

    async fn prepare(&self, events: Vec<NumberedEvent>) -> Result<Vec<Arc<Change>>, LogError> {
        let app = self.0.get().and_then(WeakApp::get).ok_or_else(|| failed("the application has ended"))?;
        refresh(&app, &events).await.map_err(failed)?;
        with_subjects(&app, events).await.map_err(failed)
    }
}

/// Brings caches, index and the watch over rights up to date with the events, before any subscriber hears of them.
async fn refresh(app: &App, events: &[NumberedEvent]) -> Result<(), AppError> {
    let mut partners: Vec<PartnerId> = Vec::new();
    let mut program = false;
    for NumberedEvent { event, .. } in events {
        match &event.subject {
            Subject::Partner { id } => partners.push(id.clone()),
            Subject::Program { .. } => program = true,
            Subject::User { id } => {
                app.person_changed(id);
                app.forget_routing();
            }
            Subject::ApiKey { id } => app.standings.touch(&Principal::Key(id.clone())),
            Subject::Deal { .. }
            | Subject::Room { .. }
            | Subject::Direct { .. }
            | Subject::Kit { .. }
            | Subject::Inbox { .. }
            | Subject::ActionLink { .. }
            | Subject::Lead { .. }
            | Subject::Dispute { .. } => {}
        }
    }
    if program {
        app.forget_program();
        app.forget_routing();
        return directory::rebuild(app).await;
    }
    partners.sort();
    partners.dedup();
    directory::refresh(app, &partners).await
}

/// The events with what they are about, loaded with one query for each kind.
async fn with_subjects(app: &App, events: Vec<NumberedEvent>) -> Result<Vec<Arc<Change>>, AppError> {
    let deals = ids(&events, |subject| if let Subject::Deal { id, .. } = subject { Some(id.clone()) } else { None });
    let partners = ids(&events, |subject| if let Subject::Partner { id } = subject { Some(id.clone()) } else { None });
    let leads = ids(&events, |subject| if let Subject::Lead { id, .. } = subject { Some(id.clone()) } else { None });
    // None of them asks the database for nothing.
    let (deals, partners) = (app.store.deals_by_ids(&deals, &Scope::All).await?, app.store.partners_by_ids(&partners).await?);
    let deals: HashMap<DealId, Arc<Deal>> = deals.into_iter().map(|deal| (deal.id.clone(), Arc::new(deal))).collect();
    let partners: HashMap<PartnerId, Arc<Partner>> = partners.into_iter().map(|partner| (partner.id.clone(), Arc::new(partner))).collect();
    let leads = app.store.leads_by_ids(&leads, &Scope::All).await?;
    let leads: HashMap<LeadId, Arc<Lead>> = leads.into_iter().map(|lead| (lead.id.clone(), Arc::new(lead))).collect();
    let disputes = ids(&events, |subject| if let Subject::Dispute { id, .. } = subject { Some(id.clone()) } else { None });
    let disputes: HashMap<DisputeId, Arc<Dispute>> =
        app.store.disputes_by_ids(&disputes, &Scope::All).await?.into_iter().map(|d| (d.id.clone(), Arc::new(d))).collect();
    let change = |numbered: NumberedEvent| {
        let dispute = if let Subject::Dispute { id, .. } = &numbered.event.subject { disputes.get(id).cloned() } else { None };
        let (deal, partner, lead) = match &numbered.event.subject {
            Subject::Deal { id, .. } => (deals.get(id).cloned(), None, None),
            Subject::Partner { id } => (None, partners.get(id).cloned(), None),
            Subject::Lead { id, .. } => (None, None, leads.get(id).cloned()),
            _ => (None, None, None),
        };
        Arc::new(Change { dispute, numbered, deal, partner, lead })
    };
    Ok(events.into_iter().map(change).collect())
}

/// The ids that the events are about, as far as they are of that kind, each once.
fn ids<T: Ord>(events: &[NumberedEvent], of: impl Fn(&Subject) -> Option<T>) -> Vec<T> {
    let mut ids: Vec<T> = events.iter().filter_map(|numbered| of(&numbered.event.subject)).collect();
    ids.sort();
    ids.dedup();
    ids
}
