//! Leads: the board, one lead with its reasons, changes, the rules by which leads find a partner, the public form, the file,
//! and the live stream.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use cynic::SubscriptionBuilder;
use serde_json::Value;

use crate::{
    ApiError, CountryCode, DateTime, Decimal, Id, Money, PageInfo,
    client::decode,
    deal::{FieldChange, PartnerRef, PersonRef, ProductRef, ResyncRequired},
    error::error_family,
    program::{Term, Territory},
    schema,
    stream::{Source, Step, Stream, Told},
};
pub use crate::{lead_change::*, lead_routing::*};

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

/// The lead of which a deal came.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Lead")]
pub struct LeadOfDeal {
    pub id: Id,
    pub number: String,
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
#[allow(clippy::large_enum_variant, reason = "one is made for each message and taken apart at once")]
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
}
