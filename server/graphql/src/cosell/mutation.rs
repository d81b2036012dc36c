//! Changing rooms: one mutation per business action.

use async_graphql::{Context, ID, Object, Result};
use entente_app::cosell as app;
use entente_domain::cosell::Shares;

use super::input::{DealRoomIntroductionInput, DealRoomParticipantInput};
use super::object::IntroductionOutcome;
use super::payload::{DealRoomPayload as Payload, DealRoomPostPayload};
use crate::context::Ask as _;
use crate::page::keys;

/// Mutations of rooms.
#[derive(Default)]
pub(crate) struct CosellMutation;

#[Object]
impl CosellMutation {
    /// Says which partners work on a deal, in which role and with which share: all of them at once, replacing those before. A second
    /// partner needs the customer's permission. Vendor's administrators and channel managers.
    #[graphql(complexity = "5 + child_complexity")]
    async fn deal_room_set_participants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] deal_id: ID,
        #[graphql(desc = "The version of the room that it was decided on; 0 for one in which nothing was written.")] expected_version: i32,
        #[graphql(desc = "All who take part, at most 20 rows.")] participants: Vec<DealRoomParticipantInput>,
    ) -> Result<Payload> {
        let participants: Vec<app::ParticipantInput> = keys("participants", Some(participants))?.into_iter().map(Into::into).collect();
        Ok(Payload::of(app::set_participants(ctx.app()?, ctx.signed_in()?, &deal_id, expected_version, &participants).await)?)
    }

    /// Records that the customer agreed to be named to further partners. The vendor, and the deal's own partner.
    async fn deal_room_record_permission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] deal_id: ID,
        #[graphql(desc = "The version of the room that it was decided on.")] expected_version: i32,
        #[graphql(desc = "Who at the customer agreed, at most 200 characters.")] granted_by: String,
        #[graphql(desc = "What shows it, at most 4,000 characters.")] proof: String,
    ) -> Result<Payload> {
        Ok(Payload::of(app::record_permission(ctx.app()?, ctx.signed_in()?, &deal_id, expected_version, &granted_by, &proof).await)?)
    }

    /// Takes the customer's permission back: partners beside the deal's own no longer see the room. The vendor, and the deal's own
    /// partner.
    async fn deal_room_withdraw_permission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] deal_id: ID,
        #[graphql(desc = "The version of the room that it was decided on.")] expected_version: i32,
        #[graphql(desc = "Why, at most 4,000 characters.")] reason: String,
    ) -> Result<Payload> {
        Ok(Payload::of(app::withdraw_permission(ctx.app()?, ctx.signed_in()?, &deal_id, expected_version, &reason).await)?)
    }

    /// Says what of the deal participants see beside its title, customer and stage. The vendor, and the deal's own partner.
    async fn deal_room_share(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] deal_id: ID,
        #[graphql(desc = "The version of the room that it was decided on.")] expected_version: i32,
        #[graphql(desc = "Whether they see its value.")] value: bool,
        #[graphql(desc = "Whether they see what happens next, and when it is expected to close.")] next_step: bool,
    ) -> Result<Payload> {
        Ok(Payload::of(app::share(ctx.app()?, ctx.signed_in()?, &deal_id, expected_version, Shares { value, next_step }).await)?)
    }

    /// Records who introduced whom to whom. Everybody who works in the room.
    async fn deal_room_introduce(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] deal_id: ID,
        #[graphql(desc = "The introduction.")] input: DealRoomIntroductionInput,
    ) -> Result<Payload> {
        let key = input.idempotency_key.clone();
        Ok(Payload::of(app::introduce(ctx.app()?, ctx.signed_in()?, &deal_id, &input.into(), key.as_deref()).await)?)
    }

    /// Says what came of an introduction, once. Everybody who works in the room.
    async fn deal_room_conclude_introduction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] deal_id: ID,
        #[graphql(desc = "The version of the room that it was decided on.")] expected_version: i32,
        #[graphql(desc = "The introduction.")] introduction_id: ID,
        #[graphql(desc = "What came of it; not OPEN.")] outcome: IntroductionOutcome,
    ) -> Result<Payload> {
        let done = app::conclude(ctx.app()?, ctx.signed_in()?, &deal_id, expected_version, &introduction_id, outcome.into()).await;
        Ok(Payload::of(done)?)
    }

    /// Writes in the room, with files that were uploaded with `for=evidence`. Everybody who works in the room.
    async fn deal_room_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal.")] deal_id: ID,
        #[graphql(desc = "The message, at most 4,000 characters.")] text: String,
        #[graphql(desc = "Ids that uploads answered, at most five.")] file_ids: Option<Vec<ID>>,
        #[graphql(
            desc = "Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result again; with other input it is an error."
        )]
        idempotency_key: Option<String>,
    ) -> Result<DealRoomPostPayload> {
        let files: Vec<String> = keys("fileIds", file_ids)?.into_iter().map(|id| id.0).collect();
        let done = app::post(ctx.app()?, ctx.signed_in()?, &deal_id, &text, &files, idempotency_key.as_deref()).await;
        Ok(DealRoomPostPayload::of(done)?)
    }
}
