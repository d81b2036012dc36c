//! What may happen to a lead: it comes in, is offered, taken, declined, lapses, is given on, converted, closed. Each is a
//! decision that the store writes as it is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::draft::LeadDraft;
use super::route::{Basis, Candidate, Considered, Factor, Routed, Wanted, Why};
use super::routing::{LeadRouting, RoutingSet};
use super::{
    ASSIGNMENTS_MAX, Assignment, CloseCode, Closing, Consent, DeclineCode, ENQUIRIES_MAX, Enquiry, Intake, Lead, LeadAction, LeadDecision, LeadError,
    LeadStatus, Outcome, OwnerSide, resource,
};
use crate::calendar::BusinessCalendar;
use crate::deal::Cause;
use crate::deal::deadline::{DUE_AT, Fired};
use crate::event::{Event, EventKind, FieldChange, Subject, Visibility};
use crate::id::{DealId, LeadId, PartnerId};
use crate::policy::{Action, Actor, can, scope};
use crate::text::{self, NOTE_MAX, TextError};

/// By what deadlines are counted.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// When people work.
    pub calendar: &'a BusinessCalendar,
    /// The calendar's time zone.
    pub zone: &'a TimeZone,
    /// The routing rules in force.
    pub routing: &'a LeadRouting,
}

impl Terms<'_> {
    fn after(&self, from: Timestamp, hours: i64) -> Result<Timestamp, LeadError> {
        self.calendar.add_minutes(self.zone, from, hours * 60).map_err(|_| LeadError::Calendar)
    }

    fn set(&self) -> &RoutingSet {
        &self.routing.set
    }
}

/// Causes of one change: each call gives the next event's.
pub type Causes<'a> = &'a dyn Fn() -> Cause;

fn event(cause: Cause, lead: &Lead, kind: EventKind, of: Option<&PartnerId>, text: Option<String>, changes: Vec<FieldChange>) -> Event {
    Event {
        id: cause.event_id,
        kind,
        subject: Subject::Lead { id: lead.id.clone(), partner_id: of.cloned(), version: lead.version },
        occurred_at: cause.now,
        actor: cause.actor,
        visibility: Visibility::Shared,
        text,
        changes,
    }
}

fn change(field: &str, before: Option<String>, after: Option<String>) -> FieldChange {
    FieldChange { field: field.to_owned(), before, after }
}

fn moved(before: LeadStatus, after: LeadStatus) -> FieldChange {
    change("status", Some(before.name().to_owned()), Some(after.name().to_owned()))
}

/// What a new lead is beside its draft.
#[derive(Debug, Clone)]
pub struct New {
    /// Its id.
    pub id: LeadId,
    /// Its number.
    pub number: String,
    /// By which way it came in.
    pub intake: Intake,
    /// That the person agreed to be contacted.
    pub consent: Option<Consent>,
    /// Key under which a second import finds it.
    pub import_key: Option<String>,
}

/// What the rules look at of a draft; `directly` is the partner that was asked for.
pub fn wanted(draft: &LeadDraft, set: &RoutingSet, directly: Option<PartnerId>) -> Wanted {
    let by_country = || draft.firm.country.as_deref().and_then(|c| set.territory_of(c)).map(str::to_owned);
    Wanted {
        domain: draft.firm.domain.clone(),
        territory: draft.territory.clone().or_else(by_country),
        products: draft.product_ids.clone(),
        vertical: draft.vertical.clone(),
        directly,
        tried: std::collections::BTreeSet::new(),
    }
}

/// What the rules look at of a lead that goes on to somebody else.
pub fn wanted_again(lead: &Lead) -> Wanted {
    Wanted {
        domain: lead.firm.domain.clone(),
        territory: lead.territory.clone(),
        products: lead.product_ids.clone(),
        vertical: lead.vertical.clone(),
        directly: None,
        tried: lead.tried(),
    }
}

