//! The public form: an enquiry by somebody without an account.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::error::errors;
use super::input::LeadEnquireInput;
use crate::context::Ask as _;
use crate::user_error::UserError;

/// What became of an enquiry. It says nothing about what is known of the person.
#[derive(SimpleObject)]
pub(crate) struct LeadEnquirePayload {
    /// Whether it was received.
    received: bool,
    /// What the caller can mend; empty when it was received.
    errors: Vec<UserError>,
}

/// Mutations that anyone may use.
#[derive(Default)]
pub(crate) struct EnquiryMutation;

#[Object]
impl EnquiryMutation {
    /// Asks a partner of the directory, or the program to find one, to be contacted. Open to anyone; how often is limited by
    /// address.
    async fn lead_enquire(&self, ctx: &Context<'_>, #[graphql(desc = "The enquiry.")] input: LeadEnquireInput) -> Result<LeadEnquirePayload> {
        match entente_app::lead::enquire(ctx.app()?, &input.into()).await {
            Ok(()) => Ok(LeadEnquirePayload { received: true, errors: Vec::new() }),
            Err(refused) => Ok(LeadEnquirePayload { received: false, errors: errors(refused, &["input"])? }),
        }
    }
}
