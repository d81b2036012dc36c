//! Exports of lists as CSV: what can be exported, how far one is, and how a value is written so that a spreadsheet shows it
//! and runs nothing.

use serde::{Deserialize, Serialize};

use crate::policy::Action;

/// Most rows of one export.
pub const ROWS_MAX: u64 = 200_000;
/// Up to this many rows the file is ready at once.
pub const ROWS_AT_ONCE: u64 = 1_000;
/// For how many hours a file is kept.
pub const KEPT_HOURS: i64 = 24;
/// Most exports of one person that wait or run.
pub const RUNNING_MAX: u64 = 3;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExportKind {
    /// Deals of a pipeline, a queue, or behind a number of a report.
    Deals,
    /// Partners of the directory.
    Partners,
    /// Leads.
    Leads,
    /// People.
    Users,
    /// Disputes.
    Disputes,
    /// The vendor's own opportunities.
    Directs,
    /// Registrations of a report by partner, territory or product.
    Report,
}

impl ExportKind {
    /// The right that reading the list needs.
    pub fn right(self) -> Action {
        match self {
            Self::Deals | Self::Report => Action::SeeDeals,
            Self::Partners => Action::SeeWholeDirectory,
            Self::Leads => Action::SeeLeads,
            Self::Users => Action::ManageUsers,
            Self::Disputes => Action::SeeDisputes,
            Self::Directs => Action::SeeDirects,
        }
    }

    /// The name of a file of it, without its ending.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Deals => "deals",
            Self::Partners => "partners",
            Self::Leads => "leads",
            Self::Users => "users",
            Self::Disputes => "disputes",
            Self::Directs => "direct-sales",
            Self::Report => "report",
        }
    }
}

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExportState {
    /// Nobody works on it yet.
    Waiting,
    /// Rows are being written.
    Running,
    /// The file is ready.
    Done,
    /// There is no file.
    Failed,
}

/// Why there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExportFailure {
    /// Who asked may not read this any more.
    NotAllowed,
    /// More rows than one export may have.
    TooLarge,
    /// The server could not finish it, several times.
    Broken,
}

/// Text for a cell: what a spreadsheet would take for a formula gets an apostrophe in front.
pub fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_begins_as_a_formula() {
        for text in ["=1+1", "+49 30", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(cell(text), format!("'{text}"));
        }
        for text in ["", "Acme", "a=b", "1-2", " =1"] {
            assert_eq!(cell(text), text);
        }
    }
}
