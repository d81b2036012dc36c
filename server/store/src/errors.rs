//! What can go wrong below every call, told apart by what a caller does about it, and how duplicates are recognised.

use mongodb::error::{Error, ErrorKind, WriteFailure};

/// A failure of the store itself. Lost races and taken names are ordinary results, never this.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is not primary or did not answer in time: worth another try later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A document does not have the shape that this version reads.
    #[error("a document does not decode: {0}")]
    Corrupt(String),
    /// Anything else: a mistake in this crate or a database that was changed by hand.
    #[error("the store failed: {0}")]
    Internal(String),
}

/// Codes by which a server says that it cannot serve now: stepping down, shutting down, out of time, session or transaction ended.
const UNAVAILABLE_CODES: [i32; 17] = [6, 7, 50, 64, 89, 91, 100, 189, 251, 262, 9001, 10058, 10107, 11600, 11601, 11602, 13435];
/// The code of a duplicate key.
const DUPLICATE_KEY: i32 = 11000;
/// Codes by which a change stream says that its token no longer leads anywhere.
const HISTORY_LOST_CODES: [i32; 3] = [260, 280, 286];

impl From<Error> for StoreError {
    fn from(e: Error) -> Self {
        let text = e.to_string();
        if e.contains_label("TransientTransactionError") || e.contains_label("RetryableWriteError") {
            return StoreError::Unavailable(text);
        }
        match e.kind.as_ref() {
            ErrorKind::Io(_)
            | ErrorKind::ServerSelection { .. }
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::Authentication { .. }
            | ErrorKind::DnsResolve { .. } => StoreError::Unavailable(text),
            ErrorKind::Command(c) if UNAVAILABLE_CODES.contains(&c.code) => StoreError::Unavailable(text),
            ErrorKind::Write(WriteFailure::WriteConcernError(_)) => StoreError::Unavailable(text),
            ErrorKind::Bson(_) | ErrorKind::BsonDeserialization(_) => StoreError::Corrupt(text),
            _ => StoreError::Internal(text),
        }
    }
}

impl From<bson::error::Error> for StoreError {
    fn from(e: bson::error::Error) -> Self {
        StoreError::Corrupt(e.to_string())
    }
}

/// A key that a unique index already holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DuplicateKey {
    /// Name of the index.
    pub index: String,
    /// Which of several documents, from 0; 0 for a single one.
    pub position: usize,
}

/// The duplicate key that the error is about; none for any other error.
pub(crate) fn duplicate_key(e: &Error) -> Option<DuplicateKey> {
    let (code, message, position) = match e.kind.as_ref() {
        ErrorKind::Write(WriteFailure::WriteError(w)) => (w.code, &w.message, 0),
        ErrorKind::InsertMany(many) => {
            let first = many.write_errors.as_ref()?.first()?;
            (first.code, &first.message, first.index)
        }
        ErrorKind::Command(c) => (c.code, &c.message, 0),
        _ => return None,
    };
    (code == DUPLICATE_KEY).then(|| DuplicateKey { index: index_name(message).to_owned(), position })
}

/// The index named in a server's message: `... collection: db.claims index: key dup key: { ...`.
fn index_name(message: &str) -> &str {
    let after = message.split_once(" index: ").map_or("", |(_, rest)| rest);
    after.split(' ').next().unwrap_or_default()
}

/// Whether a change stream cannot go on from where it was.
pub(crate) fn is_history_lost(e: &Error) -> bool {
    matches!(e.kind.as_ref(), ErrorKind::Command(c) if HISTORY_LOST_CODES.contains(&c.code))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_index_is_read_from_the_servers_message() {
        let message = "E11000 duplicate key error collection: d.claims index: key dup key: { customer_key: \"a index: b\" }";
        assert_eq!(super::index_name(message), "key");
        assert_eq!(super::index_name("something else"), "");
    }
}
