//! Every change of a lead, and the ways by which one comes in.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use serde_json::Value;

use crate::{
    CountryCode, CurrencyCode, Decimal, FieldError, Id,
    deal::DealVerdict,
    deal_action::{DealRegisterErrorCode, DealRegisterInput},
    error::PlainUserError,
    import::{ImportProblem, ImportRun},
    lead::{LeadCard, LeadCloseReason, LeadDeal, LeadDeclineReason, LeadErrorCode, LeadProblem, LeadSourceKind},
    schema,
};

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LeadPayload {
    pub lead: Option<LeadCard>,
    pub errors: Vec<LeadProblem>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadChangeVariables {
    pub id: Id,
    pub expected_version: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadChangeVariables")]
pub struct LeadAccept {
    #[arguments(id: $id, expectedVersion: $expected_version)]
    pub lead_accept: LeadPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadChangeVariables")]
pub struct LeadRoute {
    #[arguments(id: $id, expectedVersion: $expected_version)]
    pub lead_route: LeadPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadDeclineVariables {
    pub id: Id,
    pub expected_version: i32,
    pub reason: LeadDeclineReason,
    pub text: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadDeclineVariables")]
pub struct LeadDecline {
    #[arguments(id: $id, expectedVersion: $expected_version, reason: $reason, text: $text)]
    pub lead_decline: LeadPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadAssignVariables {
    pub id: Id,
    pub expected_version: i32,
    pub partner_id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadAssignVariables")]
pub struct LeadAssign {
    #[arguments(id: $id, expectedVersion: $expected_version, partnerId: $partner_id)]
    pub lead_assign: LeadPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadCloseVariables {
    pub id: Id,
    pub expected_version: i32,
    pub reason: LeadCloseReason,
    pub text: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadCloseVariables")]
pub struct LeadClose {
    #[arguments(id: $id, expectedVersion: $expected_version, reason: $reason, text: $text)]
    pub lead_close: LeadPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadNoteVariables {
    pub id: Id,
    pub expected_version: i32,
    pub text: String,
    pub contacted: Option<bool>,
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadNoteVariables")]
pub struct LeadNote {
    #[arguments(id: $id, expectedVersion: $expected_version, text: $text, contacted: $contacted, idempotencyKey: $idempotency_key)]
    pub lead_note: LeadPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadConvertVariables {
    pub id: Id,
    pub expected_version: i32,
    pub input: DealRegisterInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadConvertVariables")]
pub struct LeadConvert {
    #[arguments(id: $id, expectedVersion: $expected_version, input: $input)]
    pub lead_convert: LeadConvertPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LeadConvertPayload {
    pub lead: Option<LeadCard>,
    pub deal: Option<LeadDeal>,
    pub verdict: Option<DealVerdict>,
    pub errors: Vec<LeadConvertProblem>,
}

/// A conversion is refused by the rules of leads or by those of registrations.
#[derive(cynic::InlineFragments, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "UserError")]
pub enum LeadConvertProblem {
    Lead(ConvertLeadError),
    Register(ConvertRegisterError),
    #[cynic(fallback)]
    Other(PlainUserError),
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "LeadError")]
pub struct ConvertLeadError {
    /// Under a name of its own: two enums cannot answer under one name in one selection.
    #[cynic(alias, rename = "code")]
    pub lead_code: LeadErrorCode,
    pub message: String,
    pub path: Vec<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "DealRegisterError")]
pub struct ConvertRegisterError {
    pub code: DealRegisterErrorCode,
    pub message: String,
    pub path: Vec<String>,
}

impl From<LeadConvertProblem> for FieldError {
    fn from(error: LeadConvertProblem) -> Self {
        let (code, message, path) = match error {
            LeadConvertProblem::Lead(error) => (serde_json::to_value(error.lead_code), error.message, error.path),
            LeadConvertProblem::Register(error) => (serde_json::to_value(error.code), error.message, error.path),
            LeadConvertProblem::Other(error) => (Ok(Value::Null), error.message, error.path),
        };
        Self { code: code.ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default(), message, path }
    }
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct LeadSourceInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub kind: Option<LeadSourceKind>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub kit: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub utm_source: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub utm_medium: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub utm_campaign: Option<String>,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct LeadCreateInput {
    pub name: String,
    pub email: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub company: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub product_ids: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub vertical: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub currency: Option<CurrencyCode>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub source: Option<LeadSourceInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub hold: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadCreateVariables {
    pub input: LeadCreateInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadCreateVariables")]
pub struct LeadCreate {
    #[arguments(input: $input)]
    pub lead_create: LeadCreatePayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LeadCreatePayload {
    pub lead: Option<LeadCard>,
    pub joined: bool,
    pub errors: Vec<LeadProblem>,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct LeadEnquireInput {
    pub name: String,
    pub email: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub company: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub source: Option<LeadSourceInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<Id>,
    pub consent: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadEnquireVariables {
    pub input: LeadEnquireInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadEnquireVariables")]
pub struct LeadEnquire {
    #[arguments(input: $input)]
    pub lead_enquire: LeadEnquirePayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LeadEnquirePayload {
    pub received: bool,
    pub errors: Vec<LeadProblem>,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct LeadImportInput {
    pub file: Id,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub source: Option<LeadSourceInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub hold: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadImportVariables {
    pub input: LeadImportInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadImportVariables")]
pub struct LeadImport {
    #[arguments(input: $input)]
    pub lead_import: LeadImportPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "ImportPayload")]
pub struct LeadImportPayload {
    pub run: Option<ImportRun>,
    pub errors: Vec<ImportProblem>,
}
