//! What callers send about partners.

use async_graphql::{Enum, InputObject};
use entente_app::partner as app;
use entente_domain::partner::ProfileDraft;

use crate::page::{OrderDirection, keys};
use crate::problem::Problem;
use crate::scalar::CountryCode;

/// Which partners. What is left out or empty does not narrow; the entries of one list are alternatives, at most 100.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct PartnerFilter {
    /// Tier keys.
    tiers: Option<Vec<String>>,
    /// Type keys.
    types: Option<Vec<String>>,
    /// Countries of the head office.
    countries: Option<Vec<CountryCode>>,
    /// Territory keys.
    territories: Option<Vec<String>>,
    /// Vertical keys.
    verticals: Option<Vec<String>>,
    /// Competency keys.
    competencies: Option<Vec<String>>,
    /// Languages spoken (ISO 639-1).
    languages: Option<Vec<String>>,
}

impl PartnerFilter {
    pub(crate) fn into_app(self) -> Result<app::PartnerFilter, Problem> {
        Ok(app::PartnerFilter {
            tiers: keys("tiers", self.tiers)?,
            types: keys("types", self.types)?,
            countries: keys("countries", self.countries)?.into_iter().map(|c| c.0).collect(),
            territories: keys("territories", self.territories)?,
            verticals: keys("verticals", self.verticals)?,
            competencies: keys("competencies", self.competencies)?,
            languages: keys("languages", self.languages)?,
        })
    }
}

/// By what partners are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "app::OrderField")]
pub(crate) enum PartnerOrderField {
    /// How well the search matches, then the tier.
    Relevance,
    /// Name.
    Name,
    /// Rank of the tier.
    Tier,
}

/// How partners are sorted.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct PartnerOrder {
    /// By what.
    field: PartnerOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl From<PartnerOrder> for app::Order {
    fn from(order: PartnerOrder) -> Self {
        Self { field: order.field.into(), descending: order.direction == OrderDirection::Desc }
    }
}

/// New values of a profile. What is left out stays as it is; an empty text clears what is not required.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct PartnerUpdateInput {
    /// One sentence, at most 300 characters; required.
    summary: Option<String>,
    /// A few sentences, at most 4,000 characters.
    description: Option<String>,
    /// Address that begins with `https://` or `http://`.
    website: Option<String>,
    /// City of the head office, at most 200 characters.
    city: Option<String>,
    /// Contact: a person or team, at most 200 characters.
    contact_name: Option<String>,
    /// Contact: e-mail address.
    contact_email: Option<String>,
    /// Contact: telephone number, at most 60 characters.
    contact_phone: Option<String>,
    /// Brand colour, as `#1a2b3c`.
    color: Option<String>,
    /// An SVG or PNG of at most 128 KiB, base64. An empty string removes the logo.
    logo: Option<String>,
    /// Whether anyone may find it in the directory; the vendor decides.
    published: Option<bool>,
}

impl From<PartnerUpdateInput> for app::PartnerUpdate {
    fn from(i: PartnerUpdateInput) -> Self {
        Self {
            profile: ProfileDraft {
                summary: i.summary,
                description: i.description,
                website: i.website,
                city: i.city,
                contact_name: i.contact_name,
                contact_email: i.contact_email,
                contact_phone: i.contact_phone,
                color: i.color,
            },
            logo: i.logo,
            published: i.published,
        }
    }
}
