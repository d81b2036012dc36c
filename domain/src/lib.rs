//! The rules of a partner program: what a deal, a partner, a program and a person are, and what may happen to them.
//!
//! Pure by design: no async, no IO, no clock, no randomness. Time and ids come in as arguments, so that server and
//! browser share every rule and a test can set the clock. Knows no other crate of the workspace.

pub mod action_link;
pub mod api_key;
pub mod calendar;
pub mod cosell;
pub mod country;
pub mod customer;
pub mod deal;
pub mod direct;
pub mod dispute;
pub mod event;
pub mod id;
pub mod import;
pub mod kit;
pub mod lead;
pub mod money;
pub mod notification;
pub mod partner;
pub mod policy;
pub mod product;
pub mod program;
pub mod record;
pub mod report;
pub mod routing;
pub mod rules;
pub mod saved_view;
pub mod text;
pub mod timer;
pub mod user;

pub use jiff::Timestamp;
pub use jiff::civil::Date;
pub use rust_decimal::Decimal;
