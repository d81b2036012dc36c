//! Products on the wire: what the program sells, its upkeep, and that the program changed.

mod input;
mod mutation;
mod object;
mod subscription;

pub(crate) use mutation::ProductMutation;
pub(crate) use object::Product;
pub(crate) use subscription::ProgramSubscription;
