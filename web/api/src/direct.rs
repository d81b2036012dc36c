//! The vendor's own opportunities: the list, recording and closing one, and the live stream.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use cynic::SubscriptionBuilder;
use serde_json::Value;

use crate::{
    ApiError, CountryCode, DateTime, Id, PageInfo,
    client::decode,
    deal::{ProductRef, ResyncRequired},
    error::error_family,
    schema,
    stream::{Source, Step},
};

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectStatus {
    Open,
    Won,
    Lost,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "DirectOpportunity")]
pub struct Direct {
    pub id: Id,
    pub version: i32,
    pub status: DirectStatus,
    pub customer_name: String,
    pub customer_domain: Option<String>,
    pub customer_country: Option<CountryCode>,
    pub products: Vec<ProductRef>,
    pub note: Option<String>,
    pub recorded_by: String,
    pub recorded_at: DateTime,
    pub closed_at: Option<DateTime>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DirectOpportunityConnection {
    pub nodes: Vec<Direct>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct DirectsVariables {
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DirectsVariables")]
pub struct DirectsQuery {
    #[arguments(first: $first, after: $after)]
    pub directs: DirectOpportunityConnection,
}

error_family!(direct_error, DirectProblem, "DirectError", DirectErrorCode, "DirectErrorCode" {
    NotFound, NotAllowed, CustomerProtected, StaleVersion, Closed, Required, TooLong, InvalidInput, CustomerCountryUnknown,
    ProductUnknown, IdempotencyKeyReused,
});

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DirectPayload {
    pub direct: Option<Direct>,
    pub errors: Vec<DirectProblem>,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct DirectRecordInput {
    pub customer_name: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_domain: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub customer_country: Option<CountryCode>,
    pub product_ids: Vec<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DirectRecordVariables {
    pub input: DirectRecordInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DirectRecordVariables")]
pub struct DirectRecord {
    #[arguments(input: $input)]
    pub direct_record: DirectPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DirectCloseVariables {
    pub id: Id,
    pub expected_version: i32,
    pub won: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DirectCloseVariables")]
pub struct DirectClose {
    #[arguments(id: $id, expectedVersion: $expected_version, won: $won)]
    pub direct_close: DirectPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DirectChangesVariables {
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription", variables = "DirectChangesVariables")]
pub struct DirectChangesSubscription {
    #[arguments(after: $after)]
    pub direct_changes: DirectChangeEvent,
}

#[derive(cynic::InlineFragments, Clone, Debug)]
pub enum DirectChangeEvent {
    DirectChange(DirectChange),
    ResyncRequired(ResyncRequired),
    #[cynic(fallback)]
    Unknown,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DirectChange {
    pub cursor: String,
    pub id: Id,
    pub version: i32,
}

/// Where the changes come from.
#[derive(Debug)]
pub struct Directs;

impl Source for Directs {
    type Item = DirectChange;

    fn operation(after: Option<String>) -> Value {
        serde_json::to_value(DirectChangesSubscription::build(DirectChangesVariables { after })).unwrap_or_default()
    }

    fn read(data: Value) -> Result<Step<DirectChange>, ApiError> {
        Ok(match decode::<DirectChangesSubscription>(data)?.direct_changes {
            DirectChangeEvent::DirectChange(change) => Step::Change(change.cursor.clone(), change),
            DirectChangeEvent::ResyncRequired(resync) => Step::Resync(resync.cursor),
            DirectChangeEvent::Unknown => Step::Unknown,
        })
    }
}
