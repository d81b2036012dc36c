//! Writing a letter from what lies in the outbox: the reader as of now, in the reader's language and time zone, with fresh
//! secrets in the links. A letter that is tried again gets other secrets for the same links.

use entente_domain::Timestamp;
use entente_domain::action_link::LinkState;
use entente_domain::id::ActionLinkId;
use entente_domain::notification::preference::Preferences;
use entente_domain::notification::{About, Matter, Notification, is_owed};
use entente_domain::policy::{Actor, scope};
use entente_domain::user::User;
use entente_mail::{Content, Digest, DigestLine, Letter, Link, Notice, compose};
use entente_store::{LetterBody, TakenLetter};
use jiff::tz::TimeZone;

use crate::notification::matter::{Eyes, Matters};
use crate::notification::zone_of;
use crate::{App, AppError, action_link};

/// Who reads, and how moments are said to them.
struct Reader {
    user: User,
    actor: Actor,
    zone: TimeZone,
    program: String,
}

impl Reader {
    fn moment(&self, at: Timestamp) -> String {
        let here = at.to_zoned(self.zone.clone());
        let format = if self.user.language == "de" { "%d.%m.%Y, %H:%M Uhr (%Z)" } else { "%-d %B %Y, %H:%M (%Z)" };
        here.strftime(format).to_string()
    }
}

/// The letter; none when nobody is left who may read it, or nothing is left to be said.
pub(super) async fn letter(app: &App, taken: &TakenLetter) -> Result<Option<Letter>, AppError> {
    let Some(user) = app.store.user(&taken.user_id).await?.filter(|u| u.active) else { return Ok(None) };
    let view = app.program().await?;
    let preferences = app.store.preferences(&user.id).await?.unwrap_or_else(|| Preferences::usual(user.id.clone()));
    let zone = zone_of(&preferences, &view.zone);
    let reader = Reader { actor: Actor::of(&user), user, zone, program: view.program.name.clone() };
    let (composed, digest) = match &taken.body {
        LetterBody::Notice { notification, links } => {
            let Some(notice) = own_letter(app, &reader, notification, links).await? else { return Ok(None) };
            (compose(&reader.user.language, Content::Notice(&notice)), false)
        }
        LetterBody::Digest { notifications, more } => {
            let Some(digest) = digest(app, &reader, notifications, *more).await? else { return Ok(None) };
            (compose(&reader.user.language, Content::Digest(&digest)), true)
        }
    };
    let composed = composed.map_err(AppError::internal)?;
    Ok(Some(Letter {
        id: taken.id.to_string(),
        name: reader.user.name.clone(),
        address: reader.user.email.clone(),
        language: reader.user.language.clone(),
        subject: composed.subject,
        text: composed.text,
        html: composed.html,
        unsubscribe: digest.then(|| settings_url(app)),
    }))
}

fn settings_url(app: &App) -> String {
    format!("{}/notifications/preferences", app.public_url)
}

/// Whether the reader may still see it: of the same side and partner, with the right.
fn visible(reader: &Reader, n: &Notification) -> bool {
    let same_side = n.of_vendor == reader.actor.is_vendor();
    let admitted = match &n.partner_id {
        Some(partner) => scope(&reader.actor, n.about.right()).admits(partner),
        None => reader.actor.is_vendor() && entente_domain::policy::can(&reader.actor, n.about.right(), entente_domain::policy::Resource::Any),
    };
    same_side && admitted
}

fn notice(app: &App, reader: &Reader, n: &Notification) -> Notice {
    Notice {
        kind: n.kind.name().to_owned(),
        reader: reader.user.name.clone(),
        program: reader.program.clone(),
        title: n.said.title.clone(),
        number: Some(n.said.number.clone()),
        customer: n.said.customer.clone(),
        partner: reader.actor.is_vendor().then(|| n.said.partner.clone()),
        value: Some(n.said.value.clone()).filter(|value| !value.is_empty()),
        actor: n.said.actor.clone(),
        text: n.said.text.clone(),
        at: reader.moment(n.at),
        due: n.said.due.map(|due| reader.moment(due)),
        url: format!("{}{}", app.public_url, n.about.path()),
        settings_url: settings_url(app),
        links: Vec::new(),
        links_until: None,
    }
}

/// Whether it is about a room in which the reader is not any more: a room has members, whom no right names.
fn has_left(n: &Notification, matter: Option<Matter<'_>>) -> bool {
    matches!(n.about, About::Room { .. }) && matter.is_none()
}

async fn own_letter(app: &App, reader: &Reader, n: &Notification, links: &[ActionLinkId]) -> Result<Option<Notice>, AppError> {
    if !visible(reader, n) {
        return Ok(None);
    }
    let matters = Matters::read(app, Eyes::Of(&reader.actor), std::iter::once(&n.about)).await?;
    let matter = matters.get(&n.about);
    // What has been answered meanwhile is not asked for again.
    if has_left(n, matter) || n.kind.asks() && !matter.is_some_and(|matter| is_owed(n.kind, matter)) {
        return Ok(None);
    }
    let mut notice = notice(app, reader, n);
    let mut known = app.store.action_links(links).await?;
    known.retain(|link| link.state(matter, app.now()) == LinkState::Open);
    // In the order in which the letter was made, not in the database's.
    known.sort_by_key(|link| links.iter().position(|id| *id == link.id));
    for link in &known {
        let url = action_link::new_address(app, &link.id).await?;
        notice.links.push(Link { action: link.action.name().to_owned(), url });
    }
    notice.links_until = known.iter().map(|l| l.expires_at).min().map(|at| reader.moment(at));
    Ok(Some(notice))
}

async fn digest(app: &App, reader: &Reader, all: &[Notification], more: i64) -> Result<Option<Digest>, AppError> {
    let mut seen: Vec<&Notification> = all.iter().filter(|n| visible(reader, n)).collect();
    let matters = Matters::read(app, Eyes::Of(&reader.actor), seen.iter().map(|n| &n.about)).await?;
    seen.retain(|n| !has_left(n, matters.get(&n.about)));
    if seen.is_empty() {
        return Ok(None);
    }
    let line =
        |n: &&Notification| DigestLine { notice: notice(app, reader, n), owed: matters.get(&n.about).is_some_and(|matter| is_owed(n.kind, matter)) };
    Ok(Some(Digest {
        reader: reader.user.name.clone(),
        program: reader.program.clone(),
        lines: seen.iter().map(line).collect(),
        more: usize::try_from(more).unwrap_or_default(),
        url: format!("{}/notifications", app.public_url),
        settings_url: settings_url(app),
    }))
}
