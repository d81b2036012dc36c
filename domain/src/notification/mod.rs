//! Notifications: who is told of what happened, whether an answer is asked for, and how pressing it is. One table, from the
//! kind of an event to whom it is told and as what; a kind of event that is not in it tells nobody.
//!
//! To add one: a row in [`told`], a kind with its properties here, its sentence in the letters (`server/mail/templates`) and in
//! the app (`web/locales/*/notification.ftl`).

mod matter;
pub mod of_dispute;
pub mod of_room;
pub mod preference;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::action_link::LinkAction;
use crate::deal::RegistrationStatus;
use crate::dispute::Side;
use crate::event::{Event, EventKind, Visibility};
use crate::id::{EventId, NotificationId, PartnerId, UserId};
use crate::lead::LeadStatus;
use crate::money::Money;
use crate::policy::{Action, Actor, Resource, can, scope};
use crate::user::{Role, User};
pub use matter::{About, Matter};
use preference::Channel;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $priority:ident, $channel:ident;)*) => {
        /// What a notification says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum NotificationKind { $($(#[$doc])* $kind,)* }

        impl NotificationKind {
            /// Every kind, as it stands in the list of preferences.
            pub const ALL: &'static [NotificationKind] = &[$(Self::$kind,)*];

            /// The name on the wire and in the store, as `DECISION_OWED`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// How pressing it is.
            pub fn priority(self) -> Priority {
                match self { $(Self::$kind => Priority::$priority,)* }
            }

            /// How it is told to somebody who never said.
            pub fn usual(self) -> Channel {
                match self { $(Self::$kind => Channel::$channel,)* }
            }
        }
    };
}

kinds! {
    /// A registration waits for the reader's decision.
    DecisionOwed = "DECISION_OWED", Answer, Email;
    /// An earlier step was approved; the reader's approval is next.
    StepOwed = "STEP_OWED", Answer, Email;
    /// The decision was handed to the reader.
    HandedOn = "HANDED_ON", Answer, Email;
    /// The partner answered; a decision is owed again.
    QuestionAnswered = "QUESTION_ANSWERED", Answer, Email;
    /// The vendor asks the reader's partner something.
    QuestionAsked = "QUESTION_ASKED", Answer, Email;
    /// The partner asks the vendor something.
    PartnerAsked = "PARTNER_ASKED", Answer, Email;
    /// The partner asks for an extension.
    ExtensionAsked = "EXTENSION_ASKED", Answer, Email;
    /// The deadline of the reader's decision is near.
    DeadlineNear = "DEADLINE_NEAR", Answer, Email;
    /// The deadline of the reader's decision was missed.
    DeadlineMissed = "DEADLINE_MISSED", Answer, Email;
    /// A lead was offered to the reader's partner.
    LeadOffered = "LEAD_OFFERED", Answer, Email;
    /// No partner is left for a lead: the reader takes care of it.
    LeadLeft = "LEAD_LEFT", Answer, Email;
    /// The reader took a lead, and nobody was in touch in time.
    LeadFollowUpDue = "LEAD_FOLLOW_UP_DUE", Answer, Email;
    /// Another company disputes the deal of the reader's partner: it says its side.
    DisputeOpened = "DISPUTE_OPENED", Answer, Email;
    /// A dispute waits for somebody who decides it.
    DisputeArbiterOwed = "DISPUTE_ARBITER_OWED", Answer, Email;
    /// The reader was named to decide a dispute.
    DisputeDecisionOwed = "DISPUTE_DECISION_OWED", Answer, Email;
    /// The deadline of a dispute passed.
    DisputeDeadlineMissed = "DISPUTE_DEADLINE_MISSED", Answer, Email;
    /// The registration was approved.
    Approved = "APPROVED", Result, Email;
    /// The registration was rejected.
    Rejected = "REJECTED", Result, Email;
    /// The vendor answered the partner's question.
    PartnerAnswered = "PARTNER_ANSWERED", Result, Email;
    /// The protection was extended.
    ExtensionGranted = "EXTENSION_GRANTED", Result, Email;
    /// The protection was not extended.
    ExtensionDeclined = "EXTENSION_DECLINED", Result, Email;
    /// The protection ends soon.
    ProtectionEnding = "PROTECTION_ENDING", Result, Email;
    /// The protection ended.
    ProtectionEnded = "PROTECTION_ENDED", Result, Digest;
    /// The deal was given free at the customer's request.
    Released = "RELEASED", Result, Digest;
    /// What the registration waited behind has ended.
    WayFreed = "WAY_FREED", Result, Email;
    /// Somebody said something in a dispute that the reader may read.
    DisputeStated = "DISPUTE_STATED", Result, Email;
    /// A dispute was decided.
    DisputeDecided = "DISPUTE_DECIDED", Result, Email;
    /// The reader's partner takes part in the room of a deal.
    RoomJoined = "ROOM_JOINED", Result, Email;
    /// Somebody of another party wrote in a room.
    RoomMessage = "ROOM_MESSAGE", Result, Digest;
    /// The vendor is late, and the decision goes to the next owner.
    Escalated = "ESCALATED", Note, InApp;
    /// The partner took the registration back.
    Withdrawn = "WITHDRAWN", Note, InApp;
    /// Whoever opened a dispute took it back.
    DisputeWithdrawn = "DISPUTE_WITHDRAWN", Note, InApp;
}

