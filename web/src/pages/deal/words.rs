//! Words for what deals carry as codes: where a registration stands in plain language, what happened, which field
//! changed, what a rule says. Shared by every screen that shows deals.

use entente_web_api::{
    Date, FieldError,
    deal::{DealCard, RegistrationStatus, VerdictOutcome},
    program::StageCategory,
};
use serde_json::Value;

use crate::{
    i18n::format,
    t, texts,
    ui::{IconName, Tone},
};

/// Where a registration stands, in one sentence for the one who reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub tone: Tone,
    pub icon: IconName,
    pub text: String,
}

/// The plain state of a deal. Partners read whose turn it is; the vendor reads what it owes.
pub fn standing(deal: &DealCard, for_partner: bool) -> Standing {
    use RegistrationStatus as Status;
    let (tone, icon, text) = match deal.status {
        Status::Submitted | Status::InReview => match (&deal.decision_due_at, for_partner) {
            (Some(due), true) => (Tone::Info, IconName::Clock, t!("deal-standing-waiting-vendor", "date" => format::date_time(due))),
            (None, true) => (Tone::Info, IconName::Clock, t!("deal-standing-waiting-vendor-open")),
            (Some(due), false) => (Tone::Warm, IconName::Clock, t!("deal-standing-decision-due", "date" => format::date_time(due))),
            (None, false) => (Tone::Warm, IconName::Clock, t!("deal-standing-decision-open")),
        },
        Status::InfoRequested if for_partner => (Tone::Warm, IconName::MessageCircle, t!("deal-standing-needs-answer")),
        Status::InfoRequested => (Tone::Info, IconName::MessageCircle, t!("deal-standing-waiting-partner")),
        Status::Approved => return approved(deal, for_partner),
        Status::Rejected => (Tone::Danger, IconName::Ban, t!("deal-standing-unavailable")),
        Status::Withdrawn => (Tone::Neutral, IconName::Undo, t!("deal-standing-withdrawn")),
        Status::Expired => (Tone::Neutral, IconName::History, t!("deal-standing-expired")),
        Status::Released => (Tone::Neutral, IconName::Undo, t!("deal-standing-released")),
        Status::Draft => (Tone::Neutral, IconName::Pencil, texts::status(deal.status)),
    };
    Standing { tone, icon, text }
}

fn approved(deal: &DealCard, for_partner: bool) -> Standing {
    let on = |date: &Option<Date>| date.as_ref().map(format::date).unwrap_or_default();
    let (tone, icon, text) = match (deal.stage.category, &deal.protected_until) {
        (StageCategory::Won, _) => (Tone::Ok, IconName::CheckCircle, t!("deal-standing-won", "date" => on(&deal.closed_on))),
        (StageCategory::Lost, _) => (Tone::Neutral, IconName::Archive, t!("deal-standing-lost", "date" => on(&deal.closed_on))),
        (StageCategory::Open, Some(until)) => {
            (Tone::Ok, IconName::ShieldCheck, t!("deal-standing-registered-until", "date" => format::day_of(until)))
        }
        // A clock that stands still has no end to name, and protects none the less.
        (StageCategory::Open, None) => match (deal.days_standing_still(), for_partner) {
            (Some(days), true) => (Tone::Info, IconName::ShieldCheck, t!("deal-standing-still", "days" => days)),
            (Some(days), false) => (Tone::Warm, IconName::ShieldCheck, t!("deal-standing-still-vendor", "days" => days)),
            (None, _) => (Tone::Neutral, IconName::Shield, t!("deal-standing-unprotected")),
        },
    };
    Standing { tone, icon, text }
}

/// The customer's name, or that there is none.
pub fn customer(deal: &DealCard) -> String {
    deal.customer.as_ref().map_or_else(|| t!("home-no-customer"), |customer| customer.name.clone())
}

