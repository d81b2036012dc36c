//! The directory: search with facets, completion, one partner's page, and changing its profile.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use std::rc::Rc;

use cynic::SubscriptionBuilder;
use serde_json::Value;

use crate::{
    ApiError, CountryCode, Date, Id, PageInfo, Url,
    client::decode,
    deal::{PartnerRef, PersonRef, ResyncRequired},
    error::error_family,
    program::{PartnerType, Term, Territory, Tier},
    scalar::OrderDirection,
    schema,
    stream::{Source, Step},
};

/// A partner as the directory lists it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Partner")]
pub struct PartnerCard {
    pub id: Id,
    pub slug: String,
    pub name: String,
    pub summary: String,
    pub country: Option<CountryCode>,
    pub city: Option<String>,
    pub tier: Option<Tier>,
    pub types: Vec<PartnerType>,
    pub competencies: Vec<String>,
    pub verticals: Vec<String>,
    pub logo_url: Url,
    pub has_logo: bool,
    pub published: bool,
}

/// A partner's own page.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Partner")]
pub struct PartnerDetail {
    #[cynic(spread)]
    pub card: PartnerCard,
    pub version: i32,
    pub description: String,
    pub website: Option<Url>,
    pub territories: Vec<Territory>,
    pub languages: Vec<String>,
    pub manager: Option<PersonRef>,
    pub contact: Option<PartnerContact>,
    pub color: Option<String>,
    pub partner_since: Option<Date>,
    pub viewer_can: Vec<PartnerAction>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct PartnerContact {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartnerAction {
    Edit,
    SeeDeals,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct PartnerFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub countries: Option<Vec<CountryCode>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub territories: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub verticals: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub competencies: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub languages: Option<Vec<String>>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct PartnerOrder {
    pub field: PartnerOrderField,
    pub direction: OrderDirection,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartnerOrderField {
    Relevance,
    Name,
    Tier,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct PartnersVariables {
    pub search: Option<String>,
    pub filter: Option<PartnerFilter>,
    pub order_by: Option<PartnerOrder>,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "PartnersVariables")]
pub struct PartnersQuery {
    #[arguments(search: $search, filter: $filter, orderBy: $order_by, first: $first, after: $after)]
    pub partners: PartnerConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct PartnerConnection {
    pub nodes: Vec<PartnerCard>,
    pub page_info: PageInfo,
    pub total_count: i32,
    pub facets: Vec<Facet>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Facet {
    pub field: FacetField,
    pub buckets: Vec<FacetBucket>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FacetField {
    Tier,
    Type,
    Country,
    Territory,
    Vertical,
    Competency,
    Language,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct FacetBucket {
    pub key: String,
    pub label: String,
    pub count: i32,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct PartnerSuggestionsVariables {
    pub prefix: String,
    pub first: Option<i32>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "PartnerSuggestionsVariables")]
pub struct PartnerSuggestionsQuery {
    #[arguments(prefix: $prefix, first: $first)]
    pub partner_suggestions: Vec<PartnerSuggestion>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct PartnerSuggestion {
    pub label: String,
    pub partner: Option<PartnerRef>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct PartnerVariables {
    pub slug: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "PartnerVariables")]
pub struct PartnerQuery {
    #[arguments(slug: $slug)]
    pub partner: Option<PartnerDetail>,
    pub program: ProgramTerms,
}

/// Names of the keys that a partner carries, for a page that stands without the whole program.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Program")]
pub struct ProgramTerms {
    pub name: String,
    pub verticals: Vec<Term>,
    pub competencies: Vec<Term>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct PartnerOptionsVariables {
    pub search: Option<String>,
}

/// Partners to choose from.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "PartnerOptionsVariables")]
pub struct PartnerOptionsQuery {
    #[arguments(search: $search, first: 30)]
    pub partners: PartnerOptionConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "PartnerConnection")]
pub struct PartnerOptionConnection {
    pub nodes: Vec<PartnerRef>,
}

error_family!(partner_error, PartnerProblem, "PartnerError", PartnerErrorCode, "PartnerErrorCode" {
    NotFound, NotAllowed, StaleVersion, InvalidInput, TooLong, Required, LogoTooLarge, LogoUnsafe, LogoNotAnImage,
});

#[derive(cynic::InputObject, Clone, Debug, Default)]
pub struct PartnerUpdateInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub contact_phone: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub published: Option<bool>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct PartnerUpdateVariables {
    pub id: Id,
    pub expected_version: i32,
    pub input: PartnerUpdateInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "PartnerUpdateVariables")]
pub struct PartnerUpdate {
    #[arguments(id: $id, expectedVersion: $expected_version, input: $input)]
    pub partner_update: PartnerPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct PartnerPayload {
    pub partner: Option<PartnerDetail>,
    pub errors: Vec<PartnerProblem>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct PartnerChangesVariables {
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription", variables = "PartnerChangesVariables")]
pub struct PartnerChangesSubscription {
    #[arguments(after: $after)]
    pub partner_changes: PartnerChangeEvent,
}

#[derive(cynic::InlineFragments, Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "one is made for each message and taken apart at once")]
pub enum PartnerChangeEvent {
    PartnerChange(PartnerChange),
    ResyncRequired(ResyncRequired),
    #[cynic(fallback)]
    Unknown,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct PartnerChange {
    pub cursor: String,
    pub partner: PartnerDetail,
}

/// Changes of the profiles that the viewer may see.
pub struct PartnerChanges;

impl Source for PartnerChanges {
    type Item = Rc<PartnerDetail>;

    fn operation(after: Option<String>) -> Value {
        serde_json::to_value(PartnerChangesSubscription::build(PartnerChangesVariables { after })).unwrap_or_default()
    }

    fn read(data: Value) -> Result<Step<Rc<PartnerDetail>>, ApiError> {
        Ok(match decode::<PartnerChangesSubscription>(data)?.partner_changes {
            PartnerChangeEvent::PartnerChange(change) => Step::Change(change.cursor, Rc::new(change.partner)),
            PartnerChangeEvent::ResyncRequired(resync) => Step::Resync(resync.cursor),
            PartnerChangeEvent::Unknown => Step::Unknown,
        })
    }
}
