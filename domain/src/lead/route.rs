//! Who gets a lead, and why. A pure function of the lead, the rules, what is known of each partner, and a random number: the
//! same arguments give the same partner and the same reasons.
//!
//! Fair shares are smooth weighted round robin: with each lead every partner that may have it is credited its weight, the one
//! with most credit gets it and pays what all were credited. Over any run each is then within one lead of its exact share,
//! and whoever comes anew begins at nought instead of catching up on what was before.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::routing::{LeadRouting, RoutingSet, Rule, Strategy};
use crate::id::{PartnerId, ProductId};

/// What is known of a partner when a lead is to be given away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The partner.
    pub id: PartnerId,
    /// Whether it is published and not retired.
    pub active: bool,
    /// Tier key.
    pub tier: Option<String>,
    /// Territory keys.
    pub territories: Vec<String>,
    /// Vertical keys.
    pub verticals: Vec<String>,
    /// Competency keys.
    pub competencies: Vec<String>,
    /// Leads that it has and that are not over.
    pub open_leads: i64,
    /// When its people last did something in the program.
    pub last_active: Option<Timestamp>,
}

/// What the rules look at of a lead.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Host name of the firm.
    pub domain: Option<String>,
    /// Territory key.
    pub territory: Option<String>,
    /// Products of interest.
    pub products: Vec<ProductId>,
    /// Vertical key.
    pub vertical: Option<String>,
    /// The partner that was asked for.
    pub directly: Option<PartnerId>,
    /// Partners that had it and said no, or nothing.
    pub tried: BTreeSet<PartnerId>,
}

/// Everything else that decides.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The rules in force.
    pub routing: &'a LeadRouting,
    /// Every partner.
    pub candidates: &'a [Candidate],
    /// Credit of partners by the name of the rule.
    pub credits: &'a BTreeMap<String, BTreeMap<PartnerId, i64>>,
    /// Now.
    pub now: Timestamp,
    /// A random number.
    pub random: u64,
}

/// By what the partner was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Basis {
    /// The person asked for this partner.
    AskedFor,
    /// The firm is pinned to the partner.
    Pinned,
    /// A rule, in the lead's own territory or any.
    Rule,
    /// A rule, in a neighbouring territory, for nobody was left in the lead's own.
    Neighbour,
    /// Somebody of the vendor chose.
    ByHand,
    /// No partner: the vendor's own person.
    Vendor,
}

impl Basis {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::AskedFor => "ASKED_FOR",
            Self::Pinned => "PINNED",
            Self::Rule => "RULE",
            Self::Neighbour => "NEIGHBOUR",
            Self::ByHand => "BY_HAND",
            Self::Vendor => "VENDOR",
        }
    }
}

/// What a partner was looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Factor {
    /// Is it active in the program?
    Active,
    /// Has it not said no, or nothing, before?
    NotTried,
    /// Does it work in the territory?
    Territory,
    /// Does it serve the vertical?
    Vertical,
    /// Has it the competencies?
    Competencies,
    /// Is it of one of the tiers?
    Tier,
    /// Does its tier count at all?
    Weight,
    /// Has it room for one more?
    Capacity,
    /// Has it been active of late?
    Activity,
}

impl Factor {
    /// Every factor, in the order in which they are looked at. What is stored goes by the place: new ones come last.
    pub const ALL: [Factor; 9] =
        [Self::Active, Self::NotTried, Self::Territory, Self::Vertical, Self::Competencies, Self::Tier, Self::Weight, Self::Capacity, Self::Activity];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::NotTried => "NOT_TRIED",
            Self::Territory => "TERRITORY",
            Self::Vertical => "VERTICAL",
            Self::Competencies => "COMPETENCIES",
            Self::Tier => "TIER",
            Self::Weight => "WEIGHT",
            Self::Capacity => "CAPACITY",
            Self::Activity => "ACTIVITY",
        }
    }
}

/// Factors as one number, a bit for each: there are as many looks at partners as leads times partners.
mod mask {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Factor;

