//! Deals: a registration (may this partner work this deal?) and a sale (how far is it?), two state machines on one record.

pub mod arbitrate;
pub mod as_of;
pub mod claim;
pub mod deadline;
pub mod decide;
pub mod error;
pub mod evidence;
pub mod expire;
pub mod note;
pub mod protection;
pub mod register;
pub mod stage;
pub mod update;
pub mod verdict;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::customer::Customer;
use crate::event::{Event, EventActor, EventKind, FieldChange, Subject, Visibility};
use crate::id::{DealId, EventId, PartnerId, ProductId, UserId};
use crate::money::Money;
use crate::policy::{Action, Actor, Resource, can};
use crate::program::StageCategory;
use crate::routing::Route;
use crate::rules::{Evidence, Judged};
use crate::timer::{Due, TimerKind};
use claim::{Claim, ClaimKey};
pub use error::DealError;
use protection::Protection;

/// How far the registration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegistrationStatus {
    /// Not yet submitted.
    Draft,
    /// The vendor owes a decision.
    Submitted,
    /// The vendor has the partner's answer and owes a decision.
    InReview,
    /// The partner owes an answer.
    InfoRequested,
    /// The partner may work the deal.
    Approved,
    /// Refused.
    Rejected,
    /// Taken back by the partner.
    Withdrawn,
    /// Protection ran out.
    Expired,
    /// Given free at the customer's request.
    Released,
}

impl RegistrationStatus {
    /// Whether the vendor owes a decision.
    pub fn awaits_vendor(self) -> bool {
        matches!(self, Self::Submitted | Self::InReview)
    }

    /// Whether it is still to be decided, by whoever is next.
    pub fn is_pending(self) -> bool {
        self.awaits_vendor() || self == Self::InfoRequested
    }

    /// The name on the wire, as `INFO_REQUESTED`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Submitted => "SUBMITTED",
            Self::InReview => "IN_REVIEW",
            Self::InfoRequested => "INFO_REQUESTED",
            Self::Approved => "APPROVED",
            Self::Rejected => "REJECTED",
            Self::Withdrawn => "WITHDRAWN",
            Self::Expired => "EXPIRED",
            Self::Released => "RELEASED",
        }
    }
}

/// Where a deal came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DealSource {
    /// Somebody registered it here.
    Registered,
    /// It came in with an import.
    Imported,
}

/// A deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deal {
    /// Its id.
    pub id: DealId,
    /// Number that people say, as `D-1042`.
    pub number: String,
    /// Counts changes, from 1.
    pub version: i32,
    /// Title.
    pub title: String,
    /// How far the registration is.
    pub status: RegistrationStatus,
    /// Stage key.
    pub stage: String,
    /// What the stage is; kept so that rules need no program.
    pub stage_category: StageCategory,
    /// Whose deal it is; never changes.
    pub partner_id: PartnerId,
    /// The customer; an imported deal may lack it.
    pub customer: Option<Customer>,
    /// Products, at least one for a registration.
    pub product_ids: Vec<ProductId>,
    /// Value as given.
    pub value: Money,
    /// Rate of that day into the program's currency.
    pub rate: Decimal,
    /// Value in the program's currency, by `rate`.
    pub base_value: Money,
    /// When the partner expects to close.
    pub expected_close_on: Option<Date>,
    /// When it was won or lost.
    pub closed_on: Option<Date>,
    /// What happens next.
    pub next_step: Option<String>,
    /// The vendor's channel manager.
    pub manager_id: Option<UserId>,
    /// The partner's territory when it was registered.
    pub territory: Option<String>,
    /// Where it came from.
    pub source: DealSource,
    /// Who registered it; none for an import.
    pub registered_by: Option<UserId>,
    /// When it came into being.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When the vendor owes an answer.
    pub decision_due_at: Option<Timestamp>,
    /// Business minutes left on the clock while the partner owes an answer.
    pub paused_minutes: Option<i64>,
    /// When it was approved, rejected, withdrawn or expired.
    pub decided_at: Option<Timestamp>,
    /// Reason or note of that decision.
    pub decision_reason: Option<String>,
    /// The vendor's question that is open.
    pub open_question: Option<String>,
    /// Until when nobody else wins approval for the customer and a product; none when it holds no claim, and while the clock
    /// of protection stands still.
    pub protected_until: Option<Timestamp>,
    /// Key under which a second import finds it.
    pub import_key: Option<String>,
    /// The rules that it was judged under; a change of the rules leaves them.
    pub judged: Judged,
    /// What the partner brought along.
    pub evidence: Evidence,
    /// The lead that it came of, with its marketing source.
    #[serde(default)]
    pub origin: crate::lead::Origin,
    /// Its protection beside the end.
    #[serde(default)]
    pub protection: Protection,
    /// Who approves it, one after the other.
    #[serde(default)]
    pub route: Route,
    /// What reports remember of the registration.
    #[serde(default)]
    pub record: crate::report::record::Record,
    /// The vendor's clock beside the deadline.
    #[serde(default)]
    pub deadline: deadline::Deadline,
    /// Products within its bundles, as they were at the registration: checked and claimed like its own.
    #[serde(default)]
    pub included: Vec<ProductId>,
}

