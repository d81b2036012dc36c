//! What the pipeline shows, kept in the address: view, search, filters, order. Knows how to ask the server for it and
//! whether a deal that changed still belongs to it.

use entente_web_api::{
    Date, DateTime, Id,
    deal::{DealCard, DealFilter, DealOrder, DealOrderField, DealsVariables, RegistrationStatus},
    scalar::OrderDirection,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{i18n::words, routes::CommaList};

/// The value of the status filter that lets everything through.
pub const EVERY_STATUS: &str = "ALL";

/// What is worked on, when no status is chosen: neither drafts nor what was refused, taken back or ran out.
const IN_PLAY: [RegistrationStatus; 4] =
    [RegistrationStatus::Submitted, RegistrationStatus::InReview, RegistrationStatus::InfoRequested, RegistrationStatus::Approved];

/// Every status that can be chosen.
pub const STATUSES: [RegistrationStatus; 8] = [
    RegistrationStatus::Submitted,
    RegistrationStatus::InReview,
    RegistrationStatus::InfoRequested,
    RegistrationStatus::Approved,
    RegistrationStatus::Rejected,
    RegistrationStatus::Withdrawn,
    RegistrationStatus::Expired,
    RegistrationStatus::Released,
];

/// The state of the screen in the query string.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Filters {
    /// `table`, else the board.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub view: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub status: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub stage: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub partner: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub manager: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub territory: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub product: CommaList,
    /// What a link of a report brings along; see [`Link`].
    #[serde(flatten)]
    pub link: Link,
    /// Column of the table, as `value`; `-value` the other way.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
    /// The stage that a narrow board shows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub column: String,
}

/// What only links of reports say: taken as it is, shown as one chip, and gone with it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Link {
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub source: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub category: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub decision: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub verdict: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub lacking: CommaList,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub created_from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub created_to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub decided_from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub decided_to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub closed_from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub closed_to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub expected_from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub expected_to: String,
}

impl Link {
    /// Whether it narrows anything.
    pub fn is_some(&self) -> bool {
        *self != Self::default()
    }

    /// The names of a list as the schema's enum; what this build does not know is left out.
    fn codes<T: serde::de::DeserializeOwned>(list: &CommaList) -> Option<Vec<T>> {
        let known: Vec<T> = list.0.iter().filter_map(|text| serde_json::from_value(Value::from(text.as_str())).ok()).collect();
        (!known.is_empty()).then_some(known)
    }

    fn into_filter(self, filter: DealFilter) -> DealFilter {
        let moment = |text: String| (!text.is_empty()).then_some(DateTime(text));
        let day = |text: String| (!text.is_empty()).then_some(Date(text));
        DealFilter {
            sources: Self::codes(&self.source),
            stage_categories: Self::codes(&self.category),
            decisions: Self::codes(&self.decision),
            verdicts: Self::codes(&self.verdict),
            lacking: Self::codes(&self.lacking),
            created_from: moment(self.created_from),
            created_to: moment(self.created_to),
            decided_from: moment(self.decided_from),
            decided_to: moment(self.decided_to),
            closed_from: day(self.closed_from),
            closed_to: day(self.closed_to),
            expected_close_from: day(self.expected_from),
            expected_close_to: day(self.expected_to),
            ..filter
        }
    }
}

