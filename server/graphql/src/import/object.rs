//! A run of an import and its issues.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entente_app::import as app;
use futures::future::OptionFuture;

use crate::context::Ask as _;
use crate::page::{connection, list_cost};
use crate::problem::Problem;
use crate::scalar::{DateTime, Url};
use crate::user::User;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ImportStatus {
    /// Rows are being read.
    Running,
    /// Every row was read.
    Done,
    /// It ended before every row was read; rows that are in stay in.
    Failed,
}

/// What is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ImportKind {
    /// The sales of a CRM: partners, customers, deals.
    Crm,
    /// Leads.
    Leads,
}

/// How bad an issue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ImportSeverity {
    /// The row was left out.
    Error,
    /// The row went in, with something missing or assumed.
    Warning,
}

/// How often one kind of issue came up.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct ImportIssueCount {
    /// Kind of issue.
    code: String,
    /// What it means.
    message: String,
    /// How often.
    count: i32,
}

/// One thing wrong in a row.
pub(crate) struct ImportIssue(app::ImportIssueRecord);

/// One thing wrong in a row of a file.
#[Object]
impl ImportIssue {
    /// How bad it is.
    async fn severity(&self) -> ImportSeverity {
        if self.0.severity == "ERROR" { ImportSeverity::Error } else { ImportSeverity::Warning }
    }

    /// Name of the file.
    async fn file(&self) -> &str {
        &self.0.file
    }

    /// Line in the file, from 1.
    async fn line(&self) -> i32 {
        whole(self.0.line)
    }

    /// Column, where it is about one.
    async fn column(&self) -> Option<&str> {
        self.0.column.as_deref()
    }

    /// The value found there.
    async fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// Kind of issue.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// What is wrong with it.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
}

fn whole(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// A run of an import.
pub(crate) struct ImportRun(pub(crate) app::ImportRunRecord);

impl ImportRun {
    fn counts(&self, severity: &str) -> Vec<ImportIssueCount> {
        let of = |(_, code, message, count): &(String, String, String, i64)| ImportIssueCount {
            code: code.clone(),
            message: message.clone(),
            count: whole(*count),
        };
        self.0.issue_counts.iter().filter(|(s, ..)| s == severity).map(of).collect()
    }
}

/// One run of an import. Seen by the vendor's administrators.
#[Object]
impl ImportRun {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// What is imported.
    async fn kind(&self) -> ImportKind {
        if self.0.kind == "LEADS" { ImportKind::Leads } else { ImportKind::Crm }
    }

    /// How far it is.
    async fn status(&self) -> ImportStatus {
        match self.0.status.as_str() {
            "DONE" => ImportStatus::Done,
            "FAILED" => ImportStatus::Failed,
            _ => ImportStatus::Running,
        }
    }

    /// When it began.
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.started_at)
    }

    /// When it ended; null while it runs.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// Who started it; null from the command line.
    async fn started_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.relations()?.user_opt(self.0.started_by.as_ref()).await?.map(User))
    }

    /// Rows read so far.
    async fn processed(&self) -> i32 {
        whole(self.0.processed)
    }

    /// Rows in all.
    async fn total(&self) -> i32 {
        whole(self.0.total)
    }

    /// Rows that made a deal.
    async fn created(&self) -> i32 {
        whole(self.0.created)
    }

    /// Rows whose deal was there already.
    async fn unchanged(&self) -> i32 {
        whole(self.0.unchanged)
    }

    /// Rows that were left out.
    async fn rejected(&self) -> i32 {
        whole(self.0.rejected)
    }

    /// Kinds of warnings with how often each came up; empty while it runs.
    async fn warnings(&self) -> Vec<ImportIssueCount> {
        self.counts("WARNING")
    }

    /// Kinds of errors with how often each came up; empty while it runs.
    async fn errors(&self) -> Vec<ImportIssueCount> {
        self.counts("ERROR")
    }

    /// The rows refused or warned about, in file order.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn issues(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<ImportIssueConnection> {
        let (entente, actor, run) = (ctx.app()?, ctx.signed_in()?, &self.0.id);
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let count: OptionFuture<_> = ctx.look_ahead().field("totalCount").exists().then(|| app::count_issues(entente, actor, run)).into();
        let (page, total) = futures::join!(app::issues(entente, actor, run, first, after.as_deref()), count);
        Ok(ImportIssueConnection::of(page.map_err(Problem::from)?.map(ImportIssue), total.transpose().map_err(Problem::from)?))
    }

    /// A CSV of every issue; null while it runs. The address holds for a quarter of an hour.
    async fn report_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        let ended = self.0.finished_at.is_some();
        Ok(if ended { Some(Url(ctx.app()?.report_url(&self.0.id))) } else { None })
    }

    /// Why it failed as a whole; null unless it did.
    async fn failure(&self) -> Option<&str> {
        self.0.failure.as_deref()
    }
}

connection!(counted ImportIssueConnection, ImportIssueEdge, ImportIssue, "issue");
connection!(counted ImportRunConnection, ImportRunEdge, ImportRun, "run of an import");
