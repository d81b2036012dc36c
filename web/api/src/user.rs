//! People: listing, inviting and changing accounts.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{
    DateTime, Id, PageInfo,
    deal::PartnerRef,
    schema,
    viewer::{Role, UserProblem},
};

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct User {
    pub id: Id,
    pub name: String,
    pub email: Option<String>,
    pub version: i32,
    pub title: Option<String>,
    pub roles: Vec<Role>,
    pub partner: Option<PartnerRef>,
    pub active: bool,
    pub created_at: DateTime,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct UserFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub partners: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Role>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct UsersVariables {
    pub search: Option<String>,
    pub filter: Option<UserFilter>,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "UsersVariables")]
pub struct UsersQuery {
    #[arguments(search: $search, filter: $filter, first: $first, after: $after)]
    pub users: UserConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct UserConnection {
    pub nodes: Vec<User>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct UserCreateInput {
    pub name: String,
    pub email: String,
    pub password: String,
    pub roles: Vec<Role>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::InputObject, Clone, Debug, Default)]
pub struct UserUpdateInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Role>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct UserPayload {
    pub user: Option<User>,
    pub errors: Vec<UserProblem>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct UserCreateVariables {
    pub input: UserCreateInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "UserCreateVariables")]
pub struct UserCreate {
    #[arguments(input: $input)]
    pub user_create: UserPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct UserUpdateVariables {
    pub id: Id,
    pub expected_version: i32,
    pub input: UserUpdateInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "UserUpdateVariables")]
pub struct UserUpdate {
    #[arguments(id: $id, expectedVersion: $expected_version, input: $input)]
    pub user_update: UserPayload,
}
