//! A log in memory with a lease, shared by several relays of one test, that fails when told to.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use entente_domain::Timestamp;
use entente_domain::event::{Event, EventActor, EventKind, NumberedEvent, Subject, Visibility};
use entente_domain::id::{EventId, PartnerId};
use entente_live::{EventLog, Hub, LogError, Numbered, Prepare, Relay, RelayOptions, RelayStatus};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use ulid::Ulid;

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    committed: Notify,
    failures: AtomicU32,
}

#[derive(Default)]
struct State {
    waiting: Vec<Event>,
    numbered: Vec<NumberedEvent>,
    last: i64,
    holder: Option<&'static str>,
}

/// What all servers of a test share.
#[derive(Clone, Default)]
pub struct SharedLog(Arc<Inner>);

struct Member(SharedLog, &'static str);

fn event() -> Event {
    Event {
        id: EventId::new(Ulid::nil()),
        kind: EventKind::PartnerChanged,
        subject: Subject::Partner { id: PartnerId::new(Ulid::nil()) },
        occurred_at: Timestamp::UNIX_EPOCH,
        actor: EventActor { user_id: None, name: "Test".to_owned() },
        visibility: Visibility::Shared,
        text: None,
        changes: Vec::new(),
    }
}

impl SharedLog {
    /// Commits that many events.
    pub fn append(&self, count: usize) {
        self.0.state.lock().unwrap().waiting.extend(std::iter::repeat_with(event).take(count));
        self.0.committed.notify_waiters();
    }

    /// Uses up the numbers `from` to `to` without events, and commits one event after them.
    pub fn cut(&self, from: i64, to: i64) {
        let mut state = self.0.state.lock().unwrap();
        assert_eq!(state.last + 1, from);
        state.last = to;
        state.waiting.push(event());
        drop(state);
        self.0.committed.notify_waiters();
    }

    /// Makes the next reads and numbering steps fail.
    pub fn fail_next(&self, count: u32) {
        self.0.failures.store(count, Ordering::SeqCst);
    }

    fn failing(&self) -> Result<(), LogError> {
        take_one(&self.0.failures)
    }

    fn step(&self, holder: &'static str) -> Numbered {
        let mut state = self.0.state.lock().unwrap();
        if *state.holder.get_or_insert(holder) != holder {
            return Numbered::NotLeader;
        }
        let waiting = std::mem::take(&mut state.waiting);
        let new = !waiting.is_empty();
        for event in waiting {
            state.last += 1;
            let seq = state.last;
            state.numbered.push(NumberedEvent { seq, event });
        }
        Numbered::Last { seq: state.last, new }
    }
}

fn take_one(failures: &AtomicU32) -> Result<(), LogError> {
    let left = failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    if left.is_ok() { Err(LogError("told to fail".to_owned())) } else { Ok(()) }
}

#[async_trait]
impl EventLog for Member {
    async fn number(&self, wait: Duration) -> Result<Numbered, LogError> {
        self.0.failing()?;
        let committed = self.0.0.committed.notified();
        tokio::pin!(committed);
        committed.as_mut().enable();
        match self.0.step(self.1) {
            Numbered::Last { new: false, .. } => {
                let _ = tokio::time::timeout(wait, committed).await;
                Ok(self.0.step(self.1))
            }
            other => Ok(other),
        }
    }

    async fn read_after(&self, seq: i64, limit: u32) -> Result<Vec<NumberedEvent>, LogError> {
        self.0.failing()?;
        let state = self.0.0.state.lock().unwrap();
        let from = state.numbered.partition_point(|event| event.seq <= seq);
        Ok(state.numbered[from..].iter().take(limit as usize).cloned().collect())
    }

    async fn last(&self) -> Result<i64, LogError> {
        Ok(self.0.0.state.lock().unwrap().last)
    }

    async fn resign(&self) {
        self.0.0.state.lock().unwrap().holder.take_if(|holder| *holder == self.1);
    }
}

/// Makes of an event its number.
#[derive(Default)]
pub struct Numbers(AtomicU32);

impl Numbers {
    /// Makes the next batches fail.
    pub fn fail_next(&self, count: u32) {
        self.0.store(count, Ordering::SeqCst);
    }
}

#[async_trait]
impl Prepare for Numbers {
    type Payload = Arc<i64>;

    async fn prepare(&self, events: Vec<NumberedEvent>) -> Result<Vec<Arc<i64>>, LogError> {
        take_one(&self.0)?;
        Ok(events.into_iter().map(|event| Arc::new(event.seq)).collect())
    }
}

/// A relay at work, as in one server process.
pub struct Running {
    pub hub: Arc<Hub<Arc<i64>>>,
    pub status: Arc<RelayStatus>,
    pub prepare: Arc<Numbers>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Stops it in good order.
    pub async fn stop(self) {
        drop(self.hub);
        self.stop.send_replace(true);
        self.task.await.unwrap();
    }
}

/// Starts a relay under that holder's name.
pub async fn start(log: &SharedLog, holder: &'static str, options: RelayOptions) -> Running {
    let prepare = Arc::new(Numbers::default());
    let relay = Relay::new(Arc::new(Member(log.clone(), holder)), prepare.clone(), options).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let (hub, status) = (relay.hub(), relay.status());
    Running { hub, status, prepare, stop, task: tokio::spawn(relay.run(stopped)) }
}
