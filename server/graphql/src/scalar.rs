//! Scalars. Moments and days are read here; decimals, currencies and countries come in as text and are judged by the domain,
//! so that a wrong one is an error of its field and not of the document.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use entente_domain::money::format_decimal;
use entente_domain::{Decimal as Number, Timestamp, country};

/// A moment: RFC 3339 in UTC, as `2026-11-21T09:30:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) Timestamp);

/// A moment: RFC 3339 in UTC, as `2026-11-21T09:30:00Z`. Input may carry another offset.
#[Scalar(name = "DateTime")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match text(&value).and_then(|s| s.parse().ok()) {
            Some(moment) => Ok(Self(moment)),
            None => Err(InputValueError::custom("a DateTime is written as 2026-11-21T09:30:00Z")),
        }
    }

    fn is_valid(value: &Value) -> bool {
        text(value).is_some_and(|s| s.parse::<Timestamp>().is_ok())
    }

    fn to_value(&self) -> Value {
        // Always three digits of milliseconds, so that the order of the texts is the order of the moments.
        Value::String(format!("{:.3}", self.0))
    }
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date(pub(crate) entente_domain::Date);

/// A day of the calendar, as `2026-11-21`.
#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match text(&value).and_then(day) {
            Some(day) => Ok(Self(day)),
            None => Err(InputValueError::custom("a Date is written as 2026-11-21")),
        }
    }

    fn is_valid(value: &Value) -> bool {
        text(value).is_some_and(|s| day(s).is_some())
    }

    fn to_value(&self) -> Value {
        // Always three digits of milliseconds, so that the order of the texts is the order of the moments.
        Value::String(format!("{:.3}", self.0))
    }
}

/// A decimal number as text, never a float.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal(pub(crate) String);

impl From<Number> for Decimal {
    fn from(value: Number) -> Self {
        Self(format_decimal(value))
    }
}

/// A decimal number as a string, never a float: `"12500.5"`. No exponent, no superfluous zeros.
#[Scalar(name = "Decimal")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        owned(value, "a Decimal is a string as \"12500.00\"").map(Self)
    }

    fn is_valid(value: &Value) -> bool {
        text(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A currency by its ISO 4217 code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CurrencyCode(pub(crate) String);

/// A currency by its ISO 4217 code, three capital letters: `EUR`.
#[Scalar(name = "CurrencyCode")]
impl ScalarType for CurrencyCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        owned(value, "a CurrencyCode is three capital letters").map(Self)
    }

    fn is_valid(value: &Value) -> bool {
        text(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A country by its ISO 3166-1 alpha-2 code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CountryCode(pub(crate) String);

impl CountryCode {
    /// The code, where a country has it.
    pub(crate) fn known(code: Option<&str>) -> Option<Self> {
        code.filter(|c| country::is_known(c)).map(|c| Self(c.to_owned()))
    }
}

/// A country by its ISO 3166-1 alpha-2 code, two capital letters: `DE`.
#[Scalar(name = "CountryCode")]
impl ScalarType for CountryCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        owned(value, "a CountryCode is two capital letters").map(Self)
    }

    fn is_valid(value: &Value) -> bool {
        text(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url(pub(crate) String);

/// An address: absolute, or relative to the server's own.
#[Scalar(name = "URL")]
impl ScalarType for Url {
    fn parse(value: Value) -> InputValueResult<Self> {
        owned(value, "a URL is a string").map(Self)
    }

    fn is_valid(value: &Value) -> bool {
        text(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(s) => Some(s),
        _ => None,
    }
}

fn owned<T>(value: Value, rule: &str) -> Result<String, InputValueError<T>>
where
    T: async_graphql::InputType,
{
    match value {
        Value::String(s) => Ok(s),
        _ => Err(InputValueError::custom(rule)),
    }
}

/// A day in the one shape that is allowed: the calendar library would also read moments and week dates.
fn day(s: &str) -> Option<entente_domain::Date> {
    let shape = s.len() == 10 && s.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if shape { s.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(s: &str) -> Value {
        Value::String(s.to_owned())
    }

    #[test]
    fn moments_and_days_are_read_strictly_and_written_in_utc() {
        let moment = DateTime::parse(string("2026-11-21T10:30:00+01:00")).unwrap();
        assert_eq!(moment.to_value(), string("2026-11-21T09:30:00.000Z"));
        let finer = DateTime::parse(string("2026-11-21T09:30:00.5Z")).unwrap();
        assert_eq!(finer.to_value(), string("2026-11-21T09:30:00.500Z"));
        for bad in ["2026-11-21", "yesterday", "2026-13-01T00:00:00Z", ""] {
            assert!(!DateTime::is_valid(&string(bad)) && DateTime::parse(string(bad)).is_err(), "{bad}");
        }
        assert_eq!(Date::parse(string("2024-02-29")).unwrap().to_value(), string("2024-02-29"));
        for bad in ["2023-02-29", "2026-1-2", "2026-W01-1", "20261121", "2026-11-21T00:00:00Z"] {
            assert!(!Date::is_valid(&string(bad)) && Date::parse(string(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn decimals_are_strings_and_judged_later() {
        assert!(Decimal::is_valid(&string("12.345678")) && Decimal::is_valid(&string("not a number")));
        assert!(!Decimal::is_valid(&Value::from(12.5)) && !Decimal::is_valid(&Value::from(12)));
        assert_eq!(Decimal::from("1500.00".parse::<Number>().unwrap()), Decimal("1500".into()));
    }

    #[test]
    fn countries_and_currencies_carry_text() {
        assert_eq!(CountryCode::parse(string("XX")).unwrap(), CountryCode("XX".into()));
        assert_eq!(CountryCode::known(Some("XX")), None);
        assert_eq!(CurrencyCode::parse(string("EUR")).unwrap(), CurrencyCode("EUR".into()));
        assert!(!CurrencyCode::is_valid(&Value::Null));
    }
}
