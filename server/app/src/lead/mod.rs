//! Leads: taken in by API, form and file, given to partners by the rules, answered in time, and made deals of.

mod change;
mod convert;
mod csv;
mod feed;
mod give;
mod intake;
mod list;
mod routing;

use entente_domain::lead::LeadError;
use entente_domain::lead::draft::LeadViolation;
use entente_domain::lead::routing::RoutingViolation;

use crate::idempotency::KeyRefusal;

pub use change::{accept, assign, close, decline, note, route};
pub(crate) use change::{accept_by_link, decline_by_link, lapse_one, miss_one};
pub use convert::{ConvertRefusal, Converted, convert};
pub use csv::{LeadImportInput, LeadImportRefusal, import};
pub use entente_store::LeadSort;
pub use feed::{LeadFeed, LeadNews};
pub use intake::{CreateInput, Created, EnquiryInput, create, enquire};
pub use list::{LeadListQuery, LeadMetrics, get, get_many, list, metrics, timeline, whys};
pub use routing::{RoutingProposal, current, routing_at, save, versions};

/// Why something about leads is refused.
#[derive(Debug)]
pub enum LeadRefusal {
    /// What was typed breaks these rules.
    Invalid(Vec<LeadViolation>),
    /// By the rules of leads.
    Lead(LeadError),
    /// The routing rules break these rules.
    Routing(Vec<RoutingViolation>),
    /// Somebody else saved routing rules meanwhile; this is the number of the last version now.
    RoutingStale(i32),
    /// The person did not agree to be contacted.
    ConsentMissing,
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for LeadRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

impl From<LeadError> for LeadRefusal {
    fn from(error: LeadError) -> Self {
        Self::Lead(error)
    }
}

/// How often something is decided again because another lead came first, before the caller has to come again.
const TRIES: usize = 24;
