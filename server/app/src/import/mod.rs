//! Importing a CRM's sales: agents become partners, their managers channel managers, offices territories, accounts
//! customers, opportunities deals. From the command line ([`crm::run`]) or from an upload in the app ([`start`]).
//!
//! A file that is no such table refuses the import before anything is written. After that each bad row is left out and
//! reported, and the others go in; a row is known by its id, so that the same files twice change nothing.

mod countries;
pub mod crm;
mod deals;
mod files;
mod mapping;
mod people;
mod pipeline;
mod plan;
mod refusal;
mod report;
mod runs;

pub use entente_store::{ImportIssueRecord, ImportRunRecord};
pub(crate) use files::Lines;
pub use files::{CrmFiles, FileRole, SourceFile};
pub use mapping::{Alias, FIELDS, parse_alias};
pub use refusal::ImportRefusal;
pub use report::{Added, ImportReport, IssueCount, StageTotal};
pub use runs::{CrmImportInput, count, count_issues, get, issues, list, report_csv, start};
pub(crate) use runs::{GATE, GIVE_UP_SECONDS};

#[cfg(test)]
mod tests;
