//! What callers send about rules. Numbers and times come in as they were typed; what cannot be read is an error of its field.

use async_graphql::{ID, InputObject};
use entente_domain::calendar::{BusinessCalendar, Holiday, WorkingHours};
use entente_domain::dispute::DisputeTerms;
use entente_domain::id::ProductId;
use entente_domain::rules::propose::{RulesCode, RulesViolation};
use entente_domain::rules::{DecisionOverride, ProtectionOverride, Requirements, RuleSet};
use entente_domain::text;
use jiff::civil::Time;

use super::desk::{CustomFieldInput, EvidenceRulesInput, ProtectionTermsInput};
use crate::program::Weekday;
use crate::record::DeadlineTermsInput;
use crate::scalar::{Date, Decimal};

/// Other days of protection than the default.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ProtectionOverrideInput {
    /// Tier key of the partner; left out fits every partner.
    tier: Option<String>,
    /// Product line of one of the deal's products; left out fits every deal.
    line: Option<String>,
    /// One of the deal's products, not together with a line; left out fits every deal.
    product_id: Option<ID>,
    /// For how many days an approval protects, 1 to 3,650.
    days: i32,
}

/// Another deadline than the default.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct DecisionOverrideInput {
    /// What the priority is called, at most 200 characters.
    name: String,
    /// From this value on, in the program's currency; goes down from one override to the next.
    from_value: Decimal,
    /// Within how many business hours the vendor decides, 1 to 2,000.
    hours: i32,
}

/// The working hours of one day of the week.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct WorkingHoursInput {
    /// The day; each at most once.
    day: Weekday,
    /// Opening time, as `09:00`.
    opens_at: String,
    /// Closing time after the opening time, as `17:30`.
    closes_at: String,
}

/// A day on which the vendor does not work.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct HolidayInput {
    /// The day; each at most once.
    date: Date,
    /// What it is called, at most 200 characters.
    name: Option<String>,
}

/// When the vendor works.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct BusinessCalendarInput {
    /// IANA name, as `Europe/Berlin`.
    time_zone: String,
    /// Working days with their hours, at least one.
    hours: Vec<WorkingHoursInput>,
    /// Days on which nobody works, at most 200.
    holidays: Vec<HolidayInput>,
}

/// Everything that a version of the rules says.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RulesInput {
    /// Smallest value of a deal, in the program's currency; zero asks for none.
    minimum_value: Decimal,
    /// The products that may be registered, at least one; left out allows all of the program's.
    product_ids: Option<Vec<ID>>,
    /// Keys of the territories whose partners may register, at least one; left out allows all.
    territories: Option<Vec<String>>,
    /// Whether a contact at the customer must be named.
    contact_required: bool,
    /// Fewest characters of the description, 0 to 2,000; 0 asks for none.
    description_min_length: i32,
    /// Within how many days the deal must be expected to close, 1 to 3,650; left out asks for nothing.
    close_within_days: Option<i32>,
    /// The rules of engagement that a partner must have accepted, at most 20,000 characters; left out asks for nothing.
    engagement: Option<String>,
    /// What evidence weighs and how it counts; left out does not count it.
    evidence: Option<EvidenceRulesInput>,
    /// Whether the partner must have a person with a valid certificate.
    #[graphql(default)]
    certified_required: bool,
    /// What the program asks for beside its own fields, at most 30.
    #[graphql(default)]
    fields: Vec<CustomFieldInput>,
    /// How protection is extended, reminded of and ended; left out knows nothing of it.
    protection: Option<ProtectionTermsInput>,
    /// For how many days an approval protects, 1 to 3,650, unless an override fits.
    protection_days: i32,
    /// Other days of protection, at most 200; one that names a product of the deal counts before those that name none, and of
    /// several the first.
    protection_overrides: Vec<ProtectionOverrideInput>,
    /// Within how many business hours the vendor decides, 1 to 2,000, unless an override fits.
    decision_hours: i32,
    /// Other deadlines, at most 200; the first one that fits counts.
    decision_overrides: Vec<DecisionOverrideInput>,
    /// When a decision is at risk, and what follows a missed deadline; left out warns at 75 per cent, and nothing follows.
    deadline: Option<DeadlineTermsInput>,
    /// Within how many business hours a dispute is decided, 1 to 2,000; left out it stays what the newest version says that stands.
    dispute_hours: Option<i32>,
    /// The hours in which deadlines run.
    calendar: BusinessCalendarInput,
    /// How many days before its day the next version must be announced, 0 to 365.
    notice_days: i32,
}

/// A proposal of the next version.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RulesProposeInput {
    /// What the version says.
    pub(super) rules: RulesInput,
    /// The day on which it begins; after today and after the notice that the rules in force ask for.
    pub(super) effective_from: Date,
    /// Why, for everybody to read, at most 4,000 characters.
    pub(super) note: Option<String>,
    /// Number of the version that was read and changed. Where it is not the newest one that stands any more, nothing is proposed, so
    /// that nobody undoes what somebody else announced or withdrew meanwhile. Left out, nothing is compared.
    pub(super) based_on: Option<i32>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    pub(super) idempotency_key: Option<String>,
}

