//! Integrators' keys: listing, creating (the secret is in the answer once), revoking.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{
    DateTime, Id, PageInfo,
    deal::{PartnerRef, PersonRef},
    error::error_family,
    schema,
};

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ApiKey {
    pub id: Id,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<ApiScope>,
    pub partner: Option<PartnerRef>,
    pub created_by: Option<PersonRef>,
    pub created_at: DateTime,
    pub last_used_at: Option<DateTime>,
    pub revoked_at: Option<DateTime>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiScope {
    Read,
    Write,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct ApiKeysVariables {
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "ApiKeysVariables")]
pub struct ApiKeysQuery {
    #[arguments(first: $first, after: $after)]
    pub api_keys: ApiKeyConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ApiKeyConnection {
    pub nodes: Vec<ApiKey>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

error_family!(api_key_error, ApiKeyProblem, "ApiKeyError", ApiKeyErrorCode, "ApiKeyErrorCode" {
    NotFound, NotAllowed, Required, TooLong, InvalidInput, IdempotencyKeyReused, AlreadyCreated,
});

#[derive(cynic::InputObject, Clone, Debug)]
pub struct ApiKeyCreateInput {
    pub name: String,
    pub scopes: Vec<ApiScope>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ApiKeyCreateVariables {
    pub input: ApiKeyCreateInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ApiKeyCreateVariables")]
pub struct ApiKeyCreate {
    #[arguments(input: $input)]
    pub api_key_create: ApiKeyCreatePayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct ApiKeyCreatePayload {
    pub api_key: Option<ApiKey>,
    pub secret: Option<String>,
    pub errors: Vec<ApiKeyProblem>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ApiKeyRevokeVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ApiKeyRevokeVariables")]
pub struct ApiKeyRevoke {
    #[arguments(id: $id)]
    pub api_key_revoke: ApiKeyPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct ApiKeyPayload {
    pub api_key: Option<ApiKey>,
    pub errors: Vec<ApiKeyProblem>,
}
