//! Words for what the schema names with codes: statuses, roles, kinds, errors. One place, so that a code reads the
//! same on every screen.

use entente_web_api::{
    ApiError, FieldError,
    deal::{AttentionKind, RegistrationStatus},
    kit::KitAssetKind,
    viewer::Role,
};

use crate::{t, ui::Tone};

/// A sentence for a request that has no answer.
pub fn api_error(error: &ApiError) -> String {
    match error {
        ApiError::Offline => t!("error-offline"),
        ApiError::Unauthenticated => t!("error-unauthenticated"),
        ApiError::Forbidden => t!("error-forbidden"),
        ApiError::RateLimited => t!("error-rate-limited"),
        ApiError::Server { request_id: Some(id), .. } => t!("error-server-with-id", "id" => id.clone()),
        ApiError::Server { request_id: None, .. } => t!("error-server"),
    }
}

/// The message of the first error about `field`, for the text under it.
pub fn error_for(errors: &[FieldError], field: &str) -> Option<String> {
    errors.iter().find(|error| error.is_about(field)).map(|error| error.message.clone())
}

/// The messages of errors that are about none of `fields`, for the alert above a form.
pub fn other_errors(errors: &[FieldError], fields: &[&str]) -> Vec<String> {
    errors.iter().filter(|error| !fields.iter().any(|field| error.is_about(field))).map(|error| error.message.clone()).collect()
}

/// The errors that are still in force once `field` was changed.
pub fn without(errors: &[FieldError], field: &str) -> Vec<FieldError> {
    errors.iter().filter(|error| !error.is_about(field)).cloned().collect()
}

pub fn status(status: RegistrationStatus) -> String {
    match status {
        RegistrationStatus::Draft => t!("status-draft"),
        RegistrationStatus::Submitted => t!("status-submitted"),
        RegistrationStatus::InReview => t!("status-in-review"),
        RegistrationStatus::InfoRequested => t!("status-info-requested"),
        RegistrationStatus::Approved => t!("status-approved"),
        RegistrationStatus::Rejected => t!("status-rejected"),
        RegistrationStatus::Withdrawn => t!("status-withdrawn"),
        RegistrationStatus::Expired => t!("status-expired"),
        RegistrationStatus::Released => t!("status-released"),
    }
}

pub fn status_tone(status: RegistrationStatus) -> Tone {
    match status {
        RegistrationStatus::Submitted | RegistrationStatus::InReview => Tone::Info,
        RegistrationStatus::InfoRequested => Tone::Warm,
        RegistrationStatus::Approved => Tone::Ok,
        RegistrationStatus::Rejected => Tone::Danger,
        RegistrationStatus::Draft | RegistrationStatus::Withdrawn | RegistrationStatus::Expired | RegistrationStatus::Released => Tone::Neutral,
    }
}

pub fn role(role: Role) -> String {
    match role {
        Role::Admin => t!("role-admin"),
        Role::ChannelManager => t!("role-channel-manager"),
        Role::MarketingManager => t!("role-marketing-manager"),
        Role::Sales => t!("role-sales"),
        Role::Finance => t!("role-finance"),
        Role::PartnerAdmin => t!("role-partner-admin"),
        Role::PartnerSales => t!("role-partner-sales"),
        Role::PartnerTechnical => t!("role-partner-technical"),
        Role::PartnerMarketing => t!("role-partner-marketing"),
        Role::Integration => t!("role-integration"),
    }
}

pub fn attention(kind: AttentionKind) -> String {
    match kind {
        AttentionKind::DecisionDue => t!("attention-decision-due"),
        AttentionKind::AnswerOwed => t!("attention-answer-owed"),
        AttentionKind::ProtectionEnding => t!("attention-protection-ending"),
        AttentionKind::CloseDatePassed => t!("attention-close-date-passed"),
        AttentionKind::PartnerWaits => t!("attention-partner-waits"),
    }
}

pub fn asset_kind(kind: KitAssetKind) -> String {
    match kind {
        KitAssetKind::Email => t!("asset-email"),
        KitAssetKind::LandingPage => t!("asset-landing-page"),
        KitAssetKind::SocialPost => t!("asset-social-post"),
        KitAssetKind::Document => t!("asset-document"),
        KitAssetKind::Banner => t!("asset-banner"),
        KitAssetKind::Presentation => t!("asset-presentation"),
        KitAssetKind::File => t!("asset-file"),
    }
}
