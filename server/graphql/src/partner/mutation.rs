//! Changing a partner's profile.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::partner::{LogoError, PartnerRefusal};
use entente_domain::partner::{ProfileCode, ProfileViolation};

use super::Partner;
use super::input::PartnerUpdateInput;
use crate::context::Ask as _;
use crate::problem::Problem;
use crate::user_error::{PartnerError, PartnerErrorCode as Code, UserError};

/// What became of a change of a partner.
#[derive(SimpleObject)]
pub(crate) struct PartnerPayload {
    /// The partner; null when there are errors.
    pub(super) partner: Option<Partner>,
    /// What the caller can mend; empty when it is done.
    pub(super) errors: Vec<UserError>,
}

/// Mutations of partners.
#[derive(Default)]
pub(crate) struct PartnerMutation;

#[Object]
impl PartnerMutation {
    /// Changes profile texts, contact and logo of a partner; by its administrators and by the vendor's. Whether it is published
    /// is the vendor's to change.
    async fn partner_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The partner.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "What to change.")] input: PartnerUpdateInput,
    ) -> Result<PartnerPayload> {
        match entente_app::partner::update(ctx.app()?, ctx.signed_in()?, &id, expected_version, &input.into()).await {
            Ok(partner) => Ok(PartnerPayload { partner: Some(Partner(Arc::new(partner))), errors: Vec::new() }),
            Err(refused) => Ok(PartnerPayload { partner: None, errors: errors(refused)? }),
        }
    }
}

pub(super) fn errors(refused: Refused<PartnerRefusal>) -> Result<Vec<UserError>, Problem> {
    let refusal = match refused {
        Refused::Failed(error) => return Err(error.into()),
        Refused::Refused(refusal) => refusal,
    };
    let one = |code, path: &[&str], message: &str| Ok(vec![PartnerError::of(code, path, message)]);
    match refusal {
        PartnerRefusal::NotFound => one(Code::NotFound, &["id"], "There is no such partner."),
        PartnerRefusal::NotAllowed => one(Code::NotAllowed, &[], "Your role does not allow this; ask an administrator of your company."),
        PartnerRefusal::StaleVersion(current) => {
            let message = format!("The partner has changed since you looked (version {current}); look again and repeat.");
            one(Code::StaleVersion, &["expectedVersion"], &message)
        }
        PartnerRefusal::Invalid(violations) => Ok(violations.into_iter().map(violation).collect()),
        PartnerRefusal::LogoEncoding => one(Code::LogoNotAnImage, &["input", "logo"], "logo must be an SVG or PNG in base64."),
        PartnerRefusal::Logo(error) => one(logo_code(&error), &["input", "logo"], &sentence(&error.to_string())),
    }
}

fn violation(v: ProfileViolation) -> UserError {
    let code = match v.code {
        ProfileCode::Required => Code::Required,
        ProfileCode::TooLong => Code::TooLong,
        ProfileCode::InvalidInput => Code::InvalidInput,
    };
    PartnerError::of(code, &["input", v.field], sentence(&v.message))
}

fn logo_code(error: &LogoError) -> Code {
    match error {
        LogoError::TooLarge { .. } => Code::LogoTooLarge,
        LogoError::NotAnImage { .. } | LogoError::Dimensions { .. } => Code::LogoNotAnImage,
        _ => Code::LogoUnsafe,
    }
}

/// A message with its full stop.
fn sentence(text: &str) -> String {
    let text = text.trim_end_matches('.');
    format!("{text}.")
}
