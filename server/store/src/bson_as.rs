//! How domain values lie in documents: moments as BSON dates, amounts as Decimal128. Modules for `#[serde(with = ...)]`.

use bson::{Bson, DateTime, Decimal128};
use entente_domain::money::{Currency, Money};
use entente_domain::{Decimal, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// A moment for a filter or an update; finer parts than milliseconds are cut off.
pub(crate) fn date(t: Timestamp) -> Bson {
    Bson::DateTime(DateTime::from_millis(t.as_millisecond()))
}

/// An amount for a filter; none when it has more digits than the database keeps, which no domain value has.
pub(crate) fn amount(d: Decimal) -> Option<Bson> {
    d.to_string().parse::<Decimal128>().ok().map(Bson::Decimal128)
}

fn read_time(t: DateTime) -> Option<Timestamp> {
    Timestamp::from_millisecond(t.timestamp_millis()).ok()
}

fn read_decimal(d: Decimal128) -> Option<Decimal> {
    let text = d.to_string();
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// A moment as a BSON date.
pub(crate) mod time {
    use super::*;

    pub fn serialize<S: Serializer>(t: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
        DateTime::from_millis(t.as_millisecond()).serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Timestamp, D::Error> {
        read_time(DateTime::deserialize(d)?).ok_or_else(|| de::Error::custom("a date out of range"))
    }
}

/// A moment that may be missing.
pub(crate) mod time_option {
    use super::*;

    pub fn serialize<S: Serializer>(t: &Option<Timestamp>, s: S) -> Result<S::Ok, S::Error> {
        t.map(|t| DateTime::from_millis(t.as_millisecond())).serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
        match Option::<DateTime>::deserialize(d)? {
            None => Ok(None),
            Some(t) => read_time(t).map(Some).ok_or_else(|| de::Error::custom("a date out of range")),
        }
    }
}

/// A decimal as Decimal128.
pub(crate) mod decimal {
    use super::*;

    pub fn serialize<S: Serializer>(d: &Decimal, s: S) -> Result<S::Ok, S::Error> {
        let d: Decimal128 = d.to_string().parse().map_err(|_| ser::Error::custom("a decimal with too many digits"))?;
        d.serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Decimal, D::Error> {
        read_decimal(Decimal128::deserialize(d)?).ok_or_else(|| de::Error::custom("a decimal out of range"))
    }
}

/// Money whose amount can be summed by the database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MoneyDoc {
    #[serde(with = "decimal")]
    pub amount: Decimal,
    pub currency: Currency,
}

impl From<&Money> for MoneyDoc {
    fn from(m: &Money) -> Self {
        Self { amount: m.amount, currency: m.currency.clone() }
    }
}

impl From<MoneyDoc> for Money {
    fn from(m: MoneyDoc) -> Self {
        Money { amount: m.amount, currency: m.currency }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Row {
        #[serde(with = "time")]
        at: Timestamp,
        #[serde(with = "time_option")]
        until: Option<Timestamp>,
        #[serde(with = "decimal")]
        value: Decimal,
    }

    #[test]
    fn values_survive_the_way_there_and_back() {
        for value in ["0", "1500.00", "-0.001", "1000000000000", "79228162514264337593543950335", "0.0000000000000000000000000001"] {
            let row = Row { at: "2026-11-20T15:00:00.123Z".parse().unwrap(), until: None, value: value.parse().unwrap() };
            let bytes = bson::serialize_to_vec(&row).unwrap();
            assert_eq!(bson::deserialize_from_slice::<Row>(&bytes).unwrap(), row, "{value}");
        }
        assert_eq!(read_decimal("1.5E+3".parse().unwrap()), Some(Decimal::from(1500)));
        assert_eq!(read_decimal("NaN".parse().unwrap()), None);
    }
}
