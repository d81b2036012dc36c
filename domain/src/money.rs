//! Money: an exact decimal amount in one currency, and the conversion into the program's currency.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// An ISO 4217 code: three capital letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

/// Why a string is no currency code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three capital letters (ISO 4217)")]
pub struct CurrencyError;

impl Currency {
    /// Reads a code of three capital letters; whether the program accepts it is for the program to say.
    pub fn parse(code: &str) -> Result<Self, CurrencyError> {
        if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) { Ok(Self(code.to_owned())) } else { Err(CurrencyError) }
    }

    /// The code, as `EUR`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Digits after the decimal point of the smallest unit (ISO 4217 exponent).
    pub fn decimals(&self) -> u32 {
        match self.0.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => {
                0
            }
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;
    fn try_from(s: String) -> Result<Self, CurrencyError> {
        Self::parse(&s)
    }
}

impl From<Currency> for String {
    fn from(c: Currency) -> String {
        c.0
    }
}

/// An amount in a currency. The amount never has more decimals than the currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// The amount in units of the currency (not in cents).
    pub amount: Decimal,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// Converts at `rate` (units of `into` for one unit of this currency), rounded half to even to `into`'s decimals.
    pub fn convert(&self, rate: Decimal, into: &Currency) -> Money {
        let amount = (self.amount * rate).round_dp_with_strategy(into.decimals(), RoundingStrategy::MidpointNearestEven);
        Money { amount, currency: into.clone() }
    }
}

/// The decimal as it goes over the wire: no exponent, no superfluous zeros, at least `decimals` digits after the point
/// where there is a fraction at all.
pub fn format_decimal(value: Decimal) -> String {
    value.normalize().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversion_rounds_to_the_target_currency() {
        let eur = Money { amount: "1000.55".parse().unwrap(), currency: Currency::parse("EUR").unwrap() };
        assert_eq!(eur.convert("1.0833".parse().unwrap(), &Currency::parse("USD").unwrap()).amount.to_string(), "1083.90");
        assert_eq!(eur.convert("160".parse().unwrap(), &Currency::parse("JPY").unwrap()).amount.to_string(), "160088");
        assert!(Currency::parse("eur").is_err());
        assert_eq!(format_decimal("1500.00".parse().unwrap()), "1500");
    }
}
