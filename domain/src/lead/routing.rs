//! The rules by which leads find a partner, as data: versions that an administrator saves, each in force from then on. What
//! is wrong with a draft of them is said here; what they mean is in `route`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::customer::host_of;
use crate::event::EventActor;
use crate::id::{LeadRoutingId, PartnerId, ProductId, UserId};
use crate::program::Program;
use crate::text::{self, LINE_MAX, NOTE_MAX};

/// Most rules of a version.
pub const RULES_MAX: usize = 50;
/// Most pinned domains.
pub const PINS_MAX: usize = 1_000;
/// Most versions.
pub const VERSIONS_MAX: i32 = 100_000;

/// How one of several partners is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Strategy {
    /// Whoever is furthest behind the share that the weights give it.
    FairShare,
    /// By lot, each with the chance that its weight gives it.
    Random,
    /// No partner: the vendor's own person.
    Vendor,
}

impl Strategy {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::FairShare => "FAIR_SHARE",
            Self::Random => "RANDOM",
            Self::Vendor => "VENDOR",
        }
    }
}

/// How much the partners of a tier count; 0 leaves them out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierWeight {
    /// Tier key.
    pub tier: String,
    /// 0 to 100.
    pub weight: i64,
}

/// One rule. Of all rules the first one whose conditions the lead meets counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Name, unique in its version.
    pub name: String,
    /// The lead's territory is one of these; empty for any.
    pub territories: Vec<String>,
    /// One of the lead's products is one of these; empty for any.
    pub products: Vec<ProductId>,
    /// The lead's vertical is one of these; empty for any.
    pub verticals: Vec<String>,
    /// How one of the partners is chosen.
    pub strategy: Strategy,
    /// Whether the partner has to work in the lead's territory.
    pub same_territory: bool,
    /// Whether the partner has to serve the lead's vertical.
    pub same_vertical: bool,
    /// Competencies of which the partner has to have all.
    pub competencies: Vec<String>,
    /// Tiers of which the partner has to have one; empty for any, and then for those without a tier too.
    pub tiers: Vec<String>,
    /// Weights by tier; a tier that is not named, or none, counts 1.
    pub weights: Vec<TierWeight>,
    /// Most leads that a partner may have open at once; none for any number.
    pub capacity: Option<i64>,
    /// Within how many days the partner has to have been active; none for ever.
    pub active_days: Option<i64>,
    /// Within how many business hours the partner has to answer; none for the version's own.
    pub window_hours: Option<i64>,
    /// Whether partners of neighbouring territories are asked when nobody is left in the lead's own.
    pub neighbours: bool,
}

/// A firm whose leads always go to one partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Host name of the firm; subdomains count too.
    pub domain: String,
    /// The partner.
    pub partner_id: PartnerId,
}

/// What the program means by a territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Territory key.
    pub territory: String,
    /// Countries in it (ISO 3166-1 alpha-2); a country is in one territory.
    pub countries: Vec<String>,
    /// Territories that are asked when nobody is left, nearest first.
    pub neighbours: Vec<String>,
}

/// Everything that a version says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingSet {
    /// In order: the first that fits counts.
    pub rules: Vec<Rule>,
    /// Firms with a partner of their own, before any rule.
    pub pins: Vec<Pin>,
    /// Where territories are.
    pub regions: Vec<Region>,
    /// Within how many business hours a partner has to answer, 1 to 400.
    pub window_hours: i64,
    /// Within how many business hours the owner has to be in touch with the person, 1 to 400.
    pub follow_up_hours: i64,
    /// For how many days another enquiry of the same person for the same product joins the first, 0 to 365.
    pub duplicate_days: i64,
    /// The vendor's person who takes care when no partner is left.
    pub fallback_user: Option<UserId>,
}

impl Default for RoutingSet {
    /// What a program has that never said anything: one rule for everything, fair shares among those in the territory.
    fn default() -> Self {
        let rule = Rule {
            name: "Everything".into(),
            territories: Vec::new(),
            products: Vec::new(),
            verticals: Vec::new(),
            strategy: Strategy::FairShare,
            same_territory: true,
            same_vertical: false,
            competencies: Vec::new(),
            tiers: Vec::new(),
            weights: Vec::new(),
            capacity: None,
            active_days: None,
            window_hours: None,
            neighbours: true,
        };
        Self {
            rules: vec![rule],
            pins: Vec::new(),
            regions: Vec::new(),
            window_hours: 16,
            follow_up_hours: 24,
            duplicate_days: 30,
            fallback_user: None,
        }
    }
}

