//! The notifier: follows the numbered events, one server at a time, and writes what is told of them together with the place
//! that it has reached. Who is told what is the domain's table; here its people are looked up and their wishes applied.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use entente_domain::Timestamp;
use entente_domain::action_link::{ActionLink, LinkAction, ends};
use entente_domain::cosell::Room;
use entente_domain::deal::Deal;
use entente_domain::dispute::Side;
use entente_domain::event::{Event, EventActor, EventKind, NumberedEvent, Subject, Visibility};
use entente_domain::id::{ActionLinkId, DealId, EventId, LetterId, NotificationId, PartnerId, UserId};
use entente_domain::notification::preference::{FLOOD_MINUTES, Letters, Preferences, deliver};
use entente_domain::notification::{
    About, Candidates, Matter, Notification, NotificationKind, Readers, Said, due, of_dispute, of_room, readers, told, worth,
};
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
    /// Deals that disputes and rooms are about.
    deals: HashMap<DealId, Deal>,
    users: HashMap<UserId, User>,
    covers: HashMap<DealId, UserId>,
    partners: HashMap<PartnerId, String>,
    admins: Vec<User>,
    partner_admins: HashMap<PartnerId, Vec<User>>,
    partner_sellers: HashMap<PartnerId, Vec<User>>,
}

impl Lookups {
    /// The deal that people on that side of a dispute, or in a room, are told of.
    fn deal_of(&self, matter: Matter<'_>) -> Option<&Deal> {
        match matter {
            Matter::Dispute(dispute, side) => self.deals.get(of_dispute::own_deal(dispute, side)?),
            Matter::Room(room, _) => self.deals.get(&room.deal_id),
            Matter::Deal(_) | Matter::Lead(_) => None,
        }
    }

    /// The name of the partner that goes with it.
    fn partner_of(&self, matter: Matter<'_>, event: &Event) -> Option<&String> {
        let id = match matter {
            Matter::Dispute(dispute, side) => of_dispute::named(dispute, side, event)?,
            Matter::Room(room, _) => &room.partner_id,
            Matter::Deal(_) | Matter::Lead(_) => matter.partner_id()?,
        };
        self.partners.get(id)
    }
}

/// What an event is about, as far as anybody is told of it.
fn about_of(event: &Event) -> Option<About> {
    match &event.subject {
        Subject::Deal { id, .. } => Some(About::Deal { id: id.clone() }),
        Subject::Lead { id, .. } => Some(About::Lead { id: id.clone() }),
        Subject::Dispute { id, .. } => Some(About::Dispute { id: id.clone() }),
        Subject::Room { deal_id, .. } => Some(About::Room { deal_id: deal_id.clone() }),
        _ => None,
    }
}

/// Whether it is still the partner's that the event concerned. Disputes and rooms know themselves whom something concerns.
fn is_still(event: &Event, matter: Matter<'_>) -> bool {
    match &event.subject {
        Subject::Deal { partner_id, .. } => matter.partner_id() == Some(partner_id),
        Subject::Lead { partner_id, .. } => matter.partner_id() == partner_id.as_ref(),
        _ => true,
    }
}

async fn look_up(app: &App, events: &[&Event]) -> Result<Lookups, AppError> {
    let about: Vec<About> = events.iter().filter_map(|e| about_of(e)).collect();
    let matters = Matters::read(app, Eyes::All, about.iter()).await?;
    let (covers, deals) = (covers(app, &matters).await?, deals_behind(app, &matters).await?);
    let of_deals = matters.deals().chain(deals.values()).flat_map(|d| d.manager_id.iter().chain(&d.registered_by)).chain(covers.values());
    let of_leads = matters.leads().flat_map(|l| l.vendor_user.iter().chain(&l.taken_by));
    let of_disputes = matters.disputes().flat_map(|d| d.opened_by.user_id.iter().chain(d.arbiter.as_ref().map(|a| &a.user_id)));
    let mut people: Vec<UserId> = of_deals.chain(of_leads).chain(of_disputes).cloned().collect();
    people.sort();
    people.dedup();
    let users = app.store.users_by_ids(&people).await?.into_iter().map(|u| (u.id.clone(), u)).collect();
    let with_sellers = matters.leads().filter_map(|l| l.partner_id.clone()).chain(matters.rooms().flat_map(Room::members));
    let with_sellers: BTreeSet<PartnerId> = with_sellers.collect();
    let mut partner_ids: BTreeSet<PartnerId> = matters.deals().map(|d| d.partner_id.clone()).collect();
    let parties = matters.disputes().flat_map(|d| std::iter::once(&d.complainant).chain(&d.respondent));
    partner_ids.extend(parties.map(|party| party.partner_id.clone()));
    partner_ids.extend(with_sellers.iter().cloned());
    let ids: Vec<PartnerId> = partner_ids.iter().cloned().collect();
    let partners = app.store.partners_by_ids(&ids).await?.into_iter().map(|p| (p.id.clone(), p.name.clone())).collect();
    let admins = app.store.users(&active(Scope::All, Role::Admin)).await?;
    let (mut partner_admins, mut partner_sellers) = (HashMap::new(), HashMap::new());
    for id in partner_ids {
        partner_admins.insert(id.clone(), app.store.users(&active(Scope::Partner(id.clone()), Role::PartnerAdmin)).await?);
        if with_sellers.contains(&id) {
            partner_sellers.insert(id.clone(), app.store.users(&active(Scope::Partner(id.clone()), Role::PartnerSales)).await?);
        }
    }
    Ok(Lookups { matters, deals, users, covers, partners, admins, partner_admins, partner_sellers })
}

