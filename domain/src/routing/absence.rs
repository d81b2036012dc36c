//! Absences: from when to when somebody is away, and who acts meanwhile. Everybody who decides keeps their own; an
//! administrator keeps everybody's.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{People, cover};
use crate::id::{AbsenceId, UserId};
use crate::policy::{Action, Actor, Resource, can};

/// Most absences that are kept at once, of everybody.
pub const ABSENCES_MAX: usize = 500;
/// Longest absence, in days.
pub const DAYS_MAX: i32 = 400;
/// Absences are forgotten so many days after they ended.
const KEPT_DAYS: i32 = 30;

/// That somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// Who is away.
    pub user_id: UserId,
    /// The first day, where the program is.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Who acts meanwhile.
    pub cover: UserId,
}

impl Absence {
    /// Whether it covers that day.
    pub fn on(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }

    fn overlaps(&self, other: &Absence) -> bool {
        self.from <= other.until && other.from <= self.until
    }
}

/// Codes of what can be wrong with an absence; the same names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AbsenceCode {
    /// There is no such absence, or it is hidden from the actor.
    NotFound,
    /// Only the person and an administrator keep it.
    NotAllowed,
    /// The last day lies before the first, or the absence is too long.
    InvalidInput,
    /// The last day has passed.
    DateInPast,
    /// The person is away then already.
    Overlaps,
    /// There is no such person among those who decide.
    PersonUnknown,
    /// The person or the cover may not decide registrations.
    PersonCannotDecide,
    /// The covers would lead back to somebody who is away.
    CoverCircle,
    /// There are too many absences.
    TooMany,
}

/// What is wrong with an absence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct AbsenceError {
    /// Which field, as in the input; empty when no single one.
    pub field: &'static str,
    /// What kind of wrong.
    pub code: AbsenceCode,
    /// The rule and what would satisfy it.
    pub message: &'static str,
}

fn wrong(field: &'static str, code: AbsenceCode, message: &'static str) -> AbsenceError {
    AbsenceError { field, code, message }
}

/// Whether the actor keeps that person's absences.
pub fn may_keep(actor: &Actor, user: &UserId) -> bool {
    can(actor, Action::ManageRouting, Resource::OfVendor) || (can(actor, Action::DecideDeal, Resource::OfVendor) && actor.user_id == *user)
}

/// The absences with this one added, or changed where its id is known. Those that ended long ago are dropped.
pub fn save(absence: Absence, actor: &Actor, people: &People<'_>) -> Result<Vec<Absence>, AbsenceError> {
    let known = people.absences.iter().find(|a| a.id == absence.id);
    if !may_keep(actor, &absence.user_id) || known.is_some_and(|k| !may_keep(actor, &k.user_id)) {
        return Err(wrong("userId", AbsenceCode::NotAllowed, "Only the person and an administrator may change an absence."));
    }
    check(&absence, people)?;
    let forget = people.today.saturating_sub(KEPT_DAYS.days());
    let mut all: Vec<Absence> = people.absences.iter().filter(|a| a.id != absence.id && a.until >= forget).cloned().collect();
    if all.len() >= ABSENCES_MAX {
        return Err(wrong("", AbsenceCode::TooMany, "There may be at most 500 absences; remove one that has passed."));
    }
    if all.iter().any(|a| a.user_id == absence.user_id && a.overlaps(&absence)) {
        return Err(wrong("from", AbsenceCode::Overlaps, "The person is away then already; change that absence."));
    }
    let (first, last) = (absence.from, absence.until);
    all.push(absence);
    all.sort_by(|a, b| (a.from, &a.user_id, &a.id).cmp(&(b.from, &b.user_id, &b.id)));
    // A chain can only change on a day on which an absence begins.
    let days = all.iter().map(|a| a.from).filter(|d| (first..=last).contains(d));
    for day in days {
        let then = People { absences: &all, today: day, ..*people };
        if all.iter().filter(|a| a.on(day)).any(|a| cover::is_circle(&a.user_id, &then)) {
            return Err(wrong("coverId", AbsenceCode::CoverCircle, "The covers lead back to somebody who is away; choose another one."));
        }
    }
    Ok(all)
}

fn check(absence: &Absence, people: &People<'_>) -> Result<(), AbsenceError> {
    if absence.until < absence.from || absence.until > absence.from.saturating_add(DAYS_MAX.days()) {
        return Err(wrong("until", AbsenceCode::InvalidInput, "until must be from on or later, and at most 400 days after it."));
    }
    if absence.until < people.today {
        return Err(wrong("until", AbsenceCode::DateInPast, "until must be today or later."));
    }
    if absence.cover == absence.user_id {
        return Err(wrong("coverId", AbsenceCode::CoverCircle, "Nobody covers for themselves; choose another person."));
    }
    if !people.deciders.contains(&absence.user_id) {
        return Err(wrong("userId", AbsenceCode::PersonCannotDecide, "Only who decides registrations needs a cover."));
    }
    if !people.deciders.contains(&absence.cover) {
        return Err(wrong("coverId", AbsenceCode::PersonCannotDecide, "The cover must be an active person who may decide registrations."));
    }
    Ok(())
}

/// The absences without this one.
pub fn remove(id: &AbsenceId, actor: &Actor, people: &People<'_>) -> Result<Vec<Absence>, AbsenceError> {
    let Some(absence) = people.absences.iter().find(|a| a.id == *id) else {
        return Err(wrong("id", AbsenceCode::NotFound, "There is no such absence."));
    };
    if !may_keep(actor, &absence.user_id) {
        return Err(wrong("id", AbsenceCode::NotAllowed, "Only the person and an administrator may remove an absence."));
    }
    Ok(people.absences.iter().filter(|a| a.id != *id).cloned().collect())
}