/// How pressing a notification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Priority {
    /// Good to know.
    Note,
    /// What came of something that the reader did or waits for.
    Result,
    /// Somebody waits for the reader.
    Answer,
}

impl NotificationKind {
    /// Whether somebody waits for the reader's answer. What asks for one is always in the app.
    pub fn asks(self) -> bool {
        self.priority() == Priority::Answer
    }

    /// What the reader can do at once, without signing in.
    pub fn actions(self) -> &'static [LinkAction] {
        match self {
            Self::DecisionOwed | Self::StepOwed | Self::HandedOn | Self::QuestionAnswered => &[LinkAction::Approve, LinkAction::Reject],
            Self::DeadlineNear | Self::DeadlineMissed => &[LinkAction::Approve, LinkAction::Reject],
            Self::QuestionAsked => &[LinkAction::Answer],
            Self::LeadOffered => &[LinkAction::AcceptLead, LinkAction::DeclineLead],
            Self::PartnerAsked => &[LinkAction::AnswerPartner],
            Self::ExtensionAsked => &[LinkAction::GrantExtension, LinkAction::DeclineExtension],
            _ => &[],
        }
    }

    /// Whether it asks for a decision on a registration.
    pub fn is_decision(self) -> bool {
        matches!(self, Self::DecisionOwed | Self::StepOwed | Self::HandedOn | Self::QuestionAnswered | Self::DeadlineNear | Self::DeadlineMissed)
    }

    /// Whether readers of that side are ever told of it: a screen of preferences shows a person only these.
    pub fn is_for(self, vendor: bool) -> bool {
        let of_both = matches!(self, Self::DisputeStated | Self::DisputeWithdrawn | Self::RoomMessage);
        let of_dispute = matches!(self, Self::DisputeArbiterOwed | Self::DisputeDecisionOwed | Self::DisputeDeadlineMissed);
        let of_deal = self.is_decision() || matches!(self, Self::PartnerAsked | Self::ExtensionAsked | Self::Withdrawn);
        let of_vendor = of_deal || of_dispute || self == Self::LeadLeft;
        of_both || of_vendor == vendor
    }
}

/// Whom something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Readers {
    /// Who decides on the deal now, or the cover while that person is away; the vendor's administrators where nobody does.
    Decider,
    /// The partner's people of that deal: who registered it, and the partner's administrators.
    PartnerPeople,
    /// Who registered it; the partner's administrators where that person is gone, or an import brought the deal.
    Registrant,
    /// Those of the partner to which a lead was offered who may take it.
    LeadPartner,
    /// Who took a lead for the partner; the partner's administrators where that person is gone, or nobody knows who it was.
    LeadTaker,
    /// The vendor's own person for a lead; the vendor's administrators where there is none.
    LeadOwner,
    /// The people of the side that opened a dispute: who did, and the partner's administrators.
    Complainant,
    /// The people of the other side: who registered its deal, and the partner's administrators.
    Respondent,
    /// Who decides a dispute; the vendor's administrators while nobody is named.
    Arbiter,
    /// Who decides a dispute, and the vendor's administrators.
    ArbiterAndAdmins,
    /// The vendor's administrators, for a dispute.
    Admins,
    /// The vendor's person for the deal of a room; the vendor's administrators where there is none.
    RoomVendor,
    /// A partner's people in a room: who registered the deal, and administrators; of a guest administrators and sellers.
    RoomPartner,
    /// The administrators of a partner that was let into a room.
    RoomNewcomer,
}

