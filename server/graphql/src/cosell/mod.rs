//! Rooms of deals on which several partners work.

mod input;
mod mutation;
mod object;
mod payload;
mod query;
mod subscription;

pub(crate) use mutation::CosellMutation;
pub(crate) use query::CosellQuery;
pub(crate) use subscription::CosellSubscription;
