//! What the codes of an import's issues mean, in the language of the screen.

use crate::t;

/// The meaning of a code; none for one that this build does not know yet.
pub fn meaning(code: &str) -> Option<String> {
    Some(match code {
        "WRONG_FIELD_COUNT" => t!("import-code-wrong-field-count"),
        "REQUIRED" => t!("import-code-required"),
        "TOO_LONG" => t!("import-code-too-long"),
        "DUPLICATE_ID" => t!("import-code-duplicate-id"),
        "TOO_MANY" => t!("import-code-too-many"),
        "UNKNOWN_PRODUCT" => t!("import-code-unknown-product"),
        "INVALID_STAGE" => t!("import-code-invalid-stage"),
        "INVALID_DATE" => t!("import-code-invalid-date"),
        "DATE_IN_FUTURE" => t!("import-code-date-in-future"),
        "DATE_ORDER" => t!("import-code-date-order"),
        "INVALID_VALUE" => t!("import-code-invalid-value"),
        "VALUE_TOO_PRECISE" => t!("import-code-value-too-precise"),
        "VALUE_OUT_OF_RANGE" => t!("import-code-value-out-of-range"),
        "NO_LIST_PRICE" => t!("import-code-no-list-price"),
        "MISSING_ACCOUNT" => t!("import-code-missing-account"),
        "MISSING_DATE" => t!("import-code-missing-date"),
        "MISSING_VALUE" => t!("import-code-missing-value"),
        "UNKNOWN_ACCOUNT" => t!("import-code-unknown-account"),
        "UNKNOWN_AGENT" => t!("import-code-unknown-agent"),
        "UNKNOWN_COUNTRY" => t!("import-code-unknown-country"),
        "DUPLICATE_ROW" => t!("import-code-duplicate-row"),
        "CLAIM_HELD" => t!("import-code-claim-held"),
        _ => return None,
    })
}
