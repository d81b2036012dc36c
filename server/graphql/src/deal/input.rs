//! What callers send about deals, turned into what the use cases take. Text stays text: the domain judges it.

use async_graphql::{Enum, ID, InputObject};
use entente_app::deal::{DealListQuery, DealSort, RegisterInput};
use entente_domain::deal::register::DraftInput;
use entente_domain::deal::update::DealUpdate;

use super::desk::CustomValueInput;
use super::types::{DealSource, RegistrationStatus, VerdictOutcome};
use crate::page::{OrderDirection, id_in_list, keys, search};
use crate::problem::Problem;
use crate::program::StageCategory;
use crate::report::{DealLack, RegistrationDecision};
use crate::scalar::{CountryCode, CurrencyCode, Date, DateTime, Decimal};

/// Which deals. What is left out or empty does not narrow; the entries of one list are alternatives, at most 100.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct DealFilter {
    /// Registration statuses.
    statuses: Option<Vec<RegistrationStatus>>,
    /// Stage keys.
    stages: Option<Vec<String>>,
    /// Partners, by id.
    partners: Option<Vec<ID>>,
    /// The vendor's channel managers, by id.
    managers: Option<Vec<ID>>,
    /// Territory keys.
    territories: Option<Vec<String>>,
    /// Products, by id; a deal with any of them, named or within a bundle, is in.
    products: Option<Vec<ID>>,
    /// Created at this moment or later.
    created_from: Option<DateTime>,
    /// Created before this moment.
    created_to: Option<DateTime>,
    /// Won or lost on this day or later.
    closed_from: Option<Date>,
    /// Won or lost on this day or earlier.
    closed_to: Option<Date>,
    /// Where they came from.
    sources: Option<Vec<DealSource>>,
    /// What their stages are.
    stage_categories: Option<Vec<StageCategory>>,
    /// What the vendor decided on the registration, whatever became of it since.
    decisions: Option<Vec<RegistrationDecision>>,
    /// The verdict when it was registered.
    verdicts: Option<Vec<VerdictOutcome>>,
    /// Decided at this moment or later.
    decided_from: Option<DateTime>,
    /// Decided before this moment.
    decided_to: Option<DateTime>,
    /// Expected to close on this day or later.
    expected_close_from: Option<Date>,
    /// Expected to close on this day or earlier.
    expected_close_to: Option<Date>,
    /// What they lack, all of it.
    lacking: Option<Vec<DealLack>>,
    /// True for deals on which the vendor owes an answer: the partner asked something, or asked for an extension, and protection
    /// stands still until then. False for all others.
    answer_owed: Option<bool>,
}

/// By what deals are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "DealSort")]
pub(crate) enum DealOrderField {
    /// When it last changed.
    UpdatedAt,
    /// When it came into being.
    CreatedAt,
    /// Value in the program's currency.
    Value,
    /// When the partner expects to close; without a date last.
    ExpectedCloseOn,
    /// When the vendor owes an answer; without a clock last.
    DecisionDueAt,
}

/// How deals are sorted.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DealOrder {
    /// By what.
    field: DealOrderField,
    /// Which way.
    direction: OrderDirection,
}

impl DealFilter {
    /// The query of a list with this filter.
    pub(crate) fn query(filter: Option<Self>, text: Option<String>, order: Option<DealOrder>) -> Result<DealListQuery, Problem> {
        let f = filter.unwrap_or_default();
        let default = DealListQuery::default();
        let (sort, descending) = order.map_or((default.sort, default.descending), |o| (o.field.into(), o.direction == OrderDirection::Desc));
        Ok(DealListQuery {
            search: search(text)?,
            statuses: keys("statuses", f.statuses)?.into_iter().map(Into::into).collect(),
            stages: keys("stages", f.stages)?,
            partners: id_in_list("part", &keys("partners", f.partners)?),
            managers: id_in_list("user", &keys("managers", f.managers)?),
            territories: keys("territories", f.territories)?,
            products: id_in_list("prod", &keys("products", f.products)?),
            created_from: f.created_from.map(|t| t.0),
            created_to: f.created_to.map(|t| t.0),
            closed_from: f.closed_from.map(|d| d.0),
            closed_to: f.closed_to.map(|d| d.0),
            sources: keys("sources", f.sources)?.into_iter().map(Into::into).collect(),
            categories: keys("stageCategories", f.stage_categories)?.into_iter().map(Into::into).collect(),
            decisions: keys("decisions", f.decisions)?.into_iter().map(Into::into).collect(),
            verdicts: keys("verdicts", f.verdicts)?.into_iter().map(Into::into).collect(),
            decided_from: f.decided_from.map(|t| t.0),
            decided_to: f.decided_to.map(|t| t.0),
            expected_from: f.expected_close_from.map(|d| d.0),
            expected_to: f.expected_close_to.map(|d| d.0),
            lacking: keys("lacking", f.lacking)?.into_iter().map(Into::into).collect(),
            answer_owed: f.answer_owed,
            sort,
            descending,
        })
    }
}