impl Readers {
    /// Whether they are of the vendor's side.
    pub fn of_vendor(self) -> bool {
        matches!(self, Self::Decider | Self::LeadOwner | Self::Arbiter | Self::ArbiterAndAdmins | Self::Admins | Self::RoomVendor)
    }

    /// Whether all of them are told, and the administrators not only where the one person is gone.
    fn together(self) -> bool {
        matches!(self, Self::PartnerPeople | Self::Complainant | Self::Respondent | Self::ArbiterAndAdmins | Self::RoomPartner)
    }

    /// Whether they are of those who have it like that: each side of a dispute and each party of a room has readers of its own.
    fn have(self, matter: Matter<'_>) -> bool {
        match matter {
            Matter::Deal(_) | Matter::Lead(_) => true,
            Matter::Dispute(_, Side::Complainant) => self == Self::Complainant,
            Matter::Dispute(_, Side::Respondent) => self == Self::Respondent,
            Matter::Dispute(_, Side::Vendor) | Matter::Room(_, None) => self.of_vendor(),
            Matter::Room(_, Some(_)) => !self.of_vendor(),
        }
    }

    /// What they have to be allowed to, beside seeing it.
    fn right(self) -> Option<Action> {
        match self {
            Self::Decider => Some(Action::DecideDeal),
            Self::LeadPartner => Some(Action::AnswerLead),
            Self::LeadOwner | Self::LeadTaker => Some(Action::WorkLead),
            Self::Arbiter | Self::ArbiterAndAdmins | Self::Admins => Some(Action::DecideDispute),
            Self::PartnerPeople | Self::Registrant | Self::Complainant | Self::Respondent => None,
            Self::RoomVendor | Self::RoomPartner | Self::RoomNewcomer => None,
        }
    }
}

/// The table: what is told of an event, and to whom.
pub fn told(event: EventKind) -> &'static [(Readers, NotificationKind)] {
    use NotificationKind as N;
    use Readers::{Admins, Arbiter, ArbiterAndAdmins, Complainant, Respondent, RoomNewcomer, RoomPartner, RoomVendor};
    use Readers::{Decider, LeadOwner, LeadPartner, LeadTaker, PartnerPeople, Registrant};
    match event {
        EventKind::DealRegistered => &[(Decider, N::DecisionOwed)],
        EventKind::DealStepApproved => &[(Decider, N::StepOwed)],
        EventKind::DealRerouted => &[(Decider, N::HandedOn)],
        EventKind::DealInfoRequested => &[(PartnerPeople, N::QuestionAsked)],
        EventKind::DealInfoProvided => &[(Decider, N::QuestionAnswered)],
        EventKind::DealApproved => &[(Registrant, N::Approved)],
        EventKind::DealRejected => &[(Registrant, N::Rejected)],
        EventKind::DealWithdrawn => &[(Decider, N::Withdrawn)],
        EventKind::DealVendorAsked => &[(Decider, N::PartnerAsked)],
        EventKind::DealPartnerAnswered => &[(PartnerPeople, N::PartnerAnswered)],
        EventKind::DealExtensionRequested => &[(Decider, N::ExtensionAsked)],
        EventKind::DealExtensionGranted => &[(PartnerPeople, N::ExtensionGranted)],
        EventKind::DealExtensionDeclined => &[(PartnerPeople, N::ExtensionDeclined)],
        EventKind::DealProtectionEnding => &[(PartnerPeople, N::ProtectionEnding)],
        EventKind::DealExpired | EventKind::DealInactive => &[(PartnerPeople, N::ProtectionEnded)],
        EventKind::DealReleased => &[(PartnerPeople, N::Released)],
        EventKind::DealAtRisk => &[(Decider, N::DeadlineNear)],
        EventKind::DealDeadlineMissed => &[(Decider, N::DeadlineMissed)],
        EventKind::DealEscalated => &[(Registrant, N::Escalated)],
        EventKind::LeadAssigned => &[(LeadPartner, N::LeadOffered)],
        EventKind::LeadUnrouted => &[(LeadOwner, N::LeadLeft)],
        EventKind::LeadFollowUpMissed => &[(LeadTaker, N::LeadFollowUpDue)],
        EventKind::DealWayFreed => &[(Registrant, N::WayFreed)],
        EventKind::DisputeOpened => &[(Respondent, N::DisputeOpened), (Admins, N::DisputeArbiterOwed)],
        EventKind::DisputeArbiterNamed => &[(Arbiter, N::DisputeDecisionOwed)],
        EventKind::DisputeStated => &[(Complainant, N::DisputeStated), (Respondent, N::DisputeStated), (Arbiter, N::DisputeStated)],
        EventKind::DisputeDeadlineMissed => &[(ArbiterAndAdmins, N::DisputeDeadlineMissed)],
        EventKind::DisputeDecided => &[(Complainant, N::DisputeDecided), (Respondent, N::DisputeDecided)],
        EventKind::DisputeWithdrawn => &[(Respondent, N::DisputeWithdrawn), (Arbiter, N::DisputeWithdrawn)],
        EventKind::RoomParticipantsSet | EventKind::RoomPermissionRecorded => &[(RoomNewcomer, N::RoomJoined)],
        EventKind::RoomMessageSent => &[(RoomVendor, N::RoomMessage), (RoomPartner, N::RoomMessage)],
        _ => &[],
    }
}

