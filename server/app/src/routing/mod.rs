//! Routing: the table and who is away, kept in memory between events; the route of a registration; desks; re-routes; and
//! approving several at once.

mod absence;
mod bulk;
mod desk;
mod feed;
mod reroute;
mod table;

use std::collections::BTreeSet;
use std::sync::{Arc, RwLock};

use entente_domain::deal::{Deal, Decision};
use entente_domain::event::{Event, EventKind, FieldChange, Subject, Visibility};
use entente_domain::id::UserId;
use entente_domain::policy::{Actor, Scope};
use entente_domain::routing::absence::Absence;
use entente_domain::routing::{People, Route, RouteFacts, RoutingTable, cover, route, steps};
use entente_domain::user::{Role, User};
use entente_domain::{Date, Decimal};
use entente_store::UserQuery;

use crate::program::ProgramView;
use crate::{App, AppError};

pub use absence::{AbsenceInput, AbsenceRefusal, remove_absence, save_absence};
pub use bulk::{BULK_MAX, BulkItem, BulkRefusal, Outcomes, approve_many};
pub use desk::{Desk, desk};
pub use feed::{RoutingFeed, RoutingNews};
pub use reroute::{reroute, reroute_all_of};
pub use table::{RoutingRefusal, Update, at, seed_table, update};

/// Most people of the vendor's who may decide.
const DECIDERS_MAX: u32 = 1_000;

/// The table, the absences and who may decide, as they are now.
#[derive(Debug)]
pub struct RoutingView {
    /// The table.
    pub table: RoutingTable,
    /// Everybody's absences.
    pub absences: Vec<Absence>,
    /// Version of the list of absences, 0 before the first.
    pub absences_version: i32,
    /// Active people with the right to decide, by name.
    pub people: Vec<User>,
    deciders: BTreeSet<UserId>,
}

impl RoutingView {
    async fn read(app: &App) -> Result<Self, AppError> {
        let deciding = UserQuery {
            scope: Scope::All,
            search: None,
            partners: Vec::new(),
            roles: vec![Role::Admin, Role::ChannelManager],
            active: Some(true),
            after: None,
            limit: DECIDERS_MAX,
        };
        let (table, absences, people) =
            futures::try_join!(app.store.routing_table(None), app.store.absences(), app.store.users(&deciding)).map_err(AppError::from)?;
        let (absences_version, absences) = absences;
        let deciders = people.iter().map(|u| u.id.clone()).collect();
        Ok(Self { table: table.unwrap_or_default(), absences, absences_version, people, deciders })
    }

    /// Who can decide and who is away on that day.
    pub fn people_on(&self, today: Date) -> People<'_> {
        People { deciders: &self.deciders, absences: &self.absences, today }
    }

    /// Who acts for the owner of the deal's current step on that day; none when nobody is left, or nobody owns it.
    pub fn acting(&self, deal: &Deal, today: Date) -> Option<UserId> {
        let owner = deal.manager_id.as_ref()?;
        let not = if deal.route.is_chain() { deal.route.approvers() } else { Vec::new() };
        cover::acting(owner, &self.people_on(today), self.table.fallback.as_ref(), &not).cloned()
    }

    /// Whether that person is active and may decide.
    pub fn may_decide(&self, user: &UserId) -> bool {
        self.deciders.contains(user)
    }

    /// What makes the actor act for the owner of the deal's current step today; empty for everybody else.
    fn covers(&self, deal: &Deal, actor: &Actor, today: Date) -> Vec<UserId> {
        let acts = self.acting(deal, today).as_ref() == Some(&actor.user_id);
        deal.manager_id.iter().filter(|owner| acts && **owner != actor.user_id).cloned().collect()
    }
}

/// Holds the routing between events.
#[derive(Default)]
pub struct RoutingCache(RwLock<Option<Arc<RoutingView>>>);

impl App {
    /// The routing as it is now.
    pub async fn routing(&self) -> Result<Arc<RoutingView>, AppError> {
        if let Ok(held) = self.routings.0.read()
            && let Some(view) = held.as_ref()
        {
            return Ok(view.clone());
        }
        let view = Arc::new(RoutingView::read(self).await?);
        if let Ok(mut held) = self.routings.0.write() {
            *held = Some(view.clone());
        }
        Ok(view)
    }

    /// Forgets the routing, so that the next one to ask reads it again.
    pub fn forget_routing(&self) {
        if let Ok(mut held) = self.routings.0.write() {
            *held = None;
        }
    }
}

/// What a registration is routed by.
pub(crate) struct Routed<'a> {
    pub partner: &'a entente_domain::partner::Partner,
    pub deal: &'a Deal,
    pub base_value: Decimal,
}

/// The registration with its route: the owner of the first step decides.
pub(crate) fn assign(
    view: &ProgramView,
    routing: &RoutingView,
    partner: &entente_domain::partner::Partner,
    decision: Decision,
    today: Date,
) -> Decision {
    let deal = &decision.deal;
    let route = computed(view, routing, &Routed { partner, deal, base_value: deal.base_value.amount }, today);
    let deal = Deal { manager_id: route.owner().cloned(), route, ..decision.deal };
    Decision { deal, ..decision }
}

/// The route that the table gives a registration now.
pub(crate) fn computed(view: &ProgramView, routing: &RoutingView, of: &Routed<'_>, today: Date) -> Route {
    let products: Vec<_> = of.deal.all_products().cloned().collect();
    let facts = RouteFacts {
        program: &view.program,
        partner_territories: &of.partner.territories,
        tier: of.partner.tier.as_deref(),
        partner_manager: of.partner.manager_id.as_ref(),
        country: of.deal.customer.as_ref().and_then(|c| c.country.as_deref()),
        products: &products,
        base_value: of.base_value,
    };
    route(&routing.table, &facts, &routing.people_on(today))
}

/// The people for whom the actor acts on this deal today. Only asked for where it counts: in a chain of approvals.
pub(crate) async fn covers(app: &App, view: &ProgramView, actor: &Actor, deal: &Deal) -> Result<Vec<UserId>, AppError> {
    if !deal.route.is_chain() || deal.manager_id.as_ref() == Some(&actor.user_id) {
        return Ok(Vec::new());
    }
    Ok(app.routing().await?.covers(deal, actor, view.date(app.now())))
}

/// Whether the actor may decide on the deal now, as far as its route is concerned. An audience of a stream has no account, so
/// it is told what its roles may; the mutation asks for the person.
pub async fn may_decide(app: &App, actor: &Actor, deal: &Deal) -> Result<bool, AppError> {
    if !deal.route.is_chain() || actor.user_id == UserId::new(ulid::Ulid::nil()) {
        return Ok(true);
    }
    let covers = covers(app, &*app.program().await?, actor, deal).await?;
    Ok(steps::may_decide(deal, actor, &covers))
}

/// An event of a change of the routing, for the vendor to read.
fn event(app: &App, actor: &Actor, kind: EventKind, subject: Subject, change: FieldChange) -> Event {
    let cause = app.cause(actor);
    Event {
        id: cause.event_id,
        kind,
        subject,
        occurred_at: cause.now,
        actor: cause.actor,
        visibility: Visibility::Internal,
        text: None,
        changes: vec![change],
    }
}
