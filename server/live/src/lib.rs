//! Live delivery: events in one order, from the log to every subscriber of this process, woken through Redis.
//!
//! The log is the truth and is read through [`EventLog`]; Redis carries wake-ups only, so losing it costs freshness and
//! never a change. This is the only crate that knows redis; it knows neither the database nor GraphQL.

mod hub;
mod log;
mod relay;
mod status;
mod wake;

pub use hub::{Hub, Receiver, RecvError};
pub use log::{EventLog, LogError, Numbered, Prepare};
pub use relay::{Relay, RelayOptions};
pub use status::RelayStatus;