/// What happened, by the event's kind; the server's own words for a kind that is not known yet.
pub fn event(kind: &str, server_words: &str) -> String {
    match kind {
        "DEAL_REGISTERED" => t!("deal-event-registered"),
        "DEAL_IMPORTED" => t!("deal-event-imported"),
        "DEAL_APPROVED" => t!("deal-event-approved"),
        "DEAL_REJECTED" => t!("deal-event-rejected"),
        "DEAL_INFO_REQUESTED" => t!("deal-event-asked"),
        "DEAL_INFO_PROVIDED" => t!("deal-event-answered"),
        "DEAL_WITHDRAWN" => t!("deal-event-withdrawn"),
        "DEAL_STAGE_MOVED" => t!("deal-event-moved"),
        "DEAL_NOTE_ADDED" => t!("deal-event-note"),
        "DEAL_UPDATED" => t!("deal-event-updated"),
        "DEAL_EXPIRED" => t!("deal-event-expired"),
        "DEAL_INACTIVE" => t!("desk-event-inactive"),
        "DEAL_RELEASED" => t!("desk-event-released"),
        "DEAL_EVIDENCE_ADDED" => t!("desk-event-evidence"),
        "DEAL_VENDOR_ASKED" => t!("desk-event-asked"),
        "DEAL_PARTNER_ANSWERED" => t!("desk-event-answered"),
        "DEAL_EXTENSION_REQUESTED" => t!("desk-event-requested"),
        "DEAL_EXTENSION_GRANTED" => t!("desk-event-granted"),
        "DEAL_EXTENSION_DECLINED" => t!("desk-event-declined"),
        "DEAL_PROTECTION_ENDING" => t!("desk-event-ending"),
        "DEAL_WAY_FREED" => t!("desk-event-freed"),
        "CUSTOMER_GROUPED" => t!("desk-event-grouped"),
        "DEAL_STEP_APPROVED" => t!("routing-event-step-approved"),
        "DEAL_REROUTED" => t!("routing-event-rerouted"),
        "DEAL_AT_RISK" => t!("record-event-at-risk"),
        "DEAL_DEADLINE_MISSED" => t!("record-event-missed"),
        "DEAL_ESCALATED" => t!("record-event-escalated"),
        _ => server_words.to_owned(),
    }
}

/// Whether the entry's text is what somebody wrote, and not only the name of what happened.
pub fn is_writing(kind: &str) -> bool {
    matches!(
        kind,
        "DEAL_NOTE_ADDED" | "DEAL_INFO_REQUESTED" | "DEAL_INFO_PROVIDED" | "DEAL_VENDOR_ASKED" | "DEAL_PARTNER_ANSWERED" | "DEAL_EXTENSION_REQUESTED"
    )
}

pub fn event_icon(kind: &str) -> (IconName, &'static str) {
    match kind {
        "DEAL_REGISTERED" => (IconName::Plus, ""),
        "DEAL_IMPORTED" => (IconName::Upload, ""),
        "DEAL_APPROVED" => (IconName::Check, "e-timeline__icon--ok"),
        "DEAL_STEP_APPROVED" => (IconName::Check, "e-timeline__icon--info"),
        "DEAL_EVIDENCE_ADDED" => (IconName::FileText, "e-timeline__icon--info"),
        "DEAL_VENDOR_ASKED" | "DEAL_EXTENSION_REQUESTED" => (IconName::CircleHelp, "e-timeline__icon--warm"),
        "DEAL_PARTNER_ANSWERED" => (IconName::MessageCircle, "e-timeline__icon--info"),
        "DEAL_EXTENSION_GRANTED" | "DEAL_WAY_FREED" => (IconName::Check, "e-timeline__icon--ok"),
        "DEAL_EXTENSION_DECLINED" => (IconName::Ban, "e-timeline__icon--danger"),
        "DEAL_PROTECTION_ENDING" | "DEAL_INACTIVE" => (IconName::AlertTriangle, "e-timeline__icon--warm"),
        "DEAL_RELEASED" => (IconName::Undo, ""),
        "DEAL_REROUTED" => (IconName::MoveRight, ""),
        "DEAL_REJECTED" => (IconName::Ban, "e-timeline__icon--danger"),
        "DEAL_AT_RISK" => (IconName::Clock, "e-timeline__icon--warm"),
        "DEAL_DEADLINE_MISSED" | "DEAL_ESCALATED" => (IconName::Clock, "e-timeline__icon--danger"),
        "DEAL_INFO_REQUESTED" => (IconName::CircleHelp, "e-timeline__icon--warm"),
        "DEAL_INFO_PROVIDED" => (IconName::MessageCircle, "e-timeline__icon--info"),
        "DEAL_WITHDRAWN" => (IconName::Undo, ""),
        "DEAL_STAGE_MOVED" => (IconName::MoveRight, "e-timeline__icon--info"),
        "DEAL_NOTE_ADDED" => (IconName::MessageCircle, ""),
        "DEAL_UPDATED" => (IconName::Pencil, ""),
        _ => (IconName::History, ""),
    }
}

