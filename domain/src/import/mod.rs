//! Importing another system's sales: what a row must be, what is only worth a warning, the deal that comes of it, and
//! who holds the claim when imported deals collide.
//!
//! Pure like the rest of the domain: reading files, looking things up and writing is the application's.

pub mod claim;
pub mod deal;
pub mod issue;
pub mod row;
pub mod stage;
pub mod value;

use crate::text;

/// A name as a key: words in lower case without accents, joined by hyphens; none when it has no letter or digit.
pub fn key_of(name: &str) -> Option<String> {
    let key = text::words(name).join("-");
    (!key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_makes_a_key() {
        assert_eq!(super::key_of(" Mei-Mei Johns ").as_deref(), Some("mei-mei-johns"));
        assert_eq!(super::key_of("GTX Pro"), super::key_of("gtx  PRO"));
        assert_ne!(super::key_of("GTX Pro"), super::key_of("GTXPro"));
        assert_eq!(super::key_of(" -- "), None);
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use crate::calendar::BusinessCalendar;
    use crate::id::{ProductId, ProgramId};
    use crate::money::Currency;
    use crate::program::{Program, Rate, Rules, Stage, StageCategory};
    use rust_decimal::Decimal;
    use ulid::Ulid;

    pub(crate) fn product_id(n: u128) -> ProductId {
        ProductId::new(Ulid::from_parts(1, n))
    }

    pub(crate) fn program() -> Program {
        let usd = Currency::parse("USD").unwrap();
        let stage = |key: &str, name: &str, category, probability| Stage { key: key.into(), name: name.into(), category, probability };
        Program {
            id: ProgramId::new(Ulid::from_parts(1, 1)),
            version: 1,
            name: "Program".into(),
            vendor: "Vendor".into(),
            rates: vec![Rate { currency: usd.clone(), rate: Decimal::ONE }],
            currency: usd,
            stages: vec![
                stage("talks", "In talks", StageCategory::Open, 20),
                stage("won", "Won", StageCategory::Won, 100),
                stage("lost", "Lost", StageCategory::Lost, 0),
            ],
            tiers: Vec::new(),
            partner_types: Vec::new(),
            territories: Vec::new(),
            verticals: Vec::new(),
            competencies: Vec::new(),
            products: Vec::new(),
            calendar: BusinessCalendar::weekly(
                "Europe/Berlin".into(),
                &[1, 2, 3, 4, 5],
                (jiff::civil::time(9, 0, 0, 0), jiff::civil::time(17, 0, 0, 0)),
                Vec::new(),
            ),
            rules: Rules { version: 1, approval_business_hours: 16, protection_days: 90, minimum_value: Decimal::from(1_000), ..Rules::default() },
            created_at: jiff::Timestamp::UNIX_EPOCH,
        }
    }
}
