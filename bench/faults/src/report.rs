//! What one row came to: figures, and what did not hold.

use std::fmt::Display;

use serde::Serialize;

/// At most so many failures of one row are told; the rest is counted.
const TOLD: usize = 25;
/// So much is told of each, in characters.
const LENGTH: usize = 500;

/// One row of the table.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `R1` to `R12`.
    pub id: String,
    /// The fault in a few words.
    pub title: String,
    /// What all random moments came from.
    pub seed: u64,
    /// How often the fault was injected.
    pub rounds: u64,
    /// How long the row took, in seconds.
    pub seconds: f64,
    /// What was counted and measured.
    pub figures: Vec<(String, String)>,
    /// What did not hold; empty when the row passed.
    pub failures: Vec<String>,
    /// Failures beyond those told.
    pub untold: usize,
}

impl Report {
    /// An empty one.
    pub fn new(id: &str, title: &str, seed: u64) -> Self {
        Self { id: id.to_owned(), title: title.to_owned(), seed, rounds: 0, seconds: 0.0, figures: Vec::new(), failures: Vec::new(), untold: 0 }
    }

    /// Whether everything held.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    /// Notes a figure.
    pub fn figure(&mut self, name: &str, value: impl Display) {
        self.figures.push((name.to_owned(), value.to_string()));
    }

    /// Notes a failure.
    pub fn fail(&mut self, what: impl Display) {
        if self.failures.len() < TOLD {
            self.failures.push(what.to_string().chars().take(LENGTH).collect());
        } else {
            self.untold += 1;
        }
    }

    /// Notes a failure unless this holds.
    pub fn must(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.fail(otherwise());
        }
    }

    /// Notes them all.
    pub fn fail_all(&mut self, all: impl IntoIterator<Item = String>) {
        for failure in all {
            self.fail(failure);
        }
    }

    /// For the terminal.
    pub fn text(&self) -> String {
        let mut lines = vec![format!(
            "{} {}: {} ({} rounds, {:.0} s, seed {})",
            self.id,
            self.title,
            if self.passed() { "passed" } else { "FAILED" },
            self.rounds,
            self.seconds,
            self.seed
        )];
        lines.extend(self.figures.iter().map(|(name, value)| format!("    {name}: {value}")));
        lines.extend(self.failures.iter().map(|failure| format!("  ! {failure}")));
        if self.untold > 0 {
            lines.push(format!("  ! and {} more", self.untold));
        }
        lines.join("\n")
    }
}

/// The table in Markdown.
pub fn markdown(heading: &str, reports: &[Report]) -> String {
    let mut text = format!("# Faults\n\n{heading}\n\n| id | fault | rounds | seed | result | measured |\n|---|---|---|---|---|---|\n");
    for report in reports {
        let figures: Vec<String> = report.figures.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let failures: Vec<String> = report.failures.iter().map(|failure| format!("**{}**", failure.replace('|', "/"))).collect();
        let result = if report.passed() { "passed" } else { "failed" };
        let cells = [figures, failures].concat().join("; ").replace('\n', " ");
        text += &format!("| {} | {} | {} | {} | {result} | {cells} |\n", report.id, report.title, report.rounds, report.seed);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_without_failures_has_passed() {
        let mut report = Report::new("R1", "x", 1);
        report.must(true, || "no".into());
        assert!(report.passed());
        report.must(false, || "it broke".into());
        assert!(!report.passed() && report.text().contains("FAILED") && report.text().contains("it broke"));
        assert!(markdown("h", &[report]).contains("| R1 | x | 0 | 1 | failed | **it broke** |"));
    }
}
