//! The outside checker: what the database holds against what was acknowledged, and what subscribers heard against the events.

pub mod data;
pub mod streams;
