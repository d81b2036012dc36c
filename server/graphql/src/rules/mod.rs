//! The program's rules on the wire: versions, proposals, trials, and the acceptance of the rules of engagement.

mod desk;
mod engagement;
mod input;
mod mutation;
mod object;
mod query;
mod trial;

pub(crate) use desk::ProtectionTerms;
pub(crate) use engagement::{EngagementMutation, EngagementQuery};
pub(crate) use mutation::RulesMutation;
pub(crate) use query::RulesQuery;