/// A lead comes in: offered to whoever it was routed to, or held back when it was routed to nobody.
pub fn create(
    draft: LeadDraft,
    new: New,
    territory: Option<String>,
    routed: Option<Routed>,
    terms: Terms<'_>,
    causes: Causes<'_>,
) -> Result<LeadDecision, LeadError> {
    let cause = causes();
    let now = cause.now;
    let mut lead = Lead {
        id: new.id,
        number: new.number,
        version: 1,
        status: LeadStatus::New,
        person: draft.person,
        firm: draft.firm,
        message: draft.message,
        intake: new.intake,
        source: draft.source,
        consent: new.consent,
        product_ids: draft.product_ids,
        vertical: draft.vertical,
        territory,
        value: draft.value,
        partner_id: None,
        owner: OwnerSide::Vendor,
        vendor_user: terms.set().fallback_user.clone(),
        follow_up_at: Some(terms.after(now, terms.set().follow_up_hours)?),
        window_ends_at: None,
        contacted_at: None,
        taken_by: None,
        missed: None,
        assignments: Vec::new(),
        enquiries: Vec::new(),
        deal_id: None,
        closing: None,
        import_key: new.import_key,
        created_at: now,
        updated_at: now,
    };
    let from = change("source", None, Some(lead.source.kind.name().to_owned()));
    let mut events = Vec::new();
    if lead.intake != Intake::Csv {
        events.push(event(cause.clone(), &lead, EventKind::LeadReceived, None, None, vec![from.clone()]));
    }
    let (mut why, mut shares) = (None, None);
    if let Some(routed) = routed {
        let told = offer(&mut lead, routed, terms, causes, &mut why, &mut shares)?;
        if lead.intake != Intake::Csv {
            events.push(told);
        }
    }
    if lead.intake == Intake::Csv {
        // One event for a row of a file: there are many.
        let to = change("status", None, Some(lead.status.name().to_owned()));
        events.push(event(cause, &lead, EventKind::LeadImported, lead.partner_id.as_ref(), None, vec![from, to]));
    }
    Ok(LeadDecision { lead, based_on: None, why, shares, events })
}

/// Offers the lead to whoever it was routed to.
fn offer(
    lead: &mut Lead,
    mut routed: Routed,
    terms: Terms<'_>,
    causes: Causes<'_>,
    why: &mut Option<Why>,
    shares: &mut Option<super::route::Shares>,
) -> Result<Event, LeadError> {
    let cause = causes();
    let before = lead.status;
    if lead.assignments.len() >= ASSIGNMENTS_MAX {
        routed.partner_id = None;
        (routed.why.basis, routed.why.partner_id, routed.shares) = (Basis::Vendor, None, None);
    }
    (lead.taken_by, lead.missed) = (None, None);
    let kind = match routed.partner_id {
        Some(partner_id) => {
            let until = terms.after(cause.now, routed.window_hours)?;
            lead.assignments.push(Assignment {
                partner_id: partner_id.clone(),
                at: cause.now,
                until,
                basis: routed.why.basis,
                rule: routed.why.rule.clone(),
                routing: routed.why.routing,
                outcome: Outcome::Open,
                ended_at: None,
                decline: None,
                text: None,
            });
            (lead.status, lead.owner, lead.vendor_user) = (LeadStatus::Assigned, OwnerSide::Partner, None);
            (lead.partner_id, lead.window_ends_at, lead.follow_up_at) = (Some(partner_id), Some(until), Some(until));
            EventKind::LeadAssigned
        }
        None => {
            (lead.status, lead.owner, lead.partner_id, lead.window_ends_at) = (LeadStatus::Unrouted, OwnerSide::Vendor, None, None);
            lead.vendor_user = terms.set().fallback_user.clone();
            lead.follow_up_at = Some(terms.after(cause.now, terms.set().follow_up_hours)?);
            EventKind::LeadUnrouted
        }
    };
    let mut changes = vec![moved(before, lead.status)];
    if let Some(rule) = &routed.why.rule {
        changes.push(change("rule", None, Some(rule.clone())));
    }
    *why = Some(routed.why);
    *shares = routed.shares;
    Ok(event(cause, lead, kind, lead.partner_id.as_ref(), None, changes))
}

/// Right, state and version in one place: hidden first, then forbidden, then stale, then wrong state.
pub fn check(lead: &Lead, actor: &Actor, action: LeadAction, expected_version: Option<i32>) -> Result<(), LeadError> {
    let seen = scope(actor, Action::SeeLeads);
    let admitted = match &lead.partner_id {
        Some(partner) => seen.admits(partner),
        None => seen == crate::policy::Scope::All,
    };
    if !admitted {
        return Err(LeadError::NotFound);
    }
    if !can(actor, action.right(), resource(lead)) {
        return Err(LeadError::NotAllowed);
    }
    match expected_version {
        Some(v) if v != lead.version => return Err(LeadError::StaleVersion { current: lead.version }),
        _ => {}
    }
    if action.fits(lead) { Ok(()) } else { Err(LeadError::WrongStatus { status: lead.status.name() }) }
}

fn next(lead: &Lead, now: Timestamp) -> Lead {
    Lead { version: lead.version + 1, updated_at: now, ..lead.clone() }
}

fn decided(lead: Lead, before: &Lead, event: Event) -> LeadDecision {
    LeadDecision { lead, based_on: Some(before.version), why: None, shares: None, events: vec![event] }
}

