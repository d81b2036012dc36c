//! Links in letters: what one shows, and doing the one thing that it is for, as the person to whom it was sent. The secret is
//! made when a letter is sent, and only its hash is kept.
//!
//! Using a link is one transaction: what it does, that it was used, and what tells of both. Of any number of uses at once one
//! wins; the others are told that it was used.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use entente_domain::Timestamp;
use entente_domain::action_link::{ActionLink, LinkAction, LinkRefusal, LinkState};
use entente_domain::deal::{DealError, decide, protection};
use entente_domain::event::{EventActor, EventKind};
use entente_domain::id::{ActionLinkId, DealId, EventId};
use entente_domain::lead::{Lead, LeadError};
use entente_domain::notification::{About, Matter};
use entente_domain::policy::Actor;
use entente_domain::text::TextError;
use entente_store::{IdempotencyRecord, LinkUse};

use crate::deal::{Linked, change_by_link};
use crate::lead::{accept_by_link, decline_by_link};
use crate::notification::matter::{Eyes, Matters};
use crate::{App, AppError, Refused};

/// Bytes of a secret.
const SECRET_BYTES: usize = 32;
/// The window in which looks and uses from one address are counted, in seconds, and how many there may be.
const WINDOW_SECONDS: i64 = 60;
const PER_ADDRESS: i64 = 60;
/// The window in which refusals of one link are written down, and how many of them; the others are counted by nobody.
const REFUSALS_WINDOW_SECONDS: i64 = 3_600;
const REFUSALS_MAX: i64 = 20;

/// A link as whoever has it sees it.
#[derive(Debug, Clone)]
pub enum LinkView {
    /// Somebody else is signed in: nothing of it is shown.
    OtherPerson,
    /// What the letter said, and how it stands.
    Link {
        /// The link.
        link: Box<ActionLink>,
        /// How it stands.
        state: LinkState,
    },
}

/// Why nothing was shown or done.
#[derive(Debug)]
pub enum LinkError {
    /// See [`LinkRefusal`].
    Refused(LinkRefusal),
    /// Too many tries from one address.
    TooMany,
}

