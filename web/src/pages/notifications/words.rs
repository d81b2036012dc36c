//! Words and icons for kinds of notifications.

use entente_web_api::notification::{Notification, NotificationChannel};

use crate::{t, ui::IconName};

/// What happened, as a sentence.
pub fn sentence(n: &Notification) -> String {
    let (partner, actor) = (n.partner_name.clone(), n.actor_name.clone());
    match n.kind.as_str() {
        "DECISION_OWED" => t!("notification-said-decision-owed", "partner" => partner),
        "STEP_OWED" => t!("notification-said-step-owed", "actor" => actor),
        "HANDED_ON" => t!("notification-said-handed-on", "actor" => actor),
        "QUESTION_ANSWERED" => t!("notification-said-question-answered", "actor" => actor),
        "QUESTION_ASKED" => t!("notification-said-question-asked", "actor" => actor),
        "PARTNER_ASKED" => t!("notification-said-partner-asked", "partner" => partner),
        "EXTENSION_ASKED" => t!("notification-said-extension-asked", "partner" => partner),
        "APPROVED" => t!("notification-said-approved", "actor" => actor),
        "REJECTED" => t!("notification-said-rejected", "actor" => actor),
        "PARTNER_ANSWERED" => t!("notification-said-partner-answered", "actor" => actor),
        "EXTENSION_GRANTED" => t!("notification-said-extension-granted"),
        "EXTENSION_DECLINED" => t!("notification-said-extension-declined"),
        "PROTECTION_ENDING" => t!("notification-said-protection-ending"),
        "PROTECTION_ENDED" => t!("notification-said-protection-ended"),
        "RELEASED" => t!("notification-said-released"),
        "WAY_FREED" => t!("notification-said-way-freed"),
        "WITHDRAWN" => t!("notification-said-withdrawn", "partner" => partner),
        "DEADLINE_NEAR" => t!("notification-said-deadline-near"),
        "DEADLINE_MISSED" => t!("notification-said-deadline-missed"),
        "ESCALATED" => t!("notification-said-escalated"),
        "DISPUTE_OPENED" => t!("notification-said-dispute-opened"),
        "DISPUTE_ARBITER_OWED" => t!("notification-said-dispute-arbiter-owed", "partner" => partner),
        "DISPUTE_DECISION_OWED" => t!("notification-said-dispute-decision-owed", "actor" => actor),
        "DISPUTE_DEADLINE_MISSED" => t!("notification-said-dispute-deadline-missed"),
        "DISPUTE_STATED" => t!("notification-said-dispute-stated"),
        "DISPUTE_DECIDED" => t!("notification-said-dispute-decided", "actor" => actor),
        "DISPUTE_WITHDRAWN" => t!("notification-said-dispute-withdrawn"),
        "ROOM_JOINED" => t!("notification-said-room-joined", "partner" => partner),
        "ROOM_MESSAGE" => t!("notification-said-room-message", "actor" => actor),
        "LEAD_OFFERED" => t!("notification-said-lead-offered"),
        "LEAD_LEFT" => t!("notification-said-lead-left"),
        "LEAD_FOLLOW_UP_DUE" => t!("notification-said-lead-follow-up-due"),
        _ => t!("notification-said-other", "actor" => actor),
    }
}

