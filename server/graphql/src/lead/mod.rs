//! Leads in the schema.

mod error;
mod input;
mod mutation;
mod object;
mod public;
mod query;
mod routing;
mod subscription;
mod why;

pub(crate) use input::LeadFilter;
pub(crate) use mutation::LeadMutation;
pub(crate) use object::{Lead, LeadSource};
pub(crate) use public::EnquiryMutation;
pub(crate) use query::LeadQuery;
pub(crate) use routing::{LeadRoutingMutation, LeadRoutingQuery};
pub(crate) use subscription::LeadSubscription;
