//! Deciding on a registration: approve, reject, ask, answer, withdraw.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::claim::{Claim, ClaimKey};
use super::{Cause, Deal, DealAction, DealError, Decision, RegistrationStatus, change, check, next, optional_text, required_text};
use super::{deadline, protection};
use crate::event::EventKind;
use crate::policy::Actor;
use crate::program::Program;
use crate::routing::steps;
use crate::rules::terms::Terms;
use crate::text::NOTE_MAX;

/// Moves the registration on and says so.
pub(super) fn decided(deal: &Deal, mut after: Deal, kind: EventKind, text: Option<String>, cause: &Cause) -> Decision {
    after.version = deal.version + 1;
    after.updated_at = cause.now;
    let missed = if after.status.awaits_vendor() { None } else { deadline::stop(&mut after, cause) };
    let status = change("status", Some(deal.status.name().into()), Some(after.status.name().into()));
    let changes = status.into_iter().chain(protection::end_change(deal, &after)).collect();
    let second;
    let cause = if missed.is_none() {
        cause
    } else {
        second = cause.second();
        &second
    };
    let event = cause.event(&after, kind, text, changes);
    let events = missed.into_iter().chain([event]).collect();
    Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: false, events }
}

/// Approves: the deal takes its claims and is protected for the program's days from now.
pub fn approve(
    deal: &Deal,
    actor: &Actor,
    expected_version: i32,
    note: Option<&str>,
    program: &Program,
    cause: Cause,
) -> Result<Decision, DealError> {
    check(deal, actor, DealAction::Approve, Some(expected_version))?;
    let note = optional_text("note", note, NOTE_MAX)?;
    if let Some(handed_on) = steps::approve_step(deal, actor, note.as_deref(), &cause)? {
        return Ok(handed_on);
    }
    if let Some(minimum) = program.rules.evidence.to_approve() {
        let score = program.rules.evidence.score(&deal.evidence);
        if score < minimum {
            return Err(DealError::EvidenceTooLittle { score, minimum });
        }
    }
    let until = protection_end(program, deal.judged.terms, cause.now)?;
    let mut after = next(deal, cause.now);
    after.status = RegistrationStatus::Approved;
    deadline::answer(&mut after, true, cause.now);
    after.decided_at = Some(cause.now);
    after.decision_reason = note.clone();
    protection::begin(&mut after, &program.rules.protection, until, cause.now);
    after.route.decide(true, &cause);
    let take = claims(&after, until);
    let mut decision = decided(deal, after, EventKind::DealApproved, note, &cause);
    decision.take = take;
    Ok(decision)
}

/// When protection that begins now ends, by the deal's own terms or else the program's default.
pub fn protection_end(program: &Program, terms: Option<Terms>, now: Timestamp) -> Result<Timestamp, DealError> {
    let days = terms.map_or(program.rules.protection_days, |t| t.protection_days);
    now.checked_add(SignedDuration::from_hours(24 * days)).map_err(|_| DealError::Calendar)
}

/// The claims that the deal holds when it is protected until then.
pub fn claims(deal: &Deal, protected_until: Timestamp) -> Vec<Claim> {
    let Some(customer) = &deal.customer else { return Vec::new() };
    deal.all_products()
        .map(|p| ClaimKey { customer_key: customer.key.clone(), product_id: p.clone() })
        .map(|key| Claim { key, name_key: customer.name_key.clone(), deal_id: deal.id.clone(), partner_id: deal.partner_id.clone(), protected_until })
        .collect()
}

/// Rejects with a reason.
pub fn reject(deal: &Deal, actor: &Actor, expected_version: i32, reason: &str, cause: Cause) -> Result<Decision, DealError> {
    check(deal, actor, DealAction::Reject, Some(expected_version))?;
    let reason = required_text("reason", reason)?;
    steps::check_turn(deal, actor, &cause)?;
    let mut after = closed(deal, RegistrationStatus::Rejected, Some(reason.clone()), &cause);
    deadline::answer(&mut after, false, cause.now);
    after.route.decide(false, &cause);
    Ok(decided(deal, after, EventKind::DealRejected, Some(reason), &cause))
}

/// Asks the partner; the vendor's clock stands still until the answer.
pub fn request_info(
    deal: &Deal,
    actor: &Actor,
    expected_version: i32,
    question: &str,
    program: &Program,
    zone: &TimeZone,
    cause: Cause,
) -> Result<Decision, DealError> {
    check(deal, actor, DealAction::RequestInfo, Some(expected_version))?;
    let question = required_text("question", question)?;
    steps::check_turn(deal, actor, &cause)?;
    let left = match deal.decision_due_at {
        Some(due) => program.calendar.minutes_between(zone, cause.now, due).map_err(|_| DealError::Calendar)?,
        None => 0,
    };
    let mut after = next(deal, cause.now);
    after.status = RegistrationStatus::InfoRequested;
    after.paused_minutes = Some(left);
    after.open_question = Some(question.clone());
    Ok(decided(deal, after, EventKind::DealInfoRequested, Some(question), &cause))
}

/// Answers; the vendor's clock goes on with what was left.
pub fn provide_info(
    deal: &Deal,
    actor: &Actor,
    expected_version: i32,
    answer: &str,
    program: &Program,
    zone: &TimeZone,
    cause: Cause,
) -> Result<Decision, DealError> {
    check(deal, actor, DealAction::ProvideInfo, Some(expected_version))?;
    let answer = required_text("answer", answer)?;
    let mut after = next(deal, cause.now);
    after.status = RegistrationStatus::InReview;
    deadline::start(&mut after, program, zone, cause.now, deal.paused_minutes.unwrap_or_default())?;
    after.open_question = None;
    Ok(decided(deal, after, EventKind::DealInfoProvided, Some(answer), &cause))
}

/// Takes the registration back; what it held is free.
pub fn withdraw(deal: &Deal, actor: &Actor, expected_version: i32, reason: Option<&str>, cause: Cause) -> Result<Decision, DealError> {
    check(deal, actor, DealAction::Withdraw, Some(expected_version))?;
    let reason = optional_text("reason", reason, NOTE_MAX)?;
    let after = closed(deal, RegistrationStatus::Withdrawn, reason.clone(), &cause);
    let mut decision = decided(deal, after, EventKind::DealWithdrawn, reason, &cause);
    decision.release_claims = true;
    Ok(decision)
}

/// A copy whose registration is over: no question, no protection. The vendor's clock, where it runs, is stopped by [`decided`].
pub(super) fn closed(deal: &Deal, status: RegistrationStatus, reason: Option<String>, cause: &Cause) -> Deal {
    let mut after = next(deal, cause.now);
    after.status = status;
    after.paused_minutes = None;
    after.open_question = None;
    after.protected_until = None;
    after.protection.end();
    after.decided_at = Some(cause.now);
    after.decision_reason = reason;
    after
}
