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
    /// A deal's protection ends for want of activity.
    ProtectionInactive,
    /// A partner is reminded that a deal's protection ends.
    ProtectionReminder,
    /// A decision that the vendor owes comes to be at risk.
    DecisionWarning,
    /// The deadline of a decision passes.
    DecisionDeadline,
    /// A decision that is late goes to the next owner.
    DecisionEscalation,
    /// The time in which a partner has to answer to a lead ends.
    LeadWindow,
    /// The time in which a partner that took a lead has to be in touch ends.
    LeadFollowUp,
    /// The deadline of a dispute passes.
    DisputeDeadline,
    /// A person's digest of notifications is sent.
    NotificationDigest,
}

impl TimerKind {
    /// The kinds whose subject is a deal; what a deal has of them is [`crate::deal::Deal::timers`].
    pub const OF_DEALS: [TimerKind; 6] = [
        Self::ProtectionEnd,
        Self::ProtectionInactive,
        Self::ProtectionReminder,
        Self::DecisionWarning,
        Self::DecisionDeadline,
        Self::DecisionEscalation,
    ];

    /// The kinds whose subject is a lead; see [`crate::lead::Lead::timers`].
    pub const OF_LEADS: [TimerKind; 2] = [Self::LeadWindow, Self::LeadFollowUp];

    /// The kinds whose subject is a dispute; see [`crate::dispute::Dispute::timers`].
    pub const OF_DISPUTES: [TimerKind; 1] = [Self::DisputeDeadline];

    /// The name under which a timer of this kind is stored, before the id of its subject.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ProtectionEnd => "protection",
            Self::ProtectionInactive => "protection-inactive",
            Self::ProtectionReminder => "protection-reminder",
            Self::DecisionWarning => "decision-warning",
            Self::DecisionDeadline => "decision-deadline",
            Self::DecisionEscalation => "decision-escalation",
            Self::LeadWindow => "lead-window",
            Self::LeadFollowUp => "lead-follow-up",
            Self::DisputeDeadline => "dispute-deadline",
            Self::NotificationDigest => "notification-digest",
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
