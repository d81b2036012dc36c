//! Refusals of the use cases as user errors.

use async_graphql::Result;
use entente_app::Refused;
use entente_app::deal::{AddEvidenceRefusal, EvidenceRefusal, NoteRefusal, RegisterRefusal};
use entente_app::idempotency::KeyRefusal;
use entente_domain::deal::DealError;
use entente_domain::deal::register::{DraftCode, DraftViolation};

use super::types::{DealVerdict, RuleResult, VerdictOutcome};
use crate::problem::Problem;
use crate::user_error::{
    DealDecisionError, DealDecisionErrorCode as Change, DealRegisterError, DealRegisterErrorCode as Register, KEY_INVALID, KEY_REUSED, UserError,
};

/// The user errors of a registration; what is not the caller's doing goes up as a problem.
pub(crate) fn register_errors(refused: Refused<RegisterRefusal>) -> Result<Vec<UserError>, Problem> {
    let refusal = match refused {
        Refused::Failed(error) => return Err(error.into()),
        Refused::Refused(refusal) => refusal,
    };
    let one = |code, path: &[&str], message: &str| Ok(vec![DealRegisterError::of(code, path, message)]);
    match refusal {
        RegisterRefusal::Invalid(violations) => Ok(violations.into_iter().map(violation).collect()),
        RegisterRefusal::NotAllowed => one(Register::NotAllowed, &[], "Your role does not register deals; ask an administrator of your company."),
        RegisterRefusal::PartnerRequired => {
            one(Register::PartnerNotFound, &["input", "partnerId"], "partnerId must name the partner whose deal it is.")
        }
        RegisterRefusal::PartnerNotFound => one(Register::PartnerNotFound, &["input", "partnerId"], "There is no such partner."),
        RegisterRefusal::File(file) => one(Register::FileNotFound, &["input", "fileIds"], &file.to_string()),
        RegisterRefusal::Program(error @ DealError::TooManyFiles { .. }) => one(Register::TooLong, &["input", "fileIds"], &error.to_string()),
        RegisterRefusal::Key(KeyRefusal::Reused) => one(Register::IdempotencyKeyReused, &["input", "idempotencyKey"], KEY_REUSED),
        RegisterRefusal::Key(KeyRefusal::Invalid) => one(Register::InvalidInput, &["input", "idempotencyKey"], KEY_INVALID),
        RegisterRefusal::Program(error) => Err(Problem::unavailable(error)),
    }
}

fn violation(v: DraftViolation) -> UserError {
    let mut path = vec!["input"];
    path.extend(v.path.iter().map(String::as_str));
    DealRegisterError::of(v.code.into(), &path, v.message)
}

impl From<DraftCode> for Register {
    fn from(code: DraftCode) -> Self {
        match code {
            DraftCode::Required => Self::Required,
            DraftCode::TooLong => Self::TooLong,
            DraftCode::InvalidInput => Self::InvalidInput,
            DraftCode::CustomerCountryUnknown => Self::CustomerCountryUnknown,
            DraftCode::ValueNotPositive => Self::ValueNotPositive,
            DraftCode::ValueTooPrecise => Self::ValueTooPrecise,
            DraftCode::ValueBelowMinimum => Self::ValueBelowMinimum,
            DraftCode::CurrencyNotAccepted => Self::CurrencyNotAccepted,
            DraftCode::CloseDateInPast => Self::CloseDateInPast,
            DraftCode::ProductUnknown => Self::ProductUnknown,
            DraftCode::ProductRetired => Self::ProductRetired,
            DraftCode::ProductNotAllowed => Self::ProductNotAllowed,
            DraftCode::TerritoryNotAllowed => Self::TerritoryNotAllowed,
            DraftCode::ContactMissing => Self::ContactMissing,
            DraftCode::DescriptionTooShort => Self::DescriptionTooShort,
            DraftCode::CloseDateTooFar => Self::CloseDateTooFar,
            DraftCode::EngagementNotAccepted => Self::EngagementNotAccepted,
            DraftCode::EvidenceTooLittle => Self::EvidenceTooLittle,
            DraftCode::NotCertified => Self::NotCertified,
            DraftCode::MeetingAhead => Self::MeetingAhead,
        }
    }
}

/// A registration that cannot be made as a verdict: blocked, with a failed rule for each error.
pub(super) fn blocked(errors: Vec<UserError>) -> DealVerdict {
    let rules = errors.into_iter().filter_map(|error| match error {
        UserError::DealRegister(e) => Some(RuleResult {
            code: async_graphql::resolver_utils::enum_value(e.code).to_string().trim_matches('"').to_owned(),
            passed: false,
            remedy: Some(e.message.clone()),
            appeal: None,
            message: e.message,
        }),
        _ => None,
    });
    DealVerdict { outcome: VerdictOutcome::Blocked, rules: rules.collect() }
}

