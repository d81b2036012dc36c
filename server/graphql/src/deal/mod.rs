//! Deals on the wire: registering, deciding, working, reading, following.

mod connection;
mod decision;
mod error;
mod input;
mod mutation;
mod object;
mod query;
mod register;
mod subscription;
mod timeline;
mod types;

pub(crate) use decision::DealDecisionPayload;
pub(crate) use error::change_error;
pub(crate) use connection::{DealConnection, deal_page, preload};
pub(crate) use input::DealFilter;
pub(crate) use mutation::DealMutation;
pub(crate) use object::{Customer, Deal};
pub(crate) use query::DealQuery;
pub(crate) use subscription::DealSubscription;
