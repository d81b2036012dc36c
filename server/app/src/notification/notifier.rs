//! The notifier: follows the numbered events, one server at a time, and writes what is told of them together with the place
//! that it has reached. Who is told what is the domain's table; here its people are looked up and their wishes applied.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use entente_domain::Timestamp;
use entente_domain::action_link::{ActionLink, LinkAction, ends};
use entente_domain::event::{Event, EventActor, EventKind, NumberedEvent, Subject, Visibility};
use entente_domain::id::{ActionLinkId, EventId, LetterId, NotificationId, PartnerId, UserId};
use entente_domain::money::Money;
use entente_domain::notification::preference::{FLOOD_MINUTES, Letters, Preferences, deliver};
use entente_domain::notification::{About, Candidates, Matter, Notification, NotificationKind, Readers, Said, due, readers, told};
use entente_domain::policy::{Actor, Resource, Scope, can};
use entente_domain::user::{Role, User};
use entente_store::{LetterBody, NewLetter, Telling, UserQuery};
use jiff::SignedDuration;
use tokio::sync::watch;
use ulid::Ulid;

use super::matter::{Eyes, Matters};
use super::zone_of;
use crate::app::WeakApp;
use crate::clock::ulid_of;
use crate::{App, AppError};

/// How long a server has the place before another may take over, in milliseconds.
const LEASE_MS: i64 = 10_000;
/// How often is looked when nothing wakes us, and by servers that do not have the place.
const PAUSE: Duration = Duration::from_secs(2);
/// Most events that are told of in one transaction.
const BATCH: u32 = 50;
/// Most people of one role and side who are told.
const PEOPLE_MAX: u32 = 20;

/// How a step of the notifier ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Events were looked at, up to this number.
    Told(i64),
    /// Nothing new has happened.
    Idle,
    /// Another server has the place.
    NotLeader,
}

/// Follows the events until the application stops.
pub(crate) async fn run(app: WeakApp, mut stop: watch::Receiver<bool>) {
    let holder = Ulid::from_parts(0, rand::random()).to_string();
    let Some(mut changes) = app.get().map(|app| app.hub.subscribe()) else { return };
    loop {
        let Some(app) = app.get() else { return };
        let step = step(&app, &holder).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "people could not be told; it is tried again");
            Step::NotLeader
        });
        let stopping = *stop.borrow();
        if stopping {
            if let Err(error) = app.store.resign_notifier(&holder).await {
                tracing::debug!(%error, "the notifier's lease runs out by itself");
            }
            return;
        }
        drop(app);
        if let Step::Told(_) = step {
            continue;
        }
        let woken = async {
            match step {
                Step::Idle => drop(changes.recv().await),
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.wait_for(|stopped| *stopped) => {}
        }
    }
}

/// Tells people of what has happened since the last step, at most one batch of events.
#[tracing::instrument(level = "debug", name = "notification.step", skip_all)]
pub async fn step(app: &App, holder: &str) -> Result<Step, AppError> {
    let Some(cursor) = app.store.lead_notifier(holder, LEASE_MS).await? else { return Ok(Step::NotLeader) };
    let events = app.store.events_after(cursor, BATCH).await?;
    let Some(last) = events.last().map(|e| e.seq) else { return Ok(Step::Idle) };
    let now = app.now();
    let telling = plan(app, &events, now).await?;
    if !app.store.tell(holder, cursor, last, now, &telling).await? {
        return Ok(Step::NotLeader);
    }
    if !telling.letters.is_empty() {
        app.mail.wake();
    }
    Ok(Step::Told(last))
}

/// What is looked up for a batch of events, each thing once.
struct Lookups {
    matters: Matters,
    users: HashMap<UserId, User>,
    partners: HashMap<PartnerId, String>,
    admins: Vec<User>,
    partner_admins: HashMap<PartnerId, Vec<User>>,
    partner_sellers: HashMap<PartnerId, Vec<User>>,
}

/// What an event is about, as far as anybody is told of it; and the partner that it concerned then.
fn about_of(event: &Event) -> Option<(About, Option<&PartnerId>)> {
    match &event.subject {
        Subject::Deal { id, partner_id, .. } => Some((About::Deal { id: id.clone() }, Some(partner_id))),
        Subject::Lead { id, partner_id, .. } => Some((About::Lead { id: id.clone() }, partner_id.as_ref())),
        _ => None,
    }
}

