//! A deal and a customer as documents. Beside the deal itself a document has `search_words`: what free text is matched
//! against.

use std::collections::BTreeSet;

use entente_domain::customer::{Customer, group_key, match_keys};
use entente_domain::deal::deadline::Deadline;
use entente_domain::deal::protection::Protection;
use entente_domain::deal::{Deal, DealSource, RegistrationStatus};
use entente_domain::id::{CustomerId, DealId, PartnerId, ProductId, UserId};
use entente_domain::program::StageCategory;
use entente_domain::routing::Route;
use entente_domain::rules::{Evidence, Judged};
use entente_domain::text::words;
use entente_domain::{Date, Decimal, Timestamp};
use serde::{Deserialize, Serialize};

use crate::bson_as::{MoneyDoc, decimal, time, time_option};
use crate::connect::SCHEMA_VERSION;

/// A deal as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DealDoc {
    #[serde(rename = "_id")]
    id: DealId,
    schema_version: i32,
    number: String,
    version: i32,
    title: String,
    status: RegistrationStatus,
    stage: String,
    stage_category: StageCategory,
    partner_id: PartnerId,
    customer: Option<Customer>,
    product_ids: Vec<ProductId>,
    value: MoneyDoc,
    #[serde(with = "decimal")]
    rate: Decimal,
    base_value: MoneyDoc,
    expected_close_on: Option<Date>,
    closed_on: Option<Date>,
    next_step: Option<String>,
    manager_id: Option<UserId>,
    territory: Option<String>,
    source: DealSource,
    registered_by: Option<UserId>,
    #[serde(with = "time")]
    created_at: Timestamp,
    #[serde(with = "time")]
    updated_at: Timestamp,
    #[serde(with = "time_option")]
    decision_due_at: Option<Timestamp>,
    paused_minutes: Option<i64>,
    #[serde(with = "time_option")]
    decided_at: Option<Timestamp>,
    decision_reason: Option<String>,
    open_question: Option<String>,
    #[serde(with = "time_option")]
    protected_until: Option<Timestamp>,
    import_key: Option<String>,
    #[serde(default)]
    judged: Judged,
    #[serde(default)]
    evidence: Evidence,
    #[serde(default)]
    origin: entente_domain::lead::Origin,
    #[serde(default)]
    protection: Protection,
    #[serde(default)]
    route: Route,
    #[serde(default)]
    deadline: Deadline,
    #[serde(default)]
    record: entente_domain::report::record::Record,
    /// Conflicts are looked for by these beside `product_ids`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    included: Vec<ProductId>,
    /// When the vendor decided; the record is read by it.
    #[serde(default, with = "time_option", skip_serializing_if = "Option::is_none")]
    answered_at: Option<Timestamp>,
    /// When a deadline passed that was missed; the record is read by it.
    #[serde(default, with = "time_option", skip_serializing_if = "Option::is_none")]
    missed_at: Option<Timestamp>,
    /// Since when the vendor owes an answer on an approved deal; lists of such deals are read by it.
    #[serde(default, with = "time_option", skip_serializing_if = "Option::is_none")]
    owed_since: Option<Timestamp>,
    /// A recorded state has none; see [`crate::states`].
    #[serde(default)]
    search_words: BTreeSet<String>,
    /// Under what registrations of similar customers find it; while it waits for a decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    match_keys: Vec<String>,
}

