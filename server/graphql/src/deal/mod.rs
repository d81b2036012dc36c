//! Deals on the wire: registering, deciding, working, reading, following.

mod connection;
mod decision;
mod desk;
mod desk_mutation;
mod error;
mod input;
mod mutation;
mod object;
mod query;
mod register;
mod subscription;
mod timeline;
mod types;

pub(crate) use connection::{DealConnection, deal_page, preload};
pub(crate) use decision::DealDecisionPayload;
pub(crate) use desk_mutation::DealDeskMutation;
pub(crate) use error::change_error;
pub(crate) use error::register_errors;
pub(crate) use input::DealOrder;
pub(crate) use input::{DealFilter, DealRegisterInput};
pub(crate) use mutation::DealMutation;
pub(crate) use object::{Customer, Deal};
pub(crate) use query::DealQuery;
pub(crate) use subscription::DealSubscription;
pub(crate) use timeline::FieldChange;
pub(crate) use types::{DealSource, DealVerdict, RegistrationStatus, VerdictOutcome};
