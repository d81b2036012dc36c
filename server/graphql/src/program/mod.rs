//! The program on the wire: the vendor's own names, numbers and rules.

mod object;
mod query;
mod types;

pub(crate) use object::Program;
pub(crate) use query::ProgramQuery;
pub(crate) use types::{DealStage, Money, PartnerType, Product, Territory, Tier};
