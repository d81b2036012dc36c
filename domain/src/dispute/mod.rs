//! Disputes: a partner says that a verdict or a deal is wrong; somebody who owns neither side decides by a deadline. Each side
//! sees itself and the arbiter, never who the other side is, nor its deal, nor its words.

pub mod act;
pub mod arbiter;
pub mod replay;
#[cfg(test)]
pub(crate) mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::customer::Customer;
use crate::deal::deadline::Fired;
use crate::deal::evidence::EvidenceFile;
use crate::deal::register::Draft;
use crate::deal::verdict::Verdict;
use crate::event::{Event, EventActor};
use crate::id::{DealId, DisputeId, PartnerId, ProductId, UserId};
use crate::lead::Origin;
use crate::policy::Scope;
use crate::rules::terms::Terms;
use crate::timer::{Due, TimerKind};

/// Business hours in which a dispute is decided, unless the rules say otherwise: five days of eight hours.
pub const DECISION_HOURS: i64 = 40;
/// Most statements of one dispute, of all sides together.
pub const STATEMENTS_MAX: usize = 100;
/// Most files of one statement.
pub const FILES_MAX: usize = 10;

/// What the rules say of disputes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeTerms {
    /// Within how many business hours a dispute is decided, 1 to 2,000.
    pub decision_hours: i64,
}

impl Default for DisputeTerms {
    fn default() -> Self {
        Self { decision_hours: DECISION_HOURS }
    }
}

/// How far a dispute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DisputeStatus {
    /// It waits for its decision.
    Open,
    /// The arbiter decided.
    Decided,
    /// Whoever opened it took it back.
    Withdrawn,
}

impl DisputeStatus {
    /// The name on the wire and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Decided => "DECIDED",
            Self::Withdrawn => "WITHDRAWN",
        }
    }
}

/// What an arbiter decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// What was decided before stands.
    Uphold,
    /// The one who complains is right: what the other side holds is given free, and the registration of the one who complains is
    /// approved, in one write.
    Transfer,
    /// There is nothing to decide: the complaint has no ground.
    Dismiss,
}

impl Outcome {
    /// The name on the wire and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uphold => "UPHOLD",
            Self::Transfer => "TRANSFER",
            Self::Dismiss => "DISMISS",
        }
    }
}

/// A side of a dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Side {
    /// Who opened it.
    Complainant,
    /// Whose deal stands in the way.
    Respondent,
    /// The vendor.
    Vendor,
}

/// Who may read a statement beside the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Audience {
    /// The one who complains.
    Complainant,
    /// The other side.
    Respondent,
    /// Both.
    Both,
    /// Nobody else.
    Vendor,
}

impl Audience {
    /// Whether that side may read it.
    pub fn admits(self, side: Side) -> bool {
        match side {
            Side::Vendor => true,
            Side::Complainant => matches!(self, Self::Complainant | Self::Both),
            Side::Respondent => matches!(self, Self::Respondent | Self::Both),
        }
    }
}

/// A partner in a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The partner.
    pub partner_id: PartnerId,
    /// Its deal; none for a registration that the verdict kept out.
    pub deal_id: Option<DealId>,
}

/// A registration that was judged again by the server when the dispute was opened, with everything that is needed to make a deal
/// of it: what is blocked is not stored otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contested {
    /// What was asked for.
    pub draft: Draft,
    /// What the rules said.
    pub verdict: Verdict,
    /// What the rules in force gave it.
    pub terms: Terms,
    /// Number of those rules.
    pub rules: i32,
    /// The lead that it was to come of, with its marketing source.
    #[serde(default)]
    pub origin: Origin,
}

/// Who decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arbiter {
    /// The person.
    pub user_id: UserId,
    /// The name as it was when the person was named.
    pub name: String,
    /// When.
    pub named_at: Timestamp,
}

/// Something that a side, or the vendor, says, with its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Position in the dispute, from 1.
    pub number: i32,
    /// Which side says it.
    pub side: Side,
    /// Who may read it.
    pub audience: Audience,
    /// Who wrote it.
    pub by: EventActor,
    /// When.
    pub at: Timestamp,
    /// The words.
    pub text: String,
    /// The files.
    pub files: Vec<EvidenceFile>,
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What was decided.
    pub outcome: Outcome,
    /// Why, for both sides to read.
    pub reason: String,
    /// By whom.
    pub by: EventActor,
    /// When.
    pub at: Timestamp,
}

/// That it was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Why, where something was said.
    pub reason: Option<String>,
    /// By whom.
    pub by: EventActor,
    /// When.
    pub at: Timestamp,
}

/// A dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Its id.
    pub id: DisputeId,
    /// Number that people say, as `S-17`.
    pub number: String,
    /// Counts changes, from 1.
    pub version: i32,
    /// How far it is.
    pub status: DisputeStatus,
    /// Who opened it.
    pub complainant: Party,
    /// The other side; none when no partner stands in the way and it is about what the vendor decided.
    pub respondent: Option<Party>,
    /// The customer as the one who complains wrote it.
    pub customer: Customer,
    /// The products.
    pub product_ids: Vec<ProductId>,
    /// What was asked for, where it was opened from a verdict.
    pub contested: Option<Contested>,
    /// Who opened it.
    pub opened_by: EventActor,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it is to be decided, counted in business hours.
    pub due_at: Timestamp,
    /// Set when that was missed; it stays missed.
    pub missed: Option<Fired>,
    /// Who decides; none until somebody is named.
    pub arbiter: Option<Arbiter>,
    /// What was said, oldest first; the first one says why it was opened.
    pub statements: Vec<Statement>,
    /// The decision.
    pub ruling: Option<Ruling>,
    /// Set when it was taken back.
    pub taken_back: Option<TakenBack>,
}