impl RoutingSet {
    /// The territory of a country.
    pub fn territory_of(&self, country: &str) -> Option<&str> {
        self.regions.iter().find(|r| r.countries.iter().any(|c| c == country)).map(|r| r.territory.as_str())
    }

    /// The partner of a firm that has one of its own.
    pub fn pin_of(&self, domain: &str) -> Option<&Pin> {
        let under = |pin: &Pin| domain == pin.domain || domain.strip_suffix(pin.domain.as_str()).is_some_and(|rest| rest.ends_with('.'));
        // The longest name wins, so that a subdomain can have another partner than the rest.
        self.pins.iter().filter(|p| under(p)).max_by_key(|p| p.domain.len())
    }
}

/// A saved version; the last one is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadRouting {
    /// Its id.
    pub id: LeadRoutingId,
    /// Counts versions, from 1; 0 is what holds before anybody saved one.
    pub number: i32,
    /// What it says.
    pub set: RoutingSet,
    /// Why it was saved.
    pub note: Option<String>,
    /// By whom.
    pub by: EventActor,
    /// When.
    pub at: Timestamp,
}

/// Codes of what can be wrong with the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoutingCode {
    /// Required, but empty.
    Required,
    /// Too long, or too many.
    TooLong,
    /// Out of bounds, or of the wrong shape.
    InvalidInput,
    /// The program has nothing of that key.
    TermUnknown,
    /// Not one of the program's products.
    ProductUnknown,
    /// No such partner, or it is not active.
    PartnerUnknown,
    /// No such person of the vendor, or not active.
    UserUnknown,
    /// The same name, domain or country twice.
    Twice,
    /// An earlier rule takes every lead, so that this one never counts.
    Unreachable,
}

/// One thing wrong with the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutingViolation {
    /// Path of the field, as `["rules", "0", "name"]`.
    pub path: Vec<String>,
    /// What kind of wrong.
    pub code: RoutingCode,
    /// The rule and what would satisfy it.
    pub message: String,
}

/// What a version is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The program.
    pub program: &'a Program,
    /// Partners that are active.
    pub partners: &'a BTreeSet<PartnerId>,
    /// The vendor's people that are active.
    pub users: &'a BTreeSet<UserId>,
}

struct Wrong(Vec<RoutingViolation>);

impl Wrong {
    fn say(&mut self, path: &[&str], code: RoutingCode, message: impl Into<String>) {
        self.0.push(RoutingViolation { path: path.iter().map(|s| (*s).to_owned()).collect(), code, message: message.into() });
    }

    fn bound(&mut self, path: &[&str], value: i64, min: i64, max: i64) {
        if !(min..=max).contains(&value) {
            let field = path.last().copied().unwrap_or_default();
            self.say(path, RoutingCode::InvalidInput, format!("{field} must be from {min} to {max}."));
        }
    }

    fn terms<'a>(&mut self, path: &[&str], keys: &[String], known: impl Iterator<Item = &'a str> + Clone) {
        for key in keys {
            if !known.clone().any(|k| k == key) {
                let field = path.last().copied().unwrap_or_default();
                self.say(path, RoutingCode::TermUnknown, format!("{field} must name keys of the program; it has no {key}."));
            }
        }
    }
}

/// The rules tidied up, or everything that is wrong with them.
pub fn check(mut set: RoutingSet, known: Known<'_>) -> Result<RoutingSet, Vec<RoutingViolation>> {
    let mut wrong = Wrong(Vec::new());
    wrong.bound(&["windowHours"], set.window_hours, 1, 400);
    wrong.bound(&["followUpHours"], set.follow_up_hours, 1, 400);
    wrong.bound(&["duplicateDays"], set.duplicate_days, 0, 365);
    if set.fallback_user.as_ref().is_some_and(|u| !known.users.contains(u)) {
        wrong.say(&["fallbackUserId"], RoutingCode::UserUnknown, "fallbackUserId must name an active person of the vendor.");
    }
    check_rules(&mut set.rules, known, &mut wrong);
    check_regions(&set.regions, known.program, &mut wrong);
    check_pins(&mut set.pins, known, &mut wrong);
    if wrong.0.is_empty() { Ok(set) } else { Err(wrong.0) }
}