/// A kind in the list of preferences.
pub fn kind(kind: &str) -> String {
    match kind {
        "DECISION_OWED" => t!("notification-kind-decision-owed"),
        "STEP_OWED" => t!("notification-kind-step-owed"),
        "HANDED_ON" => t!("notification-kind-handed-on"),
        "QUESTION_ANSWERED" => t!("notification-kind-question-answered"),
        "QUESTION_ASKED" => t!("notification-kind-question-asked"),
        "PARTNER_ASKED" => t!("notification-kind-partner-asked"),
        "EXTENSION_ASKED" => t!("notification-kind-extension-asked"),
        "APPROVED" => t!("notification-kind-approved"),
        "REJECTED" => t!("notification-kind-rejected"),
        "PARTNER_ANSWERED" => t!("notification-kind-partner-answered"),
        "EXTENSION_GRANTED" => t!("notification-kind-extension-granted"),
        "EXTENSION_DECLINED" => t!("notification-kind-extension-declined"),
        "PROTECTION_ENDING" => t!("notification-kind-protection-ending"),
        "PROTECTION_ENDED" => t!("notification-kind-protection-ended"),
        "RELEASED" => t!("notification-kind-released"),
        "WAY_FREED" => t!("notification-kind-way-freed"),
        "WITHDRAWN" => t!("notification-kind-withdrawn"),
        "DEADLINE_NEAR" => t!("notification-kind-deadline-near"),
        "DEADLINE_MISSED" => t!("notification-kind-deadline-missed"),
        "ESCALATED" => t!("notification-kind-escalated"),
        "DISPUTE_OPENED" => t!("notification-kind-dispute-opened"),
        "DISPUTE_ARBITER_OWED" => t!("notification-kind-dispute-arbiter-owed"),
        "DISPUTE_DECISION_OWED" => t!("notification-kind-dispute-decision-owed"),
        "DISPUTE_DEADLINE_MISSED" => t!("notification-kind-dispute-deadline-missed"),
        "DISPUTE_STATED" => t!("notification-kind-dispute-stated"),
        "DISPUTE_DECIDED" => t!("notification-kind-dispute-decided"),
        "DISPUTE_WITHDRAWN" => t!("notification-kind-dispute-withdrawn"),
        "ROOM_JOINED" => t!("notification-kind-room-joined"),
        "ROOM_MESSAGE" => t!("notification-kind-room-message"),
        "LEAD_OFFERED" => t!("notification-kind-lead-offered"),
        "LEAD_LEFT" => t!("notification-kind-lead-left"),
        "LEAD_FOLLOW_UP_DUE" => t!("notification-kind-lead-follow-up-due"),
        other => other.to_owned(),
    }
}

pub fn icon(kind: &str) -> IconName {
    match kind {
        "DECISION_OWED" | "STEP_OWED" | "HANDED_ON" | "DISPUTE_DECISION_OWED" => IconName::Inbox,
        "QUESTION_ASKED" | "PARTNER_ASKED" => IconName::CircleHelp,
        "QUESTION_ANSWERED" | "PARTNER_ANSWERED" | "DISPUTE_STATED" | "ROOM_MESSAGE" => IconName::MessageCircle,
        "APPROVED" | "DISPUTE_DECIDED" => IconName::CheckCircle,
        "REJECTED" | "WITHDRAWN" | "DISPUTE_WITHDRAWN" => IconName::Ban,
        "EXTENSION_ASKED" | "EXTENSION_GRANTED" | "EXTENSION_DECLINED" => IconName::Clock,
        "PROTECTION_ENDING" | "PROTECTION_ENDED" | "RELEASED" => IconName::Shield,
        "DEADLINE_NEAR" | "DEADLINE_MISSED" | "DISPUTE_DEADLINE_MISSED" => IconName::AlertTriangle,
        "DISPUTE_OPENED" | "DISPUTE_ARBITER_OWED" => IconName::AlertCircle,
        "ROOM_JOINED" => IconName::Users,
        "ESCALATED" => IconName::MoveRight,
        "LEAD_OFFERED" | "LEAD_LEFT" | "LEAD_FOLLOW_UP_DUE" => IconName::Handshake,
        "WAY_FREED" => IconName::ShieldCheck,
        _ => IconName::Bell,
    }
}

/// A way of being told: its key in the list, and its words.
pub fn channel(channel: NotificationChannel) -> (&'static str, String) {
    match channel {
        NotificationChannel::Off => ("off", t!("notification-channel-off")),
        NotificationChannel::InApp => ("in-app", t!("notification-channel-in-app")),
        NotificationChannel::Digest => ("digest", t!("notification-channel-digest")),
        NotificationChannel::Email => ("email", t!("notification-channel-email")),
    }
}
