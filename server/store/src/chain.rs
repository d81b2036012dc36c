//! The chain of hashes over the numbered events: each link holds the one before, the number and the whole event, so that
//! nothing can be changed, taken out, put in or moved without every later link being wrong. Pure; see `docs/adr/0009`.

use bson::{Bson, Document};
use sha2::{Digest, Sha256};

/// The link before the first one.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// What is hashed first, so that another way of encoding can be told apart.
const VERSION: &[u8] = b"entente event chain 1\n";
/// Fields that come after the event was written and are no part of what it says.
const OUTSIDE: [&str; 3] = ["seq", "pending", "hash"];

/// The link of the event with that number: 64 hexadecimal digits.
pub(crate) fn link(before: &str, seq: i64, event: &Document) -> String {
    let mut bytes = Vec::with_capacity(512);
    document(&mut bytes, event.iter().filter(|(name, _)| !OUTSIDE.contains(&name.as_str())));
    let mut hash = Sha256::new();
    hash.update(VERSION);
    hash.update(before.as_bytes());
    hash.update(seq.to_be_bytes());
    hash.update(&bytes);
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
        }
        text
    })
}

/// The fields by name, each with its length before it: one way to write what says the same, whatever its order was.
fn document<'a>(out: &mut Vec<u8>, fields: impl Iterator<Item = (&'a String, &'a Bson)>) {
    let mut fields: Vec<_> = fields.collect();
    fields.sort_by_key(|(name, _)| name.as_str());
    length(out, fields.len());
    for (name, value) in fields {
        text(out, name);
        self::value(out, value);
    }
}

fn value(out: &mut Vec<u8>, value: &Bson) {
    match value {
        Bson::Null => out.push(b'0'),
        Bson::Boolean(yes) => out.extend([b'b', u8::from(*yes)]),
        // A number is the number that it is, however wide it was stored.
        Bson::Int32(n) => integer(out, i64::from(*n)),
        Bson::Int64(n) => integer(out, *n),
        Bson::String(s) => {
            out.push(b's');
            text(out, s);
        }
        Bson::DateTime(at) => {
            out.push(b't');
            out.extend(at.timestamp_millis().to_be_bytes());
        }
        Bson::Array(items) => {
            out.push(b'a');
            length(out, items.len());
            for item in items {
                self::value(out, item);
            }
        }
        Bson::Document(fields) => {
            out.push(b'd');
            document(out, fields.iter());
        }
        other => {
            out.push(b'x');
            text(out, &other.clone().into_canonical_extjson().to_string());
        }
    }
}

fn integer(out: &mut Vec<u8>, n: i64) {
    out.push(b'i');
    out.extend(n.to_be_bytes());
}

fn text(out: &mut Vec<u8>, text: &str) {
    length(out, text.len());
    out.extend(text.as_bytes());
}

fn length(out: &mut Vec<u8>, length: usize) {
    out.extend((length as u64).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use bson::doc;

    use super::*;

    #[test]
    fn a_link_depends_on_all_that_is_said_and_on_nothing_else() {
        let event = doc! { "_id": "event_1", "kind": "X", "changes": [{ "field": "a", "before": null, "after": "b" }], "subject": { "id": "d", "version": 3 } };
        let first = link(GENESIS, 1, &event);
        // Computed by another program, too.
        assert_eq!(first, "f5221f72b2d1696be9ee929f0645db6cca61d3e5a3fe4db9fcf536b166b6b8a5");
        let other_order = doc! { "subject": { "version": 3_i64, "id": "d" }, "changes": [{ "after": "b", "before": null, "field": "a" }], "kind": "X", "_id": "event_1" };
        assert_eq!(link(GENESIS, 1, &other_order), first, "order and width of numbers do not matter");
        let numbered = doc! { "_id": "event_1", "kind": "X", "changes": [{ "field": "a", "before": null, "after": "b" }],
        "subject": { "id": "d", "version": 3 }, "seq": 1_i64, "hash": &first };
        assert_eq!(link(GENESIS, 1, &numbered), first);
        let mut changed = event.clone();
        changed.insert("text", "late");
        for (before, seq, event) in [(first.as_str(), 1, &event), (GENESIS, 2, &event), (GENESIS, 1, &changed)] {
            assert_ne!(link(before, seq, event), first);
        }
    }

    #[test]
    fn texts_cannot_flow_into_one_another() {
        assert_ne!(link(GENESIS, 1, &doc! { "a": "bc" }), link(GENESIS, 1, &doc! { "ab": "c" }));
        assert_ne!(link(GENESIS, 1, &doc! { "a": ["b", "c"] }), link(GENESIS, 1, &doc! { "a": ["bc"] }));
        assert_ne!(link(GENESIS, 1, &doc! { "a": "1" }), link(GENESIS, 1, &doc! { "a": 1 }));
        assert_ne!(link(GENESIS, 1, &doc! { "a": null }), link(GENESIS, 1, &doc! {}));
    }
}
