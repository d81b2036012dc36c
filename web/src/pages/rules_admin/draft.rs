//! A draft of the rules as it stands in the form, made of a version and turned into what is sent; what cannot be read is told
//! under its field before anything is sent.

use entente_web_api::{
    Date, Decimal, FieldError, Id,
    program::Weekday,
    rules::{
        BusinessCalendarInput, DeadlineTermsInput, DecisionOverrideInput, HolidayInput, ProtectionOverrideInput, RulesInput, RulesVersion,
        WorkingHoursInput,
    },
};

use super::desk::DeskDraft;
use crate::{i18n::Language, pages::register::plain_amount, t};

/// Every day of the week, in order.
pub const DAYS: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Other days of protection, as typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProtectionRow {
    pub tier: String,
    /// A line or a product, not both.
    pub line: String,
    pub product: String,
    pub days: String,
}

/// Another deadline, as typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecisionRow {
    pub name: String,
    pub from: String,
    pub hours: String,
}

/// The hours of one day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayRow {
    pub on: bool,
    pub opens: String,
    pub closes: String,
}

/// What stands in the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub minimum: String,
    /// Empty for all.
    pub products: Vec<String>,
    /// Empty for all.
    pub territories: Vec<String>,
    pub contact: bool,
    pub description_min: String,
    pub close_within: String,
    /// Empty asks for nothing.
    pub engagement: String,
    pub protection_days: String,
    pub protection: Vec<ProtectionRow>,
    pub decision_hours: String,
    pub decision: Vec<DecisionRow>,
    pub warn: String,
    /// Empty for no escalation.
    pub escalate: String,
    /// The person who then gets it; empty for the fallback owner of the routing table.
    pub escalate_to: String,
    pub dispute: String,
    pub time_zone: String,
    pub days: Vec<DayRow>,
    /// One a line: the date, then the name.
    pub holidays: String,
    pub notice: String,
    pub desk: DeskDraft,
}

impl Draft {
    /// The draft that changes nothing about this version.
    pub fn of(v: &RulesVersion, language: Language) -> Self {
        let amount = |amount: &Decimal| match language {
            Language::German => amount.as_str().replace('.', ","),
            Language::English => amount.to_string(),
        };
        let day = |day: &Weekday| match v.calendar.hours.iter().find(|hours| hours.day == *day) {
            Some(hours) => DayRow { on: true, opens: hours.opens_at.clone(), closes: hours.closes_at.clone() },
            None => DayRow { on: false, opens: "09:00".into(), closes: "17:00".into() },
        };
        let holiday = |h: &entente_web_api::rules::Holiday| format!("{} {}", h.date, h.name.clone().unwrap_or_default()).trim().to_owned();
        Self {
            minimum: amount(&v.minimum_value.amount),
            products: v.products.iter().flatten().map(|p| p.id.inner().to_owned()).collect(),
            territories: v.territories.iter().flatten().map(|one| one.key.clone()).collect(),
            contact: v.contact_required,
            description_min: v.description_min_length.to_string(),
            close_within: v.close_within_days.map(|days| days.to_string()).unwrap_or_default(),
            engagement: v.engagement.clone().unwrap_or_default(),
            protection_days: v.protection_days.to_string(),
            protection: v
                .protection_overrides
                .iter()
                .map(|o| ProtectionRow {
                    tier: o.tier.as_ref().map(|tier| tier.key.clone()).unwrap_or_default(),
                    line: o.line.clone().unwrap_or_default(),
                    product: o.product.as_ref().map(|product| product.id.inner().to_owned()).unwrap_or_default(),
                    days: o.days.to_string(),
                })
                .collect(),
            decision_hours: v.decision_hours.to_string(),
            decision: v
                .decision_overrides
                .iter()
                .map(|o| DecisionRow { name: o.name.clone(), from: amount(&o.from_value.amount), hours: o.hours.to_string() })
                .collect(),
            warn: v.deadline.warn_percent.to_string(),
            escalate: v.deadline.escalation_hours.map(|hours| hours.to_string()).unwrap_or_default(),
            escalate_to: v.deadline.escalation_to.as_ref().map(|person| person.id.inner().to_owned()).unwrap_or_default(),
            dispute: v.dispute_hours.to_string(),
            time_zone: v.calendar.time_zone.clone(),
            days: DAYS.iter().map(day).collect(),
            holidays: v.calendar.named_holidays.iter().map(holiday).collect::<Vec<_>>().join("\n"),
            notice: v.notice_days.to_string(),
            desk: DeskDraft::of(&v.evidence, v.certified_required, &v.fields, &v.protection),
        }
    }

