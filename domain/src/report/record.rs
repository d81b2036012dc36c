//! What reports need to remember of a registration although its status moves on: the verdict when it came in, and what the
//! vendor decided and when. An expired registration was approved once; a withdrawn one may have been.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::deal::verdict::VerdictOutcome;
use crate::deal::{Decision, RegistrationStatus};
use crate::event::{Event, EventKind};

/// What the vendor decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Decided {
    /// It was approved, at once or after a rejection that did not stand.
    Approved,
    /// It was rejected.
    Rejected,
}

/// A registration on the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Record {
    /// The verdict when it was registered; none for what was not registered here.
    pub verdict_outcome: Option<VerdictOutcome>,
    /// What the vendor decided; none while it is open, or when it was taken back before. An imported deal counts as approved.
    pub decided: Option<Decided>,
    /// When the vendor decided first; none for an imported deal.
    pub decided_at: Option<Timestamp>,
}

impl Record {
    /// The record of an imported deal: approved elsewhere, nobody knows when.
    pub fn imported() -> Self {
        Self { decided: Some(Decided::Approved), ..Self::default() }
    }

    /// Keeps a decision. A rejection after an approval (a claim that was lost) leaves it approved once; the first moment stays.
    pub fn keep(&mut self, status: RegistrationStatus, now: Timestamp) {
        match status {
            RegistrationStatus::Approved => self.decided = Some(Decided::Approved),
            RegistrationStatus::Rejected => self.decided = self.decided.or(Some(Decided::Rejected)),
            _ => return,
        }
        self.decided_at = self.decided_at.or(Some(now));
    }

    /// Takes back the decisions among `undone`; `kept` are the events before them. Both newest first.
    pub fn take_back(&mut self, undone: &[Event], kept: &[Event]) {
        if undone.iter().all(|e| of(e).is_none()) {
            return;
        }
        (self.decided, self.decided_at) = (None, None);
        for event in kept.iter().rev() {
            if let Some(status) = of(event) {
                self.keep(status, event.occurred_at);
            }
        }
    }
}

fn of(event: &Event) -> Option<RegistrationStatus> {
    match event.kind {
        EventKind::DealApproved => Some(RegistrationStatus::Approved),
        EventKind::DealRejected => Some(RegistrationStatus::Rejected),
        _ => None,
    }
}

/// The decision that makes a deal, with the verdict under which it came in.
pub fn under(mut decision: Decision, outcome: VerdictOutcome) -> Decision {
    decision.deal.record.verdict_outcome = Some(outcome);
    decision
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_first_moment_and_an_approval_stay() {
        let mut record = Record::default();
        record.keep(RegistrationStatus::InfoRequested, at("2026-01-01T00:00:00Z"));
        assert_eq!(record, Record::default());
        record.keep(RegistrationStatus::Rejected, at("2026-01-02T00:00:00Z"));
        assert_eq!(record.decided, Some(Decided::Rejected));
        record.keep(RegistrationStatus::Approved, at("2026-01-03T00:00:00Z"));
        record.keep(RegistrationStatus::Rejected, at("2026-01-04T00:00:00Z"));
        assert_eq!((record.decided, record.decided_at), (Some(Decided::Approved), Some(at("2026-01-02T00:00:00Z"))));
    }

    #[test]
    fn an_imported_deal_counts_as_approved_without_a_time() {
        assert_eq!((Record::imported().decided, Record::imported().decided_at), (Some(Decided::Approved), None));
    }
}