/// The name of a field that changed.
pub fn field(name: &str) -> String {
    match name {
        "status" => t!("deal-field-status"),
        "stage" => t!("deal-field-stage"),
        "title" => t!("deal-field-title"),
        "nextStep" => t!("deal-field-next-step"),
        "expectedCloseOn" => t!("deal-field-close"),
        "protectedUntil" => t!("deal-field-protected"),
        "contactName" => t!("desk-contact"),
        "metOn" => t!("desk-meeting"),
        "discoveryNotes" => t!("desk-discovery"),
        "budget" => t!("desk-budget"),
        "file" => t!("desk-files"),
        "requestedBy" => t!("desk-release-who"),
        "daysLeft" => t!("desk-field-days-left"),
        "parent" => t!("desk-field-parent"),
        _ => name.to_owned(),
    }
}

/// A field's value as people read it: statuses and days in words.
pub fn field_value(field: &str, value: &str) -> String {
    match field {
        "status" => serde_json::from_value::<RegistrationStatus>(Value::from(value)).map_or_else(|_| value.to_owned(), texts::status),
        "expectedCloseOn" | "metOn" => format::date(&Date::from(value)),
        "protectedUntil" => format::date_time(&entente_web_api::DateTime::from(value)),
        _ => value.to_owned(),
    }
}

pub fn outcome(outcome: VerdictOutcome) -> String {
    match outcome {
        VerdictOutcome::Clear => t!("deal-verdict-clear"),
        VerdictOutcome::PossibleConflict => t!("deal-verdict-conflict"),
        VerdictOutcome::Blocked => t!("deal-verdict-blocked"),
    }
}

pub fn outcome_tone(outcome: VerdictOutcome) -> Tone {
    match outcome {
        VerdictOutcome::Clear => Tone::Ok,
        VerdictOutcome::PossibleConflict => Tone::Warm,
        VerdictOutcome::Blocked => Tone::Danger,
    }
}