/// The people from among whom readers are chosen.
#[derive(Debug, Clone, Copy)]
pub struct Candidates<'a> {
    /// Who decides on the deal or the dispute, or has the lead at the vendor, if that is anybody.
    pub decider: Option<&'a User>,
    /// Who acts for the one who decides on the deal while that person is away; none while that person is there.
    pub cover: Option<&'a User>,
    /// The vendor's active administrators.
    pub admins: &'a [User],
    /// Who registered the deal, took the lead for the partner, or opened the dispute, if that is anybody.
    pub registrant: Option<&'a User>,
    /// The partner's active administrators.
    pub partner_admins: &'a [User],
    /// The partner's active sellers; only for a lead, and for a guest of a room.
    pub partner_sellers: &'a [User],
}

/// Who of the candidates is told: active, allowed to see it, and not the one who did it. Each once.
pub fn readers<'a>(who: Readers, matter: Matter<'_>, event: &Event, among: Candidates<'a>) -> Vec<&'a User> {
    if !who.have(matter) {
        return Vec::new();
    }
    let resource = matter.partner_id().map_or(Resource::OfVendor, Resource::OfPartner);
    let fit = |user: &&'a User| {
        user.active
            && event.actor.user_id.as_ref() != Some(&user.id)
            && may_see(user, matter, event)
            && who.right().is_none_or(|right| can(&Actor::of(user), right, resource))
    };
    // Somebody who did it need not be told, but is there all the same: nobody stands in.
    let there = |user: &&'a User| user.active && may_see(user, matter, event);
    let (first, others): (Option<&'a User>, Vec<&'a User>) = match who {
        // Whoever is away is told nothing: the cover acts, as in the queue.
        Readers::Decider => (among.cover.filter(there).or(among.decider), among.admins.iter().collect()),
        Readers::LeadOwner | Readers::Arbiter | Readers::ArbiterAndAdmins | Readers::RoomVendor => (among.decider, among.admins.iter().collect()),
        Readers::Admins => (None, among.admins.iter().collect()),
        Readers::PartnerPeople | Readers::Registrant | Readers::LeadTaker => (among.registrant, among.partner_admins.iter().collect()),
        Readers::Complainant | Readers::Respondent => (among.registrant, among.partner_admins.iter().collect()),
        Readers::RoomNewcomer => (None, among.partner_admins.iter().collect()),
        Readers::LeadPartner => (None, among.partner_admins.iter().chain(among.partner_sellers).collect()),
        Readers::RoomPartner => (among.registrant, among.partner_admins.iter().chain(among.partner_sellers).collect()),
    };
    let first = first.filter(there);
    let mut all: Vec<&User> = first.into_iter().collect();
    if first.is_none() || who.together() {
        for other in others {
            if all.iter().all(|known| known.id != other.id) {
                all.push(other);
            }
        }
    }
    all.into_iter().filter(fit).collect()
}

