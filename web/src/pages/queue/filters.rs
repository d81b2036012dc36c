//! What the queue shows, kept in the address: whose desk, search, filters, order. Knows how to ask the server for it, and
//! whether and where a deal that changed belongs in it.

use std::cmp::Ordering;

use entente_web_api::{
    Id,
    deal::{DealCard, DealFilter, DealOrder, DealOrderField, DealsVariables, RegistrationStatus},
    scalar::OrderDirection,
};
use serde::{Deserialize, Serialize};

use crate::{i18n::words, routes::CommaList};

/// What waits for the vendor.
pub const WAITING: [RegistrationStatus; 2] = [RegistrationStatus::Submitted, RegistrationStatus::InReview];

/// The orders of the queue as they stand in the address; the first is by deadline.
pub const SORTS: [&str; 3] = ["", "value", "new"];

/// The state of the screen in the query string.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Filters {
    /// `answers` for what partners asked on approved deals; empty for registrations to decide.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub work: String,
    /// `everyone` or `mine`; empty for one's own desk where there is one, else everyone's.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub desk: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub territory: CommaList,
    #[serde(skip_serializing_if = "CommaList::is_empty")]
    pub product: CommaList,
    /// One of [`SORTS`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
}

impl Filters {
    pub fn everyone(&self, has_desk: bool) -> bool {
        match self.desk.as_str() {
            "everyone" => true,
            "mine" => false,
            _ => !has_desk,
        }
    }

    /// Whether it lists the answers that are owed on approved deals.
    pub fn answers(&self) -> bool {
        self.work == "answers"
    }

    /// Whether the rows are in order of their deadlines, and so in groups.
    pub fn by_deadline(&self) -> bool {
        !self.answers() && !SORTS.iter().skip(1).any(|sort| *sort == self.sort)
    }

    /// For the server. `owners` are the people on the desk; none for everyone's.
    pub fn to_variables(&self, owners: Option<&[Id]>, first: i32) -> DealsVariables {
        let search = self.q.trim();
        let filter = DealFilter {
            statuses: (!self.answers()).then(|| WAITING.to_vec()),
            answer_owed: self.answers().then_some(true),
            managers: owners.map(<[Id]>::to_vec),
            territories: self.territory.for_filter(),
            products: self.product.for_filter().map(|ids| ids.into_iter().map(Id::from).collect()),
            ..DealFilter::default()
        };
        let (field, direction) = match self.sort.as_str() {
            "value" => (DealOrderField::Value, OrderDirection::Desc),
            "new" => (DealOrderField::CreatedAt, OrderDirection::Desc),
            _ if self.answers() => (DealOrderField::UpdatedAt, OrderDirection::Asc),
            _ => (DealOrderField::DecisionDueAt, OrderDirection::Asc),
        };
        DealsVariables {
            search: (!search.is_empty()).then(|| search.to_owned()),
            filter: Some(filter),
            order_by: Some(DealOrder { field, direction }),
            first: Some(first),
            after: None,
        }
    }

    /// Whether a deal that changed is within. The search is the server's; words that begin as what was typed are good enough
    /// until the next reading.
    pub fn admits(&self, deal: &DealCard, owners: Option<&[Id]>) -> bool {
        let owned = |owners: &[Id]| deal.manager.as_ref().is_some_and(|own| owners.contains(&own.id));
        // Protection stands still exactly while an answer is owed.
        let owed = || deal.protection.as_ref().is_some_and(|clock| clock.stands_still);
        (if self.answers() { owed() } else { WAITING.contains(&deal.status) })
            && owners.is_none_or(owned)
            && (self.territory.is_empty() || deal.territory.as_ref().is_some_and(|one| self.territory.contains(&one.key)))
            && (self.product.is_empty() || deal.products.iter().any(|one| self.product.contains(one.id.inner())))
            && self.found(deal)
    }

