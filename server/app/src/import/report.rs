//! What an import did: how many rows of each kind, per stage, and everything that was wrong, as a CSV too.

use std::collections::BTreeMap;
use std::time::Duration;

use entente_domain::Decimal;
use entente_domain::id::ImportRunId;
use entente_domain::import::issue::{Issue, Severity};
use entente_domain::money::Currency;
use entente_store::ImportIssueRecord;

use crate::AppError;

/// Rows of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageTotal {
    /// Stage key.
    pub key: String,
    /// Name as shown.
    pub name: String,
    /// Rows that went in or were there already.
    pub count: u64,
    /// Their value in the program's currency.
    pub value: Decimal,
}

/// What the import added beside deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Added {
    /// Products of the program.
    pub products: usize,
    /// Territories of the program.
    pub territories: usize,
    /// Stages of the program.
    pub stages: usize,
    /// Channel managers, as accounts that cannot sign in.
    pub managers: usize,
    /// Partners, not published.
    pub partners: usize,
}

/// How often a kind of issue came up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueCount {
    /// How bad it is.
    pub severity: Severity,
    /// The code's name.
    pub code: &'static str,
    /// What it means.
    pub message: &'static str,
    /// How often.
    pub count: u64,
}

/// What an import did.
#[derive(Debug, Clone)]
pub struct ImportReport {
    /// The run.
    pub run_id: ImportRunId,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Rows of the pipeline; the sum of the next three.
    pub rows: u64,
    /// Rows that made a deal (or would).
    pub created: u64,
    /// Rows whose deal was there already.
    pub unchanged: u64,
    /// Rows that are left out.
    pub rejected: u64,
    /// In the order of the sale, stages with rows only.
    pub stages: Vec<StageTotal>,
    /// Currency of the values.
    pub currency: Currency,
    /// What was added beside deals.
    pub added: Added,
    /// Everything that was wrong, in file order. A rejected row can have several.
    pub issues: Vec<Issue>,
    /// How long it took.
    pub elapsed: Duration,
}

impl ImportReport {
    /// How often each kind came up, errors first, the most frequent first.
    pub fn counts(&self) -> Vec<IssueCount> {
        counts(&self.issues)
    }

    /// Every issue as CSV with a header: severity, file, line, column, value, code, reason.
    pub fn to_csv(&self) -> Result<Vec<u8>, AppError> {
        to_csv(&self.issues.iter().map(record).collect::<Vec<_>>())
    }
}

pub(super) fn counts(issues: &[Issue]) -> Vec<IssueCount> {
    let mut by_code = BTreeMap::new();
    for issue in issues {
        *by_code.entry(issue.code).or_insert(0) += 1;
    }
    let mut counts: Vec<IssueCount> = by_code
        .into_iter()
        .map(|(code, count)| IssueCount { severity: code.severity(), code: code.name(), message: code.message(), count })
        .collect();
    counts.sort_by_key(|c| (c.severity, std::cmp::Reverse(c.count)));
    counts
}

/// An issue as the store keeps it.
pub(super) fn record(issue: &Issue) -> ImportIssueRecord {
    ImportIssueRecord {
        severity: issue.code.severity().name().to_owned(),
        file: issue.file.clone(),
        line: i64::try_from(issue.line).unwrap_or_default(),
        column: issue.column.clone(),
        value: issue.value.clone(),
        code: issue.code.name().to_owned(),
        reason: issue.reason.clone(),
    }
}

/// Issues as CSV.
pub(super) fn to_csv(issues: &[ImportIssueRecord]) -> Result<Vec<u8>, AppError> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["severity", "file", "line", "column", "value", "code", "reason"]).map_err(AppError::internal)?;
    for i in issues {
        let [file, column, value, reason] =
            [i.file.as_str(), i.column.as_deref().unwrap_or_default(), i.value.as_deref().unwrap_or_default(), i.reason.as_str()].map(harmless);
        out.write_record([i.severity.as_str(), &file, &i.line.to_string(), &column, &value, &i.code, &reason]).map_err(AppError::internal)?;
    }
    out.into_inner().map_err(AppError::internal)
}

/// A value that a spreadsheet would take for a formula gets an apostrophe before it: what somebody wrote into a CRM must
/// not run on the machine of the one who opens the report. Negative numbers stay.
fn harmless(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '@', '\t', '\r']) || value.starts_with('-') && value.parse::<Decimal>().is_err();
    if formula { format!("'{value}") } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entente_domain::import::issue::IssueCode;

    fn issue(code: IssueCode, value: &str) -> Issue {
        Issue { code, file: "a.csv".into(), line: 7, column: Some("product".into()), value: Some(value.into()), reason: "no, \"really\"".into() }
    }

    #[test]
    fn the_report_is_a_csv_without_formulas() {
        let records: Vec<_> = ["=1+1", "-5", "-x", "GTX"].map(|v| record(&issue(IssueCode::UnknownProduct, v))).to_vec();
        let text = String::from_utf8(to_csv(&records).unwrap()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "severity,file,line,column,value,code,reason");
        assert_eq!(lines[1], "ERROR,a.csv,7,product,'=1+1,UNKNOWN_PRODUCT,\"no, \"\"really\"\"\"");
        assert!(lines[2].contains(",-5,") && lines[3].contains(",'-x,") && lines[4].contains(",GTX,"));
    }

    #[test]
    fn counts_put_errors_and_the_frequent_first() {
        let issues = [IssueCode::MissingDate, IssueCode::MissingAccount, IssueCode::MissingAccount, IssueCode::InvalidDate].map(|c| issue(c, ""));
        let names: Vec<_> = counts(&issues).into_iter().map(|c| (c.code, c.count)).collect();
        assert_eq!(names, [("INVALID_DATE", 1), ("MISSING_ACCOUNT", 2), ("MISSING_DATE", 1)]);
    }
}
