//! Approving several registrations at once: an answer for each of them.

use async_graphql::{ID, InputObject, Result, SimpleObject};
use entente_app::Refused;
use entente_app::routing::{BULK_MAX, BulkItem, BulkRefusal, Outcomes};

use crate::deal::{Deal, change_error};
use crate::problem::Problem;
use crate::user_error::{DealDecisionError, DealDecisionErrorCode as Code, UserError};

/// One of the registrations to approve.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DealsApproveItem {
    /// The deal.
    id: ID,
    /// The version that the decision is made on.
    expected_version: i32,
}

impl From<DealsApproveItem> for BulkItem {
    fn from(i: DealsApproveItem) -> Self {
        Self { id: i.id.0, expected_version: i.expected_version }
    }
}

/// What became of one of them.
#[derive(SimpleObject)]
pub(crate) struct DealsApproveResult {
    /// The deal that was asked for.
    id: ID,
    /// The deal after the approval; null when there are errors.
    deal: Option<Deal>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
    /// Whether the server failed here: whether this one is approved shows when it is read again.
    failed: bool,
}

/// What became of approving several registrations at once.
#[derive(SimpleObject)]
pub(crate) struct DealsApprovePayload {
    /// One for each registration, in the order in which they were listed; empty when there are errors.
    results: Vec<DealsApproveResult>,
    /// Why nothing was approved at all; empty when each registration was answered.
    errors: Vec<UserError>,
}

impl DealsApprovePayload {
    pub(super) fn of(done: Result<Outcomes, Refused<BulkRefusal>>) -> Result<Self, Problem> {
        let refusal = match done {
            Ok(outcomes) => return Ok(Self { results: outcomes.into_iter().map(result).collect(), errors: Vec::new() }),
            Err(Refused::Failed(error)) => return Err(error.into()),
            Err(Refused::Refused(refusal)) => refusal,
        };
        let error = match refusal {
            BulkRefusal::NotAllowed => {
                DealDecisionError::of(Code::NotAllowed, &[], "Your role does not allow this; ask an administrator of your company.")
            }
            BulkRefusal::TooMany => DealDecisionError::of(Code::TooLong, &["items"], format!("items must have at most {BULK_MAX} entries.")),
            BulkRefusal::Empty => DealDecisionError::of(Code::Required, &["items"], "items must have an entry."),
        };
        Ok(Self { results: Vec::new(), errors: vec![error] })
    }
}

fn result((id, done): (String, Result<entente_domain::deal::Deal, Refused<entente_domain::deal::DealError>>)) -> DealsApproveResult {
    let id = ID(id);
    match done {
        Ok(deal) => DealsApproveResult { id, deal: Some(Deal(deal)), errors: Vec::new(), failed: false },
        Err(refused) => match change_error(refused, None) {
            Ok(errors) => DealsApproveResult { id, deal: None, errors, failed: false },
            // The cause is in the log; the rows beside this one are answered.
            Err(_) => DealsApproveResult { id, deal: None, errors: Vec::new(), failed: true },
        },
    }
}