    pub fn serialize<S: Serializer>(factors: &[Factor], s: S) -> Result<S::Ok, S::Error> {
        let bit = |f: &Factor| Factor::ALL.iter().position(|one| one == f).map_or(0, |n| 1_i32 << n);
        factors.iter().fold(0, |all, f| all | bit(f)).serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Factor>, D::Error> {
        let bits = i32::deserialize(d)?;
        Ok(Factor::ALL.iter().enumerate().filter(|(n, _)| bits & (1 << n) != 0).map(|(_, f)| *f).collect())
    }
}

/// What came of looking at one partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// The partner.
    #[serde(rename = "p")]
    pub partner_id: PartnerId,
    /// Whether it got the lead.
    #[serde(rename = "y", default, skip_serializing_if = "is_false")]
    pub chosen: bool,
    /// Factors that it passed.
    #[serde(rename = "in", with = "mask")]
    pub passed: Vec<Factor>,
    /// Factors that kept it out; empty for one that might have got it.
    #[serde(rename = "out", with = "mask")]
    pub failed: Vec<Factor>,
    /// Its weight.
    #[serde(rename = "w")]
    pub weight: i64,
    /// Its credit before, where shares decided.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<i64>,
    /// Leads that it had open.
    #[serde(rename = "o")]
    pub open_leads: i64,
    /// Days since its people last did something.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub idle_days: Option<i64>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(b: &bool) -> bool {
    !*b
}

/// Why a lead went where it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// When.
    pub at: Timestamp,
    /// By what.
    pub basis: Basis,
    /// Number of the version of the rules.
    pub routing: i32,
    /// Name of the rule that counted; none where none did.
    pub rule: Option<String>,
    /// How that rule chooses.
    pub strategy: Option<Strategy>,
    /// Territory in which partners were looked for at last.
    pub territory: Option<String>,
    /// The partner; none where the vendor's own person takes it.
    pub partner_id: Option<PartnerId>,
    /// Every active partner: first those that might have got it.
    pub candidates: Vec<Considered>,
}

/// What the shares of a rule are after a lead was given away by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    /// Name of the rule.
    pub rule: String,
    /// Credit of each partner that has any.
    pub credits: BTreeMap<PartnerId, i64>,
}

/// Where a lead goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed {
    /// The partner; none for the vendor's own person.
    pub partner_id: Option<PartnerId>,
    /// Why.
    pub why: Why,
    /// The rule's shares afterwards, where it has any.
    pub shares: Option<Shares>,
    /// Within how many business hours the partner has to answer.
    pub window_hours: i64,
}

/// Gives a lead away.
pub fn route(wanted: &Wanted, facts: Facts<'_>) -> Routed {
    let set = &facts.routing.set;
    if let Some(found) = directly(wanted, facts) {
        return found;
    }
    let Some(rule) = set.rules.iter().find(|r| fits(r, wanted)) else { return vendor(facts, None, None, Vec::new()) };
    if rule.strategy == Strategy::Vendor {
        return vendor(facts, Some(rule), wanted.territory.clone(), Vec::new());
    }
    let mut last = None;
    for (territory, basis) in places(rule, wanted, set) {
        let considered = consider(rule, wanted, territory.as_deref(), facts);
        if considered.iter().any(|c| c.failed.is_empty()) {
            return choose(rule, territory, basis, considered, facts);
        }
        // What is told is the look at the lead's own territory.
        last = last.or(Some(considered));
    }
    vendor(facts, Some(rule), wanted.territory.clone(), last.unwrap_or_default())
}

/// Whether the lead meets the conditions of the rule.
pub fn fits(rule: &Rule, wanted: &Wanted) -> bool {
    let one_of = |list: &[String], value: Option<&String>| list.is_empty() || value.is_some_and(|v| list.contains(v));
    one_of(&rule.territories, wanted.territory.as_ref())
        && one_of(&rule.verticals, wanted.vertical.as_ref())
        && (rule.products.is_empty() || wanted.products.iter().any(|p| rule.products.contains(p)))
}

