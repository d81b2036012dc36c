//! The deals behind a number: as a filter to send back, as a list, and as the address of a screen.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entente_app::deal::DealListQuery;

use crate::deal::{DealConnection, DealSource, RegistrationStatus, VerdictOutcome, deal_page};
use crate::page::list_cost;
use crate::program::StageCategory;
use crate::scalar::{Date, DateTime};

/// What the vendor decided on a registration, whatever became of it since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "entente_domain::report::record::Decided")]
pub(crate) enum RegistrationDecision {
    /// It was approved. Imported deals count as approved.
    Approved,
    /// It was rejected.
    Rejected,
}

/// What a deal may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "entente_domain::report::Lacking")]
pub(crate) enum DealLack {
    /// A territory.
    Territory,
    /// An expected close date.
    ExpectedCloseOn,
}

/// Which deals: the fields of DealFilter with the same names, to be sent back as they are.
#[derive(SimpleObject)]
pub(crate) struct DealSelection {
    /// Registration statuses.
    statuses: Vec<RegistrationStatus>,
    /// Stage keys.
    stages: Vec<String>,
    /// Partners, by id.
    partners: Vec<ID>,
    /// The vendor's channel managers, by id.
    managers: Vec<ID>,
    /// Territory keys.
    territories: Vec<String>,
    /// Products, by id.
    products: Vec<ID>,
    /// Created at this moment or later.
    created_from: Option<DateTime>,
    /// Created before this moment.
    created_to: Option<DateTime>,
    /// Won or lost on this day or later.
    closed_from: Option<Date>,
    /// Won or lost on this day or earlier.
    closed_to: Option<Date>,
    /// Where they came from.
    sources: Vec<DealSource>,
    /// What their stages are.
    stage_categories: Vec<StageCategory>,
    /// What the vendor decided.
    decisions: Vec<RegistrationDecision>,
    /// The verdict when they were registered.
    verdicts: Vec<VerdictOutcome>,
    /// Decided at this moment or later.
    decided_from: Option<DateTime>,
    /// Decided before this moment.
    decided_to: Option<DateTime>,
    /// Expected to close on this day or later.
    expected_close_from: Option<Date>,
    /// Expected to close on this day or earlier.
    expected_close_to: Option<Date>,
    /// What they lack, all of it.
    lacking: Vec<DealLack>,
}

impl From<&DealListQuery> for DealSelection {
    fn from(q: &DealListQuery) -> Self {
        Self {
            statuses: q.statuses.iter().map(|s| (*s).into()).collect(),
            stages: q.stages.clone(),
            partners: q.partners.iter().map(|id| ID(id.to_string())).collect(),
            managers: q.managers.iter().map(|id| ID(id.to_string())).collect(),
            territories: q.territories.clone(),
            products: q.products.iter().map(|id| ID(id.to_string())).collect(),
            created_from: q.created_from.map(DateTime),
            created_to: q.created_to.map(DateTime),
            closed_from: q.closed_from.map(Date),
            closed_to: q.closed_to.map(Date),
            sources: q.sources.iter().map(|s| (*s).into()).collect(),
            stage_categories: q.categories.iter().map(|c| (*c).into()).collect(),
            decisions: q.decisions.iter().map(|d| (*d).into()).collect(),
            verdicts: q.verdicts.iter().map(|v| (*v).into()).collect(),
            decided_from: q.decided_from.map(DateTime),
            decided_to: q.decided_to.map(DateTime),
            expected_close_from: q.expected_from.map(Date),
            expected_close_to: q.expected_to.map(Date),
            lacking: q.lacking.iter().map(|l| (*l).into()).collect(),
        }
    }
}

/// The deals behind a number.
pub(crate) struct ReportRows(pub(super) DealListQuery);

/// The deals behind a number, as far as the viewer may see them: the number was counted over the same.
#[Object]
impl ReportRows {
    /// The filter that finds them.
    async fn filter(&self) -> DealSelection {
        (&self.0).into()
    }

    /// Address of the screen that shows exactly them, without the server's own.
    async fn path(&self) -> String {
        path(&self.0)
    }

    /// The deals themselves, last changed first.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn deals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DealConnection> {
        deal_page(ctx, &self.0, first, after.as_deref()).await
    }
}

/// A value for a query string; everything but letters, digits and a few signs is escaped.
fn escaped(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() || b"-_.:,".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn names<T: serde::Serialize>(values: &[T]) -> Vec<String> {
    values.iter().filter_map(|v| serde_json::to_value(v).ok()?.as_str().map(str::to_owned)).collect()
}

/// The pipeline as a table, with this filter; what the filter does not say is not narrowed.
fn path(q: &DealListQuery) -> String {
    let statuses = if q.statuses.is_empty() { vec!["ALL".to_owned()] } else { names(&q.statuses) };
    let one = |value: Option<String>| value.into_iter().collect::<Vec<_>>();
    let all = [
        ("status", statuses),
        ("stage", q.stages.clone()),
        ("partner", q.partners.iter().map(ToString::to_string).collect()),
        ("manager", q.managers.iter().map(ToString::to_string).collect()),
        ("territory", q.territories.clone()),
        ("product", q.products.iter().map(ToString::to_string).collect()),
        ("source", names(&q.sources)),
        ("category", names(&q.categories)),
        ("decision", names(&q.decisions)),
        ("verdict", names(&q.verdicts)),
        ("lacking", names(&q.lacking)),
        ("createdFrom", one(q.created_from.map(|t| t.to_string()))),
        ("createdTo", one(q.created_to.map(|t| t.to_string()))),
        ("decidedFrom", one(q.decided_from.map(|t| t.to_string()))),
        ("decidedTo", one(q.decided_to.map(|t| t.to_string()))),
        ("closedFrom", one(q.closed_from.map(|d| d.to_string()))),
        ("closedTo", one(q.closed_to.map(|d| d.to_string()))),
        ("expectedFrom", one(q.expected_from.map(|d| d.to_string()))),
        ("expectedTo", one(q.expected_to.map(|d| d.to_string()))),
    ];
    let given = all.into_iter().filter(|(_, values)| !values.is_empty());
    given.fold("/pipeline?view=table".to_owned(), |path, (name, values)| format!("{path}&{name}={}", escaped(&values.join(","))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use entente_domain::report::record::Decided;

    #[test]
    fn the_address_says_the_whole_filter() {
        let q = DealListQuery {
            territories: vec!["süd & west".into()],
            decisions: vec![Decided::Approved],
            created_from: "2026-01-01T00:00:00Z".parse().ok(),
            ..DealListQuery::default()
        };
        let wanted = "/pipeline?view=table&status=ALL&territory=s%C3%BCd%20%26%20west&decision=APPROVED&createdFrom=2026-01-01T00:00:00Z";
        assert_eq!(path(&q), wanted);
    }
}
