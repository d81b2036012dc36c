//! The schema's scalars as newtypes over the text on the wire, and the small shapes every list and price uses.
//! Formatting for people is the screen's business (`entente-web::i18n::format`), not this crate's.

use crate::schema;

macro_rules! text_scalar {
    ($(#[$doc:meta])* $name:ident, $graphql:literal) => {
        $(#[$doc])*
        #[derive(cynic::Scalar, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cynic(graphql_type = $graphql)]
        pub struct $name(pub String);

        impl $name {
            /// The text as it travels.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

text_scalar!(
    /// RFC 3339 in UTC. Text order is time order.
    DateTime,
    "DateTime"
);
text_scalar!(
    /// `YYYY-MM-DD`. Text order is time order.
    Date,
    "Date"
);
text_scalar!(
    /// A decimal number as text, never a float.
    Decimal,
    "Decimal"
);
text_scalar!(
    /// ISO 4217, as `EUR`.
    CurrencyCode,
    "CurrencyCode"
);
text_scalar!(
    /// ISO 3166-1 alpha-2, as `DE`.
    CountryCode,
    "CountryCode"
);
text_scalar!(
    /// An absolute address, or one relative to the server.
    Url,
    "URL"
);

impl Decimal {
    /// The number for adding up and drawing; zero when the text is no number. Never send this back.
    #[must_use]
    pub fn approximate(&self) -> f64 {
        self.0.parse().unwrap_or(0.0)
    }
}

/// An amount with its currency.
#[derive(cynic::QueryFragment, Clone, Debug, Default, PartialEq, Eq)]
pub struct Money {
    /// Decimal text in units of the currency.
    pub amount: Decimal,
    /// Its currency.
    pub currency: CurrencyCode,
}

/// An amount to send.
#[derive(cynic::InputObject, Clone, Debug, PartialEq, Eq, Default)]
pub struct MoneyInput {
    /// Decimal text in units of the currency.
    pub amount: Decimal,
    /// Its currency.
    pub currency: CurrencyCode,
}

/// Where a page of a list ends.
#[derive(cynic::QueryFragment, Clone, Debug, Default, PartialEq, Eq)]
pub struct PageInfo {
    /// More behind `end_cursor`.
    pub has_next_page: bool,
    /// Something before `start_cursor`.
    pub has_previous_page: bool,
    /// Cursor of the first entry.
    pub start_cursor: Option<String>,
    /// Cursor of the last entry: the `after` of the next page.
    pub end_cursor: Option<String>,
}

/// Direction of a sort.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderDirection {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}
