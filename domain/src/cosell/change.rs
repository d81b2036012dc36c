//! Changes of a room: who takes part in which role, the customer's permission, introductions, and what of the deal is shared.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{CosellRole, INTRODUCTIONS_MAX, Introduction, IntroductionOutcome, PARTICIPANTS_MAX, Participant, Permission, Room, Shares};
use crate::deal::Cause;
use crate::event::{Event, EventKind, FieldChange, Subject, Visibility};
use crate::id::{IntroductionId, PartnerId};
use crate::policy::{Action, Actor, Resource, can};
use crate::text::{self, LINE_MAX, NOTE_MAX, TextError};

/// Field of an event under which a partner stands that sees the room from then on.
const JOINED: &str = "joined";

/// Codes of what can be wrong; the same names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CosellCode {
    /// There is no such room, or it is hidden from the actor.
    NotFound,
    /// The actor's role may not do this here.
    NotAllowed,
    /// The room has changed since.
    StaleVersion,
    /// No such partner, or one that is no partner any more.
    PartnerUnknown,
    /// A partner is named twice in the same role.
    ParticipantTwice,
    /// A share is not above 0 and at most 100 per cent, or has more than four decimals.
    ShareInvalid,
    /// Of those who sourced the deal some have a share and some have none.
    ShareMissing,
    /// The shares of those who sourced the deal do not sum to 100 per cent.
    SharesNotWhole,
    /// The customer's permission to be named to a second partner is not recorded.
    PermissionMissing,
    /// A permission is recorded already.
    PermissionRecorded,
    /// Nobody takes back what was not recorded.
    PermissionNotRecorded,
    /// No such introduction.
    IntroductionUnknown,
    /// It has an outcome already.
    OutcomeRecorded,
    /// A date lies in the future.
    DateAhead,
    /// A required text is empty.
    Required,
    /// A text is too long, or a list has too many entries.
    TooLong,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CosellError {
    /// Path of the argument, as `["participants", "0", "share"]`; empty when no single one is to blame.
    pub path: Vec<String>,
    /// What kind of wrong.
    pub code: CosellCode,
    /// The rule and what would satisfy it.
    pub message: String,
}

impl CosellError {
    /// An error of that kind.
    pub fn of(path: &[&str], code: CosellCode, message: impl Into<String>) -> Self {
        Self { path: path.iter().map(|s| (*s).to_owned()).collect(), code, message: message.into() }
    }
}

/// What is to change: the room after it, the version that it was decided on, and what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomChange {
    /// The room after the change.
    pub room: Room,
    /// Version it was decided on; 0 for a room that is not stored yet.
    pub based_on: i32,
    /// What happened.
    pub event: Event,
}

/// Whether the actor may write in the room: the vendor's people who work deals, and people of every member who do.
pub fn may_write(room: &Room, actor: &Actor) -> bool {
    match &actor.partner_id {
        None => can(actor, Action::WorkRoom, Resource::OfVendor),
        Some(own) => room.members().contains(own) && can(actor, Action::WorkRoom, Resource::OfPartner(own)),
    }
}

/// Whether the actor may record permission, introductions and what is shared: the vendor, and the deal's own partner.
pub fn may_host(room: &Room, actor: &Actor) -> bool {
    may_write(room, actor) && actor.partner_id.as_ref().is_none_or(|own| *own == room.partner_id)
}

/// Whether the actor may say who takes part: the vendor's people who decide on deals.
pub fn may_manage(actor: &Actor) -> bool {
    can(actor, Action::ManageRoom, Resource::OfVendor)
}

fn admit(room: &Room, allowed: bool, expected_version: i32) -> Result<(), CosellError> {
    if !allowed {
        return Err(CosellError::of(&[], CosellCode::NotAllowed, "Your role does not allow this here; ask the vendor or the deal's own partner."));
    }
    if room.version != expected_version {
        let message = format!("The room has changed since you looked (version {}); look again and repeat.", room.version);
        return Err(CosellError::of(&["expectedVersion"], CosellCode::StaleVersion, message));
    }
    Ok(())
}

fn line(path: &[&str], value: &str, max: usize) -> Result<String, CosellError> {
    let name = path.last().copied().unwrap_or_default();
    text::required(value, max).map_err(|e| match e {
        TextError::Empty => CosellError::of(path, CosellCode::Required, format!("{name} must not be empty.")),
        TextError::TooLong { max } => CosellError::of(path, CosellCode::TooLong, format!("{name} must have at most {max} characters.")),
    })
}

fn not_ahead(path: &[&str], day: Date, today: Date) -> Result<(), CosellError> {
    if day <= today {
        return Ok(());
    }
    let name = path.last().copied().unwrap_or_default();
    Err(CosellError::of(path, CosellCode::DateAhead, format!("{name} must be today or earlier.")))
}

