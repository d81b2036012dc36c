//! Changes as they happen: the log that the relay follows, what it prepares of each event, and one subscriber's stream.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use entente_domain::Timestamp;
use entente_domain::deal::Deal;
use entente_domain::event::{Event, EventKind, NumberedEvent, Subject, Visibility};
use entente_domain::id::{DealId, PartnerId};
use entente_domain::policy::{Action, Actor, Resource, Scope, can, scope};
use entente_live::{EventLog, LogError, Numbered, Prepare, RecvError};
use entente_store::{DealFilter, EventNumberer, Numbering, Store};
use futures::Stream;
use tokio::sync::Mutex;

use crate::app::WeakApp;
use crate::deal::DealListQuery;
use crate::{App, AppError, directory};

/// How long a server numbers events before another may take over, in milliseconds.
const LEASE_MS: i64 = 5_000;
/// Events that a client may be behind and still be told one by one.
const REPLAY_MAX: i64 = 2_000;
/// Events read at once while a client catches up.
const BATCH: u32 = 200;

/// An event with the deal it is about, as the deal is now.
#[derive(Debug)]
pub struct Change {
    /// The event in its place.
    pub numbered: NumberedEvent,
    /// The deal; none when the event is about something else.
    pub deal: Option<Arc<Deal>>,
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

    /// Numbers what has no number yet, unless another server is at it.
    pub(crate) async fn number_backlog(&self) -> Result<(), LogError> {
        while let Numbered::Last { new: true, .. } = self.number(Duration::ZERO).await? {}
        Ok(())
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
        with_deals(&app, events).await.map_err(failed)
    }
}

/// Brings caches and index up to date with the events.
async fn refresh(app: &App, events: &[NumberedEvent]) -> Result<(), AppError> {
    let mut partners: Vec<PartnerId> = Vec::new();
    let mut program = false;
    for NumberedEvent { event, .. } in events {
        match &event.subject {
            Subject::Partner { id } => partners.push(id.clone()),
            Subject::Program { .. } => program = true,
            Subject::User { id } => app.people.forget(id),
            Subject::Deal { .. } | Subject::Kit { .. } => {}
        }
    }
    if program {
        app.forget_program();
        return directory::rebuild(app).await;
    }
    partners.sort();
    partners.dedup();
    directory::refresh(app, &partners).await
}

/// The events with their deals, loaded with one query.
async fn with_deals(app: &App, events: Vec<NumberedEvent>) -> Result<Vec<Arc<Change>>, AppError> {
    let mut ids: Vec<DealId> = events.iter().filter_map(|e| deal_id(&e.event)).cloned().collect();
    ids.sort();
    ids.dedup();
    let deals: Vec<Arc<Deal>> =
        if ids.is_empty() { Vec::new() } else { app.store.deals_by_ids(&ids, &Scope::All).await?.into_iter().map(Arc::new).collect() };
    Ok(events
        .into_iter()
        .map(|numbered| {
            let deal = deal_id(&numbered.event).and_then(|id| deals.iter().find(|d| d.id == *id)).cloned();
            Arc::new(Change { numbered, deal })
        })
        .collect())
}

fn deal_id(event: &Event) -> Option<&DealId> {
    match &event.subject {
        Subject::Deal { id, .. } => Some(id),
        _ => None,
    }
}

/// What a subscriber is told.
#[derive(Debug, Clone)]
pub enum LiveItem {
    /// A deal changed.
    Change {
        /// Number of the event: the cursor to resume from.
        seq: i64,
        /// The change.
        change: Arc<Change>,
        /// The deal as it is now.
        deal: Arc<Deal>,
    },
    /// Too much lies between: read the list again and go on from here.
    Resync {
        /// The cursor to go on from.
        seq: i64,
        /// Why, for a person.
        reason: String,
    },
}

/// Changes of deals that the actor may see, in order, from `after` (or from now) on. The right is asked for again with
/// every change; the stream ends when the account may no longer see deals at all, and when the server stops.
///
/// Statuses and stages of the filter do not hold back a change *of* status or stage, so that a list can drop what left it.
pub fn subscribe(app: &App, actor: Actor, query: DealListQuery, after: Option<i64>) -> impl Stream<Item = LiveItem> + Send + 'static {
    let state = Subscriber { receiver: app.hub.subscribe(), pending: Vec::new().into_iter(), app: app.clone(), actor, query, last: 0, begun: after };
    futures::stream::unfold(state, |mut state| async move {
        let item = state.next().await?;
        Some((item, state))
    })
}

struct Subscriber {
    app: App,
    actor: Actor,
    query: DealListQuery,
    receiver: entente_live::Receiver<Arc<Change>>,
    pending: std::vec::IntoIter<Arc<Change>>,
    last: i64,
    begun: Option<i64>,
}

