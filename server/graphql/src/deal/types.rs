//! Enums and small values of deals.

use async_graphql::{Enum, SimpleObject};
use entente_app::deal as app;
use entente_domain::deal::verdict as domain;

use super::Deal;
use crate::program::{DealStage, Money};
use crate::scalar::DateTime;

/// How far a registration is: may this partner work this deal?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "entente_domain::deal::RegistrationStatus")]
pub(crate) enum RegistrationStatus {
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
    /// Refused, with a reason.
    Rejected,
    /// Taken back by the partner.
    Withdrawn,
    /// Protection ran out.
    Expired,
    /// Given free at the customer's request.
    Released,
}

/// What can be done with a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "entente_domain::deal::DealAction")]
pub(crate) enum DealAction {
    /// Approve the registration.
    Approve,
    /// Reject it with a reason.
    Reject,
    /// Ask the partner something; the vendor's clock stands still.
    RequestInfo,
    /// Answer the question; the vendor's clock goes on.
    ProvideInfo,
    /// Take the registration back.
    Withdraw,
    /// Move the stage of the sale.
    MoveStage,
    /// Write a note.
    AddNote,
    /// Change title, next step or expected close date.
    Edit,
    /// Hand the decision to another person.
    Reroute,
    /// Add evidence.
    AddEvidence,
    /// Ask the vendor something about an approved deal; protection stands still.
    AskVendor,
    /// Answer the partner's question; protection goes on.
    AnswerPartner,
    /// Ask for an extension of the protection.
    RequestExtension,
    /// Grant or decline the extension.
    DecideExtension,
    /// Give the deal free at the customer's request.
    Release,
}

/// Where a deal came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "entente_domain::deal::DealSource")]
pub(crate) enum DealSource {
    /// Somebody registered it here.
    Registered,
    /// It came in with an import.
    Imported,
}

/// Who may see a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "entente_domain::event::Visibility")]
pub(crate) enum NoteVisibility {
    /// The vendor and the partner.
    Shared,
    /// The vendor only.
    Internal,
}

/// What the rules say at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::VerdictOutcome")]
pub(crate) enum VerdictOutcome {
    /// Nothing stands in the way.
    Clear,
    /// The vendor will look closely.
    PossibleConflict,
    /// Cannot be registered now.
    Blocked,
}

/// What one rule says.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct RuleResult {
    /// Name of the rule for programs.
    pub(crate) code: String,
    /// Whether it is satisfied.
    pub(crate) passed: bool,
    /// What it says, and what would satisfy it.
    pub(crate) message: String,
    /// What would satisfy it; null when it is satisfied.
    pub(crate) remedy: Option<String>,
    /// How to have it looked at again; null when it is satisfied, or nobody's judgement is in it.
    pub(crate) appeal: Option<String>,
}

/// The verdict on a registration, told to the one who registers without naming a rival or its deal.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct DealVerdict {
    /// All in all.
    pub(crate) outcome: VerdictOutcome,
    /// Rule by rule.
    pub(crate) rules: Vec<RuleResult>,
}

impl From<domain::Verdict> for DealVerdict {
    fn from(verdict: domain::Verdict) -> Self {
        let rules = verdict.rules.into_iter().map(|r| RuleResult {
            code: r.code.name().to_owned(),
            passed: r.passed,
            message: r.message,
            remedy: r.remedy,
            appeal: r.appeal,
        });
        Self { outcome: verdict.outcome.into(), rules: rules.collect() }
    }
}

/// Count and value of one stage.
#[derive(SimpleObject)]
pub(crate) struct StageSummary {
    /// The stage.
    pub(crate) stage: DealStage,
    /// Deals in it that the viewer may see.
    pub(crate) count: i32,
    /// Their value in the program's currency, each by the rate stored with it.
    pub(crate) value: Money,
}

/// Why a deal needs the viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "app::AttentionKind")]
pub(crate) enum AttentionKind {
    /// The vendor owes a decision.
    DecisionDue,
    /// The partner owes an answer.
    AnswerOwed,
    /// Protection ends soon.
    ProtectionEnding,
    /// It was expected to close before today.
    CloseDatePassed,
    /// The vendor owes an answer on an approved deal, whose protection stands still until then.
    PartnerWaits,
}

/// A deal that needs the viewer.
#[derive(SimpleObject)]
pub(crate) struct AttentionItem {
    /// Why.
    pub(crate) kind: AttentionKind,
    /// The deal.
    pub(crate) deal: Deal,
    /// The moment by which it is due; null when there is no clock.
    pub(crate) due_at: Option<DateTime>,
}
