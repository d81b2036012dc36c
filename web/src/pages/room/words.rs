//! Words of rooms: roles, outcomes, events, and why something was refused.

use entente_web_api::{
    FieldError,
    cosell::{CosellRole, IntroductionOutcome},
};

use crate::{t, ui::Tone};

pub fn role(role: CosellRole) -> String {
    match role {
        CosellRole::Sourced => t!("room-role-sourced"),
        CosellRole::Influenced => t!("room-role-influenced"),
        CosellRole::Delivered => t!("room-role-delivered"),
    }
}

pub fn role_tone(role: CosellRole) -> Tone {
    match role {
        CosellRole::Sourced => Tone::Ok,
        CosellRole::Influenced => Tone::Info,
        CosellRole::Delivered => Tone::Warm,
    }
}

pub fn outcome(outcome: IntroductionOutcome) -> String {
    match outcome {
        IntroductionOutcome::Open => t!("room-outcome-open"),
        IntroductionOutcome::Met => t!("room-outcome-met"),
        IntroductionOutcome::Declined => t!("room-outcome-declined"),
        IntroductionOutcome::NoAnswer => t!("room-outcome-none"),
    }
}

/// What happened in a room, by the event's kind.
pub fn event(kind: &str) -> String {
    match kind {
        "ROOM_PARTICIPANTS_SET" => t!("room-event-participants"),
        "ROOM_PERMISSION_RECORDED" => t!("room-event-permission"),
        "ROOM_PERMISSION_WITHDRAWN" => t!("room-event-permission-withdrawn"),
        "ROOM_SHARES_SET" => t!("room-event-shares"),
        "ROOM_INTRODUCED" => t!("room-event-introduced"),
        "ROOM_INTRODUCTION_CONCLUDED" => t!("room-event-concluded"),
        "ROOM_MESSAGE_SENT" => t!("room-event-message"),
        _ => t!("room-event-other"),
    }
}

/// Why a change was refused, by its code.
pub fn refusal(error: &FieldError) -> String {
    match error.code.as_str() {
        "NOT_FOUND" => t!("deal-refused-not-found"),
        "NOT_ALLOWED" => t!("deal-refused-not-allowed"),
        "STALE_VERSION" => t!("room-refused-stale"),
        "PARTNER_UNKNOWN" => t!("room-refused-partner"),
        "PARTICIPANT_TWICE" => t!("room-refused-twice"),
        "SHARE_INVALID" => t!("room-refused-share"),
        "SHARE_MISSING" => t!("room-refused-share-missing"),
        "SHARES_NOT_WHOLE" => t!("room-refused-shares"),
        "PERMISSION_MISSING" => t!("room-refused-permission"),
        "DATE_AHEAD" => t!("room-refused-date"),
        "REQUIRED" => t!("deal-refused-required"),
        "TOO_LONG" => t!("deal-refused-too-long"),
        "IDEMPOTENCY_KEY_REUSED" => t!("error-key-reused"),
        _ => error.message.clone(),
    }
}
