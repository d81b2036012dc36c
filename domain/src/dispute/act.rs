//! What can be done with a dispute: open, say something, name who decides, decide, take back, miss the deadline.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{
    Arbiter, Audience, Contested, Dispute, DisputeDecision, DisputeError, DisputeStatus, FILES_MAX, Outcome, Party, Ruling, STATEMENTS_MAX, Side,
    Statement, TakenBack, arbiter,
};
use crate::customer::Customer;
use crate::deal::Cause;
use crate::deal::deadline::Fired;
use crate::deal::evidence::EvidenceFile;
use crate::deal::register::due_at;
use crate::event::{Event, EventKind, FieldChange, Subject, Visibility};
use crate::id::{DisputeId, ProductId};
use crate::policy::{Action, Actor, Resource, can, scope};
use crate::program::Program;
use crate::text::{NOTE_MAX, TextError, optional, required};
use crate::user::User;

/// Most characters of a statement or a reason.
pub const TEXT_MAX: usize = NOTE_MAX;

/// What a dispute is about, as it was found.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The program.
    pub program: &'a Program,
    /// Its calendar's time zone.
    pub zone: &'a TimeZone,
    /// Id of the new dispute.
    pub id: DisputeId,
    /// Number of the new dispute.
    pub number: String,
    /// Who complains.
    pub complainant: Party,
    /// Who stands in the way.
    pub respondent: Option<Party>,
    /// The customer.
    pub customer: Customer,
    /// The products.
    pub product_ids: Vec<ProductId>,
    /// What was asked for and kept out.
    pub contested: Option<Contested>,
}

fn words(field: &'static str, text: &str) -> Result<String, DisputeError> {
    required(text, TEXT_MAX).map_err(|e| match e {
        TextError::Empty => DisputeError::Required { field },
        TextError::TooLong { max } => DisputeError::TooLong { field, max },
    })
}

fn event(dispute: &Dispute, kind: EventKind, cause: &Cause, visibility: Visibility, text: Option<String>, changes: Vec<FieldChange>) -> Event {
    Event {
        id: cause.event_id.clone(),
        kind,
        subject: Subject::Dispute { id: dispute.id.clone(), version: dispute.version },
        occurred_at: cause.now,
        actor: cause.actor.clone(),
        visibility,
        text,
        changes,
    }
}

fn said(field: &str, after: String) -> FieldChange {
    FieldChange { field: field.to_owned(), before: None, after: Some(after) }
}

/// Opens a dispute; the first statement says why. Whoever calls has looked that there is something to dispute.
pub fn open(actor: &Actor, facts: Facts<'_>, why: &str, files: Vec<EvidenceFile>, cause: Cause) -> Result<DisputeDecision, DisputeError> {
    if !can(actor, Action::OpenDispute, Resource::OfPartner(&facts.complainant.partner_id)) {
        return Err(DisputeError::NotAllowed);
    }
    let text = words("statement", why)?;
    if files.len() > FILES_MAX {
        return Err(DisputeError::TooMany);
    }
    let hours = facts.program.rules.dispute.decision_hours;
    let due_at = due_at(facts.program, facts.zone, cause.now, hours * 60).map_err(|_| DisputeError::Calendar)?;
    let first =
        Statement { number: 1, side: Side::Complainant, audience: Audience::Complainant, by: cause.actor.clone(), at: cause.now, text, files };
    let dispute = Dispute {
        id: facts.id,
        number: facts.number,
        version: 1,
        status: DisputeStatus::Open,
        complainant: facts.complainant,
        respondent: facts.respondent,
        customer: facts.customer,
        product_ids: facts.product_ids,
        contested: facts.contested,
        opened_by: cause.actor.clone(),
        opened_at: cause.now,
        updated_at: cause.now,
        due_at,
        missed: None,
        arbiter: None,
        statements: vec![first],
        ruling: None,
        taken_back: None,
    };
    let event = event(&dispute, EventKind::DisputeOpened, &cause, Visibility::Shared, None, vec![said("dueAt", due_at.to_string())]);
    Ok(DisputeDecision { dispute, based_on: None, events: vec![event] })
}

/// Hidden first, then forbidden, then over, then stale.
fn admit(dispute: &Dispute, actor: &Actor, action: Action, expected_version: Option<i32>) -> Result<Side, DisputeError> {
    let side = dispute.side_of(&scope(actor, Action::SeeDisputes)).ok_or(DisputeError::NotFound)?;
    let resource = match dispute.party(side) {
        Some(party) => Resource::OfPartner(&party.partner_id),
        None => Resource::OfVendor,
    };
    if !can(actor, action, resource) {
        return Err(DisputeError::NotAllowed);
    }
    if dispute.status != DisputeStatus::Open {
        return Err(DisputeError::Closed { status: dispute.status.name() });
    }
    match expected_version {
        Some(v) if v != dispute.version_for(side) => Err(DisputeError::StaleVersion { current: dispute.version_for(side) }),
        _ => Ok(side),
    }
}

fn next(dispute: &Dispute, now: Timestamp) -> Dispute {
    Dispute { version: dispute.version + 1, updated_at: now, ..dispute.clone() }
}

fn changed(dispute: &Dispute, after: Dispute, event: Event) -> DisputeDecision {
    DisputeDecision { dispute: after, based_on: Some(dispute.version), events: vec![event] }
}

