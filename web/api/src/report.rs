//! Reports: figures with their formula and the address of the rows behind each.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{CurrencyCode, Date, Decimal, Id, deal::DealSource, program::DealStage, schema};

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct ReportInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub territories: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub products: Option<Vec<Id>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<DealSource>>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportDimension {
    Partner,
    Territory,
    Product,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportUnit {
    Count,
    Percent,
    Money,
    Hours,
    Days,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ReportMetric {
    pub formula: String,
    pub unit: ReportUnit,
    pub value: Option<Decimal>,
    pub numerator: Option<Decimal>,
    pub denominator: Option<Decimal>,
    pub rows: ReportRows,
    pub denominator_rows: Option<ReportRows>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ReportRows {
    pub path: String,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RegistrationFigures {
    pub volume: ReportMetric,
    pub approval_rate: ReportMetric,
    pub approval_rate_of_decided: ReportMetric,
    pub conversion: ReportMetric,
    pub conflict_rate: ReportMetric,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TimeToDecide {
    pub median: ReportMetric,
    pub p90: ReportMetric,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ClosedFigures {
    pub win_rate: ReportMetric,
    pub average_deal_size: ReportMetric,
    pub cycle_time_mean: ReportMetric,
    pub cycle_time_median: ReportMetric,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct OpenPipeline {
    pub count: ReportMetric,
    pub value: ReportMetric,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct StagePipeline {
    pub stage: DealStage,
    pub pipeline: OpenPipeline,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct AgePipeline {
    pub days_from: i32,
    pub days_to: Option<i32>,
    pub pipeline: OpenPipeline,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ForecastMonth {
    pub month: Option<String>,
    pub forecast: ReportMetric,
    pub pipeline: OpenPipeline,
}

/// Of a month only what the chart draws.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ReportMonth {
    pub month: String,
    pub figures: MonthFigures,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "RegistrationFigures")]
pub struct MonthFigures {
    pub volume: ReportMetric,
    pub conversion: ReportMetric,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Report {
    pub from: Date,
    pub to: Date,
    pub time_zone: String,
    pub currency: CurrencyCode,
    pub registrations: RegistrationFigures,
    pub time_to_decide: TimeToDecide,
    pub closed: ClosedFigures,
    pub pipeline: OpenPipeline,
    pub pipeline_by_stage: Vec<StagePipeline>,
    pub pipeline_by_age: Vec<AgePipeline>,
    pub forecast: Vec<ForecastMonth>,
    pub months: Vec<ReportMonth>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct ReportVariables {
    pub input: Option<ReportInput>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "ReportVariables")]
pub struct ReportQuery {
    #[arguments(input: $input)]
    pub report: Report,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct BreakdownVariables {
    pub input: Option<ReportInput>,
    pub by: ReportDimension,
    pub first: Option<i32>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "BreakdownVariables")]
pub struct BreakdownQuery {
    #[arguments(input: $input)]
    pub report: BreakdownReport,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Report", variables = "BreakdownVariables")]
pub struct BreakdownReport {
    pub currency: CurrencyCode,
    #[arguments(by: $by, first: $first)]
    pub breakdown: ReportBreakdown,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ReportBreakdown {
    pub groups: Vec<ReportGroup>,
    pub has_more: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ReportGroup {
    pub key: Option<Id>,
    pub name: Option<String>,
    pub figures: RegistrationFigures,
}
