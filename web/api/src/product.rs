//! Keeping what the program sells, and the live stream that says that the program changed.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use cynic::SubscriptionBuilder;
use serde_json::Value;

use crate::{
    ApiError, CurrencyCode, DateTime, Decimal, Id,
    client::decode,
    deal::ResyncRequired,
    error::error_family,
    program::Product,
    schema,
    stream::{Source, Step},
};

error_family!(product_error, ProductProblem, "ProductError", ProductErrorCode, "ProductErrorCode" {
    NotFound, NotAllowed, StaleVersion, Required, TooLong, InvalidInput, KeyTaken, NameTaken, CurrencyNotAccepted, ProductUnknown,
    ProductRetired, VerticalUnknown, BundleEmpty, BundleInBundle, KindFixed, CatalogueFull, InBundle, RetiredAlready, NotRetired,
    IdempotencyKeyReused,
});

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct ProductPriceInput {
    pub amount: Decimal,
    pub currency: CurrencyCode,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct BundleInput {
    pub product_ids: Vec<Id>,
    pub extras: Option<Vec<String>>,
    pub verticals: Option<Vec<String>>,
    pub packaging: Option<String>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct ProductInput {
    pub key: String,
    pub name: String,
    pub line: Option<String>,
    pub list_price: Option<ProductPriceInput>,
    pub description: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub bundle: Option<BundleInput>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ProductCreateVariables {
    pub input: ProductInput,
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ProductCreateVariables")]
pub struct ProductCreate {
    #[arguments(input: $input, idempotencyKey: $idempotency_key)]
    pub product_create: ProductPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ProductUpdateVariables {
    pub id: Id,
    pub expected_version: i32,
    pub input: ProductInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ProductUpdateVariables")]
pub struct ProductUpdate {
    #[arguments(id: $id, expectedVersion: $expected_version, input: $input)]
    pub product_update: ProductPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ProductStandingVariables {
    pub id: Id,
    pub expected_version: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ProductStandingVariables")]
pub struct ProductRetire {
    #[arguments(id: $id, expectedVersion: $expected_version)]
    pub product_retire: ProductPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ProductStandingVariables")]
pub struct ProductRestore {
    #[arguments(id: $id, expectedVersion: $expected_version)]
    pub product_restore: ProductPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct ProductPayload {
    pub product: Option<Product>,
    pub errors: Vec<ProductProblem>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ProgramChangesVariables {
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription", variables = "ProgramChangesVariables")]
pub struct ProgramChangesSubscription {
    #[arguments(after: $after)]
    pub program_changes: ProgramChangeEvent,
}

#[derive(cynic::InlineFragments, Clone, Debug)]
pub enum ProgramChangeEvent {
    ProgramChange(ProgramChange),
    ResyncRequired(ResyncRequired),
    #[cynic(fallback)]
    Unknown,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct ProgramChange {
    pub cursor: String,
    pub occurred_at: DateTime,
}

/// That the program changed: what is shown of it has to be read again.
pub struct ProgramChanges;

impl Source for ProgramChanges {
    type Item = DateTime;

    fn operation(after: Option<String>) -> Value {
        serde_json::to_value(ProgramChangesSubscription::build(ProgramChangesVariables { after })).unwrap_or_default()
    }

    fn read(data: Value) -> Result<Step<DateTime>, ApiError> {
        Ok(match decode::<ProgramChangesSubscription>(data)?.program_changes {
            ProgramChangeEvent::ProgramChange(change) => Step::Change(change.cursor, change.occurred_at),
            ProgramChangeEvent::ResyncRequired(resync) => Step::Resync(resync.cursor),
            ProgramChangeEvent::Unknown => Step::Unknown,
        })
    }
}
