//! Routing on the wire: the table, absences, desks, a deal's route, re-routes, and approving several registrations at once.

mod absence;
mod bulk;
mod deal;
mod input;
mod mutation;
mod object;
mod query;
mod subscription;

pub(crate) use deal::{DealRoute, shown};
pub(crate) use mutation::RoutingMutation;
pub(crate) use query::RoutingQuery;
pub(crate) use subscription::RoutingSubscription;