fn may_see(user: &User, matter: Matter<'_>, event: &Event) -> bool {
    let actor = Actor::of(user);
    match matter {
        Matter::Dispute(dispute, side) => return of_dispute::concerns(dispute, side, event, &actor),
        Matter::Room(room, party) => return of_room::concerns(room, party, event, &actor),
        Matter::Deal(_) | Matter::Lead(_) => {}
    }
    let right = matter.about().right();
    let (admitted, resource) = match matter.partner_id() {
        Some(partner) => (scope(&actor, right).admits(partner), Resource::OfPartner(partner)),
        None => (actor.is_vendor() && can(&actor, right, Resource::OfVendor), Resource::OfVendor),
    };
    admitted && (event.visibility == Visibility::Shared || can(&actor, Action::InternalNotes, resource))
}

/// A value with its currency, as it is told.
pub fn worth(money: &Money) -> String {
    format!("{} {}", money.amount, money.currency.as_str())
}

/// What a notification says of what it is about, as it was told: the reader sees the same in the app and in the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Title of the deal, or what the lead is about; to a guest of a room the name of the deal's own partner.
    pub title: String,
    /// Its number; empty for a guest of a room.
    pub number: String,
    /// The customer's name.
    pub customer: Option<String>,
    /// The partner's name.
    pub partner: String,
    /// Value with its currency, as `48500.00 EUR`; empty where it is not known.
    pub value: String,
    /// Who did it, by the name of that time; empty where it was the other side of a dispute.
    pub actor: String,
    /// What was written: question, answer, reason.
    pub text: Option<String>,
    /// Until when an answer is owed, or protection lasts; in whole milliseconds.
    pub due: Option<Timestamp>,
}

/// What is told to one person of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Its id, the same for the same event, person and kind.
    pub id: NotificationId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it tells of.
    pub event_id: EventId,
    /// What it says.
    pub kind: NotificationKind,
    /// When it happened.
    pub at: Timestamp,
    /// Whether the reader was of the vendor's side when it was told.
    pub of_vendor: bool,
    /// Which partner's it is about; none when it is the vendor's own. Of a dispute and a room the reader's own partner.
    pub partner_id: Option<PartnerId>,
    /// What it is about.
    pub about: About,
    /// What it says of it.
    pub said: Said,
    /// When it was read; none while it is unread.
    pub read_at: Option<Timestamp>,
}

/// Until when something is owed that the notification is about.
pub fn due(kind: NotificationKind, matter: Matter<'_>) -> Option<Timestamp> {
    use NotificationKind as N;
    match matter {
        Matter::Deal(deal) if kind.is_decision() => deal.decision_due_at,
        Matter::Deal(deal) if kind == N::ProtectionEnding => deal.protection_ends_at(),
        Matter::Deal(deal) if matches!(kind, N::Approved | N::ExtensionGranted | N::ExtensionAsked) => deal.protected_until,
        Matter::Lead(lead) if kind == N::LeadOffered => lead.window_ends_at,
        Matter::Lead(lead) if matches!(kind, N::LeadLeft | N::LeadFollowUpDue) => lead.follow_up_at,
        Matter::Dispute(dispute, _) if kind.asks() => Some(dispute.due_at),
        _ => None,
    }
}

/// Whether the reader still owes what the notification asks for.
pub fn is_owed(kind: NotificationKind, matter: Matter<'_>) -> bool {
    match matter {
        Matter::Deal(deal) => match kind {
            _ if kind.is_decision() => deal.status.awaits_vendor(),
            NotificationKind::QuestionAsked => deal.status == RegistrationStatus::InfoRequested,
            NotificationKind::PartnerAsked => deal.protection.question.is_some(),
            NotificationKind::ExtensionAsked => deal.protection.extension.is_some(),
            _ => false,
        },
        Matter::Lead(lead) => match kind {
            NotificationKind::LeadOffered => lead.status == LeadStatus::Assigned,
            NotificationKind::LeadLeft => lead.status == LeadStatus::Unrouted,
            NotificationKind::LeadFollowUpDue => lead.status == LeadStatus::Accepted && lead.follow_up_at.is_some(),
            _ => false,
        },
        Matter::Dispute(dispute, _) => of_dispute::is_owed(kind, dispute),
        Matter::Room(..) => false,
    }
}

/// Roles of administrators of either side, for whoever loads the candidates.
pub const ADMIN_ROLES: [Role; 2] = [Role::Admin, Role::PartnerAdmin];

#[cfg(test)]
mod tests;
