//! Proposing the next version and withdrawing one that has not begun. Every refusal is a code with the path of what is wrong.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::{RuleSet, RulesVersion, Withdrawn};
use crate::deal::evidence::{EvidenceKind, EvidenceUse};
use crate::deal::protection::{ExtensionRule, REMINDERS_MAX};
use crate::event::EventActor;
use crate::id::RulesId;
use crate::program::Program;
use crate::text::{self, LINE_MAX, NOTE_MAX, TextError};

/// Longest text of the rules of engagement, in characters.
pub const ENGAGEMENT_MAX: usize = 20_000;
/// Most overrides of one kind, and most holidays.
pub const LIST_MAX: usize = 200;
/// Most versions of a program.
pub const VERSIONS_MAX: usize = 500;
/// Longest period that a rule may name, in days.
pub const DAYS_MAX: i64 = 3_650;
/// Longest deadline, in business hours.
pub const HOURS_MAX: i64 = 2_000;

/// Codes of what can be wrong in a version; the same names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RulesCode {
    /// Required, but empty.
    Required,
    /// Too long, or too many.
    TooLong,
    /// Out of bounds, or of the wrong shape.
    InvalidInput,
    /// Not one of the program's products.
    ProductUnknown,
    /// Not one of the program's territories.
    TerritoryUnknown,
    /// Not one of the program's tiers or product lines.
    TermUnknown,
    /// No override of that place can ever count: an earlier one fits everything that it fits.
    OverrideUnreachable,
    /// No working day, or a day that closes before it opens.
    CalendarWithoutWorkingTime,
    /// No such time zone.
    TimeZoneUnknown,
    /// The date is today or earlier.
    DateInPast,
    /// The date lies within the notice period of the rules in force.
    DateWithinNotice,
    /// Another version begins on that date.
    DateTaken,
    /// A later version is announced already; it has to be withdrawn first.
    DateBeforeAnnounced,
}

/// One thing wrong in a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesViolation {
    /// Path of the field in the input, as `["calendar", "hours"]`.
    pub path: Vec<String>,
    /// What kind of wrong.
    pub code: RulesCode,
    /// The rule and what would satisfy it.
    pub message: String,
}

/// What a proposal is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The program.
    pub program: &'a Program,
    /// Every version there is, withdrawn ones too.
    pub versions: &'a [RulesVersion],
    /// The one in force.
    pub in_force: &'a RulesVersion,
    /// Today in the time zone of the rules in force.
    pub today: Date,
    /// Now.
    pub now: Timestamp,
    /// The time zone that the proposed calendar names; none when there is no such zone.
    pub zone: Option<&'a TimeZone>,
}

#[derive(Default)]
struct Wrong(Vec<RulesViolation>);

impl Wrong {
    fn say(&mut self, path: &str, code: RulesCode, message: impl Into<String>) {
        self.0.push(RulesViolation { path: path.split('.').map(str::to_owned).collect(), code, message: message.into() });
    }

    fn within(&mut self, path: &str, value: i64, least: i64, most: i64) {
        if !(least..=most).contains(&value) {
            self.say(path, RulesCode::InvalidInput, format!("{path} must be from {least} to {most}."));
        }
    }
}

/// Everything that is wrong with what a version says, whenever it begins.
pub fn check(rules: &RuleSet, program: &Program, zone: Option<&TimeZone>) -> Vec<RulesViolation> {
    let mut wrong = Wrong::default();
    requirements(rules, program, &mut wrong);
    overrides(rules, program, &mut wrong);
    protection(rules, &mut wrong);
    evidence(rules, &mut wrong);
    super::fields::check(&rules.requirements.fields, &mut |path, code, message| wrong.say(path, code, message));
    calendar(rules, zone, &mut wrong);
    wrong.within("noticeDays", rules.notice_days, 0, 365);
    wrong.0
}

