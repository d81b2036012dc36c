//! A routing table as it stands in the form: made of the one in force, turned into what is sent.

use entente_web_api::{
    CountryCode, Decimal, Id,
    routing::{Routing, RoutingInput, RoutingRule, RoutingRuleInput, RoutingStepInput, RoutingTerritoryInput},
};

use crate::{i18n::Language, pages::register::plain_amount, program::SharedProgram};

/// A step, as typed. An empty owner is the partner's channel manager.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    pub name: String,
    pub owner: String,
}

/// A rule, as typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    pub name: String,
    pub partner_territories: Vec<String>,
    pub customer_territories: Vec<String>,
    pub products: Vec<String>,
    pub lines: Vec<String>,
    pub tiers: Vec<String>,
    pub from: String,
    pub below: String,
    pub steps: Vec<Step>,
    pub shared: bool,
}

/// What stands in the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    pub rules: Vec<Rule>,
    /// Key of the territory, and its countries as codes with blanks between them; one for each of the program's.
    pub territories: Vec<(String, String)>,
    pub fallback: String,
}

impl Draft {
    /// The draft that changes nothing.
    pub fn of(routing: &Routing, program: &SharedProgram, language: Language) -> Self {
        let countries = |key: &str| {
            let known = routing.territories.iter().find(|one| one.territory.key == key);
            known.map(|one| one.countries.iter().map(CountryCode::as_str).collect::<Vec<_>>().join(" ")).unwrap_or_default()
        };
        Self {
            rules: routing.rules.iter().map(|rule| Rule::of(rule, language)).collect(),
            territories: program.territories.iter().map(|one| (one.key.clone(), countries(&one.key))).collect(),
            fallback: routing.fallback.as_ref().map(|one| one.id.inner().to_owned()).unwrap_or_default(),
        }
    }

    /// What is sent. Whether it may be is the server's to say.
    pub fn input(&self, language: Language) -> RoutingInput {
        let countries = |text: &str| -> Vec<CountryCode> {
            text.split(|c: char| !c.is_alphanumeric()).filter(|code| !code.is_empty()).map(|code| CountryCode(code.to_uppercase())).collect()
        };
        let territories =
            self.territories.iter().map(|(territory, text)| RoutingTerritoryInput { territory: territory.clone(), countries: countries(text) });
        RoutingInput {
            territories: territories.filter(|one| !one.countries.is_empty()).collect(),
            rules: self.rules.iter().map(|rule| rule.input(language)).collect(),
            fallback_id: Id::from(self.fallback.clone()),
        }
    }
}

impl Rule {
    fn of(rule: &RoutingRule, language: Language) -> Self {
        let amount = |money: &Option<entente_web_api::Money>| {
            let text = money.as_ref().map(|money| money.amount.to_string()).unwrap_or_default();
            if language == Language::German { text.replace('.', ",") } else { text }
        };
        let step = |step: &entente_web_api::routing::RoutingStep| Step {
            name: step.name.clone(),
            owner: step.owner.as_ref().map(|one| one.id.inner().to_owned()).unwrap_or_default(),
        };
        Self {
            name: rule.name.clone(),
            partner_territories: rule.partner_territories.iter().map(|one| one.key.clone()).collect(),
            customer_territories: rule.customer_territories.iter().map(|one| one.key.clone()).collect(),
            products: rule.products.iter().map(|one| one.id.inner().to_owned()).collect(),
            lines: rule.lines.clone(),
            tiers: rule.tiers.iter().map(|one| one.key.clone()).collect(),
            from: amount(&rule.from_value),
            below: amount(&rule.below_value),
            steps: rule.steps.iter().map(step).collect(),
            shared: rule.shared,
        }
    }

    fn input(&self, language: Language) -> RoutingRuleInput {
        let value = |text: &String| (!text.trim().is_empty()).then(|| Decimal(plain_amount(text, language)));
        let step = |step: &Step| RoutingStepInput {
            name: step.name.trim().to_owned(),
            owner_id: (!step.owner.is_empty()).then(|| Id::from(step.owner.clone())),
        };
        RoutingRuleInput {
            name: self.name.trim().to_owned(),
            partner_territories: Some(self.partner_territories.clone()),
            customer_territories: Some(self.customer_territories.clone()),
            product_ids: Some(self.products.iter().cloned().map(Id::from).collect()),
            lines: Some(self.lines.clone()),
            tiers: Some(self.tiers.clone()),
            from_value: value(&self.from),
            below_value: value(&self.below),
            steps: self.steps.iter().map(step).collect(),
            shared: Some(self.shared),
        }
    }
}
