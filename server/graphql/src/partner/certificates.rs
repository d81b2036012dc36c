//! Who of a partner is certified.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entente_domain::partner::Certificate as Domain;

use super::Partner;
use super::mutation::{PartnerPayload, errors};
use crate::context::Ask as _;
use crate::scalar::Date;

/// That a person of a partner is certified.
#[derive(Debug, Clone, SimpleObject, InputObject)]
#[graphql(name = "Certificate", input_name = "CertificateInput")]
pub(crate) struct Certificate {
    /// The person, at most 200 characters.
    person: String,
    /// What for, at most 200 characters.
    name: String,
    /// The last day on which it is valid; null has no end.
    valid_until: Option<Date>,
}

impl From<&Domain> for Certificate {
    fn from(c: &Domain) -> Self {
        Self { person: c.person.clone(), name: c.name.clone(), valid_until: c.valid_until.map(Date) }
    }
}

/// Mutation of the list.
#[derive(Default)]
pub(crate) struct CertificateMutation;

#[Object]
impl CertificateMutation {
    /// Replaces the list of a partner's certified people. Vendor's administrators and channel managers.
    async fn partner_set_certificates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The partner.")] id: ID,
        #[graphql(desc = "The version that the change was decided on.")] expected_version: i32,
        #[graphql(desc = "Everybody who is certified, at most 500 entries.")] certificates: Vec<Certificate>,
    ) -> Result<PartnerPayload> {
        let list = certificates.into_iter().map(|c| Domain { person: c.person, name: c.name, valid_until: c.valid_until.map(|d| d.0) }).collect();
        match entente_app::partner::set_certificates(ctx.app()?, ctx.signed_in()?, &id, expected_version, list).await {
            Ok(partner) => Ok(PartnerPayload { partner: Some(Partner(Arc::new(partner))), errors: Vec::new() }),
            Err(refused) => Ok(PartnerPayload { partner: None, errors: errors(refused)? }),
        }
    }
}
