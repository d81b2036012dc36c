//! The vendor's clock on a registration: it runs in business hours, stands still while the partner owes an answer, warns when most
//! of its time is used, tells of a missed deadline and hands what is late on to the next owner.
//!
//! [`replay`] makes the same state again out of the events alone; the functions below change it by the same few steps.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::register::due_at;
use super::{Cause, Deal, DealError, DealSource, Decision, next};
use crate::event::{Event, EventKind, FieldChange};
use crate::id::UserId;
use crate::program::Program;
use crate::record::reason::RejectionReason;
use crate::routing::steps::{self, Handing};
use crate::timer::{Due, TimerKind};

/// The share of the time after which a decision is at risk, unless the rules say another, in per cent.
pub const WARN_PERCENT: i64 = 75;
/// The field of an event that tells when something was due.
pub const DUE_AT: &str = "dueAt";
/// The field of a rejection's event that tells its kind.
pub const REASON_CODE: &str = "reasonCode";

/// What happens with a registration that is still not decided some time after its deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// After how many business hours beyond the deadline.
    pub after_hours: i64,
    /// To whom it goes; none is the fallback owner of the routing table, or else an administrator.
    pub to: Option<UserId>,
}

/// What the rules say of deadlines beside their hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineTerms {
    /// After which share of the time a decision counts as at risk, in per cent, 1 to 99.
    pub warn_percent: i64,
    /// What follows a missed deadline; none leaves it at telling.
    pub escalation: Option<Escalation>,
}

impl Default for DeadlineTerms {
    /// What holds for rules from before they said anything: a warning, and nothing that follows.
    fn default() -> Self {
        Self { warn_percent: WARN_PERCENT, escalation: None }
    }
}

/// A stretch of time in which the vendor owed a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// From when.
    pub from: Timestamp,
    /// Until when; none while it goes on.
    pub to: Option<Timestamp>,
}

/// That a moment of the clock came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// When it was due.
    pub due_at: Timestamp,
    /// When it was seen: later than due after an outage.
    pub at: Timestamp,
}

/// That the vendor decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// When.
    pub at: Timestamp,
    /// Approved, or else rejected.
    pub approved: bool,
}

/// The vendor's clock on one deal beside the deadline itself, which is the deal's `decision_due_at`. Empty for imported deals.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Deadline {
    /// What the rules said when the clock was started.
    pub terms: DeadlineTerms,
    /// Business minutes that the vendor has in all.
    pub minutes: i64,
    /// When the clock ran, oldest first.
    pub runs: Vec<Run>,
    /// When the decision comes to be at risk; none while the clock stands still, and once it did.
    pub warn_at: Option<Timestamp>,
    /// When it goes to the next owner, if nobody decides; none while the clock stands still, and once it did.
    pub escalate_at: Option<Timestamp>,
    /// Set when the decision came to be at risk.
    pub warned: Option<Fired>,
    /// Set when the deadline was missed; it stays missed.
    pub missed: Option<Fired>,
    /// Set when it went to the next owner.
    pub escalated: Option<Fired>,
    /// The vendor's decision, whatever became of the deal later.
    pub answered: Option<Answered>,
    /// Of a rejection, what kind of reason was given; none when nobody said.
    pub reason: Option<RejectionReason>,
}

/// How the vendor's clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClockState {
    /// There is time, or there was when the decision came.
    OnTime,
    /// Most of the time is used.
    AtRisk,
    /// The deadline has passed.
    Breached,
    /// It has passed, and the decision went to the next owner.
    Escalated,
}

impl Deal {
    /// How the vendor's clock stands at that moment, or stood when it stopped; none where there never was a clock. What is due
    /// counts, also while its timer is late.
    pub fn clock_state(&self, now: Timestamp) -> Option<ClockState> {
        let d = &self.deadline;
        let due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        if d.runs.is_empty() && self.decision_due_at.is_none() {
            None
        } else if d.escalated.is_some() {
            Some(ClockState::Escalated)
        } else if d.missed.is_some() || due(self.decision_due_at) {
            Some(ClockState::Breached)
        } else if self.status.is_pending() && (d.warned.is_some() || due(d.warn_at)) {
            Some(ClockState::AtRisk)
        } else {
            Some(ClockState::OnTime)
        }
    }

    /// The timers of the vendor's clock.
    pub(super) fn deadline_timers(&self) -> [Option<Due>; 3] {
        let running = self.status.awaits_vendor();
        let due = |kind, at: Option<Timestamp>| at.filter(|_| running).map(|at| Due { kind, at });
        [
            due(TimerKind::DecisionWarning, self.deadline.warn_at),
            due(TimerKind::DecisionDeadline, self.decision_due_at.filter(|_| self.deadline.missed.is_none())),
            due(TimerKind::DecisionEscalation, self.deadline.escalate_at),
        ]
    }
}

/// The clock runs from now with so many business minutes left: all of them when it has never run.
pub(super) fn start(deal: &mut Deal, program: &Program, zone: &TimeZone, now: Timestamp, left: i64) -> Result<(), DealError> {
    let due = due_at(program, zone, now, left)?;
    let d = &mut deal.deadline;
    if d.runs.is_empty() {
        d.minutes = left;
        d.terms = program.rules.deadline.clone();
    }
    let safe = d.minutes * d.terms.warn_percent / 100;
    d.warn_at = match d.warned.is_none() && d.missed.is_none() {
        true => Some(due_at(program, zone, now, safe - (d.minutes - left))?.min(due)),
        false => None,
    };
    d.escalate_at = match d.terms.escalation.as_ref().filter(|_| d.escalated.is_none()) {
        Some(e) => Some(due_at(program, zone, due, e.after_hours * 60)?),
        None => None,
    };
    d.runs.push(Run { from: now, to: None });
    deal.decision_due_at = Some(due);
    deal.paused_minutes = None;
    Ok(())
}

