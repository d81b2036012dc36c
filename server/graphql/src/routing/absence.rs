//! What became of an absence.

use async_graphql::{Result, SimpleObject};
use entente_app::Refused;
use entente_app::idempotency::KeyRefusal;
use entente_app::routing::AbsenceRefusal;
use entente_domain::routing::absence::{Absence as DomainAbsence, AbsenceCode};

use super::object::Absence;
use crate::problem::Problem;
use crate::user_error::{AbsenceError, AbsenceErrorCode as Code, KEY_INVALID, KEY_REUSED, UserError};

/// What became of an absence.
#[derive(SimpleObject)]
pub(crate) struct AbsencePayload {
    /// The absence; null when there are errors. One that was removed is answered as it was.
    absence: Option<Absence>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

impl AbsencePayload {
    /// `input` is the argument that holds the fields, where there is one.
    pub(super) fn of(done: Result<DomainAbsence, Refused<AbsenceRefusal>>, input: Option<&str>) -> Result<Self, Problem> {
        match done {
            Ok(absence) => Ok(Self { absence: Some(Absence(absence)), errors: Vec::new() }),
            Err(Refused::Failed(error)) => Err(error.into()),
            Err(Refused::Refused(refusal)) => Ok(Self { absence: None, errors: vec![error(refusal, input)] }),
        }
    }
}

fn error(refusal: AbsenceRefusal, input: Option<&str>) -> UserError {
    let path = |field: &'static str| input.into_iter().chain(Some(field).filter(|f| !f.is_empty())).collect::<Vec<_>>();
    match refusal {
        AbsenceRefusal::Key(KeyRefusal::Reused) => AbsenceError::of(Code::IdempotencyKeyReused, &path("idempotencyKey"), KEY_REUSED),
        AbsenceRefusal::Key(KeyRefusal::Invalid) => AbsenceError::of(Code::InvalidInput, &path("idempotencyKey"), KEY_INVALID),
        AbsenceRefusal::Absence(e) => AbsenceError::of(e.code.into(), &path(e.field), e.message),
    }
}

impl From<AbsenceCode> for Code {
    fn from(code: AbsenceCode) -> Self {
        match code {
            AbsenceCode::NotFound => Self::NotFound,
            AbsenceCode::NotAllowed => Self::NotAllowed,
            AbsenceCode::InvalidInput => Self::InvalidInput,
            AbsenceCode::DateInPast => Self::DateInPast,
            AbsenceCode::Overlaps => Self::Overlaps,
            AbsenceCode::PersonUnknown => Self::PersonUnknown,
            AbsenceCode::PersonCannotDecide => Self::PersonCannotDecide,
            AbsenceCode::CoverCircle => Self::CoverCircle,
            AbsenceCode::TooMany => Self::TooMany,
        }
    }
}
