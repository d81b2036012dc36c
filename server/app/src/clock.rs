//! Time and randomness, handed into the domain as arguments. A test sets the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use entente_domain::Timestamp;
use ulid::Ulid;

/// Where the time comes from.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Milliseconds since the epoch, set by a test or by the loader of the demo program.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still until it is set.
    pub fn set_to(at: Timestamp) -> Self {
        Self::Set(Arc::new(AtomicI64::new(at.as_millisecond())))
    }

    /// Now, in whole milliseconds (what the store keeps).
    pub fn now(&self) -> Timestamp {
        let ms = match self {
            Self::System => Timestamp::now().as_millisecond(),
            Self::Set(ms) => ms.load(Ordering::Relaxed),
        };
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// A new ULID of that moment.
pub fn ulid_at(at: Timestamp) -> Ulid {
    Ulid::from_parts(u64::try_from(at.as_millisecond()).unwrap_or_default(), rand::random())
}

/// A ULID that is always the same for the same text: for records whose identity is their content.
pub fn ulid_of(text: &str) -> Ulid {
    let hash = blake3::hash(text.as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    Ulid::from_bytes(bytes)
}