/// What a rule says, in the viewer's language, to the one who registers or to the one who decides; the server's own
/// words for a rule that is not known yet.
pub fn rule(code: &str, passed: bool, for_partner: bool, server_words: &str) -> String {
    match (code, passed) {
        ("CUSTOMER_NOT_PROTECTED", false) if !for_partner => t!("deal-rule-protected-no-vendor"),
        ("NOT_REGISTERED_BY_YOU", true) if !for_partner => t!("deal-rule-own-ok-vendor"),
        ("NOT_REGISTERED_BY_YOU", false) if !for_partner => t!("deal-rule-own-no-vendor"),
        ("NO_OTHER_REGISTRATION", false) if !for_partner => t!("deal-rule-other-no-vendor"),
        ("CUSTOMER_NOT_PROTECTED", true) => t!("deal-rule-protected-ok"),
        ("CUSTOMER_NOT_PROTECTED", false) => t!("deal-rule-protected-no"),
        ("NOT_REGISTERED_BY_YOU", true) => t!("deal-rule-own-ok"),
        ("NOT_REGISTERED_BY_YOU", false) => t!("deal-rule-own-no"),
        ("NO_OTHER_REGISTRATION", true) => t!("deal-rule-other-ok"),
        ("NO_OTHER_REGISTRATION", false) => t!("deal-rule-other-no"),
        ("NO_SIMILAR_CUSTOMER", true) => t!("desk-rule-similar-ok"),
        ("NO_SIMILAR_CUSTOMER", false) => t!("desk-rule-similar-no"),
        ("NO_RELATED_CUSTOMER", true) => t!("desk-rule-related-ok"),
        ("NO_RELATED_CUSTOMER", false) => t!("desk-rule-related-no"),
        ("PRODUCT_LINE_FREE", true) => t!("desk-rule-line-ok"),
        ("PRODUCT_LINE_FREE", false) => t!("desk-rule-line-no"),
        ("NO_DIRECT_SALE", true) => t!("desk-rule-direct-ok"),
        ("NO_DIRECT_SALE", false) if !for_partner => t!("desk-rule-direct-no-vendor"),
        ("NO_DIRECT_SALE", false) => t!("desk-rule-direct-no"),
        ("EVIDENCE_ENOUGH", true) => t!("desk-rule-evidence-ok"),
        ("CERTIFIED_PERSON", true) => t!("desk-rule-certified-ok"),
        ("MINIMUM_VALUE", true) => t!("deal-rule-minimum-ok"),
        ("CLOSE_DATE_AHEAD", true) => t!("deal-rule-close-ok"),
        ("PRODUCTS_OF_PROGRAM", true) => t!("deal-rule-products-ok"),
        ("PRODUCTS_ALLOWED", true) => t!("deal-rule-products-allowed-ok"),
        ("TERRITORY_ALLOWED", true) => t!("deal-rule-territory-ok"),
        ("CONTACT_NAMED", true) => t!("deal-rule-contact-ok"),
        ("DESCRIPTION_GIVEN", true) => t!("deal-rule-description-ok"),
        ("CLOSE_DATE_NEAR", true) => t!("deal-rule-close-near-ok"),
        ("ENGAGEMENT_ACCEPTED", true) => t!("deal-rule-engagement-ok"),
        ("ENGAGEMENT_NOT_ACCEPTED", false) => t!("register-wrong-engagement"),
        ("TERRITORY_NOT_ALLOWED", false) => t!("register-wrong-territory"),
        _ => server_words.to_owned(),
    }
}

/// What would satisfy a rule, in the viewer's language; the server's own words for a rule that is not known yet.
pub fn remedy(code: &str, server_words: &str) -> String {
    match code {
        "CUSTOMER_NOT_PROTECTED" => t!("desk-remedy-protected"),
        "NOT_REGISTERED_BY_YOU" => t!("desk-remedy-own"),
        "NO_OTHER_REGISTRATION" | "NO_DIRECT_SALE" => t!("desk-remedy-evidence"),
        "NO_SIMILAR_CUSTOMER" => t!("desk-remedy-similar"),
        "NO_RELATED_CUSTOMER" => t!("desk-remedy-related"),
        "PRODUCT_LINE_FREE" => t!("desk-remedy-line"),
        _ => server_words.to_owned(),
    }
}

/// Why a change was refused, by its code.
pub fn refusal(error: &FieldError) -> String {
    match error.code.as_str() {
        "NOT_FOUND" => t!("deal-refused-not-found"),
        "NOT_ALLOWED" => t!("deal-refused-not-allowed"),
        "STALE_VERSION" => t!("deal-refused-stale"),
        "WRONG_STATUS" => t!("deal-refused-status"),
        "NOT_PROTECTED" => t!("desk-refused-not-protected"),
        "QUESTION_OPEN" => t!("desk-refused-question"),
        "EXTENSION_PENDING" => t!("desk-refused-pending"),
        "EXTENSION_NOT_ALLOWED" => t!("desk-refused-extension"),
        "NOTHING_PENDING" => t!("desk-refused-nothing"),
        "MEETING_AHEAD" => t!("desk-wrong-meeting"),
        "FILE_NOT_FOUND" => t!("desk-wrong-file"),
        "CLAIM_TAKEN" => t!("deal-refused-claim"),
        "STAGE_UNKNOWN" => t!("deal-refused-stage"),
        "NOT_YOUR_STEP" => t!("routing-refused-step"),
        "OWNER_CANNOT_DECIDE" => t!("routing-refused-owner"),
        "CIRCULAR_STEP" => t!("routing-refused-circular"),
        "REQUIRED" => t!("deal-refused-required"),
        "TOO_LONG" => t!("deal-refused-too-long"),
        "CLOSE_DATE_IN_PAST" => t!("deal-refused-close-date"),
        "IDEMPOTENCY_KEY_REUSED" => t!("error-key-reused"),
        _ => error.message.clone(),
    }
}