/// The user error of a refused change. `input` is the argument that holds the fields, where there is one.
pub(crate) fn change_error(refused: Refused<DealError>, input: Option<&str>) -> Result<Vec<UserError>, Problem> {
    let error = match refused {
        Refused::Failed(error) => return Err(error.into()),
        Refused::Refused(error) => error,
    };
    let message = error.to_string();
    let field = |name: &'static str| input.into_iter().chain([name]).collect::<Vec<_>>();
    let (code, path) = match &error {
        DealError::NotFound => (Change::NotFound, vec!["id"]),
        DealError::NotAllowed => (Change::NotAllowed, vec![]),
        DealError::StaleVersion { .. } => (Change::StaleVersion, vec!["expectedVersion"]),
        DealError::WrongStatus { .. } => (Change::WrongStatus, vec![]),
        DealError::ClaimTaken => (Change::ClaimTaken, vec![]),
        DealError::StageUnknown { .. } => (Change::StageUnknown, vec!["stage"]),
        DealError::Required { field: name } => (Change::Required, field(name)),
        DealError::TooLong { field: name, .. } => (Change::TooLong, field(name)),
        DealError::CloseDateInPast => (Change::CloseDateInPast, field("expectedCloseOn")),
        DealError::NotProtected { .. } => (Change::NotProtected, vec![]),
        DealError::QuestionOpen => (Change::QuestionOpen, vec![]),
        DealError::ExtensionPending => (Change::ExtensionPending, vec![]),
        DealError::ExtensionNotAllowed => (Change::ExtensionNotAllowed, vec![]),
        DealError::NothingPending => (Change::NothingPending, vec![]),
        DealError::EvidenceTooLittle { .. } => (Change::EvidenceTooLittle, vec![]),
        DealError::MeetingAhead => (Change::MeetingAhead, field("metOn")),
        DealError::TooManyFiles { .. } => (Change::TooManyFiles, field("fileIds")),
        DealError::NotYourStep => (Change::NotYourStep, vec![]),
        DealError::OwnerCannotDecide => (Change::OwnerCannotDecide, vec!["to"]),
        DealError::CircularStep => (Change::CircularStep, vec!["to"]),
        DealError::Calendar => return Err(Problem::unavailable(message)),
    };
    Ok(vec![DealDecisionError::of(code, &path, message)])
}

/// The user error of refused evidence.
pub(super) fn evidence_error(refused: Refused<EvidenceRefusal>) -> Result<Vec<UserError>, Problem> {
    match refused {
        Refused::Failed(error) => Err(error.into()),
        Refused::Refused(EvidenceRefusal::Deal(error)) => change_error(Refused::Refused(error), Some("input")),
        Refused::Refused(EvidenceRefusal::File(file)) => {
            Ok(vec![DealDecisionError::of(Change::FileNotFound, &["input", "fileIds"], file.to_string())])
        }
    }
}

/// The user errors of evidence that was not added.
pub(super) fn add_evidence_error(refused: Refused<AddEvidenceRefusal>) -> Result<Vec<UserError>, Problem> {
    match refused {
        Refused::Failed(error) => Err(error.into()),
        Refused::Refused(AddEvidenceRefusal::Evidence(refusal)) => evidence_error(Refused::Refused(refusal)),
        Refused::Refused(AddEvidenceRefusal::Key(refusal)) => Ok(key_error(refusal)),
    }
}

/// The user error of an idempotency key that cannot be used.
fn key_error(refusal: KeyRefusal) -> Vec<UserError> {
    let (code, message) = match refusal {
        KeyRefusal::Reused => (Change::IdempotencyKeyReused, KEY_REUSED),
        KeyRefusal::Invalid => (Change::InvalidInput, KEY_INVALID),
    };
    vec![DealDecisionError::of(code, &["idempotencyKey"], message)]
}

/// The user error of a refused note.
pub(super) fn note_error(refused: Refused<NoteRefusal>) -> Result<Vec<UserError>, Problem> {
    match refused {
        Refused::Failed(error) => Err(error.into()),
        Refused::Refused(NoteRefusal::Deal(error)) => change_error(Refused::Refused(error), None),
        Refused::Refused(NoteRefusal::Key(refusal)) => Ok(key_error(refusal)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_argument_it_is_about() {
        let errors = change_error(Refused::Refused(DealError::Required { field: "title" }), Some("input")).unwrap();
        let [UserError::DealDecision(error)] = errors.as_slice() else { panic!("one error") };
        assert_eq!((error.path.join("."), error.code), ("input.title".to_owned(), Change::Required));
    }

    #[test]
    fn a_draft_that_breaks_a_rule_is_a_blocked_verdict() {
        let refusal = RegisterRefusal::Invalid(vec![DraftViolation {
            path: vec!["value".into(), "amount".into()],
            code: DraftCode::ValueNotPositive,
            message: "value.amount must be above zero.".into(),
        }]);
        let errors = register_errors(Refused::Refused(refusal)).unwrap();
        let [UserError::DealRegister(error)] = errors.as_slice() else { panic!("one error") };
        assert_eq!(error.path, ["input", "value", "amount"]);
        let verdict = blocked(errors);
        assert_eq!((verdict.outcome, verdict.rules[0].code.as_str()), (VerdictOutcome::Blocked, "VALUE_NOT_POSITIVE"));
    }
}
