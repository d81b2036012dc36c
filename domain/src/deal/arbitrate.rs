//! What the decision of a dispute does to deals: one gives up what it holds, the other one is approved. The arbiter's right is
//! looked at where the dispute is decided; here it is only whether the deals can follow.

use super::decide::{claims, closed, decided, protection_end};
use super::{Cause, Deal, DealError, Decision, RegistrationStatus, deadline, next, protection};
use crate::event::{EventKind, FieldChange};
use crate::program::{Program, StageCategory};

/// Whether an arbiter can approve the registration: it waits, or it was refused or ran out, and the sale goes on.
pub fn can_be_awarded(deal: &Deal) -> bool {
    use RegistrationStatus::{Expired, Rejected, Released};
    deal.stage_category == StageCategory::Open && (deal.status.is_pending() || matches!(deal.status, Rejected | Expired | Released))
}

/// Whether the deal holds, or waits for, what the other side wants.
pub fn can_give_up(deal: &Deal) -> bool {
    deal.is_open() && (deal.status.is_pending() || deal.status == RegistrationStatus::Approved)
}

/// The event of the change names the dispute.
fn named(mut decision: Decision, number: &str) -> Decision {
    if let Some(last) = decision.events.last_mut() {
        last.changes.push(FieldChange { field: "dispute".into(), before: None, after: Some(number.to_owned()) });
    }
    decision
}

/// Approves by the decision of a dispute, whatever the route or the evidence says: the deal takes its claims and is protected
/// from now.
pub fn award(deal: &Deal, number: &str, reason: &str, program: &Program, cause: &Cause) -> Result<Decision, DealError> {
    if !can_be_awarded(deal) {
        return Err(DealError::WrongStatus { status: deal.status.name() });
    }
    let until = protection_end(program, deal.judged.terms, cause.now)?;
    let mut after = next(deal, cause.now);
    after.status = RegistrationStatus::Approved;
    after.paused_minutes = None;
    after.open_question = None;
    after.decided_at = Some(cause.now);
    after.decision_reason = Some(reason.to_owned());
    if deal.status.is_pending() {
        deadline::answer(&mut after, true, cause.now);
        after.route.decide(true, cause);
    }
    protection::begin(&mut after, &program.rules.protection, until, cause.now);
    let take = claims(&after, until);
    let mut decision = named(decided(deal, after, EventKind::DealApproved, Some(reason.to_owned()), cause), number);
    decision.take = take;
    Ok(decision)
}

/// Ends a registration by the decision of a dispute: what it held is free.
pub fn give_up(deal: &Deal, number: &str, reason: &str, cause: &Cause) -> Result<Decision, DealError> {
    if !can_give_up(deal) {
        return Err(DealError::WrongStatus { status: deal.status.name() });
    }
    let mut after = closed(deal, RegistrationStatus::Rejected, Some(reason.to_owned()), cause);
    if deal.status.is_pending() {
        deadline::answer(&mut after, false, cause.now);
        after.route.decide(false, cause);
    }
    let mut decision = named(decided(deal, after, EventKind::DealRejected, Some(reason.to_owned()), cause), number);
    decision.release_claims = true;
    Ok(decision)
}

/// The deal of a registration that the verdict had kept out, approved by the decision of a dispute; `cause` is that of the
/// registration, which the approval follows.
pub fn award_new(registered: Decision, number: &str, reason: &str, program: &Program, cause: &Cause) -> Result<Decision, DealError> {
    let awarded = award(&registered.deal, number, reason, program, &cause.second())?;
    Ok(registered.then(awarded))
}
