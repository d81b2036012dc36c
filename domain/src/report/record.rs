//! What reports need to remember of a registration although its status moves on: the verdict when it came in, and what the
//! vendor decided. An expired registration was approved once; a withdrawn one may have been.

use serde::{Deserialize, Serialize};

use crate::deal::Decision;
use crate::deal::verdict::VerdictOutcome;
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
}

impl Record {
    /// The record of an imported deal: approved elsewhere.
    pub fn imported() -> Self {
        Self { decided: Some(Decided::Approved), ..Self::default() }
    }

    /// Keeps a decision. What was approved once stays so: a later rejection ends it without undoing that.
    pub fn keep(&mut self, approved: bool) {
        self.decided = if approved { Some(Decided::Approved) } else { self.decided.or(Some(Decided::Rejected)) };
    }

    /// Takes back the decisions among `undone`; `kept` are the events before them. Both newest first.
    pub fn take_back(&mut self, undone: &[Event], kept: &[Event]) {
        if undone.iter().all(|e| approves(e).is_none()) {
            return;
        }
        self.decided = None;
        for approved in kept.iter().rev().filter_map(approves) {
            self.keep(approved);
        }
    }
}

fn approves(event: &Event) -> Option<bool> {
    match event.kind {
        EventKind::DealApproved => Some(true),
        EventKind::DealRejected => Some(false),
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

    #[test]
    fn what_was_approved_once_stays_so() {
        let mut record = Record::default();
        record.keep(false);
        assert_eq!(record.decided, Some(Decided::Rejected));
        record.keep(true);
        record.keep(false);
        assert_eq!(record.decided, Some(Decided::Approved));
        assert_eq!(Record::imported().decided, Some(Decided::Approved));
    }
}
