//! How many had which number: exact mean, median and percentiles of whole numbers from their counts, so that as many rows
//! have to be read as there are different numbers.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// Whole numbers with how often each came up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spread(BTreeMap<i64, u64>);

impl FromIterator<(i64, u64)> for Spread {
    fn from_iter<I: IntoIterator<Item = (i64, u64)>>(rows: I) -> Self {
        let mut all = BTreeMap::new();
        for (value, count) in rows.into_iter().filter(|(_, count)| *count > 0) {
            *all.entry(value).or_default() += count;
        }
        Self(all)
    }
}

impl Spread {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// Their sum.
    pub fn sum(&self) -> Decimal {
        self.0.iter().map(|(value, count)| Decimal::from(*value) * Decimal::from(*count)).sum()
    }

    /// The number at that place in order, from 1.
    fn at(&self, place: u64) -> Option<i64> {
        let mut seen = 0;
        self.0.iter().find_map(|(value, count)| {
            seen += count;
            (seen >= place).then_some(*value)
        })
    }

    /// The middle one, or the mean of the middle two; none when there are none.
    pub fn median(&self) -> Option<Decimal> {
        let count = self.count();
        let low = self.at(count.div_ceil(2))?;
        let high = self.at(count / 2 + 1)?;
        Some((Decimal::from(low) + Decimal::from(high)) / Decimal::TWO)
    }

    /// The least number that at least `per_cent` of all do not exceed (nearest rank); none when there are none.
    pub fn percentile(&self, per_cent: u64) -> Option<Decimal> {
        let place = (self.count() * per_cent.min(100)).div_ceil(100).max(1);
        self.at(place).map(Decimal::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[i64]) -> Spread {
        values.iter().map(|v| (*v, 1)).collect()
    }

    #[test]
    fn the_middle_of_an_even_number_is_between_two() {
        assert_eq!(of(&[1, 2, 4, 9]).median(), Some(Decimal::from(3)));
        assert_eq!(of(&[5, 1, 3]).median(), Some(Decimal::from(3)));
        assert_eq!(of(&[7]).median(), Some(Decimal::from(7)));
        assert_eq!(of(&[]).median(), None);
        assert_eq!(of(&[1, 2]).median(), Some("1.5".parse().unwrap()));
    }

    #[test]
    fn nine_of_ten_by_nearest_rank() {
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!(of(&ten).percentile(90), Some(Decimal::from(9)));
        assert_eq!(of(&[4]).percentile(90), Some(Decimal::from(4)));
        assert_eq!(of(&[1, 2, 3]).percentile(90), Some(Decimal::from(3)));
        assert_eq!(of(&[]).percentile(90), None);
        let many: Spread = [(1, 90), (50, 10)].into_iter().collect();
        assert_eq!((many.percentile(90), many.percentile(91)), (Some(Decimal::ONE), Some(Decimal::from(50))));
        assert_eq!((many.count(), many.sum()), (100, Decimal::from(590)));
    }
}