    /// What is sent, or what cannot be read. Whether it may be is the server's to say.
    pub fn input(&self, language: Language) -> Result<RulesInput, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut whole = |field: &str, text: &str| {
            text.trim().parse::<i32>().unwrap_or_else(|_| {
                wrong.push(unreadable(field, t!("rules-wrong-number")));
                0
            })
        };
        let given = |text: &String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let close_within_days = given(&self.close_within).map(|days| whole("closeWithinDays", &days));
        let protection_overrides = self.protection.iter().map(|row| ProtectionOverrideInput {
            tier: given(&row.tier),
            line: given(&row.line),
            product_id: given(&row.product).map(Id::from),
            days: whole("protectionOverrides", &row.days),
        });
        let protection_overrides = protection_overrides.collect();
        let decision_overrides = self.decision.iter().map(|row| DecisionOverrideInput {
            name: row.name.trim().to_owned(),
            from_value: Decimal(plain_amount(&row.from, language)),
            hours: whole("decisionOverrides", &row.hours),
        });
        let decision_overrides = decision_overrides.collect();
        let escalation_hours = given(&self.escalate).map(|hours| whole("escalation", &hours));
        let deadline = Some(DeadlineTermsInput {
            warn_percent: whole("warnPercent", &self.warn),
            escalation_hours,
            escalation_to_id: given(&self.escalate_to).map(Id::from).filter(|_| escalation_hours.is_some()),
        });
        let evidence = Some(self.desk.evidence(&mut whole));
        let protection = Some(self.desk.protection(&mut whole));
        let hours = DAYS.iter().zip(&self.days).filter(|(_, row)| row.on);
        let hours = hours.map(|(day, row)| WorkingHoursInput { day: *day, opens_at: row.opens.clone(), closes_at: row.closes.clone() }).collect();
        let input = RulesInput {
            minimum_value: Decimal(plain_amount(&self.minimum, language)),
            product_ids: (!self.products.is_empty()).then(|| self.products.iter().cloned().map(Id::from).collect()),
            territories: (!self.territories.is_empty()).then(|| self.territories.clone()),
            contact_required: self.contact,
            description_min_length: whole("descriptionMinLength", &self.description_min),
            close_within_days,
            engagement: given(&self.engagement),
            evidence,
            certified_required: self.desk.certified,
            fields: self.desk.fields(),
            protection,
            protection_days: whole("protectionDays", &self.protection_days),
            protection_overrides,
            decision_hours: whole("decisionHours", &self.decision_hours),
            decision_overrides,
            deadline,
            dispute_hours: Some(whole("disputeHours", &self.dispute)),
            notice_days: whole("noticeDays", &self.notice),
            calendar: BusinessCalendarInput { time_zone: self.time_zone.trim().to_owned(), hours, holidays: Vec::new() },
        };
        match holidays(&self.holidays) {
            Ok(holidays) if wrong.is_empty() => Ok(RulesInput { calendar: BusinessCalendarInput { holidays, ..input.calendar }, ..input }),
            Ok(_) => Err(wrong),
            Err(line) => {
                wrong.push(unreadable("holidays", t!("rules-wrong-holiday", "line" => line)));
                Err(wrong)
            }
        }
    }
}

fn unreadable(field: &str, message: String) -> FieldError {
    FieldError { code: "INVALID_INPUT".into(), message, path: vec![field.to_owned()] }
}

/// One holiday a line, the date and then its name; the line that is none.
fn holidays(text: &str) -> Result<Vec<HolidayInput>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (date, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let known: entente_domain::Date = date.parse().map_err(|_| line.to_owned())?;
            let name = name.trim();
            Ok(HolidayInput { date: Date(known.to_string()), name: (!name.is_empty()).then(|| name.to_owned()) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_are_read_line_by_line() {
        let read = holidays("2026-12-25 Christmas Day\n\n 2027-01-01\n").unwrap();
        let read: Vec<_> = read.into_iter().map(|h| (h.date.to_string(), h.name)).collect();
        assert_eq!(read, [("2026-12-25".to_owned(), Some("Christmas Day".to_owned())), ("2027-01-01".to_owned(), None)]);
        assert_eq!(holidays("25.12.2026 Christmas").unwrap_err(), "25.12.2026 Christmas");
    }
}
