//! People on the wire: made and changed by the administrators of their own side.

mod mutation;
mod object;
mod query;

pub(crate) use mutation::{UserMutation, user_errors};
pub(crate) use object::{Role, User};
pub(crate) use query::{UserFilter, UserQuery};
