//! Changes of a room: load within the actor's scope, decide by the domain's rules, write on the version that was decided on.

use std::sync::Arc;

use entente_domain::cosell::change::{self as rules, CosellCode, CosellError, NewIntroduction, RoomChange};
use entente_domain::cosell::{CosellRole, IntroductionOutcome, Participant, Room, Shares};
use entente_domain::deal::Cause;
use entente_domain::id::{IntroductionId, PartnerId};
use entente_domain::policy::Actor;
use entente_domain::{Date, Decimal};
use entente_store::{Committed, IdempotencyRecord};
use serde::Serialize;

use super::{Shown, get};
use crate::idempotency::{KeyRefusal, Once};
use crate::{App, AppError, Refused};

/// Why a change of a room is refused.
#[derive(Debug)]
pub enum RoomRefusal {
    /// By the rules of rooms.
    Room(CosellError),
    /// A file that goes with a message.
    File(crate::deal::FileRefusal),
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for RoomRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

pub(super) type Changed = Result<Shown, Refused<RoomRefusal>>;

pub(super) fn refused(error: CosellError) -> Refused<RoomRefusal> {
    Refused::Refused(RoomRefusal::Room(error))
}

/// The room as the actor sees it, or that there is none.
pub(super) async fn seen(app: &App, actor: &Actor, deal: &str) -> Changed {
    let found = get(app, actor, deal).await?;
    found.ok_or_else(|| refused(CosellError::of(&["dealId"], CosellCode::NotFound, "There is no such deal.")))
}

/// How often a change that asks for no version is decided on, when another one comes first.
const TRIES: usize = 5;

enum Ended {
    Changed(Box<Shown>),
    Replayed(IdempotencyRecord),
}

/// Decides and writes. With `again` a change that loses to another is decided anew; without, it is stale.
async fn change(
    app: &App,
    actor: &Actor,
    deal: &str,
    once: Option<&IdempotencyRecord>,
    again: bool,
    decide: impl Fn(&Room, Cause, Date) -> Result<RoomChange, CosellError>,
) -> Result<Ended, Refused<RoomRefusal>> {
    let today = app.program().await?.date(app.now());
    let mut current = 0;
    for _ in 0..if again { TRIES } else { 1 } {
        let shown = seen(app, actor, deal).await?;
        let change = decide(&shown.room, app.cause(actor), today).map_err(refused)?;
        match app.store.save_room(&change.room, change.based_on, &[change.event], once).await? {
            Committed::Done => return Ok(Ended::Changed(Box::new(Shown { room: change.room, ..shown }))),
            Committed::Replayed(record) => return Ok(Ended::Replayed(record)),
            Committed::Stale | Committed::Duplicate | Committed::ClaimTaken(_) => current = shown.room.version + 1,
        }
    }
    if again {
        return Err(Refused::Failed(AppError::Unavailable("a change of a room lost its race five times".into())));
    }
    let message = format!("The room has changed since you looked (version {current}); look again and repeat.");
    Err(refused(CosellError::of(&["expectedVersion"], CosellCode::StaleVersion, message)))
}

async fn changed(app: &App, actor: &Actor, deal: &str, decide: impl Fn(&Room, Cause, Date) -> Result<RoomChange, CosellError>) -> Changed {
    match change(app, actor, deal, None, false, decide).await? {
        Ended::Changed(shown) => Ok(*shown),
        Ended::Replayed(_) => Err(Refused::Failed(AppError::internal("no idempotency key was written"))),
    }
}

/// A partner in one role, as it was asked for.
#[derive(Debug, Clone)]
pub struct ParticipantInput {
    /// Id of the partner.
    pub partner_id: String,
    /// In which role.
    pub role: CosellRole,
    /// With which share, as a decimal in per cent.
    pub share: Option<String>,
    /// What the partner did.
    pub act: String,
    /// On which day.
    pub acted_on: Date,
}

/// Says who takes part: all of them at once.
#[tracing::instrument(level = "debug", name = "cosell.set_participants", skip_all)]
pub async fn set_participants(app: &App, actor: &Actor, deal: &str, expected_version: i32, input: &[ParticipantInput]) -> Changed {
    let mut participants = Vec::new();
    for (n, p) in input.iter().enumerate() {
        let wrong = |field: &str, code, message: &str| refused(CosellError::of(&["participants", &n.to_string(), field], code, message));
        let unknown = || wrong("partnerId", CosellCode::PartnerUnknown, "partnerId must name a partner of the program.");
        let partner_id: PartnerId = p.partner_id.parse().map_err(|_| unknown())?;
        let share = match p.share.as_deref().map(|s| s.trim().parse::<Decimal>()) {
            None => None,
            Some(Ok(share)) => Some(share),
            Some(Err(_)) => return Err(wrong("share", CosellCode::ShareInvalid, "share must be a decimal as 33.3333.")),
        };
        participants.push(Participant { partner_id, role: p.role, share, act: p.act.clone(), acted_on: p.acted_on });
    }
    let ids: Vec<PartnerId> = participants.iter().map(|p| p.partner_id.clone()).collect();
    let known = app.store.partners_by_ids(&ids).await?;
    changed(app, actor, deal, |room, cause, today| {
        let is_known = |id: &PartnerId| known.iter().any(|k| k.id == *id);
        rules::set_participants(room, actor, expected_version, participants.clone(), is_known, today, cause)
    })
    .await
}

/// Records the customer's permission to be named to further partners.
#[tracing::instrument(level = "debug", name = "cosell.record_permission", skip_all)]
pub async fn record_permission(app: &App, actor: &Actor, deal: &str, expected_version: i32, granted_by: &str, proof: &str) -> Changed {
    changed(app, actor, deal, |room, cause, _| rules::record_permission(room, actor, expected_version, granted_by, proof, cause)).await
}

/// Takes it back.
#[tracing::instrument(level = "debug", name = "cosell.withdraw_permission", skip_all)]
pub async fn withdraw_permission(app: &App, actor: &Actor, deal: &str, expected_version: i32, reason: &str) -> Changed {
    changed(app, actor, deal, |room, cause, _| rules::withdraw_permission(room, actor, expected_version, reason, cause)).await
}

/// Says what of the deal participants see.
#[tracing::instrument(level = "debug", name = "cosell.share", skip_all)]
pub async fn share(app: &App, actor: &Actor, deal: &str, expected_version: i32, shares: Shares) -> Changed {
    changed(app, actor, deal, |room, cause, _| rules::share(room, actor, expected_version, shares, cause)).await
}

/// An introduction as it was told.
#[derive(Debug, Clone, Serialize)]
pub struct IntroductionInput {
    /// Who introduced.
    pub introducer: String,
    /// Who was introduced.
    pub introduced: String,
    /// To whom.
    pub to: String,
    /// On which day.
    pub on: Date,
}

/// Records an introduction. The same `key` (see [`crate::idempotency`]) answers the room, with the introduction once.
#[tracing::instrument(level = "debug", name = "cosell.introduce", skip_all)]
pub async fn introduce(app: &App, actor: &Actor, deal: &str, input: &IntroductionInput, key: Option<&str>) -> Changed {
    let once = Once::new(actor, "dealRoomIntroduce", key, &(deal, input))?;
    if once.earlier::<RoomRefusal>(app).await?.is_some() {
        return seen(app, actor, deal).await;
    }
    let id = IntroductionId::new(app.ulid());
    let record = once.record(deal, String::new());
    let new = NewIntroduction { introducer: &input.introducer, introduced: &input.introduced, to: &input.to, on: input.on };
    let done = change(app, actor, deal, record.as_ref(), true, |room, cause, today| rules::introduce(room, actor, id.clone(), &new, today, cause));
    match done.await? {
        Ended::Changed(shown) => Ok(*shown),
        Ended::Replayed(record) => {
            once.same::<RoomRefusal>(record)?;
            seen(app, actor, deal).await
        }
    }
}

/// Says what came of an introduction.
#[tracing::instrument(level = "debug", name = "cosell.conclude", skip_all)]
pub async fn conclude(app: &App, actor: &Actor, deal: &str, expected_version: i32, id: &str, outcome: IntroductionOutcome) -> Changed {
    let unknown = || CosellError::of(&["introductionId"], CosellCode::IntroductionUnknown, "There is no such introduction in this room.");
    let id: IntroductionId = id.parse().map_err(|_| refused(unknown()))?;
    changed(app, actor, deal, |room, cause, _| rules::conclude(room, actor, expected_version, &id, outcome, cause)).await
}

/// The room as it is stored: opened, if nobody has written in it yet.
pub(super) async fn opened(app: &App, actor: &Actor, deal: &str) -> Changed {
    for _ in 0..TRIES {
        let shown = seen(app, actor, deal).await?;
        if shown.room.version > 0 {
            return Ok(shown);
        }
        let room = Room { version: 1, updated_at: app.now(), ..shown.room };
        if app.store.save_room(&room, 0, &[], None).await? == Committed::Done {
            return Ok(Shown { room, deal: Arc::clone(&shown.deal) });
        }
    }
    Err(Refused::Failed(AppError::Unavailable("a room could not be opened".into())))
}
