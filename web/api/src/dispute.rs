//! Disputes: the list, one dispute with its file, changes, and the live stream.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use cynic::SubscriptionBuilder;
use serde::Serialize;
use serde_json::Value;

use crate::{
    ApiError, Date, DateTime, Id, Money, PageInfo,
    client::decode,
    deal::{DealVerdict, PartnerRef, PersonRef, ProductRef, RegistrationStatus, ResyncRequired},
    deal_action::DealRegisterInput,
    error::error_family,
    program::DealStage,
    schema,
    stream::{Source, Step},
};

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeStatus {
    Open,
    Decided,
    Withdrawn,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeOutcome {
    Uphold,
    Transfer,
    Dismiss,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeSide {
    Complainant,
    Respondent,
    Vendor,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeAudience {
    Complainant,
    Respondent,
    Both,
    Vendor,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeAction {
    State,
    NameArbiter,
    Decide,
    Withdraw,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisputeAbout {
    Dispute,
    Complainant,
    Respondent,
}

/// A deal of a side, as much as a dispute shows of it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Deal")]
pub struct DisputeDeal {
    pub id: Id,
    pub number: String,
    pub title: String,
    pub status: RegistrationStatus,
    pub stage: DealStage,
    pub value: Money,
    pub created_at: DateTime,
    pub protected_until: Option<DateTime>,
    pub contact_name: Option<String>,
    pub description: Option<String>,
    pub decision_reason: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DisputeParty {
    pub partner: PartnerRef,
    pub deal: Option<DisputeDeal>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DisputedRegistration {
    pub title: String,
    pub value: Money,
    pub expected_close_on: Date,
    pub contact_name: Option<String>,
    pub description: Option<String>,
    pub met_on: Option<Date>,
    pub discovery_notes: Option<String>,
    pub budget: Option<String>,
    pub rules_number: i32,
    pub verdict: DealVerdict,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DisputeFile {
    pub id: Id,
    pub name: String,
    pub url: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DisputeStatement {
    pub side: DisputeSide,
    pub audience: DisputeAudience,
    pub actor_name: String,
    pub at: DateTime,
    pub text: String,
    pub files: Vec<DisputeFile>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DisputeRuling {
    pub outcome: DisputeOutcome,
    pub reason: String,
    pub actor_name: String,
    pub at: DateTime,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DisputeCandidate {
    pub user: PersonRef,
    pub tie: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Dispute")]
pub struct DisputeRow {
    pub id: Id,
    pub number: String,
    pub status: DisputeStatus,
    pub viewer_side: DisputeSide,
    pub customer_name: Option<String>,
    pub own_deal: Option<DisputeDeal>,
    pub opened_at: DateTime,
    pub due_at: DateTime,
    pub deadline_missed_at: Option<DateTime>,
    pub arbiter_name: Option<String>,
    pub ruling: Option<DisputeRuling>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Dispute")]
pub struct DisputeDetail {
    pub id: Id,
    pub number: String,
    pub version: i32,
    pub status: DisputeStatus,
    pub viewer_side: DisputeSide,
    pub viewer_can: Vec<DisputeAction>,
    pub customer_name: Option<String>,
    pub products: Vec<ProductRef>,
    pub own_deal: Option<DisputeDeal>,
    pub complainant: Option<DisputeParty>,
    pub respondent: Option<DisputeParty>,
    pub registration: Option<DisputedRegistration>,
    pub opened_at: DateTime,
    pub due_at: DateTime,
    pub deadline_missed_at: Option<DateTime>,
    pub arbiter_name: Option<String>,
    pub statements: Vec<DisputeStatement>,
    pub ruling: Option<DisputeRuling>,
    pub withdrawn_at: Option<DateTime>,
    pub withdrawal_reason: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DisputesVariables {
    pub statuses: Option<Vec<DisputeStatus>>,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DisputesVariables")]
pub struct DisputesQuery {
    #[arguments(statuses: $statuses, first: $first, after: $after)]
    pub disputes: DisputeConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DisputeConnection {
    pub nodes: Vec<DisputeRow>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DisputeVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DisputeVariables")]
pub struct DisputeQuery {
    #[arguments(id: $id)]
    pub dispute: Option<DisputeDetail>,
}

/// The disputes about a deal.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DisputeVariables")]
pub struct DealDisputesQuery {
    #[arguments(id: $id)]
    pub deal: Option<DealDisputes>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Deal")]
pub struct DealDisputes {
    pub disputes: Vec<DealDispute>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Dispute")]
pub struct DealDispute {
    pub id: Id,
    pub number: String,
    pub status: DisputeStatus,
}

/// Who could decide, asked for when somebody is to be named.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DisputeVariables")]
pub struct DisputeCandidatesQuery {
    #[arguments(id: $id)]
    pub dispute: Option<DisputeCandidates>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Dispute")]
pub struct DisputeCandidates {
    pub candidates: Vec<DisputeCandidate>,
}

/// A deal as it was at a moment of the file.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Serialize)]
pub struct DisputeDealThen {
    pub number: String,
    pub version: i32,
    pub title: String,
    pub status: String,
    pub decision_due_at: Option<DateTime>,
    pub protected_until: Option<DateTime>,
    pub open_question: Option<String>,
    pub decision_reason: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Serialize)]
pub struct DisputeMoment {
    pub at: DateTime,
    pub about: DisputeAbout,
    pub kind: String,
    pub sentence: String,
    pub actor_name: Option<String>,
    pub text: Option<String>,
    pub complainant_sees: Option<bool>,
    pub respondent_sees: Option<bool>,
    pub complainant_deal: Option<DisputeDealThen>,
    pub respondent_deal: Option<DisputeDealThen>,
}

/// The file of a dispute; asked for by itself, for it can be long.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DisputeVariables")]
pub struct DisputeReplayQuery {
    #[arguments(id: $id)]
    pub dispute: Option<DisputeReplay>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Dispute")]
pub struct DisputeReplay {
    pub replay: Vec<DisputeMoment>,
}

error_family!(dispute_error, DisputeProblem, "DisputeError", DisputeErrorCode, "DisputeErrorCode" {
    NotFound, DealNotFound, LeadNotFound, NotAllowed, StaleVersion, AlreadyOpen, NothingToDispute, Closed, NotNeutral, CannotDecide, NoArbiter,
    NotArbiter, AudienceNotYours, CannotTransfer, Required, TooLong, TooMany, FileNotFound, InvalidInput, IdempotencyKeyReused,
});

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Dispute")]
pub struct DisputeRef {
    pub id: Id,
    pub number: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DisputePayload {
    pub dispute: Option<DisputeRef>,
    pub errors: Vec<DisputeProblem>,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct DisputeOpenInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub registration: Option<DealRegisterInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub lead_id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub deal_id: Option<Id>,
    pub statement: String,
    pub file_ids: Vec<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DisputeOpenVariables {
    pub input: DisputeOpenInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DisputeOpenVariables")]
pub struct DisputeOpen {
    #[arguments(input: $input)]
    pub dispute_open: DisputePayload,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct DisputeStateInput {
    pub text: String,
    pub file_ids: Vec<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub audience: Option<DisputeAudience>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DisputeStateVariables {
    pub id: Id,
    pub input: DisputeStateInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DisputeStateVariables")]
pub struct DisputeState {
    #[arguments(id: $id, input: $input)]
    pub dispute_state: DisputePayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DisputeNameVariables {
    pub id: Id,
    pub expected_version: i32,
    pub user_id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DisputeNameVariables")]
pub struct DisputeName {
    #[arguments(id: $id, expectedVersion: $expected_version, userId: $user_id)]
    pub dispute_name_arbiter: DisputePayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DisputeDecideVariables {
    pub id: Id,
    pub expected_version: i32,
    pub outcome: DisputeOutcome,
    pub reason: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DisputeDecideVariables")]
pub struct DisputeDecide {
    #[arguments(id: $id, expectedVersion: $expected_version, outcome: $outcome, reason: $reason)]
    pub dispute_decide: DisputePayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DisputeWithdrawVariables {
    pub id: Id,
    pub expected_version: i32,
    pub reason: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DisputeWithdrawVariables")]
pub struct DisputeWithdraw {
    #[arguments(id: $id, expectedVersion: $expected_version, reason: $reason)]
    pub dispute_withdraw: DisputePayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DisputeChangesVariables {
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription", variables = "DisputeChangesVariables")]
pub struct DisputeChangesSubscription {
    #[arguments(after: $after)]
    pub dispute_changes: DisputeChangeEvent,
}

#[derive(cynic::InlineFragments, Clone, Debug)]
pub enum DisputeChangeEvent {
    DisputeChange(DisputeChange),
    ResyncRequired(ResyncRequired),
    #[cynic(fallback)]
    Unknown,
}

/// A change: which dispute, and what happened. The screen reads the dispute again, for what a viewer may do is each person's own.
#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DisputeChange {
    pub cursor: String,
    pub kind: String,
    pub dispute: DisputeRef,
}

/// Changes of disputes that the viewer may see.
pub struct Disputes;

impl Source for Disputes {
    type Item = DisputeChange;

    fn operation(after: Option<String>) -> Value {
        serde_json::to_value(DisputeChangesSubscription::build(DisputeChangesVariables { after })).unwrap_or_default()
    }

    fn read(data: Value) -> Result<Step<DisputeChange>, ApiError> {
        Ok(match decode::<DisputeChangesSubscription>(data)?.dispute_changes {
            DisputeChangeEvent::DisputeChange(change) => Step::Change(change.cursor.clone(), change),
            DisputeChangeEvent::ResyncRequired(resync) => Step::Resync(resync.cursor),
            DisputeChangeEvent::Unknown => Step::Unknown,
        })
    }
}
