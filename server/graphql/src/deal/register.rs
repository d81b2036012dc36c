//! What became of a registration.

use async_graphql::{Result, SimpleObject};
use entente_app::Refused;
use entente_app::deal::{RegisterRefusal, Registered};

use super::Deal;
use super::error::register_errors;
use super::types::DealVerdict;
use crate::user_error::UserError;

/// What became of a registration.
#[derive(SimpleObject)]
pub(crate) struct DealRegisterPayload {
    /// The deal; null when it is blocked or there are errors.
    deal: Option<Deal>,
    /// What the rules say; null when there are errors.
    verdict: Option<DealVerdict>,
    /// What the caller can mend. A blocked registration is a verdict and no error.
    errors: Vec<UserError>,
}

impl DealRegisterPayload {
    pub(super) fn of(done: Result<Registered, Refused<RegisterRefusal>>) -> Result<Self> {
        match done {
            Ok(done) => Ok(Self { deal: done.deal.map(Deal), verdict: Some(done.verdict.into()), errors: Vec::new() }),
            Err(refused) => Ok(Self { deal: None, verdict: None, errors: register_errors(refused)? }),
        }
    }
}
