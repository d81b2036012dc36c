//! Routing: who decides a registration. A table of rules in order, the first that matches wins, gives the people who must
//! approve one after the other; a fallback owner takes what no rule matches; a cover acts for whoever is away.
//!
//! The table is data of the vendor with a version. A deal keeps the route that it was given when it was registered.

pub mod absence;
pub mod check;
pub mod cover;
pub mod steps;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::event::EventActor;
use crate::id::{ProductId, UserId};
use crate::program::Program;
use absence::Absence;

/// The countries of a territory: by them a customer belongs to it. A country belongs to one territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerritoryCountries {
    /// Key of the program's territory.
    pub territory: String,
    /// ISO 3166-1 alpha-2 codes.
    pub countries: Vec<String>,
}

/// When a rule matches: everything given must hold at once, the entries of one list are alternatives, and an empty list or
/// a bound that is none asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Conditions {
    /// Territories of the partner; one of them is enough.
    #[serde(default)]
    pub partner_territories: Vec<String>,
    /// Territories of the customer, by the customer's country.
    #[serde(default)]
    pub customer_territories: Vec<String>,
    /// Products; one of the deal's is enough. Together with `lines` one list of alternatives.
    #[serde(default)]
    pub products: Vec<ProductId>,
    /// Product lines; one of the deal's is enough.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Tiers of the partner.
    #[serde(default)]
    pub tiers: Vec<String>,
    /// From this value on, in the program's currency.
    #[serde(default)]
    pub from_value: Option<Decimal>,
    /// Below this value, in the program's currency.
    #[serde(default)]
    pub below_value: Option<Decimal>,
}

/// Who approves in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepOwner {
    /// The channel manager who looks after the deal's partner.
    PartnerManager,
    /// This person.
    Person(UserId),
}

/// A step of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleStep {
    /// What the step is called, as `Deal desk`; a partner sees it where the rule is shared.
    pub name: String,
    /// Who approves.
    pub owner: StepOwner,
}

/// A rule of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingRule {
    /// What it is called; the vendor reads it on every deal that it routed.
    pub name: String,
    /// When it matches.
    pub when: Conditions,
    /// Who approves, one after the other; at least one.
    pub steps: Vec<RuleStep>,
    /// Whether the partner sees the names of the steps and how far they are.
    #[serde(default)]
    pub shared: bool,
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoutingTable {
    /// Counts changes; 0 before the first one is written: every deal goes to its partner's channel manager.
    pub version: i32,
    /// Where customers are.
    pub territories: Vec<TerritoryCountries>,
    /// The rules; the first that matches wins.
    pub rules: Vec<RoutingRule>,
    /// Who gets what no rule matches, and what nobody else can decide. None leaves it with the partner's channel manager.
    pub fallback: Option<UserId>,
    /// Who wrote this version; none before the first.
    pub changed_by: Option<EventActor>,
    /// When it was written; none before the first.
    pub changed_at: Option<Timestamp>,
}

/// What is known of a registration when it is routed.
#[derive(Debug, Clone, Copy)]
pub struct RouteFacts<'a> {
    /// The program.
    pub program: &'a Program,
    /// Territory keys of the partner.
    pub partner_territories: &'a [String],
    /// Tier key of the partner.
    pub tier: Option<&'a str>,
    /// The partner's channel manager.
    pub partner_manager: Option<&'a UserId>,
    /// The customer's country, ISO 3166-1 alpha-2.
    pub country: Option<&'a str>,
    /// Products of the deal.
    pub products: &'a [ProductId],
    /// Value in the program's currency.
    pub base_value: Decimal,
}

/// Who can decide now, and who is away.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    /// Active people with the right to decide.
    pub deciders: &'a BTreeSet<UserId>,
    /// Absences, past ones too.
    pub absences: &'a [Absence],
    /// Today where the program is.
    pub today: Date,
}

/// One approval of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What the step is called.
    pub name: String,
    /// Who approves.
    pub owner: UserId,
    /// What came of it; none while it waits.
    pub decided: Option<StepDecision>,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDecision {
    /// Approved, or else declined.
    pub approved: bool,
    /// By whom: the owner, the cover, or an administrator.
    pub by: EventActor,
    /// When.
    pub at: Timestamp,
}

