//! The vendor's own record and the vendor's clock on a deal.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{DateTime, Decimal, schema};

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct VendorRecordQuery {
    pub vendor_record: VendorRecord,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct VendorRecord {
    pub last_days: VendorRecordPeriod,
    #[arguments(count: 4)]
    pub quarters: Vec<VendorRecordPeriod>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct VendorRecordPeriod {
    pub quarter: Option<String>,
    pub from: DateTime,
    pub to: DateTime,
    pub decided: i32,
    pub median_hours: VendorRecordFigure,
    pub within_deadline: VendorRecordFigure,
    pub breaches: i32,
    pub with_reason: VendorRecordFigure,
    pub reasons: Vec<VendorRecordReason>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct VendorRecordFigure {
    pub formula: String,
    pub value: Option<Decimal>,
    pub numerator: Option<i32>,
    pub denominator: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct VendorRecordReason {
    pub reason: RejectionReason,
    pub count: i32,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectionReason {
    AlreadyTaken,
    EvidenceMissing,
    RuleNotMet,
    CustomerUnsuitable,
    Incomplete,
    Other,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealClockState {
    OnTime,
    AtRisk,
    Breached,
    Escalated,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealClock {
    pub state: DealClockState,
    pub running: bool,
    pub hours: f64,
    pub minutes_left: Option<i32>,
    pub at_risk_at: Option<DateTime>,
    pub escalates_at: Option<DateTime>,
    pub warning: Option<DealClockMoment>,
    pub breach: Option<DealClockMoment>,
    pub escalation: Option<DealClockMoment>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DealClockMoment {
    pub due_at: DateTime,
    pub seen_at: DateTime,
}
