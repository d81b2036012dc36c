//! Reports on the wire: every figure with its formula, numerator, denominator and the rows behind it.

mod input;
mod metric;
mod object;
mod rows;

use async_graphql::{Context, Object, Result};
use entente_app::report as app;

pub(crate) use input::{ReportDimension, ReportInput};
pub(crate) use object::Report;
pub(crate) use rows::{DealLack, RegistrationDecision};

use crate::context::Ask as _;
use crate::problem::Problem;

/// Root fields of reports.
#[derive(Default)]
pub(crate) struct ReportsQuery;

#[Object]
impl ReportsQuery {
    /// Reports over the deals that the viewer may see: the vendor's staff all, a partner's people their own partner's. Each field is
    /// counted when it is selected. FORBIDDEN for roles that see no deals.
    async fn report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of what; the last 365 days if left out.")] input: Option<ReportInput>,
    ) -> Result<Report> {
        let query = input.unwrap_or_default().into_app()?;
        let report = app::Report::new(ctx.app()?, ctx.signed_in()?, query).await.map_err(Problem::from)?;
        Ok(Report(report))
    }
}