async fn look_up(app: &App, events: &[&Event]) -> Result<Lookups, AppError> {
    let about: Vec<About> = events.iter().filter_map(|e| about_of(e)).map(|(about, _)| about).collect();
    let matters = Matters::read(app, Eyes::All, about.iter()).await?;
    let of_deals = matters.deals().flat_map(|d| d.manager_id.iter().chain(&d.registered_by));
    let mut people: Vec<UserId> = of_deals.chain(matters.leads().filter_map(|l| l.vendor_user.as_ref())).cloned().collect();
    people.sort();
    people.dedup();
    let users = app.store.users_by_ids(&people).await?.into_iter().map(|u| (u.id.clone(), u)).collect();
    let of_leads: BTreeSet<PartnerId> = matters.leads().filter_map(|l| l.partner_id.clone()).collect();
    let mut partner_ids: BTreeSet<PartnerId> = matters.deals().map(|d| d.partner_id.clone()).collect();
    partner_ids.extend(of_leads.iter().cloned());
    let ids: Vec<PartnerId> = partner_ids.iter().cloned().collect();
    let partners = app.store.partners_by_ids(&ids).await?.into_iter().map(|p| (p.id.clone(), p.name.clone())).collect();
    let admins = app.store.users(&active(Scope::All, Role::Admin)).await?;
    let (mut partner_admins, mut partner_sellers) = (HashMap::new(), HashMap::new());
    for id in partner_ids {
        partner_admins.insert(id.clone(), app.store.users(&active(Scope::Partner(id.clone()), Role::PartnerAdmin)).await?);
        if of_leads.contains(&id) {
            partner_sellers.insert(id.clone(), app.store.users(&active(Scope::Partner(id.clone()), Role::PartnerSales)).await?);
        }
    }
    Ok(Lookups { matters, users, partners, admins, partner_admins, partner_sellers })
}

fn active(scope: Scope, role: Role) -> UserQuery {
    UserQuery { scope, search: None, partners: Vec::new(), roles: vec![role], active: Some(true), after: None, limit: PEOPLE_MAX }
}

/// One thing that one person is told.
struct One<'a> {
    event: &'a Event,
    matter: Matter<'a>,
    user: User,
    kind: NotificationKind,
    partner: String,
}

/// Everything that is told of these events.
pub(crate) async fn plan(app: &App, events: &[NumberedEvent], now: Timestamp) -> Result<Telling, AppError> {
    let news: Vec<&Event> = events.iter().map(|e| &e.event).filter(|e| !told(e.kind).is_empty() && about_of(e).is_some()).collect();
    if news.is_empty() {
        return Ok(Telling::default());
    }
    let found = look_up(app, &news).await?;
    let mut all = Vec::new();
    for event in news {
        let Some((about, partner)) = about_of(event) else { continue };
        // A lead that has gone on to another partner meanwhile is no news for the one who had it.
        if let Some(matter) = found.matters.get(&about).filter(|matter| matter.partner_id() == partner) {
            all.extend(of_event(event, matter, &found));
        }
    }
    write_down(app, all, now).await
}

fn of_event<'a>(event: &'a Event, matter: Matter<'a>, found: &Lookups) -> Vec<One<'a>> {
    let person = |id: Option<&UserId>| id.and_then(|id| found.users.get(id));
    let nobody: &[User] = &[];
    let own = matter.partner_id();
    let admins_of_partner = own.and_then(|id| found.partner_admins.get(id)).map_or(nobody, Vec::as_slice);
    let sellers_of_partner = own.and_then(|id| found.partner_sellers.get(id)).map_or(nobody, Vec::as_slice);
    let (decider, registrant) = match matter {
        Matter::Deal(deal) => (person(deal.manager_id.as_ref()), person(deal.registered_by.as_ref())),
        Matter::Lead(lead) => (person(lead.vendor_user.as_ref()), None),
    };
    let among = Candidates { decider, admins: &found.admins, registrant, partner_admins: admins_of_partner, partner_sellers: sellers_of_partner };
    let partner = matter.partner_id().and_then(|id| found.partners.get(id)).cloned().unwrap_or_default();
    let of = |(who, kind): &(Readers, NotificationKind)| {
        let (partner, kind) = (partner.clone(), *kind);
        readers(*who, matter, event, among).into_iter().map(move |user| One { event, matter, user: user.clone(), kind, partner: partner.clone() })
    };
    told(event.kind).iter().flat_map(of).collect()
}

