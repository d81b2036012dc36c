//! What kind of reason a rejection was given: a closed list, so that it can be counted and shown to everybody without a word of any
//! single deal.

use serde::{Deserialize, Serialize};

use crate::deal::deadline::REASON_CODE;
use crate::deal::{Decision, RegistrationStatus};
use crate::event::{EventKind, FieldChange};

/// What kind of reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RejectionReason {
    /// Another registration or a sale of the vendor's own stands in the way.
    AlreadyTaken,
    /// What the partner brought does not show that it works the deal.
    EvidenceMissing,
    /// A rule of the program is not met: product, territory, value.
    RuleNotMet,
    /// The customer does not fit, or wants no partner.
    CustomerUnsuitable,
    /// Something is wrong or missing in what was registered.
    Incomplete,
    /// Anything else; the words say what.
    Other,
}

impl RejectionReason {
    /// Every kind.
    pub const ALL: [RejectionReason; 6] =
        [Self::AlreadyTaken, Self::EvidenceMissing, Self::RuleNotMet, Self::CustomerUnsuitable, Self::Incomplete, Self::Other];

    /// The name on the wire and in events.
    pub fn name(self) -> &'static str {
        match self {
            Self::AlreadyTaken => "ALREADY_TAKEN",
            Self::EvidenceMissing => "EVIDENCE_MISSING",
            Self::RuleNotMet => "RULE_NOT_MET",
            Self::CustomerUnsuitable => "CUSTOMER_UNSUITABLE",
            Self::Incomplete => "INCOMPLETE",
            Self::Other => "OTHER",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }
}

/// The rejection with the kind of its reason; any other decision stays as it is.
pub fn with_reason(mut decision: Decision, reason: Option<RejectionReason>) -> Decision {
    if decision.deal.status != RegistrationStatus::Rejected {
        return decision;
    }
    decision.deal.deadline.reason = reason;
    let told = decision.events.iter_mut().find(|e| e.kind == EventKind::DealRejected);
    if let (Some(event), Some(reason)) = (told, reason) {
        event.changes.push(FieldChange { field: REASON_CODE.to_owned(), before: None, after: Some(reason.name().to_owned()) });
    }
    decision
}
