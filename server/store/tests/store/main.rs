//! The store against a real MongoDB at `MONGODB_URI`: a database per test, dropped in the end. Start one with
//! `cargo xtask services`.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod append_only;
mod audit;
mod audit_evasion;
mod commit;
mod conflicts;
mod content;
mod lists;
mod notifications;
mod numbering;
mod orphans;
mod outage;
mod people;
mod plans;
mod pool;
mod reports;
mod rules;
mod seen;
mod states;
mod support;
mod timers;
