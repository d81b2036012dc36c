//! Moving a deal through the stages of the sale.

use jiff::civil::Date;

use super::{Cause, Deal, DealAction, DealError, Decision, change, check, next, optional_text};
use crate::event::EventKind;
use crate::policy::Actor;
use crate::program::{Program, Stage, StageCategory};
use crate::text::NOTE_MAX;

/// Stages to which the deal may move: every other one while it is open and approved; none once won or lost.
pub fn next_stages<'a>(deal: &Deal, program: &'a Program) -> Vec<&'a Stage> {
    if DealAction::MoveStage.fits(deal) { program.stages.iter().filter(|s| s.key != deal.stage).collect() } else { Vec::new() }
}

/// Where to, and what is said about it.
#[derive(Debug, Clone, Copy)]
pub struct StageMove<'a> {
    /// Key of the stage.
    pub stage: &'a str,
    /// Note on the timeline.
    pub note: Option<&'a str>,
}

/// Moves the deal. Won and lost close it on `today`, the date in the program's time zone, and give its claims free.
pub fn move_stage(
    deal: &Deal,
    actor: &Actor,
    expected_version: i32,
    to: StageMove<'_>,
    program: &Program,
    today: Date,
    cause: Cause,
) -> Result<Decision, DealError> {
    check(deal, actor, DealAction::MoveStage, Some(expected_version))?;
    let note = optional_text("note", to.note, NOTE_MAX)?;
    let unknown = || DealError::StageUnknown { stage: to.stage.to_owned() };
    let to = next_stages(deal, program).into_iter().find(|s| s.key == to.stage).ok_or_else(unknown)?;
    let name = |key: &str| program.stage(key).map(|(_, s)| s.name.clone());
    let mut after = next(deal, cause.now);
    after.stage = to.key.clone();
    after.stage_category = to.category;
    let closes = to.category != StageCategory::Open;
    if closes {
        after.closed_on = Some(today);
        after.protected_until = None;
        after.protection.end();
    }
    let changes = change("stage", name(&deal.stage), name(&to.key)).into_iter().chain(super::protection::end_change(deal, &after)).collect();
    let event = cause.event(&after, EventKind::DealStageMoved, note, changes);
    Ok(Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: closes, events: vec![event] })
}
