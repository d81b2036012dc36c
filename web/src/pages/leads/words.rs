//! Words for leads: statuses, sources, reasons, factors, events, and what went wrong.

use entente_web_api::{
    FieldError,
    lead::{
        LeadBasis, LeadCard, LeadCloseReason, LeadDeclineReason, LeadFactor, LeadOfferOutcome, LeadSource, LeadSourceKind, LeadStatus, LeadStrategy,
    },
};

use crate::{
    i18n::format,
    t,
    ui::{IconName, Tone},
};

pub fn status(status: LeadStatus) -> String {
    match status {
        LeadStatus::New => t!("lead-status-new"),
        LeadStatus::Assigned => t!("lead-status-assigned"),
        LeadStatus::Accepted => t!("lead-status-accepted"),
        LeadStatus::Converted => t!("lead-status-converted"),
        LeadStatus::Closed => t!("lead-status-closed"),
        LeadStatus::Unrouted => t!("lead-status-unrouted"),
    }
}

pub fn tone(status: LeadStatus) -> Tone {
    match status {
        LeadStatus::New => Tone::Info,
        LeadStatus::Assigned => Tone::Warm,
        LeadStatus::Accepted => Tone::Brand,
        LeadStatus::Converted => Tone::Ok,
        LeadStatus::Closed => Tone::Neutral,
        LeadStatus::Unrouted => Tone::Danger,
    }
}

pub fn source_kind(kind: LeadSourceKind) -> String {
    match kind {
        LeadSourceKind::Directory => t!("lead-source-directory"),
        LeadSourceKind::Website => t!("lead-source-website"),
        LeadSourceKind::Campaign => t!("lead-source-campaign"),
        LeadSourceKind::Event => t!("lead-source-event"),
        LeadSourceKind::Referral => t!("lead-source-referral"),
        LeadSourceKind::Outbound => t!("lead-source-outbound"),
        LeadSourceKind::Other => t!("lead-source-other"),
    }
}

/// The source in one line: its kind, and the campaign where there is one.
pub fn source(source: &LeadSource) -> String {
    match source.campaign.as_ref().or(source.utm_campaign.as_ref()) {
        Some(campaign) => format!("{} · {campaign}", source_kind(source.kind)),
        None => source_kind(source.kind),
    }
}

pub fn decline(reason: LeadDeclineReason) -> String {
    match reason {
        LeadDeclineReason::NoCapacity => t!("lead-decline-no-capacity"),
        LeadDeclineReason::OutOfTerritory => t!("lead-decline-territory"),
        LeadDeclineReason::NotOurField => t!("lead-decline-field"),
        LeadDeclineReason::Conflict => t!("lead-decline-conflict"),
        LeadDeclineReason::TooSmall => t!("lead-decline-small"),
        LeadDeclineReason::Other => t!("lead-reason-other"),
    }
}

pub fn close(reason: LeadCloseReason) -> String {
    match reason {
        LeadCloseReason::NotReachable => t!("lead-close-unreachable"),
        LeadCloseReason::NoInterest => t!("lead-close-no-interest"),
        LeadCloseReason::NotABuyer => t!("lead-close-no-buyer"),
        LeadCloseReason::Duplicate => t!("lead-close-duplicate"),
        LeadCloseReason::BoughtElsewhere => t!("lead-close-elsewhere"),
        LeadCloseReason::Other => t!("lead-reason-other"),
    }
}

pub fn outcome(outcome: LeadOfferOutcome) -> String {
    match outcome {
        LeadOfferOutcome::Open => t!("lead-offer-open"),
        LeadOfferOutcome::Accepted => t!("lead-offer-accepted"),
        LeadOfferOutcome::Declined => t!("lead-offer-declined"),
        LeadOfferOutcome::Lapsed => t!("lead-offer-lapsed"),
        LeadOfferOutcome::Withdrawn => t!("lead-offer-withdrawn"),
    }
}

pub fn basis(basis: LeadBasis) -> String {
    match basis {
        LeadBasis::AskedFor => t!("lead-basis-asked"),
        LeadBasis::Pinned => t!("lead-basis-pinned"),
        LeadBasis::Rule => t!("lead-basis-rule"),
        LeadBasis::Neighbour => t!("lead-basis-neighbour"),
        LeadBasis::ByHand => t!("lead-basis-hand"),
        LeadBasis::Vendor => t!("lead-basis-vendor"),
    }
}

