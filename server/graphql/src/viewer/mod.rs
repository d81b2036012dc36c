//! Who is asking: the person, what they may do at all, and their own settings.

mod mutation;
mod object;
mod query;

pub(crate) use mutation::ViewerMutation;
pub(crate) use object::{Viewer, viewer_of};
pub(crate) use query::ViewerQuery;
