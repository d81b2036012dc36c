//! The program's rules as data with versions: what a registration must fulfil, how long an approval protects, by when the
//! vendor decides, in which hours. A version begins on its date, is announced its notice period before, and is never changed;
//! a deal keeps the version that it was judged under.

pub mod engagement;
pub mod fields;
pub mod judge;
pub mod propose;
pub mod say;
pub mod terms;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::BusinessCalendar;
use crate::deal::deadline::DeadlineTerms;
pub use crate::deal::evidence::Evidence;
use crate::deal::evidence::EvidenceRules;
use crate::deal::protection::ProtectionTerms;
use crate::event::EventActor;
use crate::id::{ProductId, RulesId};
use crate::program::Program;
use fields::CustomField;

/// What a registration must fulfil. A rule that is none (or false, or zero) is off.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Requirements {
    /// Smallest value, in the program's currency.
    pub minimum_value: Decimal,
    /// The products that may be registered; none allows all of the program's.
    pub products: Option<Vec<ProductId>>,
    /// Keys of the territories whose partners may register; none allows all.
    pub territories: Option<Vec<String>>,
    /// Whether a person at the customer must be named.
    pub contact: bool,
    /// Fewest characters of the description; 0 asks for none.
    pub description_min: i64,
    /// Within how many days the deal must be expected to close.
    pub close_within_days: Option<i64>,
    /// The rules of engagement that a partner must have accepted before it registers.
    pub engagement: Option<String>,
    /// What evidence weighs, and how it counts.
    #[serde(default)]
    pub evidence: EvidenceRules,
    /// Whether the partner must have a person with a valid certificate.
    #[serde(default)]
    pub certified: bool,
    /// What the program asks for beside its own fields.
    #[serde(default)]
    pub fields: Vec<CustomField>,
}

/// Other days of protection than the default; what is none fits every deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtectionOverride {
    /// Tier key of the partner.
    pub tier: Option<String>,
    /// Product line of one of the deal's products.
    pub line: Option<String>,
    /// One of the deal's products; not together with a line.
    #[serde(default)]
    pub product: Option<ProductId>,
    /// For how many days an approval protects.
    pub days: i64,
}

/// Another deadline than the default, for deals of a value or more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionOverride {
    /// What the priority is called.
    pub name: String,
    /// From this value on, in the program's currency.
    pub from_value: Decimal,
    /// Within how many business hours the vendor decides.
    pub hours: i64,
}

/// Everything that a version of the rules says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// What a registration must fulfil.
    pub requirements: Requirements,
    /// For how many days an approval protects, unless an override fits.
    pub protection_days: i64,
    /// One that names a product of the deal counts before those that name none; of several the first one.
    pub protection_overrides: Vec<ProtectionOverride>,
    /// How protection is extended, reminded of and ended.
    #[serde(default)]
    pub protection: ProtectionTerms,
    /// Within how many business hours the vendor decides, unless an override fits.
    pub decision_hours: i64,
    /// The first one that fits counts; the largest values come first.
    pub decision_overrides: Vec<DecisionOverride>,
    /// When a decision is at risk, and what follows a missed deadline.
    #[serde(default)]
    pub deadline: DeadlineTerms,
    /// How long a dispute may take.
    #[serde(default)]
    pub dispute: crate::dispute::DisputeTerms,
    /// The hours in which deadlines run.
    pub calendar: BusinessCalendar,
    /// How many days before its date the next version must be announced.
    pub notice_days: i64,
}

impl RuleSet {
    /// The rules of a program from before rules had versions.
    pub fn of(program: &Program) -> Self {
        Self {
            requirements: Requirements { minimum_value: program.rules.minimum_value, ..Requirements::default() },
            protection_days: program.rules.protection_days,
            protection_overrides: Vec::new(),
            protection: ProtectionTerms::default(),
            decision_hours: program.rules.approval_business_hours,
            decision_overrides: Vec::new(),
            deadline: program.rules.deadline.clone(),
            dispute: program.rules.dispute,
            calendar: program.calendar.clone(),
            notice_days: 0,
        }
    }
}

/// That a version was taken back before it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: EventActor,
    /// Why.
    pub reason: String,
}

/// A version of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesVersion {
    /// Its id.
    pub id: RulesId,
    /// 1, 2, 3 ... in the order in which they were proposed; withdrawn ones keep theirs.
    pub number: i32,
    /// The day on which it begins.
    pub effective_from: Date,
    /// The moment at which that day begins in the time zone of its calendar.
    pub starts_at: Timestamp,
    /// What it says.
    pub rules: RuleSet,
    /// Why it was proposed, for everybody to read.
    pub note: Option<String>,
    /// Who proposed it.
    pub proposed_by: EventActor,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// Set when it was taken back before it began.
    pub withdrawn: Option<Withdrawn>,
}

impl RulesVersion {
    /// The first version of a program, made of what it said before rules had versions. Its id follows from the program's.
    pub fn first(program: &Program, zone: &jiff::tz::TimeZone) -> Self {
        let id: ulid::Ulid = program.id.as_str().rsplit('_').next().and_then(|u| ulid::Ulid::from_string(u).ok()).unwrap_or_default();
        Self {
            id: RulesId::new(id),
            number: 1,
            effective_from: program.created_at.to_zoned(zone.clone()).date(),
            starts_at: program.created_at,
            rules: RuleSet::of(program),
            note: None,
            proposed_by: EventActor { user_id: None, name: program.vendor.clone() },
            proposed_at: program.created_at,
            withdrawn: None,
        }
    }

    /// Where the version stands at that moment, given the number of the one that is in force then.
    pub fn state(&self, in_force: i32, at: Timestamp) -> RulesState {
        if self.withdrawn.is_some() {
            RulesState::Withdrawn
        } else if self.number == in_force {
            RulesState::InForce
        } else if self.starts_at > at {
            RulesState::Announced
        } else {
            RulesState::Superseded
        }
    }
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RulesState {
    /// New registrations are judged by it.
    InForce,
    /// It begins later.
    Announced,
    /// Another one followed; deals that were judged by it keep it.
    Superseded,
    /// It was taken back before it began.
    Withdrawn,
}

/// The version in force at that moment: of those that were not withdrawn, the last one to have begun; before all of them, the
/// first. None only when there is none at all.
pub fn in_force(versions: &[RulesVersion], at: Timestamp) -> Option<&RulesVersion> {
    let standing = || versions.iter().filter(|v| v.withdrawn.is_none());
    standing().filter(|v| v.starts_at <= at).max_by_key(|v| (v.starts_at, v.number)).or_else(|| standing().min_by_key(|v| (v.starts_at, v.number)))
}

/// The newest version that stands, from which the next one goes on: of those that were not withdrawn, the last one to begin.
pub fn newest(versions: &[RulesVersion]) -> Option<&RulesVersion> {
    versions.iter().filter(|v| v.withdrawn.is_none()).max_by_key(|v| (v.starts_at, v.number))
}

/// When another version than the one of that moment comes into force; none when none is announced.
pub fn next_change(versions: &[RulesVersion], at: Timestamp) -> Option<Timestamp> {
    versions.iter().filter(|v| v.withdrawn.is_none() && v.starts_at > at).map(|v| v.starts_at).min()
}

/// What a deal was judged under; it stays when the rules change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Number of the rules version.
    pub rules: i32,
    /// The terms that the version gave this deal; none (an import, or a deal from before) means the version's defaults.
    pub terms: Option<terms::Terms>,
}

impl Default for Judged {
    /// What deals from before rules had versions were judged under.
    fn default() -> Self {
        Self { rules: 1, terms: None }
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