fn requirements(rules: &RuleSet, program: &Program, wrong: &mut Wrong) {
    let r = &rules.requirements;
    if r.minimum_value < Decimal::ZERO || r.minimum_value > Decimal::from(crate::deal::register::VALUE_MAX) {
        wrong.say("minimumValue", RulesCode::InvalidInput, "minimumValue must be zero or more.");
    }
    if r.minimum_value.normalize().scale() > program.currency.decimals() {
        wrong.say("minimumValue", RulesCode::InvalidInput, "minimumValue must not have more decimals than the program's currency.");
    }
    match &r.products {
        Some(list) if list.is_empty() => wrong.say("productIds", RulesCode::Required, "productIds must name a product, or be left out for all."),
        Some(list) if list.iter().any(|id| program.product(id).is_none()) => {
            wrong.say("productIds", RulesCode::ProductUnknown, "productIds must name products of the program.");
        }
        _ => {}
    }
    match &r.territories {
        Some(list) if list.is_empty() => wrong.say("territories", RulesCode::Required, "territories must name one, or be left out for all."),
        Some(list) if list.iter().any(|key| program.territories.iter().all(|t| t.key != *key)) => {
            wrong.say("territories", RulesCode::TerritoryUnknown, "territories must name territories of the program.");
        }
        _ => {}
    }
    wrong.within("descriptionMinLength", r.description_min, 0, 2_000);
    if let Some(days) = r.close_within_days {
        wrong.within("closeWithinDays", days, 1, DAYS_MAX);
    }
    if let Some(text) = &r.engagement {
        match text::required(text, ENGAGEMENT_MAX) {
            Ok(_) => {}
            Err(TextError::Empty) => wrong.say("engagement", RulesCode::Required, "engagement must say something, or be left out."),
            Err(TextError::TooLong { max }) => wrong.say("engagement", RulesCode::TooLong, format!("engagement must have at most {max} characters.")),
        }
    }
}

fn protection(rules: &RuleSet, wrong: &mut Wrong) {
    let p = &rules.protection;
    match p.extension {
        ExtensionRule::Off if p.extension_days == 0 => {}
        _ => wrong.within("protection.extensionDays", p.extension_days, 1, DAYS_MAX),
    }
    wrong.within("protection.inactivityDays", p.inactivity_days, 0, DAYS_MAX);
    if p.reminder_days.len() > REMINDERS_MAX || p.reminder_days.iter().any(|d| !(1..=DAYS_MAX).contains(d)) {
        let rule = format!("protection.reminderDays must have at most {REMINDERS_MAX} entries, each from 1 to {DAYS_MAX}.");
        wrong.say("protection.reminderDays", RulesCode::InvalidInput, rule);
    }
}

fn evidence(rules: &RuleSet, wrong: &mut Wrong) {
    let e = &rules.requirements.evidence;
    wrong.within("evidence.minimum", e.minimum.into(), 0, 100);
    let weights = EvidenceKind::ALL.map(|kind| i64::from(e.weight(kind)));
    if weights.iter().any(|w| !(0..=100).contains(w)) {
        wrong.say("evidence.weights", RulesCode::InvalidInput, "Each weight must be from 0 to 100.");
    }
    if e.counts != EvidenceUse::Off && weights.iter().all(|w| *w == 0) {
        wrong.say("evidence.weights", RulesCode::InvalidInput, "Some evidence must weigh something where the score counts.");
    }
}

