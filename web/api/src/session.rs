//! Signing in, renewing and signing out as operations. The tokens themselves are kept by `client`.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{DateTime, error::error_family, schema, viewer::Viewer};

error_family!(session_error, SessionProblem, "SessionError", SessionErrorCode, "SessionErrorCode" {
    WrongCredentials, TooManyAttempts, SessionExpired,
});

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct SessionCreateVariables {
    pub input: SessionCreateInput,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct SessionCreateInput {
    pub email: String,
    pub password: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SessionCreateVariables")]
pub struct SessionCreate {
    #[arguments(input: $input)]
    pub session_create: SessionPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation")]
pub struct SessionRefresh {
    pub session_refresh: SessionPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation")]
pub struct SessionRevoke {
    pub session_revoke: SessionRevokePayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct SessionPayload {
    pub access_token: Option<String>,
    pub expires_at: Option<DateTime>,
    pub viewer: Option<Viewer>,
    pub errors: Vec<SessionProblem>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct SessionRevokePayload {
    pub errors: Vec<SessionProblem>,
}
