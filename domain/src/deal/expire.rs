//! The end of protection: an approved deal whose time has run out, or on which nothing happened for too long, gives free what
//! it held.

use super::decide::closed;
use super::protection::end_change;
use super::{Cause, Deal, Decision, RegistrationStatus, change};
use crate::event::EventKind;

/// Expires the deal when its protection has ended by `cause.now`; none when there is nothing to expire.
pub fn expire(deal: &Deal, cause: Cause) -> Option<Decision> {
    let held = deal.is_open() && deal.status == RegistrationStatus::Approved;
    let ended = held && deal.protected_until.is_some_and(|t| t <= cause.now);
    let inactive = held && deal.inactive_at().is_some_and(|t| t <= cause.now && deal.protected_until.is_none_or(|end| t < end));
    if !ended && !inactive {
        return None;
    }
    let kind = if inactive { EventKind::DealInactive } else { EventKind::DealExpired };
    let after = closed(deal, RegistrationStatus::Expired, None, &cause);
    let status = change("status", Some(deal.status.name().into()), Some(after.status.name().into()));
    let changes = status.into_iter().chain(end_change(deal, &after)).collect();
    let event = cause.event(&after, kind, None, changes);
    Some(Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: true, events: vec![event] })
}
