//! Leads: somebody who may buy, on the way to whoever takes care of them. What a lead is and what it keeps; who gets it is in
//! `route`, what may happen to it in `decide`, what somebody typed in `draft`.

pub mod decide;
pub mod draft;
pub mod route;
pub mod routing;
mod words;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::deal::deadline::Fired;
use crate::event::Event;
use crate::id::{DealId, LeadId, PartnerId, ProductId, UserId};
use crate::money::Money;
use crate::policy::{Action, Actor, Resource, can};
use crate::timer::{Due, TimerKind};
use route::{Basis, Why};
pub use words::{CloseCode, DeclineCode, Intake, Outcome, SourceKind};

/// How far a lead is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeadStatus {
    /// Held back by the vendor; nobody has it yet.
    New,
    /// A partner has it and has to say yes or no before the window ends.
    Assigned,
    /// The partner said yes and follows it up.
    Accepted,
    /// A deal came of it.
    Converted,
    /// It came to nothing.
    Closed,
    /// No partner is left for it; the vendor's own person takes care.
    Unrouted,
}

impl LeadStatus {
    /// Every status, in the order of the board.
    pub const ALL: [LeadStatus; 6] = [Self::New, Self::Assigned, Self::Accepted, Self::Unrouted, Self::Converted, Self::Closed];

    /// The name on the wire, as `ASSIGNED`.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Assigned => "ASSIGNED",
            Self::Accepted => "ACCEPTED",
            Self::Converted => "CONVERTED",
            Self::Closed => "CLOSED",
            Self::Unrouted => "UNROUTED",
        }
    }

    /// Whether somebody still owes it something.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Converted | Self::Closed)
    }
}

/// Which side owes the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OwnerSide {
    /// The vendor's own people.
    Vendor,
    /// The partner that has it.
    Partner,
}

/// Where the marketing found the lead. Written once: it stays with the lead and goes on to its deal as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LeadSource {
    /// What kind of marketing.
    pub kind: SourceKind,
    /// Name of the campaign.
    pub campaign: Option<String>,
    /// Key of the kit.
    pub kit: Option<String>,
    /// `utm_source` of the link.
    pub utm_source: Option<String>,
    /// `utm_medium` of the link.
    pub utm_medium: Option<String>,
    /// `utm_campaign` of the link.
    pub utm_campaign: Option<String>,
}

/// What a deal keeps of the lead that it came of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Origin {
    /// The lead; none for a deal that came of none.
    pub lead_id: Option<LeadId>,
    /// Its marketing source, as it was.
    pub source: Option<LeadSource>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Address in lower case.
    pub email: String,
    /// Telephone number as written.
    pub phone: Option<String>,
}

/// The firm of the one who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firm {
    /// Name.
    pub name: String,
    /// Host name of its website or its people's addresses.
    pub domain: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

/// That the one who asks agreed to be contacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The very text that was agreed to.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// Another enquiry of the same person for the same product, joined to the first one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enquiry {
    /// When.
    pub at: Timestamp,
    /// What was written.
    pub message: Option<String>,
    /// What brought it this time; the lead keeps its first source.
    pub source: LeadSource,
}

/// Most further enquiries that a lead keeps; the others are events only.
pub const ENQUIRIES_MAX: usize = 20;
/// Most partners that one lead is offered to before the vendor's own person takes it.
pub const ASSIGNMENTS_MAX: usize = 20;

/// One offer of a lead to a partner. Why it was this one is kept beside the lead, see [`Why`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The partner.
    pub partner_id: PartnerId,
    /// When.
    pub at: Timestamp,
    /// When the partner has to have answered.
    pub until: Timestamp,
    /// By what it was found.
    pub basis: Basis,
    /// Name of the rule, where one found it.
    pub rule: Option<String>,
    /// Number of the version of the routing rules.
    pub routing: i32,
    /// What became of it.
    pub outcome: Outcome,
    /// When that was.
    pub ended_at: Option<Timestamp>,
    /// Why the partner said no.
    pub decline: Option<DeclineCode>,
    /// What the partner wrote.
    pub text: Option<String>,
}

