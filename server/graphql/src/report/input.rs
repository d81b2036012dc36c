//! What callers send about reports.

use async_graphql::{Enum, ID, InputObject};
use entente_app::report::ReportQuery;

use crate::deal::DealSource;
use crate::page::{id_in_list, keys};
use crate::problem::Problem;
use crate::scalar::Date;

/// Of what a report is. What is left out or empty does not narrow; the entries of one list are alternatives, at most 100.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct ReportInput {
    /// First day of the period, where the program is; 365 days before its end if left out.
    from: Option<Date>,
    /// Last day of the period, where the program is; today if left out. At most 7,320 days.
    to: Option<Date>,
    /// Partners, by id.
    partners: Option<Vec<ID>>,
    /// The vendor's channel managers, by id.
    managers: Option<Vec<ID>>,
    /// Territory keys.
    territories: Option<Vec<String>>,
    /// Products, by id; a deal with any of them, named or within a bundle, is in.
    products: Option<Vec<ID>>,
    /// Where deals came from.
    sources: Option<Vec<DealSource>>,
}

impl ReportInput {
    pub(crate) fn into_app(self) -> Result<ReportQuery, Problem> {
        Ok(ReportQuery {
            from: self.from.map(|d| d.0),
            to: self.to.map(|d| d.0),
            partners: id_in_list("part", &keys("partners", self.partners)?),
            managers: id_in_list("user", &keys("managers", self.managers)?),
            territories: keys("territories", self.territories)?,
            products: id_in_list("prod", &keys("products", self.products)?),
            sources: keys("sources", self.sources)?.into_iter().map(Into::into).collect(),
        })
    }
}

/// By what registrations are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "entente_domain::report::Dimension")]
pub(crate) enum ReportDimension {
    /// Whose deal it is. For the vendor's staff only.
    Partner,
    /// The partner's territory when it was registered.
    Territory,
    /// What is sold; a deal counts under each of its products, and under each of those within its bundles.
    Product,
}