async fn write_down(app: &App, all: Vec<One<'_>>, now: Timestamp) -> Result<Telling, AppError> {
    let mut telling = Telling::default();
    let view = app.program().await?;
    let mut ids: Vec<UserId> = all.iter().map(|t| t.user.id.clone()).collect();
    ids.sort();
    ids.dedup();
    let chosen: HashMap<UserId, Preferences> = app.store.preferences_of(&ids).await?.into_iter().map(|p| (p.user_id.clone(), p)).collect();
    let since = now.checked_sub(SignedDuration::from_mins(FLOOD_MINUTES)).unwrap_or(now);
    let mut lately: BTreeMap<UserId, u64> = BTreeMap::new();
    for id in &ids {
        lately.insert(id.clone(), app.store.letters_since(id, since).await?);
    }
    let mut digests: BTreeMap<UserId, Timestamp> = BTreeMap::new();
    let mut people: Vec<UserId> = Vec::new();
    for one in all {
        let id = one.user.id.clone();
        let preferences = chosen.get(&id).cloned().unwrap_or_else(|| Preferences::usual(id.clone()));
        let zone = zone_of(&preferences, &view.zone);
        let sent = lately.entry(id.clone()).or_default();
        let (shown, letters) = deliver(&preferences, one.kind, &zone, now, *sent);
        if !shown {
            continue;
        }
        let notification = notification(&one);
        let letters = if app.mail.is_on() { letters } else { Letters::None };
        telling.notifications.push((notification.clone(), matches!(letters, Letters::Digest(_))));
        people.push(id.clone());
        match letters {
            Letters::None => {}
            Letters::Digest(at) => {
                digests.entry(id).and_modify(|t| *t = (*t).min(at)).or_insert(at);
            }
            Letters::At(at) => {
                *sent += 1;
                letter(app, &one, notification, at, now, &mut telling);
            }
        }
    }
    telling.digests = digests.into_iter().collect();
    people.sort();
    people.dedup();
    if !people.is_empty() {
        telling.events.push(news_of(app, people, now));
    }
    Ok(telling)
}

fn entente() -> EventActor {
    EventActor { user_id: None, name: "Entente".to_owned() }
}

/// The event that wakes the screens of those who were told.
fn news_of(app: &App, people: Vec<UserId>, now: Timestamp) -> Event {
    Event {
        id: EventId::new(app.ulid()),
        kind: EventKind::NotificationsTold,
        subject: Subject::Inbox { people },
        occurred_at: now,
        actor: entente(),
        visibility: Visibility::Internal,
        text: None,
        changes: Vec::new(),
    }
}

fn notification(one: &One<'_>) -> Notification {
    let One { event, matter, user, kind, .. } = one;
    Notification {
        id: NotificationId::new(ulid_of(&format!("notification {} {} {}", event.id, user.id, kind.name()))),
        user_id: user.id.clone(),
        event_id: event.id.clone(),
        kind: *kind,
        at: event.occurred_at,
        of_vendor: user.partner_id.is_none(),
        partner_id: matter.partner_id().cloned(),
        about: matter.about(),
        said: said(one),
        read_at: None,
    }
}

fn said(one: &One<'_>) -> Said {
    let money = |money: &Money| format!("{} {}", money.amount, money.currency.as_str());
    let (title, number, customer, value, text) = match one.matter {
        Matter::Deal(deal) => {
            let customer = deal.customer.as_ref().map(|c| c.name.clone());
            (deal.title.clone(), deal.number.clone(), customer, money(&deal.value), one.event.text.clone())
        }
        // Who asks is told to whoever has taken the lead, in the app; a letter says the firm.
        Matter::Lead(lead) => {
            let value = lead.value.as_ref().map(money).unwrap_or_default();
            (lead.firm.name.clone(), lead.number.clone(), None, value, lead.message.clone())
        }
    };
    let due = due(one.kind, one.matter);
    Said { title, number, customer, partner: one.partner.clone(), value, actor: one.event.actor.name.clone(), text, due }
}

/// A letter of its own, with a link for each thing that the reader may do at once.
fn letter(app: &App, one: &One<'_>, notification: Notification, send_at: Timestamp, now: Timestamp, telling: &mut Telling) {
    let actor = Actor::of(&one.user);
    let mut links = Vec::new();
    for action in one.kind.actions() {
        let Some(partner) = one.matter.partner_id() else { continue };
        if can(&actor, action.right(), Resource::OfPartner(partner)) && action.fits(one.matter) {
            let link = link(app, one, *action, partner, &notification, now);
            telling.events.push(link.event(EventId::new(app.ulid()), EventKind::ActionLinkMade, entente(), now, None));
            links.push(link.id.clone());
            telling.links.push(link);
        }
    }
    let id = LetterId::new(ulid_of(&format!("letter {}", notification.id)));
    let body = LetterBody::Notice { notification: Box::new(notification), links };
    telling.letters.push(NewLetter { id, user_id: one.user.id.clone(), body, send_at });
}

fn link(app: &App, one: &One<'_>, action: LinkAction, partner: &PartnerId, notification: &Notification, now: Timestamp) -> ActionLink {
    ActionLink {
        id: ActionLinkId::new(app.ulid()),
        action,
        user_id: one.user.id.clone(),
        name: one.user.name.clone(),
        about: one.matter.about(),
        partner_id: partner.clone(),
        version: one.matter.version(),
        kind: one.kind,
        said: notification.said.clone(),
        made_at: now,
        expires_at: ends(now),
        used_at: None,
    }
}
