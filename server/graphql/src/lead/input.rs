//! What callers send about leads, turned into what the use cases take. Text stays text: the domain judges it.

use async_graphql::{Enum, ID, InputObject};
use entente_app::lead::{CreateInput, EnquiryInput, LeadImportInput as AppImport, LeadListQuery, LeadSort};
use entente_domain::lead::draft::{LeadInput, SourceInput};

use super::object::{LeadSourceKind, LeadStatus};
use crate::page::{OrderDirection, id_in_list, keys, search};
use crate::problem::Problem;
use crate::scalar::{CountryCode, CurrencyCode, Decimal};

/// Which leads. What is left out or empty does not narrow; the entries of one list are alternatives, at most 100.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct LeadFilter {
    /// Statuses.
    statuses: Option<Vec<LeadStatus>>,
    /// Partners that have them, by id.
    partners: Option<Vec<ID>>,
    /// Territory keys.
    territories: Option<Vec<String>>,
    /// Kinds of sources.
    sources: Option<Vec<LeadSourceKind>>,
    /// Name of a campaign, exactly.
    campaign: Option<String>,
}

/// By what leads are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "LeadSort")]
#[allow(clippy::enum_variant_names, reason = "all of them are moments, and the schema says so")]
pub(crate) enum LeadOrderField {
    /// When it came in.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// The deadline of the next step; leads without one are left out.
    FollowUpAt,
}

/// How leads are sorted.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct LeadOrder {
    /// By what.
    field: LeadOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl LeadFilter {
    /// The query of a list with this filter.
    pub(crate) fn query(filter: Option<Self>, text: Option<String>, order: Option<LeadOrder>) -> Result<LeadListQuery, Problem> {
        let f = filter.unwrap_or_default();
        let default = LeadListQuery::default();
        let (sort, descending) = order.map_or((default.sort, default.descending), |o| (o.field.into(), o.direction == OrderDirection::Desc));
        Ok(LeadListQuery {
            search: search(text)?,
            statuses: keys("statuses", f.statuses)?.into_iter().map(Into::into).collect(),
            partners: id_in_list("part", &keys("partners", f.partners)?),
            territories: keys("territories", f.territories)?,
            sources: keys("sources", f.sources)?.into_iter().map(Into::into).collect(),
            campaign: f.campaign,
            sort,
            descending,
        })
    }
}

/// Where the marketing found a lead; each text at most 200 characters.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct LeadSourceInput {
    /// What kind of marketing; OTHER if left out.
    kind: Option<LeadSourceKind>,
    /// Name of the campaign.
    campaign: Option<String>,
    /// Key of the kit.
    kit: Option<String>,
    /// `utm_source` of the link.
    utm_source: Option<String>,
    /// `utm_medium` of the link.
    utm_medium: Option<String>,
    /// `utm_campaign` of the link.
    utm_campaign: Option<String>,
}

impl From<LeadSourceInput> for SourceInput {
    fn from(s: LeadSourceInput) -> Self {
        Self {
            kind: s.kind.map(Into::into).unwrap_or_default(),
            campaign: s.campaign,
            kit: s.kit,
            utm_source: s.utm_source,
            utm_medium: s.utm_medium,
            utm_campaign: s.utm_campaign,
        }
    }
}

/// A lead.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct LeadCreateInput {
    /// Name of the person, 1 to 200 characters.
    name: String,
    /// E-mail address of the person.
    email: String,
    /// Telephone number, at most 60 characters.
    phone: Option<String>,
    /// Name of the firm, 1 to 200 characters.
    company: String,
    /// Domain or address of the firm; by the e-mail address if left out.
    domain: Option<String>,
    /// Where the firm is.
    country: Option<CountryCode>,
    /// What was asked, at most 4,000 characters.
    message: Option<String>,
    /// Products of interest, at most 20.
    product_ids: Option<Vec<ID>>,
    /// The firm's industry, by a key of the program's verticals.
    vertical: Option<String>,
    /// By a key of the program's territories; by the country if left out.
    territory: Option<String>,
    /// What it may be worth, in units of the currency.
    amount: Option<Decimal>,
    /// Currency of the amount.
    currency: Option<CurrencyCode>,
    /// What brought it; never changed afterwards.
    source: Option<LeadSourceInput>,
    /// The partner that it is for; the routing rules find one if left out.
    partner_id: Option<ID>,
    /// Whether it stays with the vendor until leadRoute or leadAssign lets it go.
    hold: Option<bool>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