/// A status as it travels and stands in the address.
pub fn wire(status: RegistrationStatus) -> String {
    serde_json::to_value(status).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

pub fn from_wire(text: &str) -> Option<RegistrationStatus> {
    serde_json::from_value(Value::from(text)).ok()
}

fn ids(list: &CommaList) -> Option<Vec<Id>> {
    list.for_filter().map(|values| values.into_iter().map(Id::from).collect())
}

impl Filters {
    pub fn is_table(&self) -> bool {
        self.view == "table"
    }

    fn statuses(&self) -> Option<Vec<RegistrationStatus>> {
        if self.status.contains(EVERY_STATUS) {
            return None;
        }
        let chosen: Vec<RegistrationStatus> = self.status.0.iter().filter_map(|text| from_wire(text)).collect();
        Some(if chosen.is_empty() { IN_PLAY.to_vec() } else { chosen })
    }

    /// For the server. `stage` narrows to one column of the board.
    pub fn to_filter(&self, stage: Option<&str>) -> DealFilter {
        self.link.clone().into_filter(DealFilter {
            statuses: self.statuses(),
            stages: stage.map(|key| vec![key.to_owned()]).or_else(|| self.stage.for_filter()),
            partners: ids(&self.partner),
            managers: ids(&self.manager),
            territories: self.territory.for_filter(),
            products: ids(&self.product),
            ..DealFilter::default()
        })
    }

    /// One page of a column (`stage`) or of the table.
    pub fn to_variables(&self, stage: Option<&str>, first: i32) -> DealsVariables {
        let search = self.q.trim();
        DealsVariables {
            search: (!search.is_empty()).then(|| search.to_owned()),
            filter: Some(self.to_filter(stage)),
            // The board is in order of the last change, so that what moves comes to the top of its column.
            order_by: stage.is_none().then(|| self.order()),
            first: Some(first),
            after: None,
        }
    }

    /// The order of the table.
    pub fn order(&self) -> DealOrder {
        let (key, descending) = self.sort.strip_prefix('-').map_or((self.sort.as_str(), false), |key| (key, true));
        let (field, direction) = match key {
            "value" => (DealOrderField::Value, descending),
            "close" => (DealOrderField::ExpectedCloseOn, descending),
            "due" => (DealOrderField::DecisionDueAt, descending),
            "created" => (DealOrderField::CreatedAt, descending),
            "updated" => (DealOrderField::UpdatedAt, descending),
            _ => (DealOrderField::UpdatedAt, true),
        };
        DealOrder { field, direction: if direction { OrderDirection::Desc } else { OrderDirection::Asc } }
    }

    /// Whether a deal that changed is within. The search is the server's; here words that begin as what was typed are
    /// good enough until the next reading.
    pub fn admits(&self, deal: &DealCard) -> bool {
        let within = |list: &CommaList, value: Option<&str>| list.is_empty() || value.is_some_and(|value| list.contains(value));
        // What a link asks for a card does not say: such a list is read anew instead.
        !self.link.is_some()
            && self.statuses().is_none_or(|statuses| statuses.contains(&deal.status))
            && within(&self.stage, Some(&deal.stage.key))
            && within(&self.partner, Some(deal.partner.id.inner()))
            && within(&self.manager, deal.manager.as_ref().map(|manager| manager.id.inner()))
            && within(&self.territory, deal.territory.as_ref().map(|territory| territory.key.as_str()))
            && (self.product.is_empty()
                || deal.products.iter().chain(&deal.included_products).any(|product| self.product.contains(product.id.inner())))
            && self.found(deal)
    }

    fn found(&self, deal: &DealCard) -> bool {
        let customer = deal.customer.as_ref().map(|customer| customer.name.as_str()).unwrap_or_default();
        let known = words(&format!("{} {} {customer}", deal.title, deal.number));
        words(&self.q).iter().all(|typed| known.iter().any(|word| word.starts_with(typed.as_str())))
    }

    /// Without any filter; view and order stay.
    pub fn cleared(&self) -> Self {
        Self { view: self.view.clone(), sort: self.sort.clone(), column: self.column.clone(), ..Self::default() }
    }

    /// Whether anything narrows what is shown.
    pub fn is_narrowed(&self) -> bool {
        *self != self.cleared()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_status_only_what_is_in_play_is_asked_for() {
        assert_eq!(Filters::default().to_filter(None).statuses, Some(IN_PLAY.to_vec()));
        let every = Filters { status: CommaList(vec![EVERY_STATUS.to_owned()]), ..Filters::default() };
        assert_eq!(every.to_filter(None).statuses, None);
    }

    #[test]
    fn a_status_reads_back_as_it_was_written() {
        assert!(STATUSES.into_iter().all(|status| from_wire(&wire(status)) == Some(status)));
        assert_eq!(wire(RegistrationStatus::InReview), "IN_REVIEW");
    }

    #[test]
    fn the_table_sorts_both_ways() {
        let order = |sort: &str| Filters { sort: sort.to_owned(), ..Filters::default() }.order();
        assert_eq!((order("-value").field, order("-value").direction), (DealOrderField::Value, OrderDirection::Desc));
        assert_eq!(order("close").direction, OrderDirection::Asc);
        assert_eq!((order("").field, order("").direction), (DealOrderField::UpdatedAt, OrderDirection::Desc));
    }

    #[test]
    fn clearing_keeps_view_and_order() {
        let filters = Filters { view: "table".into(), q: "x".into(), sort: "value".into(), ..Filters::default() };
        assert!(filters.is_narrowed() && !filters.cleared().is_narrowed());
        assert_eq!((filters.cleared().view.as_str(), filters.cleared().sort.as_str()), ("table", "value"));
    }
}
