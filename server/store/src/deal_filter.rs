//! What lists of deals are asked for: filter, order, place. Plain values; how they become commands is in `deals`.

use entente_domain::deal::verdict::VerdictOutcome;
use entente_domain::deal::{Deal, DealSource, RegistrationStatus};
use entente_domain::id::{DealId, PartnerId, ProductId, UserId};
use entente_domain::policy::Scope;
use entente_domain::program::StageCategory;
use entente_domain::report::Lacking;
use entente_domain::report::record::Decided;
use entente_domain::{Date, Decimal, Timestamp};
use serde::{Deserialize, Serialize};

/// Which deals. An empty list does not filter; everything given must hold at once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DealFilter {
    /// What the asker may see; nothing unless said otherwise.
    pub scope: Scope,
    /// Words of title, number and customer name; each is complete or the beginning of one.
    pub search: Option<String>,
    /// Registration statuses.
    pub statuses: Vec<RegistrationStatus>,
    /// Stage keys.
    pub stages: Vec<String>,
    /// Partners.
    pub partners: Vec<PartnerId>,
    /// Channel managers.
    pub managers: Vec<UserId>,
    /// Territory keys.
    pub territories: Vec<String>,
    /// Products, any of them, named or within a bundle.
    pub products: Vec<ProductId>,
    /// Created at or after.
    pub created_from: Option<Timestamp>,
    /// Created before.
    pub created_to: Option<Timestamp>,
    /// Closed on or after.
    pub closed_from: Option<Date>,
    /// Closed on or before.
    pub closed_to: Option<Date>,
    /// Where they came from.
    pub sources: Vec<DealSource>,
    /// What their stages are.
    pub categories: Vec<StageCategory>,
    /// What the vendor decided, whatever became of them since.
    pub decisions: Vec<Decided>,
    /// The verdict when they were registered.
    pub verdicts: Vec<VerdictOutcome>,
    /// Decided at or after.
    pub decided_from: Option<Timestamp>,
    /// Decided before.
    pub decided_to: Option<Timestamp>,
    /// Expected to close on or after.
    pub expected_from: Option<Date>,
    /// Expected to close on or before.
    pub expected_to: Option<Date>,
    /// What they lack, all of it.
    pub lacking: Vec<Lacking>,
    /// Whether the vendor owes the partner an answer on an approved deal.
    pub answer_owed: Option<bool>,
}

impl Default for DealFilter {
    fn default() -> Self {
        Self {
            scope: Scope::Nothing,
            search: None,
            statuses: Vec::new(),
            stages: Vec::new(),
            partners: Vec::new(),
            managers: Vec::new(),
            territories: Vec::new(),
            products: Vec::new(),
            created_from: None,
            created_to: None,
            closed_from: None,
            closed_to: None,
            sources: Vec::new(),
            categories: Vec::new(),
            decisions: Vec::new(),
            verdicts: Vec::new(),
            decided_from: None,
            decided_to: None,
            expected_from: None,
            expected_to: None,
            lacking: Vec::new(),
            answer_owed: None,
        }
    }
}

/// What deals are ordered by; ties are broken by id in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DealSort {
    /// Last change.
    UpdatedAt,
    /// Coming into being.
    CreatedAt,
    /// Value in the program's currency.
    Value,
    /// Expected close date; deals without one come last in both directions.
    ExpectedCloseOn,
    /// The vendor's deadline; deals without one come last in both directions.
    DecisionDueAt,
}

/// A page of deals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealQuery {
    /// Which deals.
    pub filter: DealFilter,
    /// In which order.
    pub sort: DealSort,
    /// Largest or latest first.
    pub descending: bool,
    /// The last deal of the page before; none for the first page.
    pub after: Option<DealKey>,
    /// Most deals to answer.
    pub limit: u32,
}

/// A deal's place in an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DealKey {
    /// What it is ordered by.
    pub value: SortValue,
    /// The deal.
    pub id: DealId,
}

/// The value of a deal that an order goes by. Of another kind than the order's: the page is taken from the start.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SortValue {
    /// A moment, to the millisecond.
    Time(Timestamp),
    /// A day.
    Date(Date),
    /// An amount.
    Decimal(Decimal),
    /// The deal has no such value; such deals come last.
    None,
}

/// The place of a deal in an order.
pub fn deal_key(deal: &Deal, sort: DealSort) -> DealKey {
    let value = match sort {
        DealSort::UpdatedAt => SortValue::Time(deal.updated_at),
        DealSort::CreatedAt => SortValue::Time(deal.created_at),
        DealSort::Value => SortValue::Decimal(deal.base_value.amount),
        DealSort::ExpectedCloseOn => deal.expected_close_on.map_or(SortValue::None, SortValue::Date),
        DealSort::DecisionDueAt => deal.decision_due_at.map_or(SortValue::None, SortValue::Time),
    };
    DealKey { value, id: deal.id.clone() }
}