fn changed(before: &Room, mut after: Room, kind: EventKind, text: Option<String>, mut changes: Vec<FieldChange>, cause: Cause) -> RoomChange {
    after.version = before.version + 1;
    after.updated_at = cause.now;
    // Each partner that sees the room from now on, for whoever tells them so.
    let joined = after.members().into_iter().filter(|id| !before.members().contains(id));
    changes.extend(joined.map(|id| FieldChange { field: JOINED.to_owned(), before: None, after: Some(id.to_string()) }));
    let event = event(&after, Some(before), kind, text, changes, cause);
    RoomChange { room: after, based_on: before.version, event }
}

/// Whether that partner sees the room since the event, and did not before.
pub fn joined(event: &Event, partner: &PartnerId) -> bool {
    event.changes.iter().any(|c| c.field == JOINED && c.after.as_deref() == Some(partner.as_str()))
}

/// An event of the room. It is told to those who see the room after it, and to those who saw it before.
pub(super) fn event(room: &Room, before: Option<&Room>, kind: EventKind, text: Option<String>, changes: Vec<FieldChange>, cause: Cause) -> Event {
    let mut partners = room.members();
    partners.extend(before.map(Room::members).unwrap_or_default());
    Event {
        id: cause.event_id,
        kind,
        subject: Subject::Room {
            id: room.id.clone(),
            deal_id: room.deal_id.clone(),
            partners: partners.into_iter().collect(),
            version: room.version,
        },
        occurred_at: cause.now,
        actor: cause.actor,
        visibility: Visibility::Shared,
        text,
        changes,
    }
}

/// Says who takes part, in which role and with which share: all of them at once. `known` tells whether a partner is one.
pub fn set_participants(
    room: &Room,
    actor: &Actor,
    expected_version: i32,
    participants: Vec<Participant>,
    known: impl Fn(&PartnerId) -> bool,
    today: Date,
    cause: Cause,
) -> Result<RoomChange, CosellError> {
    admit(room, may_manage(actor), expected_version)?;
    if participants.len() > PARTICIPANTS_MAX {
        let message = format!("A room has at most {PARTICIPANTS_MAX} rows of partners.");
        return Err(CosellError::of(&["participants"], CosellCode::TooLong, message));
    }
    let mut kept: Vec<Participant> = Vec::new();
    for (n, mut p) in participants.into_iter().enumerate() {
        let n = n.to_string();
        let path = |field| ["participants", &n, field].map(str::to_owned).to_vec();
        let wrong = |field, code, message: &str| CosellError { path: path(field), code, message: message.to_owned() };
        if !known(&p.partner_id) {
            return Err(wrong("partnerId", CosellCode::PartnerUnknown, "partnerId must name a partner of the program."));
        }
        if kept.iter().any(|k| k.partner_id == p.partner_id && k.role == p.role) {
            return Err(wrong("role", CosellCode::ParticipantTwice, "A partner is named once in each role."));
        }
        if p.share.is_some_and(|s| s <= Decimal::ZERO || s > Decimal::ONE_HUNDRED || s.normalize().scale() > 4) {
            return Err(wrong("share", CosellCode::ShareInvalid, "share must be above 0 and at most 100 per cent, with at most four decimals."));
        }
        p.share = p.share.map(|s| s.normalize());
        p.act = line(&["participants", &n, "act"], &p.act, LINE_MAX)?;
        not_ahead(&["participants", &n, "actedOn"], p.acted_on, today)?;
        kept.push(p);
    }
    whole(&kept)?;
    let mut after = Room { participants: kept, ..room.clone() };
    if room.permission.is_none() && after.guests().next().is_some() {
        let message = "The customer must agree before a second partner learns its name: record the permission first.";
        return Err(CosellError::of(&["participants"], CosellCode::PermissionMissing, message));
    }
    after.participants.sort_by_key(|p| p.role);
    let said = |room: &Room| room.participants.len().to_string();
    let changes = vec![FieldChange { field: "participants".into(), before: Some(said(room)), after: Some(said(&after)) }];
    Ok(changed(room, after, EventKind::RoomParticipantsSet, None, changes, cause))
}

/// Shares of those who sourced the deal sum to 100 per cent, where any is given.
fn whole(participants: &[Participant]) -> Result<(), CosellError> {
    let sourced: Vec<Option<Decimal>> = participants.iter().filter(|p| p.role == CosellRole::Sourced).map(|p| p.share).collect();
    let given: Vec<Decimal> = sourced.iter().flatten().copied().collect();
    if given.is_empty() {
        return Ok(());
    }
    if given.len() < sourced.len() {
        let message = "Of the partners who sourced the deal either all have a share or none has.";
        return Err(CosellError::of(&["participants"], CosellCode::ShareMissing, message));
    }
    let sum: Decimal = given.iter().sum();
    if sum == Decimal::ONE_HUNDRED {
        return Ok(());
    }
    let message = format!("The shares of the partners who sourced the deal must sum to 100 per cent; they sum to {}.", sum.normalize());
    Err(CosellError::of(&["participants"], CosellCode::SharesNotWhole, message))
}