fn overrides(rules: &RuleSet, program: &Program, wrong: &mut Wrong) {
    wrong.within("protectionDays", rules.protection_days, 1, DAYS_MAX);
    wrong.within("decisionHours", rules.decision_hours, 1, HOURS_MAX);
    wrong.within("disputeHours", rules.dispute.decision_hours, 1, HOURS_MAX);
    wrong.within("warnPercent", rules.deadline.warn_percent, 1, 99);
    if let Some(escalation) = &rules.deadline.escalation {
        wrong.within("escalation.afterHours", escalation.after_hours, 1, HOURS_MAX);
    }
    if rules.protection_overrides.len() > LIST_MAX || rules.decision_overrides.len() > LIST_MAX {
        wrong.say("protectionOverrides", RulesCode::TooLong, format!("There may be at most {LIST_MAX} overrides of a kind."));
    }
    for (i, o) in rules.protection_overrides.iter().enumerate().take(LIST_MAX) {
        let path = format!("protectionOverrides.{i}");
        wrong.within(&format!("{path}.days"), o.days, 1, DAYS_MAX);
        if o.tier.as_deref().is_some_and(|key| program.tier(key).is_none()) {
            wrong.say(&format!("{path}.tier"), RulesCode::TermUnknown, "tier must be a tier of the program.");
        }
        if o.line.as_ref().is_some_and(|line| program.products.iter().all(|p| p.line.as_ref() != Some(line))) {
            wrong.say(&format!("{path}.line"), RulesCode::TermUnknown, "line must be a product line of the program.");
        }
        if o.product.as_ref().is_some_and(|id| program.product(id).is_none()) {
            wrong.say(&format!("{path}.productId"), RulesCode::ProductUnknown, "productId must name a product of the program.");
        }
        if o.product.is_some() && o.line.is_some() {
            wrong.say(&format!("{path}.line"), RulesCode::InvalidInput, "An override names a product or a product line, not both.");
        }
        // One that names no product never comes before one that does.
        let covered = |e: &super::ProtectionOverride| {
            e.product == o.product && (e.tier.is_none() || e.tier == o.tier) && (e.line.is_none() || e.line == o.line)
        };
        if (o.tier.is_none() && o.line.is_none() && o.product.is_none()) || rules.protection_overrides.iter().take(i).any(covered) {
            let rule = "An override must name a tier, a line or a product, and no earlier one may fit all that it fits.";
            wrong.say(&path, RulesCode::OverrideUnreachable, rule);
        }
    }
    for (i, o) in rules.decision_overrides.iter().enumerate().take(LIST_MAX) {
        let path = format!("decisionOverrides.{i}");
        wrong.within(&format!("{path}.hours"), o.hours, 1, HOURS_MAX);
        if text::required(&o.name, LINE_MAX).is_err() {
            wrong.say(&format!("{path}.name"), RulesCode::Required, format!("name must have 1 to {LINE_MAX} characters."));
        }
        if o.from_value <= Decimal::ZERO {
            wrong.say(&format!("{path}.fromValue"), RulesCode::InvalidInput, "fromValue must be above zero.");
        }
        if rules.decision_overrides.iter().take(i).any(|e| e.from_value <= o.from_value) {
            wrong.say(&path, RulesCode::OverrideUnreachable, "Thresholds must go down from one override to the next.");
        }
    }
}

fn calendar(rules: &RuleSet, zone: Option<&TimeZone>, wrong: &mut Wrong) {
    let c = &rules.calendar;
    if zone.is_none() {
        wrong.say("calendar.timeZone", RulesCode::TimeZoneUnknown, "timeZone must be an IANA name, as Europe/Berlin.");
    }
    if c.check().is_err() {
        wrong.say(
            "calendar.hours",
            RulesCode::CalendarWithoutWorkingTime,
            "The calendar must have a working day, and every day must close after it opens.",
        );
    }
    let mut days: Vec<i8> = c.hours.iter().map(|h| h.weekday).collect();
    days.sort_unstable();
    if days.windows(2).any(|w| w[0] == w[1]) || days.iter().any(|d| !(1..=7).contains(d)) {
        wrong.say("calendar.hours", RulesCode::InvalidInput, "Each day of the week may be listed once.");
    }
    if c.holidays.len() > LIST_MAX {
        wrong.say("calendar.holidays", RulesCode::TooLong, format!("There may be at most {LIST_MAX} holidays."));
    }
    let mut dates: Vec<Date> = c.holidays.iter().map(|h| h.date).collect();
    dates.sort_unstable();
    if dates.windows(2).any(|w| w[0] == w[1]) {
        wrong.say("calendar.holidays", RulesCode::InvalidInput, "Each holiday may be listed once.");
    }
    if c.holidays.iter().any(|h| h.name.as_ref().is_some_and(|n| n.chars().count() > LINE_MAX)) {
        wrong.say("calendar.holidays", RulesCode::TooLong, format!("A holiday's name must have at most {LINE_MAX} characters."));
    }
}

