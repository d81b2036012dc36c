//! Exports of lists as CSV: started, followed while they run, downloaded.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use crate::{
    Id, Url,
    deal::DealFilter,
    dispute::DisputeStatus,
    error::error_family,
    lead::LeadFilter,
    report::{ReportDimension, ReportInput},
    schema,
    user::UserFilter,
};

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    Deals,
    Partners,
    Leads,
    Users,
    Disputes,
    Directs,
    Report,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportState {
    Waiting,
    Running,
    Done,
    Failed,
}

#[derive(cynic::InputObject, Clone, Debug, PartialEq)]
pub struct ExportInput {
    pub kind: ExportKind,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub deals: Option<DealFilter>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub partners: Option<crate::partner::PartnerFilter>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub leads: Option<LeadFilter>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub users: Option<UserFilter>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub disputes: Option<Vec<DisputeStatus>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportInput>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub by: Option<ReportDimension>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub bom: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

impl ExportInput {
    /// A list without filters. The file begins with a byte order mark: most people open it in a spreadsheet.
    #[must_use]
    pub fn of(kind: ExportKind) -> Self {
        Self {
            kind,
            search: None,
            deals: None,
            partners: None,
            leads: None,
            users: None,
            disputes: None,
            report: None,
            by: None,
            bom: Some(true),
            idempotency_key: None,
        }
    }
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Export {
    pub id: Id,
    pub state: ExportState,
    pub rows_done: i32,
    pub rows_total: i32,
    pub download_url: Option<Url>,
}

error_family!(export_error, ExportProblem, "ExportError", ExportErrorCode, "ExportErrorCode" {
    NotAllowed, TooLarge, TooMany, TooManyRunning, InvalidInput, IdempotencyKeyReused,
});

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct ExportStartVariables {
    pub input: ExportInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ExportStartVariables")]
pub struct ExportStart {
    #[arguments(input: $input)]
    pub export_start: ExportPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct ExportPayload {
    pub export: Option<Export>,
    pub errors: Vec<ExportProblem>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct ExportVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "ExportVariables")]
pub struct ExportQuery {
    #[arguments(id: $id)]
    pub export: Option<Export>,
}
