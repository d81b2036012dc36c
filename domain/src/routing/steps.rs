//! A route on its way: approvals of steps, who may decide now, and re-routes by hand and by themselves. What only the vendor
//! is to read (why a deal was re-routed, what one approver tells the next) is an internal note of its own.

use super::{Handover, Route, Step, StepDecision};
use crate::deal::{Cause, Deal, DealAction, DealError, Decision, RegistrationStatus, change, check, next, required_text};
use crate::event::{Event, EventKind, Visibility};
use crate::id::UserId;
use crate::policy::Actor;
use crate::user::Role;

/// Where a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepState {
    /// Approved.
    Approved,
    /// Declined: the chain has ended.
    Declined,
    /// Somebody owes a decision.
    Current,
    /// Another step comes first.
    Waiting,
    /// The deal was decided otherwise before its turn came.
    Skipped,
}

impl Route {
    /// Whether more than one person has to approve.
    pub fn is_chain(&self) -> bool {
        self.steps.len() > 1
    }

    /// The step that waits for a decision, with its position from 0; none when all are decided or one declined.
    pub fn current(&self) -> Option<(usize, &Step)> {
        let declined = self.steps.iter().any(|s| s.decided.as_ref().is_some_and(|d| !d.approved));
        self.steps.iter().enumerate().find(|(_, s)| s.decided.is_none()).filter(|_| !declined)
    }

    /// Where each step is; `pending` says whether the registration still waits for a decision.
    pub fn states(&self, pending: bool) -> Vec<StepState> {
        let current = self.current().filter(|_| pending).map(|(n, _)| n);
        let state = |(n, step): (usize, &Step)| match &step.decided {
            Some(d) if d.approved => StepState::Approved,
            Some(_) => StepState::Declined,
            None if current == Some(n) => StepState::Current,
            None if current.is_some() => StepState::Waiting,
            None => StepState::Skipped,
        };
        self.steps.iter().enumerate().map(state).collect()
    }

    /// Those who approved a step.
    pub fn approvers(&self) -> Vec<&UserId> {
        self.steps.iter().filter_map(|s| s.decided.as_ref()).filter_map(|d| d.by.user_id.as_ref()).collect()
    }

    /// Writes down what came of the current step.
    pub fn decide(&mut self, approved: bool, cause: &Cause) {
        if let Some((n, _)) = self.current()
            && let Some(step) = self.steps.get_mut(n)
        {
            step.decided = Some(StepDecision { approved, by: cause.actor.clone(), at: cause.now });
        }
    }
}

/// Whether the actor may decide now as far as the route is concerned: in a chain only the owner of the current step, who acts
/// for the owner (`covers`: those for whom the actor acts today), or an administrator; and who approved a step does not
/// approve another. Without a chain everybody with the right.
pub fn may_decide(deal: &Deal, actor: &Actor, covers: &[UserId]) -> bool {
    let Some((_, step)) = deal.route.current().filter(|_| deal.route.is_chain()) else { return true };
    if actor.has(&[Role::Admin]) {
        return true;
    }
    let twice = deal.route.approvers().contains(&&actor.user_id);
    !twice && (step.owner == actor.user_id || covers.contains(&step.owner))
}

/// Refuses whoever has to wait for another step.
pub fn check_turn(deal: &Deal, actor: &Actor, cause: &Cause) -> Result<(), DealError> {
    if may_decide(deal, actor, &cause.covers) { Ok(()) } else { Err(DealError::NotYourStep) }
}

/// Approves a step that is not the last one: the deal goes to the owner of the next and stays in review. None when this
/// approval is the last one that is needed; then the registration itself is approved.
pub fn approve_step(deal: &Deal, actor: &Actor, note: Option<&str>, cause: &Cause) -> Result<Option<Decision>, DealError> {
    check_turn(deal, actor, cause)?;
    let Some((n, step)) = deal.route.current().filter(|_| deal.route.is_chain()) else { return Ok(None) };
    let Some(following) = deal.route.steps.get(n + 1) else { return Ok(None) };
    let mut after = next(deal, cause.now);
    after.status = RegistrationStatus::InReview;
    after.manager_id = Some(following.owner.clone());
    after.route.decide(true, cause);
    let named = |s: &Step| deal.route.shared.then(|| s.name.clone());
    let changes =
        [change("status", Some(deal.status.name().into()), Some(after.status.name().into())), change("step", named(step), named(following))];
    let event = cause.event(&after, EventKind::DealStepApproved, None, changes.into_iter().flatten().collect());
    let events = with_note(event, note.map(str::to_owned), cause);
    Ok(Some(Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: false, events }))
}

