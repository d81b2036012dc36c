//! The rules of a version in plain English sentences, for integrators; the app says them in the viewer's language from the
//! same data.

use super::RulesVersion;
use crate::money::format_decimal;
use crate::program::Program;

/// Every rule of the version, each a code and one sentence, in the order in which a registration meets them.
pub fn sentences(version: &RulesVersion, program: &Program) -> Vec<(&'static str, String)> {
    let mut said = requirements(version, program);
    said.extend(terms(version, program));
    said
}

fn requirements(version: &RulesVersion, program: &Program) -> Vec<(&'static str, String)> {
    let r = &version.rules.requirements;
    let currency = program.currency.as_str();
    let mut said = vec![
        (
            "CUSTOMER_NOT_PROTECTED",
            "One approved registration at a time holds a customer and a product; while it is protected, nobody else can register them.".to_owned(),
        ),
        ("MINIMUM_VALUE", format!("A deal is worth at least {} {currency}.", format_decimal(r.minimum_value))),
        ("CLOSE_DATE_AHEAD", "The expected close date is today or later.".to_owned()),
        ("PRODUCTS_OF_PROGRAM", "Every product is one of the program's.".to_owned()),
        (
            "CURRENCY_ACCEPTED",
            format!("The value is in one of {}.", program.rates.iter().map(|r| r.currency.as_str()).collect::<Vec<_>>().join(", ")),
        ),
    ];
    if let Some(ids) = &r.products {
        let names: Vec<_> = ids.iter().map(|id| program.product(id).map_or(id.as_str(), |p| p.name.as_str())).collect();
        said.push(("PRODUCTS_ALLOWED", format!("Only these products can be registered: {}.", names.join(", "))));
    }
    if let Some(keys) = &r.territories {
        let name = |key: &String| program.territories.iter().find(|t| t.key == *key).map_or(key.clone(), |t| t.name.clone());
        said.push((
            "TERRITORY_ALLOWED",
            format!("Only partners of these territories register: {}.", keys.iter().map(name).collect::<Vec<_>>().join(", ")),
        ));
    }
    if r.contact {
        said.push(("CONTACT_NAMED", "A contact at the customer is named.".to_owned()));
    }
    if r.description_min > 0 {
        said.push(("DESCRIPTION_GIVEN", format!("A description of at least {} characters is given.", r.description_min)));
    }
    if let Some(days) = r.close_within_days {
        said.push(("CLOSE_DATE_NEAR", format!("The deal is expected to close within {days} days.")));
    }
    if r.engagement.is_some() {
        said.push(("ENGAGEMENT_ACCEPTED", "An administrator of the partner has accepted the rules of engagement.".to_owned()));
    }
    said
}

fn terms(version: &RulesVersion, program: &Program) -> Vec<(&'static str, String)> {
    let rules = &version.rules;
    let currency = program.currency.as_str();
    let mut said = Vec::new();
    for o in &rules.decision_overrides {
        let from = format_decimal(o.from_value);
        said.push(("DECISION_IN_TIME", format!("{}: from {from} {currency} on, the vendor decides within {} business hours.", o.name, o.hours)));
    }
    said.push(("DECISION_IN_TIME", format!("The vendor decides within {} business hours.", rules.decision_hours)));
    for o in &rules.protection_overrides {
        let tier = o.tier.as_ref().map(|key| format!(" of a {} partner", program.tier(key).map_or(key.as_str(), |t| t.name.as_str())));
        let line = o.line.as_ref().map(|line| format!(" with {line}"));
        let which = format!("{}{}", tier.unwrap_or_default(), line.unwrap_or_default());
        said.push(("PROTECTION", format!("An approval protects a deal{which} for {} days.", o.days)));
    }
    said.push(("PROTECTION", format!("An approval protects the deal for {} days.", rules.protection_days)));
    said.push(("NOTICE", format!("Changes of the rules are announced at least {} days before they begin.", rules.notice_days.max(1))));
    said
}
