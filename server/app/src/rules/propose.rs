//! Proposing the next version of the rules, and withdrawing one that has not begun. Two at once: the unique number and date
//! let one in, and the other is judged again.

use entente_domain::Date;
use entente_domain::event::{EventActor, EventKind, FieldChange, Subject};
use entente_domain::id::RulesId;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::program::Program;
use entente_domain::rules::propose::{Facts, RulesCode, RulesViolation, WithdrawError, check, propose as judged, withdraw as withdrawn};
use entente_domain::rules::{RuleSet, RulesVersion, newest};
use entente_store::{Committed, IdempotencyRecord};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{RulesRefusal, event};
use crate::idempotency::Once;
use crate::{App, AppError, Refused};

/// A proposal as it was asked for.
#[derive(Debug, Clone, Serialize)]
pub struct Proposal {
    /// What the version says.
    pub rules: RuleSet,
    /// The day on which it begins.
    pub effective_from: Date,
    /// Why, for everybody to read.
    pub note: Option<String>,
    /// Whether nothing was said of the dispute's deadline: it stays what the newest version says that stands. Not read from that
    /// version before, because the same proposal sent again must be the same.
    pub keeps_dispute: bool,
    /// Number of the version that it goes on from, which must be the newest one that stands; none compares nothing.
    pub based_on: Option<i32>,
}

type Done = Result<RulesVersion, Refused<RulesRefusal>>;

/// How often a proposal is judged when another one came first.
const TRIES: usize = 3;

/// Proposes: the version is announced at once and begins on its day.
#[tracing::instrument(level = "debug", name = "rules.propose", skip_all)]
pub async fn propose(app: &App, actor: &Actor, proposal: &Proposal, key: Option<&str>) -> Done {
    may(actor)?;
    let once = Once::new(actor, "rulesPropose", key, proposal)?;
    once.or(app, Box::pin(propose_once(app, actor, proposal, &once)), |record| replay(app, record)).await
}

async fn propose_once(app: &App, actor: &Actor, proposal: &Proposal, once: &Once) -> Done {
    let zone = TimeZone::get(&proposal.rules.calendar.time_zone).ok();
    for _ in 0..TRIES {
        app.forget_program();
        let view = app.program().await?;
        let standing = newest(&view.versions);
        // What somebody announced or withdrew meanwhile would be undone without a word.
        let number = standing.map_or(0, |v| v.number);
        if proposal.based_on.is_some_and(|base| base != number) {
            return Err(Refused::Refused(RulesRefusal::StaleVersion(number)));
        }
        let now = app.now();
        let facts =
            Facts { program: &view.program, versions: &view.versions, in_force: &view.rules, today: view.date(now), now, zone: zone.as_ref() };
        let by = EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() };
        let id = RulesId::new(app.ulid());
        let mut rules = proposal.rules.clone();
        if let Some(standing) = standing.filter(|_| proposal.keeps_dispute) {
            rules.dispute = standing.rules.dispute;
        }
        let version = judged(rules, proposal.effective_from, proposal.note.as_deref(), facts, id, by)
            .map_err(|wrong| Refused::Refused(RulesRefusal::Invalid(wrong)))?;
        let change = FieldChange {
            field: "rules".into(),
            before: Some(view.rules.number.to_string()),
            after: Some(format!("{} from {}", version.number, version.effective_from)),
        };
        let told = event(app, actor, EventKind::ProgramChanged, Subject::Program { id: view.program.id.clone() }, version.note.clone(), change);
        let record = once.record(version.id.as_str(), String::new());
        match app.store.add_rules(&version, proposal.based_on, &[told], record.as_ref()).await? {
            Committed::Done => {
                app.forget_program();
                return Ok(version);
            }
            Committed::Replayed(record) => return replay(app, once.same(record)?).await,
            Committed::Duplicate | Committed::Stale | Committed::ClaimTaken(_) => {}
        }
    }
    if proposal.based_on.is_some() {
        app.forget_program();
        let view = app.program().await?;
        return Err(Refused::Refused(RulesRefusal::StaleVersion(newest(&view.versions).map_or(0, |v| v.number))));
    }
    let message = "Somebody else proposed a version at the same time; look again and repeat.".to_owned();
    let lost = RulesViolation { path: vec!["effectiveFrom".into()], code: RulesCode::DateTaken, message };
    Err(Refused::Refused(RulesRefusal::Invalid(vec![lost])))
}

