//! Reading the vendor's own record.

use async_graphql::{Context, Object, Result};
use entente_app::record as app;

use super::object::VendorRecordPeriod;
use crate::context::Ask as _;
use crate::problem::Problem;

/// Root fields of the record.
#[derive(Default)]
pub(crate) struct VendorRecordQuery;

/// The vendor's own record: how long it takes to decide, how often it is late, which reasons it gives. For everybody who is signed
/// in, on both sides; figures over all registrations, computed at most some seconds ago.
pub(crate) struct VendorRecord;

#[Object]
impl VendorRecordQuery {
    /// The vendor's own record of deciding in time. For everybody who is signed in, on both sides.
    async fn vendor_record(&self, ctx: &Context<'_>) -> Result<VendorRecord> {
        ctx.signed_in()?;
        Ok(VendorRecord)
    }
}

/// The vendor's own record: how long it takes to decide, how often it is late, which reasons it gives; figures over all registrations,
/// computed at most some seconds ago.
#[Object]
impl VendorRecord {
    /// The last 90 days, today among them.
    #[graphql(complexity = "20 + child_complexity")]
    async fn last_days(&self, ctx: &Context<'_>) -> Result<VendorRecordPeriod> {
        let record = app::last_days(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?;
        Ok(VendorRecordPeriod::of(record, None))
    }

    /// This quarter and those before it, newest first.
    #[graphql(complexity = "20 * count.clamp(1, 12) as usize + child_complexity * count.clamp(1, 12) as usize")]
    async fn quarters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 12; 4 if left out.", default = 4)] count: i32,
    ) -> Result<Vec<VendorRecordPeriod>> {
        let quarters = app::quarters(ctx.app()?, ctx.signed_in()?, count).await.map_err(Problem::from)?;
        Ok(quarters.into_iter().map(|(quarter, record)| VendorRecordPeriod::of(record, Some(quarter))).collect())
    }
}