/// The partner that was asked for, or to which the firm is pinned.
fn directly(wanted: &Wanted, facts: Facts<'_>) -> Option<Routed> {
    let set = &facts.routing.set;
    let pinned = wanted.domain.as_deref().and_then(|d| set.pin_of(d)).map(|p| &p.partner_id);
    [(wanted.directly.as_ref(), Basis::AskedFor), (pinned, Basis::Pinned)].into_iter().find_map(|(id, basis)| {
        let id = id?;
        let candidate = facts.candidates.iter().find(|c| c.id == *id)?;
        if !candidate.active || wanted.tried.contains(id) {
            return None;
        }
        let mut one = looked_at(candidate, facts.now, 1, None);
        (one.chosen, one.passed) = (true, vec![Factor::Active, Factor::NotTried]);
        let why = why(facts, basis, None, None, Some(id.clone()), vec![one]);
        Some(Routed { partner_id: Some(id.clone()), why, shares: None, window_hours: set.window_hours })
    })
}

/// Territories in which the rule looks, in order.
fn places(rule: &Rule, wanted: &Wanted, set: &RoutingSet) -> Vec<(Option<String>, Basis)> {
    let mut places = vec![(wanted.territory.clone(), Basis::Rule)];
    if let (true, true, Some(own)) = (rule.same_territory, rule.neighbours, &wanted.territory) {
        let region = set.regions.iter().find(|r| r.territory == *own);
        places.extend(region.into_iter().flat_map(|r| &r.neighbours).filter(|t| *t != own).map(|t| (Some(t.clone()), Basis::Neighbour)));
    }
    places
}

fn looked_at(c: &Candidate, now: Timestamp, weight: i64, credit: Option<i64>) -> Considered {
    let idle = |at: Timestamp| now.duration_since(at).as_secs().max(0) / 86_400;
    Considered {
        partner_id: c.id.clone(),
        chosen: false,
        passed: Vec::new(),
        failed: Vec::new(),
        weight,
        credit,
        open_leads: c.open_leads,
        idle_days: c.last_active.map(idle),
    }
}

/// The weight of a partner's tier.
pub fn weight_of(rule: &Rule, tier: Option<&str>) -> i64 {
    tier.and_then(|t| rule.weights.iter().find(|w| w.tier == t)).map_or(1, |w| w.weight.clamp(0, 100))
}

fn consider(rule: &Rule, wanted: &Wanted, territory: Option<&str>, facts: Facts<'_>) -> Vec<Considered> {
    let credits = facts.credits.get(&rule.name);
    let look = |c: &Candidate| {
        let weight = weight_of(rule, c.tier.as_deref());
        let credit = (rule.strategy == Strategy::FairShare).then(|| credits.and_then(|all| all.get(&c.id)).copied().unwrap_or_default());
        let mut one = looked_at(c, facts.now, weight, credit);
        let idle = one.idle_days;
        let mut test = |factor, applies: bool, passed: bool| match (applies, passed) {
            (false, _) => {}
            (true, true) => one.passed.push(factor),
            (true, false) => one.failed.push(factor),
        };
        test(Factor::Active, true, c.active);
        test(Factor::NotTried, true, !wanted.tried.contains(&c.id));
        test(Factor::Territory, rule.same_territory, territory.is_some_and(|t| c.territories.iter().any(|own| own == t)));
        test(Factor::Vertical, rule.same_vertical, wanted.vertical.as_ref().is_some_and(|v| c.verticals.contains(v)));
        test(Factor::Competencies, !rule.competencies.is_empty(), rule.competencies.iter().all(|k| c.competencies.contains(k)));
        test(Factor::Tier, !rule.tiers.is_empty(), c.tier.as_ref().is_some_and(|t| rule.tiers.contains(t)));
        test(Factor::Weight, true, weight > 0);
        test(Factor::Capacity, rule.capacity.is_some(), rule.capacity.is_none_or(|most| c.open_leads < most));
        test(Factor::Activity, rule.active_days.is_some(), rule.active_days.is_none_or(|days| idle.is_some_and(|idle| idle <= days)));
        one
    };
    // Who is not active in the program is no candidate at all.
    facts.candidates.iter().filter(|c| c.active).map(look).collect()
}

