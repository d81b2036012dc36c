//! Registering and changing deals: one mutation per business action.

use async_graphql::{Context, ID, Object, Result};
use entente_app::deal as app;

use super::decision::DealDecisionPayload as Payload;
use super::input::{DealRegisterInput, DealUpdateInput};
use super::register::DealRegisterPayload;
use super::types::NoteVisibility;
use crate::context::Ask as _;
use crate::record::RejectionReason;

/// Mutations of deals.
#[derive(Default)]
pub(crate) struct DealMutation;

#[Object]
impl DealMutation {
    /// Registers a deal. The verdict comes at once; unless it is blocked, the deal is submitted and the vendor's clock runs.
    async fn deal_register(&self, ctx: &Context<'_>, #[graphql(desc = "The registration.")] input: DealRegisterInput) -> Result<DealRegisterPayload> {
        DealRegisterPayload::of(app::register(ctx.app()?, ctx.signed_in()?, &input.into()).await)
    }

    /// Approves a registration: it holds customer and products for the program's days. Vendor's administrators and channel
    /// managers.
    async fn deal_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the decision is made on.")] expected_version: i32,
        #[graphql(desc = "A note to the partner, at most 4,000 characters.")] note: Option<String>,
    ) -> Result<Payload> {
        Payload::of(app::approve(ctx.app()?, ctx.signed_in()?, &id, expected_version, note.as_deref()).await, None)
    }

    /// Rejects a registration with a reason that the partner sees. Vendor's administrators and channel managers.
    async fn deal_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the decision is made on.")] expected_version: i32,
        #[graphql(desc = "Why, at most 4,000 characters.")] reason: String,
        #[graphql(desc = "What kind of reason; counted in the vendor's record, which partners read.")] reason_code: Option<RejectionReason>,
    ) -> Result<Payload> {
        let done = app::reject(ctx.app()?, ctx.signed_in()?, &id, expected_version, &reason, reason_code.map(Into::into)).await;
        Payload::of(done, None)
    }

    /// Asks the partner something; the vendor's clock stands still until the answer. Vendor's administrators and channel
    /// managers.
    async fn deal_request_info(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the question is asked on.")] expected_version: i32,
        #[graphql(desc = "The question, at most 4,000 characters.")] question: String,
    ) -> Result<Payload> {
        Payload::of(app::request_info(ctx.app()?, ctx.signed_in()?, &id, expected_version, &question).await, None)
    }

    /// Answers the vendor's question; the vendor's clock goes on. The deal's own partner.
    async fn deal_provide_info(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the answer is given on.")] expected_version: i32,
        #[graphql(desc = "The answer, at most 4,000 characters.")] answer: String,
    ) -> Result<Payload> {
        Payload::of(app::provide_info(ctx.app()?, ctx.signed_in()?, &id, expected_version, &answer).await, None)
    }

    /// Takes a registration back; what it held is free. The deal's own partner.
    async fn deal_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the decision is made on.")] expected_version: i32,
        #[graphql(desc = "Why, at most 4,000 characters.")] reason: Option<String>,
    ) -> Result<Payload> {
        Payload::of(app::withdraw(ctx.app()?, ctx.signed_in()?, &id, expected_version, reason.as_deref()).await, None)
    }

    /// Moves an approved deal through the stages of the sale. Won and lost close it today.
    async fn deal_move_stage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the move is made on.")] expected_version: i32,
        #[graphql(desc = "Key of the stage, one of the deal's nextStages.")] stage: String,
        #[graphql(desc = "A note, at most 4,000 characters.")] note: Option<String>,
    ) -> Result<Payload> {
        Payload::of(app::move_stage(ctx.app()?, ctx.signed_in()?, &id, expected_version, &stage, note.as_deref()).await, None)
    }

    /// Writes a note on a deal. Notes do not race with decisions: no version is asked for, and none is counted.
    async fn deal_add_note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The note, at most 4,000 characters.")] text: String,
        #[graphql(desc = "Who may see it; only the vendor writes internal notes.")] visibility: NoteVisibility,
        #[graphql(
            desc = "Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result again; with other input it is an error."
        )]
        idempotency_key: Option<String>,
    ) -> Result<Payload> {
        let done = app::add_note(ctx.app()?, ctx.signed_in()?, &id, &text, visibility.into(), idempotency_key.as_deref()).await;
        Payload::of_note(done)
    }

    /// Changes title, next step or expected close date of an open deal.
    async fn deal_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "What to change.")] input: DealUpdateInput,
    ) -> Result<Payload> {
        Payload::of(app::update(ctx.app()?, ctx.signed_in()?, &id, expected_version, &input.into()).await, Some("input"))
    }
}
