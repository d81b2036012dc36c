//! The vendor's program: names, numbers and rules. All of it is data; nothing here names a tier, a stage or a product.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::BusinessCalendar;
use crate::deal::deadline::DeadlineTerms;
use crate::deal::evidence::EvidenceRules;
use crate::deal::protection::ProtectionTerms;
use crate::id::{ProductId, ProgramId};
use crate::money::Currency;
pub use crate::product::Product;

/// Whether a stage is on the way or an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StageCategory {
    /// The sale goes on.
    Open,
    /// The customer bought.
    Won,
    /// The customer did not buy.
    Lost,
}

/// A stage of the sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Unique name in the program.
    pub key: String,
    /// As shown.
    pub name: String,
    /// On the way or an end.
    pub category: StageCategory,
    /// Chance of winning from here, per cent, 0 to 100.
    pub probability: i32,
}

/// A tier; a higher rank is a higher tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// Unique name in the program.
    pub key: String,
    /// As shown.
    pub name: String,
    /// Order of tiers, from 1.
    pub rank: i32,
}

/// A key with its name: partner type, territory, vertical, competency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Unique name in its list.
    pub key: String,
    /// As shown.
    pub name: String,
}

/// A currency that deals may be in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The currency.
    pub currency: Currency,
    /// Units of the program's currency for one unit of this one.
    pub rate: Decimal,
}

/// The numbers by which registrations are judged: defaults of the rules version that the program is read under.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rules {
    /// Number of the rules version.
    pub version: i32,
    /// Within how many business hours the vendor decides.
    pub approval_business_hours: i64,
    /// For how many days an approval protects.
    pub protection_days: i64,
    /// Smallest value of a deal, in the program's currency.
    pub minimum_value: Decimal,
    /// How protection is extended, reminded of and ended.
    #[serde(default)]
    pub protection: ProtectionTerms,
    /// What evidence weighs and how it counts.
    #[serde(default)]
    pub evidence: EvidenceRules,
    /// When a decision is at risk, and what follows a missed deadline.
    #[serde(default)]
    pub deadline: DeadlineTerms,
    /// How long a dispute may take.
    #[serde(default)]
    pub dispute: crate::dispute::DisputeTerms,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its id.
    pub id: ProgramId,
    /// Counts changes.
    pub version: i32,
    /// The vendor's name for it.
    pub name: String,
    /// The vendor.
    pub vendor: String,
    /// Reporting currency.
    pub currency: Currency,
    /// Currencies that deals may be in, the program's own among them.
    pub rates: Vec<Rate>,
    /// Stages in the order of the sale.
    pub stages: Vec<Stage>,
    /// Tiers.
    pub tiers: Vec<Tier>,
    /// Partner types.
    pub partner_types: Vec<Term>,
    /// Territories.
    pub territories: Vec<Term>,
    /// Verticals.
    pub verticals: Vec<Term>,
    /// Competencies.
    pub competencies: Vec<Term>,
    /// Products.
    pub products: Vec<Product>,
    /// When the vendor works.
    pub calendar: BusinessCalendar,
    /// How registrations are judged.
    pub rules: Rules,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Program {
    /// The stage of a key with its position, from 0.
    pub fn stage(&self, key: &str) -> Option<(usize, &Stage)> {
        self.stages.iter().enumerate().find(|(_, s)| s.key == key)
    }

    /// The first stage of the sale: where a registration begins.
    pub fn first_stage(&self) -> Option<&Stage> {
        self.stages.iter().find(|s| s.category == StageCategory::Open)
    }

    /// The product of an id.
    pub fn product(&self, id: &ProductId) -> Option<&Product> {
        self.products.iter().find(|p| p.id == *id)
    }

    /// Units of the program's currency for one unit of `currency`; none when deals may not be in it.
    pub fn rate(&self, currency: &Currency) -> Option<Decimal> {
        self.rates.iter().find(|r| r.currency == *currency).map(|r| r.rate)
    }

    /// The tier of a key.
    pub fn tier(&self, key: &str) -> Option<&Tier> {
        self.tiers.iter().find(|t| t.key == key)
    }
}
