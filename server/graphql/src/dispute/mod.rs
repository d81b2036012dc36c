//! Disputes in the schema: each side sees itself and the arbiter.

mod error;
mod mutation;
mod object;
mod query;
mod replay;
mod subscription;
mod types;

pub(crate) use mutation::DisputeMutation;
pub(crate) use object::Dispute;
pub(crate) use query::DisputeQuery;
pub(crate) use subscription::DisputeSubscription;
pub(crate) use types::DisputeStatus;
