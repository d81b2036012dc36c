//! Refusals about disputes as user errors.

use entente_app::Refused;
use entente_app::dispute::DisputeRefusal;
use entente_app::idempotency::KeyRefusal;
use entente_domain::dispute::DisputeError as Domain;

use crate::deal::register_errors;
use crate::problem::Problem;
use crate::user_error::{DisputeError, DisputeErrorCode as Code, KEY_INVALID, KEY_REUSED, UserError};

/// The user errors of a refusal. `input` is the argument that holds the fields, where there is one.
pub(super) fn errors(refused: Refused<DisputeRefusal>, input: Option<&str>) -> Result<Vec<UserError>, Problem> {
    let field = |name: &'static str| input.into_iter().chain([name]).collect::<Vec<_>>();
    let error = match refused {
        Refused::Failed(error) => return Err(error.into()),
        Refused::Refused(DisputeRefusal::Dispute(error)) => error,
        Refused::Refused(DisputeRefusal::Register(refusal)) => {
            return Ok(register_errors(Refused::Refused(refusal))?.into_iter().map(nested).collect());
        }
        Refused::Refused(DisputeRefusal::File(file)) => return Ok(vec![DisputeError::of(Code::FileNotFound, &field("fileIds"), file.to_string())]),
        Refused::Refused(DisputeRefusal::Key(KeyRefusal::Reused)) => {
            return Ok(vec![DisputeError::of(Code::IdempotencyKeyReused, &field("idempotencyKey"), KEY_REUSED)]);
        }
        Refused::Refused(DisputeRefusal::Key(KeyRefusal::Invalid)) => {
            return Ok(vec![DisputeError::of(Code::InvalidInput, &field("idempotencyKey"), KEY_INVALID)]);
        }
    };
    let (code, path) = match &error {
        Domain::NotFound => (Code::NotFound, vec!["id"]),
        Domain::DealNotFound => (Code::DealNotFound, field("dealId")),
        Domain::LeadNotFound => (Code::LeadNotFound, field("leadId")),
        Domain::NotAllowed => (Code::NotAllowed, vec![]),
        Domain::StaleVersion { .. } => (Code::StaleVersion, vec!["expectedVersion"]),
        Domain::AlreadyOpen => (Code::AlreadyOpen, vec![]),
        Domain::NothingToDispute => (Code::NothingToDispute, vec![]),
        Domain::Closed { .. } => (Code::Closed, vec![]),
        Domain::NotNeutral { .. } => (Code::NotNeutral, vec![]),
        Domain::CannotDecide => (Code::CannotDecide, vec!["userId"]),
        Domain::NoArbiter => (Code::NoArbiter, vec![]),
        Domain::NotArbiter => (Code::NotArbiter, vec![]),
        Domain::AudienceNotYours => (Code::AudienceNotYours, field("audience")),
        Domain::CannotTransfer { .. } => (Code::CannotTransfer, vec!["outcome"]),
        Domain::Required { field: name } => (Code::Required, field(name)),
        Domain::TooLong { field: name, .. } => (Code::TooLong, field(name)),
        Domain::TooMany => (Code::TooMany, vec![]),
        Domain::Calendar => return Err(Problem::unavailable(error)),
    };
    Ok(vec![DisputeError::of(code, &path, error.to_string())])
}

/// The error of a registration inside the input of a dispute.
fn nested(error: UserError) -> UserError {
    match error {
        UserError::DealRegister(mut e) => {
            let at = e.path.len().min(1);
            e.path.insert(at, "registration".to_owned());
            UserError::DealRegister(e)
        }
        other => other,
    }
}
