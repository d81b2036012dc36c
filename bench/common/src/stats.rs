//! Percentiles of what was measured.

/// Values in no particular order, in whatever unit they were taken.
#[derive(Debug, Clone, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// Takes one.
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    /// Takes all of those.
    pub fn extend_from(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Those that were taken after the first so many.
    pub fn since(&self, count: usize) -> Self {
        Self(self.0.get(count..).unwrap_or_default().to_vec())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value below which that part (0 to 1) of them lies; 0 when there is none.
    pub fn quantile(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
        let at = (last as f64 * part).round() as usize;
        sorted.get(at.min(last)).copied().unwrap_or(0.0)
    }

    /// The highest; 0 when there is none.
    pub fn max(&self) -> f64 {
        self.0.iter().copied().fold(0.0, f64::max)
    }

    /// `p50 / p95 / p99 / max`, with one decimal.
    pub fn line(&self) -> String {
        format!("{:.1} / {:.1} / {:.1} / {:.1}", self.quantile(0.5), self.quantile(0.95), self.quantile(0.99), self.max())
    }
}

impl Extend<f64> for Samples {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        self.0.extend(values);
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Samples;

    #[test]
    fn quantiles_are_values_that_were_taken() {
        let samples: Samples = (1..=100).map(f64::from).collect();
        assert_eq!((samples.quantile(0.0), samples.quantile(0.5), samples.quantile(0.99), samples.max()), (1.0, 51.0, 99.0, 100.0));
        assert_eq!(Samples::default().quantile(0.5), 0.0);
    }
}
