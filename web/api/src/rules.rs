//! The program's rules: versions, proposing, withdrawing, trying a draft, accepting the rules of engagement.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{
    Date, DateTime, Decimal, Id, Money,
    deal::DealCard,
    desk::{CustomField, CustomFieldInput, EvidenceRules, EvidenceRulesInput, ProtectionTerms, ProtectionTermsInput},
    error::error_family,
    program::{ProductRef, Territory, Tier, Weekday},
    schema,
};

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct RulesVersionsVariables {
    pub first: Option<i32>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "RulesVersionsVariables")]
pub struct RulesVersionsQuery {
    #[arguments(first: $first)]
    pub rules_versions: RulesVersionConnection,
    pub rules_earliest_change: Date,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RulesVersionConnection {
    pub nodes: Vec<RulesVersion>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulesState {
    InForce,
    Announced,
    Superseded,
    Withdrawn,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RulesVersion {
    pub id: Id,
    pub number: i32,
    pub state: RulesState,
    pub effective_from: Date,
    pub note: Option<String>,
    pub proposed_at: DateTime,
    pub proposed_by: Option<String>,
    pub withdrawn_at: Option<DateTime>,
    pub withdrawn_reason: Option<String>,
    pub minimum_value: Money,
    pub products: Option<Vec<ProductRef>>,
    pub territories: Option<Vec<Territory>>,
    pub contact_required: bool,
    pub description_min_length: i32,
    pub close_within_days: Option<i32>,
    pub engagement: Option<String>,
    pub evidence: EvidenceRules,
    pub certified_required: bool,
    pub fields: Vec<CustomField>,
    pub protection: ProtectionTerms,
    pub protection_days: i32,
    pub protection_overrides: Vec<ProtectionOverride>,
    pub decision_hours: i32,
    pub decision_overrides: Vec<DecisionOverride>,
    pub deadline: DeadlineTerms,
    pub dispute_hours: i32,
    pub calendar: RulesCalendar,
    pub notice_days: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DeadlineTerms {
    pub warn_percent: i32,
    pub escalation_hours: Option<i32>,
    pub escalation_to: Option<crate::deal::PersonRef>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct DeadlineTermsInput {
    pub warn_percent: i32,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub escalation_hours: Option<i32>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub escalation_to_id: Option<Id>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ProtectionOverride {
    pub tier: Option<Tier>,
    pub line: Option<String>,
    pub product: Option<ProductRef>,
    pub days: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DecisionOverride {
    pub name: String,
    pub from_value: Money,
    pub hours: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "BusinessCalendar")]
pub struct RulesCalendar {
    pub time_zone: String,
    pub hours: Vec<WorkingHours>,
    pub named_holidays: Vec<Holiday>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct WorkingHours {
    pub day: Weekday,
    pub opens_at: String,
    pub closes_at: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Holiday {
    pub date: Date,
    pub name: Option<String>,
}

error_family!(rules_error, RulesProblem, "RulesError", RulesErrorCode, "RulesErrorCode" {
    NotFound, NotAllowed, NotAnnounced, StaleVersion, Required, TooLong, InvalidInput, ProductUnknown, TerritoryUnknown, TermUnknown,
    OverrideUnreachable, CalendarWithoutWorkingTime, TimeZoneUnknown, DateInPast, DateWithinNotice, DateTaken,
    DateBeforeAnnounced, IdempotencyKeyReused,
});

error_family!(engagement_error, EngagementProblem, "EngagementError", EngagementErrorCode, "EngagementErrorCode" {
    NotAllowed, StaleVersion, NothingToAccept, InvalidInput, IdempotencyKeyReused,
});

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct ProtectionOverrideInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<Id>,
    pub days: i32,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct DecisionOverrideInput {
    pub name: String,
    pub from_value: Decimal,
    pub hours: i32,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct WorkingHoursInput {
    pub day: Weekday,
    pub opens_at: String,
    pub closes_at: String,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct HolidayInput {
    pub date: Date,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct BusinessCalendarInput {
    pub time_zone: String,
    pub hours: Vec<WorkingHoursInput>,
    pub holidays: Vec<HolidayInput>,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct RulesInput {
    pub minimum_value: Decimal,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub product_ids: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub territories: Option<Vec<String>>,
    pub contact_required: bool,
    pub description_min_length: i32,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub close_within_days: Option<i32>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub engagement: Option<String>,
    pub evidence: Option<EvidenceRulesInput>,
    pub certified_required: bool,
    pub fields: Vec<CustomFieldInput>,
    pub protection: Option<ProtectionTermsInput>,
    pub protection_days: i32,
    pub protection_overrides: Vec<ProtectionOverrideInput>,
    pub decision_hours: i32,
    pub decision_overrides: Vec<DecisionOverrideInput>,
    pub deadline: Option<DeadlineTermsInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub dispute_hours: Option<i32>,
    pub calendar: BusinessCalendarInput,
    pub notice_days: i32,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct RulesProposeInput {
    pub rules: RulesInput,
    pub effective_from: Date,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub based_on: Option<i32>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct RulesProposeVariables {
    pub input: RulesProposeInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "RulesProposeVariables")]
pub struct RulesPropose {
    #[arguments(input: $input)]
    pub rules_propose: RulesPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct RulesPayload {
    pub rules: Option<RulesVersion>,
    pub errors: Vec<RulesProblem>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct RulesWithdrawVariables {
    pub number: i32,
    pub reason: String,
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "RulesWithdrawVariables")]
pub struct RulesWithdraw {
    #[arguments(number: $number, reason: $reason, idempotencyKey: $idempotency_key)]
    pub rules_withdraw: RulesPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct RulesTryVariables {
    pub input: RulesInput,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "RulesTryVariables")]
pub struct RulesTry {
    #[arguments(input: $input, first: $first, after: $after)]
    pub rules_try: RulesTrial,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct RulesTrial {
    pub judged: i32,
    pub refused: i32,
    pub refused_approved: i32,
    pub other_terms: i32,
    pub by_rule: Vec<RuleCount>,
    pub capped: bool,
    pub rows: RulesTrialConnection,
    pub errors: Vec<RulesProblem>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RuleCount {
    pub code: String,
    pub count: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct RulesTrialConnection {
    pub nodes: Vec<RulesTrialRow>,
    pub page_info: crate::PageInfo,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct RulesTrialRow {
    pub deal: DealCard,
    pub failed: Vec<String>,
    pub before: DealTerms,
    pub after: DealTerms,
}

#[derive(cynic::QueryFragment, Clone, Copy, Debug, PartialEq)]
pub struct DealTerms {
    pub decision_hours: i32,
    pub protection_days: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct EngagementQuery {
    pub engagement_acceptance: Option<EngagementAcceptance>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct EngagementAcceptance {
    pub rules_number: i32,
    pub accepted_by: String,
    pub accepted_at: DateTime,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct EngagementAcceptVariables {
    pub rules_number: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "EngagementAcceptVariables")]
pub struct EngagementAccept {
    #[arguments(rulesNumber: $rules_number)]
    pub engagement_accept: EngagementPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct EngagementPayload {
    pub acceptance: Option<EngagementAcceptance>,
    pub errors: Vec<EngagementProblem>,
}
