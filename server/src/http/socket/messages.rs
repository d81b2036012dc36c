//! The messages of `graphql-transport-ws`, as text.

use bytes::{Bytes, BytesMut};
use entente_graphql::seq_cursor;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::http::graphql::Params;
use crate::http::wire;

/// Why a socket ends: the code and a reason of at most 120 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Close {
    pub(crate) code: u16,
    pub(crate) reason: String,
}

impl Close {
    pub(crate) fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        let end = (0..=120.min(reason.len())).rev().find(|at| reason.is_char_boundary(*at)).unwrap_or(0);
        reason.truncate(end);
        Self { code, reason }
    }
}

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ClientMessage {
    /// Introduces itself; `payload.authorization` is its token.
    ConnectionInit {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Are you there?
    Ping {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// I am.
    Pong {},
    /// Runs an operation.
    Subscribe {
        /// The client's name for it.
        id: String,
        payload: Params,
    },
    /// Ends an operation.
    Complete { id: String },
}

pub(crate) fn acknowledgement() -> String {
    r#"{"type":"connection_ack"}"#.to_owned()
}

/// A pong that says where the live streams stand: a stream that begins there misses nothing of what is read from now on.
pub(crate) fn place(seq: i64) -> String {
    json!({ "type": "pong", "payload": { "liveCursor": seq_cursor(seq) } }).to_string()
}

pub(crate) fn pong(payload: Option<Map<String, Value>>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => r#"{"type":"pong"}"#.to_owned(),
    }
}

pub(crate) fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

/// A result, whose payload is JSON already.
pub(crate) fn next(id: &str, payload: &[u8]) -> Bytes {
    around(id, "next", payload)
}

/// The end of an operation that failed: the payload is the list of errors, as JSON.
pub(crate) fn error(id: &str, errors: &[u8]) -> Bytes {
    around(id, "error", errors)
}

fn around(id: &str, kind: &str, payload: &[u8]) -> Bytes {
    let head = format!(r#"{{"id":{},"type":"{kind}","payload":"#, Value::from(id));
    let mut message = BytesMut::with_capacity(head.len() + payload.len() + 1);
    message.extend_from_slice(head.as_bytes());
    message.extend_from_slice(payload);
    message.extend_from_slice(b"}");
    message.freeze()
}

/// The same for an error of the edge's own.
pub(crate) fn refusal(id: &str, code: &str, message: &str, request_id: &str) -> String {
    let errors = &wire::error_body(code, message, request_id)["errors"];
    json!({ "id": id, "type": "error", "payload": errors }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_cut_at_a_whole_letter() {
        let close = Close::new(4400, "ä".repeat(100));
        assert_eq!(close.reason, "ä".repeat(60));
        assert_eq!(Close::new(1000, "").reason, "");
    }

    #[test]
    fn messages_are_understood_or_not() {
        let parse = |text| serde_json::from_str::<ClientMessage>(text);
        assert!(matches!(parse(r#"{"type":"connection_init"}"#), Ok(ClientMessage::ConnectionInit { payload: None })));
        assert!(matches!(parse(r#"{"type":"pong","payload":{"a":1}}"#), Ok(ClientMessage::Pong {})));
        assert!(matches!(parse(r#"{"id":"1","type":"subscribe","payload":{"query":"{a}"}}"#), Ok(ClientMessage::Subscribe { .. })));
        for wrong in [r#"{"type":"start"}"#, r#"{"type":"connection_init","payload":"x"}"#, r#"{"type":"subscribe","payload":{"query":"{a}"}}"#, "[]"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ids_are_escaped() {
        let value: Value = serde_json::from_slice(&next("a\"b", br#"{"data":null}"#)).unwrap();
        assert_eq!(value, json!({ "id": "a\"b", "type": "next", "payload": { "data": null } }));
    }
}
