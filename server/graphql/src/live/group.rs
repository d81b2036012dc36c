//! The common work of all subscribers with one operation, its variables and one audience: each event is resolved and written
//! once, kept for a while for those who are slow or resume, and each subscriber reads it from there at its own pace.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};

use async_graphql::{Response, Value};
use bytes::Bytes;
use entente_app::App;
use entente_domain::Timestamp;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use futures::task::AtomicWaker;
use slab::Slab;
use tokio::sync::Notify;

use super::streams::Streams;
use super::subscribing::Key;

/// Messages, and bytes of them, that are kept; a subscriber that is further behind reads the log anew.
const KEPT: usize = 512;
const KEPT_BYTES: usize = 1024 * 1024;
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
    made: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl Message {
    /// The message of an answer.
    pub(crate) fn of(answer: &Response, seq: i64, at: Option<Timestamp>) -> Self {
        let failed = answer.data == Value::Null && !answer.errors.is_empty();
        let written = if failed { serde_json::to_vec(&answer.errors) } else { serde_json::to_vec(answer) };
        let payload = written.unwrap_or_else(|_| b"[]".to_vec()).into();
        Self { seq, at, failed, payload, made: OnceLock::new() }
    }

    /// What the first one who asks makes of the message, for everyone who asks after it; none when that was another type.
    pub fn made<T: Send + Sync + 'static>(&self, make: impl FnOnce(&[u8]) -> T) -> Option<&T> {
        self.made.get_or_init(|| Box::new(make(&self.payload))).downcast_ref()
    }
}

/// A group at work.
pub(super) struct Group {
    state: Mutex<State>,
    left: Notify,
}

struct State {
    /// Everything after this number is in `kept`, or was nothing for this audience.
    start: i64,
    kept: VecDeque<Arc<Message>>,
    /// How many messages there were before those kept.
    gone: u64,
    bytes: usize,
    members: Slab<Arc<AtomicWaker>>,
    over: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A subscriber's place in a group.
pub(super) struct Joined {
    group: Arc<Group>,
    member: usize,
    waker: Arc<AtomicWaker>,
    /// The message it reads next, counted from the group's beginning.
    at: u64,
}

/// Why a group has nothing more to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// The subscriber was so slow that the message it reads next is not kept any more.
    Behind,
    /// The group has ended.
    Over,
}

impl Joined {
    /// The next message, whether or not it was told before.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Arc<Message>, Ended>> {
        self.waker.register(context.waker());
        let state = lock(&self.group.state);
        let Some(index) = self.at.checked_sub(state.gone) else { return Poll::Ready(Err(Ended::Behind)) };
        match usize::try_from(index).ok().and_then(|index| state.kept.get(index)) {
            Some(message) => {
                self.at += 1;
                Poll::Ready(Ok(message.clone()))
            }
            None if state.over => Poll::Ready(Err(Ended::Over)),
            None => Poll::Pending,
        }
    }

    /// Has the message that was read last read again.
    pub(super) fn put_back(&mut self) {
        self.at = self.at.saturating_sub(1);
    }
}

impl Drop for Joined {
    fn drop(&mut self) {
        let mut state = lock(&self.group.state);
        state.members.try_remove(self.member);
        if state.members.is_empty() {
            self.group.left.notify_one();
        }
    }
}

impl Group {
    /// A group that begins after that event, if it is near enough, and else now.
    pub(super) fn starting(app: &App, after: Option<i64>) -> Self {
        let now = app.hub.last_seq();
        let start = after.filter(|after| (0..=BEHIND_MAX).contains(&(now - after))).unwrap_or(now);
        let state = State { start, kept: VecDeque::new(), gone: 0, bytes: 0, members: Slab::new(), over: false };
        Self { state: Mutex::new(state), left: Notify::new() }
    }

    /// The number after which this group's work begins.
    pub(super) fn start(&self) -> i64 {
        lock(&self.state).start
    }

    /// Whether nobody is in it.
    pub(super) fn is_empty(&self) -> bool {
        lock(&self.state).members.is_empty()
    }

    /// A new member that reads on after that event, if everything since is kept (true), and else from now on (false).
    pub(super) fn join(self: &Arc<Self>, after: Option<i64>, now: i64) -> (Joined, bool) {
        let waker = Arc::<AtomicWaker>::default();
        let mut state = lock(&self.state);
        let member = state.members.insert(waker.clone());
        let within = after.filter(|after| *after >= state.start && *after <= now);
        let index = within.map_or(state.kept.len(), |after| state.kept.partition_point(|message| message.seq <= after));
        let at = state.gone + index as u64;
        drop(state);
        (Joined { group: self.clone(), member, waker, at }, within.is_some())
    }

    /// Works until the stream ends, or nobody is left.
    pub(super) async fn run(self: Arc<Self>, streams: Streams, key: Key, mut messages: BoxStream<'static, Message>) {
        loop {
            tokio::select! {
                biased;
                message = messages.next() => {
                    let last = message.as_ref().is_none_or(|message| message.failed);
                    if last {
                        // The place is given up before the last word, so that whoever comes after it begins anew.
                        streams.give_up(&key);
                    }
                    if let Some(message) = message {
                        streams.resolved();
                        self.hand_out(message);
                    }
                    if last {
                        return self.end();
                    }
                }
                () = self.left.notified() => {
                    if streams.give_up_empty(&key, &self) {
                        return;
                    }
                }
            }
        }
    }

    fn hand_out(&self, message: Message) {
        let mut state = lock(&self.state);
        state.bytes += message.payload.len();
        state.kept.push_back(Arc::new(message));
        while state.kept.len() > KEPT || state.bytes > KEPT_BYTES {
            let Some(oldest) = state.kept.pop_front() else { break };
            state.bytes -= oldest.payload.len();
            state.start = oldest.seq;
            state.gone += 1;
        }
        for (_, member) in &state.members {
            member.wake();
        }
    }

    fn end(&self) {
        let mut state = lock(&self.state);
        state.over = true;
        for (_, member) in &state.members {
            member.wake();
        }
    }
}
