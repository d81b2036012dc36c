//! What can go wrong in a use case: a refusal that the caller can mend, or a failure that it cannot.

use entente_store::StoreError;

/// A failure that is not the caller's doing. Its text is for the log, never for the wire.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A part that we need does not answer; the same call may succeed later.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The caller sent what cannot be understood; the text names the argument and the rule.
    #[error("{0}")]
    BadRequest(String),
    /// The caller's role may not do this at all.
    #[error("forbidden")]
    Forbidden,
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

impl From<StoreError> for AppError {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::Unavailable(text) => Self::Unavailable(text),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl AppError {
    /// A fault of ours, from whatever was in the way.
    pub fn internal(e: impl std::fmt::Display) -> Self {
        Self::Internal(e.to_string())
    }
}

/// How a use case that changes something ends when it does not succeed.
#[derive(Debug)]
pub enum Refused<E> {
    /// The caller can mend this; nothing was written.
    Refused(E),
    /// See [`AppError`].
    Failed(AppError),
}

impl<E> From<AppError> for Refused<E> {
    fn from(e: AppError) -> Self {
        Self::Failed(e)
    }
}

impl<E> From<StoreError> for Refused<E> {
    fn from(e: StoreError) -> Self {
        Self::Failed(e.into())
    }
}