/// That the deal went from one person to another within a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// When.
    pub at: Timestamp,
    /// Whose it was; none when nobody's.
    pub from: Option<UserId>,
    /// Whose it is.
    pub to: UserId,
}

/// The route of a deal. Empty for deals from before there were routes, and for imported ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Route {
    /// Version of the table that gave it.
    pub table: i32,
    /// Name of the rule; none when no rule matched.
    pub rule: Option<String>,
    /// Whether the partner sees the names of the steps.
    pub shared: bool,
    /// Who approves, one after the other.
    pub steps: Vec<Step>,
    /// Re-routes, oldest first.
    pub handovers: Vec<Handover>,
}

impl Route {
    /// Who decides first; none when nobody can.
    pub fn owner(&self) -> Option<&UserId> {
        self.steps.first().map(|s| &s.owner)
    }
}

impl Conditions {
    /// Whether they hold. `customer_territory` is where the table says that the customer is.
    pub fn hold(&self, facts: &RouteFacts<'_>, customer_territory: Option<&str>) -> bool {
        let any = |wanted: &[String], mut have: Box<dyn Iterator<Item = &str> + '_>| wanted.is_empty() || have.any(|h| wanted.iter().any(|w| w == h));
        any(&self.partner_territories, Box::new(facts.partner_territories.iter().map(String::as_str)))
            && any(&self.customer_territories, Box::new(customer_territory.into_iter()))
            && any(&self.tiers, Box::new(facts.tier.into_iter()))
            && self.hold_for_products(facts)
            && self.from_value.is_none_or(|from| facts.base_value >= from)
            && self.below_value.is_none_or(|below| facts.base_value < below)
    }

    fn hold_for_products(&self, facts: &RouteFacts<'_>) -> bool {
        let named = |id: &ProductId| {
            let line = facts.program.product(id).and_then(|p| p.line.as_ref());
            self.products.contains(id) || line.is_some_and(|l| self.lines.contains(l))
        };
        (self.products.is_empty() && self.lines.is_empty()) || facts.products.iter().any(named)
    }
}

impl RoutingTable {
    /// The territory of a customer in that country; none when the table does not say.
    pub fn territory_of(&self, country: Option<&str>) -> Option<&str> {
        let country = country?;
        self.territories.iter().find(|t| t.countries.iter().any(|c| c == country)).map(|t| t.territory.as_str())
    }

    /// The first rule that matches.
    pub fn matching(&self, facts: &RouteFacts<'_>) -> Option<&RoutingRule> {
        let customer = self.territory_of(facts.country);
        self.rules.iter().find(|r| r.when.hold(facts, customer))
    }
}

/// The route of a registration: the steps of the first rule that matches, else one step of the fallback owner. Whoever
/// cannot decide any more is replaced by the fallback, and nobody approves twice. The owners stay those whom the table names
/// while they are away: who acts for them is [`cover::acting`]'s to say, day by day.
pub fn route(table: &RoutingTable, facts: &RouteFacts<'_>, people: &People<'_>) -> Route {
    let able = |id: &UserId| people.deciders.contains(id).then(|| id.clone());
    let fallback = || table.fallback.as_ref().and_then(able).or_else(|| facts.partner_manager.and_then(able));
    let rule = table.matching(facts);
    let mut steps: Vec<Step> = Vec::new();
    let mut add = |name: &str, owner: Option<UserId>| {
        if let Some(owner) = owner.filter(|o| steps.iter().all(|s| s.owner != *o)) {
            steps.push(Step { name: name.to_owned(), owner, decided: None });
        }
    };
    match rule {
        Some(rule) => {
            for step in &rule.steps {
                let named = match &step.owner {
                    StepOwner::PartnerManager => facts.partner_manager,
                    StepOwner::Person(id) => Some(id),
                };
                add(&step.name, named.and_then(able).or_else(fallback));
            }
        }
        None => add("", fallback()),
    }
    Route { table: table.version, rule: rule.map(|r| r.name.clone()), shared: rule.is_some_and(|r| r.shared), steps, handovers: Vec::new() }
}

#[cfg(test)]
mod tests;