/// Withdraws a version that has not begun; everybody keeps the rules as they are.
#[tracing::instrument(level = "debug", name = "rules.withdraw", skip_all)]
pub async fn withdraw(app: &App, actor: &Actor, number: i32, reason: &str, key: Option<&str>) -> Done {
    may(actor)?;
    let once = Once::new(actor, "rulesWithdraw", key, &(number, reason))?;
    once.or(app, Box::pin(withdraw_once(app, actor, number, reason, &once)), |record| replay(app, record)).await
}

async fn withdraw_once(app: &App, actor: &Actor, number: i32, reason: &str, once: &Once) -> Done {
    app.forget_program();
    let view = app.program().await?;
    let Some(version) = view.versions.iter().find(|v| v.number == number) else { return Err(Refused::Refused(RulesRefusal::NotFound)) };
    let by = EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() };
    let gone = withdrawn(version, reason, app.now(), by).map_err(|e| {
        Refused::Refused(match e {
            WithdrawError::NotAnnounced => RulesRefusal::NotAnnounced,
            WithdrawError::ReasonRequired => RulesRefusal::ReasonRequired,
            WithdrawError::ReasonTooLong => RulesRefusal::ReasonTooLong,
        })
    })?;
    let text = gone.withdrawn.as_ref().map(|w| w.reason.clone());
    let change = FieldChange { field: "rules".into(), before: Some(format!("{number} from {}", gone.effective_from)), after: None };
    let told = event(app, actor, EventKind::ProgramChanged, Subject::Program { id: view.program.id.clone() }, text, change);
    let record = once.record(gone.id.as_str(), String::new());
    match app.store.withdraw_rules(&gone, &[told], record.as_ref()).await? {
        Committed::Done => {
            app.forget_program();
            Ok(gone)
        }
        Committed::Replayed(record) => replay(app, once.same(record)?).await,
        Committed::Duplicate | Committed::Stale | Committed::ClaimTaken(_) => Err(Refused::Refused(RulesRefusal::NotAnnounced)),
    }
}

fn may(actor: &Actor) -> Result<(), Refused<RulesRefusal>> {
    if can(actor, Action::ManageRules, Resource::OfVendor) { Ok(()) } else { Err(Refused::Refused(RulesRefusal::NotAllowed)) }
}

/// The answer of the first time: the version as it is now.
async fn replay(app: &App, record: IdempotencyRecord) -> Done {
    let versions = app.store.rules_versions().await?;
    let found = versions.into_iter().find(|v| v.id.as_str() == record.result_id);
    found.ok_or_else(|| Refused::Failed(AppError::internal("an idempotency record names no version of the rules")))
}

/// Writes the first version of a new program; one that is there already is as good. Its rules are checked like any others.
pub async fn first_version(app: &App, program: &Program, rules: RuleSet) -> Result<RulesVersion, AppError> {
    let zone = TimeZone::get(&rules.calendar.time_zone).ok();
    if let Some(wrong) = check(&rules, program, zone.as_ref()).into_iter().next() {
        return Err(AppError::BadRequest(format!("rules.{}: {}", wrong.path.join("."), wrong.message)));
    }
    let zone = zone.ok_or_else(|| AppError::internal("no such time zone"))?;
    let version = RulesVersion { rules, ..RulesVersion::first(program, &zone) };
    app.store.add_rules(&version, None, &[], None).await?;
    app.forget_program();
    Ok(version)
}