/// The clock stops. A deadline that has passed by now is missed, even if its timer is late; then this is the event of it, which comes
/// before the event of whatever stopped the clock.
pub(super) fn stop(deal: &mut Deal, cause: &Cause) -> Option<Event> {
    let due = deal.decision_due_at.take()?;
    let d = &mut deal.deadline;
    if let Some(run) = d.runs.last_mut().filter(|r| r.to.is_none()) {
        run.to = Some(cause.now);
    }
    d.warn_at = None;
    d.escalate_at = None;
    if d.missed.is_some() || d.runs.is_empty() || due > cause.now {
        return None;
    }
    d.missed = Some(Fired { due_at: due, at: cause.now });
    let actor = crate::event::EventActor { user_id: None, name: "Entente".to_owned() };
    Some(Event { actor, ..cause.event(deal, EventKind::DealDeadlineMissed, None, vec![due_change(due)]) })
}

fn due_change(due: Timestamp) -> FieldChange {
    FieldChange { field: DUE_AT.to_owned(), before: None, after: Some(due.to_string()) }
}

/// Does what a timer of the vendor's clock is for, when that is due by `cause.now`; none when it is not, or was done. `to` is who
/// takes over at an escalation: nobody when there is nobody, or the deal is with the last one already.
pub fn fire(deal: &Deal, kind: TimerKind, to: Option<Handing<'_>>, cause: &Cause) -> Option<Decision> {
    let due = deal.deadline_timers().into_iter().flatten().find(|d| d.kind == kind && d.at <= cause.now)?.at;
    let mut after = next(deal, cause.now);
    let fired = Some(Fired { due_at: due, at: cause.now });
    let d = &mut after.deadline;
    let told = match kind {
        TimerKind::DecisionWarning => {
            (d.warn_at, d.warned) = (None, fired);
            EventKind::DealAtRisk
        }
        TimerKind::DecisionDeadline => {
            (d.warn_at, d.missed) = (None, fired);
            EventKind::DealDeadlineMissed
        }
        TimerKind::DecisionEscalation => {
            (d.escalate_at, d.escalated) = (None, fired);
            EventKind::DealEscalated
        }
        _ => return None,
    };
    let event = cause.event(&after, told, None, vec![due_change(due)]);
    let decision = Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: false, events: vec![event] };
    let handed = to.filter(|_| kind == TimerKind::DecisionEscalation).and_then(|to| {
        let why = "The deadline was missed, and nobody had decided since.";
        steps::reroute_by_itself(&decision.deal, to, why, &cause.second())
    });
    Some(match handed {
        Some(handed) => decision.then(handed),
        None => decision,
    })
}

/// Deadline, rest and clock as the events say, oldest first; changes nothing else of the deal but its open question.
pub(super) fn replay<'a>(deal: &mut Deal, events: impl Iterator<Item = &'a Event>, program: &Program, zone: &TimeZone) {
    deal.deadline = Deadline::default();
    deal.decision_due_at = None;
    deal.paused_minutes = None;
    deal.open_question = None;
    if deal.source == DealSource::Imported {
        return;
    }
    let all = deal.judged.terms.map_or(program.rules.approval_business_hours, |t| t.decision_hours) * 60;
    // A calendar that cannot name the moment leaves no clock, as it would have left no registration.
    let _ = start(deal, program, zone, deal.created_at, all);
    for event in events {
        step(deal, event, program, zone);
    }
}

fn step(deal: &mut Deal, event: &Event, program: &Program, zone: &TimeZone) {
    let now = event.occurred_at;
    let cause = || Cause { actor: event.actor.clone(), now, event_id: event.id.clone(), covers: Vec::new() };
    let fired = || {
        let due = event.changes.iter().find(|c| c.field == DUE_AT).and_then(|c| c.after.as_ref()?.parse().ok());
        Some(Fired { due_at: due.unwrap_or(now), at: now })
    };
    let d = &mut deal.deadline;
    match event.kind {
        EventKind::DealAtRisk => (d.warn_at, d.warned) = (None, fired()),
        EventKind::DealDeadlineMissed => (d.warn_at, d.missed) = (None, fired()),
        EventKind::DealEscalated => (d.escalate_at, d.escalated) = (None, fired()),
        EventKind::DealInfoRequested => {
            let left = deal.decision_due_at.and_then(|due| program.calendar.minutes_between(zone, now, due).ok()).unwrap_or_default();
            stop(deal, &cause());
            deal.paused_minutes = Some(left);
            deal.open_question.clone_from(&event.text);
        }
        EventKind::DealInfoProvided => {
            let left = deal.paused_minutes.unwrap_or_default();
            let _ = start(deal, program, zone, now, left);
            deal.open_question = None;
        }
        EventKind::DealApproved | EventKind::DealRejected => {
            stop(deal, &cause());
            answer(deal, event.kind == EventKind::DealApproved, now);
            let code = event.changes.iter().find(|c| c.field == REASON_CODE).and_then(|c| c.after.as_deref());
            deal.deadline.reason = code.and_then(RejectionReason::named);
        }
        EventKind::DealWithdrawn => {
            stop(deal, &cause());
            deal.paused_minutes = None;
            deal.open_question = None;
        }
        _ => {}
    }
}

/// Writes down that the vendor decided.
pub(super) fn answer(deal: &mut Deal, approved: bool, now: Timestamp) {
    deal.deadline.answered = Some(Answered { at: now, approved });
    deal.record.keep(approved);
    deal.paused_minutes = None;
}
