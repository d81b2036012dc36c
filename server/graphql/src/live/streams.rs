//! All groups of this process: found by what is asked and by whom, begun by the first subscriber, ended by the last.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use entente_app::App;
use entente_app::live::{Audience, Span};

use super::group::{Group, Joined};
use super::subscribing::{Key, Subscribing};
use crate::EntenteSchema;

/// Fewest operations that are worth a look for those that nobody asks any more.
const SWEEP_MIN: usize = 64;

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
    operations: Mutex<HashMap<Arc<str>, Weak<Subscribing>>>,
    resolved: AtomicU64,
    overflows: AtomicU64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

    pub(super) fn resolved(&self) {
        self.0.resolved.fetch_add(1, Ordering::Relaxed);
    }

    /// The one value of an operation: a document takes more memory than everything else that a subscriber has.
    pub(crate) fn shared(&self, subscribing: Subscribing) -> Arc<Subscribing> {
        let mut operations = lock(&self.0.operations);
        if let Some(known) = operations.get(subscribing.operation()).and_then(Weak::upgrade) {
            return known;
        }
        if operations.len() >= SWEEP_MIN && operations.len().is_power_of_two() {
            operations.retain(|_, operation| operation.strong_count() > 0);
        }
        let subscribing = Arc::new(subscribing);
        operations.insert(subscribing.operation().clone(), Arc::downgrade(&subscribing));
        subscribing
    }

    /// Joins the group of that operation and audience, which begins its work if this is the first to do so. True when the
    /// member reads on after `after`, false when it reads from now on.
    pub(super) fn join(
        &self,
        engine: &EntenteSchema,
        app: &App,
        subscribing: &Arc<Subscribing>,
        audience: &Audience,
        after: Option<i64>,
    ) -> (Joined, bool) {
        let key = subscribing.key(audience);
        let mut groups = lock(&self.0.groups);
        let known = groups.get(&key).cloned();
        let group = known.clone().unwrap_or_else(|| Arc::new(Group::starting(app, after)));
        let joined = group.join(after, app.hub.last_seq());
        if known.is_none() {
            groups.insert(key.clone(), group.clone());
            let messages = subscribing.messages(engine.clone(), audience, Some(Span { after: Some(group.start()), until: None }));
            tokio::spawn(group.run(self.clone(), key, messages));
        }
        joined
    }

    pub(super) fn give_up(&self, key: &Key) {
        lock(&self.0.groups).remove(key);
    }

    /// Gives the group's place up unless somebody joined meanwhile.
    pub(super) fn give_up_empty(&self, key: &Key, group: &Group) -> bool {
        let mut groups = lock(&self.0.groups);
        let empty = group.is_empty();
        if empty {
            groups.remove(key);
        }
        empty
    }
}
