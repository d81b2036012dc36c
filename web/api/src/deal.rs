//! Reading deals: the row every list and live event carries, the full deal with its timeline, totals per stage,
//! what needs the viewer, and the live stream. Changing deals is in `deal_action`.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{
    CountryCode, Date, DateTime, Id, Money, PageInfo,
    program::{DealStage, StageCategory, Territory},
    scalar::OrderDirection,
    schema,
};

// ---- shapes ----

/// A deal as lists, boards and live events show it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Deal")]
pub struct DealCard {
    pub id: Id,
    pub number: String,
    pub version: i32,
    pub title: String,
    pub status: RegistrationStatus,
    pub stage: DealStage,
    pub partner: PartnerRef,
    pub customer: Option<Customer>,
    pub products: Vec<ProductRef>,
    pub included_products: Vec<ProductRef>,
    pub value: Money,
    pub value_in_program_currency: Money,
    pub expected_close_on: Option<Date>,
    pub closed_on: Option<Date>,
    pub next_step: Option<String>,
    pub manager: Option<PersonRef>,
    pub created_at: DateTime,
    pub updated_at: DateTime,
    pub decision_due_at: Option<DateTime>,
    pub protected_until: Option<DateTime>,
    pub protection: Option<ProtectionClock>,
    pub source: DealSource,
    pub open_question: Option<String>,
    pub viewer_can: Vec<DealAction>,
    pub next_stages: Vec<DealStage>,
    pub territory: Option<Territory>,
}

impl DealCard {
    /// Days that are left while protection stands still, to a tenth; none while it runs, and where there is none.
    pub fn days_standing_still(&self) -> Option<f64> {
        let clock = self.protection.as_ref().filter(|clock| clock.stands_still)?;
        clock.minutes_left.map(|minutes| (f64::from(minutes) / 144.0).round() / 10.0)
    }
}

/// Whether the clock of protection stands still, and what is left of it then. All of it stands on the deal itself: a list of
/// cards reads nothing more for it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "DealProtection")]
pub struct ProtectionClock {
    pub stands_still: bool,
    pub minutes_left: Option<i32>,
}

/// The whole deal for its own page; its timeline is read page by page beside it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Deal")]
pub struct DealDetail {
    #[cynic(spread)]
    pub card: DealCard,
    pub registered_by: Option<PersonRef>,
    pub decision_reason: Option<String>,
    pub decided_at: Option<DateTime>,
    pub verdict: Option<DealVerdict>,
    pub clock: Option<crate::record::DealClock>,
    pub route: Option<crate::routing::DealRoute>,
    /// Of the leads that the viewer may see.
    pub lead: Option<crate::lead::LeadOfDeal>,
    pub marketing_source: Option<crate::lead::LeadSource>,
}

