//! What can be wrong in an imported row, and how bad that is. The codes are part of the report that people get.

use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// The row is left out.
    Error,
    /// The row goes in; somebody should look at it.
    Warning,
}

impl Severity {
    /// The name on the wire, as `WARNING`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warning => "WARNING",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $severity:ident, $name:literal, $message:literal;)*) => {
        /// What is wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum IssueCode {
            $($(#[$doc])* $code,)*
        }

        impl IssueCode {
            /// Every code.
            pub const ALL: &'static [IssueCode] = &[$(Self::$code,)*];

            /// The name on the wire, as `MISSING_ACCOUNT`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$code => Severity::$severity,)* }
            }

            /// What it means for every row that has it.
            pub fn message(self) -> &'static str {
                match self { $(Self::$code => $message,)* }
            }
        }
    };
}

codes! {
    /// More or fewer fields than the header.
    WrongFieldCount = Error, "WRONG_FIELD_COUNT", "The row has more or fewer fields than the header.";
    /// A required text is empty.
    Required = Error, "REQUIRED", "A value that every row needs is missing.";
    /// A text is longer than can be kept.
    TooLong = Error, "TOO_LONG", "A value is too long.";
    /// The same id came before in the file.
    DuplicateId = Error, "DUPLICATE_ID", "An earlier row of the file has the same id.";
    /// More of a kind than the program can have.
    TooMany = Error, "TOO_MANY", "The program cannot have so many products or territories.";
    /// No product of that name.
    UnknownProduct = Error, "UNKNOWN_PRODUCT", "The product is neither in the products file nor in the program.";
    /// A stage that cannot be one.
    InvalidStage = Error, "INVALID_STAGE", "The stage has no name that a stage could have.";
    /// No date.
    InvalidDate = Error, "INVALID_DATE", "A date is neither month/day/year nor year-month-day.";
    /// A day that is still to come.
    DateInFuture = Error, "DATE_IN_FUTURE", "Something is said to have happened on a day that is still to come.";
    /// Closed before it began.
    DateOrder = Error, "DATE_ORDER", "The deal was closed before it was engaged.";
    /// No decimal number.
    InvalidValue = Error, "INVALID_VALUE", "A value is not a decimal number.";
    /// More decimals than the currency has.
    ValueTooPrecise = Error, "VALUE_TOO_PRECISE", "A value has more decimals than the currency.";
    /// Below zero or beyond the largest.
    ValueOutOfRange = Error, "VALUE_OUT_OF_RANGE", "A value is below zero or too large.";
    /// No value, and no list price to take in its place.
    NoListPrice = Error, "NO_LIST_PRICE", "There is no value, and the product has no list price to take in its place.";
    /// No account.
    MissingAccount = Warning, "MISSING_ACCOUNT", "No account: imported without a customer.";
    /// No date of engagement, or no close date on a closed deal.
    MissingDate = Warning, "MISSING_DATE", "No date: imported with the date that is known, or with the time of the import.";
    /// No value.
    MissingValue = Warning, "MISSING_VALUE", "No value: imported with the list price of the product.";
    /// The account is not in the accounts file.
    UnknownAccount = Warning, "UNKNOWN_ACCOUNT", "The account is not in the accounts file: imported without country and industry.";
    /// The agent is not in the file of teams.
    UnknownAgent = Warning, "UNKNOWN_AGENT", "The sales agent is not in the sales teams file: imported without manager and territory.";
    /// No country of that name.
    UnknownCountry = Warning, "UNKNOWN_COUNTRY", "No country has this name: the account's customers have no country.";
    /// The same name came before in the file.
    DuplicateRow = Warning, "DUPLICATE_ROW", "An earlier row of the file has the same name; this one is not used.";
    /// Another deal holds customer and product.
    ClaimHeld = Warning, "CLAIM_HELD", "Another deal holds this customer and product: imported without protection.";
}

/// One thing that is wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// What.
    pub code: IssueCode,
    /// Name of the file.
    pub file: String,
    /// Line at which the row begins, from 1; the header is line 1.
    pub line: u64,
    /// Column by its name in the file; none when it is about the whole row.
    pub column: Option<String>,
    /// The value as it is in the file.
    pub value: Option<String>,
    /// What is wrong and what would mend it, in one sentence.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_have_distinct_names() {
        let names: BTreeSet<_> = IssueCode::ALL.iter().map(|c| c.name()).collect();
        assert_eq!(names.len(), IssueCode::ALL.len());
        assert!(IssueCode::ALL.windows(2).all(|w| w[0].severity() <= w[1].severity()), "errors come first");
    }
}