impl Deal {
    /// Whether the sale goes on and the registration is not over.
    pub fn is_open(&self) -> bool {
        self.stage_category == StageCategory::Open
            && !matches!(
                self.status,
                RegistrationStatus::Rejected | RegistrationStatus::Withdrawn | RegistrationStatus::Expired | RegistrationStatus::Released
            )
    }

    /// The timers that it has in this state.
    pub fn timers(&self) -> Vec<Due> {
        let due = |kind, at: Option<Timestamp>| at.map(|at| Due { kind, at });
        let all = [
            due(TimerKind::ProtectionEnd, self.protected_until),
            due(TimerKind::ProtectionInactive, self.inactive_at()),
            due(TimerKind::ProtectionReminder, self.reminder_at()),
        ];
        all.into_iter().chain(self.deadline_timers()).flatten().collect()
    }

    /// Everything that its claims hold or would hold: each product under each key of the customer, see
    /// [`crate::customer::same_keys`].
    pub fn claim_keys(&self) -> Vec<ClaimKey> {
        let Some(customer) = &self.customer else { return Vec::new() };
        claim::keys(&customer.key, &customer.name_key, self.all_products())
    }

    /// Its products and those within its bundles: what it is checked by and claims.
    pub fn all_products(&self) -> impl Iterator<Item = &ProductId> {
        self.product_ids.iter().chain(&self.included)
    }
}

/// What can be done with a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DealAction {
    /// Approve the registration.
    Approve,
    /// Reject it.
    Reject,
    /// Ask the partner something.
    RequestInfo,
    /// Answer the question.
    ProvideInfo,
    /// Take the registration back.
    Withdraw,
    /// Move the stage.
    MoveStage,
    /// Write a note.
    AddNote,
    /// Change title, next step, close date.
    Edit,
    /// Hand the decision to another person.
    Reroute,
    /// Add evidence.
    AddEvidence,
    /// Ask the vendor something about an approved deal.
    AskVendor,
    /// Answer the partner's question.
    AnswerPartner,
    /// Ask for an extension of the protection.
    RequestExtension,
    /// Grant or decline the extension.
    DecideExtension,
    /// Give the deal free at the customer's request.
    Release,
}

impl DealAction {
    /// Every action.
    pub const ALL: [DealAction; 15] = [
        Self::Approve,
        Self::Reject,
        Self::RequestInfo,
        Self::ProvideInfo,
        Self::Withdraw,
        Self::MoveStage,
        Self::AddNote,
        Self::Edit,
        Self::Reroute,
        Self::AddEvidence,
        Self::AskVendor,
        Self::AnswerPartner,
        Self::RequestExtension,
        Self::DecideExtension,
        Self::Release,
    ];

    /// The right that it needs.
    pub fn right(self) -> Action {
        match self {
            Self::Approve | Self::Reject | Self::RequestInfo | Self::Reroute => Action::DecideDeal,
            Self::AnswerPartner | Self::DecideExtension | Self::Release => Action::DecideDeal,
            Self::ProvideInfo | Self::Withdraw | Self::AddEvidence | Self::AskVendor | Self::RequestExtension => Action::AnswerForPartner,
            Self::MoveStage | Self::Edit => Action::WorkDeal,
            Self::AddNote => Action::WriteNote,
        }
    }

    /// Whether it decides the current step of a route, so that others wait for their turn.
    pub fn decides(self) -> bool {
        matches!(self, Self::Approve | Self::Reject | Self::RequestInfo | Self::Reroute)
    }

    /// Whether the deal's state allows it, whoever asks.
    pub fn fits(self, deal: &Deal) -> bool {
        match self {
            Self::Approve | Self::Reject | Self::RequestInfo => deal.status.awaits_vendor(),
            Self::ProvideInfo => deal.status == RegistrationStatus::InfoRequested,
            Self::Withdraw => deal.is_open() && (deal.status.is_pending() || deal.status == RegistrationStatus::Approved),
            Self::MoveStage => deal.is_open() && deal.status == RegistrationStatus::Approved,
            Self::Edit => deal.is_open(),
            Self::Reroute => deal.status.is_pending(),
            Self::AddNote => true,
            Self::AddEvidence => deal.is_open() && (deal.status.is_pending() || deal.status == RegistrationStatus::Approved),
            Self::AskVendor => deal.is_protected() && deal.protection.question.is_none(),
            Self::AnswerPartner => deal.protection.question.is_some(),
            Self::RequestExtension => deal.is_protected() && deal.protection.extension.is_none() && deal.protection.can_extend(),
            Self::DecideExtension => deal.protection.extension.is_some(),
            Self::Release => deal.is_open() && deal.status == RegistrationStatus::Approved,
        }
    }
}

/// What the actor may do with the deal now; mutations apply the same.
pub fn allowed_actions(deal: &Deal, actor: &Actor) -> Vec<DealAction> {
    DealAction::ALL.into_iter().filter(|a| a.fits(deal) && can(actor, a.right(), Resource::OfPartner(&deal.partner_id))).collect()
}

