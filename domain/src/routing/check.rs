//! What can be wrong in a routing table, with the field that is to blame; and rules that can never match, which is a warning.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Conditions, RoutingRule, RoutingTable, StepOwner};
use crate::id::{ProductId, UserId};
use crate::program::{Program, Term};
use crate::text::{self, LINE_MAX};

/// Most rules of a table.
pub const RULES_MAX: usize = 100;
/// Most steps of a rule.
pub const STEPS_MAX: usize = 5;
/// Most entries of one list of a condition.
pub const LIST_MAX: usize = 100;

/// Codes of what can be wrong in a table; the same names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoutingCode {
    /// Required, but empty.
    Required,
    /// Too long, or too many.
    TooLong,
    /// Out of bounds, or of the wrong shape.
    InvalidInput,
    /// Not one of the program's territories.
    TerritoryUnknown,
    /// Not one of the program's products.
    ProductUnknown,
    /// Not one of the program's tiers or product lines.
    TermUnknown,
    /// No country has this code, or it stands in two territories.
    CountryUnknown,
    /// There is no such person.
    PersonUnknown,
    /// The person is not active or may not decide registrations.
    PersonCannotDecide,
    /// The same person, or the partner's manager, approves twice.
    CircularStep,
    /// Two rules have the same name.
    NameTaken,
}

/// One thing wrong in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutingViolation {
    /// Path of the field in the input, as `["rules", "2", "steps", "1", "ownerId"]`.
    pub path: Vec<String>,
    /// What kind of wrong.
    pub code: RoutingCode,
    /// The rule and what would satisfy it.
    pub message: String,
}

/// A rule that can never match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreachable {
    /// Its place, from 0.
    pub rule: usize,
    /// The earlier rule that matches all that it matches, from 0.
    pub behind: usize,
}

/// What a table is judged by.
#[derive(Debug, Clone, Copy)]
pub struct CheckFacts<'a> {
    /// The program.
    pub program: &'a Program,
    /// Everybody of the vendor's whom the table names.
    pub known: &'a BTreeSet<UserId>,
    /// Those of them who are active and may decide.
    pub deciders: &'a BTreeSet<UserId>,
}

struct Wrong<'a> {
    facts: CheckFacts<'a>,
    found: Vec<RoutingViolation>,
}

impl Wrong<'_> {
    fn say(&mut self, path: &str, code: RoutingCode, message: impl Into<String>) {
        self.found.push(RoutingViolation { path: path.split('.').map(str::to_owned).collect(), code, message: message.into() });
    }

    fn person(&mut self, path: &str, user: &UserId) {
        if !self.facts.known.contains(user) {
            self.say(path, RoutingCode::PersonUnknown, "There is no such person on the vendor's side.");
        } else if !self.facts.deciders.contains(user) {
            self.say(path, RoutingCode::PersonCannotDecide, "The person must be active and have the right to decide registrations.");
        }
    }

    fn terms(&mut self, path: &str, asked: &[String], known: &[Term]) {
        if asked.iter().any(|key| known.iter().all(|t| t.key != *key)) {
            self.say(path, RoutingCode::TerritoryUnknown, "Every entry must be a territory of the program.");
        }
    }

    fn bounded(&mut self, path: &str, count: usize, max: usize) {
        if count > max {
            self.say(path, RoutingCode::TooLong, format!("There may be at most {max} entries."));
        }
    }

    fn name(&mut self, path: &str, name: &str) {
        if text::required(name, LINE_MAX).is_err() {
            self.say(path, RoutingCode::Required, format!("A name must have 1 to {LINE_MAX} characters."));
        }
    }
}

/// Everything that is wrong with a table.
pub fn check(table: &RoutingTable, facts: CheckFacts<'_>) -> Vec<RoutingViolation> {
    let mut wrong = Wrong { facts, found: Vec::new() };
    territories(table, &mut wrong);
    wrong.bounded("rules", table.rules.len(), RULES_MAX);
    for (i, rule) in table.rules.iter().enumerate().take(RULES_MAX) {
        check_rule(&format!("rules.{i}"), rule, &mut wrong);
        if table.rules.iter().take(i).any(|r| r.name.trim().eq_ignore_ascii_case(rule.name.trim())) {
            wrong.say(&format!("rules.{i}.name"), RoutingCode::NameTaken, "Another rule has this name.");
        }
    }
    match &table.fallback {
        Some(user) => wrong.person("fallbackId", user),
        None => wrong.say("fallbackId", RoutingCode::Required, "Name who gets what no rule matches."),
    }
    wrong.found
}

fn territories(table: &RoutingTable, wrong: &mut Wrong<'_>) {
    wrong.bounded("territories", table.territories.len(), LIST_MAX);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (i, t) in table.territories.iter().enumerate().take(LIST_MAX) {
        let path = format!("territories.{i}");
        wrong.terms(&format!("{path}.territory"), std::slice::from_ref(&t.territory), &wrong.facts.program.territories);
        let path = format!("{path}.countries");
        wrong.bounded(&path, t.countries.len(), 300);
        for country in t.countries.iter().take(300) {
            if !crate::country::is_known(country) {
                wrong.say(&path, RoutingCode::CountryUnknown, format!("No country has the code {country}."));
            } else if !seen.insert(country) {
                wrong.say(&path, RoutingCode::CountryUnknown, format!("{country} stands in two territories."));
            }
        }
    }
}

