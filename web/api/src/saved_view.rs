//! Saved views of lists, the viewer's own.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{Id, error::error_family, schema};

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedViewList {
    Queue,
    Pipeline,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct SavedViewsVariables {
    pub list: SavedViewList,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "SavedViewsVariables")]
pub struct SavedViewsQuery {
    #[arguments(list: $list)]
    pub saved_views: Vec<SavedView>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct SavedView {
    pub id: Id,
    pub name: String,
    pub query: String,
    pub is_default: bool,
}

error_family!(saved_view_error, SavedViewProblem, "SavedViewError", SavedViewErrorCode, "SavedViewErrorCode" {
    NotFound, NotAllowed, NameTaken, Required, TooLong, TooMany, InvalidInput, IdempotencyKeyReused,
});

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct SavedViewPayload {
    pub view: Option<SavedView>,
    pub errors: Vec<SavedViewProblem>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct SavedViewCreateInput {
    pub list: SavedViewList,
    pub name: String,
    pub query: String,
    pub is_default: Option<bool>,
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct SavedViewCreateVariables {
    pub input: SavedViewCreateInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SavedViewCreateVariables")]
pub struct SavedViewCreate {
    #[arguments(input: $input)]
    pub saved_view_create: SavedViewPayload,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct SavedViewUpdateInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct SavedViewUpdateVariables {
    pub id: Id,
    pub input: SavedViewUpdateInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SavedViewUpdateVariables")]
pub struct SavedViewUpdate {
    #[arguments(id: $id, input: $input)]
    pub saved_view_update: SavedViewPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct SavedViewDeleteVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SavedViewDeleteVariables")]
pub struct SavedViewDelete {
    #[arguments(id: $id)]
    pub saved_view_delete: SavedViewPayload,
}
