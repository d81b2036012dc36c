//! Events: what happened, to what, by whom and why. Immutable, written with the change itself; the timeline, the live
//! stream and every later reader draw on them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ApiKeyId, DealId, EventId, KitId, PartnerId, ProgramId, UserId};

/// Who may see a note or an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visibility {
    /// Both sides.
    Shared,
    /// The vendor only.
    Internal,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventActor {
    /// The person; none when a clock or an import did it.
    pub user_id: Option<UserId>,
    /// Name as it was then.
    pub name: String,
}

/// What it happened to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Subject {
    /// A deal, in the version after the event.
    Deal {
        /// The deal.
        id: DealId,
        /// Whose deal it is.
        partner_id: PartnerId,
        /// Its version after the event.
        version: i32,
    },
    /// A partner's profile.
    Partner {
        /// The partner.
        id: PartnerId,
    },
    /// The program's settings.
    Program {
        /// The program.
        id: ProgramId,
    },
    /// A kit.
    Kit {
        /// The kit.
        id: KitId,
    },
    /// A person's account, roles or rights.
    User {
        /// The person.
        id: UserId,
    },
    /// An integrator's key.
    ApiKey {
        /// The key.
        id: ApiKeyId,
    },
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventKind {
    /// A deal was registered.
    DealRegistered,
    /// A deal came in with an import.
    DealImported,
    /// The registration was approved.
    DealApproved,
    /// The registration was rejected.
    DealRejected,
    /// The vendor asked the partner something.
    DealInfoRequested,
    /// The partner answered.
    DealInfoProvided,
    /// The partner withdrew.
    DealWithdrawn,
    /// The stage of the sale changed.
    DealStageMoved,
    /// A note was written.
    DealNoteAdded,
    /// Title, next step or close date changed.
    DealUpdated,
    /// Protection ran out.
    DealExpired,
    /// A step of the approval was given; the next approver owes a decision.
    DealStepApproved,
    /// The registration went to another person to decide.
    DealRerouted,
    /// A partner was added or its profile changed.
    PartnerChanged,
    /// The program's settings changed.
    ProgramChanged,
    /// A kit was added or changed.
    KitChanged,
    /// A person's account changed.
    UserChanged,
    /// A key was made.
    ApiKeyCreated,
    /// A key was revoked.
    ApiKeyRevoked,
}

impl EventKind {
    /// The name on the wire and in the store, as `DEAL_APPROVED`.
    pub fn name(self) -> &'static str {
        match self {
            EventKind::DealRegistered => "DEAL_REGISTERED",
            EventKind::DealImported => "DEAL_IMPORTED",
            EventKind::DealApproved => "DEAL_APPROVED",
            EventKind::DealRejected => "DEAL_REJECTED",
            EventKind::DealInfoRequested => "DEAL_INFO_REQUESTED",
            EventKind::DealInfoProvided => "DEAL_INFO_PROVIDED",
            EventKind::DealWithdrawn => "DEAL_WITHDRAWN",
            EventKind::DealStageMoved => "DEAL_STAGE_MOVED",
            EventKind::DealNoteAdded => "DEAL_NOTE_ADDED",
            EventKind::DealUpdated => "DEAL_UPDATED",
            EventKind::DealExpired => "DEAL_EXPIRED",
            EventKind::DealStepApproved => "DEAL_STEP_APPROVED",
            EventKind::DealRerouted => "DEAL_REROUTED",
            EventKind::PartnerChanged => "PARTNER_CHANGED",
            EventKind::ProgramChanged => "PROGRAM_CHANGED",
            EventKind::KitChanged => "KIT_CHANGED",
            EventKind::UserChanged => "USER_CHANGED",
            EventKind::ApiKeyCreated => "API_KEY_CREATED",
            EventKind::ApiKeyRevoked => "API_KEY_REVOKED",
        }
    }

    /// What happened in a few words of English; the app says it in the viewer's language by [`EventKind::name`].
    pub fn sentence(self) -> &'static str {
        match self {
            EventKind::DealRegistered => "Registered the deal",
            EventKind::DealImported => "Imported the deal",
            EventKind::DealApproved => "Approved the registration",
            EventKind::DealRejected => "Rejected the registration",
            EventKind::DealInfoRequested => "Asked for information",
            EventKind::DealInfoProvided => "Answered the question",
            EventKind::DealWithdrawn => "Withdrew the registration",
            EventKind::DealStageMoved => "Moved the stage",
            EventKind::DealNoteAdded => "Wrote a note",
            EventKind::DealUpdated => "Changed the deal",
            EventKind::DealExpired => "Protection ran out",
            EventKind::DealStepApproved => "Approved a step",
            EventKind::DealRerouted => "Handed the registration on",
            EventKind::PartnerChanged => "Changed the partner",
            EventKind::ProgramChanged => "Changed the program",
            EventKind::KitChanged => "Changed the kit",
            EventKind::UserChanged => "Changed the account",
            EventKind::ApiKeyCreated => "Made the key",
            EventKind::ApiKeyRevoked => "Revoked the key",
        }
    }
}

/// A field that changed, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Name of the field as in the schema.
    pub field: String,
    /// Before, as text.
    pub before: Option<String>,
    /// After, as text.
    pub after: Option<String>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// To what.
    pub subject: Subject,
    /// When.
    pub occurred_at: Timestamp,
    /// By whom.
    pub actor: EventActor,
    /// Who may see it.
    pub visibility: Visibility,
    /// What the actor wrote: note, question, answer, reason.
    pub text: Option<String>,
    /// Fields before and after.
    pub changes: Vec<FieldChange>,
}

/// An event with its place in the one order of all events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberedEvent {
    /// Its number: 1, 2, 3 ... without gaps.
    pub seq: i64,
    /// The event.
    pub event: Event,
}
