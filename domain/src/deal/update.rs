//! Changing what a deal says about itself: title, next step, expected close date.

use jiff::civil::Date;

use super::{Cause, Deal, DealAction, DealError, Decision, change, check, next, optional_text};
use crate::event::EventKind;
use crate::policy::Actor;
use crate::text::LINE_MAX;

/// New values; none leaves a field as it is, an empty next step clears it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DealUpdate {
    /// Title.
    pub title: Option<String>,
    /// What happens next.
    pub next_step: Option<String>,
    /// When the partner expects to close.
    pub expected_close_on: Option<Date>,
}

/// Applies the update; `today` is the date in the program's time zone.
pub fn update(deal: &Deal, actor: &Actor, expected_version: i32, update: &DealUpdate, today: Date, cause: Cause) -> Result<Decision, DealError> {
    check(deal, actor, DealAction::Edit, Some(expected_version))?;
    let mut after = next(deal, cause.now);
    if let Some(title) = &update.title {
        after.title = optional_text("title", Some(title), LINE_MAX)?.ok_or(DealError::Required { field: "title" })?;
    }
    if let Some(step) = &update.next_step {
        after.next_step = optional_text("nextStep", Some(step), 1_000)?;
    }
    if let Some(date) = update.expected_close_on {
        if date < today {
            return Err(DealError::CloseDateInPast);
        }
        after.expected_close_on = Some(date);
    }
    let changes = [
        change("title", Some(deal.title.clone()), Some(after.title.clone())),
        change("nextStep", deal.next_step.clone(), after.next_step.clone()),
        change("expectedCloseOn", deal.expected_close_on.map(|d| d.to_string()), after.expected_close_on.map(|d| d.to_string())),
    ];
    let event = cause.event(&after, EventKind::DealUpdated, None, changes.into_iter().flatten().collect());
    Ok(Decision { deal: after, based_on: Some(deal.version), take: Vec::new(), release_claims: false, events: vec![event] })
}
