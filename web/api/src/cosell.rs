//! Rooms of deals on which several partners work: reading, changing, following, and files for messages.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use cynic::SubscriptionBuilder;
use gloo_net::http::Request;
use serde::Deserialize;
use serde_json::Value;
use web_sys::{Blob, RequestCredentials};

use crate::{
    ApiError, Client, Date, DateTime, Decimal, Id, Money, PageInfo,
    client::decode,
    deal::{PartnerRef, ResyncRequired},
    error::error_family,
    program::DealStage,
    schema,
    stream::{Source, Step},
};

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CosellRole {
    Sourced,
    Influenced,
    Delivered,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntroductionOutcome {
    Open,
    Met,
    Declined,
    NoAnswer,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealRoomAction {
    Write,
    Host,
    Manage,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DealRoomVariables {
    pub deal_id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DealRoomVariables")]
pub struct DealRoomQuery {
    #[arguments(dealId: $deal_id)]
    pub deal_room: Option<DealRoom>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DealRoomsVariables {
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DealRoomsVariables")]
pub struct DealRoomsQuery {
    #[arguments(first: $first, after: $after)]
    pub deal_rooms: DealRoomConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DealRoomConnection {
    pub nodes: Vec<DealRoomRow>,
    pub page_info: PageInfo,
}

/// A room in a list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "DealRoom")]
pub struct DealRoomRow {
    pub deal_id: Id,
    pub title: String,
    pub customer: Option<DealRoomCustomer>,
    pub stage: DealStage,
    pub partner: Option<PartnerRef>,
    pub participants: Vec<DealRoomParticipant>,
    pub updated_at: DateTime,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRoom {
    pub deal_id: Id,
    pub deal: Option<DealOfRoom>,
    pub version: i32,
    pub title: String,
    pub customer: Option<DealRoomCustomer>,
    pub stage: DealStage,
    pub partner: Option<PartnerRef>,
    pub value: Option<Money>,
    pub next_step: Option<String>,
    pub expected_close_on: Option<Date>,
    pub shares_value: bool,
    pub shares_next_step: bool,
    pub participants: Vec<DealRoomParticipant>,
    pub permission: Option<DealRoomPermission>,
    pub introductions: Vec<DealRoomIntroduction>,
    pub viewer_can: Vec<DealRoomAction>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Deal")]
pub struct DealOfRoom {
    pub id: Id,
    pub number: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRoomCustomer {
    pub name: String,
    pub domain: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRoomParticipant {
    pub partner: Option<PartnerRef>,
    pub role: CosellRole,
    pub share: Option<Decimal>,
    pub act: String,
    pub acted_on: Date,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRoomPermission {
    pub granted_by: String,
    pub proof: Option<String>,
    pub recorded_by: String,
    pub recorded_at: DateTime,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRoomIntroduction {
    pub id: Id,
    pub introducer: String,
    pub introduced: String,
    pub to: String,
    pub on: Date,
    pub outcome: IntroductionOutcome,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DealRoomMessagesVariables {
    pub deal_id: Id,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DealRoomMessagesVariables")]
pub struct DealRoomMessagesQuery {
    #[arguments(dealId: $deal_id)]
    pub deal_room: Option<DealRoomMessages>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "DealRoom", variables = "DealRoomMessagesVariables")]
pub struct DealRoomMessages {
    #[arguments(first: $first, after: $after)]
    pub messages: DealRoomMessageConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRoomMessageConnection {
    pub nodes: Vec<DealRoomMessage>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRoomMessage {
    pub id: Id,
    pub author_name: String,
    pub partner: Option<PartnerRef>,
    pub text: String,
    pub sent_at: DateTime,
    pub files: Vec<DealRoomFile>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRoomFile {
    pub id: Id,
    pub name: String,
    pub size: i32,
    pub url: String,
}

error_family!(room_error, RoomProblem, "DealRoomError", RoomErrorCode, "DealRoomErrorCode" {
    NotFound, NotAllowed, StaleVersion, PartnerUnknown, ParticipantTwice, ShareInvalid, ShareMissing, SharesNotWhole,
    PermissionMissing, PermissionRecorded, PermissionNotRecorded, IntroductionUnknown, OutcomeRecorded, DateAhead, Required,
    TooLong, FileNotFound, InvalidInput, IdempotencyKeyReused,
});

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DealRoomPayload {
    pub errors: Vec<RoomProblem>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DealRoomPostPayload {
    pub errors: Vec<RoomProblem>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct DealRoomParticipantInput {
    pub partner_id: Id,
    pub role: CosellRole,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub share: Option<Decimal>,
    pub act: String,
    pub acted_on: Date,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct SetParticipantsVariables {
    pub deal_id: Id,
    pub expected_version: i32,
    pub participants: Vec<DealRoomParticipantInput>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SetParticipantsVariables")]
pub struct SetParticipants {
    #[arguments(dealId: $deal_id, expectedVersion: $expected_version, participants: $participants)]
    pub deal_room_set_participants: DealRoomPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct RecordPermissionVariables {
    pub deal_id: Id,
    pub expected_version: i32,
    pub granted_by: String,
    pub proof: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "RecordPermissionVariables")]
pub struct RecordPermission {
    #[arguments(dealId: $deal_id, expectedVersion: $expected_version, grantedBy: $granted_by, proof: $proof)]
    pub deal_room_record_permission: DealRoomPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct WithdrawPermissionVariables {
    pub deal_id: Id,
    pub expected_version: i32,
    pub reason: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "WithdrawPermissionVariables")]
pub struct WithdrawPermission {
    #[arguments(dealId: $deal_id, expectedVersion: $expected_version, reason: $reason)]
    pub deal_room_withdraw_permission: DealRoomPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ShareVariables {
    pub deal_id: Id,
    pub expected_version: i32,
    pub value: bool,
    pub next_step: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ShareVariables")]
pub struct ShareOfDeal {
    #[arguments(dealId: $deal_id, expectedVersion: $expected_version, value: $value, nextStep: $next_step)]
    pub deal_room_share: DealRoomPayload,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct DealRoomIntroductionInput {
    pub introducer: String,
    pub introduced: String,
    pub to: String,
    pub on: Date,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct IntroduceVariables {
    pub deal_id: Id,
    pub input: DealRoomIntroductionInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "IntroduceVariables")]
pub struct Introduce {
    #[arguments(dealId: $deal_id, input: $input)]
    pub deal_room_introduce: DealRoomPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ConcludeVariables {
    pub deal_id: Id,
    pub expected_version: i32,
    pub introduction_id: Id,
    pub outcome: IntroductionOutcome,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ConcludeVariables")]
pub struct Conclude {
    #[arguments(dealId: $deal_id, expectedVersion: $expected_version, introductionId: $introduction_id, outcome: $outcome)]
    pub deal_room_conclude_introduction: DealRoomPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct PostVariables {
    pub deal_id: Id,
    pub text: String,
    pub file_ids: Option<Vec<Id>>,
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "PostVariables")]
pub struct Post {
    #[arguments(dealId: $deal_id, text: $text, fileIds: $file_ids, idempotencyKey: $idempotency_key)]
    pub deal_room_post: DealRoomPostPayload,
}

// ---- files ----

#[derive(Deserialize)]
struct Uploaded {
    id: Id,
}

impl Client {
    /// Sends a file for a message and gives the id under which the mutation takes it.
    ///
    /// # Errors
    /// [`ApiError`]; `Server` carries the server's own sentence, as for a file that is not what its name says.
    pub async fn upload_for_room(&self, name: &str, file: &Blob) -> Result<Id, ApiError> {
        let token = self.fresh_token().await.ok_or(ApiError::Unauthenticated)?;
        let name = String::from(js_sys::encode_uri_component(name));
        let request = Request::post(&format!("/uploads?for=evidence&name={name}"))
            .credentials(RequestCredentials::SameOrigin)
            .header("authorization", &format!("Bearer {token}"))
            .header("content-type", "application/octet-stream")
            .body(file.clone())
            .map_err(|_| ApiError::Offline)?;
        let response = request.send().await.map_err(|_| ApiError::Offline)?;
        let text = response.text().await.map_err(|_| ApiError::Offline)?;
        let answer = serde_json::from_str::<Value>(&text).unwrap_or_default();
        if response.ok()
            && let Ok(uploaded) = Uploaded::deserialize(&answer)
        {
            return Ok(uploaded.id);
        }
        match answer.pointer("/errors/0") {
            Some(error) => Err(ApiError::from_top_level(error)),
            None => Err(ApiError::Server { message: response.status_text(), request_id: response.headers().get("x-request-id") }),
        }
    }
}

// ---- live ----

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealRoomChangesVariables {
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription", variables = "DealRoomChangesVariables")]
pub struct DealRoomChangesSubscription {
    #[arguments(after: $after)]
    pub deal_room_changes: DealRoomChangeEvent,
}

#[derive(cynic::InlineFragments, Clone, Debug)]
pub enum DealRoomChangeEvent {
    DealRoomChange(DealRoomChange),
    ResyncRequired(ResyncRequired),
    #[cynic(fallback)]
    Unknown,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRoomChange {
    pub cursor: String,
    pub deal_id: Id,
    pub kind: String,
    pub actor_name: String,
}

/// Changes of the rooms that the viewer sees.
pub struct RoomChanges;

impl Source for RoomChanges {
    type Item = DealRoomChange;

    fn operation(after: Option<String>) -> Value {
        let operation = DealRoomChangesSubscription::build(DealRoomChangesVariables { after });
        serde_json::to_value(&operation).unwrap_or_default()
    }

    fn read(data: Value) -> Result<Step<DealRoomChange>, ApiError> {
        Ok(match decode::<DealRoomChangesSubscription>(data)?.deal_room_changes {
            DealRoomChangeEvent::DealRoomChange(change) => Step::Change(change.cursor.clone(), change),
            DealRoomChangeEvent::ResyncRequired(resync) => Step::Resync(resync.cursor),
            DealRoomChangeEvent::Unknown => Step::Unknown,
        })
    }
}