/// The next version, to begin on that day; or everything that is wrong with it.
pub fn propose(
    rules: RuleSet,
    effective_from: Date,
    note: Option<&str>,
    facts: Facts<'_>,
    id: RulesId,
    by: EventActor,
) -> Result<RulesVersion, Vec<RulesViolation>> {
    let mut wrong = Wrong(check(&rules, facts.program, facts.zone));
    let note = text::optional(note, NOTE_MAX).unwrap_or_else(|_| {
        wrong.say("note", RulesCode::TooLong, format!("note must have at most {NOTE_MAX} characters."));
        None
    });
    if facts.versions.len() >= VERSIONS_MAX {
        wrong.say("effectiveFrom", RulesCode::TooLong, format!("A program has at most {VERSIONS_MAX} versions."));
    }
    let starts_at = facts.zone.and_then(|zone| effective_from.to_zoned(zone.clone()).ok()).map(|z| z.timestamp());
    date(effective_from, starts_at, facts, &mut wrong);
    let Some(starts_at) = starts_at.filter(|_| wrong.0.is_empty()) else { return Err(wrong.0) };
    let number = facts.versions.iter().map(|v| v.number).max().unwrap_or(0) + 1;
    Ok(RulesVersion { id, number, effective_from, starts_at, rules, note, proposed_by: by, proposed_at: facts.now, withdrawn: None })
}

/// The earliest day on which a version that is proposed today may begin.
pub fn earliest(in_force: &RulesVersion, today: Date) -> Date {
    today.saturating_add(jiff::Span::new().days(in_force.rules.notice_days.clamp(1, 365)))
}

fn date(effective_from: Date, starts_at: Option<Timestamp>, facts: Facts<'_>, wrong: &mut Wrong) {
    let path = "effectiveFrom";
    let earliest = earliest(facts.in_force, facts.today);
    if effective_from <= facts.today || starts_at.is_some_and(|at| at <= facts.now) {
        return wrong.say(path, RulesCode::DateInPast, format!("effectiveFrom must be {earliest} or later: rules never change backwards."));
    }
    if effective_from < earliest {
        let days = facts.in_force.rules.notice_days;
        return wrong.say(
            path,
            RulesCode::DateWithinNotice,
            format!("effectiveFrom must be {earliest} or later: changes are announced {days} days before."),
        );
    }
    let standing = || facts.versions.iter().filter(|v| v.withdrawn.is_none());
    if standing().any(|v| v.effective_from == effective_from) {
        return wrong.say(path, RulesCode::DateTaken, "Another version begins on that date; withdraw it first.");
    }
    if standing().any(|v| v.effective_from > effective_from || starts_at.is_some_and(|at| v.starts_at >= at)) {
        wrong.say(path, RulesCode::DateBeforeAnnounced, "A later version is announced; withdraw it first.");
    }
}

/// Why a version is not withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WithdrawError {
    /// It has begun, or was withdrawn before.
    NotAnnounced,
    /// The reason is empty.
    ReasonRequired,
    /// The reason is too long.
    ReasonTooLong,
}

/// The version taken back; only one that has not begun.
pub fn withdraw(version: &RulesVersion, reason: &str, now: Timestamp, by: EventActor) -> Result<RulesVersion, WithdrawError> {
    if version.withdrawn.is_some() || version.starts_at <= now {
        return Err(WithdrawError::NotAnnounced);
    }
    let reason = text::required(reason, NOTE_MAX).map_err(|e| match e {
        TextError::Empty => WithdrawError::ReasonRequired,
        TextError::TooLong { .. } => WithdrawError::ReasonTooLong,
    })?;
    Ok(RulesVersion { withdrawn: Some(Withdrawn { at: now, by, reason }), ..version.clone() })
}
