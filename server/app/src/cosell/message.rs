//! Writing in a room, with files that were uploaded and checked before.

use entente_domain::cosell::change::{CosellCode, CosellError, may_write};
use entente_domain::cosell::message::{RoomMessage, post as decide};
use entente_domain::id::{RoomId, RoomMessageId};
use entente_domain::policy::Actor;
use entente_store::Committed;

use super::Shown;
use super::change::{RoomRefusal, opened, refused, seen};
use crate::deal::EvidenceRefusal;
use crate::idempotency::Once;
use crate::{App, AppError, Refused};

/// Writes a message. `file_ids` are ids that uploads answered. The same `key` (see [`crate::idempotency`]) answers the first message.
#[tracing::instrument(level = "debug", name = "cosell.post", skip_all)]
pub async fn post(
    app: &App,
    actor: &Actor,
    deal: &str,
    text: &str,
    file_ids: &[String],
    key: Option<&str>,
) -> Result<(Shown, RoomMessage), Refused<RoomRefusal>> {
    let once = Once::new(actor, "dealRoomPost", key, &(deal, text, file_ids))?;
    if let Some(record) = once.earlier::<RoomRefusal>(app).await? {
        return there(app, actor, deal, &record.result_id).await;
    }
    let shown = seen(app, actor, deal).await?;
    if !may_write(&shown.room, actor) {
        let message = "Your role does not allow this here; ask the vendor or the deal's own partner.";
        return Err(refused(CosellError::of(&[], CosellCode::NotAllowed, message)));
    }
    let files = crate::deal::files(app, actor, file_ids).await.map_err(|e| match e {
        Refused::Refused(EvidenceRefusal::File(file)) => Refused::Refused(RoomRefusal::File(file)),
        Refused::Refused(EvidenceRefusal::Deal(deal)) => refused(CosellError::of(&["fileIds"], CosellCode::TooLong, deal.to_string())),
        Refused::Failed(e) => Refused::Failed(e),
    })?;
    // Judged before the room is opened, so that what is refused leaves nothing.
    decide(&shown.room, actor, RoomMessageId::new(app.ulid()), text, files.clone(), app.cause(actor)).map_err(refused)?;
    let shown = opened(app, actor, deal).await?;
    let (message, event) = decide(&shown.room, actor, RoomMessageId::new(app.ulid()), text, files, app.cause(actor)).map_err(refused)?;
    let record = once.record(message.id.as_str(), String::new());
    match app.store.save_message(&message, &[event], record.as_ref()).await? {
        Committed::Done => Ok((shown, message)),
        Committed::Replayed(record) => there(app, actor, deal, &once.same::<RoomRefusal>(record)?.result_id).await,
        other => Err(Refused::Failed(AppError::internal(format!("a message could not be written: {other:?}")))),
    }
}

/// What came of the same request before.
async fn there(app: &App, actor: &Actor, deal: &str, id: &str) -> Result<(Shown, RoomMessage), Refused<RoomRefusal>> {
    let shown = seen(app, actor, deal).await?;
    let id: RoomMessageId = id.parse().map_err(AppError::internal)?;
    let message = app.store.message(&shown.room.id, &id).await?;
    message.map(|message| (shown, message)).ok_or_else(|| Refused::Failed(AppError::internal(format!("the message {id} is gone"))))
}

/// A file of a message, by the parts of its address; none when there is no such file.
pub(crate) async fn file(app: &App, room: &str, message: &str, file: &str) -> Result<Option<(bytes::Bytes, String, String)>, AppError> {
    let (Ok(room), Ok(id)) = (room.parse::<RoomId>(), message.parse::<RoomMessageId>()) else { return Ok(None) };
    let Some(message) = app.store.message(&room, &id).await? else { return Ok(None) };
    let Some(found) = message.files.into_iter().find(|f| f.id.as_str() == file) else { return Ok(None) };
    Ok(app.files.get(&found.hash).await?.map(|bytes| (bytes, found.media_type, found.name)))
}
