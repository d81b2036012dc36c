//! The rules by which leads find a partner.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{
    CountryCode, DateTime, Id,
    deal::{PartnerRef, PersonRef, ProductRef},
    lead::{LeadProblem, LeadStrategy},
    schema,
};

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadTierWeight {
    pub tier: String,
    pub weight: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadRegion {
    pub territory: String,
    pub countries: Vec<CountryCode>,
    pub neighbours: Vec<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadRule {
    pub name: String,
    pub territories: Vec<String>,
    pub products: Vec<ProductRef>,
    pub verticals: Vec<String>,
    pub strategy: LeadStrategy,
    pub same_territory: bool,
    pub same_vertical: bool,
    pub competencies: Vec<String>,
    pub tiers: Vec<String>,
    pub weights: Vec<LeadTierWeight>,
    pub capacity: Option<i32>,
    pub active_days: Option<i32>,
    pub window_hours: Option<i32>,
    pub neighbours: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadPin {
    pub domain: String,
    pub partner: Option<PartnerRef>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadRouting {
    pub number: i32,
    pub rules: Vec<LeadRule>,
    pub pins: Vec<LeadPin>,
    pub regions: Vec<LeadRegion>,
    pub window_hours: i32,
    pub follow_up_hours: i32,
    pub duplicate_days: i32,
    pub fallback_person: Option<PersonRef>,
    pub note: Option<String>,
    pub saved_by: String,
    pub saved_at: DateTime,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct LeadRoutingQuery {
    pub lead_routing: Option<LeadRouting>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct LeadTierWeightInput {
    pub tier: String,
    pub weight: i32,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct LeadRegionInput {
    pub territory: String,
    pub countries: Vec<CountryCode>,
    pub neighbours: Vec<String>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct LeadRuleInput {
    pub name: String,
    pub territories: Option<Vec<String>>,
    pub product_ids: Option<Vec<Id>>,
    pub verticals: Option<Vec<String>>,
    pub strategy: LeadStrategy,
    pub same_territory: bool,
    pub same_vertical: bool,
    pub competencies: Option<Vec<String>>,
    pub tiers: Option<Vec<String>>,
    pub weights: Option<Vec<LeadTierWeightInput>>,
    pub capacity: Option<i32>,
    pub active_days: Option<i32>,
    pub window_hours: Option<i32>,
    pub neighbours: bool,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct LeadPinInput {
    pub domain: String,
    pub partner_id: Id,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct LeadRoutingSaveInput {
    pub expected_number: i32,
    pub rules: Vec<LeadRuleInput>,
    pub pins: Option<Vec<LeadPinInput>>,
    pub regions: Option<Vec<LeadRegionInput>>,
    pub window_hours: i32,
    pub follow_up_hours: i32,
    pub duplicate_days: i32,
    pub fallback_user_id: Option<Id>,
    pub note: Option<String>,
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadRoutingSaveVariables {
    pub input: LeadRoutingSaveInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadRoutingSaveVariables")]
pub struct LeadRoutingSave {
    #[arguments(input: $input)]
    pub lead_routing_save: LeadRoutingPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LeadRoutingPayload {
    pub routing: Option<LeadRouting>,
    pub errors: Vec<LeadProblem>,
}
