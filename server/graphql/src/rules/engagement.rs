//! The acceptance of the rules of engagement.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::idempotency::KeyRefusal;
use entente_app::rules::EngagementRefusal;
use entente_domain::rules::engagement as domain;

use crate::context::Ask as _;
use crate::problem::Problem;
use crate::scalar::DateTime;
use crate::user_error::{EngagementError, EngagementErrorCode as Code, KEY_INVALID, KEY_REUSED, UserError};

/// That a partner has accepted the rules of engagement.
#[derive(SimpleObject)]
pub(crate) struct EngagementAcceptance {
    /// Number of the version of the rules whose text was accepted; a later version with the same text needs no new acceptance.
    rules_number: i32,
    /// Who accepted for the partner.
    accepted_by: String,
    /// When.
    accepted_at: DateTime,
}

impl From<domain::Acceptance> for EngagementAcceptance {
    fn from(a: domain::Acceptance) -> Self {
        Self { rules_number: a.rules, accepted_by: a.by.name, accepted_at: DateTime(a.at) }
    }
}

/// What became of an acceptance.
#[derive(SimpleObject)]
pub(crate) struct EngagementPayload {
    /// The acceptance; null when there are errors.
    acceptance: Option<EngagementAcceptance>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// Root field of the acceptance.
#[derive(Default)]
pub(crate) struct EngagementQuery;

#[Object]
impl EngagementQuery {
    /// The acceptance that counts for a partner under the rules in force; null when there is none, when nothing is to be
    /// accepted, or when the partner is not the viewer's to see.
    async fn engagement_acceptance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The partner; the viewer's own if left out.")] partner_id: Option<ID>,
    ) -> Result<Option<EngagementAcceptance>> {
        let found = entente_app::rules::engagement(ctx.app()?, ctx.signed_in()?, partner_id.as_deref().map(String::as_str)).await;
        Ok(found.map_err(Problem::from)?.map(Into::into))
    }
}

/// Mutation of the acceptance.
#[derive(Default)]
pub(crate) struct EngagementMutation;

#[Object]
impl EngagementMutation {
    /// Accepts the rules of engagement of the rules in force for the viewer's own partner, so that it may register deals. What
    /// has been accepted before is answered as it was. Administrators of a partner only.
    async fn engagement_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the version of the rules that was read; it must be the one in force.")] rules_number: i32,
        #[graphql(
            desc = "Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result again; with other input it is an error."
        )]
        idempotency_key: Option<String>,
    ) -> Result<EngagementPayload> {
        match entente_app::rules::accept(ctx.app()?, ctx.signed_in()?, rules_number, idempotency_key.as_deref()).await {
            Ok(done) => Ok(EngagementPayload { acceptance: Some(done.into()), errors: Vec::new() }),
            Err(refused) => Ok(EngagementPayload { acceptance: None, errors: vec![error(refused)?] }),
        }
    }
}

fn error(refused: Refused<EngagementRefusal>) -> Result<UserError, Problem> {
    let refusal = match refused {
        Refused::Failed(error) => return Err(error.into()),
        Refused::Refused(refusal) => refusal,
    };
    let (code, path, message): (_, &[&str], String) = match refusal {
        EngagementRefusal::NotAllowed => (Code::NotAllowed, &[], "Only an administrator of the partner accepts for it.".into()),
        EngagementRefusal::OtherVersion(current) => {
            (Code::StaleVersion, &["rulesNumber"], format!("Version {current} is in force; read it and accept that one."))
        }
        EngagementRefusal::NothingToAccept => (Code::NothingToAccept, &[], "The rules in force have no rules of engagement.".into()),
        EngagementRefusal::Key(KeyRefusal::Reused) => (Code::IdempotencyKeyReused, &["idempotencyKey"], KEY_REUSED.into()),
        EngagementRefusal::Key(KeyRefusal::Invalid) => (Code::InvalidInput, &["idempotencyKey"], KEY_INVALID.into()),
    };
    Ok(EngagementError::of(code, path, message))
}