/// Why a lead is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The reason.
    pub code: CloseCode,
    /// In words.
    pub text: Option<String>,
}

/// A lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// Number that people say, as `L-1042`.
    pub number: String,
    /// Counts changes, from 1.
    pub version: i32,
    /// How far it is.
    pub status: LeadStatus,
    /// Who asks.
    pub person: Person,
    /// The person's firm.
    pub firm: Firm,
    /// What was asked.
    pub message: Option<String>,
    /// By which way it came in.
    pub intake: Intake,
    /// What brought it.
    pub source: LeadSource,
    /// That the person agreed to be contacted, where that was asked.
    pub consent: Option<Consent>,
    /// Products of interest.
    pub product_ids: Vec<ProductId>,
    /// Vertical key.
    pub vertical: Option<String>,
    /// Territory key, as given or by the country.
    pub territory: Option<String>,
    /// What it may be worth.
    pub value: Option<Money>,
    /// Who has it; none while the vendor has.
    pub partner_id: Option<PartnerId>,
    /// Which side owes the next step.
    pub owner: OwnerSide,
    /// The vendor's person for it, while the vendor has it.
    pub vendor_user: Option<UserId>,
    /// By when the owner has to have done the next step; none once it is over.
    pub follow_up_at: Option<Timestamp>,
    /// When the partner that has it has to have answered.
    pub window_ends_at: Option<Timestamp>,
    /// When somebody was first in touch with the person.
    pub contacted_at: Option<Timestamp>,
    /// Who took it for the partner that has it; none before that, and where it was taken before this was kept.
    #[serde(default)]
    pub taken_by: Option<UserId>,
    /// Set when nobody was in touch in time after the partner took it; it stays missed while that partner has it.
    #[serde(default)]
    pub missed: Option<Fired>,
    /// Every offer to a partner, oldest first.
    pub assignments: Vec<Assignment>,
    /// Further enquiries of the same person for the same product, oldest first.
    pub enquiries: Vec<Enquiry>,
    /// The deal that came of it.
    pub deal_id: Option<DealId>,
    /// Why it is closed.
    pub closing: Option<Closing>,
    /// Key under which a second import finds it.
    pub import_key: Option<String>,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Lead {
    /// The timers that it has in this state.
    pub fn timers(&self) -> Vec<Due> {
        let window = self.window_ends_at.map(|at| Due { kind: TimerKind::LeadWindow, at });
        let follow_up = self.follow_up_due().map(|at| Due { kind: TimerKind::LeadFollowUp, at });
        window.into_iter().chain(follow_up).collect()
    }

    /// When the partner that took it has to have been in touch. None once it is followed up, and once it was told of that the
    /// moment has passed. Followed up is what ends `follow_up_at`: somebody was in touch (a note that says so, see
    /// [`decide::note`]), a deal came of it, it was closed, or it went on to somebody else. A note alone follows up nothing.
    fn follow_up_due(&self) -> Option<Timestamp> {
        let waits = self.status == LeadStatus::Accepted && self.missed.is_none();
        self.follow_up_at.filter(|_| waits)
    }

    /// The offer that counts now.
    pub fn current(&self) -> Option<&Assignment> {
        self.assignments.last().filter(|a| matches!(a.outcome, Outcome::Open | Outcome::Accepted))
    }

    /// Keys by which another enquiry of the same person for the same product is found while the lead is open.
    pub fn keys(&self) -> Vec<String> {
        duplicate_keys(&self.person.email, &self.product_ids)
    }

    /// Partners that are not offered it again by itself.
    pub fn tried(&self) -> std::collections::BTreeSet<PartnerId> {
        self.assignments.iter().filter(|a| a.outcome.excludes()).map(|a| a.partner_id.clone()).collect()
    }
}

/// See [`Lead::keys`]: one for each product, or one for none. The address must be in lower case.
pub fn duplicate_keys(email: &str, products: &[ProductId]) -> Vec<String> {
    if products.is_empty() {
        return vec![format!("{email}|")];
    }
    products.iter().map(|p| format!("{email}|{p}")).collect()
}