fn unreadable(path: &[&str], message: &str) -> RulesViolation {
    RulesViolation { path: path.iter().map(|s| (*s).to_owned()).collect(), code: RulesCode::InvalidInput, message: message.to_owned() }
}

impl RulesInput {
    /// Whether nothing is said of the dispute's deadline, so that it stays as it is.
    pub(super) fn keeps_dispute(&self) -> bool {
        self.dispute_hours.is_none()
    }

    /// The rules as the domain knows them, or what cannot be read at all.
    pub(super) fn into_rules(self) -> Result<RuleSet, Vec<RulesViolation>> {
        let mut wrong = Vec::new();
        let minimum_value = self.minimum_value.0.trim().parse().unwrap_or_else(|_| {
            wrong.push(unreadable(&["minimumValue"], "minimumValue must be a decimal as 12500.00."));
            entente_domain::Decimal::ZERO
        });
        let products = self.product_ids.map(|ids| {
            let read: Vec<_> = ids.iter().filter_map(|id| id.parse().ok()).collect();
            if read.len() < ids.len() {
                let message = "productIds must name products of the program.".to_owned();
                wrong.push(RulesViolation { path: vec!["productIds".into()], code: RulesCode::ProductUnknown, message });
            }
            read
        });
        let decision_overrides = self.decision_overrides.into_iter().enumerate().map(|(i, o)| {
            let from_value = o.from_value.0.trim().parse().unwrap_or_else(|_| {
                wrong.push(unreadable(&["decisionOverrides", &i.to_string(), "fromValue"], "fromValue must be a decimal as 12500.00."));
                entente_domain::Decimal::ONE
            });
            DecisionOverride { name: o.name, from_value, hours: o.hours.into() }
        });
        let decision_overrides = decision_overrides.collect();
        let protection_overrides = self.protection_overrides.into_iter().enumerate().map(|(i, o)| {
            let product = o.product_id.and_then(|id| {
                let read = id.parse::<ProductId>().ok();
                if read.is_none() {
                    let path = vec!["protectionOverrides".to_owned(), i.to_string(), "productId".to_owned()];
                    let message = "productId must name a product of the program.".to_owned();
                    wrong.push(RulesViolation { path, code: RulesCode::ProductUnknown, message });
                }
                read
            });
            ProtectionOverride { tier: o.tier, line: o.line, product, days: o.days.into() }
        });
        let protection_overrides = protection_overrides.collect();
        let calendar = calendar(self.calendar, &mut wrong);
        let rules = RuleSet {
            requirements: Requirements {
                minimum_value,
                products,
                territories: self.territories,
                contact: self.contact_required,
                description_min: self.description_min_length.into(),
                close_within_days: self.close_within_days.map(Into::into),
                engagement: self.engagement.map(|e| text::optional(Some(&e), usize::MAX).ok().flatten().unwrap_or_default()),
                evidence: self.evidence.map(Into::into).unwrap_or_default(),
                certified: self.certified_required,
                fields: self.fields.into_iter().map(Into::into).collect(),
            },
            protection_days: self.protection_days.into(),
            protection_overrides,
            protection: self.protection.map(Into::into).unwrap_or_default(),
            decision_hours: self.decision_hours.into(),
            decision_overrides,
            deadline: self.deadline.map(Into::into).unwrap_or_default(),
            dispute: self.dispute_hours.map_or_else(Default::default, |hours| DisputeTerms { decision_hours: hours.into() }),
            calendar,
            notice_days: self.notice_days.into(),
        };
        if wrong.is_empty() { Ok(rules) } else { Err(wrong) }
    }
}

fn calendar(input: BusinessCalendarInput, wrong: &mut Vec<RulesViolation>) -> BusinessCalendar {
    let mut hours = Vec::new();
    for (i, h) in input.hours.into_iter().enumerate() {
        match (time(&h.opens_at), time(&h.closes_at)) {
            (Some(opens_at), Some(closes_at)) => hours.push(WorkingHours { weekday: h.day.iso(), opens_at, closes_at }),
            _ => wrong.push(unreadable(&["calendar", "hours", &i.to_string()], "opensAt and closesAt are written as 09:00.")),
        }
    }
    hours.sort_by_key(|h| h.weekday);
    let name = |n: Option<String>| n.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
    let mut holidays: Vec<_> = input.holidays.into_iter().map(|h| Holiday { date: h.date.0, name: name(h.name) }).collect();
    holidays.sort_by_key(|h| h.date);
    BusinessCalendar { time_zone: input.time_zone.trim().to_owned(), hours, holidays }
}

/// A time in the one shape that is allowed.
fn time(text: &str) -> Option<Time> {
    let shape = text.len() == 5 && text.bytes().enumerate().all(|(i, b)| if i == 2 { b == b':' } else { b.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_strictly() {
        assert_eq!(time("09:30"), Some(jiff::civil::time(9, 30, 0, 0)));
        for bad in ["9:30", "24:00", "09:60", "0930", "09:30:00", "", "ab:cd"] {
            assert_eq!(time(bad), None, "{bad}");
        }
    }
}