/// The partner takes the lead.
pub fn accept(lead: &Lead, actor: &Actor, expected_version: i32, terms: Terms<'_>, cause: Cause) -> Result<LeadDecision, LeadError> {
    check(lead, actor, LeadAction::Accept, Some(expected_version))?;
    if lead.window_ends_at.is_some_and(|until| until <= cause.now) {
        return Err(LeadError::WindowOver);
    }
    let mut after = next(lead, cause.now);
    end(&mut after, Outcome::Accepted, cause.now);
    (after.status, after.window_ends_at, after.taken_by) = (LeadStatus::Accepted, None, Some(actor.user_id.clone()));
    after.follow_up_at = Some(terms.after(cause.now, terms.set().follow_up_hours)?);
    let told = event(cause, &after, EventKind::LeadAccepted, after.partner_id.as_ref(), None, vec![moved(lead.status, after.status)]);
    Ok(decided(after, lead, told))
}

/// Ends the offer that counts.
fn end(lead: &mut Lead, outcome: Outcome, now: Timestamp) {
    if let Some(last) = lead.assignments.last_mut().filter(|a| matches!(a.outcome, Outcome::Open | Outcome::Accepted)) {
        (last.outcome, last.ended_at) = (outcome, Some(now));
    }
}

/// A lead that was taken from somebody and goes on, with what happened so far.
#[derive(Debug, Clone)]
pub struct Freed {
    /// The lead without its partner's answer being awaited.
    pub lead: Lead,
    based_on: i32,
    events: Vec<Event>,
}

/// The partner says no; the lead goes on.
pub fn decline(
    lead: &Lead,
    actor: &Actor,
    expected_version: i32,
    (code, text): (DeclineCode, Option<&str>),
    cause: Cause,
) -> Result<Freed, LeadError> {
    check(lead, actor, LeadAction::Decline, Some(expected_version))?;
    let text = note_text("text", text, code == DeclineCode::Other)?;
    let mut after = next(lead, cause.now);
    end(&mut after, Outcome::Declined, cause.now);
    if let Some(last) = after.assignments.last_mut() {
        (last.decline, last.text) = (Some(code), text.clone());
    }
    let why = change("reason", None, Some(code.name().to_owned()));
    let told = event(cause, &after, EventKind::LeadDeclined, lead.partner_id.as_ref(), text, vec![why]);
    Ok(Freed { lead: after, based_on: lead.version, events: vec![told] })
}

/// The window has ended without an answer; none when it has not, or there was one.
pub fn lapse(lead: &Lead, cause: Cause) -> Option<Freed> {
    let due = lead.window_ends_at.filter(|until| *until <= cause.now && lead.status == LeadStatus::Assigned)?;
    let mut after = next(lead, cause.now);
    end(&mut after, Outcome::Lapsed, cause.now);
    let told = event(cause, &after, EventKind::LeadLapsed, lead.partner_id.as_ref(), None, vec![change("windowEndsAt", Some(due.to_string()), None)]);
    Some(Freed { lead: after, based_on: lead.version, events: vec![told] })
}

/// The vendor takes the lead back, or from where nobody has it, so that it goes on.
pub fn take_back(lead: &Lead, actor: &Actor, expected_version: i32, action: LeadAction, cause: Cause) -> Result<Freed, LeadError> {
    check(lead, actor, action, Some(expected_version))?;
    let mut after = next(lead, cause.now);
    let mut events = Vec::new();
    if let Some(had) = lead.current() {
        events.push(event(cause.clone(), &after, EventKind::LeadWithdrawn, Some(&had.partner_id), None, Vec::new()));
    }
    end(&mut after, Outcome::Withdrawn, cause.now);
    Ok(Freed { lead: after, based_on: lead.version, events })
}

/// What a freed lead goes on to.
pub fn onward(freed: Freed, routed: Routed, terms: Terms<'_>, causes: Causes<'_>) -> Result<LeadDecision, LeadError> {
    let Freed { mut lead, based_on, mut events } = freed;
    let (mut why, mut shares) = (None, None);
    let told = offer(&mut lead, routed, terms, causes, &mut why, &mut shares)?;
    events.push(told);
    Ok(LeadDecision { lead, based_on: Some(based_on), why, shares, events })
}

/// A partner chosen by somebody of the vendor.
pub fn by_hand(candidate: &Candidate, terms: Terms<'_>, now: Timestamp) -> Result<Routed, LeadError> {
    if !candidate.active {
        return Err(LeadError::PartnerNotActive);
    }
    let considered = Considered {
        partner_id: candidate.id.clone(),
        chosen: true,
        passed: vec![Factor::Active],
        failed: Vec::new(),
        weight: 1,
        credit: None,
        open_leads: candidate.open_leads,
        idle_days: None,
    };
    let why = Why {
        at: now,
        basis: Basis::ByHand,
        routing: terms.routing.number,
        rule: None,
        strategy: None,
        territory: None,
        partner_id: Some(candidate.id.clone()),
        candidates: vec![considered],
    };
    Ok(Routed { partner_id: Some(candidate.id.clone()), why, shares: None, window_hours: terms.set().window_hours })
}