/// Says something, with files. A side is read by the vendor alone; the vendor says who reads what it writes.
pub fn state(
    dispute: &Dispute,
    actor: &Actor,
    text: &str,
    files: Vec<EvidenceFile>,
    audience: Option<Audience>,
    cause: Cause,
) -> Result<DisputeDecision, DisputeError> {
    let side = admit(dispute, actor, Action::StateInDispute, None)?;
    let text = words("text", text)?;
    let audience = match (side, audience) {
        (Side::Vendor, audience) => audience.unwrap_or(Audience::Vendor),
        (Side::Complainant, None | Some(Audience::Complainant)) => Audience::Complainant,
        (Side::Respondent, None | Some(Audience::Respondent)) => Audience::Respondent,
        _ => return Err(DisputeError::AudienceNotYours),
    };
    if dispute.statements.len() >= STATEMENTS_MAX || files.len() > FILES_MAX {
        return Err(DisputeError::TooMany);
    }
    let mut after = next(dispute, cause.now);
    let number = i32::try_from(after.statements.len() + 1).unwrap_or(i32::MAX);
    after.statements.push(Statement { number, side, audience, by: cause.actor.clone(), at: cause.now, text, files });
    // The words stay with the dispute, where each side is shown its own; the log has that something was said, and for whom.
    let changes = vec![said("statement", number.to_string()), said("audience", format!("{audience:?}").to_uppercase())];
    let event = event(&after, EventKind::DisputeStated, &cause, Visibility::Internal, None, changes);
    Ok(changed(dispute, after, event))
}

/// Names who decides. `ties` is what is known of the sides.
pub fn name_arbiter(
    dispute: &Dispute,
    actor: &Actor,
    expected_version: i32,
    person: &User,
    ties: &arbiter::Ties<'_>,
    cause: Cause,
) -> Result<DisputeDecision, DisputeError> {
    admit(dispute, actor, Action::DecideDispute, Some(expected_version))?;
    arbiter::check(person, ties)?;
    let before = dispute.arbiter.as_ref().map(|a| a.name.clone());
    let mut after = next(dispute, cause.now);
    after.arbiter = Some(Arbiter { user_id: person.id.clone(), name: person.name.clone(), named_at: cause.now });
    let changes = vec![FieldChange { field: "arbiter".into(), before, after: Some(person.name.clone()) }];
    let event = event(&after, EventKind::DisputeArbiterNamed, &cause, Visibility::Shared, None, changes);
    Ok(changed(dispute, after, event))
}

/// Decides. What follows for the deals is [`crate::deal::arbitrate`]'s, in the same write; `ties` is looked at again, for somebody
/// may have come to own a side since.
pub fn decide(
    dispute: &Dispute,
    actor: &Actor,
    expected_version: i32,
    (outcome, reason): (Outcome, &str),
    ties: &arbiter::Ties<'_>,
    cause: Cause,
) -> Result<DisputeDecision, DisputeError> {
    admit(dispute, actor, Action::DecideDispute, Some(expected_version))?;
    let named = dispute.arbiter.as_ref().ok_or(DisputeError::NoArbiter)?;
    if !arbiter::is_arbiter(dispute, actor) {
        return Err(DisputeError::NotArbiter);
    }
    if let Some(why) = arbiter::tie(&named.user_id, ties) {
        return Err(DisputeError::NotNeutral { why });
    }
    let reason = words("reason", reason)?;
    let mut after = next(dispute, cause.now);
    after.status = DisputeStatus::Decided;
    after.ruling = Some(Ruling { outcome, reason: reason.clone(), by: cause.actor.clone(), at: cause.now });
    let event = event(&after, EventKind::DisputeDecided, &cause, Visibility::Shared, Some(reason), vec![said("outcome", outcome.name().to_owned())]);
    Ok(changed(dispute, after, event))
}

/// Takes it back; only the side that opened it.
pub fn take_back(
    dispute: &Dispute,
    actor: &Actor,
    expected_version: i32,
    reason: Option<&str>,
    cause: Cause,
) -> Result<DisputeDecision, DisputeError> {
    let side = admit(dispute, actor, Action::OpenDispute, Some(expected_version))?;
    if side != Side::Complainant {
        return Err(DisputeError::NotAllowed);
    }
    let reason = optional(reason, TEXT_MAX).map_err(|_| DisputeError::TooLong { field: "reason", max: TEXT_MAX })?;
    let mut after = next(dispute, cause.now);
    after.status = DisputeStatus::Withdrawn;
    after.taken_back = Some(TakenBack { reason: reason.clone(), by: cause.actor.clone(), at: cause.now });
    let event = event(&after, EventKind::DisputeWithdrawn, &cause, Visibility::Shared, reason, Vec::new());
    Ok(changed(dispute, after, event))
}

/// Writes down that the deadline was missed, once, when it has passed by now.
pub fn miss(dispute: &Dispute, cause: Cause) -> Option<DisputeDecision> {
    let missed = dispute.status == DisputeStatus::Open && dispute.missed.is_none() && dispute.due_at <= cause.now;
    if !missed {
        return None;
    }
    let mut after = next(dispute, cause.now);
    after.missed = Some(Fired { due_at: dispute.due_at, at: cause.now });
    let event = event(&after, EventKind::DisputeDeadlineMissed, &cause, Visibility::Shared, None, vec![said("dueAt", dispute.due_at.to_string())]);
    Some(changed(dispute, after, event))
}
