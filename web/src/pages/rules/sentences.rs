//! A version of the rules in plain sentences of the viewer's language, made from the same data by which the server judges.

use entente_web_api::{
    desk::{EvidenceUse, ExtensionRule},
    program::Weekday,
    rules::{RulesCalendar, RulesVersion},
};

use crate::{i18n::format, t};

/// Sentences under one heading.
pub struct Said {
    pub heading: String,
    pub sentences: Vec<String>,
}

/// Everything that the version says.
pub fn said(version: &RulesVersion) -> Vec<Said> {
    vec![
        Said { heading: t!("rules-part-valid"), sentences: valid(version) },
        Said { heading: t!("rules-part-decision"), sentences: decision(version) },
        Said { heading: t!("rules-part-protection"), sentences: protection(version) },
        Said { heading: t!("rules-part-change"), sentences: vec![t!("rules-say-notice", "days" => version.notice_days.max(1))] },
    ]
}

fn valid(v: &RulesVersion) -> Vec<String> {
    let mut said = vec![t!("rules-say-minimum", "minimum" => format::money(&v.minimum_value)), t!("rules-say-close-ahead")];
    if let Some(days) = v.close_within_days {
        said.push(t!("rules-say-close-near", "days" => days));
    }
    said.push(match &v.products {
        Some(products) => t!("rules-say-products", "names" => format::list(&products.iter().map(|p| p.name.clone()).collect::<Vec<_>>())),
        None => t!("rules-say-products-all"),
    });
    said.push(match &v.territories {
        Some(all) => t!("rules-say-territories", "names" => format::list(&all.iter().map(|one| one.name.clone()).collect::<Vec<_>>())),
        None => t!("rules-say-territories-all"),
    });
    if v.contact_required {
        said.push(t!("rules-say-contact"));
    }
    if v.description_min_length > 0 {
        said.push(t!("rules-say-description", "n" => v.description_min_length));
    }
    if v.engagement.is_some() {
        said.push(t!("rules-say-engagement"));
    }
    if v.certified_required {
        said.push(t!("desk-say-certified"));
    }
    for field in v.fields.iter().filter(|field| field.required) {
        said.push(t!("desk-say-field", "name" => field.name.clone()));
    }
    match v.evidence.counts {
        EvidenceUse::Off => {}
        EvidenceUse::Shown => said.push(t!("desk-say-shown")),
        EvidenceUse::MinimumToRegister => said.push(t!("desk-say-register", "n" => v.evidence.minimum)),
        EvidenceUse::MinimumToApprove => said.push(t!("desk-say-approve", "n" => v.evidence.minimum)),
    }
    said
}

fn decision(v: &RulesVersion) -> Vec<String> {
    let mut said: Vec<String> = v
        .decision_overrides
        .iter()
        .map(|o| t!("rules-say-decision-from", "name" => o.name.clone(), "from" => format::money(&o.from_value), "hours" => o.hours))
        .collect();
    said.push(if said.is_empty() {
        t!("rules-say-decision", "hours" => v.decision_hours)
    } else {
        t!("rules-say-decision-else", "hours" => v.decision_hours)
    });
    said.push(t!("record-say-warn", "percent" => v.deadline.warn_percent));
    if let Some(hours) = v.deadline.escalation_hours {
        said.push(t!("record-say-escalate", "hours" => hours));
    }
    said.push(t!("rules-say-dispute", "hours" => v.dispute_hours));
    said.extend(calendar(&v.calendar));
    said
}

/// Days with the same hours in one sentence, then the holidays that are still to come.
fn calendar(calendar: &RulesCalendar) -> Vec<String> {
    let mut groups: Vec<(String, String, Vec<String>)> = Vec::new();
    for hours in &calendar.hours {
        match groups.iter_mut().find(|(opens, closes, _)| *opens == hours.opens_at && *closes == hours.closes_at) {
            Some((_, _, days)) => days.push(day_name(hours.day)),
            None => groups.push((hours.opens_at.clone(), hours.closes_at.clone(), vec![day_name(hours.day)])),
        }
    }
    let zone = calendar.time_zone.clone();
    let mut said: Vec<String> = groups
        .into_iter()
        .map(|(opens, closes, days)| t!("rules-say-hours", "days" => format::list(&days), "opens" => opens, "closes" => closes, "zone" => zone.clone()))
        .collect();
    let today = format::today().to_string();
    let coming: Vec<String> = calendar
        .named_holidays
        .iter()
        .filter(|holiday| holiday.date.to_string() >= today)
        .take(8)
        .map(|holiday| match &holiday.name {
            Some(name) => format!("{} ({name})", format::date(&holiday.date)),
            None => format::date(&holiday.date),
        })
        .collect();
    if !coming.is_empty() {
        said.push(t!("rules-say-holidays", "days" => format::list(&coming)));
    }
    said
}

fn protection(v: &RulesVersion) -> Vec<String> {
    let mut said = vec![t!("rules-say-holds")];
    // Those that name a product count before the others: named in that order, the first one that fits counts.
    let (products, others): (Vec<_>, Vec<_>) = v.protection_overrides.iter().partition(|o| o.product.is_some());
    for o in products.into_iter().chain(others) {
        let days = o.days;
        let what = o.product.as_ref().map(|product| &product.name).or(o.line.as_ref());
        said.push(match (&o.tier, what) {
            (Some(tier), Some(line)) => t!("rules-say-protection-both", "tier" => tier.name.clone(), "line" => line.clone(), "days" => days),
            (Some(tier), None) => t!("rules-say-protection-tier", "tier" => tier.name.clone(), "days" => days),
            (None, Some(line)) => t!("rules-say-protection-line", "line" => line.clone(), "days" => days),
            (None, None) => t!("rules-say-protection", "days" => days),
        });
    }
    if v.protection_overrides.len() > 1 {
        said.push(t!("rules-say-protection-order"));
    }
    said.push(if v.protection_overrides.is_empty() {
        t!("rules-say-protection", "days" => v.protection_days)
    } else {
        t!("rules-say-protection-else", "days" => v.protection_days)
    });
    said.push(t!("desk-say-stands-still"));
    match v.protection.extension {
        ExtensionRule::Off => {}
        ExtensionRule::Once => said.push(t!("desk-say-once", "days" => v.protection.extension_days)),
        ExtensionRule::Unlimited => said.push(t!("desk-say-unlimited", "days" => v.protection.extension_days)),
    }
    if v.protection.inactivity_days > 0 {
        said.push(t!("desk-say-inactivity", "days" => v.protection.inactivity_days));
    }
    if !v.protection.reminder_days.is_empty() {
        let days = v.protection.reminder_days.iter().map(ToString::to_string).collect::<Vec<_>>();
        said.push(t!("desk-say-reminders", "days" => format::list(&days)));
    }
    said.push(t!("desk-say-release"));
    said
}

/// A day of the week in words.
pub fn day_name(day: Weekday) -> String {
    match day {
        Weekday::Mon => t!("rules-day-mon"),
        Weekday::Tue => t!("rules-day-tue"),
        Weekday::Wed => t!("rules-day-wed"),
        Weekday::Thu => t!("rules-day-thu"),
        Weekday::Fri => t!("rules-day-fri"),
        Weekday::Sat => t!("rules-day-sat"),
        Weekday::Sun => t!("rules-day-sun"),
    }
}
