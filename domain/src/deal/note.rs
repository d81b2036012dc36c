//! Notes on a deal, shared with the other side or for the vendor only.

use super::{Cause, Deal, DealAction, DealError, Decision, check, required_text};
use crate::event::{EventKind, Visibility};
use crate::policy::{Action, Actor, Resource, can};

/// Adds a note. Notes do not race with decisions: the version stays and is not asked for.
pub fn add_note(deal: &Deal, actor: &Actor, text: &str, visibility: Visibility, cause: Cause) -> Result<Decision, DealError> {
    check(deal, actor, DealAction::AddNote, None)?;
    if visibility == Visibility::Internal && !can(actor, Action::InternalNotes, Resource::OfPartner(&deal.partner_id)) {
        return Err(DealError::NotAllowed);
    }
    let text = required_text("text", text)?;
    let mut event = cause.event(deal, EventKind::DealNoteAdded, Some(text), Vec::new());
    event.visibility = visibility;
    Ok(Decision { deal: deal.clone(), based_on: Some(deal.version), take: Vec::new(), release_claims: false, events: vec![event] })
}
