//! Messages of a room: what its members write to each other, with files.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Room;
use super::change::{CosellCode, CosellError, event, may_write};
use crate::deal::Cause;
use crate::deal::evidence::EvidenceFile;
use crate::event::{Event, EventActor, EventKind, FieldChange};
use crate::id::{PartnerId, RoomId, RoomMessageId};
use crate::policy::Actor;
use crate::text::{self, NOTE_MAX, TextError};

/// Field of the event of a message under which the author's partner stands; the vendor's have none.
const PARTY: &str = "partner";
/// Most files of a message.
pub const FILES_MAX: usize = 5;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomMessage {
    /// Its id.
    pub id: RoomMessageId,
    /// In which room.
    pub room_id: RoomId,
    /// Who wrote it.
    pub author: EventActor,
    /// The author's partner; none for the vendor.
    pub partner_id: Option<PartnerId>,
    /// What was written.
    pub text: String,
    /// Files that go with it; content-addressed, and what their names say.
    pub files: Vec<EvidenceFile>,
    /// When.
    pub sent_at: Timestamp,
}

/// Whether a message, by its event, was written by somebody of that party; none for the vendor.
pub fn is_by(event: &Event, party: Option<&PartnerId>) -> bool {
    let author = event.changes.iter().find(|c| c.field == PARTY).and_then(|c| c.after.as_deref());
    author == party.map(PartnerId::as_str)
}

/// Writes a message. It does not race with other changes: no version is asked for, and none is counted.
pub fn post(
    room: &Room,
    actor: &Actor,
    id: RoomMessageId,
    typed: &str,
    files: Vec<EvidenceFile>,
    cause: Cause,
) -> Result<(RoomMessage, Event), CosellError> {
    if !may_write(room, actor) {
        return Err(CosellError::of(&[], CosellCode::NotAllowed, "Your role does not allow this here; ask the vendor or the deal's own partner."));
    }
    if files.len() > FILES_MAX {
        return Err(CosellError::of(&["fileIds"], CosellCode::TooLong, format!("A message has at most {FILES_MAX} files.")));
    }
    let text = text::required(typed, NOTE_MAX).map_err(|e| match e {
        TextError::Empty => CosellError::of(&["text"], CosellCode::Required, "text must not be empty."),
        TextError::TooLong { max } => CosellError::of(&["text"], CosellCode::TooLong, format!("text must have at most {max} characters.")),
    })?;
    let message = RoomMessage {
        id,
        room_id: room.id.clone(),
        author: cause.actor.clone(),
        partner_id: actor.partner_id.clone(),
        text,
        files,
        sent_at: cause.now,
    };
    let party = actor.partner_id.iter().map(|id| FieldChange { field: PARTY.to_owned(), before: None, after: Some(id.to_string()) });
    let event = event(room, None, EventKind::RoomMessageSent, None, party.collect(), cause);
    Ok((message, event))
}