/// The deals that disputes and rooms are about.
async fn deals_behind(app: &App, matters: &Matters) -> Result<HashMap<DealId, Deal>, AppError> {
    let of_disputes = matters.disputes().flat_map(|d| [Side::Complainant, Side::Respondent].map(|side| of_dispute::own_deal(d, side)));
    let ids: BTreeSet<DealId> = of_disputes.flatten().chain(matters.rooms().map(|r| &r.deal_id)).cloned().collect();
    let ids: Vec<DealId> = ids.into_iter().collect();
    Ok(app.store.deals_by_ids(&ids, &Scope::All).await?.into_iter().map(|d| (d.id.clone(), d)).collect())
}

/// Who acts today, by the same rules as in the queue, for those who decide on the deals and are away.
async fn covers(app: &App, matters: &Matters) -> Result<HashMap<DealId, UserId>, AppError> {
    let (routing, view) = (app.routing().await?, app.program().await?);
    let today = view.date(app.now());
    let of = |deal: &Deal| {
        let acting = routing.acting(deal, today).filter(|acting| deal.manager_id.as_ref() != Some(acting))?;
        Some((deal.id.clone(), acting))
    };
    Ok(matters.deals().filter_map(of).collect())
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
    /// What is told of the deal of a dispute or a room.
    deal: Option<&'a Deal>,
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
        let Some(matter) = about_of(event).and_then(|about| found.matters.get(&about)) else { continue };
        // A lead that has gone on to another partner meanwhile is no news for the one who had it.
        if is_still(event, matter) {
            all.extend(matter.sides().into_iter().flat_map(|matter| of_event(event, matter, &found)));
        }
    }
    write_down(app, all, now).await
}

fn of_event<'a>(event: &'a Event, matter: Matter<'a>, found: &'a Lookups) -> Vec<One<'a>> {
    let person = |id: Option<&UserId>| id.and_then(|id| found.users.get(id));
    let nobody: &[User] = &[];
    let own = matter.partner_id();
    let admins_of_partner = own.and_then(|id| found.partner_admins.get(id)).map_or(nobody, Vec::as_slice);
    // In a room the deal's own partner has somebody in charge, who is told; of a guest whoever sells is.
    let host = matches!(matter, Matter::Room(room, Some(party)) if *party == room.partner_id);
    let sellers_of_partner = own.and_then(|id| found.partner_sellers.get(id)).filter(|_| !host).map_or(nobody, Vec::as_slice);
    let deal = found.deal_of(matter);
    let (decider, cover, registrant) = match matter {
        Matter::Deal(deal) => (person(deal.manager_id.as_ref()), person(found.covers.get(&deal.id)), person(deal.registered_by.as_ref())),
        Matter::Lead(lead) => (person(lead.vendor_user.as_ref()), None, person(lead.taken_by.as_ref())),
        Matter::Dispute(dispute, Side::Complainant) => (None, None, person(dispute.opened_by.user_id.as_ref())),
        Matter::Dispute(_, Side::Respondent) => (None, None, person(deal.and_then(|d| d.registered_by.as_ref()))),
        Matter::Dispute(dispute, Side::Vendor) => (person(dispute.arbiter.as_ref().map(|a| &a.user_id)), None, None),
        Matter::Room(_, None) => (person(deal.and_then(|d| d.manager_id.as_ref())), None, None),
        Matter::Room(..) => (None, None, person(deal.and_then(|d| d.registered_by.as_ref()))),
    };
    let among =
        Candidates { decider, cover, admins: &found.admins, registrant, partner_admins: admins_of_partner, partner_sellers: sellers_of_partner };
    let partner = found.partner_of(matter, event).cloned().unwrap_or_default();
    let of = |(who, kind): &(Readers, NotificationKind)| {
        let (partner, kind) = (partner.clone(), *kind);
        let one = move |user: &User| One { event, matter, user: user.clone(), kind, partner: partner.clone(), deal };
        readers(*who, matter, event, among).into_iter().map(one)
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
    let due = due(one.kind, one.matter);
    let (title, number, customer, value, text) = match one.matter {
        Matter::Deal(deal) => {
            let customer = deal.customer.as_ref().map(|c| c.name.clone());
            (deal.title.clone(), deal.number.clone(), customer, worth(&deal.value), one.event.text.clone())
        }
        // Who asks is told to whoever has taken the lead, in the app; a letter says the firm.
        Matter::Lead(lead) => {
            let value = lead.value.as_ref().map(worth).unwrap_or_default();
            (lead.firm.name.clone(), lead.number.clone(), None, value, lead.message.clone())
        }
        Matter::Dispute(dispute, side) => return of_dispute::said(dispute, side, one.event, one.deal, one.partner.clone(), due),
        Matter::Room(room, party) => return of_room::said(room, party, one.event, one.deal, one.partner.clone()),
    };
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
        happened_at: Some(one.event.occurred_at),
        made_at: now,
        expires_at: ends(now),
        used_at: None,
    }
}
