//! CRM imports: uploading files, starting a run from them, watching it, reading its issues.
#![allow(missing_docs, reason = "schema.graphql describes every field")]

use gloo_net::http::Request;
use serde::Deserialize;
use serde_json::Value;
use web_sys::{Blob, RequestCredentials};

use crate::{ApiError, Client, DateTime, Id, PageInfo, Url, deal::PersonRef, error::error_family, schema};

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ImportRun {
    pub id: Id,
    pub status: ImportStatus,
    pub started_at: DateTime,
    pub finished_at: Option<DateTime>,
    pub started_by: Option<PersonRef>,
    pub processed: i32,
    pub total: i32,
    pub created: i32,
    pub unchanged: i32,
    pub rejected: i32,
    pub warnings: Vec<ImportIssueCount>,
    pub errors: Vec<ImportIssueCount>,
    pub report_url: Option<Url>,
    pub failure: Option<String>,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportStatus {
    Running,
    Done,
    Failed,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ImportIssueCount {
    pub code: String,
    pub message: String,
    pub count: i32,
}

#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportSeverity {
    Error,
    Warning,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ImportIssue {
    pub severity: ImportSeverity,
    pub file: String,
    pub line: i32,
    pub column: Option<String>,
    pub value: Option<String>,
    pub code: String,
    pub reason: String,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct ImportRunsVariables {
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "ImportRunsVariables")]
pub struct ImportRunsQuery {
    #[arguments(first: $first, after: $after)]
    pub import_runs: ImportRunConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ImportRunConnection {
    pub nodes: Vec<ImportRun>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct ImportRunVariables {
    pub id: Id,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "ImportRunVariables")]
pub struct ImportRunQuery {
    #[arguments(id: $id)]
    pub import_run: Option<ImportRun>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct ImportIssuesVariables {
    pub id: Id,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query", variables = "ImportIssuesVariables")]
pub struct ImportIssuesQuery {
    #[arguments(id: $id)]
    pub import_run: Option<ImportRunIssues>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "ImportRun", variables = "ImportIssuesVariables")]
pub struct ImportRunIssues {
    #[arguments(first: $first, after: $after)]
    pub issues: ImportIssueConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ImportIssueConnection {
    pub nodes: Vec<ImportIssue>,
    pub page_info: PageInfo,
    pub total_count: i32,
}

error_family!(import_error, ImportProblem, "ImportError", ImportErrorCode, "ImportErrorCode" {
    NotFound, NotAllowed, FileBroken, ColumnMissing, MappingInvalid, AlreadyRunning, InvalidInput, IdempotencyKeyReused,
});

#[derive(cynic::InputObject, Clone, Debug)]
pub struct ImportAliasInput {
    pub field: String,
    pub from: String,
    pub to: String,
}

#[derive(cynic::InputObject, Clone, Debug)]
pub struct CrmImportInput {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub products: Option<Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub sales_teams: Option<Id>,
    pub sales_pipeline: Id,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub aliases: Option<Vec<ImportAliasInput>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug)]
pub struct CrmImportVariables {
    pub input: CrmImportInput,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "CrmImportVariables")]
pub struct CrmImport {
    #[arguments(input: $input)]
    pub crm_import: ImportPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct ImportPayload {
    pub run: Option<ImportRun>,
    pub errors: Vec<ImportProblem>,
}

#[derive(Deserialize)]
struct Uploaded {
    id: Id,
}

impl Client {
    /// Sends a file as it is and gives the id under which a mutation takes it.
    ///
    /// # Errors
    /// [`ApiError`]; `Server` carries the server's own sentence, as for a file that is too large.
    pub async fn upload(&self, name: &str, file: &Blob) -> Result<Id, ApiError> {
        self.upload_for("", name, file).await
    }

    /// The same of a file that is evidence of a deal.
    ///
    /// # Errors
    /// [`ApiError`]; `Server` carries the server's own sentence, as for a file that is not what its name says.
    pub async fn upload_evidence(&self, name: &str, file: &Blob) -> Result<Id, ApiError> {
        self.upload_for("for=evidence&", name, file).await
    }

    async fn upload_for(&self, purpose: &str, name: &str, file: &Blob) -> Result<Id, ApiError> {
        let token = self.fresh_token().await.ok_or(ApiError::Unauthenticated)?;
        let name = String::from(js_sys::encode_uri_component(name));
        let request = Request::post(&format!("/uploads?{purpose}name={name}"))
            .credentials(RequestCredentials::SameOrigin)
            .header("authorization", &format!("Bearer {token}"))
            .header("content-type", "application/octet-stream")
            .body(file.clone())
            .map_err(|_| ApiError::Offline)?;
        let response = request.send().await.map_err(|_| ApiError::Offline)?;
        let text = response.text().await.map_err(|_| ApiError::Offline)?;
        let answer = serde_json::from_str::<Value>(&text).unwrap_or_default();
        if response.ok()
            && let Ok(uploaded) = Uploaded::deserialize(&answer)
        {
            return Ok(uploaded.id);
        }
        match answer.pointer("/errors/0") {
            Some(error) => Err(ApiError::from_top_level(error)),
            None => Err(ApiError::Server { message: response.status_text(), request_id: response.headers().get("x-request-id") }),
        }
    }
}