pub fn strategy(strategy: LeadStrategy) -> String {
    match strategy {
        LeadStrategy::FairShare => t!("lead-strategy-fair"),
        LeadStrategy::Random => t!("lead-strategy-random"),
        LeadStrategy::Vendor => t!("lead-strategy-vendor"),
    }
}

pub fn factor(factor: LeadFactor) -> String {
    match factor {
        LeadFactor::Active => t!("lead-factor-active"),
        LeadFactor::NotTried => t!("lead-factor-not-tried"),
        LeadFactor::Territory => t!("lead-factor-territory"),
        LeadFactor::Vertical => t!("lead-factor-vertical"),
        LeadFactor::Competencies => t!("lead-factor-competencies"),
        LeadFactor::Tier => t!("lead-factor-tier"),
        LeadFactor::Weight => t!("lead-factor-weight"),
        LeadFactor::Capacity => t!("lead-factor-capacity"),
        LeadFactor::Activity => t!("lead-factor-activity"),
    }
}

/// What happened, by the name of the event; in English where this version does not know it.
pub fn event(kind: &str, sentence: &str) -> String {
    match kind {
        "LEAD_RECEIVED" => t!("lead-event-received"),
        "LEAD_IMPORTED" => t!("lead-event-imported"),
        "LEAD_JOINED" => t!("lead-event-joined"),
        "LEAD_ASSIGNED" => t!("lead-event-assigned"),
        "LEAD_UNROUTED" => t!("lead-event-unrouted"),
        "LEAD_ACCEPTED" => t!("lead-event-accepted"),
        "LEAD_DECLINED" => t!("lead-event-declined"),
        "LEAD_LAPSED" => t!("lead-event-lapsed"),
        "LEAD_WITHDRAWN" => t!("lead-event-withdrawn"),
        "LEAD_CONTACTED" => t!("lead-event-contacted"),
        "LEAD_FOLLOW_UP_MISSED" => t!("lead-event-follow-up-missed"),
        "LEAD_NOTE_ADDED" => t!("lead-event-note"),
        "LEAD_CONVERTED" => t!("lead-event-converted"),
        "LEAD_CLOSED" => t!("lead-event-closed"),
        _ => sentence.to_owned(),
    }
}

pub fn event_icon(kind: &str) -> (IconName, &'static str) {
    match kind {
        "LEAD_ASSIGNED" => (IconName::MoveRight, ""),
        "LEAD_ACCEPTED" => (IconName::CheckCircle, "e-timeline__icon--ok"),
        "LEAD_CONVERTED" => (IconName::Handshake, "e-timeline__icon--ok"),
        "LEAD_DECLINED" | "LEAD_CLOSED" => (IconName::Ban, "e-timeline__icon--danger"),
        "LEAD_LAPSED" | "LEAD_UNROUTED" | "LEAD_FOLLOW_UP_MISSED" => (IconName::AlertCircle, "e-timeline__icon--danger"),
        "LEAD_WITHDRAWN" => (IconName::Undo, ""),
        "LEAD_CONTACTED" => (IconName::Phone, ""),
        "LEAD_NOTE_ADDED" | "LEAD_JOINED" => (IconName::MessageCircle, ""),
        _ => (IconName::Inbox, ""),
    }
}

/// A changed field of an event in words; none for one that says nothing to a person.
pub fn changed(field: &str, value: &str) -> Option<String> {
    match field {
        "rule" => Some(t!("lead-change-rule", "name" => value)),
        "deal" => Some(value.to_owned()),
        "dueAt" => Some(t!("lead-change-due", "when" => format::date_time(&value.into()))),
        _ => None,
    }
}

/// What an error says to a person.
pub fn refusal(error: &FieldError) -> String {
    match error.code.as_str() {
        "STALE_VERSION" => t!("lead-refused-stale"),
        "WRONG_STATUS" => t!("lead-refused-status"),
        "WINDOW_OVER" => t!("lead-refused-window"),
        "PARTNER_NOT_ACTIVE" => t!("lead-refused-partner"),
        "SAME_PARTNER" => t!("lead-refused-same"),
        "NOT_ALLOWED" => t!("lead-refused-not-allowed"),
        "REQUIRED" => t!("lead-refused-required"),
        "EMAIL_INVALID" => t!("lead-refused-email"),
        "CONSENT_MISSING" => t!("lead-refused-consent"),
        _ => error.message.clone(),
    }
}

/// Who has it, in words.
pub fn holder(lead: &LeadCard) -> String {
    lead.partner.as_ref().map_or_else(|| t!("lead-with-vendor"), |partner| partner.name.clone())
}