impl Dispute {
    /// Which side the holder of that scope is on; none when the dispute is not theirs to see.
    pub fn side_of(&self, scope: &Scope) -> Option<Side> {
        match scope {
            Scope::All => Some(Side::Vendor),
            Scope::Nothing => None,
            Scope::Partner(own) if self.complainant.partner_id == *own => Some(Side::Complainant),
            Scope::Partner(own) => self.respondent.as_ref().filter(|r| r.partner_id == *own).map(|_| Side::Respondent),
        }
    }

    /// The party of a side; none for the vendor.
    pub fn party(&self, side: Side) -> Option<&Party> {
        match side {
            Side::Complainant => Some(&self.complainant),
            Side::Respondent => self.respondent.as_ref(),
            Side::Vendor => None,
        }
    }

    /// What makes it the only open one of its kind: the one who complains and the customer. None once it is over.
    pub fn open_key(&self) -> Option<String> {
        (self.status == DisputeStatus::Open).then(|| format!("{} {}", self.complainant.partner_id, self.customer.key))
    }

    /// The statements that a side may read, oldest first.
    pub fn statements_for(&self, side: Side) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(move |s| s.audience.admits(side))
    }

    /// The timers that it has in this state.
    pub fn timers(&self) -> Vec<Due> {
        let waits = self.status == DisputeStatus::Open && self.missed.is_none();
        if waits { vec![Due { kind: TimerKind::DisputeDeadline, at: self.due_at }] } else { Vec::new() }
    }

    /// How much of it a side has been told: what is only for the other side, or for the vendor, does not count. A partner is
    /// shown this as the version, so that nobody can count what the others write.
    pub fn version_for(&self, side: Side) -> i32 {
        if side == Side::Vendor {
            return self.version;
        }
        let read = self.statements_for(side).count();
        let told = [self.arbiter.is_some(), self.missed.is_some(), self.ruling.is_some(), self.taken_back.is_some()];
        i32::try_from(read + told.into_iter().filter(|t| *t).count()).unwrap_or(i32::MAX)
    }

    /// When it last changed for a side.
    pub fn updated_for(&self, side: Side) -> Timestamp {
        if side == Side::Vendor {
            return self.updated_at;
        }
        let moments = [
            self.arbiter.as_ref().map(|a| a.named_at),
            self.missed.map(|m| m.at),
            self.ruling.as_ref().map(|r| r.at),
            self.taken_back.as_ref().map(|t| t.at),
            self.statements_for(side).last().map(|s| s.at),
        ];
        moments.into_iter().flatten().max().unwrap_or(self.opened_at).max(self.opened_at)
    }
}

/// Why something about a dispute is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisputeError {
    /// It is not there, or hidden from the actor.
    #[error("There is no such dispute.")]
    NotFound,
    /// The deal that it is to be about is not there, or hidden from the actor.
    #[error("There is no such deal.")]
    DealNotFound,
    /// The lead that the registration is to come of is not there, hidden from the actor, or none of which a deal can be made.
    #[error("There is no such lead, or none that you can make a deal of.")]
    LeadNotFound,
    /// The actor's role may not do this.
    #[error("Your role does not allow this; ask an administrator of your company.")]
    NotAllowed,
    /// It was decided on another version.
    #[error("The dispute has changed since you looked (version {current}); look again and repeat.")]
    StaleVersion {
        /// Version now.
        current: i32,
    },
    /// The partner has an open dispute about this customer.
    #[error("Your company has an open dispute about this customer already; add to that one, or withdraw it first.")]
    AlreadyOpen,
    /// Nothing stands in the way, and nothing was decided.
    #[error("There is nothing to dispute: nothing stands in the way, and nothing was decided against you.")]
    NothingToDispute,
    /// It is over.
    #[error("The dispute is {status}; nothing can be added or changed any more.")]
    Closed {
        /// Status now, as on the wire.
        status: &'static str,
    },
    /// The person owns a side, or decided on one.
    #[error("The arbiter must own neither side: {why}.")]
    NotNeutral {
        /// What ties the person to a side.
        why: &'static str,
    },
    /// The person is not active, or not of those who may decide disputes.
    #[error("The arbiter must be an active administrator or channel manager of the vendor.")]
    CannotDecide,
    /// Nobody was named to decide.
    #[error("Nobody was named to decide; name an arbiter first.")]
    NoArbiter,
    /// Somebody else was named to decide.
    #[error("Only the arbiter who was named decides.")]
    NotArbiter,
    /// A side speaks to the vendor only.
    #[error("What a side says is read by the vendor; only the vendor chooses who else reads something.")]
    AudienceNotYours,
    /// The effect of the decision cannot be had.
    #[error("This cannot be transferred: {why}.")]
    CannotTransfer {
        /// What stands in the way.
        why: &'static str,
    },
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
    /// Too many statements or files.
    #[error("A dispute has at most {STATEMENTS_MAX} statements, each with at most {FILES_MAX} files.")]
    TooMany,
    /// The deadline could not be computed.
    #[error("The program's calendar has no working time; an administrator has to mend it.")]
    Calendar,
}

/// What is to change: written as it is, in one transaction, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeDecision {
    /// The dispute after the change.
    pub dispute: Dispute,
    /// Version it was decided on; none for a new one.
    pub based_on: Option<i32>,
    /// What happened, in order.
    pub events: Vec<Event>,
}
