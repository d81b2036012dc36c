//! The program on the wire: the vendor's own names, numbers and rules.

mod object;
mod query;
mod types;

pub(crate) use crate::product::Product;
pub(crate) use object::Program;
pub(crate) use query::ProgramQuery;
pub(crate) use types::{BusinessCalendar, DealStage, Money, PartnerType, ProgramRule, StageCategory, Term, Territory, Tier, Weekday};
