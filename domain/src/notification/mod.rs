//! Notifications: who is told of what happened, whether an answer is asked for, and how pressing it is. One table, from the
//! kind of an event to whom it is told and as what; a kind of event that is not in it tells nobody.
//!
//! To add one: a row in [`told`], a kind with its properties here, its sentence in the letters (`server/mail/templates`) and in
//! the app (`web/locales/*/notification.ftl`).

pub mod preference;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::action_link::LinkAction;
use crate::deal::{Deal, RegistrationStatus};
use crate::event::{Event, EventKind, Visibility};
use crate::id::{DealId, EventId, LeadId, NotificationId, PartnerId, UserId};
use crate::lead::{Lead, LeadStatus};
use crate::policy::{Action, Actor, Resource, can, scope};
use crate::user::{Role, User};
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
    /// The vendor is late, and the decision goes to the next owner.
    Escalated = "ESCALATED", Note, InApp;
    /// The partner took the registration back.
    Withdrawn = "WITHDRAWN", Note, InApp;
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
            Self::LeadOffered => &[LinkAction::AcceptLead],
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
        let of_vendor = self.is_decision() || matches!(self, Self::PartnerAsked | Self::ExtensionAsked | Self::LeadLeft | Self::Withdrawn);
        of_vendor == vendor
    }
}

/// Whom something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Readers {
    /// Who decides on the deal now; the vendor's administrators where nobody does.
    Decider,
    /// The partner's people of that deal: who registered it, and the partner's administrators.
    PartnerPeople,
    /// Who registered it; the partner's administrators where that person is gone, or an import brought the deal.
    Registrant,
    /// Those of the partner to which a lead was offered who may take it.
    LeadPartner,
    /// The vendor's own person for a lead; the vendor's administrators where there is none.
    LeadOwner,
}

impl Readers {
    /// Whether they are of the vendor's side.
    pub fn of_vendor(self) -> bool {
        matches!(self, Self::Decider | Self::LeadOwner)
    }

    /// What they have to be allowed to, beside seeing it.
    fn right(self) -> Option<Action> {
        match self {
            Self::Decider => Some(Action::DecideDeal),
            Self::LeadPartner => Some(Action::AnswerLead),
            Self::LeadOwner => Some(Action::WorkLead),
            Self::PartnerPeople | Self::Registrant => None,
        }
    }
}

/// The table: what is told of an event, and to whom.
pub fn told(event: EventKind) -> &'static [(Readers, NotificationKind)] {
    use NotificationKind as N;
    use Readers::{Decider, LeadOwner, LeadPartner, PartnerPeople, Registrant};
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
        EventKind::DealWayFreed => &[(Registrant, N::WayFreed)],
        _ => &[],
    }
}

/// The people from among whom readers are chosen.
#[derive(Debug, Clone, Copy)]
pub struct Candidates<'a> {
    /// Who decides on the deal, or has the lead at the vendor, if that is anybody.
    pub decider: Option<&'a User>,
    /// The vendor's active administrators.
    pub admins: &'a [User],
    /// Who registered the deal, if that is anybody.
    pub registrant: Option<&'a User>,
    /// The partner's active administrators.
    pub partner_admins: &'a [User],
    /// The partner's active sellers; only for a lead.
    pub partner_sellers: &'a [User],
}

/// What something is about, as it is now.
#[derive(Debug, Clone, Copy)]
pub enum Matter<'a> {
    /// A deal.
    Deal(&'a Deal),
    /// A lead.
    Lead(&'a Lead),
}

impl Matter<'_> {
    /// Which it is.
    pub fn about(self) -> About {
        match self {
            Self::Deal(deal) => About::Deal { id: deal.id.clone() },
            Self::Lead(lead) => About::Lead { id: lead.id.clone() },
        }
    }

    /// Whose it is; none when it is the vendor's.
    pub fn partner_id(&self) -> Option<&PartnerId> {
        match self {
            Self::Deal(deal) => Some(&deal.partner_id),
            Self::Lead(lead) => lead.partner_id.as_ref(),
        }
    }

    /// Its version.
    pub fn version(self) -> i32 {
        match self {
            Self::Deal(deal) => deal.version,
            Self::Lead(lead) => lead.version,
        }
    }
}

/// Who of the candidates is told: active, allowed to see it, and not the one who did it. Each once.
pub fn readers<'a>(who: Readers, matter: Matter<'_>, event: &Event, among: Candidates<'a>) -> Vec<&'a User> {
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
        Readers::Decider | Readers::LeadOwner => (among.decider, among.admins.iter().collect()),
        Readers::PartnerPeople | Readers::Registrant => (among.registrant, among.partner_admins.iter().collect()),
        Readers::LeadPartner => (None, among.partner_admins.iter().chain(among.partner_sellers).collect()),
    };
    let first = first.filter(there);
    let mut all: Vec<&User> = first.into_iter().collect();
    if first.is_none() || who == Readers::PartnerPeople {
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
    let right = matter.about().right();
    let (admitted, resource) = match matter.partner_id() {
        Some(partner) => (scope(&actor, right).admits(partner), Resource::OfPartner(partner)),
        None => (actor.is_vendor() && can(&actor, right, Resource::OfVendor), Resource::OfVendor),
    };
    admitted && (event.visibility == Visibility::Shared || can(&actor, Action::InternalNotes, resource))
}

/// What a notification says of the deal, as it was told: the reader sees the same in the app and in the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Title of the deal, or what the lead is about.
    pub title: String,
    /// Its number.
    pub number: String,
    /// The customer's name.
    pub customer: Option<String>,
    /// The partner's name.
    pub partner: String,
    /// Value with its currency, as `48500.00 EUR`; empty where it is not known.
    pub value: String,
    /// Who did it, by the name of that time.
    pub actor: String,
    /// What was written: question, answer, reason.
    pub text: Option<String>,
    /// Until when an answer is owed, or protection lasts; in whole milliseconds.
    pub due: Option<Timestamp>,
}

/// What a notification is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum About {
    /// A deal.
    Deal {
        /// Which.
        id: DealId,
    },
    /// A lead.
    Lead {
        /// Which.
        id: LeadId,
    },
}

impl About {
    /// The id, as text.
    pub fn id(&self) -> &str {
        match self {
            Self::Deal { id } => id.as_str(),
            Self::Lead { id } => id.as_str(),
        }
    }

    /// The right without which nobody is told of it.
    pub fn right(&self) -> Action {
        match self {
            Self::Deal { .. } => Action::SeeDeals,
            Self::Lead { .. } => Action::SeeLeads,
        }
    }
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
    /// Which partner's it is about; none when it is the vendor's own.
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
        Matter::Deal(deal) if matches!(kind, N::Approved | N::ProtectionEnding | N::ExtensionGranted | N::ExtensionAsked) => deal.protected_until,
        Matter::Lead(lead) if kind == N::LeadOffered => lead.window_ends_at,
        Matter::Lead(lead) if kind == N::LeadLeft => lead.follow_up_at,
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
            _ => false,
        },
    }
}

/// Roles of administrators of either side, for whoever loads the candidates.
pub const ADMIN_ROLES: [Role; 2] = [Role::Admin, Role::PartnerAdmin];

#[cfg(test)]
mod tests;
