//! The terms that the rules give one deal: by when the vendor decides and how long an approval protects.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{ProtectionOverride, RuleSet};
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
    /// Other days of protection in the order in which they count: first those that name a product, which is the most special
    /// thing to name wherever it stands; each kind as it was written, because published rules are read from top to bottom.
    pub fn protection_in_order(&self) -> impl Iterator<Item = &ProtectionOverride> {
        let all = self.protection_overrides.iter();
        all.clone().filter(|o| o.product.is_some()).chain(all.filter(|o| o.product.is_none()))
    }

    /// The terms of a deal of that value (program's currency), of a partner in that tier, with these products of those lines. Of
    /// the overrides the first one that fits counts, else the default.
    pub fn terms(&self, base_value: Decimal, tier: Option<&str>, products: &[ProductId], lines: &[&str]) -> Terms {
        let fits = |o: &ProtectionOverride| {
            o.tier.as_deref().is_none_or(|key| tier == Some(key))
                && o.line.as_deref().is_none_or(|line| lines.contains(&line))
                && o.product.as_ref().is_none_or(|id| products.contains(id))
        };
        let protection = self.protection_in_order().find(|o| fits(o)).map_or(self.protection_days, |o| o.days);
        let decision = self.decision_overrides.iter().find(|o| base_value >= o.from_value).map_or(self.decision_hours, |o| o.hours);
        Terms { decision_hours: decision, protection_days: protection }
    }
}

/// Product lines of these products, as far as the program knows them.
pub fn lines<'a>(program: &'a Program, products: &[ProductId]) -> Vec<&'a str> {
    products.iter().filter_map(|id| program.product(id)?.line.as_deref()).collect()
}
