//! Words for disputes: statuses, outcomes, sides, events, and what went wrong.

use entente_web_api::{
    FieldError,
    dispute::{DisputeAbout, DisputeAudience, DisputeOutcome, DisputeSide, DisputeStatus},
};

use crate::{pages::deal::words as deal_words, t, texts, ui::Tone};

pub fn status(status: DisputeStatus) -> String {
    match status {
        DisputeStatus::Open => t!("dispute-status-open"),
        DisputeStatus::Decided => t!("dispute-status-decided"),
        DisputeStatus::Withdrawn => t!("dispute-status-withdrawn"),
    }
}

pub fn tone(status: DisputeStatus) -> Tone {
    match status {
        DisputeStatus::Open => Tone::Warm,
        DisputeStatus::Decided => Tone::Ok,
        DisputeStatus::Withdrawn => Tone::Neutral,
    }
}

pub fn outcome(outcome: DisputeOutcome) -> String {
    match outcome {
        DisputeOutcome::Uphold => t!("dispute-outcome-uphold"),
        DisputeOutcome::Transfer => t!("dispute-outcome-transfer"),
        DisputeOutcome::Dismiss => t!("dispute-outcome-dismiss"),
    }
}

pub fn outcome_hint(outcome: DisputeOutcome) -> String {
    match outcome {
        DisputeOutcome::Uphold => t!("dispute-outcome-uphold-hint"),
        DisputeOutcome::Transfer => t!("dispute-outcome-transfer-hint"),
        DisputeOutcome::Dismiss => t!("dispute-outcome-dismiss-hint"),
    }
}

pub fn side(side: DisputeSide) -> String {
    match side {
        DisputeSide::Complainant => t!("dispute-side-complainant"),
        DisputeSide::Respondent => t!("dispute-side-respondent"),
        DisputeSide::Vendor => t!("dispute-side-vendor"),
    }
}

pub fn audience(audience: DisputeAudience) -> String {
    match audience {
        DisputeAudience::Complainant => t!("dispute-audience-complainant"),
        DisputeAudience::Respondent => t!("dispute-audience-respondent"),
        DisputeAudience::Both => t!("dispute-audience-both"),
        DisputeAudience::Vendor => t!("dispute-audience-vendor"),
    }
}

pub fn about(about: DisputeAbout) -> String {
    match about {
        DisputeAbout::Dispute => t!("dispute-about-dispute"),
        DisputeAbout::Complainant => t!("dispute-about-complainant"),
        DisputeAbout::Respondent => t!("dispute-about-respondent"),
    }
}

pub fn event(kind: &str, sentence: &str) -> String {
    match kind {
        "DISPUTE_OPENED" => t!("dispute-event-opened"),
        "DISPUTE_ARBITER_NAMED" => t!("dispute-event-named"),
        "DISPUTE_STATED" => t!("dispute-event-stated"),
        "DISPUTE_DEADLINE_MISSED" => t!("dispute-event-missed"),
        "DISPUTE_DECIDED" => t!("dispute-event-decided"),
        "DISPUTE_WITHDRAWN" => t!("dispute-event-withdrawn"),
        _ => deal_words::event(kind, sentence),
    }
}

pub fn refusal(error: &FieldError) -> String {
    match error.code.as_str() {
        "STALE_VERSION" => t!("dispute-refused-stale"),
        "ALREADY_OPEN" => t!("dispute-refused-open"),
        "NOTHING_TO_DISPUTE" => t!("dispute-refused-nothing"),
        "LEAD_NOT_FOUND" => t!("dispute-refused-lead"),
        "CLOSED" => t!("dispute-refused-closed"),
        "NOT_NEUTRAL" => t!("dispute-refused-neutral"),
        "CANNOT_TRANSFER" => t!("dispute-refused-transfer"),
        "REQUIRED" => t!("dispute-refused-required"),
        "NOT_ALLOWED" => t!("dispute-refused-not-allowed"),
        _ => error.message.clone(),
    }
}

/// What ties a person to a side, as the server says it.
pub fn tie(server_words: &str) -> String {
    match server_words {
        "this person manages one of the partners" => t!("dispute-tie-partner"),
        "this person is in charge of one of the deals" => t!("dispute-tie-deal"),
        "this person decided on one of the deals" => t!("dispute-tie-decided"),
        other => other.to_owned(),
    }
}

/// A deal's status by its name on the wire.
pub fn deal_status(name: &str) -> String {
    use entente_web_api::deal::RegistrationStatus as Status;
    let all = [
        ("DRAFT", Status::Draft),
        ("SUBMITTED", Status::Submitted),
        ("IN_REVIEW", Status::InReview),
        ("INFO_REQUESTED", Status::InfoRequested),
        ("APPROVED", Status::Approved),
        ("REJECTED", Status::Rejected),
        ("WITHDRAWN", Status::Withdrawn),
        ("EXPIRED", Status::Expired),
        ("RELEASED", Status::Released),
    ];
    all.into_iter().find(|(known, _)| *known == name).map_or_else(|| name.to_owned(), |(_, status)| texts::status(status))
}