/// A deal that waits for a decision, with what the rules say about it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Deal")]
pub struct QueueDeal {
    #[cynic(spread)]
    pub card: DealCard,
    pub verdict: Option<DealVerdict>,
    pub route: Option<crate::routing::DealRoute>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealTimelineConnection {
    pub nodes: Vec<DealTimelineEntry>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealTimelineEntry {
    pub id: Id,
    pub kind: String,
    pub occurred_at: DateTime,
    pub actor_name: String,
    pub text: String,
    pub visibility: NoteVisibility,
    pub reason: Option<String>,
    pub changes: Vec<FieldChange>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct FieldChange {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Partner")]
pub struct PartnerRef {
    pub id: Id,
    pub slug: String,
    pub name: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "User")]
pub struct PersonRef {
    pub id: Id,
    pub name: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Product")]
pub struct ProductRef {
    pub id: Id,
    pub key: String,
    pub name: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Customer {
    pub id: Id,
    pub name: String,
    pub domain: Option<String>,
    pub country: Option<CountryCode>,
    pub industry: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealVerdict {
    pub outcome: VerdictOutcome,
    pub rules: Vec<RuleResult>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RuleResult {
    pub code: String,
    pub passed: bool,
    pub message: String,
    pub remedy: Option<String>,
    pub appeal: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct StageSummary {
    pub stage: DealStage,
    pub count: i32,
    pub value: Money,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct AttentionItem {
    pub kind: AttentionKind,
    pub due_at: Option<DateTime>,
    pub deal: DealCard,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealChange {
    pub cursor: String,
    pub kind: String,
    pub deal: DealCard,
    pub occurred_at: DateTime,
    pub actor_name: String,
    pub text: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ResyncRequired {
    pub cursor: String,
    pub reason: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealConnection {
    pub nodes: Vec<DealCard>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealChangeConnection {
    pub edges: Vec<DealChangeEdge>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealChangeEdge {
    pub cursor: String,
    pub node: DealChange,
}

// ---- enums ----

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegistrationStatus {
    Draft,
    Submitted,
    InReview,
    InfoRequested,
    Approved,
    Rejected,
    Withdrawn,
    Expired,
    Released,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealAction {
    Approve,
    Reject,
    RequestInfo,
    ProvideInfo,
    Withdraw,
    MoveStage,
    AddNote,
    Edit,
    Reroute,
    AddEvidence,
    AskVendor,
    AnswerPartner,
    RequestExtension,
    DecideExtension,
    Release,
    #[cynic(fallback)]
    Other,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealSource {
    Registered,
    Imported,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteVisibility {
    Shared,
    Internal,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerdictOutcome {
    Clear,
    PossibleConflict,
    Blocked,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttentionKind {
    DecisionDue,
    AnswerOwed,
    ProtectionEnding,
    CloseDatePassed,
    PartnerWaits,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealOrderField {
    UpdatedAt,
    CreatedAt,
    Value,
    ExpectedCloseOn,
    DecisionDueAt,
}

// ---- inputs ----

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct DealFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<RegistrationStatus>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub stages: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub partners: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub managers: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub territories: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub products: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub created_from: Option<DateTime>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub created_to: Option<DateTime>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub closed_from: Option<Date>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub closed_to: Option<Date>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<DealSource>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub stage_categories: Option<Vec<StageCategory>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub decisions: Option<Vec<RegistrationDecision>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub verdicts: Option<Vec<VerdictOutcome>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub decided_from: Option<DateTime>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub decided_to: Option<DateTime>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub expected_close_from: Option<Date>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub expected_close_to: Option<Date>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub lacking: Option<Vec<DealLack>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub answer_owed: Option<bool>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationDecision {
    Approved,
    Rejected,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealLack {
    Territory,
    ExpectedCloseOn,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct DealOrder {
    pub field: DealOrderField,
    pub direction: OrderDirection,
}

// ---- operations ----

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct DealsVariables {
    pub search: Option<String>,
    pub filter: Option<DealFilter>,
    pub order_by: Option<DealOrder>,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DealsVariables")]
pub struct DealsQuery {
    #[arguments(search: $search, filter: $filter, orderBy: $order_by, first: $first, after: $after)]
    pub deals: DealConnection,
}

/// How many deals a filter finds, without the deals.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DealsVariables")]
pub struct DealCountQuery {
    #[arguments(search: $search, filter: $filter, orderBy: $order_by, first: $first, after: $after)]
    pub deals: DealCount,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "DealConnection")]
pub struct DealCount {
    pub total_count: i32,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DealVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DealVariables")]
pub struct DealQuery {
    #[arguments(id: $id)]
    pub deal: Option<DealDetail>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DealTimelineVariables {
    pub id: Id,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DealTimelineVariables")]
pub struct DealTimelineQuery {
    #[arguments(id: $id)]
    pub deal: Option<TimelineOfDeal>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Deal", variables = "DealTimelineVariables")]
pub struct TimelineOfDeal {
    #[arguments(first: $first, after: $after)]
    pub timeline: DealTimelineConnection,
}

/// The approval queue: as `DealsQuery`, with the verdict on each.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "DealsVariables")]
pub struct QueueQuery {
    #[arguments(search: $search, filter: $filter, orderBy: $order_by, first: $first, after: $after)]
    pub deals: QueueConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "DealConnection")]
pub struct QueueConnection {
    pub nodes: Vec<QueueDeal>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct PipelineSummaryVariables {
    pub filter: Option<DealFilter>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "PipelineSummaryVariables")]
pub struct PipelineSummaryQuery {
    #[arguments(filter: $filter)]
    pub pipeline_summary: Vec<StageSummary>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct HomeVariables {
    pub attention_first: Option<i32>,
    pub changes_first: Option<i32>,
}

/// Everything home shows, in one request.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "HomeVariables")]
pub struct HomeQuery {
    #[arguments(first: $attention_first)]
    pub attention: Vec<AttentionItem>,
    #[arguments(first: $changes_first)]
    pub recent_changes: DealChangeConnection,
    pub pipeline_summary: Vec<StageSummary>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct DealChangesVariables {
    pub filter: Option<DealFilter>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription", variables = "DealChangesVariables")]
pub struct DealChangesSubscription {
    #[arguments(filter: $filter, after: $after)]
    pub deal_changes: DealChangeEvent,
}

#[derive(cynic::InlineFragments, Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "short-lived, one per event")]
pub enum DealChangeEvent {
    DealChange(DealChange),
    ResyncRequired(ResyncRequired),
    #[cynic(fallback)]
    Unknown,
}