    fn found(&self, deal: &DealCard) -> bool {
        let customer = deal.customer.as_ref().map(|customer| customer.name.as_str()).unwrap_or_default();
        let known = words(&format!("{} {} {customer}", deal.title, deal.number));
        words(&self.q).iter().all(|typed| known.iter().any(|word| word.starts_with(typed.as_str())))
    }

    /// Which of two deals comes first; without a deadline last.
    pub fn compare(&self, a: &DealCard, b: &DealCard) -> Ordering {
        let amount = |deal: &DealCard| deal.value_in_program_currency.amount.as_str().parse::<f64>().unwrap_or_default();
        match self.sort.as_str() {
            "value" => amount(b).total_cmp(&amount(a)),
            "new" => b.created_at.cmp(&a.created_at),
            _ if self.answers() => a.updated_at.cmp(&b.updated_at),
            _ => match (&a.decision_due_at, &b.decision_due_at) {
                (Some(a), Some(b)) => a.cmp(b),
                (a, b) => b.is_some().cmp(&a.is_some()),
            },
        }
    }

    /// Without search and filters; what is listed, desk and order stay.
    pub fn cleared(&self) -> Self {
        Self { work: self.work.clone(), desk: self.desk.clone(), sort: self.sort.clone(), ..Self::default() }
    }

    pub fn is_narrowed(&self) -> bool {
        *self != self.cleared()
    }

    /// As it stands in the address, after the question mark.
    pub fn to_query(&self) -> String {
        serde_urlencoded::to_string(self).unwrap_or_default()
    }

    /// Reads back what [`Filters::to_query`] wrote; what cannot be read is left out.
    pub fn from_query(query: &str) -> Self {
        serde_urlencoded::from_str(query.trim_start_matches('?')).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_read_back_from_an_address() {
        let filters = Filters {
            desk: "everyone".into(),
            q: "müller & co".into(),
            territory: CommaList(vec!["dach".into(), "nordics".into()]),
            sort: "value".into(),
            ..Filters::default()
        };
        assert_eq!(Filters::from_query(&filters.to_query()), filters);
        assert_eq!(Filters::from_query("?sort=value"), Filters { sort: "value".into(), ..Filters::default() });
        assert_eq!(Filters::from_query("%%%"), Filters::default());
    }

    #[test]
    fn the_desk_is_ones_own_where_there_is_one() {
        let desk = |desk: &str, has| Filters { desk: desk.into(), ..Filters::default() }.everyone(has);
        assert!(!desk("", true) && desk("", false) && desk("everyone", true) && !desk("mine", false));
        assert!(Filters::default().by_deadline() && !Filters { sort: "new".into(), ..Filters::default() }.by_deadline());
    }

    #[test]
    fn a_desk_asks_for_its_owners_in_the_order_chosen() {
        let owners = [Id::from("user_1"), Id::from("user_2")];
        let variables = Filters { sort: "value".into(), ..Filters::default() }.to_variables(Some(&owners), 40);
        assert_eq!(variables.filter.unwrap().managers, Some(owners.to_vec()));
        assert_eq!(variables.order_by.unwrap().field, DealOrderField::Value);
        assert_eq!(Filters::default().to_variables(None, 40).order_by.unwrap().field, DealOrderField::DecisionDueAt);
    }

    #[test]
    fn answers_are_asked_for_whatever_the_status() {
        let answers = Filters { work: "answers".into(), q: "x".into(), ..Filters::default() };
        let variables = answers.to_variables(None, 40);
        let filter = variables.filter.unwrap();
        assert_eq!((filter.statuses, filter.answer_owed), (None, Some(true)));
        assert_eq!(variables.order_by.unwrap().field, DealOrderField::UpdatedAt);
        assert!(!answers.by_deadline() && answers.is_narrowed() && answers.cleared().answers());
        assert_eq!(Filters::default().to_variables(None, 40).filter.unwrap().answer_owed, None);
    }
}
