//! What callers send about routing, turned into what the use cases take.

use async_graphql::{ID, InputObject};
use entente_app::routing as app;
use entente_domain::routing::check::{RoutingCode, RoutingViolation};
use entente_domain::routing::{Conditions, RoutingRule, RoutingTable, RuleStep, StepOwner, TerritoryCountries};

use crate::scalar::{CountryCode, Date, Decimal};

/// The countries of a territory.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RoutingTerritoryInput {
    /// Key of one of the program's territories.
    territory: String,
    /// Its countries; each in one territory only.
    countries: Vec<CountryCode>,
}

/// A step of a rule.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RoutingStepInput {
    /// What it is called, at most 200 characters; may be empty where the rule has only one.
    name: String,
    /// Who approves; left out for the channel manager who looks after the deal's partner.
    owner_id: Option<ID>,
}

/// A rule of the table. What is left out or empty asks for nothing; lists have at most 100 entries.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RoutingRuleInput {
    /// What it is called, 1 to 200 characters, unique in the table.
    name: String,
    /// Keys of territories of the partner.
    partner_territories: Option<Vec<String>>,
    /// Keys of territories of the customer, by the customer's country.
    customer_territories: Option<Vec<String>>,
    /// Products, by id; with `lines` one list of alternatives.
    product_ids: Option<Vec<ID>>,
    /// Product lines.
    lines: Option<Vec<String>>,
    /// Keys of tiers of the partner.
    tiers: Option<Vec<String>>,
    /// From this value on, in the program's currency.
    from_value: Option<Decimal>,
    /// Below this value, in the program's currency.
    below_value: Option<Decimal>,
    /// Who approves, one after the other; one to five, no person twice.
    steps: Vec<RoutingStepInput>,
    /// Whether the partner sees the names of the steps and how far they are; false if left out.
    shared: Option<bool>,
}

/// The table as a whole.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RoutingInput {
    /// Where customers are.
    territories: Vec<RoutingTerritoryInput>,
    /// The rules in their order, at most 100; the first that matches wins.
    rules: Vec<RoutingRuleInput>,
    /// Who gets what no rule matches, and what nobody else can decide.
    fallback_id: ID,
}

fn unreadable(path: &[&str], code: RoutingCode, message: &str) -> RoutingViolation {
    RoutingViolation { path: path.iter().map(|s| (*s).to_owned()).collect(), code, message: message.to_owned() }
}

impl RoutingInput {
    /// The table as the domain knows it, or what cannot be read at all.
    pub(super) fn into_table(self) -> Result<RoutingTable, Vec<RoutingViolation>> {
        let mut wrong = Vec::new();
        let rules = self.rules.into_iter().enumerate().map(|(i, rule)| rule.into_rule(&i.to_string(), &mut wrong)).collect();
        let territory =
            |t: RoutingTerritoryInput| TerritoryCountries { territory: t.territory, countries: t.countries.into_iter().map(|c| c.0).collect() };
        let fallback = self.fallback_id.parse().ok();
        if fallback.is_none() {
            wrong.push(unreadable(&["fallbackId"], RoutingCode::PersonUnknown, "There is no such person on the vendor's side."));
        }
        let territories = self.territories.into_iter().map(territory).collect();
        let table = RoutingTable { territories, rules, fallback, ..RoutingTable::default() };
        if wrong.is_empty() { Ok(table) } else { Err(wrong) }
    }
}

impl RoutingRuleInput {
    fn into_rule(self, at: &str, wrong: &mut Vec<RoutingViolation>) -> RoutingRule {
        let mut value = |field: &str, given: Option<Decimal>| {
            given.and_then(|v| {
                let read = v.0.trim().parse().ok();
                if read.is_none() {
                    wrong.push(unreadable(&["rules", at, field], RoutingCode::InvalidInput, "A value is written as 12500.00."));
                }
                read
            })
        };
        let (from_value, below_value) = (value("fromValue", self.from_value), value("belowValue", self.below_value));
        let asked = self.product_ids.unwrap_or_default();
        let products: Vec<_> = asked.iter().filter_map(|id| id.parse().ok()).collect();
        if products.len() < asked.len() {
            wrong.push(unreadable(&["rules", at, "productIds"], RoutingCode::ProductUnknown, "Every entry must be a product of the program."));
        }
        let mut steps = Vec::with_capacity(self.steps.len());
        for (n, step) in self.steps.into_iter().enumerate() {
            let owner = match step.owner_id.map(|id| id.parse()) {
                None => StepOwner::PartnerManager,
                Some(Ok(id)) => StepOwner::Person(id),
                Some(Err(_)) => {
                    let path = ["rules", at, "steps", &n.to_string(), "ownerId"];
                    wrong.push(unreadable(&path, RoutingCode::PersonUnknown, "There is no such person on the vendor's side."));
                    StepOwner::PartnerManager
                }
            };
            steps.push(RuleStep { name: step.name.trim().to_owned(), owner });
        }
        let when = Conditions {
            partner_territories: self.partner_territories.unwrap_or_default(),
            customer_territories: self.customer_territories.unwrap_or_default(),
            products,
            lines: self.lines.unwrap_or_default(),
            tiers: self.tiers.unwrap_or_default(),
            from_value,
            below_value,
        };
        RoutingRule { name: self.name.trim().to_owned(), when, steps, shared: self.shared.unwrap_or_default() }
    }
}

/// An absence.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct AbsenceInput {
    /// The absence to change; left out for a new one.
    id: Option<ID>,
    /// Who is away; the viewer if left out. Only administrators name somebody else.
    user_id: Option<ID>,
    /// The first day, where the program is.
    from: Date,
    /// The last day: `from` or later, today or later, at most 400 days after `from`.
    until: Date,
    /// Who acts meanwhile: another active person who may decide registrations.
    cover_id: ID,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    pub(super) idempotency_key: Option<String>,
}

impl From<AbsenceInput> for app::AbsenceInput {
    fn from(i: AbsenceInput) -> Self {
        Self { id: i.id.map(|id| id.0), user_id: i.user_id.map(|id| id.0), from: i.from.0, until: i.until.0, cover_id: i.cover_id.0 }
    }
}