/// The event, and an internal note beside it.
fn with_note(event: Event, note: Option<String>, cause: &Cause) -> Vec<Event> {
    let Some(text) = note else { return vec![event] };
    let internal = Event {
        id: cause.second_event_id(),
        kind: EventKind::DealNoteAdded,
        visibility: Visibility::Internal,
        text: Some(text),
        changes: Vec::new(),
        ..event.clone()
    };
    vec![event, internal]
}

/// To whom a deal goes, with the names that the timeline tells.
#[derive(Debug, Clone, Copy)]
pub struct Handing<'a> {
    /// The new owner.
    pub to: &'a UserId,
    /// The new owner's name.
    pub to_name: &'a str,
    /// The old owner's name, where there is one.
    pub from_name: Option<&'a str>,
    /// Whether the new owner is active and may decide.
    pub able: bool,
}

/// Re-routes by hand: the current step goes to another person. In a chain only by who may decide now. The reason is the
/// vendor's own to read.
pub fn reroute(deal: &Deal, actor: &Actor, expected_version: i32, handing: Handing<'_>, reason: &str, cause: &Cause) -> Result<Decision, DealError> {
    check(deal, actor, DealAction::Reroute, Some(expected_version))?;
    let reason = required_text("reason", reason)?;
    check_turn(deal, actor, cause)?;
    hand(deal, handing, reason, cause)
}

/// Re-routes by itself, as when an owner can no longer decide or a deadline was missed; `why` is for the vendor to read. None
/// when the deal is decided, or is that person's already, or the person has another step of it.
pub fn reroute_by_itself(deal: &Deal, handing: Handing<'_>, why: &str, cause: &Cause) -> Option<Decision> {
    if !DealAction::Reroute.fits(deal) {
        return None;
    }
    hand(deal, handing, why.to_owned(), cause).ok()
}

fn hand(deal: &Deal, handing: Handing<'_>, why: String, cause: &Cause) -> Result<Decision, DealError> {
    if !handing.able {
        return Err(DealError::OwnerCannotDecide);
    }
    let has_a_step = deal.route.steps.iter().any(|s| s.owner == *handing.to) || deal.route.approvers().contains(&handing.to);
    if deal.manager_id.as_ref() == Some(handing.to) || has_a_step {
        return Err(DealError::CircularStep);
    }
    let mut after = next(deal, cause.now);
    after.manager_id = Some(handing.to.clone());
    if let Some((n, _)) = deal.route.current()
        && let Some(step) = after.route.steps.get_mut(n)
    {
        step.owner = handing.to.clone();
    }
    after.route.handovers.push(Handover { at: cause.now, from: deal.manager_id.clone(), to: handing.to.clone() });
    let changes = change("manager", handing.from_name.map(str::to_owned), Some(handing.to_name.to_owned()));
    let event = cause.event(&after, EventKind::DealRerouted, None, changes.into_iter().collect());
    let events = with_note(event, Some(why), cause);
    Ok(Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: false, events })
}

/// Takes back what one event did to the route, for showing the deal as it was before it.
pub fn take_back(deal: &mut Deal, event: &Event) {
    match event.kind {
        EventKind::DealRerouted => {
            let Some(handover) = deal.route.handovers.pop() else { return };
            let current = deal.route.steps.iter_mut().find(|s| s.decided.is_none() && s.owner == handover.to);
            if let (Some(step), Some(from)) = (current, &handover.from) {
                step.owner = from.clone();
            }
            deal.manager_id = handover.from;
        }
        EventKind::DealStepApproved | EventKind::DealApproved | EventKind::DealRejected => {
            let at = |s: &Step| s.decided.as_ref().is_some_and(|d| d.at == event.occurred_at);
            let Some(step) = deal.route.steps.iter_mut().rev().find(|s| at(s)) else { return };
            step.decided = None;
            if event.kind == EventKind::DealStepApproved {
                deal.manager_id = Some(step.owner.clone());
            }
        }
        _ => {}
    }
}