fn hash(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

/// A new address of a link, with a secret that is kept nowhere else.
pub(crate) async fn new_address(app: &App, id: &ActionLinkId) -> Result<String, AppError> {
    let secret = B64.encode(rand::random::<[u8; SECRET_BYTES]>());
    app.store.add_link_secret(id, &hash(&secret)).await?;
    Ok(format!("{}/act/{secret}", app.public_url))
}

/// Whether a text can be a secret of ours at all; what cannot is not looked up.
fn is_secret(token: &str) -> bool {
    B64.decode(token).is_ok_and(|bytes| bytes.len() == SECRET_BYTES)
}

async fn count(app: &App, from: Option<IpAddr>) -> Result<(), Refused<LinkError>> {
    let Some(ip) = from else { return Ok(()) };
    let tries = app.store.bump(&format!("action link address {ip}"), WINDOW_SECONDS, app.now()).await?;
    if tries > PER_ADDRESS { Err(Refused::Refused(LinkError::TooMany)) } else { Ok(()) }
}

async fn find(app: &App, token: &str) -> Result<Option<ActionLink>, AppError> {
    if !is_secret(token) {
        return Ok(None);
    }
    Ok(app.store.action_link_by_hash(&hash(token)).await?)
}

fn is_other(actor: Option<&Actor>, link: &ActionLink) -> bool {
    actor.is_some_and(|a| a.user_id != link.user_id || a.api_key.is_some())
}

/// What a link is about: what the letter said, and nothing more. None when there is no such link. Changes nothing.
#[tracing::instrument(level = "debug", name = "action_link.look", skip_all)]
pub async fn look(app: &App, actor: Option<&Actor>, token: &str, from: Option<IpAddr>) -> Result<Option<LinkView>, Refused<LinkError>> {
    count(app, from).await?;
    let Some(link) = find(app, token).await? else { return Ok(None) };
    if is_other(actor, &link) {
        return Ok(Some(LinkView::OtherPerson));
    }
    let state = state(app, &link).await?;
    Ok(Some(LinkView::Link { link: Box::new(link), state }))
}

async fn state(app: &App, link: &ActionLink) -> Result<LinkState, AppError> {
    let matters = Matters::read(app, Eyes::All, std::iter::once(&link.about)).await?;
    Ok(link.state(matters.get(&link.about), app.now()))
}

/// Does what the link is for, as the person to whom it was sent, with the rights of this moment. `actor` is who is signed in
/// where it is used.
#[tracing::instrument(level = "debug", name = "action_link.use", skip_all)]
pub async fn act(app: &App, actor: Option<&Actor>, token: &str, text: Option<&str>, from: Option<IpAddr>) -> Result<ActionLink, Refused<LinkError>> {
    count(app, from).await?;
    let refuse = |refusal| Refused::Refused(LinkError::Refused(refusal));
    let Some(link) = find(app, token).await? else { return Err(refuse(LinkRefusal::Unknown)) };
    match act_on(app, actor, &link, text).await {
        Ok(()) => Ok(ActionLink { used_at: Some(app.now()), ..link }),
        Err(Refused::Failed(error)) => Err(Refused::Failed(error)),
        Err(Refused::Refused(refusal)) => {
            write_refusal(app, actor, &link, &refusal).await?;
            Err(refuse(refusal))
        }
    }
}

/// Done, or why not.
type Used = Result<(), Refused<LinkRefusal>>;

async fn act_on(app: &App, signed_in: Option<&Actor>, link: &ActionLink, text: Option<&str>) -> Used {
    let refuse = |refusal| Err(Refused::Refused(refusal));
    if is_other(signed_in, link) {
        return refuse(LinkRefusal::OtherPerson);
    }
    let Some(user) = app.store.user(&link.user_id).await?.filter(|u| u.active) else { return refuse(LinkRefusal::AccountClosed) };
    let actor = Actor::of(&user);
    let matters = Matters::read(app, Eyes::Of(&actor), std::iter::once(&link.about)).await?;
    let (matter, now) = (matters.get(&link.about), app.now());
    if matter.is_none() && link.used_at.is_none() && link.expires_at > now {
        return refuse(LinkRefusal::NotAllowed);
    }
    link.check(None, matter, now).map_err(Refused::Refused)?;
    let text = link.action.text(text).map_err(|wrong| {
        Refused::Refused(match wrong {
            TextError::Empty => LinkRefusal::TextRequired,
            TextError::TooLong { .. } => LinkRefusal::TextTooLong,
        })
    })?;
    let record = record(app, link, &actor, now);
    let text = text.as_deref().unwrap_or_default();
    match (&link.about, matter) {
        (About::Deal { id }, _) => on_deal(app, &actor, link, id, text, &record).await,
        (About::Lead { .. }, Some(Matter::Lead(lead))) => on_lead(app, &actor, link, lead, text, &record).await,
        _ => refuse(LinkRefusal::Settled),
    }
}

async fn on_deal(app: &App, actor: &Actor, link: &ActionLink, id: &DealId, text: &str, record: &IdempotencyRecord) -> Used {
    let decided = change_by_link(app, actor, id, record, |deal, view, cause| {
        // The letter told of that version, or the deal was changed since: never of a later one than is there. And what was written
        // to one question is the answer to no other, which may have been asked while this was on its way.
        if !link.fits(Matter::Deal(deal)) {
            return Err(DealError::StaleVersion { current: deal.version });
        }
        match link.action {
            LinkAction::Approve => decide::approve(deal, actor, deal.version, Some(text), &view.program, cause),
            LinkAction::Reject => decide::reject(deal, actor, deal.version, text, cause),
            LinkAction::Answer => decide::provide_info(deal, actor, deal.version, text, &view.program, &view.zone, cause),
            LinkAction::AnswerPartner => protection::answer_partner(deal, actor, deal.version, text, cause),
            LinkAction::GrantExtension => protection::decide_extension(deal, actor, deal.version, true, Some(text), cause),
            LinkAction::DeclineExtension => protection::decide_extension(deal, actor, deal.version, false, Some(text), cause),
            LinkAction::AcceptLead | LinkAction::DeclineLead => Err(DealError::NotFound),
        }
    });
    match decided.await {
        Ok(Linked::Done) => Ok(()),
        Ok(Linked::UsedBefore) => Err(Refused::Refused(LinkRefusal::Used)),
        Err(Refused::Failed(error)) => Err(Refused::Failed(error)),
        // Nothing is settled: an administrator has to mend the calendar.
        Err(Refused::Refused(DealError::Calendar)) => Err(Refused::Failed(AppError::Unavailable(DealError::Calendar.to_string()))),
        Err(Refused::Refused(error)) => Err(Refused::Refused(error.into())),
    }
}

async fn on_lead(app: &App, actor: &Actor, link: &ActionLink, lead: &Lead, text: &str, record: &IdempotencyRecord) -> Used {
    let done = match link.action {
        LinkAction::AcceptLead => accept_by_link(app, actor, lead, record).await,
        LinkAction::DeclineLead => decline_by_link(app, actor, lead, text, record).await,
        _ => return Err(Refused::Refused(LinkRefusal::Settled)),
    };
    match done {
        Ok(true) => Ok(()),
        Ok(false) => Err(Refused::Refused(LinkRefusal::Used)),
        Err(Refused::Failed(error)) => Err(Refused::Failed(error)),
        Err(Refused::Refused(LeadError::Calendar)) => Err(Refused::Failed(AppError::Unavailable(LeadError::Calendar.to_string()))),
        Err(Refused::Refused(error)) => Err(Refused::Refused(error.into())),
    }
}

/// What is written in the transaction of the use: its key lets one of any number of uses in, the link says so from then on.
fn record(app: &App, link: &ActionLink, actor: &Actor, now: Timestamp) -> IdempotencyRecord {
    let by = EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() };
    let event = link.event(EventId::new(app.ulid()), EventKind::ActionLinkUsed, by, now, None);
    IdempotencyRecord {
        key: format!("action link {}", link.id),
        input_hash: String::new(),
        result_id: link.about.id().to_owned(),
        result: String::new(),
        created_at: Timestamp::now(),
        link: Some(Box::new(LinkUse { id: link.id.clone(), at: now, event })),
    }
}

/// Writes down that a use was refused, so often and no more: whoever has a link must not fill the log with it.
async fn write_refusal(app: &App, actor: Option<&Actor>, link: &ActionLink, refusal: &LinkRefusal) -> Result<(), AppError> {
    let now = app.now();
    if app.store.bump(&format!("action link refused {}", link.id), REFUSALS_WINDOW_SECONDS, now).await? > REFUSALS_MAX {
        return Ok(());
    }
    let by = match actor {
        Some(actor) => EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() },
        None => EventActor { user_id: None, name: "Somebody with the link".to_owned() },
    };
    let event = link.event(EventId::new(app.ulid()), EventKind::ActionLinkRefused, by, now, Some(refusal));
    Ok(app.store.tell_of(&event).await?)
}