fn texts(ids: Option<Vec<ID>>) -> Vec<String> {
    ids.unwrap_or_default().into_iter().map(|id| id.0).collect()
}

impl From<LeadCreateInput> for CreateInput {
    fn from(i: LeadCreateInput) -> Self {
        let lead = LeadInput {
            name: i.name,
            email: i.email,
            phone: i.phone,
            company: i.company,
            domain: i.domain,
            country: i.country.map(|c| c.0),
            message: i.message,
            product_ids: texts(i.product_ids),
            vertical: i.vertical,
            territory: i.territory,
            amount: i.amount.map(|a| a.0),
            currency: i.currency.map(|c| c.0),
            source: i.source.unwrap_or_default().into(),
        };
        Self { lead, partner_id: i.partner_id.map(|id| id.0), hold: i.hold.unwrap_or_default(), idempotency_key: i.idempotency_key }
    }
}

/// An enquiry by somebody without an account.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct LeadEnquireInput {
    /// Name of the person, 1 to 200 characters.
    name: String,
    /// E-mail address of the person.
    email: String,
    /// Telephone number, at most 60 characters.
    phone: Option<String>,
    /// Name of the firm, 1 to 200 characters.
    company: String,
    /// Where the firm is.
    country: Option<CountryCode>,
    /// What is asked, at most 4,000 characters.
    message: Option<String>,
    /// Products of interest, at most 20.
    product_ids: Option<Vec<ID>>,
    /// What brought the person; DIRECTORY if left out.
    source: Option<LeadSourceInput>,
    /// The partner that is asked; the program finds one if left out.
    partner_id: Option<ID>,
    /// The very text by which the person agrees to be contacted, at most 4,000 characters.
    consent: String,
    /// Not for people: a form hides it, and an enquiry in which it is filled in is answered and thrown away.
    website: Option<String>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input is the same enquiry; with
    /// other input it is an error.
    idempotency_key: Option<String>,
}

impl From<LeadEnquireInput> for EnquiryInput {
    fn from(i: LeadEnquireInput) -> Self {
        let directory = LeadSourceInput { kind: Some(LeadSourceKind::Directory), ..LeadSourceInput::default() };
        let lead = LeadInput {
            name: i.name,
            email: i.email,
            phone: i.phone,
            company: i.company,
            country: i.country.map(|c| c.0),
            message: i.message,
            product_ids: texts(i.product_ids),
            source: i.source.unwrap_or(directory).into(),
            ..LeadInput::default()
        };
        let consent = Some(i.consent);
        Self { lead, partner_id: i.partner_id.map(|id| id.0), consent, trap: i.website, idempotency_key: i.idempotency_key }
    }
}

/// A file of leads: comma-separated, UTF-8, with a header. Columns: name, email, company (required), phone, domain, country,
/// message, products (keys or names, separated by semicolons), vertical, territory, value, currency, source, campaign, kit,
/// utm_source, utm_medium, utm_campaign, and key, by which a row is known when the file comes again.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct LeadImportInput {
    /// The id that POST /uploads answered.
    file: ID,
    /// Name for the report; leads.csv if left out.
    file_name: Option<String>,
    /// Source of rows that name none.
    source: Option<LeadSourceInput>,
    /// Whether the leads stay with the vendor until somebody lets them go.
    hold: Option<bool>,
    /// Whether to write nothing; the run says what would have happened.
    dry_run: Option<bool>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

impl From<LeadImportInput> for AppImport {
    fn from(i: LeadImportInput) -> Self {
        Self {
            file: i.file.0,
            file_name: i.file_name.map(|n| n.chars().take(200).collect()),
            source: i.source.unwrap_or_default().into(),
            hold: i.hold.unwrap_or_default(),
            dry_run: i.dry_run.unwrap_or_default(),
            idempotency_key: i.idempotency_key,
        }
    }
}