/// What can be done with a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeadAction {
    /// Take it.
    Accept,
    /// Say no.
    Decline,
    /// Give it to a partner by hand.
    Assign,
    /// Let the rules find a partner.
    Route,
    /// Make a deal of it.
    Convert,
    /// Say that it came to nothing.
    Close,
    /// Write down that somebody was in touch, or a note.
    Note,
}

impl LeadAction {
    /// Every action.
    pub const ALL: [LeadAction; 7] = [Self::Accept, Self::Decline, Self::Assign, Self::Route, Self::Convert, Self::Close, Self::Note];

    /// The right that it needs.
    pub fn right(self) -> Action {
        match self {
            Self::Accept | Self::Decline => Action::AnswerLead,
            Self::Assign | Self::Route => Action::ManageLeads,
            Self::Convert | Self::Close | Self::Note => Action::WorkLead,
        }
    }

    /// Whether the lead's state allows it, whoever asks.
    pub fn fits(self, lead: &Lead) -> bool {
        match self {
            Self::Accept | Self::Decline => lead.status == LeadStatus::Assigned,
            Self::Assign | Self::Route => lead.status.is_open(),
            Self::Convert => lead.status == LeadStatus::Accepted,
            Self::Close | Self::Note => lead.status.is_open(),
        }
    }
}

/// Whose the lead is, for the table of rights.
pub fn resource(lead: &Lead) -> Resource<'_> {
    lead.partner_id.as_ref().map_or(Resource::OfVendor, Resource::OfPartner)
}

/// What the actor may do with the lead now; mutations apply the same.
pub fn allowed_actions(lead: &Lead, actor: &Actor) -> Vec<LeadAction> {
    LeadAction::ALL.into_iter().filter(|a| a.fits(lead) && can(actor, a.right(), resource(lead))).collect()
}

/// Why a change of a lead is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeadError {
    /// It is not there, or hidden from the actor.
    #[error("There is no such lead.")]
    NotFound,
    /// The actor's role may not do this.
    #[error("Your role does not allow this; ask an administrator of your company.")]
    NotAllowed,
    /// It was decided on another version.
    #[error("The lead has changed since you looked (version {current}); look again and repeat.")]
    StaleVersion {
        /// Version now.
        current: i32,
    },
    /// The lead's state does not allow this.
    #[error("A lead that is {status} cannot be changed this way.")]
    WrongStatus {
        /// Status now, as on the wire.
        status: &'static str,
    },
    /// The window has ended; the lead goes on to another partner.
    #[error("The time to answer is over; the lead goes to another partner.")]
    WindowOver,
    /// The partner is not active: retired, or not published.
    #[error("This partner takes no leads: it is not active in the program.")]
    PartnerNotActive,
    /// No such partner.
    #[error("There is no such partner.")]
    PartnerNotFound,
    /// The partner has it already.
    #[error("This partner has the lead already.")]
    SamePartner,
    /// A required text is empty.
    #[error("{field} must not be empty.")]
    Required {
        /// Name of the argument.
        field: &'static str,
    },
    /// A text is too long.
    #[error("{field} must have at most {max} characters.")]
    TooLong {
        /// Name of the argument.
        field: &'static str,
        /// The bound, in characters.
        max: usize,
    },
    /// A deadline could not be computed: the calendar has no working time.
    #[error("The program's calendar has no working time; an administrator has to mend it.")]
    Calendar,
}

/// What is to change: written as it is, in one transaction, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadDecision {
    /// The lead after the change.
    pub lead: Lead,
    /// Version it was decided on; none for a new lead.
    pub based_on: Option<i32>,
    /// Why the new offer went where it went, with its place among the lead's routings, from 0.
    pub why: Option<Why>,
    /// What the shares of a rule are afterwards, where it was routed by shares.
    pub shares: Option<route::Shares>,
    /// What happened, in order.
    pub events: Vec<Event>,
}

#[cfg(test)]
pub(crate) mod tests;
