//! Refusals about leads as errors of a payload.

use entente_app::Refused;
use entente_app::idempotency::KeyRefusal;
use entente_app::lead::LeadRefusal;
use entente_domain::lead::LeadError as Domain;
use entente_domain::lead::draft::LeadCode;
use entente_domain::lead::routing::{RoutingCode, RoutingViolation};

use crate::problem::Problem;
use crate::user_error::{KEY_INVALID, KEY_REUSED, LeadError, LeadErrorCode as Code, UserError};

/// The errors of a refusal. `root` is where what was typed lies in the arguments.
pub(super) fn errors(refused: Refused<LeadRefusal>, root: &[&str]) -> Result<Vec<UserError>, Problem> {
    match refused {
        Refused::Failed(error) => Err(error.into()),
        Refused::Refused(refusal) => Ok(of(refusal, root)),
    }
}

pub(super) fn of(refusal: LeadRefusal, root: &[&str]) -> Vec<UserError> {
    let path = |rest: &[&str]| -> Vec<String> { root.iter().chain(rest).map(|s| (*s).to_owned()).collect() };
    let one = |code, path: Vec<String>, message: String| vec![LeadError::of(code, &path.iter().map(String::as_str).collect::<Vec<_>>(), message)];
    match refusal {
        LeadRefusal::Invalid(wrong) => wrong
            .into_iter()
            .map(|v| {
                let mut at: Vec<&str> = root.to_vec();
                at.extend(v.path.iter().map(String::as_str));
                LeadError::of(draft_code(v.code), &at, v.message)
            })
            .collect(),
        LeadRefusal::Routing(wrong) => wrong.into_iter().map(|v| violation(&v)).collect(),
        LeadRefusal::Lead(error) => lead(&error, root),
        LeadRefusal::RoutingStale(number) => {
            let message = format!("The routing rules have changed since you looked (version {number}); look again and repeat.");
            one(Code::StaleVersion, vec!["input".into(), "expectedNumber".into()], message)
        }
        LeadRefusal::ConsentMissing => {
            one(Code::ConsentMissing, path(&["consent"]), "consent must be the text by which the person agrees to be contacted.".into())
        }
        LeadRefusal::Key(KeyRefusal::Reused) => one(Code::IdempotencyKeyReused, path(&["idempotencyKey"]), KEY_REUSED.into()),
        LeadRefusal::Key(KeyRefusal::Invalid) => one(Code::InvalidInput, path(&["idempotencyKey"]), KEY_INVALID.into()),
    }
}

fn lead(error: &Domain, root: &[&str]) -> Vec<UserError> {
    let mut at: Vec<&str> = Vec::new();
    let code = match error {
        Domain::NotFound => {
            at.push("id");
            Code::NotFound
        }
        Domain::NotAllowed => Code::NotAllowed,
        Domain::StaleVersion { .. } => {
            at.push("expectedVersion");
            Code::StaleVersion
        }
        Domain::WrongStatus { .. } => Code::WrongStatus,
        Domain::WindowOver => Code::WindowOver,
        Domain::PartnerNotActive | Domain::PartnerNotFound | Domain::SamePartner => {
            at.extend(root);
            at.push("partnerId");
            match error {
                Domain::PartnerNotActive => Code::PartnerNotActive,
                Domain::PartnerNotFound => Code::PartnerNotFound,
                _ => Code::SamePartner,
            }
        }
        Domain::Required { field } => {
            at.push(field);
            Code::Required
        }
        Domain::TooLong { field, .. } => {
            at.push(field);
            Code::TooLong
        }
        Domain::Calendar => Code::CalendarWithoutWorkingTime,
    };
    vec![LeadError::of(code, &at, error.to_string())]
}

fn draft_code(code: LeadCode) -> Code {
    match code {
        LeadCode::Required => Code::Required,
        LeadCode::TooLong => Code::TooLong,
        LeadCode::InvalidInput => Code::InvalidInput,
        LeadCode::EmailInvalid => Code::EmailInvalid,
        LeadCode::CountryUnknown => Code::CountryUnknown,
        LeadCode::ProductUnknown => Code::ProductUnknown,
        LeadCode::TermUnknown => Code::TermUnknown,
        LeadCode::CurrencyNotAccepted => Code::CurrencyNotAccepted,
        LeadCode::ValueInvalid => Code::ValueInvalid,
    }
}

/// Something wrong with routing rules; what is about the note lies beside the rules.
fn violation(v: &RoutingViolation) -> UserError {
    let code = match v.code {
        RoutingCode::Required => Code::Required,
        RoutingCode::TooLong => Code::TooLong,
        RoutingCode::InvalidInput => Code::InvalidInput,
        RoutingCode::TermUnknown => Code::TermUnknown,
        RoutingCode::ProductUnknown => Code::ProductUnknown,
        RoutingCode::PartnerUnknown => Code::PartnerNotActive,
        RoutingCode::UserUnknown => Code::PersonUnknown,
        RoutingCode::Twice => Code::Twice,
        RoutingCode::Unreachable => Code::Unreachable,
    };
    let mut at: Vec<&str> = vec!["input"];
    at.extend(v.path.iter().map(String::as_str));
    LeadError::of(code, &at, v.message.clone())
}
