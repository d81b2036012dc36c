//! The end of protection: an approved deal whose time has run out gives free what it held.

use super::decide::closed;
use super::{Cause, Deal, Decision, RegistrationStatus, change};
use crate::event::EventKind;

/// Expires the deal when its protection has ended by `cause.now`; none when there is nothing to expire.
pub fn expire(deal: &Deal, cause: Cause) -> Option<Decision> {
    let due = deal.is_open() && deal.status == RegistrationStatus::Approved && deal.protected_until.is_some_and(|t| t <= cause.now);
    if !due {
        return None;
    }
    let after = closed(deal, RegistrationStatus::Expired, None, &cause);
    let changes = change("status", Some(deal.status.name().into()), Some(after.status.name().into())).into_iter().collect();
    let event = cause.event(&after, EventKind::DealExpired, None, changes);
    Some(Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: true, events: vec![event] })
}
