//! Changing disputes.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::deal::RegisterInput;
use entente_app::dispute::{self as app, DisputeRefusal, OpenInput, StateInput};
use entente_domain::dispute as domain;

use super::error::errors;
use super::object::Dispute;
use super::types::{DisputeAudience, DisputeOutcome};
use crate::context::Ask as _;
use crate::deal::DealRegisterInput;
use crate::user_error::UserError;

/// A new dispute: about a registration or about a deal, one of the two.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DisputeOpenInput {
    /// The registration that the verdict stopped or may stop, as it was asked for. The server judges it again and keeps what it
    /// finds; its own `idempotencyKey` does not count here.
    registration: Option<DealRegisterInput>,
    /// The accepted lead of which the registration was to be made. The deal that comes of the dispute keeps it with its marketing
    /// source, and the lead is converted, if the viewer's partner has it then. Only with a registration.
    lead_id: Option<ID>,
    /// The deal of the viewer's own partner that it is about.
    deal_id: Option<ID>,
    /// Why, at most 4,000 characters. Read by the vendor, never by the other side.
    statement: String,
    /// Files, by the ids that `POST /uploads?for=evidence` answered; at most 10.
    #[graphql(default)]
    file_ids: Vec<ID>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

impl From<DisputeOpenInput> for OpenInput {
    fn from(i: DisputeOpenInput) -> Self {
        Self {
            registration: i.registration.map(RegisterInput::from),
            lead_id: i.lead_id.map(|id| id.0),
            deal_id: i.deal_id.map(|id| id.0),
            statement: i.statement,
            file_ids: i.file_ids.into_iter().map(|id| id.0).collect(),
            idempotency_key: i.idempotency_key,
        }
    }
}

/// Something that is said in a dispute.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DisputeStateInput {
    /// The words, at most 4,000 characters.
    text: String,
    /// Files, by the ids that `POST /uploads?for=evidence` answered; at most 10.
    #[graphql(default)]
    file_ids: Vec<ID>,
    /// Who reads it beside the vendor. A side leaves it out: it is read by the vendor alone. The vendor's own are internal if it is
    /// left out.
    audience: Option<DisputeAudience>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

/// What became of a dispute.
#[derive(SimpleObject)]
pub(crate) struct DisputePayload {
    /// The dispute; null when there are errors.
    dispute: Option<Dispute>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

impl DisputePayload {
    fn of(done: Result<domain::Dispute, Refused<DisputeRefusal>>, input: Option<&str>) -> Result<Self> {
        match done {
            Ok(dispute) => Ok(Self { dispute: Some(Dispute(dispute)), errors: Vec::new() }),
            Err(refused) => Ok(Self { dispute: None, errors: errors(refused, input)? }),
        }
    }
}

/// Mutations of disputes.
#[derive(Default)]
pub(crate) struct DisputeMutation;

#[Object]
impl DisputeMutation {
    /// Opens a dispute for the viewer's own partner, about a registration that is judged again, or about a deal of its own. One of
    /// a partner's may be open about a customer.
    async fn dispute_open(&self, ctx: &Context<'_>, #[graphql(desc = "The dispute.")] input: DisputeOpenInput) -> Result<DisputePayload> {
        DisputePayload::of(app::open(ctx.app()?, ctx.signed_in()?, &input.into()).await, Some("input"))
    }

    /// Says something in an open dispute, with files. What a side says is read by the vendor; the vendor says who reads its own.
    async fn dispute_state(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dispute.")] id: ID,
        #[graphql(desc = "What is said.")] input: DisputeStateInput,
    ) -> Result<DisputePayload> {
        let said = StateInput {
            text: input.text,
            file_ids: input.file_ids.into_iter().map(|id| id.0).collect(),
            audience: input.audience.map(Into::into),
            idempotency_key: input.idempotency_key,
        };
        DisputePayload::of(app::state(ctx.app()?, ctx.signed_in()?, &id, &said).await, Some("input"))
    }

    /// Names who decides: an active administrator or channel manager of the vendor who owns neither side and decided on neither.
    async fn dispute_name_arbiter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dispute.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "The person.")] user_id: ID,
    ) -> Result<DisputePayload> {
        DisputePayload::of(app::name_arbiter(ctx.app()?, ctx.signed_in()?, &id, expected_version, &user_id).await, None)
    }

    /// Decides, by the arbiter alone. What follows for the deals of both sides is written at once with it.
    async fn dispute_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dispute.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "What is decided.")] outcome: DisputeOutcome,
        #[graphql(desc = "Why, for both sides to read, at most 4,000 characters; name neither.")] reason: String,
    ) -> Result<DisputePayload> {
        DisputePayload::of(app::decide(ctx.app()?, ctx.signed_in()?, &id, expected_version, outcome.into(), &reason).await, None)
    }

    /// Takes a dispute back, by the side that opened it.
    async fn dispute_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dispute.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "Why, at most 4,000 characters; read by the vendor.")] reason: Option<String>,
    ) -> Result<DisputePayload> {
        DisputePayload::of(app::withdraw(ctx.app()?, ctx.signed_in()?, &id, expected_version, reason.as_deref()).await, None)
    }
}