impl Subscriber {
    async fn next(&mut self) -> Option<LiveItem> {
        if self.last == 0 {
            self.last = self.receiver.start();
            if let Some(after) = self.begun.take() {
                // A client that comes from another server may be ahead of this one, but never of the log.
                let ahead = after > self.last && self.app.store.last_seq().await.is_ok_and(|last| after <= last);
                let gap = self.last - after;
                if !ahead && !(0..=REPLAY_MAX).contains(&gap) {
                    return Some(self.resync("The gap since your cursor is too long."));
                }
                self.last = after;
                if let Err(item) = self.catch_up().await {
                    return Some(item);
                }
            }
        }
        loop {
            if let Some(change) = self.pending.next() {
                if let Some(item) = self.judge(change).await? {
                    return Some(item);
                }
                continue;
            }
            match self.receiver.recv().await {
                Ok((seq, _)) if seq <= self.last => {}
                // A catch-up reads up to the receiver's start; a number beyond the next one would be a hole.
                Ok((_, change)) => self.pending = vec![change].into_iter(),
                Err(RecvError::Lagged(_)) => {
                    if let Err(item) = self.catch_up().await {
                        return Some(item);
                    }
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Reads what lies between the last change told and the hub's place from the store.
    async fn catch_up(&mut self) -> Result<(), LiveItem> {
        let to = self.app.hub.last_seq();
        let mut found = Vec::new();
        let mut from = self.last;
        while from < to {
            let Ok(events) = self.app.store.events_after(from, BATCH).await else { return Err(self.resync("The changes could not be read.")) };
            let Some(last) = events.last() else { break };
            from = last.seq;
            match with_deals(&self.app, events).await {
                Ok(changes) => found.extend(changes),
                Err(_) => return Err(self.resync("The changes could not be read.")),
            }
            if found.len() as i64 > REPLAY_MAX {
                return Err(self.resync("The gap is too long."));
            }
        }
        self.pending = found.into_iter();
        Ok(())
    }

    fn resync(&mut self, reason: &str) -> LiveItem {
        self.last = self.app.hub.last_seq();
        self.pending = Vec::new().into_iter();
        LiveItem::Resync { seq: self.last, reason: reason.to_owned() }
    }

    /// `None` ends the stream; `Some(None)` is nothing for this subscriber.
    async fn judge(&mut self, change: Arc<Change>) -> Option<Option<LiveItem>> {
        let seq = change.numbered.seq;
        if seq <= self.last {
            return Some(None);
        }
        self.last = seq;
        // Rights may have changed since the stream began.
        self.actor = self.app.refresh_actor(&self.actor).await.ok().flatten()?;
        let scope = scope(&self.actor, Action::SeeDeals);
        if scope == Scope::Nothing {
            return None;
        }
        let Some(deal) = change.deal.clone() else { return Some(None) };
        let event = &change.numbered.event;
        let hidden = event.visibility == Visibility::Internal && !can(&self.actor, Action::InternalNotes, Resource::OfPartner(&deal.partner_id));
        if hidden || !scope.admits(&deal.partner_id) || !wanted(&self.query.filter(&self.actor), &deal, event.kind) {
            return Some(None);
        }
        Some(Some(LiveItem::Change { seq, change, deal }))
    }
}

/// Whether a deal is in the filter, for the stream.
fn wanted(filter: &DealFilter, deal: &Deal, kind: EventKind) -> bool {
    fn one_of<T: PartialEq>(wanted: &[T], value: Option<&T>) -> bool {
        wanted.is_empty() || value.is_some_and(|v| wanted.contains(v))
    }
    let moved = matches!(
        kind,
        EventKind::DealApproved
            | EventKind::DealRejected
            | EventKind::DealInfoRequested
            | EventKind::DealInfoProvided
            | EventKind::DealWithdrawn
            | EventKind::DealStageMoved
            | EventKind::DealExpired
    );
    (moved || (one_of(&filter.statuses, Some(&deal.status)) && one_of(&filter.stages, Some(&deal.stage))))
        && one_of(&filter.partners, Some(&deal.partner_id))
        && one_of(&filter.managers, deal.manager_id.as_ref())
        && one_of(&filter.territories, deal.territory.as_ref())
        && one_of(&filter.sources, Some(&deal.source))
        && (filter.products.is_empty() || deal.product_ids.iter().any(|p| filter.products.contains(p)))
        && filter.created_from.is_none_or(|t| deal.created_at >= t)
        && filter.created_to.is_none_or(|t| deal.created_at < t)
        && (filter.closed_from.is_none() || deal.closed_on >= filter.closed_from)
        && filter.closed_to.is_none_or(|d| deal.closed_on.is_some_and(|c| c <= d))
}
