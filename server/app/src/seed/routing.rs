//! The routing of the demo program: its table and who is away, written through the same use cases as everything else; and
//! approvals of its deals, step by step where the table asks for more than one.

use std::collections::BTreeMap;
use std::path::Path;

use entente_domain::Timestamp;
use entente_domain::deal::{Cause, DealError, Decision, RegistrationStatus, decide};
use entente_domain::id::EventId;
use entente_domain::policy::Actor;
use entente_domain::routing::{Conditions, RoutingRule, RoutingTable, RuleStep, StepOwner, TerritoryCountries};
use jiff::{SignedDuration, ToSpan};
use serde::Deserialize;

use super::files::read_json;
use super::{World, deals, named, wrong};
use crate::clock::ulid_at;
use crate::routing::{AbsenceInput, save_absence, seed_table};
use crate::{App, AppError, Refused};

const FILE: &str = "routing.json";
/// How long after one step the next one is approved.
const BETWEEN_STEPS: SignedDuration = SignedDuration::from_mins(10);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RoutingFile {
    by: String,
    fallback: String,
    territories: BTreeMap<String, Vec<String>>,
    rules: Vec<RuleFile>,
    absences: Vec<AbsenceFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RuleFile {
    name: String,
    #[serde(default)]
    partner_territories: Vec<String>,
    #[serde(default)]
    customer_territories: Vec<String>,
    #[serde(default)]
    lines: Vec<String>,
    #[serde(default)]
    tiers: Vec<String>,
    from_value: Option<entente_domain::Decimal>,
    below_value: Option<entente_domain::Decimal>,
    steps: Vec<StepFile>,
    #[serde(default)]
    shared: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StepFile {
    name: String,
    /// None for the partner's channel manager.
    owner: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AbsenceFile {
    user: String,
    from_in_days: i64,
    days: i64,
    cover: String,
}

/// Writes the table and the absences. A folder without a table has its deals decided by the partners' channel managers.
pub(super) async fn load(app: &App, dir: &Path, world: &World) -> Result<(), AppError> {
    if !dir.join(FILE).exists() {
        return Ok(());
    }
    let file: RoutingFile = read_json(dir, FILE)?;
    let by = deals::actor(named(&world.users, &file.by, FILE)?);
    let rules = file.rules.into_iter().map(|r| rule(r, world)).collect::<Result<_, _>>()?;
    let territories = file.territories.into_iter().map(|(territory, countries)| TerritoryCountries { territory, countries }).collect();
    let fallback = Some(named(&world.users, &file.fallback, FILE)?.id.clone());
    seed_table(app, &by, RoutingTable { territories, rules, fallback, ..RoutingTable::default() }).await?;
    let today = world.view.date(app.now());
    for absence in &file.absences {
        let from = today.checked_add(absence.from_in_days.days()).map_err(AppError::internal)?;
        let until = from.checked_add(absence.days.days()).map_err(AppError::internal)?;
        let user_id = Some(named(&world.users, &absence.user, FILE)?.id.to_string());
        let cover_id = named(&world.users, &absence.cover, FILE)?.id.to_string();
        save_absence(app, &by, &AbsenceInput { id: None, user_id, from, until, cover_id }, None).await.map_err(|e| match e {
            Refused::Failed(e) => e,
            Refused::Refused(refusal) => wrong(FILE, format!("absences: {refusal:?}")),
        })?;
    }
    Ok(())
}

fn rule(file: RuleFile, world: &World) -> Result<RoutingRule, AppError> {
    let owner = |key: Option<String>| match key {
        None => Ok(StepOwner::PartnerManager),
        Some(key) => named(&world.users, &key, FILE).map(|u| StepOwner::Person(u.id.clone())),
    };
    let steps = file.steps.into_iter().map(|s| Ok::<_, AppError>(RuleStep { name: s.name, owner: owner(s.owner)? })).collect::<Result<_, _>>()?;
    let when = Conditions {
        partner_territories: file.partner_territories,
        customer_territories: file.customer_territories,
        products: Vec::new(),
        lines: file.lines,
        tiers: file.tiers,
        from_value: file.from_value,
        below_value: file.below_value,
    };
    Ok(RoutingRule { name: file.name, when, steps, shared: file.shared })
}

/// Approves by that person; in a chain by the owner of each step, one after the other. The note is the last one's.
pub(super) fn approve(world: &World, so_far: &Decision, by: &Actor, note: Option<&str>, mut at: Timestamp) -> Result<Decision, DealError> {
    let mut done: Option<Decision> = None;
    loop {
        let deal = done.as_ref().map_or(&so_far.deal, |d| &d.deal);
        let step = deal.route.current().filter(|_| deal.route.is_chain());
        let owner = step.and_then(|(_, s)| world.users.values().find(|u| u.id == s.owner)).map(deals::actor);
        let by = owner.as_ref().unwrap_or(by);
        let last = step.is_none_or(|(n, _)| n + 1 == deal.route.steps.len());
        let cause = Cause::by(by, at, EventId::new(ulid_at(at)));
        let next = decide::approve(deal, by, deal.version, note.filter(|_| last), &world.view.program, cause)?;
        let over = next.deal.status == RegistrationStatus::Approved;
        let decision = match done {
            Some(done) => done.then(next),
            None => next,
        };
        if over {
            return Ok(decision);
        }
        at = at.checked_add(BETWEEN_STEPS).map_err(|_| DealError::Calendar)?;
        done = Some(decision);
    }
}
