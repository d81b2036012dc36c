//! The program's rules: their versions, proposing and withdrawing one, trying a draft on last year's registrations, and the
//! acceptance of the rules of engagement.

mod engagement;
mod propose;
mod trial;

use entente_domain::Timestamp;
use entente_domain::event::{Event, EventKind, FieldChange, Subject, Visibility};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::rules::propose::RulesViolation;
use entente_domain::rules::{RulesVersion, in_force};

use crate::idempotency::KeyRefusal;
use crate::page::{self, Page};
use crate::{App, AppError};

pub use engagement::{EngagementRefusal, accept, engagement};
pub use propose::{Proposal, first_version, propose, withdraw};
pub use trial::{TRIAL_DAYS, TRIAL_MAX, Trial, Tried, try_rules};

/// Why a version is not proposed or withdrawn.
#[derive(Debug)]
pub enum RulesRefusal {
    /// The actor's role may not do this.
    NotAllowed,
    /// There is no such version.
    NotFound,
    /// The proposal breaks these rules.
    Invalid(Vec<RulesViolation>),
    /// It has begun, or was withdrawn before.
    NotAnnounced,
    /// Another version than the one that the proposal goes on from is the newest one that stands: this one.
    StaleVersion(i32),
    /// The reason is empty.
    ReasonRequired,
    /// The reason is too long.
    ReasonTooLong,
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

/// The version in force at that moment (now when left out), and the number of the one in force now.
#[tracing::instrument(level = "debug", name = "rules.at", skip_all)]
pub async fn at(app: &App, moment: Option<Timestamp>) -> Result<(RulesVersion, i32), AppError> {
    let view = app.program().await?;
    let version = moment.and_then(|at| in_force(&view.versions, at)).unwrap_or(&view.rules);
    Ok((version.clone(), view.rules.number))
}

/// The versions that the actor may read, newest first: everybody those that stand, the vendor's staff withdrawn ones too.
#[tracing::instrument(level = "debug", name = "rules.list", skip_all)]
pub async fn list(app: &App, actor: Option<&Actor>, first: u32, after: Option<&str>) -> Result<Page<RulesVersion>, AppError> {
    let name = page::list_name("rulesVersions", &())?;
    let before: Option<i32> = page::decode(&name, after)?;
    let all = actor.is_some_and(|a| can(a, Action::SeeWithdrawnRules, Resource::OfVendor));
    let view = app.program().await?;
    let follows = |v: &&RulesVersion| (all || v.withdrawn.is_none()) && before.is_none_or(|b| v.number < b);
    let rows: Vec<RulesVersion> = view.versions.iter().rev().filter(follows).take(first as usize + 1).cloned().collect();
    Page::of(rows, first, after.is_some(), &name, |v| v.number)
}

impl From<KeyRefusal> for RulesRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

/// The event of a change of the rules, for both sides to read.
fn event(app: &App, actor: &Actor, kind: EventKind, subject: Subject, text: Option<String>, change: FieldChange) -> Event {
    let cause = app.cause(actor);
    Event {
        id: cause.event_id,
        kind,
        subject,
        occurred_at: cause.now,
        actor: cause.actor,
        visibility: Visibility::Shared,
        text,
        changes: vec![change],
    }
}
