//! The rules of a version in plain English sentences, for integrators; the app says them in the viewer's language from the
//! same data.

use super::RulesVersion;
use crate::deal::evidence::EvidenceUse;
use crate::deal::protection::{ExtensionRule, ProtectionTerms};
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
    if r.certified {
        said.push(("CERTIFIED_PERSON", "A person of the partner has a valid certificate.".to_owned()));
    }
    for f in r.fields.iter().filter(|f| f.required) {
        said.push(("CUSTOM_FIELD", format!("{} is given.", f.name)));
    }
    match r.evidence.counts {
        EvidenceUse::Off => {}
        EvidenceUse::Shown => said.push(("EVIDENCE", "Evidence has a score of 0 to 100, which stands beside who came first.".to_owned())),
        EvidenceUse::MinimumToRegister => {
            said.push(("EVIDENCE", format!("A registration needs an evidence score of at least {}.", r.evidence.minimum)))
        }
        EvidenceUse::MinimumToApprove => said.push(("EVIDENCE", format!("An approval needs an evidence score of at least {}.", r.evidence.minimum))),
    }
    said
}

fn protection(p: &ProtectionTerms) -> Vec<(&'static str, String)> {
    let mut said = vec![("PROTECTION_STANDS_STILL", "Protection stands still while the vendor owes the partner an answer.".to_owned())];
    match p.extension {
        ExtensionRule::Off => {}
        ExtensionRule::Once => said.push(("EXTENSION", format!("Protection can be extended once, by {} days, on evidence.", p.extension_days))),
        ExtensionRule::Unlimited => {
            said.push(("EXTENSION", format!("Protection can be extended by {} days at a time, on evidence.", p.extension_days)))
        }
    }
    if p.inactivity_days > 0 {
        let text = format!("Protection ends when a deal has not changed for {} days; a note alone is no change.", p.inactivity_days);
        said.push(("INACTIVITY", text));
    }
    if !p.reminder_days.is_empty() {
        let mut days = p.reminder_days.clone();
        days.sort_unstable_by(|a, b| b.cmp(a));
        let days: Vec<String> = days.iter().map(i64::to_string).collect();
        said.push(("REMINDERS", format!("The partner is reminded {} days before protection ends.", days.join(", "))));
    }
    said.push(("RELEASE", "The customer can ask for a deal to be given free; who asked and what proves it is written down.".to_owned()));
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
    let percent = rules.deadline.warn_percent;
    said.push(("DECISION_AT_RISK", format!("When {percent} % of that time is used, the decision counts as at risk; the partner sees it.")));
    let hours = rules.dispute.decision_hours;
    said.push(("DISPUTE_IN_TIME", format!("A dispute is decided within {hours} business hours, by somebody who owns neither side.")));
    if let Some(escalation) = &rules.deadline.escalation {
        let hours = escalation.after_hours;
        said.push(("ESCALATION", format!("A decision that is still owed {hours} business hours after its deadline goes to the next person.")));
    }
    for o in rules.protection_in_order() {
        let tier = o.tier.as_ref().map(|key| format!(" of a {} partner", program.tier(key).map_or(key.as_str(), |t| t.name.as_str())));
        let product = o.product.as_ref().map(|id| program.product(id).map_or(id.as_str(), |p| p.name.as_str()));
        let what = product.or(o.line.as_deref()).map(|name| format!(" with {name}"));
        let which = format!("{}{}", tier.unwrap_or_default(), what.unwrap_or_default());
        said.push(("PROTECTION", format!("An approval protects a deal{which} for {} days.", o.days)));
    }
    if rules.protection_overrides.len() > 1 {
        said.push(("PROTECTION", "Where several of these fit a deal, the one named first counts.".to_owned()));
    }
    said.push(("PROTECTION", format!("An approval protects the deal for {} days.", rules.protection_days)));
    said.extend(protection(&rules.protection));
    said.push(("NOTICE", format!("Changes of the rules are announced at least {} days before they begin.", rules.notice_days.max(1))));
    said
}
