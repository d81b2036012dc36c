//! What can go wrong below every call, told apart by what a caller does about it.

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
