//! The browser's WebSocket as a queue of what it hears. Nothing is ever written to one that is not open, which the
//! console would complain about, and whoever drops it hears nothing any more.

use futures::{
    StreamExt,
    channel::mpsc::{UnboundedReceiver, unbounded},
};
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

const PROTOCOL: &str = "graphql-transport-ws";

/// What comes from the other side.
pub(crate) enum Heard {
    /// The connection stands.
    Open,
    /// A message; one that is no text is an empty one.
    Text(String),
    /// It is over, with the code of the close event.
    Closed(u16),
}

/// One connection; closed when dropped.
pub(crate) struct Wire {
    socket: WebSocket,
    heard: UnboundedReceiver<Heard>,
    // Dropped before the socket is: who is gone hears nothing.
    listeners: Vec<EventListener>,
}

impl Wire {
    /// Begins to connect to the server that the page came from. None when the browser refuses at once.
    pub(crate) fn open() -> Option<Self> {
        let socket = WebSocket::new_with_str(&address(), PROTOCOL).ok()?;
        let (tell, heard) = unbounded();
        let listener = |name: &'static str, read: fn(&web_sys::Event) -> Heard| {
            let tell = tell.clone();
            EventListener::new(&socket, name, move |event| {
                // The receiver lives as long as the listener.
                let _ = tell.unbounded_send(read(event));
            })
        };
        let listeners = vec![
            listener("open", |_| Heard::Open),
            listener("message", |event| Heard::Text(event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string()).unwrap_or_default())),
            listener("close", |event| Heard::Closed(event.dyn_ref::<CloseEvent>().map_or(1006, CloseEvent::code))),
        ];
        Some(Self { socket, heard, listeners })
    }

    /// Sends a message. False when the connection does not stand; its end is heard of then.
    pub(crate) fn send(&self, message: &str) -> bool {
        self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_str(message).is_ok()
    }

    /// What comes next. Safe to drop while waiting.
    pub(crate) async fn next(&mut self) -> Heard {
        self.heard.next().await.unwrap_or(Heard::Closed(1006))
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.listeners.clear();
        if self.socket.ready_state() < WebSocket::CLOSING {
            // 1000 is what a browser may always say.
            let _ = self.socket.close_with_code(1000);
        }
    }
}

fn address() -> String {
    let location = web_sys::window().map(|window| window.location());
    let host = location.as_ref().and_then(|location| location.host().ok()).unwrap_or_default();
    let secure = location.and_then(|location| location.protocol().ok()).is_some_and(|protocol| protocol == "https:");
    format!("{}://{host}/graphql", if secure { "wss" } else { "ws" })
}
