//! The common work of all subscribers with one operation, its variables and one audience: each event is resolved and written
//! once, kept for a while for those who resume, and handed to every one of them.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use async_graphql::{Response, Value};
use bytes::Bytes;
use entente_app::App;
use entente_app::live::{Audience, Span};
use entente_domain::Timestamp;
use futures::StreamExt as _;
use tokio::sync::{Notify, broadcast};

use super::subscribing::{Key, Subscribing};
use crate::EntenteSchema;

/// Messages that wait for a subscriber that does not read.
const QUEUE: usize = 256;
/// Messages, and bytes of them, that are kept for those who resume.
const KEPT: usize = 128;
const KEPT_BYTES: usize = 256 * 1024;
/// How many events a new group reads anew for its first subscriber; one that is further behind catches up alone.
const BEHIND_MAX: i64 = 100;

/// One answer of a stream, written once.
#[derive(Debug)]
pub struct Message {
    /// Number of the event, the cursor behind it.
    pub seq: i64,
    /// When the event happened; none for what is no event.
    pub at: Option<Timestamp>,
    /// Whether this is the end: the payload is then the list of errors, and else the whole response.
    pub failed: bool,
    /// As JSON.
    pub payload: Bytes,
    framed: OnceLock<(String, Bytes)>,
}

impl Message {
    /// The message of an answer.
    pub(crate) fn of(answer: &Response, seq: i64, at: Option<Timestamp>) -> Self {
        let failed = answer.data == Value::Null && !answer.errors.is_empty();
        let written = if failed { serde_json::to_vec(&answer.errors) } else { serde_json::to_vec(answer) };
        let payload = written.unwrap_or_else(|_| b"[]".to_vec()).into();
        Self { seq, at, failed, payload, framed: OnceLock::new() }
    }

    /// The frame around the payload for a subscriber that calls the operation `id`: made once for all that call it so.
    pub fn framed(&self, id: &str, frame: impl Fn(&str, &[u8]) -> Bytes) -> Bytes {
        let (known, bytes) = self.framed.get_or_init(|| (id.to_owned(), frame(id, &self.payload)));
        if known == id { bytes.clone() } else { frame(id, &self.payload) }
    }
}

/// What the live streams have done since the start, for metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LiveStats {
    /// Groups of subscribers that are answered together.
    pub groups: u64,
    /// Answers that were resolved, once for each event and group.
    pub resolved: u64,
    /// Times that a subscriber fell behind its queue and caught up anew.
    pub overflows: u64,
}

/// All groups of this process.
#[derive(Clone, Default)]
pub(crate) struct Streams(Arc<Inner>);

#[derive(Default)]
struct Inner {
    groups: Mutex<HashMap<Key, Arc<Group>>>,
    resolved: AtomicU64,
    overflows: AtomicU64,
}

struct Group {
    state: Mutex<State>,
    left: Notify,
}

struct State {
    /// Everything after this number is in `kept`, or was nothing for this audience.
    start: i64,
    kept: VecDeque<Arc<Message>>,
    bytes: usize,
    sender: broadcast::Sender<Arc<Message>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A subscriber's place in a group.
pub(super) struct Joined {
    /// What comes from now on. Before the field below, so that it is gone when the group is told to look.
    pub(super) receiver: broadcast::Receiver<Arc<Message>>,
    _leave: Leave,
}

struct Leave(Arc<Group>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.left.notify_one();
    }
}

impl Streams {
    /// What was done so far.
    pub(crate) fn stats(&self) -> LiveStats {
        LiveStats {
            groups: lock(&self.0.groups).len() as u64,
            resolved: self.0.resolved.load(Ordering::Relaxed),
            overflows: self.0.overflows.load(Ordering::Relaxed),
        }
    }

    pub(super) fn overflowed(&self) {
        self.0.overflows.fetch_add(1, Ordering::Relaxed);
    }

    /// Joins the group of that operation and audience, which begins its work if it is the first to do so. Answers, too, what
    /// is kept of the time after `after`; none when that is not all.
    pub(super) fn join(
        &self,
        engine: &EntenteSchema,
        app: &App,
        subscribing: &Arc<Subscribing>,
        audience: &Audience,
        after: Option<i64>,
    ) -> (Joined, Option<VecDeque<Arc<Message>>>) {
        let key = subscribing.key(audience);
        let mut groups = lock(&self.0.groups);
        let (group, new) = match groups.get(&key) {
            Some(group) => (group.clone(), false),
            None => (groups.entry(key.clone()).or_insert(Arc::new(Group::starting(app, after))).clone(), true),
        };
        let state = lock(&group.state);
        let receiver = state.sender.subscribe();
        let within = after.filter(|after| *after >= state.start && *after <= app.hub.last_seq());
        let kept = within.map(|after| state.kept.iter().filter(|message| message.seq > after).cloned().collect());
        let start = state.start;
        drop((state, groups));
        if new {
            let messages = subscribing.messages(engine.clone(), audience, Some(Span { after: Some(start), until: None }));
            tokio::spawn(group.clone().run(self.clone(), key, messages));
        }
        (Joined { receiver, _leave: Leave(group) }, kept)
    }
}

impl Group {
    fn starting(app: &App, after: Option<i64>) -> Self {
        let now = app.hub.last_seq();
        let start = after.filter(|after| (0..=BEHIND_MAX).contains(&(now - after))).unwrap_or(now);
        let state = State { start, kept: VecDeque::new(), bytes: 0, sender: broadcast::channel(QUEUE).0 };
        Self { state: Mutex::new(state), left: Notify::new() }
    }

    /// Works until the stream ends, or nobody is left.
    async fn run(self: Arc<Self>, streams: Streams, key: Key, mut messages: futures::stream::BoxStream<'static, Message>) {
        loop {
            tokio::select! {
                biased;
                message = messages.next() => {
                    // The place is given up before the last word, so that whoever comes after it begins anew.
                    if message.as_ref().is_none_or(|message| message.failed) {
                        self.give_up(&streams, &key);
                    }
                    let Some(message) = message else { return };
                    streams.0.resolved.fetch_add(1, Ordering::Relaxed);
                    let failed = message.failed;
                    lock(&self.state).hand_out(Arc::new(message));
                    if failed {
                        return;
                    }
                }
                () = self.left.notified() => {
                    let mut groups = lock(&streams.0.groups);
                    if lock(&self.state).sender.receiver_count() == 0 {
                        groups.remove(&key);
                        return;
                    }
                }
            }
        }
    }

    fn give_up(&self, streams: &Streams, key: &Key) {
        lock(&streams.0.groups).remove(key);
    }
}

impl State {
    fn hand_out(&mut self, message: Arc<Message>) {
        self.bytes += message.payload.len();
        self.kept.push_back(message.clone());
        while self.kept.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.bytes -= oldest.payload.len();
            self.start = oldest.seq;
        }
        // Nobody listening is no error.
        let _ = self.sender.send(message);
    }
}
