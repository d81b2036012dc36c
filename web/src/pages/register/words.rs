//! What is wrong with a field of the registration, in words: by field and code, from the browser's check or the
//! server's answer alike.

use entente_domain::deal::register::{DraftCode, PRODUCTS_MAX};
use entente_web_api::{
    FieldError,
    program::{DraftRequirements, Program},
};

use super::draft::{Wrong, field_of};
use crate::{i18n::format, t};

/// The sentence under the field.
pub fn wrong(wrong: &Wrong, program: &Program, rules: &DraftRequirements, currency: &str) -> String {
    let decimals = || {
        let known = program.currencies.iter().find(|known| known.code.as_str() == currency);
        known.map_or(2, |known| known.decimals)
    };
    match (wrong.field.as_str(), wrong.code) {
        ("title", DraftCode::Required) => t!("register-wrong-title"),
        ("customerName", DraftCode::Required) => t!("register-wrong-customer"),
        ("productIds", DraftCode::Required) => t!("register-wrong-products"),
        ("productIds", DraftCode::TooLong) => t!("register-wrong-products-many", "n" => PRODUCTS_MAX),
        ("amount", DraftCode::Required) => t!("register-wrong-amount"),
        ("expectedCloseOn", DraftCode::Required) => t!("register-wrong-close"),
        ("partnerId", DraftCode::Required) => t!("register-wrong-partner"),
        ("customerDomain", DraftCode::InvalidInput) => t!("register-wrong-domain"),
        ("amount", DraftCode::InvalidInput) => t!("register-wrong-amount-shape"),
        (_, DraftCode::Required) => t!("deal-refused-required"),
        (_, DraftCode::TooLong) => t!("deal-refused-too-long"),
        (_, DraftCode::InvalidInput) => t!("register-wrong-shape"),
        (_, DraftCode::CustomerCountryUnknown) => t!("register-wrong-country"),
        (_, DraftCode::ValueNotPositive) => t!("register-wrong-positive"),
        (_, DraftCode::ValueTooPrecise) => t!("register-wrong-precise", "n" => decimals()),
        (_, DraftCode::ValueBelowMinimum) => t!("register-wrong-minimum", "minimum" => format::money(&program.minimum_deal_value)),
        (_, DraftCode::CurrencyNotAccepted) => t!("register-wrong-currency"),
        (_, DraftCode::CloseDateInPast) => t!("register-wrong-close-past"),
        (_, DraftCode::ProductUnknown) => t!("register-wrong-product"),
        (_, DraftCode::ProductRetired) => t!("product-wrong-retired"),
        (_, DraftCode::ProductNotAllowed) => t!("register-wrong-product-rules"),
        (_, DraftCode::ContactMissing) => t!("register-wrong-contact"),
        (_, DraftCode::DescriptionTooShort) => t!("register-wrong-description", "n" => rules.description_min_length),
        (_, DraftCode::CloseDateTooFar) => t!("register-wrong-close-far", "days" => rules.close_within_days.unwrap_or_default()),
        (_, DraftCode::TerritoryNotAllowed) => t!("register-wrong-territory"),
        (_, DraftCode::EngagementNotAccepted) => t!("register-wrong-engagement"),
        (_, DraftCode::EvidenceTooLittle) => t!("desk-wrong-evidence", "n" => rules.evidence.minimum),
        (_, DraftCode::MeetingAhead) => t!("desk-wrong-meeting"),
        (_, DraftCode::NotCertified) => t!("desk-wrong-certified"),
    }
}

/// The server's refusal as the browser's own check would have said it; `None` where only the server can know.
pub fn of_server(error: &FieldError) -> Option<Wrong> {
    let code = match error.code.as_str() {
        "REQUIRED" => DraftCode::Required,
        "TOO_LONG" => DraftCode::TooLong,
        "INVALID_INPUT" => DraftCode::InvalidInput,
        "CUSTOMER_COUNTRY_UNKNOWN" => DraftCode::CustomerCountryUnknown,
        "VALUE_NOT_POSITIVE" => DraftCode::ValueNotPositive,
        "VALUE_TOO_PRECISE" => DraftCode::ValueTooPrecise,
        "VALUE_BELOW_MINIMUM" => DraftCode::ValueBelowMinimum,
        "CURRENCY_NOT_ACCEPTED" => DraftCode::CurrencyNotAccepted,
        "CLOSE_DATE_IN_PAST" => DraftCode::CloseDateInPast,
        "PRODUCT_UNKNOWN" => DraftCode::ProductUnknown,
        "PRODUCT_RETIRED" => DraftCode::ProductRetired,
        "PRODUCT_NOT_ALLOWED" => DraftCode::ProductNotAllowed,
        "CONTACT_MISSING" => DraftCode::ContactMissing,
        "DESCRIPTION_TOO_SHORT" => DraftCode::DescriptionTooShort,
        "CLOSE_DATE_TOO_FAR" => DraftCode::CloseDateTooFar,
        "EVIDENCE_TOO_LITTLE" => DraftCode::EvidenceTooLittle,
        "MEETING_AHEAD" => DraftCode::MeetingAhead,
        "PARTNER_NOT_FOUND" => return Some(Wrong { field: "partnerId".to_owned(), code: DraftCode::Required }),
        _ => return None,
    };
    let field = field_of(&error.path);
    (!field.is_empty() && field != "input").then_some(Wrong { field, code })
}

/// A refusal that is about no field.
pub fn refusal(error: &FieldError) -> String {
    match error.code.as_str() {
        "NOT_ALLOWED" => t!("deal-refused-not-allowed"),
        "IDEMPOTENCY_KEY_REUSED" => t!("register-key-reused"),
        "TERRITORY_NOT_ALLOWED" => t!("register-wrong-territory"),
        "NOT_CERTIFIED" => t!("desk-wrong-certified"),
        "FILE_NOT_FOUND" => t!("desk-wrong-file"),
        "ENGAGEMENT_NOT_ACCEPTED" => t!("register-wrong-engagement"),
        // Of the lead of which a deal was to be made.
        "STALE_VERSION" => t!("lead-refused-stale"),
        "WRONG_STATUS" => t!("lead-refused-status"),
        _ => error.message.clone(),
    }
}