impl From<&Deal> for DealDoc {
    fn from(d: &Deal) -> Self {
        let customer_name = d.customer.as_ref().map_or("", |c| c.name.as_str());
        Self {
            id: d.id.clone(),
            schema_version: SCHEMA_VERSION,
            number: d.number.clone(),
            version: d.version,
            title: d.title.clone(),
            status: d.status,
            stage: d.stage.clone(),
            stage_category: d.stage_category,
            partner_id: d.partner_id.clone(),
            customer: d.customer.clone(),
            product_ids: d.product_ids.clone(),
            value: (&d.value).into(),
            rate: d.rate,
            base_value: (&d.base_value).into(),
            expected_close_on: d.expected_close_on,
            closed_on: d.closed_on,
            next_step: d.next_step.clone(),
            manager_id: d.manager_id.clone(),
            territory: d.territory.clone(),
            source: d.source,
            registered_by: d.registered_by.clone(),
            created_at: d.created_at,
            updated_at: d.updated_at,
            decision_due_at: d.decision_due_at,
            paused_minutes: d.paused_minutes,
            decided_at: d.decided_at,
            decision_reason: d.decision_reason.clone(),
            open_question: d.open_question.clone(),
            protected_until: d.protected_until,
            import_key: d.import_key.clone(),
            judged: d.judged.clone(),
            evidence: d.evidence.clone(),
            origin: d.origin.clone(),
            protection: d.protection.clone(),
            route: d.route.clone(),
            answered_at: d.deadline.answered.map(|a| a.at),
            missed_at: d.deadline.missed.map(|m| m.due_at),
            owed_since: d.protection.owed_since(),
            deadline: d.deadline.clone(),
            record: d.record,
            included: d.included.clone(),
            search_words: search_words([d.title.as_str(), d.number.as_str(), customer_name]),
            match_keys: d.customer.as_ref().filter(|_| d.status.is_pending()).map_or_else(Vec::new, |c| match_keys(&c.key, &c.name_key)),
        }
    }
}

impl From<DealDoc> for Deal {
    fn from(d: DealDoc) -> Self {
        Deal {
            id: d.id,
            number: d.number,
            version: d.version,
            title: d.title,
            status: d.status,
            stage: d.stage,
            stage_category: d.stage_category,
            partner_id: d.partner_id,
            customer: d.customer,
            product_ids: d.product_ids,
            value: d.value.into(),
            rate: d.rate,
            base_value: d.base_value.into(),
            expected_close_on: d.expected_close_on,
            closed_on: d.closed_on,
            next_step: d.next_step,
            manager_id: d.manager_id,
            territory: d.territory,
            source: d.source,
            registered_by: d.registered_by,
            created_at: d.created_at,
            updated_at: d.updated_at,
            decision_due_at: d.decision_due_at,
            paused_minutes: d.paused_minutes,
            decided_at: d.decided_at,
            decision_reason: d.decision_reason,
            open_question: d.open_question,
            protected_until: d.protected_until,
            import_key: d.import_key,
            judged: d.judged,
            evidence: d.evidence,
            origin: d.origin,
            protection: d.protection,
            route: d.route,
            deadline: d.deadline,
            record: d.record,
            included: d.included,
        }
    }
}

/// A customer as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CustomerDoc {
    #[serde(rename = "_id")]
    pub id: CustomerId,
    schema_version: i32,
    partner_id: PartnerId,
    name: String,
    domain: Option<String>,
    country: Option<String>,
    industry: Option<String>,
    key: String,
    name_key: String,
    /// See [`group_key`]: of its own name.
    #[serde(default)]
    group: String,
    #[serde(default)]
    parent: Option<String>,
    /// Of its parent's name.
    #[serde(default)]
    parent_key: Option<String>,
}

impl From<&Customer> for CustomerDoc {
    fn from(c: &Customer) -> Self {
        Self {
            id: c.id.clone(),
            schema_version: SCHEMA_VERSION,
            partner_id: c.partner_id.clone(),
            name: c.name.clone(),
            domain: c.domain.clone(),
            country: c.country.clone(),
            industry: c.industry.clone(),
            key: c.key.clone(),
            name_key: c.name_key.clone(),
            group: group_key(&c.name),
            parent: c.parent.clone(),
            parent_key: c.parent.as_deref().map(group_key),
        }
    }
}

impl CustomerDoc {
    /// The same in the group that is known of it already.
    pub fn keep_group(mut self, known: &Self) -> Self {
        self.parent.clone_from(&known.parent);
        self.parent_key.clone_from(&known.parent_key);
        self
    }
}

impl From<CustomerDoc> for Customer {
    fn from(c: CustomerDoc) -> Self {
        Customer {
            id: c.id,
            partner_id: c.partner_id,
            name: c.name,
            domain: c.domain,
            country: c.country,
            industry: c.industry,
            key: c.key,
            name_key: c.name_key,
            parent: c.parent,
        }
    }
}

/// Distinct words of several texts, for an index of words.
pub(crate) fn search_words<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    texts.into_iter().flat_map(words).collect()
}
