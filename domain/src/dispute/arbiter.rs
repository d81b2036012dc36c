//! Who may decide a dispute: somebody of the vendor's who owns neither side and decided on neither.

use super::{Dispute, DisputeError};
use crate::deal::Deal;
use crate::id::UserId;
use crate::partner::Partner;
use crate::policy::{Action, Actor, Resource, can};
use crate::user::User;

/// What is known of those who have to do with the sides.
#[derive(Debug, Clone, Copy)]
pub struct Ties<'a> {
    /// The partners of both sides.
    pub partners: &'a [Partner],
    /// The deals of both sides.
    pub deals: &'a [Deal],
    /// People who approved, rejected, or asked about one of the deals.
    pub deciders: &'a [UserId],
}

/// What ties a person to a side; none for somebody neutral.
pub fn tie(person: &UserId, ties: &Ties<'_>) -> Option<&'static str> {
    let is = |other: &Option<UserId>| other.as_ref() == Some(person);
    if ties.partners.iter().any(|p| is(&p.manager_id)) {
        return Some("this person manages one of the partners");
    }
    if ties.deals.iter().any(|d| is(&d.manager_id) || is(&d.registered_by)) {
        return Some("this person is in charge of one of the deals");
    }
    let routed = |d: &Deal| d.route.steps.iter().any(|s| s.owner == *person);
    if ties.deciders.contains(person) || ties.deals.iter().any(|d| routed(d) || d.route.approvers().contains(&person)) {
        return Some("this person decided on one of the deals");
    }
    None
}

/// Whether the person may decide the dispute.
pub fn check(person: &User, ties: &Ties<'_>) -> Result<(), DisputeError> {
    let able = person.active && person.partner_id.is_none() && can(&Actor::of(person), Action::DecideDispute, Resource::OfVendor);
    if !able {
        return Err(DisputeError::CannotDecide);
    }
    match tie(&person.id, ties) {
        Some(why) => Err(DisputeError::NotNeutral { why }),
        None => Ok(()),
    }
}

/// Whether the actor is the one who was named.
pub fn is_arbiter(dispute: &Dispute, actor: &Actor) -> bool {
    actor.api_key.is_none() && dispute.arbiter.as_ref().is_some_and(|a| a.user_id == actor.user_id)
}
