//! Changing deals: registration with its dry run, decisions, stages, notes. One mutation per business action,
//! all answering with the deal and the errors the caller can mend.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{
    CountryCode, Date, Id, MoneyInput,
    deal::{DealCard, DealVerdict, NoteVisibility},
    desk::CustomValueInput,
    error::error_family,
    schema,
};

error_family!(deal_register_error, DealRegisterProblem, "DealRegisterError", DealRegisterErrorCode, "DealRegisterErrorCode" {
    InvalidInput, CustomerCountryUnknown, ValueNotPositive, ValueTooPrecise, ValueBelowMinimum, CurrencyNotAccepted,
    CloseDateInPast, ProductUnknown, ProductRetired, PartnerNotFound, NotAllowed, IdempotencyKeyReused, Required, TooLong, ProductNotAllowed,
    TerritoryNotAllowed, ContactMissing, DescriptionTooShort, CloseDateTooFar, EngagementNotAccepted,
    EvidenceTooLittle, FileNotFound, MeetingAhead, NotCertified,
});

error_family!(deal_decision_error, DealDecisionProblem, "DealDecisionError", DealDecisionErrorCode, "DealDecisionErrorCode" {
    NotFound, NotAllowed, StaleVersion, WrongStatus, ClaimTaken, StageUnknown, Required, TooLong, CloseDateInPast,
    InvalidInput, IdempotencyKeyReused, NotYourStep, OwnerCannotDecide, CircularStep,
    EvidenceTooLittle, ExtensionNotAllowed, ExtensionPending, FileNotFound, FileTooLarge, FileTypeWrong, MeetingAhead,
    NothingPending, NotProtected, QuestionOpen, TooManyFiles,
});

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DealDecisionPayload {
    pub deal: Option<DealCard>,
    pub errors: Vec<DealDecisionProblem>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DealRegisterPayload {
    pub deal: Option<DealCard>,
    pub verdict: Option<DealVerdict>,
    pub errors: Vec<DealRegisterProblem>,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct DealRegisterInput {
    pub title: String,
    pub customer_name: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_domain: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_country: Option<CountryCode>,
    pub product_ids: Vec<Id>,
    pub value: MoneyInput,
    pub expected_close_on: Date,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub met_on: Option<Date>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub discovery_notes: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    pub file_ids: Vec<Id>,
    pub fields: Vec<CustomValueInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DealRegisterVariables {
    pub input: DealRegisterInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DealRegisterVariables")]
pub struct DealCheckQuery {
    #[arguments(input: $input)]
    pub deal_check: DealVerdict,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealRegisterVariables")]
pub struct DealRegister {
    #[arguments(input: $input)]
    pub deal_register: DealRegisterPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealApproveVariables {
    pub id: Id,
    pub expected_version: i32,
    pub note: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealApproveVariables")]
pub struct DealApprove {
    #[arguments(id: $id, expectedVersion: $expected_version, note: $note)]
    pub deal_approve: DealDecisionPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealRejectVariables {
    pub id: Id,
    pub expected_version: i32,
    pub reason: String,
    pub reason_code: Option<crate::record::RejectionReason>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealRejectVariables")]
pub struct DealReject {
    #[arguments(id: $id, expectedVersion: $expected_version, reason: $reason, reasonCode: $reason_code)]
    pub deal_reject: DealDecisionPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealRequestInfoVariables {
    pub id: Id,
    pub expected_version: i32,
    pub question: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealRequestInfoVariables")]
pub struct DealRequestInfo {
    #[arguments(id: $id, expectedVersion: $expected_version, question: $question)]
    pub deal_request_info: DealDecisionPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealProvideInfoVariables {
    pub id: Id,
    pub expected_version: i32,
    pub answer: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealProvideInfoVariables")]
pub struct DealProvideInfo {
    #[arguments(id: $id, expectedVersion: $expected_version, answer: $answer)]
    pub deal_provide_info: DealDecisionPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealWithdrawVariables {
    pub id: Id,
    pub expected_version: i32,
    pub reason: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealWithdrawVariables")]
pub struct DealWithdraw {
    #[arguments(id: $id, expectedVersion: $expected_version, reason: $reason)]
    pub deal_withdraw: DealDecisionPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealMoveStageVariables {
    pub id: Id,
    pub expected_version: i32,
    pub stage: String,
    pub note: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealMoveStageVariables")]
pub struct DealMoveStage {
    #[arguments(id: $id, expectedVersion: $expected_version, stage: $stage, note: $note)]
    pub deal_move_stage: DealDecisionPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealAddNoteVariables {
    pub id: Id,
    pub text: String,
    pub visibility: NoteVisibility,
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealAddNoteVariables")]
pub struct DealAddNote {
    #[arguments(id: $id, text: $text, visibility: $visibility, idempotencyKey: $idempotency_key)]
    pub deal_add_note: DealDecisionPayload,
}

#[derive(cynic::InputObject, Clone, Debug, Default)]
pub struct DealUpdateInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub expected_close_on: Option<Date>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealUpdateVariables {
    pub id: Id,
    pub expected_version: i32,
    pub input: DealUpdateInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealUpdateVariables")]
pub struct DealUpdate {
    #[arguments(id: $id, expectedVersion: $expected_version, input: $input)]
    pub deal_update: DealDecisionPayload,
}