/// A deal came of the lead. Its source is the lead's own and goes on with the deal.
pub fn convert(lead: &Lead, deal: &DealId, number: &str, cause: Cause) -> Result<LeadDecision, LeadError> {
    if !LeadAction::Convert.fits(lead) {
        return Err(LeadError::WrongStatus { status: lead.status.name() });
    }
    let mut after = next(lead, cause.now);
    (after.status, after.deal_id, after.follow_up_at) = (LeadStatus::Converted, Some(deal.clone()), None);
    let changes = vec![moved(lead.status, after.status), change("deal", None, Some(number.to_owned()))];
    let told = event(cause, &after, EventKind::LeadConverted, after.partner_id.as_ref(), None, changes);
    Ok(decided(after, lead, told))
}

/// The lead came to nothing.
pub fn close(
    lead: &Lead,
    actor: &Actor,
    expected_version: i32,
    (code, text): (CloseCode, Option<&str>),
    cause: Cause,
) -> Result<LeadDecision, LeadError> {
    check(lead, actor, LeadAction::Close, Some(expected_version))?;
    let text = note_text("text", text, code == CloseCode::Other)?;
    let mut after = next(lead, cause.now);
    if lead.status == LeadStatus::Assigned {
        end(&mut after, if actor.is_vendor() { Outcome::Withdrawn } else { Outcome::Accepted }, cause.now);
    }
    (after.status, after.follow_up_at, after.window_ends_at) = (LeadStatus::Closed, None, None);
    after.closing = Some(Closing { code, text: text.clone() });
    let changes = vec![moved(lead.status, after.status), change("reason", None, Some(code.name().to_owned()))];
    let told = event(cause, &after, EventKind::LeadClosed, after.partner_id.as_ref(), text, changes);
    Ok(decided(after, lead, told))
}

/// Nobody was in touch by the deadline: written down once, for whoever took the lead. None when that is not due yet, was written
/// down, or the lead was followed up.
pub fn miss(lead: &Lead, cause: Cause) -> Option<LeadDecision> {
    let due = lead.follow_up_due().filter(|due| *due <= cause.now)?;
    let mut after = next(lead, cause.now);
    after.missed = Some(Fired { due_at: due, at: cause.now });
    let changes = vec![change(DUE_AT, None, Some(due.to_string()))];
    let told = event(cause, &after, EventKind::LeadFollowUpMissed, after.partner_id.as_ref(), None, changes);
    Some(decided(after, lead, told))
}

/// A note; with `contacted` it says that somebody was in touch with the person, which ends the deadline for that: also where
/// somebody had been in touch before the lead was taken.
pub fn note(lead: &Lead, actor: &Actor, expected_version: i32, text: &str, contacted: bool, cause: Cause) -> Result<LeadDecision, LeadError> {
    check(lead, actor, LeadAction::Note, Some(expected_version))?;
    let text = note_text("text", Some(text), true)?;
    let mut after = next(lead, cause.now);
    let mut changes = Vec::new();
    if contacted && lead.contacted_at.is_none() {
        after.contacted_at = Some(cause.now);
        changes.push(change("contactedAt", None, Some(cause.now.to_string())));
    }
    if contacted && lead.status != LeadStatus::Assigned {
        after.follow_up_at = None;
    }
    let kind = if contacted { EventKind::LeadContacted } else { EventKind::LeadNoteAdded };
    let mut told = event(cause, &after, kind, after.partner_id.as_ref(), text, changes);
    if after.partner_id.is_none() {
        // Written while nobody had the lead: no partner that gets it later reads what the vendor said among themselves.
        told.visibility = Visibility::Internal;
    }
    Ok(decided(after, lead, told))
}

/// Another enquiry of the same person for the same product joins the lead, whose source stays as it was.
pub fn join(lead: &Lead, enquiry: Enquiry, cause: Cause) -> LeadDecision {
    let mut after = next(lead, cause.now);
    let changes = vec![change("enquirySource", None, Some(enquiry.source.kind.name().to_owned()))];
    let text = enquiry.message.clone();
    if after.enquiries.len() < ENQUIRIES_MAX {
        after.enquiries.push(enquiry);
    }
    let told = event(cause, &after, EventKind::LeadJoined, after.partner_id.as_ref(), text, changes);
    decided(after, lead, told)
}

fn note_text(field: &'static str, typed: Option<&str>, required: bool) -> Result<Option<String>, LeadError> {
    let result = if required { text::required(typed.unwrap_or_default(), NOTE_MAX).map(Some) } else { text::optional(typed, NOTE_MAX) };
    result.map_err(|e| match e {
        TextError::Empty => LeadError::Required { field },
        TextError::TooLong { max } => LeadError::TooLong { field, max },
    })
}
