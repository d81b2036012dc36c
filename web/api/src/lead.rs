//! Leads: the board, one lead with its reasons, changes, the rules by which leads find a partner, the public form, the file,
//! and the live stream.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use cynic::{QueryBuilder, SubscriptionBuilder};
use futures::{FutureExt, future::LocalBoxFuture};
use serde_json::Value;

use crate::{
    ApiError, Client, CountryCode, CurrencyCode, DateTime, Decimal, Id, Money, PageInfo,
    client::decode,
    deal::{DealVerdict, FieldChange, LastChangeQuery, PartnerRef, PersonRef, ProductRef, ResyncRequired},
    deal_action::{DealRegisterInput, DealRegisterProblem},
    error::error_family,
    import::{ImportProblem, ImportRun},
    program::{Term, Territory},
    schema,
    stream::{Source, Step, Stream, Told},
};

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeadStatus {
    New,
    Assigned,
    Accepted,
    Converted,
    Closed,
    Unrouted,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadOwnerSide {
    Vendor,
    Partner,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadIntake {
    Api,
    Form,
    Csv,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadSourceKind {
    Directory,
    Website,
    Campaign,
    Event,
    Referral,
    Outbound,
    Other,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadAction {
    Accept,
    Decline,
    Assign,
    Route,
    Convert,
    Close,
    Note,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadDeclineReason {
    NoCapacity,
    OutOfTerritory,
    NotOurField,
    Conflict,
    TooSmall,
    Other,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadCloseReason {
    NotReachable,
    NoInterest,
    #[cynic(rename = "NOT_A_BUYER")]
    NotABuyer,
    Duplicate,
    BoughtElsewhere,
    Other,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadOfferOutcome {
    Open,
    Accepted,
    Declined,
    Lapsed,
    Withdrawn,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadBasis {
    AskedFor,
    Pinned,
    Rule,
    Neighbour,
    ByHand,
    Vendor,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadFactor {
    Active,
    NotTried,
    Territory,
    Vertical,
    Competencies,
    Tier,
    Weight,
    Capacity,
    Activity,
}

#[derive(cynic::Enum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeadStrategy {
    #[default]
    FairShare,
    Random,
    Vendor,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadSource {
    pub kind: LeadSourceKind,
    pub campaign: Option<String>,
    pub kit: Option<String>,
    pub utm_source: Option<String>,
    pub utm_medium: Option<String>,
    pub utm_campaign: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Lead")]
pub struct LeadCard {
    pub id: Id,
    pub number: String,
    pub version: i32,
    pub status: LeadStatus,
    pub name: String,
    pub company: String,
    pub country: Option<CountryCode>,
    pub source: LeadSource,
    pub products: Vec<ProductRef>,
    pub territory: Option<Territory>,
    pub value: Option<Money>,
    pub partner: Option<PartnerRef>,
    pub owner: LeadOwnerSide,
    pub follow_up_at: Option<DateTime>,
    pub window_ends_at: Option<DateTime>,
    pub contacted_at: Option<DateTime>,
    pub created_at: DateTime,
    pub viewer_can: Vec<LeadAction>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadEnquiry {
    pub at: DateTime,
    pub message: Option<String>,
    pub source: LeadSource,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadOffer {
    pub partner: Option<PartnerRef>,
    pub at: DateTime,
    pub until: DateTime,
    pub outcome: LeadOfferOutcome,
    pub decline_reason: Option<LeadDeclineReason>,
    pub text: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadCandidate {
    pub partner: Option<PartnerRef>,
    pub chosen: bool,
    pub passed: Vec<LeadFactor>,
    pub failed: Vec<LeadFactor>,
    pub weight: i32,
    pub credit: Option<i32>,
    pub open_leads: i32,
    pub idle_days: Option<i32>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadWhy {
    pub at: DateTime,
    pub basis: LeadBasis,
    pub routing_number: i32,
    pub rule: Option<String>,
    pub strategy: Option<LeadStrategy>,
    pub territory: Option<Territory>,
    pub partner: Option<PartnerRef>,
    pub candidates: Vec<LeadCandidate>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Deal")]
pub struct LeadDeal {
    pub id: Id,
    pub number: String,
    pub title: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Lead")]
pub struct LeadDetail {
    #[cynic(spread)]
    pub card: LeadCard,
    pub email: String,
    pub phone: Option<String>,
    pub domain: Option<String>,
    pub message: Option<String>,
    pub intake: LeadIntake,
    pub consent_at: Option<DateTime>,
    pub consent_text: Option<String>,
    pub vertical: Option<Term>,
    pub vendor_person: Option<PersonRef>,
    pub offers: Vec<LeadOffer>,
    pub enquiries: Vec<LeadEnquiry>,
    pub deal: Option<LeadDeal>,
    pub close_reason: Option<LeadCloseReason>,
    pub close_text: Option<String>,
    pub whys: Vec<LeadWhy>,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct LeadFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<LeadStatus>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub partners: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub territories: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<LeadSourceKind>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct LeadsVariables {
    pub search: Option<String>,
    pub filter: Option<LeadFilter>,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "LeadsVariables")]
pub struct LeadsQuery {
    #[arguments(search: $search, filter: $filter, first: $first, after: $after)]
    pub leads: LeadConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadConnection {
    pub nodes: Vec<LeadCard>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadStatusCount {
    pub status: LeadStatus,
    pub count: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadSummary {
    pub by_status: Vec<LeadStatusCount>,
    pub with_partner: i32,
    pub won: i32,
    pub lead_to_close: Option<Decimal>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct LeadSummaryQuery {
    pub lead_summary: LeadSummary,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct LeadVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "LeadVariables")]
pub struct LeadQuery {
    #[arguments(id: $id)]
    pub lead: Option<LeadDetail>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct LeadTimelineVariables {
    pub id: Id,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "LeadTimelineVariables")]
pub struct LeadTimelineQuery {
    #[arguments(id: $id)]
    pub lead: Option<LeadTimeline>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Lead", variables = "LeadTimelineVariables")]
pub struct LeadTimeline {
    #[arguments(first: $first, after: $after)]
    pub timeline: LeadTimelineConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadTimelineConnection {
    pub nodes: Vec<LeadTimelineEntry>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadTimelineEntry {
    pub id: Id,
    pub kind: String,
    pub sentence: String,
    pub occurred_at: DateTime,
    pub actor_name: String,
    pub partner: Option<PartnerRef>,
    pub text: Option<String>,
    pub changes: Vec<FieldChange>,
}

error_family!(lead_error, LeadProblem, "LeadError", LeadErrorCode, "LeadErrorCode" {
    NotFound, NotAllowed, StaleVersion, WrongStatus, WindowOver, PartnerNotActive, PartnerNotFound, SamePartner, PersonUnknown, Required,
    TooLong, InvalidInput, EmailInvalid, CountryUnknown, ProductUnknown, TermUnknown, CurrencyNotAccepted, ValueInvalid, ConsentMissing,
    Twice, Unreachable, CalendarWithoutWorkingTime, IdempotencyKeyReused,
});

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LeadPayload {
    pub lead: Option<LeadCard>,
    pub errors: Vec<LeadProblem>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadChangeVariables {
    pub id: Id,
    pub expected_version: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadChangeVariables")]
pub struct LeadAccept {
    #[arguments(id: $id, expectedVersion: $expected_version)]
    pub lead_accept: LeadPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadChangeVariables")]
pub struct LeadRoute {
    #[arguments(id: $id, expectedVersion: $expected_version)]
    pub lead_route: LeadPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadDeclineVariables {
    pub id: Id,
    pub expected_version: i32,
    pub reason: LeadDeclineReason,
    pub text: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadDeclineVariables")]
pub struct LeadDecline {
    #[arguments(id: $id, expectedVersion: $expected_version, reason: $reason, text: $text)]
    pub lead_decline: LeadPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadAssignVariables {
    pub id: Id,
    pub expected_version: i32,
    pub partner_id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadAssignVariables")]
pub struct LeadAssign {
    #[arguments(id: $id, expectedVersion: $expected_version, partnerId: $partner_id)]
    pub lead_assign: LeadPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadCloseVariables {
    pub id: Id,
    pub expected_version: i32,
    pub reason: LeadCloseReason,
    pub text: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadCloseVariables")]
pub struct LeadClose {
    #[arguments(id: $id, expectedVersion: $expected_version, reason: $reason, text: $text)]
    pub lead_close: LeadPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadNoteVariables {
    pub id: Id,
    pub expected_version: i32,
    pub text: String,
    pub contacted: Option<bool>,
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadNoteVariables")]
pub struct LeadNote {
    #[arguments(id: $id, expectedVersion: $expected_version, text: $text, contacted: $contacted, idempotencyKey: $idempotency_key)]
    pub lead_note: LeadPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadConvertVariables {
    pub id: Id,
    pub expected_version: i32,
    pub input: DealRegisterInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadConvertVariables")]
pub struct LeadConvert {
    #[arguments(id: $id, expectedVersion: $expected_version, input: $input)]
    pub lead_convert: LeadConvertPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LeadConvertPayload {
    pub lead: Option<LeadCard>,
    pub deal: Option<LeadDeal>,
    pub verdict: Option<DealVerdict>,
    pub errors: Vec<DealRegisterProblem>,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct LeadSourceInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub kind: Option<LeadSourceKind>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub kit: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub utm_source: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub utm_medium: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub utm_campaign: Option<String>,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct LeadCreateInput {
    pub name: String,
    pub email: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub company: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub product_ids: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub vertical: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Decimal>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub currency: Option<CurrencyCode>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub source: Option<LeadSourceInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub hold: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadCreateVariables {
    pub input: LeadCreateInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadCreateVariables")]
pub struct LeadCreate {
    #[arguments(input: $input)]
    pub lead_create: LeadCreatePayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LeadCreatePayload {
    pub lead: Option<LeadCard>,
    pub joined: bool,
    pub errors: Vec<LeadProblem>,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct LeadEnquireInput {
    pub name: String,
    pub email: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub company: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub source: Option<LeadSourceInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<Id>,
    pub consent: String,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadEnquireVariables {
    pub input: LeadEnquireInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadEnquireVariables")]
pub struct LeadEnquire {
    #[arguments(input: $input)]
    pub lead_enquire: LeadEnquirePayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LeadEnquirePayload {
    pub received: bool,
    pub errors: Vec<LeadProblem>,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct LeadImportInput {
    pub file: Id,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub source: Option<LeadSourceInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub hold: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadImportVariables {
    pub input: LeadImportInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LeadImportVariables")]
pub struct LeadImport {
    #[arguments(input: $input)]
    pub lead_import: LeadImportPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "ImportPayload")]
pub struct LeadImportPayload {
    pub run: Option<ImportRun>,
    pub errors: Vec<ImportProblem>,
}

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

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct LeadChangesVariables {
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription", variables = "LeadChangesVariables")]
pub struct LeadChangesSubscription {
    #[arguments(after: $after)]
    pub lead_changes: LeadChangeEvent,
}

#[derive(cynic::InlineFragments, Clone, Debug)]
pub enum LeadChangeEvent {
    LeadChange(LeadChange),
    ResyncRequired(ResyncRequired),
    #[cynic(fallback)]
    Unknown,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadChange {
    pub cursor: String,
    pub lead_id: Id,
    pub lead: Option<LeadCard>,
    pub entry: LeadTimelineEntry,
}

/// What the screens hear of leads.
pub type LeadEvent = Told<LeadChange>;

/// The stream of leads.
pub type LeadFeed = Stream<Leads>;

/// Changes of leads that the viewer may see.
pub struct Leads;

impl Source for Leads {
    type Item = LeadChange;

    fn operation(after: Option<String>) -> Value {
        serde_json::to_value(LeadChangesSubscription::build(LeadChangesVariables { after })).unwrap_or_default()
    }

    fn read(data: Value) -> Result<Step<LeadChange>, ApiError> {
        Ok(match decode::<LeadChangesSubscription>(data)?.lead_changes {
            LeadChangeEvent::LeadChange(change) => Step::Change(change.cursor.clone(), change),
            LeadChangeEvent::ResyncRequired(resync) => Step::Resync(resync.cursor),
            LeadChangeEvent::Unknown => Step::Unknown,
        })
    }

    fn newest(client: Client) -> LocalBoxFuture<'static, Result<Option<String>, ApiError>> {
        async move {
            // All streams count the same events.
            let last = client.run(LastChangeQuery::build(())).await?;
            Ok(last.recent_changes.nodes.into_iter().next().map(|change| change.cursor))
        }
        .boxed_local()
    }
}
