//! The vendor's own record, the vendor's clock on a deal, and what the rules say of deadlines.

mod clock;
mod object;
mod query;
mod terms;

pub(crate) use clock::DealClock;
pub(crate) use object::RejectionReason;
pub(crate) use query::VendorRecordQuery;
pub(crate) use terms::{DeadlineTerms, DeadlineTermsInput};
