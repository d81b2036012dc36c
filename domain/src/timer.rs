//! Timers: what is due when. A row of its own in the store for each, so that any number of servers can run and any can die;
//! which timers a thing has follows from its state alone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What happens when a timer is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TimerKind {
    /// A deal's protection ends.
    ProtectionEnd,
}

impl TimerKind {
    /// The kinds whose subject is a deal; what a deal has of them is [`crate::deal::Deal::timers`].
    pub const OF_DEALS: [TimerKind; 1] = [Self::ProtectionEnd];

    /// The name under which a timer of this kind is stored, before the id of its subject.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ProtectionEnd => "protection",
        }
    }
}

/// A timer that something has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// What is due.
    pub kind: TimerKind,
    /// When.
    pub at: Timestamp,
}
