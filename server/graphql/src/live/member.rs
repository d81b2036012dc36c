//! One subscriber: what it missed, then what its group says, in order and each once, for as long as its rights last.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use entente_app::App;
use entente_app::live::{Span, Standing};
use entente_domain::policy::Actor;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt as _, Stream, StreamExt as _};

use super::group::{Ended, Joined, Message};
use super::subscribing::{Begin, Subscribing};
use crate::EntenteSchema;

/// How long to wait before rights are asked for again when they could not be read.
const PAUSE: Duration = Duration::from_millis(200);

/// A subscriber: a stream of messages that ends when the server stops, and when the account or key behind it may not see them
/// any more.
pub struct Subscriber {
    engine: EntenteSchema,
    app: App,
    subscribing: Arc<Subscribing>,
    shared: bool,
    actor: Actor,
    standing: Standing,
    /// The rights as they are being read; nothing more is told before.
    reading: Option<BoxFuture<'static, Option<Actor>>>,
    /// Number of the last message told, or of the event where the stream began.
    last: i64,
    /// What is resolved for this subscriber alone, up to that number; without end for an operation that nobody can share.
    alone: Option<(BoxStream<'static, Message>, Option<i64>)>,
    joined: Option<Joined>,
    over: bool,
}

impl Subscriber {
    pub(crate) fn new(engine: EntenteSchema, app: App, subscribing: Arc<Subscribing>, begin: Begin, actor: Actor) -> Self {
        let (standing, last) = (app.standing(&actor), app.hub.last_seq());
        let reading = Some(rights(&app, &actor));
        let shared = begin != Begin::Unclear;
        let (alone, joined) = (None, None);
        let mut subscriber = Self { engine, app, subscribing, shared, actor, standing, reading, last, alone, joined, over: false };
        match begin {
            Begin::At(after) => subscriber.join(after),
            Begin::Unclear => subscriber.go_alone(None, None),
        }
        subscriber
    }

    /// Whether the rights are known, as far as can be said now.
    fn poll_rights(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.standing.poll_changed(context) {
            self.reading = Some(rights(&self.app, &self.actor));
        }
        let Some(reading) = &mut self.reading else { return Poll::Ready(()) };
        let actor = ready!(reading.poll_unpin(context));
        self.reading = None;
        match actor {
            Some(actor) => self.act_as(actor),
            None => self.over = true,
        }
        Poll::Ready(())
    }

    /// With other rights the stream goes on as that audience's, from the same place.
    fn act_as(&mut self, actor: Actor) {
        let same = self.subscribing.audience(&actor) == self.subscribing.audience(&self.actor);
        self.actor = actor;
        match (same, self.shared) {
            (true, _) => {}
            (false, true) => self.join(Some(self.last)),
            (false, false) => self.go_alone(Some(self.last), None),
        }
    }

    /// The next message, told before or not.
    fn poll_message(&mut self, context: &mut Context<'_>) -> Poll<Option<Arc<Message>>> {
        loop {
            if let Some((alone, until)) = &mut self.alone {
                match ready!(alone.poll_next_unpin(context)) {
                    Some(message) => return Poll::Ready(Some(Arc::new(message))),
                    None => {
                        self.last = self.last.max(until.unwrap_or(self.last));
                        self.alone = None;
                    }
                }
            }
            let Some(joined) = &mut self.joined else { return Poll::Ready(None) };
            match ready!(joined.poll(context)) {
                Ok(message) if self.standing.has_changed() => {
                    // A right that was lost before this event must hold it back.
                    joined.put_back();
                    self.reading = Some(rights(&self.app, &self.actor));
                    drop(message);
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Ok(message) => return Poll::Ready(Some(message)),
                Err(Ended::Behind) => {
                    self.engine.streams().overflowed();
                    self.join(Some(self.last));
                }
                Err(Ended::Over) => return Poll::Ready(None),
            }
        }
    }

    /// Joins the group of its audience; what it missed comes first.
    fn join(&mut self, after: Option<i64>) {
        let audience = self.subscribing.audience(&self.actor);
        let (joined, within) = self.engine.streams().join(&self.engine, &self.app, &self.subscribing, &audience, after);
        // Read after the place was taken: what is numbered later comes through it.
        let now = self.app.hub.last_seq();
        self.joined = Some(joined);
        self.alone = None;
        self.last = after.unwrap_or(now);
        if after.is_some() && !within {
            self.go_alone(after, Some(now));
        }
    }

    fn go_alone(&mut self, after: Option<i64>, until: Option<i64>) {
        let span = after.map(|after| Span { after: Some(after), until });
        let messages = self.subscribing.messages(self.engine.clone(), &self.subscribing.audience(&self.actor), span);
        self.alone = Some((messages, until));
    }
}

impl Stream for Subscriber {
    type Item = Arc<Message>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Arc<Message>>> {
        let this = self.get_mut();
        loop {
            ready!(this.poll_rights(context));
            if this.over {
                return Poll::Ready(None);
            }
            let Some(message) = ready!(this.poll_message(context)) else { return Poll::Ready(None) };
            if message.failed {
                this.over = true;
            } else if message.seq <= this.last && message.at.is_some() {
                continue;
            } else {
                // What is no event says where to go on from, and that may lie before a cursor that never was.
                this.last = message.seq;
            }
            return Poll::Ready(Some(message));
        }
    }
}

/// The actor with the rights of this moment, none when it has none left; asks until the database answers.
fn rights(app: &App, actor: &Actor) -> BoxFuture<'static, Option<Actor>> {
    let (app, actor) = (app.clone(), actor.clone());
    async move {
        loop {
            match app.refresh_actor(&actor).await {
                Ok(actor) => return actor,
                Err(error) => tracing::debug!(%error, "a subscriber's rights could not be read"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    .boxed()
}
