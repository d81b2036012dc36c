//! What became of a change of a room.

use async_graphql::{Result, SimpleObject};
use entente_app::Refused;
use entente_app::cosell::{RoomRefusal, Shown};
use entente_app::deal::FileRefusal;
use entente_app::idempotency::KeyRefusal;
use entente_domain::cosell::change::CosellCode;
use entente_domain::cosell::message::RoomMessage;

use super::object::{DealRoom, DealRoomMessage};
use crate::problem::Problem;
use crate::user_error::{DealRoomError, DealRoomErrorCode as Code, KEY_INVALID, KEY_REUSED, UserError};

/// What became of a change of a room.
#[derive(SimpleObject)]
pub(crate) struct DealRoomPayload {
    /// The room; null when there are errors.
    room: Option<DealRoom>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// What became of a message.
#[derive(SimpleObject)]
pub(crate) struct DealRoomPostPayload {
    /// The message; null when there are errors.
    message: Option<DealRoomMessage>,
    /// The room; null when there are errors.
    room: Option<DealRoom>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

impl DealRoomPayload {
    pub(super) fn of(done: Result<Shown, Refused<RoomRefusal>>) -> Result<Self, Problem> {
        match done {
            Ok(shown) => Ok(Self { room: Some(DealRoom(shown)), errors: Vec::new() }),
            Err(Refused::Failed(error)) => Err(error.into()),
            Err(Refused::Refused(refusal)) => Ok(Self { room: None, errors: vec![error(refusal)] }),
        }
    }
}

impl DealRoomPostPayload {
    pub(super) fn of(done: Result<(Shown, RoomMessage), Refused<RoomRefusal>>) -> Result<Self, Problem> {
        match done {
            Ok((shown, message)) => Ok(Self { message: Some(DealRoomMessage(message)), room: Some(DealRoom(shown)), errors: Vec::new() }),
            Err(Refused::Failed(error)) => Err(error.into()),
            Err(Refused::Refused(refusal)) => Ok(Self { message: None, room: None, errors: vec![error(refusal)] }),
        }
    }
}

fn error(refusal: RoomRefusal) -> UserError {
    match refusal {
        RoomRefusal::Key(KeyRefusal::Reused) => DealRoomError::of(Code::IdempotencyKeyReused, &["idempotencyKey"], KEY_REUSED),
        RoomRefusal::Key(KeyRefusal::Invalid) => DealRoomError::of(Code::InvalidInput, &["idempotencyKey"], KEY_INVALID),
        RoomRefusal::File(why) => {
            let code = match why {
                FileRefusal::NotAllowed => Code::NotAllowed,
                FileRefusal::NotFound => Code::FileNotFound,
                FileRefusal::Size | FileRefusal::Type | FileRefusal::Name => Code::InvalidInput,
            };
            DealRoomError::of(code, &["fileIds"], why.to_string())
        }
        RoomRefusal::Room(e) => {
            let path: Vec<&str> = e.path.iter().map(String::as_str).collect();
            DealRoomError::of(e.code.into(), &path, e.message.clone())
        }
    }
}

impl From<CosellCode> for Code {
    fn from(code: CosellCode) -> Self {
        match code {
            CosellCode::NotFound => Self::NotFound,
            CosellCode::NotAllowed => Self::NotAllowed,
            CosellCode::StaleVersion => Self::StaleVersion,
            CosellCode::PartnerUnknown => Self::PartnerUnknown,
            CosellCode::ParticipantTwice => Self::ParticipantTwice,
            CosellCode::ShareInvalid => Self::ShareInvalid,
            CosellCode::ShareMissing => Self::ShareMissing,
            CosellCode::SharesNotWhole => Self::SharesNotWhole,
            CosellCode::PermissionMissing => Self::PermissionMissing,
            CosellCode::PermissionRecorded => Self::PermissionRecorded,
            CosellCode::PermissionNotRecorded => Self::PermissionNotRecorded,
            CosellCode::IntroductionUnknown => Self::IntroductionUnknown,
            CosellCode::OutcomeRecorded => Self::OutcomeRecorded,
            CosellCode::DateAhead => Self::DateAhead,
            CosellCode::Required => Self::Required,
            CosellCode::TooLong => Self::TooLong,
        }
    }
}