fn choose(rule: &Rule, territory: Option<String>, basis: Basis, mut considered: Vec<Considered>, facts: Facts<'_>) -> Routed {
    // Those that may have it first, in the order of their ids, so that the order of the arguments does not matter.
    considered.sort_by(|a, b| (!a.failed.is_empty(), &a.partner_id).cmp(&(!b.failed.is_empty(), &b.partner_id)));
    let may: Vec<usize> = (0..considered.len()).take_while(|i| considered[*i].failed.is_empty()).collect();
    let total: i64 = may.iter().map(|i| considered[*i].weight).sum();
    let (winner, shares) = match rule.strategy {
        Strategy::Random => (drawn(&considered, &may, total, facts.random), None),
        Strategy::FairShare | Strategy::Vendor => fair(rule, &considered, &may, total, facts),
    };
    considered[winner].chosen = true;
    let partner_id = considered[winner].partner_id.clone();
    let why = why(facts, basis, Some(rule), territory, Some(partner_id.clone()), considered);
    Routed { partner_id: Some(partner_id), why, shares, window_hours: rule.window_hours.unwrap_or(facts.routing.set.window_hours) }
}

/// By lot: each as often as its weight.
fn drawn(considered: &[Considered], may: &[usize], total: i64, random: u64) -> usize {
    let mut left = i64::try_from(random % u64::try_from(total.max(1)).unwrap_or(1)).unwrap_or_default();
    for i in may {
        left -= considered[*i].weight;
        if left < 0 {
            return *i;
        }
    }
    may.last().copied().unwrap_or_default()
}

/// By shares: everybody is credited its weight, the one with most gets it and pays for all.
fn fair(rule: &Rule, considered: &[Considered], may: &[usize], total: i64, facts: Facts<'_>) -> (usize, Option<Shares>) {
    let mut credits = facts.credits.get(&rule.name).cloned().unwrap_or_default();
    for i in may {
        *credits.entry(considered[*i].partner_id.clone()).or_default() += considered[*i].weight;
    }
    let credit = |i: usize| credits.get(&considered[i].partner_id).copied().unwrap_or_default();
    // Of equals the one with fewer open leads, then the first.
    let order = |i: &usize| (credit(*i), -considered[*i].open_leads, std::cmp::Reverse(*i));
    let winner = may.iter().copied().max_by_key(order).unwrap_or_default();
    if let Some(paid) = credits.get_mut(&considered[winner].partner_id) {
        *paid -= total;
    }
    credits.retain(|_, credit| *credit != 0);
    (winner, Some(Shares { rule: rule.name.clone(), credits }))
}

fn vendor(facts: Facts<'_>, rule: Option<&Rule>, territory: Option<String>, mut candidates: Vec<Considered>) -> Routed {
    candidates.sort_by(|a, b| (a.failed.len(), &a.partner_id).cmp(&(b.failed.len(), &b.partner_id)));
    let why = why(facts, Basis::Vendor, rule, territory, None, candidates);
    Routed { partner_id: None, why, shares: None, window_hours: facts.routing.set.window_hours }
}

fn why(
    facts: Facts<'_>,
    basis: Basis,
    rule: Option<&Rule>,
    territory: Option<String>,
    partner_id: Option<PartnerId>,
    candidates: Vec<Considered>,
) -> Why {
    Why {
        at: facts.now,
        basis,
        routing: facts.routing.number,
        rule: rule.map(|r| r.name.clone()),
        strategy: rule.map(|r| r.strategy),
        territory,
        partner_id,
        candidates,
    }
}

/// The reasons as a partner may see them: its own part only.
pub fn for_partner(why: &Why, own: &PartnerId) -> Why {
    let candidates = why.candidates.iter().filter(|c| c.partner_id == *own).cloned().collect();
    Why { candidates, ..why.clone() }
}
