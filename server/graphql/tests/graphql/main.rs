//! The schema run in process on a real MongoDB with the demo program in it: rights, isolation, input, sessions, live changes.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod action_links;
mod answers_owed;
mod asking;
mod cosell;
mod dispute_notifications;
mod disputes;
mod idempotent;
mod input;
mod isolation;
mod isolation_all;
mod live;
mod notifications;
mod products;
mod reading;
mod record;
mod rights;
mod rights_table;
mod routing;
mod rules;
mod session;
mod work;
mod world;
