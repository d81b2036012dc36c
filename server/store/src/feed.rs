//! The change stream on events, kept open in a task of its own, which hands over what was committed in commit order.
//! A task, because reading a stream must not be broken off in the middle, while whoever waits for it may be.

use bson::{Timestamp as ClusterTime, doc};
use entente_domain::id::EventId;
use mongodb::change_stream::ChangeStream;
use mongodb::change_stream::event::{ChangeStreamEvent, ResumeToken};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::Store;
use crate::errors::is_history_lost;

/// How many events may wait between the task and the one who numbers them.
const BUFFER: usize = 1_000;

/// What comes out of the stream.
#[derive(Debug)]
pub(crate) enum Fed {
    /// An event was committed.
    Event {
        id: EventId,
        /// Where the stream goes on after it.
        token: ResumeToken,
        /// When it was committed, in the database's own time.
        committed: Option<ClusterTime>,
    },
    /// Nothing came for a while; the stream would go on from here.
    Quiet(ResumeToken),
    /// The stream cannot go on from where it was: what lies between has to be found by other means.
    HistoryLost,
    /// The stream broke; it can be opened again where it was.
    Broken(mongodb::error::Error),
}

#[derive(Debug, Deserialize)]
struct Inserted {
    #[serde(rename = "_id")]
    id: EventId,
}

/// An open stream; closed when dropped.
#[derive(Debug)]
pub(crate) struct Feed {
    pub queue: mpsc::Receiver<Fed>,
    /// Where the stream begins.
    pub start: Option<ResumeToken>,
    task: JoinHandle<()>,
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Feed {
    /// Opens the stream after `token`, or from now on. A token that leads nowhere shows when the stream is opened or with
    /// what it hands over first.
    pub async fn open(store: &Store, token: Option<ResumeToken>) -> Result<Feed, mongodb::error::Error> {
        let inserts = doc! { "$match": { "operationType": "insert" } };
        let ids = doc! { "$project": { "_id": 1, "operationType": 1, "ns": 1, "clusterTime": 1, "fullDocument._id": 1 } };
        let events = store.event_docs().clone_with_type::<Inserted>();
        let stream = events.watch().pipeline([inserts, ids]).resume_after(token).await?;
        let start = stream.resume_token();
        let (sender, queue) = mpsc::channel(BUFFER);
        let task = tokio::spawn(pump(stream, sender));
        Ok(Feed { queue, start, task })
    }
}

async fn pump(mut stream: ChangeStream<ChangeStreamEvent<Inserted>>, sender: mpsc::Sender<Fed>) {
    loop {
        let fed = match stream.next_if_any().await {
            Ok(Some(change)) => match change.full_document {
                Some(inserted) => Fed::Event { id: inserted.id, token: change.id, committed: change.cluster_time },
                None => continue,
            },
            Ok(None) if !stream.is_alive() => Fed::HistoryLost,
            Ok(None) => match stream.resume_token() {
                Some(token) => Fed::Quiet(token),
                None => continue,
            },
            Err(e) if is_history_lost(&e) => Fed::HistoryLost,
            Err(e) => Fed::Broken(e),
        };
        let over = matches!(fed, Fed::HistoryLost | Fed::Broken(_));
        if sender.send(fed).await.is_err() || over {
            return;
        }
    }
}
