//! Partners on the wire: the directory that anyone may search, and a partner's own profile.

mod certificates;
mod directory;
mod input;
mod mutation;
mod object;
mod query;
mod subscription;

pub(crate) use certificates::CertificateMutation;
pub(crate) use input::PartnerFilter;
pub(crate) use mutation::PartnerMutation;
pub(crate) use object::Partner;
pub(crate) use query::PartnerQuery;
pub(crate) use subscription::PartnerSubscription;