/// An amount as typed; the domain judges it.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct MoneyInput {
    /// Units of the currency, above zero, with no more decimals than the currency has.
    amount: Decimal,
    /// One of the program's currencies.
    currency: CurrencyCode,
}

/// A registration.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DealRegisterInput {
    /// What it is about, at most 200 characters.
    title: String,
    /// Customer's name, at most 200 characters.
    customer_name: String,
    /// Customer's domain, address or e-mail; it tells most surely which customer is meant.
    customer_domain: Option<String>,
    /// Where the customer is; without it a name alone tells nobody which customer is meant.
    customer_country: Option<CountryCode>,
    /// One to 20 of the program's products, by id.
    product_ids: Vec<ID>,
    /// Value of the deal.
    value: MoneyInput,
    /// When the partner expects to close; today or later.
    expected_close_on: Date,
    /// What happens next, at most 1,000 characters.
    next_step: Option<String>,
    /// The person at the customer who knows the partner, at most 200 characters; the rules in force may ask for it.
    contact_name: Option<String>,
    /// What has been found out and agreed, at most 4,000 characters; the rules in force may ask for it.
    description: Option<String>,
    /// When the partner met the customer; today or earlier.
    met_on: Option<Date>,
    /// Notes of the discovery, at most 4,000 characters.
    discovery_notes: Option<String>,
    /// What is known of the budget, at most 200 characters.
    budget: Option<String>,
    /// Files, by the ids that `POST /uploads?for=evidence` answered; at most 20.
    #[graphql(default)]
    file_ids: Vec<ID>,
    /// Values of the program's own fields, at most 100.
    #[graphql(default)]
    fields: Vec<CustomValueInput>,
    /// Whose deal it is. Only vendor staff may register for a partner other than their own, and has to name one.
    partner_id: Option<ID>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

impl From<DealRegisterInput> for RegisterInput {
    fn from(i: DealRegisterInput) -> Self {
        Self {
            draft: DraftInput {
                title: i.title,
                customer_name: i.customer_name,
                customer_domain: i.customer_domain,
                customer_country: i.customer_country.map(|c| c.0),
                product_ids: i.product_ids.into_iter().map(|id| id.0).collect(),
                amount: i.value.amount.0,
                currency: i.value.currency.0,
                expected_close_on: Some(i.expected_close_on.0),
                next_step: i.next_step,
                contact: i.contact_name,
                description: i.description,
                met_on: i.met_on.map(|d| d.0),
                discovery: i.discovery_notes,
                budget: i.budget,
                files: Vec::new(),
                fields: i.fields.into_iter().take(100).map(|f| (f.key, f.value)).collect(),
            },
            partner_id: i.partner_id.map(|id| id.0),
            file_ids: i.file_ids.into_iter().map(|id| id.0).collect(),
            idempotency_key: i.idempotency_key,
            origin: entente_domain::lead::Origin::default(),
        }
    }
}

/// New values of an open deal. What is left out stays as it is; an empty next step clears it.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DealUpdateInput {
    /// What it is about, at most 200 characters.
    title: Option<String>,
    /// What happens next, at most 1,000 characters.
    next_step: Option<String>,
    /// When the partner expects to close; today or later.
    expected_close_on: Option<Date>,
}

impl From<DealUpdateInput> for DealUpdate {
    fn from(i: DealUpdateInput) -> Self {
        Self { title: i.title, next_step: i.next_step, expected_close_on: i.expected_close_on.map(|d| d.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_none_matches_nothing_instead_of_everything() {
        let filter = DealFilter { partners: Some(vec![ID("user_01J00000000000000000000000".into())]), ..DealFilter::default() };
        let query = DealFilter::query(Some(filter), None, None).unwrap();
        assert_eq!(query.partners.len(), 1);
    }

    #[test]
    fn a_long_list_and_a_long_search_are_refused() {
        let filter = DealFilter { stages: Some(vec!["a".to_owned(); 101]), ..DealFilter::default() };
        assert!(DealFilter::query(Some(filter), None, None).unwrap_err().message.contains("stages"));
        assert!(DealFilter::query(None, Some("x".repeat(201)), None).unwrap_err().message.contains("search"));
        assert_eq!(DealFilter::query(None, Some("  ".into()), None).unwrap().search, None);
    }
}