/// What is to change: written as it is, in one transaction, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The deal after the change.
    pub deal: Deal,
    /// Version it was decided on; none for a new deal.
    pub based_on: Option<i32>,
    /// Claims to take; each must be free.
    pub take: Vec<Claim>,
    /// Whether every claim of this deal is given free.
    pub release_claims: bool,
    /// What happened, in order.
    pub events: Vec<Event>,
}

impl Decision {
    /// This decision followed by another one made on its result: one write for both.
    pub fn then(mut self, next: Decision) -> Decision {
        if next.release_claims {
            self.take.clear();
        }
        self.take.extend(next.take);
        self.events.extend(next.events);
        Decision {
            deal: next.deal,
            based_on: self.based_on,
            take: self.take,
            release_claims: self.release_claims || next.release_claims,
            events: self.events,
        }
    }
}

/// What every change needs to know: who, when, and the id of the event that tells of it.
#[derive(Debug, Clone)]
pub struct Cause {
    /// By whom.
    pub actor: EventActor,
    /// When.
    pub now: Timestamp,
    /// Id of the event.
    pub event_id: EventId,
    /// People for whom the actor acts today because they are away.
    pub covers: Vec<UserId>,
}

impl Cause {
    /// A change by this actor.
    pub fn by(actor: &Actor, now: Timestamp, event_id: EventId) -> Self {
        Self { actor: EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() }, now, event_id, covers: Vec::new() }
    }

    /// The same, by somebody who acts for these people today.
    pub fn covering(self, covers: Vec<UserId>) -> Self {
        Self { covers, ..self }
    }

    /// The event of this cause that leaves the deal as it is.
    pub fn event_of(&self, deal: &Deal, kind: EventKind, changes: Vec<FieldChange>) -> Event {
        self.event(deal, kind, None, changes)
    }

    /// The cause of a second change in the same write, whose event follows the first one's.
    pub fn second(&self) -> Self {
        Self { event_id: self.second_event_id(), ..self.clone() }
    }

    /// The id of an event beside the first one: the next in order.
    pub(crate) fn second_event_id(&self) -> EventId {
        let first = self.event_id.as_str().rsplit('_').next().and_then(|u| ulid::Ulid::from_string(u).ok()).unwrap_or_default();
        EventId::new(first.increment().unwrap_or_default())
    }

    /// The event of this cause.
    pub(crate) fn event(&self, deal: &Deal, kind: EventKind, text: Option<String>, changes: Vec<FieldChange>) -> Event {
        Event {
            id: self.event_id.clone(),
            kind,
            subject: Subject::Deal { id: deal.id.clone(), partner_id: deal.partner_id.clone(), version: deal.version },
            occurred_at: self.now,
            actor: self.actor.clone(),
            visibility: Visibility::Shared,
            text,
            changes,
        }
    }
}

/// Right, state and version in one place, before any change: hidden first, then forbidden, then stale, then wrong state.
pub fn check(deal: &Deal, actor: &Actor, action: DealAction, expected_version: Option<i32>) -> Result<(), DealError> {
    admit(deal, actor, action, expected_version)?;
    if action.fits(deal) { Ok(()) } else { Err(DealError::WrongStatus { status: deal.status.name() }) }
}

/// Right and version alone, for a change that says more exactly what is wrong with the state.
pub(crate) fn admit(deal: &Deal, actor: &Actor, action: DealAction, expected_version: Option<i32>) -> Result<(), DealError> {
    if !crate::policy::scope(actor, Action::SeeDeals).admits(&deal.partner_id) {
        return Err(DealError::NotFound);
    }
    if !can(actor, action.right(), Resource::OfPartner(&deal.partner_id)) {
        return Err(DealError::NotAllowed);
    }
    match expected_version {
        Some(v) if v != deal.version => Err(DealError::StaleVersion { current: deal.version }),
        _ => Ok(()),
    }
}

/// A copy with the next version, changed now; where protection runs, that is activity.
pub(crate) fn next(deal: &Deal, now: Timestamp) -> Deal {
    let mut after = Deal { version: deal.version + 1, updated_at: now, ..deal.clone() };
    protection::touch(&mut after, now);
    after
}

/// A field's change in words; none when nothing changed.
pub(crate) fn change(field: &str, before: Option<String>, after: Option<String>) -> Option<FieldChange> {
    (before != after).then(|| FieldChange { field: field.to_owned(), before, after })
}

/// A required note, reason, question or answer.
pub(crate) fn required_text(field: &'static str, text: &str) -> Result<String, DealError> {
    use crate::text::{NOTE_MAX, TextError, required};
    required(text, NOTE_MAX).map_err(|e| match e {
        TextError::Empty => DealError::Required { field },
        TextError::TooLong { max } => DealError::TooLong { field, max },
    })
}

/// An optional one; an empty text is none.
pub(crate) fn optional_text(field: &'static str, text: Option<&str>, max: usize) -> Result<Option<String>, DealError> {
    crate::text::optional(text, max).map_err(|_| DealError::TooLong { field, max })
}

#[cfg(test)]
mod deadline_tests;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod protection_tests;
#[cfg(test)]
pub(crate) mod tests;
