//! The rules as they are being edited: texts as typed, turned into what the server takes.

use entente_web_api::{
    CountryCode, Id,
    deal::PartnerRef,
    lead::{LeadPinInput, LeadRegionInput, LeadRouting, LeadRoutingSaveInput, LeadRule, LeadRuleInput, LeadStrategy, LeadTierWeightInput},
};

/// One rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleDraft {
    pub name: String,
    pub territories: Vec<String>,
    pub products: Vec<String>,
    pub verticals: Vec<String>,
    pub strategy: LeadStrategy,
    pub same_territory: bool,
    pub same_vertical: bool,
    pub competencies: Vec<String>,
    pub tiers: Vec<String>,
    /// Tier and what was typed.
    pub weights: Vec<(String, String)>,
    pub capacity: String,
    pub active_days: String,
    pub window_hours: String,
    pub neighbours: bool,
}

impl RuleDraft {
    fn of(rule: &LeadRule) -> Self {
        let number = |n: Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
        Self {
            name: rule.name.clone(),
            territories: rule.territories.clone(),
            products: rule.products.iter().map(|p| p.id.inner().to_owned()).collect(),
            verticals: rule.verticals.clone(),
            strategy: rule.strategy,
            same_territory: rule.same_territory,
            same_vertical: rule.same_vertical,
            competencies: rule.competencies.clone(),
            tiers: rule.tiers.clone(),
            weights: rule.weights.iter().map(|w| (w.tier.clone(), w.weight.to_string())).collect(),
            capacity: number(rule.capacity),
            active_days: number(rule.active_days),
            window_hours: number(rule.window_hours),
            neighbours: rule.neighbours,
        }
    }

    fn input(&self) -> LeadRuleInput {
        let weight = |(tier, typed): &(String, String)| typed.trim().parse().ok().map(|weight| LeadTierWeightInput { tier: tier.clone(), weight });
        LeadRuleInput {
            name: self.name.clone(),
            territories: Some(self.territories.clone()),
            product_ids: Some(self.products.iter().map(Id::new).collect()),
            verticals: Some(self.verticals.clone()),
            strategy: self.strategy,
            same_territory: self.same_territory,
            same_vertical: self.same_vertical,
            competencies: Some(self.competencies.clone()),
            tiers: Some(self.tiers.clone()),
            weights: Some(self.weights.iter().filter_map(weight).collect()),
            capacity: typed(&self.capacity),
            active_days: typed(&self.active_days),
            window_hours: typed(&self.window_hours),
            neighbours: self.neighbours,
        }
    }

    /// What stands for the weight of a tier.
    pub fn weight(&self, tier: &str) -> String {
        self.weights.iter().find(|(key, _)| key == tier).map_or_else(|| "1".to_owned(), |(_, typed)| typed.clone())
    }

    pub fn set_weight(&mut self, tier: &str, typed: String) {
        self.weights.retain(|(key, _)| key != tier);
        self.weights.push((tier.to_owned(), typed));
    }
}

/// A number as typed; nothing is none, and what is no number is one that no bound lets through.
fn typed(text: &str) -> Option<i32> {
    let text = text.trim();
    if text.is_empty() { None } else { Some(text.parse().unwrap_or(-1)) }
}

/// Everything that a version says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    pub number: i32,
    pub rules: Vec<RuleDraft>,
    pub pins: Vec<(String, Option<PartnerRef>)>,
    /// Territory, countries, neighbours, as typed with commas.
    pub regions: Vec<(String, String, String)>,
    pub window_hours: String,
    pub follow_up_hours: String,
    pub duplicate_days: String,
    pub fallback: Option<String>,
    pub note: String,
}

impl Draft {
    pub fn of(routing: &LeadRouting) -> Self {
        let region = |r: &entente_web_api::lead::LeadRegion| {
            let countries: Vec<&str> = r.countries.iter().map(CountryCode::as_str).collect();
            (r.territory.clone(), countries.join(", "), r.neighbours.join(", "))
        };
        Self {
            number: routing.number,
            rules: routing.rules.iter().map(RuleDraft::of).collect(),
            pins: routing.pins.iter().map(|p| (p.domain.clone(), p.partner.clone())).collect(),
            regions: routing.regions.iter().map(region).collect(),
            window_hours: routing.window_hours.to_string(),
            follow_up_hours: routing.follow_up_hours.to_string(),
            duplicate_days: routing.duplicate_days.to_string(),
            fallback: routing.fallback_person.as_ref().map(|person| person.id.inner().to_owned()),
            note: String::new(),
        }
    }

    pub fn input(&self, key: String) -> LeadRoutingSaveInput {
        let list = |text: &str| text.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let region = |(territory, countries, neighbours): &(String, String, String)| LeadRegionInput {
            territory: territory.clone(),
            countries: list(countries).into_iter().map(|c| CountryCode::from(c.to_uppercase())).collect(),
            neighbours: list(neighbours),
        };
        let pin = |(domain, partner): &(String, Option<PartnerRef>)| LeadPinInput {
            domain: domain.clone(),
            partner_id: partner.as_ref().map_or_else(|| Id::new("part_00000000000000000000000000"), |p| p.id.clone()),
        };
        LeadRoutingSaveInput {
            expected_number: self.number,
            rules: self.rules.iter().map(RuleDraft::input).collect(),
            pins: Some(self.pins.iter().map(pin).collect()),
            regions: Some(
                self.regions
                    .iter()
                    .filter(|(_, countries, neighbours)| !countries.trim().is_empty() || !neighbours.trim().is_empty())
                    .map(region)
                    .collect(),
            ),
            window_hours: typed(&self.window_hours).unwrap_or(-1),
            follow_up_hours: typed(&self.follow_up_hours).unwrap_or(-1),
            duplicate_days: typed(&self.duplicate_days).unwrap_or(-1),
            fallback_user_id: self.fallback.as_ref().map(Id::new),
            note: Some(self.note.trim().to_owned()).filter(|note| !note.is_empty()),
            idempotency_key: Some(key),
        }
    }
}
