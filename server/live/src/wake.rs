//! The line to Redis: tells other servers the last number given, and hears it from them.
//!
//! Nobody waits for this task; while Redis is away it tries again and the reader polls instead.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use redis::aio::{MultiplexedConnection, PubSubSink, PubSubStream};
use redis::{Client, RedisError};
use tokio::sync::watch;
use tokio::time::{error::Elapsed, sleep, timeout};

use crate::status::RelayStatus;

const CONNECT_LIMIT: Duration = Duration::from_secs(2);
const ANSWER_LIMIT: Duration = Duration::from_millis(500);
/// How often the line is tried when it is silent: a stalled Redis closes nothing.
const PING_EVERY: Duration = Duration::from_secs(1);
const RETRY: [Duration; 4] = [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(500), Duration::from_secs(1)];

#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error("no answer in time")]
    Late(#[from] Elapsed),
    #[error("{0}")]
    Redis(#[from] RedisError),
    #[error("the connection was closed")]
    Closed,
}

struct Line {
    publish: MultiplexedConnection,
    sink: PubSubSink,
    stream: PubSubStream,
}

/// Keeps the line open until the task is dropped.
pub(crate) async fn run(url: String, channel: String, status: Arc<RelayStatus>, news: watch::Receiver<i64>) {
    let client = match Client::open(url) {
        Ok(client) => client,
        Err(error) => {
            tracing::error!(%error, "REDIS_URL is no address of a Redis; changes arrive by polling only");
            return;
        }
    };
    let mut attempts = 0;
    loop {
        let lost = match timeout(CONNECT_LIMIT, open(&client, &channel)).await.map_err(Lost::from).flatten() {
            Ok(line) => {
                attempts = 0;
                status.set_redis(true);
                tracing::info!("connected to Redis");
                hold(line, &channel, &status, news.clone()).await
            }
            Err(lost) => lost,
        };
        if status.set_redis(false) || attempts == 0 {
            tracing::warn!(error = %lost, "Redis is away; changes arrive by polling until it is back");
        }
        sleep(RETRY[attempts.min(RETRY.len() - 1)]).await;
        attempts += 1;
    }
}

async fn open(client: &Client, channel: &str) -> Result<Line, Lost> {
    let publish = client.get_multiplexed_async_connection().await?;
    let (mut sink, stream) = client.get_async_pubsub().await?.split();
    sink.subscribe(channel).await?;
    Ok(Line { publish, sink, stream })
}

async fn hold(line: Line, channel: &str, status: &RelayStatus, news: watch::Receiver<i64>) -> Lost {
    tokio::select! {
        lost = tell(line.publish, channel, news) => lost,
        lost = listen(line.stream, status) => lost,
        lost = ping(line.sink) => lost,
    }
}

async fn tell(mut publish: MultiplexedConnection, channel: &str, mut news: watch::Receiver<i64>) -> Lost {
    while news.changed().await.is_ok() {
        let seq = *news.borrow_and_update();
        let mut command = redis::cmd("PUBLISH");
        command.arg(channel).arg(seq);
        let sent = timeout(ANSWER_LIMIT, command.query_async::<()>(&mut publish)).await;
        if let Err(lost) = sent.map_err(Lost::from).and_then(|sent| sent.map_err(Lost::from)) {
            return lost;
        }
    }
    // The numbering has ended; the server is stopping.
    std::future::pending().await
}

async fn listen(mut stream: PubSubStream, status: &RelayStatus) -> Lost {
    while let Some(message) = stream.next().await {
        match message.get_payload::<i64>() {
            Ok(seq) => status.heard(seq),
            Err(error) => tracing::warn!(%error, "a message that is no number came through Redis"),
        }
    }
    Lost::Closed
}

async fn ping(mut sink: PubSubSink) -> Lost {
    loop {
        sleep(PING_EVERY).await;
        let answer = timeout(ANSWER_LIMIT, sink.ping::<redis::Value>()).await;
        if let Err(lost) = answer.map_err(Lost::from).and_then(|answer| answer.map_err(Lost::from)) {
            return lost;
        }
    }
}
