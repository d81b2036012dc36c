//! Routing: the table, absences, the viewer's desk, re-routes, approving several at once, and the live stream of changes.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use cynic::SubscriptionBuilder;
use serde_json::Value;

use crate::{
    ApiError, CountryCode, Date, DateTime, Decimal, Id, Money,
    client::decode,
    deal::{DealCard, PersonRef, ProductRef, ResyncRequired},
    deal_action::{DealDecisionPayload, DealDecisionProblem},
    error::error_family,
    program::{Territory, Tier},
    schema,
    stream::{Source, Step},
};

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct RoutingQuery {
    pub routing: Option<Routing>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Routing {
    pub version: i32,
    pub territories: Vec<RoutingTerritory>,
    pub rules: Vec<RoutingRule>,
    pub fallback: Option<PersonRef>,
    pub warnings: Vec<RoutingWarning>,
    pub changed_by: Option<String>,
    pub changed_at: Option<DateTime>,
    pub absences: Vec<Absence>,
    pub people: Vec<PersonRef>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RoutingTerritory {
    pub territory: Territory,
    pub countries: Vec<CountryCode>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RoutingRule {
    pub name: String,
    pub partner_territories: Vec<Territory>,
    pub customer_territories: Vec<Territory>,
    pub products: Vec<ProductRef>,
    pub lines: Vec<String>,
    pub tiers: Vec<Tier>,
    pub from_value: Option<Money>,
    pub below_value: Option<Money>,
    pub steps: Vec<RoutingStep>,
    pub shared: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RoutingStep {
    pub name: String,
    pub owner: Option<PersonRef>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RoutingWarning {
    pub rule: i32,
    pub behind: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Absence {
    pub id: Id,
    pub user: Option<PersonRef>,
    pub from: Date,
    pub until: Date,
    pub cover: Option<PersonRef>,
    pub viewer_may_edit: bool,
}

error_family!(routing_error, RoutingProblem, "RoutingError", RoutingErrorCode, "RoutingErrorCode" {
    NotAllowed, StaleVersion, Required, TooLong, InvalidInput, TerritoryUnknown, ProductUnknown, TermUnknown, CountryUnknown,
    PersonUnknown, PersonCannotDecide, CircularStep, NameTaken,
});

error_family!(absence_error, AbsenceProblem, "AbsenceError", AbsenceErrorCode, "AbsenceErrorCode" {
    NotFound, NotAllowed, InvalidInput, DateInPast, Overlaps, PersonUnknown, PersonCannotDecide, CoverCircle, TooMany,
    IdempotencyKeyReused,
});

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct RoutingInput {
    pub territories: Vec<RoutingTerritoryInput>,
    pub rules: Vec<RoutingRuleInput>,
    pub fallback_id: Id,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct RoutingTerritoryInput {
    pub territory: String,
    pub countries: Vec<CountryCode>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct RoutingRuleInput {
    pub name: String,
    pub partner_territories: Option<Vec<String>>,
    pub customer_territories: Option<Vec<String>>,
    pub product_ids: Option<Vec<Id>>,
    pub lines: Option<Vec<String>>,
    pub tiers: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub from_value: Option<Decimal>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub below_value: Option<Decimal>,
    pub steps: Vec<RoutingStepInput>,
    pub shared: Option<bool>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct RoutingStepInput {
    pub name: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<Id>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct RoutingUpdateVariables {
    pub expected_version: i32,
    pub input: RoutingInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "RoutingUpdateVariables")]
pub struct RoutingUpdate {
    #[arguments(expectedVersion: $expected_version, input: $input)]
    pub routing_update: RoutingPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct RoutingPayload {
    pub routing: Option<Routing>,
    pub errors: Vec<RoutingProblem>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct AbsenceInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Id>,
    pub from: Date,
    pub until: Date,
    pub cover_id: Id,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct AbsenceSaveVariables {
    pub input: AbsenceInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "AbsenceSaveVariables")]
pub struct AbsenceSave {
    #[arguments(input: $input)]
    pub absence_save: AbsencePayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct AbsenceRemoveVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "AbsenceRemoveVariables")]
pub struct AbsenceRemove {
    #[arguments(id: $id)]
    pub absence_remove: AbsencePayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct AbsencePayload {
    pub absence: Option<Absence>,
    pub errors: Vec<AbsenceProblem>,
}

// ---- the desk ----

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct DeskQuery {
    pub desk: Desk,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Desk {
    pub owners: Vec<PersonRef>,
    pub waiting: i32,
}

/// The people to whom a decision can be handed, with who is away.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct DecidersQuery {
    pub routing: Option<Deciders>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Routing")]
pub struct Deciders {
    pub people: Vec<PersonRef>,
}

// ---- a deal's route ----

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRoute {
    pub rule: Option<String>,
    pub shared: bool,
    pub cover: Option<PersonRef>,
    pub steps: Vec<DealRouteStep>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealRouteStep {
    pub name: String,
    pub state: DealStepState,
    pub owner: Option<PersonRef>,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealStepState {
    Approved,
    Declined,
    Current,
    Waiting,
    Skipped,
}

// ---- decisions ----

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealRerouteVariables {
    pub id: Id,
    pub expected_version: i32,
    pub to: Id,
    pub reason: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealRerouteVariables")]
pub struct DealReroute {
    #[arguments(id: $id, expectedVersion: $expected_version, to: $to, reason: $reason)]
    pub deal_reroute: DealDecisionPayload,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct DealsApproveItem {
    pub id: Id,
    pub expected_version: i32,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct DealsApproveVariables {
    pub items: Vec<DealsApproveItem>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DealsApproveVariables")]
pub struct DealsApprove {
    #[arguments(items: $items)]
    pub deals_approve: DealsApprovePayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DealsApprovePayload {
    pub results: Vec<DealsApproveResult>,
    pub errors: Vec<DealDecisionProblem>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct DealsApproveResult {
    pub id: Id,
    pub deal: Option<DealCard>,
    pub errors: Vec<DealDecisionProblem>,
    pub failed: bool,
}

// ---- live ----

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct RoutingChangesVariables {
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription", variables = "RoutingChangesVariables")]
pub struct RoutingChangesSubscription {
    #[arguments(after: $after)]
    pub routing_changes: RoutingChangeEvent,
}

#[derive(cynic::InlineFragments, Clone, Debug)]
pub enum RoutingChangeEvent {
    RoutingChange(RoutingChange),
    ResyncRequired(ResyncRequired),
    #[cynic(fallback)]
    Unknown,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RoutingChange {
    pub cursor: String,
    pub occurred_at: DateTime,
}

/// Changes of the routing.
pub struct RoutingChanges;

impl Source for RoutingChanges {
    type Item = RoutingChange;

    fn operation(after: Option<String>) -> Value {
        let operation = RoutingChangesSubscription::build(RoutingChangesVariables { after });
        serde_json::to_value(&operation).unwrap_or_default()
    }

    fn read(data: Value) -> Result<Step<RoutingChange>, ApiError> {
        Ok(match decode::<RoutingChangesSubscription>(data)?.routing_changes {
            RoutingChangeEvent::RoutingChange(change) => Step::Change(change.cursor.clone(), change),
            RoutingChangeEvent::ResyncRequired(resync) => Step::Resync(resync.cursor),
            RoutingChangeEvent::Unknown => Step::Unknown,
        })
    }
}
