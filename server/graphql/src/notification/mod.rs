//! Notifications on the wire: the viewer's own list, live, and what the viewer wants to be told how.

mod mutation;
mod object;
mod preference;
mod query;
mod subscription;

pub(crate) use mutation::NotificationMutation;
pub(crate) use query::NotificationQuery;
pub(crate) use subscription::NotificationSubscription;