fn check_rule(path: &str, rule: &RoutingRule, wrong: &mut Wrong<'_>) {
    wrong.name(&format!("{path}.name"), &rule.name);
    conditions(path, &rule.when, wrong);
    if rule.steps.is_empty() {
        wrong.say(&format!("{path}.steps"), RoutingCode::Required, "A rule needs a step: who approves?");
    }
    wrong.bounded(&format!("{path}.steps"), rule.steps.len(), STEPS_MAX);
    for (n, step) in rule.steps.iter().enumerate().take(STEPS_MAX) {
        let at = format!("{path}.steps.{n}");
        if rule.steps.len() > 1 || !step.name.is_empty() {
            wrong.name(&format!("{at}.name"), &step.name);
        }
        if let StepOwner::Person(user) = &step.owner {
            wrong.person(&format!("{at}.ownerId"), user);
        }
        if rule.steps.iter().take(n).any(|s| s.owner == step.owner) {
            let message = "The same person approves twice; every step needs another one.";
            wrong.say(&format!("{at}.ownerId"), RoutingCode::CircularStep, message);
        }
    }
}

fn conditions(path: &str, when: &Conditions, wrong: &mut Wrong<'_>) {
    let program = wrong.facts.program;
    wrong.terms(&format!("{path}.partnerTerritories"), &when.partner_territories, &program.territories);
    wrong.terms(&format!("{path}.customerTerritories"), &when.customer_territories, &program.territories);
    if when.products.iter().any(|id| program.product(id).is_none()) {
        wrong.say(&format!("{path}.productIds"), RoutingCode::ProductUnknown, "Every entry must be a product of the program.");
    }
    if when.lines.iter().any(|line| program.products.iter().all(|p| p.line.as_ref() != Some(line))) {
        wrong.say(&format!("{path}.lines"), RoutingCode::TermUnknown, "Every entry must be a product line of the program.");
    }
    if when.tiers.iter().any(|key| program.tier(key).is_none()) {
        wrong.say(&format!("{path}.tiers"), RoutingCode::TermUnknown, "Every entry must be a tier of the program.");
    }
    let lists = [when.partner_territories.len(), when.customer_territories.len(), when.products.len(), when.lines.len(), when.tiers.len()];
    wrong.bounded(path, lists.into_iter().max().unwrap_or_default(), LIST_MAX);
    let (from, below) = (when.from_value, when.below_value);
    if from.into_iter().chain(below).any(|v| v < Decimal::ZERO || v > Decimal::from(crate::deal::register::VALUE_MAX)) {
        wrong.say(&format!("{path}.fromValue"), RoutingCode::InvalidInput, "A value must be zero or more.");
    }
    if let (Some(from), Some(below)) = (from, below)
        && from >= below
    {
        wrong.say(&format!("{path}.belowValue"), RoutingCode::InvalidInput, "belowValue must be above fromValue.");
    }
}

/// The rules that can never match, because an earlier one alone matches everything that they match.
pub fn unreachable(table: &RoutingTable, program: &Program) -> Vec<Unreachable> {
    let behind = |rule: usize, when: &Conditions| {
        let earlier = table.rules.iter().take(rule).position(|e| includes(&e.when, when, program));
        earlier.map(|behind| Unreachable { rule, behind })
    };
    table.rules.iter().enumerate().filter_map(|(i, r)| behind(i, &r.when)).collect()
}

/// Whether everything that `inner` matches is matched by `outer`.
fn includes(outer: &Conditions, inner: &Conditions, program: &Program) -> bool {
    let list = |o: &[String], i: &[String]| o.is_empty() || (!i.is_empty() && i.iter().all(|k| o.contains(k)));
    let named =
        |id: &ProductId| outer.products.contains(id) || program.product(id).and_then(|p| p.line.as_ref()).is_some_and(|l| outer.lines.contains(l));
    let free = |c: &Conditions| c.products.is_empty() && c.lines.is_empty();
    let line = |l: &String| {
        outer.lines.contains(l) || program.products.iter().filter(|p| p.line.as_ref() == Some(l)).all(|p| outer.products.contains(&p.id))
    };
    let products = free(outer) || (!free(inner) && inner.products.iter().all(named) && inner.lines.iter().all(line));
    list(&outer.partner_territories, &inner.partner_territories)
        && list(&outer.customer_territories, &inner.customer_territories)
        && list(&outer.tiers, &inner.tiers)
        && products
        && outer.from_value.is_none_or(|o| inner.from_value.is_some_and(|i| i >= o))
        && outer.below_value.is_none_or(|o| inner.below_value.is_some_and(|i| i <= o))
}
