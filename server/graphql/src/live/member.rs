//! One subscriber: what it missed, then what its group says, in order and each once, for as long as its rights last.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use entente_app::App;
use entente_app::live::{Audience, Span, Standing};
use entente_domain::policy::Actor;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::sync::broadcast::error::RecvError;

use super::group::{Joined, Message};
use super::subscribing::{Begin, Subscribing};
use crate::EntenteSchema;

/// How long to wait before rights are asked for again when they could not be read.
const PAUSE: Duration = Duration::from_millis(200);

/// A subscriber.
pub struct Subscriber {
    engine: EntenteSchema,
    app: App,
    subscribing: Arc<Subscribing>,
    actor: Actor,
    standing: Standing,
    /// Nothing more is told before the rights have been read.
    unsure: bool,
    /// Number of the last message told, or of the event where the stream began.
    last: i64,
    ready: VecDeque<Arc<Message>>,
    /// What is resolved for this subscriber alone, up to that number; without end for an operation that nobody can share.
    alone: Option<(BoxStream<'static, Message>, Option<i64>)>,
    joined: Option<Joined>,
    over: bool,
}

impl Subscriber {
    pub(crate) fn new(engine: EntenteSchema, app: App, subscribing: Arc<Subscribing>, actor: Actor) -> Self {
        let (standing, last) = (app.standing(&actor), app.hub.last_seq());
        let begin = subscribing.begin();
        let mut subscriber = Self {
            engine,
            app,
            subscribing,
            actor,
            standing,
            unsure: true,
            last,
            ready: VecDeque::new(),
            alone: None,
            joined: None,
            over: false,
        };
        match begin {
            Begin::At(after) => subscriber.join(after),
            Begin::Unclear => subscriber.go_alone(None, None),
        }
        subscriber
    }

    /// The next message; none when the stream is over, because the server stops or the account or key behind it may not
    /// see it any more. Safe to drop while waiting.
    pub async fn next(&mut self) -> Option<Arc<Message>> {
        loop {
            if self.over {
                return None;
            }
            if self.standing.has_changed() {
                self.unsure = true;
            }
            if self.unsure && !self.still_may().await {
                return None;
            }
            if let Some(message) = self.ready.pop_front() {
                if let Some(message) = self.tell(message) {
                    return Some(message);
                }
                continue;
            }
            let message = if let Some((alone, until)) = &mut self.alone {
                let until = *until;
                tokio::select! {
                    biased;
                    () = self.standing.changed() => { self.unsure = true; continue }
                    message = alone.next() => match message {
                        Some(message) => Arc::new(message),
                        None => {
                            self.alone = None;
                            self.last = self.last.max(until.unwrap_or(self.last));
                            self.over = self.joined.is_none();
                            continue;
                        }
                    }
                }
            } else {
                let Some(joined) = &mut self.joined else { return None };
                tokio::select! {
                    biased;
                    received = joined.receiver.recv() => match received {
                        Ok(message) => message,
                        Err(RecvError::Lagged(_)) => {
                            self.engine.streams().overflowed();
                            self.join(Some(self.last));
                            continue;
                        }
                        Err(RecvError::Closed) => return None,
                    },
                    () = self.standing.changed() => { self.unsure = true; continue }
                }
            };
            // Looked at once more above: a right that was lost before this event must hold it back.
            self.ready.push_back(message);
        }
    }

    /// The message, unless it was told before.
    fn tell(&mut self, message: Arc<Message>) -> Option<Arc<Message>> {
        if message.failed {
            self.over = true;
        } else if message.seq <= self.last {
            return None;
        } else {
            self.last = message.seq;
        }
        Some(message)
    }

    /// Reads the rights anew. With other rights the stream goes on as that audience's, from the same place.
    async fn still_may(&mut self) -> bool {
        let actor = loop {
            match self.app.refresh_actor(&self.actor).await {
                Ok(actor) => break actor,
                Err(error) => tracing::debug!(%error, "a subscriber's rights could not be read"),
            }
            tokio::time::sleep(PAUSE).await;
        };
        let Some(actor) = actor else {
            self.over = true;
            return false;
        };
        self.unsure = false;
        let same = Audience::of(&actor) == Audience::of(&self.actor);
        self.actor = actor;
        if !same {
            self.ready.clear();
            match self.subscribing.begin() {
                Begin::At(_) => self.join(Some(self.last)),
                Begin::Unclear => self.go_alone(Some(self.last), None),
            }
        }
        true
    }

    /// Joins the group of its audience; what it missed comes first.
    fn join(&mut self, after: Option<i64>) {
        let audience = Audience::of(&self.actor);
        let (joined, kept) = self.engine.streams().join(&self.engine, &self.app, &self.subscribing, &audience, after);
        // Read after the receiver was there: what is numbered later comes through it.
        let now = self.app.hub.last_seq();
        self.joined = Some(joined);
        self.alone = None;
        match (after, kept) {
            (None, _) => self.last = now,
            (Some(after), Some(kept)) => (self.last, self.ready) = (after, kept),
            (Some(after), None) => {
                self.last = after;
                self.go_alone(Some(after), Some(now));
            }
        }
    }

    fn go_alone(&mut self, after: Option<i64>, until: Option<i64>) {
        let span = after.map(|after| Span { after: Some(after), until });
        let messages = self.subscribing.messages(self.engine.clone(), &Audience::of(&self.actor), span);
        self.alone = Some((messages, until));
    }
}
