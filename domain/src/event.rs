//! Events: what happened, to what, by whom and why. Immutable, written with the change itself; the timeline, the live
//! stream and every later reader draw on them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ActionLinkId, ApiKeyId, DealId, DirectId, DisputeId, EventId, KitId, LeadId, PartnerId, ProgramId, RoomId, UserId};

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
    /// An opportunity of the vendor's own, in the version after the event.
    Direct {
        /// The opportunity.
        id: DirectId,
        /// Its version after the event.
        version: i32,
    },
    /// A lead, in the version after the event.
    Lead {
        /// The lead.
        id: LeadId,
        /// The partner that it concerns; none when it is the vendor's.
        partner_id: Option<PartnerId>,
        /// Its version after the event.
        version: i32,
    },
    /// A dispute, in the version after the event. Who the sides are is with the dispute alone.
    Dispute {
        /// The dispute.
        id: DisputeId,
        /// Its version after the event.
        version: i32,
    },
    /// The room of a deal, in the version after the event.
    Room {
        /// The room.
        id: RoomId,
        /// Its deal.
        deal_id: DealId,
        /// The partners who see it, or saw it until now.
        partners: Vec<PartnerId>,
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
    /// Notifications of these people.
    Inbox {
        /// Whose.
        people: Vec<UserId>,
    },
    /// A link in a letter that does one thing.
    ActionLink {
        /// The link.
        id: ActionLinkId,
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
    /// Protection ended because nothing had happened for too long.
    DealInactive,
    /// The deal was given free at the customer's request.
    DealReleased,
    /// The partner added evidence.
    DealEvidenceAdded,
    /// The partner asked the vendor something; protection stands still.
    DealVendorAsked,
    /// The vendor answered the partner's question.
    DealPartnerAnswered,
    /// The partner asked for an extension of the protection.
    DealExtensionRequested,
    /// The vendor extended the protection.
    DealExtensionGranted,
    /// The vendor did not extend the protection.
    DealExtensionDeclined,
    /// Protection ends soon.
    DealProtectionEnding,
    /// What the registration waited behind has ended.
    DealWayFreed,
    /// An opportunity of the vendor's own was recorded.
    DirectRecorded,
    /// An opportunity of the vendor's own was won or lost.
    DirectClosed,
    /// The vendor said to which group a customer belongs.
    CustomerGrouped,
    /// A step of the approval was given; the next approver owes a decision.
    DealStepApproved,
    /// The registration went to another person to decide.
    DealRerouted,
    /// Most of the time for a decision is used.
    DealAtRisk,
    /// The deadline of a decision passed.
    DealDeadlineMissed,
    /// The decision was still owed some time after its deadline, and went to the next owner.
    DealEscalated,
    /// A lead came in.
    LeadReceived,
    /// A lead came in with a file.
    LeadImported,
    /// The same person asked again for the same product.
    LeadJoined,
    /// A lead was offered to a partner.
    LeadAssigned,
    /// No partner was left for a lead.
    LeadUnrouted,
    /// The partner took a lead.
    LeadAccepted,
    /// The partner declined a lead.
    LeadDeclined,
    /// The partner did not answer in time.
    LeadLapsed,
    /// The vendor took a lead back from a partner.
    LeadWithdrawn,
    /// Somebody was in touch with the person.
    LeadContacted,
    /// Nobody was in touch with the person in time after the partner took a lead.
    LeadFollowUpMissed,
    /// A note was written on a lead.
    LeadNoteAdded,
    /// A deal came of a lead.
    LeadConverted,
    /// A lead came to nothing.
    LeadClosed,
    /// A partner opened a dispute.
    DisputeOpened,
    /// Somebody was named to decide it.
    DisputeArbiterNamed,
    /// A side or the vendor said something.
    DisputeStated,
    /// It was not decided in time.
    DisputeDeadlineMissed,
    /// The arbiter decided.
    DisputeDecided,
    /// Whoever opened it took it back.
    DisputeWithdrawn,
    /// The partners on a deal, their roles or shares changed.
    RoomParticipantsSet,
    /// The customer's permission to be named was recorded.
    RoomPermissionRecorded,
    /// The customer's permission was taken back.
    RoomPermissionWithdrawn,
    /// What participants see of a deal changed.
    RoomSharesSet,
    /// Somebody was introduced to somebody.
    RoomIntroduced,
    /// Something came of an introduction.
    RoomIntroductionConcluded,
    /// A message was written in a room.
    RoomMessageSent,
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
    /// People were told of something.
    NotificationsTold,
    /// Somebody read notifications, or marked them as unread.
    NotificationsRead,
    /// A link in a letter was made.
    ActionLinkMade,
    /// It was used.
    ActionLinkUsed,
    /// Somebody tried to use it, and nothing was done.
    ActionLinkRefused,
}

impl EventKind {
    /// Whether a deal that it happens to counts a new version; a note and news from elsewhere leave it as it is.
    pub fn changes_deal(self) -> bool {
        !matches!(self, EventKind::DealNoteAdded | EventKind::DealWayFreed | EventKind::CustomerGrouped)
    }

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
            EventKind::DealInactive => "DEAL_INACTIVE",
            EventKind::DealReleased => "DEAL_RELEASED",
            EventKind::DealEvidenceAdded => "DEAL_EVIDENCE_ADDED",
            EventKind::DealVendorAsked => "DEAL_VENDOR_ASKED",
            EventKind::DealPartnerAnswered => "DEAL_PARTNER_ANSWERED",
            EventKind::DealExtensionRequested => "DEAL_EXTENSION_REQUESTED",
            EventKind::DealExtensionGranted => "DEAL_EXTENSION_GRANTED",
            EventKind::DealExtensionDeclined => "DEAL_EXTENSION_DECLINED",
            EventKind::DealProtectionEnding => "DEAL_PROTECTION_ENDING",
            EventKind::DealWayFreed => "DEAL_WAY_FREED",
            EventKind::DirectRecorded => "DIRECT_RECORDED",
            EventKind::DirectClosed => "DIRECT_CLOSED",
            EventKind::CustomerGrouped => "CUSTOMER_GROUPED",
            EventKind::DealStepApproved => "DEAL_STEP_APPROVED",
            EventKind::DealRerouted => "DEAL_REROUTED",
            EventKind::DealAtRisk => "DEAL_AT_RISK",
            EventKind::DealDeadlineMissed => "DEAL_DEADLINE_MISSED",
            EventKind::DealEscalated => "DEAL_ESCALATED",
            EventKind::LeadReceived => "LEAD_RECEIVED",
            EventKind::LeadImported => "LEAD_IMPORTED",
            EventKind::LeadJoined => "LEAD_JOINED",
            EventKind::LeadAssigned => "LEAD_ASSIGNED",
            EventKind::LeadUnrouted => "LEAD_UNROUTED",
            EventKind::LeadAccepted => "LEAD_ACCEPTED",
            EventKind::LeadDeclined => "LEAD_DECLINED",
            EventKind::LeadLapsed => "LEAD_LAPSED",
            EventKind::LeadWithdrawn => "LEAD_WITHDRAWN",
            EventKind::LeadContacted => "LEAD_CONTACTED",
            EventKind::LeadFollowUpMissed => "LEAD_FOLLOW_UP_MISSED",
            EventKind::LeadNoteAdded => "LEAD_NOTE_ADDED",
            EventKind::LeadConverted => "LEAD_CONVERTED",
            EventKind::LeadClosed => "LEAD_CLOSED",
            EventKind::DisputeOpened => "DISPUTE_OPENED",
            EventKind::DisputeArbiterNamed => "DISPUTE_ARBITER_NAMED",
            EventKind::DisputeStated => "DISPUTE_STATED",
            EventKind::DisputeDeadlineMissed => "DISPUTE_DEADLINE_MISSED",
            EventKind::DisputeDecided => "DISPUTE_DECIDED",
            EventKind::DisputeWithdrawn => "DISPUTE_WITHDRAWN",
            EventKind::RoomParticipantsSet => "ROOM_PARTICIPANTS_SET",
            EventKind::RoomPermissionRecorded => "ROOM_PERMISSION_RECORDED",
            EventKind::RoomPermissionWithdrawn => "ROOM_PERMISSION_WITHDRAWN",
            EventKind::RoomSharesSet => "ROOM_SHARES_SET",
            EventKind::RoomIntroduced => "ROOM_INTRODUCED",
            EventKind::RoomIntroductionConcluded => "ROOM_INTRODUCTION_CONCLUDED",
            EventKind::RoomMessageSent => "ROOM_MESSAGE_SENT",
            EventKind::PartnerChanged => "PARTNER_CHANGED",
            EventKind::ProgramChanged => "PROGRAM_CHANGED",
            EventKind::KitChanged => "KIT_CHANGED",
            EventKind::UserChanged => "USER_CHANGED",
            EventKind::ApiKeyCreated => "API_KEY_CREATED",
            EventKind::ApiKeyRevoked => "API_KEY_REVOKED",
            EventKind::NotificationsTold => "NOTIFICATIONS_TOLD",
            EventKind::NotificationsRead => "NOTIFICATIONS_READ",
            EventKind::ActionLinkMade => "ACTION_LINK_MADE",
            EventKind::ActionLinkUsed => "ACTION_LINK_USED",
            EventKind::ActionLinkRefused => "ACTION_LINK_REFUSED",
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
            EventKind::DealInactive => "Protection ended, nothing had happened for too long",
            EventKind::DealReleased => "Gave the deal free at the customer's request",
            EventKind::DealEvidenceAdded => "Added evidence",
            EventKind::DealVendorAsked => "Asked the vendor",
            EventKind::DealPartnerAnswered => "Answered the partner",
            EventKind::DealExtensionRequested => "Asked for an extension",
            EventKind::DealExtensionGranted => "Extended the protection",
            EventKind::DealExtensionDeclined => "Declined the extension",
            EventKind::DealProtectionEnding => "Protection ends soon",
            EventKind::DealWayFreed => "What it waited behind has ended",
            EventKind::DirectRecorded => "Recorded a direct opportunity",
            EventKind::DirectClosed => "Closed a direct opportunity",
            EventKind::CustomerGrouped => "Said to which group the customer belongs",
            EventKind::DealStepApproved => "Approved a step",
            EventKind::DealRerouted => "Handed the registration on",
            EventKind::DealAtRisk => "The deadline is near",
            EventKind::DealDeadlineMissed => "The deadline was missed",
            EventKind::DealEscalated => "Late, it goes to the next owner",
            EventKind::LeadReceived => "Received the lead",
            EventKind::LeadImported => "Imported the lead",
            EventKind::LeadJoined => "Asked again",
            EventKind::LeadAssigned => "Offered the lead",
            EventKind::LeadUnrouted => "No partner is left, the vendor takes care",
            EventKind::LeadAccepted => "Took the lead",
            EventKind::LeadDeclined => "Declined the lead",
            EventKind::LeadLapsed => "The time to answer ended",
            EventKind::LeadWithdrawn => "Took the lead back",
            EventKind::LeadContacted => "Was in touch",
            EventKind::LeadFollowUpMissed => "Nobody was in touch in time",
            EventKind::LeadNoteAdded => "Wrote a note",
            EventKind::LeadConverted => "Made a deal of the lead",
            EventKind::LeadClosed => "Closed the lead",
            EventKind::DisputeOpened => "Opened a dispute",
            EventKind::DisputeArbiterNamed => "Named who decides the dispute",
            EventKind::DisputeStated => "Said something in the dispute",
            EventKind::DisputeDeadlineMissed => "The dispute was not decided in time",
            EventKind::DisputeDecided => "Decided the dispute",
            EventKind::DisputeWithdrawn => "Withdrew the dispute",
            EventKind::RoomParticipantsSet => "Said who takes part",
            EventKind::RoomPermissionRecorded => "Recorded the customer's permission",
            EventKind::RoomPermissionWithdrawn => "Took the customer's permission back",
            EventKind::RoomSharesSet => "Changed what partners see of the deal",
            EventKind::RoomIntroduced => "Recorded an introduction",
            EventKind::RoomIntroductionConcluded => "Said what came of an introduction",
            EventKind::RoomMessageSent => "Wrote in the room",
            EventKind::PartnerChanged => "Changed the partner",
            EventKind::ProgramChanged => "Changed the program",
            EventKind::KitChanged => "Changed the kit",
            EventKind::UserChanged => "Changed the account",
            EventKind::ApiKeyCreated => "Made the key",
            EventKind::ApiKeyRevoked => "Revoked the key",
            EventKind::NotificationsTold => "Told people",
            EventKind::NotificationsRead => "Read notifications",
            EventKind::ActionLinkMade => "Made a link in a letter",
            EventKind::ActionLinkUsed => "Used a link in a letter",
            EventKind::ActionLinkRefused => "A link in a letter was refused",
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
