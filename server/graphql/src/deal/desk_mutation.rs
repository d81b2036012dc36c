//! Evidence, questions to the vendor, extensions and release: one mutation per business action.

use async_graphql::{Context, ID, Object, Result};
use entente_app::deal as app;

use super::decision::DealDecisionPayload as Payload;
use super::desk::DealEvidenceInput;
use crate::context::Ask as _;

/// Mutations of evidence and protection.
#[derive(Default)]
pub(crate) struct DealDeskMutation;

#[Object]
impl DealDeskMutation {
    /// Adds evidence to a registration that waits or a deal that is approved. The deal's own partner.
    async fn deal_add_evidence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the evidence is added on.")] expected_version: i32,
        #[graphql(desc = "What is added.")] input: DealEvidenceInput,
        #[graphql(
            desc = "Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result again; with other input it is an error."
        )]
        idempotency_key: Option<String>,
    ) -> Result<Payload> {
        let key = idempotency_key.as_deref();
        Payload::of_added(app::add_evidence(ctx.app()?, ctx.signed_in()?, &id, expected_version, &input.into(), key).await)
    }

    /// Asks the vendor something about an approved deal; protection stands still until the answer. The deal's own partner.
    async fn deal_ask_vendor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the question is asked on.")] expected_version: i32,
        #[graphql(desc = "The question, at most 4,000 characters.")] question: String,
    ) -> Result<Payload> {
        Payload::of(app::ask_vendor(ctx.app()?, ctx.signed_in()?, &id, expected_version, &question).await, None)
    }

    /// Answers the partner's question; protection goes on with what was left. Vendor's administrators and channel managers.
    async fn deal_answer_partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the answer is given on.")] expected_version: i32,
        #[graphql(desc = "The answer, at most 4,000 characters.")] answer: String,
    ) -> Result<Payload> {
        Payload::of(app::answer_partner(ctx.app()?, ctx.signed_in()?, &id, expected_version, &answer).await, None)
    }

    /// Asks for an extension of the protection on evidence; the clock stands still until the vendor has decided. None while one
    /// waits, and only as often as the rules of the approval allow. The deal's own partner.
    async fn deal_request_extension(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the request is made on.")] expected_version: i32,
        #[graphql(desc = "What speaks for it, at most 4,000 characters.")] reason: String,
        #[graphql(desc = "New evidence, added in the same change.")] evidence: Option<DealEvidenceInput>,
    ) -> Result<Payload> {
        let evidence = evidence.map(Into::into);
        let done = app::request_extension(ctx.app()?, ctx.signed_in()?, &id, expected_version, &reason, evidence.as_ref()).await;
        Payload::of_evidence(done)
    }

    /// Grants or declines an extension; protection goes on, longer by the days of the rules when it is granted. Vendor's
    /// administrators and channel managers.
    async fn deal_decide_extension(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the decision is made on.")] expected_version: i32,
        #[graphql(desc = "Whether it is granted.")] granted: bool,
        #[graphql(desc = "A note to the partner, at most 4,000 characters; needed to decline.")] note: Option<String>,
    ) -> Result<Payload> {
        Payload::of(app::decide_extension(ctx.app()?, ctx.signed_in()?, &id, expected_version, granted, note.as_deref()).await, None)
    }

    /// Gives an approved deal free at the customer's request: who asked and what proves it are written down for both sides.
    /// Vendor's administrators and channel managers.
    async fn deal_release(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "The version that the decision is made on.")] expected_version: i32,
        #[graphql(desc = "Who at the customer asked, at most 200 characters.")] requested_by: String,
        #[graphql(desc = "What proves it, at most 4,000 characters.")] proof: String,
    ) -> Result<Payload> {
        Payload::of(app::release(ctx.app()?, ctx.signed_in()?, &id, expected_version, &requested_by, &proof).await, None)
    }

    /// Says of which company the deal's customer is a subsidiary, for every partner's record of that customer. Vendor's
    /// administrators and channel managers.
    async fn deal_set_customer_parent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] id: ID,
        #[graphql(desc = "Name of the parent, at most 200 characters; empty takes it back.")] parent: String,
    ) -> Result<Payload> {
        Payload::of(app::set_parent(ctx.app()?, ctx.signed_in()?, &id, &parent).await, None)
    }
}