fn check_rules(rules: &mut [Rule], known: Known<'_>, wrong: &mut Wrong) {
    let program = known.program;
    if rules.len() > RULES_MAX {
        wrong.say(&["rules"], RoutingCode::TooLong, format!("There are at most {RULES_MAX} rules."));
    }
    let mut names = BTreeSet::new();
    let mut all_taken = false;
    for (i, rule) in rules.iter_mut().enumerate().take(RULES_MAX) {
        let at = i.to_string();
        match text::required(&rule.name, LINE_MAX) {
            Ok(name) => rule.name = name,
            Err(_) => wrong.say(&["rules", &at, "name"], RoutingCode::Required, format!("name must have 1 to {LINE_MAX} characters.")),
        }
        if !names.insert(rule.name.to_lowercase()) {
            wrong.say(&["rules", &at, "name"], RoutingCode::Twice, "name must be unique among the rules.");
        }
        if all_taken {
            wrong.say(&["rules", &at], RoutingCode::Unreachable, "An earlier rule takes every lead; put this one before it.");
        }
        all_taken |= rule.territories.is_empty() && rule.products.is_empty() && rule.verticals.is_empty();
        wrong.terms(&["rules", &at, "territories"], &rule.territories, program.territories.iter().map(|t| t.key.as_str()));
        wrong.terms(&["rules", &at, "verticals"], &rule.verticals, program.verticals.iter().map(|t| t.key.as_str()));
        wrong.terms(&["rules", &at, "competencies"], &rule.competencies, program.competencies.iter().map(|t| t.key.as_str()));
        wrong.terms(&["rules", &at, "tiers"], &rule.tiers, program.tiers.iter().map(|t| t.key.as_str()));
        let weighted: Vec<String> = rule.weights.iter().map(|w| w.tier.clone()).collect();
        wrong.terms(&["rules", &at, "weights"], &weighted, program.tiers.iter().map(|t| t.key.as_str()));
        for weight in &rule.weights {
            wrong.bound(&["rules", &at, "weights"], weight.weight, 0, 100);
        }
        if rule.products.iter().any(|p| program.product(p).is_none()) {
            wrong.say(&["rules", &at, "productIds"], RoutingCode::ProductUnknown, "productIds must name products of the program.");
        }
        for (field, value, max) in
            [("capacity", rule.capacity, 10_000), ("activeDays", rule.active_days, 3_650), ("windowHours", rule.window_hours, 400)]
        {
            if let Some(value) = value {
                wrong.bound(&["rules", &at, field], value, 1, max);
            }
        }
    }
}

fn check_regions(regions: &[Region], program: &Program, wrong: &mut Wrong) {
    let territories = || program.territories.iter().map(|t| t.key.as_str());
    let (mut seen, mut countries) = (BTreeSet::new(), BTreeSet::new());
    for (i, region) in regions.iter().enumerate() {
        let at = i.to_string();
        wrong.terms(&["regions", &at, "territory"], std::slice::from_ref(&region.territory), territories());
        wrong.terms(&["regions", &at, "neighbours"], &region.neighbours, territories());
        if !seen.insert(&region.territory) {
            wrong.say(&["regions", &at, "territory"], RoutingCode::Twice, "territory must be named once.");
        }
        for country in &region.countries {
            if !crate::country::is_known(country) {
                wrong.say(&["regions", &at, "countries"], RoutingCode::InvalidInput, "countries must be codes of ISO 3166-1, as DE.");
            } else if !countries.insert(country) {
                wrong.say(&["regions", &at, "countries"], RoutingCode::Twice, format!("{country} must be in one territory."));
            }
        }
    }
}

fn check_pins(pins: &mut [Pin], known: Known<'_>, wrong: &mut Wrong) {
    if pins.len() > PINS_MAX {
        wrong.say(&["pins"], RoutingCode::TooLong, format!("There are at most {PINS_MAX} pinned firms."));
    }
    let mut seen = BTreeSet::new();
    for (i, pin) in pins.iter_mut().enumerate().take(PINS_MAX) {
        let at = i.to_string();
        match host_of(&pin.domain) {
            Some(host) => pin.domain = host.strip_prefix("www.").map_or(host.clone(), str::to_owned),
            None => wrong.say(&["pins", &at, "domain"], RoutingCode::InvalidInput, "domain must be a domain as example.com."),
        }
        if !seen.insert(pin.domain.clone()) {
            wrong.say(&["pins", &at, "domain"], RoutingCode::Twice, "domain must be pinned once.");
        }
        if !known.partners.contains(&pin.partner_id) {
            wrong.say(&["pins", &at, "partnerId"], RoutingCode::PartnerUnknown, "partnerId must name a partner that is active.");
        }
    }
}

/// The note of a version.
pub fn note(typed: Option<&str>) -> Result<Option<String>, RoutingViolation> {
    text::optional(typed, NOTE_MAX).map_err(|_| RoutingViolation {
        path: vec!["note".into()],
        code: RoutingCode::TooLong,
        message: format!("note must have at most {NOTE_MAX} characters."),
    })
}
