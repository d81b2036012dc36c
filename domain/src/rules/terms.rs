//! The terms that the rules give one deal: by when the vendor decides and how long an approval protects.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::RuleSet;
use crate::id::ProductId;
use crate::program::Program;

/// Terms of one deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Within how many business hours the vendor decides.
    pub decision_hours: i64,
    /// For how many days an approval protects.
    pub protection_days: i64,
}

impl RuleSet {
    /// The terms of a deal of that value (program's currency), of a partner in that tier, with products of those lines. Of
    /// the overrides the first one that fits counts, else the default.
    pub fn terms(&self, base_value: Decimal, tier: Option<&str>, lines: &[&str]) -> Terms {
        let protects = |tier_key: &Option<String>, line: &Option<String>| {
            tier_key.as_deref().is_none_or(|key| tier == Some(key)) && line.as_deref().is_none_or(|line| lines.contains(&line))
        };
        let protection = self.protection_overrides.iter().find(|o| protects(&o.tier, &o.line)).map_or(self.protection_days, |o| o.days);
        let decision = self.decision_overrides.iter().find(|o| base_value >= o.from_value).map_or(self.decision_hours, |o| o.hours);
        Terms { decision_hours: decision, protection_days: protection }
    }
}

/// Product lines of these products, as far as the program knows them.
pub fn lines<'a>(program: &'a Program, products: &[ProductId]) -> Vec<&'a str> {
    products.iter().filter_map(|id| program.product(id)?.line.as_deref()).collect()
}
