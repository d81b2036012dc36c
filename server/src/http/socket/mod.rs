//! The WebSocket: `graphql-transport-ws` to the letter, one task per socket and no queue that grows.
//!
//! A client that does not read, does not answer pings or does not introduce itself in time is let go; it resumes.

mod messages;
mod operations;
mod session;
mod upgrade;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use poem::http::{StatusCode, header};
use poem::{Request, Response};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};

use super::metrics::Counted;
use super::{Edge, request};
use messages::Close;
use session::{Origin, Session};
use upgrade::Stream;

/// How long a client may take to read one message.
const WRITE_LIMIT: Duration = Duration::from_secs(5);
/// How long a client that did not is given to hear why it is let go.
const LAST_WORD: Duration = Duration::from_secs(3);
/// A client is asked this often whether it is there, and its token looked at again.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A client that was silent for so long has gone.
const SILENCE_LIMIT: Duration = Duration::from_secs(50);
/// Most messages that are written at once.
const TOGETHER: usize = 32;
/// How long mutations under way may take to finish once the server stops.
const DRAIN: Duration = Duration::from_secs(5);

/// Answers the request for a WebSocket.
pub(crate) fn upgrade(edge: Arc<Edge>, request: &Request) -> Response {
    if *edge.stopping.borrow() {
        return Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).finish();
    }
    let Some(place) = edge.admission.socket_from(request::client_ip(&edge, request)) else {
        edge.limited("sockets");
        return Response::builder().status(StatusCode::TOO_MANY_REQUESTS).header(header::RETRY_AFTER, "30").finish();
    };
    let origin = Origin { request_id: request::request_id(request), client_ip: request::client_ip(&edge, request) };
    upgrade::accept(request, async move |mut stream, spoken| {
        let _open = (Counted::new(&edge.metrics.sockets), place);
        let close = if spoken { serve(&edge, &mut stream, origin).await } else { refuse(&mut stream).await };
        edge.metrics.socket_closed(close.code);
        tracing::debug!(code = close.code, reason = %close.reason, "a socket was closed");
    })
}

async fn refuse(stream: &mut Stream) -> Close {
    let close = Close::new(4406, "Subprotocol not acceptable");
    end(stream, &close, LAST_WORD).await;
    close
}

/// Serves the socket until one side closes it.
async fn serve(edge: &Arc<Edge>, stream: &mut Stream, origin: Origin) -> Close {
    let mut session = Session::new(edge.clone(), origin);
    let mut heard = Instant::now();
    let mut stop = pin!(stopped(edge.stopping.clone()));
    let mut timer = pin!(sleep_until(heard + edge.options.socket_init));
    let mut stopping = false;
    let close = loop {
        if stopping && !session.owes_answers() {
            break Close::new(1012, "Service restart");
        }
        let outgoing = tokio::select! {
            biased;
            () = &mut stop, if !stopping => {
                stopping = true;
                timer.as_mut().reset(Instant::now() + DRAIN);
                continue;
            }
            () = &mut timer => {
                if stopping {
                    break Close::new(1012, "Service restart");
                }
                timer.as_mut().reset(Instant::now() + PING_EVERY);
                if !session.is_acknowledged() {
                    break Close::new(4408, "Connection initialisation timeout");
                }
                if heard.elapsed() > SILENCE_LIMIT {
                    return Close::new(1001, "The client is silent");
                }
                Box::pin(session.check()).await.map(|()| Some(Message::Ping(Bytes::new())))
            }
            said = poll_fn(|context| session.poll_said(context)) => session.say(said).await,
            frame = stream.next() => {
                heard = Instant::now();
                match frame {
                    Some(Ok(Message::Text(text))) => {
                        let before = session.is_acknowledged();
                        let answer = Box::pin(session.hear(&text)).await;
                        if !before && session.is_acknowledged() && !stopping {
                            timer.as_mut().reset(Instant::now() + PING_EVERY);
                        }
                        answer
                    }
                    Some(Ok(Message::Binary(_))) => break Close::new(4400, "Messages are text"),
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                    Some(Ok(Message::Close(_))) => {
                        // The answer to it lies ready and has to be sent, or the client takes the connection for broken.
                        let _ = timeout(LAST_WORD, stream.flush()).await;
                        return Close::new(1000, "The client closed");
                    }
                    None => return Close::new(1000, "The client closed"),
                    Some(Err(error)) => match unreadable(&error) {
                        Some(close) => break close,
                        None => return Close::new(1006, "The connection broke"),
                    },
                }
            }
        };
        match outgoing {
            Ok(None) => {}
            Ok(Some(message)) => match timeout(WRITE_LIMIT, send(&mut session, stream, message)).await {
                Ok(Ok(())) => {}
                Ok(Err(Some(close))) => break close,
                Ok(Err(None)) => return Close::new(1006, "The connection broke"),
                Err(_) => {
                    let close = Close::new(1013, "The client does not read; come back and resume");
                    drop(session);
                    Box::pin(end(stream, &close, LAST_WORD)).await;
                    return close;
                }
            },
            Err(close) => break close,
        }
    };
    // Its operations end and its place is free before the client hears of it, and may come back.
    drop(session);
    Box::pin(end(stream, &close, Duration::from_secs(1))).await;
    close
}

/// Sends the message, and with it what else is ready to be said. An error is why the socket ends; none when the connection broke.
async fn send(session: &mut Session, stream: &mut Stream, message: Message) -> Result<(), Option<Close>> {
    stream.feed(message).await.map_err(|_| None)?;
    for _ in 1..TOGETHER {
        let Poll::Ready(said) = futures::poll!(poll_fn(|context| session.poll_said(context))) else { break };
        if let Some(message) = session.say(said).await.map_err(Some)? {
            stream.feed(message).await.map_err(|_| None)?;
        }
    }
    stream.flush().await.map_err(|_| None)
}

/// What to say to a client whose frames cannot be read; none when there is nobody to say it to.
fn unreadable(error: &Error) -> Option<Close> {
    match error {
        Error::Capacity(_) => Some(Close::new(1009, "A message has at most 256 kB")),
        Error::Utf8(_) => Some(Close::new(1007, "Messages are UTF-8")),
        Error::Protocol(_) => Some(Close::new(1002, "These frames break the WebSocket protocol")),
        _ => None,
    }
}

/// Returns when the server stops.
async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Says why, after what is still on its way, and waits a moment for the other side to say the same.
async fn end(stream: &mut Stream, close: &Close, limit: Duration) {
    let frame = CloseFrame { code: CloseCode::from(close.code), reason: close.reason.as_str().into() };
    let _ = timeout(limit, async {
        stream.send(Message::Close(Some(frame))).await.ok()?;
        while let Some(Ok(_)) = stream.next().await {}
        Some(())
    })
    .await;
}
