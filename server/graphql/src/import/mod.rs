//! Imports on the wire: started by an administrator, followed while they run, read again later.

mod mutation;
mod object;
mod query;

pub(crate) use mutation::{ImportMutation, ImportPayload};
pub(crate) use object::ImportRun;
pub(crate) use query::ImportQuery;
