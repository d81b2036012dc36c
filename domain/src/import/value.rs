//! Dates and decimals as other systems write them, read without guessing.

use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::issue::IssueCode;
use crate::deal::register::VALUE_MAX;

/// Why a value cannot be read: what kind of wrong, and the rule.
pub type Wrong = (IssueCode, String);

/// A date as month/day/year (`10/20/2016`) or year-month-day (`2016-10-20`); the year has four digits.
pub fn date(text: &str) -> Result<Date, Wrong> {
    let wrong = || (IssueCode::InvalidDate, "must be a date as 10/31/2026 (month/day/year) or 2026-10-31".to_owned());
    let mut slashes = text.split('/');
    if let (Some(month), Some(day), Some(year), None) = (slashes.next(), slashes.next(), slashes.next(), slashes.next()) {
        let number = |s: &str, longest: usize| {
            let digits = !s.is_empty() && s.len() <= longest && s.bytes().all(|b| b.is_ascii_digit());
            if digits { s.parse::<i16>().ok() } else { None }
        };
        let (month, day, year) = (number(month, 2), number(day, 2), number(year, 4).filter(|_| year.len() == 4));
        return match (year, month.map(i8::try_from), day.map(i8::try_from)) {
            (Some(y), Some(Ok(m)), Some(Ok(d))) => Date::new(y, m, d).map_err(|_| wrong()),
            _ => Err(wrong()),
        };
    }
    let iso = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if iso { Date::from_str(text).map_err(|_| wrong()) } else { Err(wrong()) }
}

/// An amount from zero to [`VALUE_MAX`] with at most `decimals` digits after the point, and a point for the point. Digits
/// are not grouped: `1,054` is one thousand to some and one to others, so it is refused.
pub fn amount(text: &str, decimals: u32) -> Result<Decimal, Wrong> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.bytes().any(|b| b.is_ascii_digit());
    let read = if plain && !digits.starts_with('.') && !digits.ends_with('.') { Decimal::from_str_exact(text).ok() } else { None };
    let Some(amount) = read else {
        return Err((IssueCode::InvalidValue, "must be a decimal number as 12500.00, without grouping and currency".to_owned()));
    };
    if amount.is_sign_negative() && !amount.is_zero() || amount > Decimal::from(VALUE_MAX) {
        return Err((IssueCode::ValueOutOfRange, format!("must be from 0 to {VALUE_MAX}")));
    }
    if amount.normalize().scale() > decimals {
        return Err((IssueCode::ValueTooPrecise, format!("must have at most {decimals} decimals")));
    }
    Ok(amount.normalize().abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;
    use proptest::prelude::*;

    #[test]
    fn reads_both_ways_of_writing_a_date() {
        assert_eq!(date("10/20/2016"), Ok(day(2016, 10, 20)));
        assert_eq!(date("3/1/2017"), Ok(day(2017, 3, 1)));
        assert_eq!(date("03/01/2017"), Ok(day(2017, 3, 1)));
        assert_eq!(date("2017-03-01"), Ok(day(2017, 3, 1)));
        for wrong in [
            "20/10/2016",
            "2/30/2017",
            "1/1/17",
            "1/1/0000017",
            "2017-3-1",
            "2017-02-30",
            "",
            "//",
            "1/2",
            "1/2/3/4",
            "-1/2/2017",
            "2017-03-01T00:00",
            "\u{664}/1/2017",
            "+1/1/2017",
            "12/31/99999",
        ] {
            assert_eq!(date(wrong).map_err(|w| w.0), Err(IssueCode::InvalidDate), "{wrong}");
        }
    }

    #[test]
    fn reads_amounts_and_refuses_to_guess() {
        assert_eq!(amount("1054", 2), Ok(Decimal::from(1054)));
        assert_eq!(amount("0", 2), Ok(Decimal::ZERO));
        assert_eq!(amount("-0", 2), Ok(Decimal::ZERO));
        assert_eq!(amount("12500.50", 2).map(|d| d.to_string()), Ok("12500.5".to_owned()));
        assert_eq!(amount("12.000", 0), Ok(Decimal::from(12)));
        for wrong in ["1,054", "$5", "1e3", "5.", ".5", "", "-", "1.2.3", "NaN", "1_000", " 1", "99999999999999999999999999999999"] {
            assert_eq!(amount(wrong, 2).map_err(|w| w.0), Err(IssueCode::InvalidValue), "{wrong}");
        }
        assert_eq!(amount("1.005", 2).map_err(|w| w.0), Err(IssueCode::ValueTooPrecise));
        assert_eq!(amount("1.5", 0).map_err(|w| w.0), Err(IssueCode::ValueTooPrecise));
        assert_eq!(amount("-1", 2).map_err(|w| w.0), Err(IssueCode::ValueOutOfRange));
        assert_eq!(amount("1000000000001", 2).map_err(|w| w.0), Err(IssueCode::ValueOutOfRange));
    }

    proptest! {
        #[test]
        fn every_day_reads_back(days in 0i64..20_000) {
            let d = day(1990, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let american = format!("{}/{}/{}", d.month(), d.day(), d.year());
            prop_assert_eq!(date(&american), Ok(d));
            prop_assert_eq!(date(&d.to_string()), Ok(d));
        }

        #[test]
        fn nothing_makes_it_panic(text in ".{0,40}") {
            let _ = date(&text);
            let _ = amount(&text, 2);
        }
    }
}