/// Records that the customer agreed to be named to further partners.
pub fn record_permission(
    room: &Room,
    actor: &Actor,
    expected_version: i32,
    granted_by: &str,
    proof: &str,
    cause: Cause,
) -> Result<RoomChange, CosellError> {
    admit(room, may_host(room, actor), expected_version)?;
    if room.permission.is_some() {
        return Err(CosellError::of(&[], CosellCode::PermissionRecorded, "The permission is recorded already."));
    }
    let granted_by = line(&["grantedBy"], granted_by, LINE_MAX)?;
    let proof = line(&["proof"], proof, NOTE_MAX)?;
    let permission = Permission { granted_by: granted_by.clone(), proof, recorded_by: cause.actor.clone(), recorded_at: cause.now };
    let after = Room { permission: Some(permission), ..room.clone() };
    let changes = vec![FieldChange { field: "permission".into(), before: None, after: Some(granted_by) }];
    Ok(changed(room, after, EventKind::RoomPermissionRecorded, None, changes, cause))
}

/// Takes the customer's permission back: partners beside the deal's own no longer see the room.
pub fn withdraw_permission(room: &Room, actor: &Actor, expected_version: i32, reason: &str, cause: Cause) -> Result<RoomChange, CosellError> {
    admit(room, may_host(room, actor), expected_version)?;
    let Some(permission) = &room.permission else {
        return Err(CosellError::of(&[], CosellCode::PermissionNotRecorded, "No permission is recorded that could be taken back."));
    };
    let reason = line(&["reason"], reason, NOTE_MAX)?;
    let changes = vec![FieldChange { field: "permission".into(), before: Some(permission.granted_by.clone()), after: None }];
    let after = Room { permission: None, ..room.clone() };
    Ok(changed(room, after, EventKind::RoomPermissionWithdrawn, Some(reason), changes, cause))
}

/// Says what of the deal participants see.
pub fn share(room: &Room, actor: &Actor, expected_version: i32, shares: Shares, cause: Cause) -> Result<RoomChange, CosellError> {
    admit(room, may_host(room, actor), expected_version)?;
    let change = |field: &str, before: bool, after: bool| {
        (before != after).then(|| FieldChange { field: field.into(), before: Some(before.to_string()), after: Some(after.to_string()) })
    };
    let changes = [change("value", room.shares.value, shares.value), change("nextStep", room.shares.next_step, shares.next_step)];
    let after = Room { shares, ..room.clone() };
    Ok(changed(room, after, EventKind::RoomSharesSet, None, changes.into_iter().flatten().collect(), cause))
}

/// An introduction as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIntroduction<'a> {
    /// Who introduced.
    pub introducer: &'a str,
    /// Who was introduced.
    pub introduced: &'a str,
    /// To whom.
    pub to: &'a str,
    /// On which day.
    pub on: Date,
}

/// Records an introduction. Does not race with other changes, so no version is asked for.
pub fn introduce(
    room: &Room,
    actor: &Actor,
    id: IntroductionId,
    new: &NewIntroduction<'_>,
    today: Date,
    cause: Cause,
) -> Result<RoomChange, CosellError> {
    admit(room, may_write(room, actor), room.version)?;
    if room.introductions.len() >= INTRODUCTIONS_MAX {
        let message = format!("A room has at most {INTRODUCTIONS_MAX} introductions.");
        return Err(CosellError::of(&[], CosellCode::TooLong, message));
    }
    not_ahead(&["input", "on"], new.on, today)?;
    let introduction = Introduction {
        id,
        introducer: line(&["input", "introducer"], new.introducer, LINE_MAX)?,
        introduced: line(&["input", "introduced"], new.introduced, LINE_MAX)?,
        to: line(&["input", "to"], new.to, LINE_MAX)?,
        on: new.on,
        outcome: IntroductionOutcome::Open,
        recorded_by: cause.actor.clone(),
        recorded_at: cause.now,
    };
    let change =
        FieldChange { field: "introduction".into(), before: None, after: Some(format!("{} to {}", introduction.introduced, introduction.to)) };
    let mut after = room.clone();
    after.introductions.push(introduction);
    Ok(changed(room, after, EventKind::RoomIntroduced, None, vec![change], cause))
}

/// Says what came of an introduction.
pub fn conclude(
    room: &Room,
    actor: &Actor,
    expected_version: i32,
    id: &IntroductionId,
    outcome: IntroductionOutcome,
    cause: Cause,
) -> Result<RoomChange, CosellError> {
    admit(room, may_write(room, actor), expected_version)?;
    let mut after = room.clone();
    let Some(introduction) = after.introductions.iter_mut().find(|i| i.id == *id) else {
        return Err(CosellError::of(&["introductionId"], CosellCode::IntroductionUnknown, "There is no such introduction in this room."));
    };
    if introduction.outcome != IntroductionOutcome::Open || outcome == IntroductionOutcome::Open {
        return Err(CosellError::of(&["outcome"], CosellCode::OutcomeRecorded, "The introduction has its outcome already, or none was given."));
    }
    introduction.outcome = outcome;
    let change = FieldChange { field: "outcome".into(), before: Some(IntroductionOutcome::Open.name().into()), after: Some(outcome.name().into()) };
    Ok(changed(room, after, EventKind::RoomIntroductionConcluded, None, vec![change], cause))
}
