//! Relations within one request: partners and people by id, each read once, and verdicts. Lists load theirs ahead with one query per
//! relation; what nobody looked ahead for is gathered by a data loader.
//!
//! Lives as long as one request, or one event of a subscription; never longer, because rights and rows change.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, Loader};
use entente_app::App;
use entente_domain::Timestamp;
use entente_domain::deal::Deal;
use entente_domain::deal::verdict::Verdict;
use entente_domain::id::{DealId, PartnerId, UserId};
use entente_domain::partner::Partner;
use entente_domain::user::User;

use crate::context::Acting;
use crate::problem::Problem;

/// What was read of one kind; none for what is not there or hidden.
type Found<K, V> = HashMap<K, Option<Arc<V>>>;

/// Where rows come from.
struct Source {
    app: App,
    acting: Arc<Acting>,
}

impl Source {
    async fn partners(&self, ids: &[PartnerId]) -> Result<Found<PartnerId, Partner>, Problem> {
        let rows = entente_app::partner::of_deals(&self.app, ids).await?;
        Ok(by_id(ids, rows.into_iter().map(|p| (p.id.clone(), p))))
    }

    async fn users(&self, ids: &[UserId]) -> Result<Found<UserId, User>, Problem> {
        let Some(actor) = self.acting.actor() else { return Ok(by_id(ids, std::iter::empty())) };
        let rows = entente_app::user::get_many(&self.app, actor, ids).await?;
        Ok(by_id(ids, rows.into_iter().map(|u| (u.id.clone(), u))))
    }
}

fn by_id<K: Clone + Eq + Hash, V>(ids: &[K], rows: impl Iterator<Item = (K, V)>) -> Found<K, V> {
    let mut found: Found<K, V> = ids.iter().map(|id| (id.clone(), None)).collect();
    found.extend(rows.map(|(id, row)| (id, Some(Arc::new(row)))));
    found
}

impl Loader<PartnerId> for Source {
    type Value = Option<Arc<Partner>>;
    type Error = Problem;

    async fn load(&self, keys: &[PartnerId]) -> Result<HashMap<PartnerId, Self::Value>, Problem> {
        self.partners(keys).await
    }
}

impl Loader<UserId> for Source {
    type Value = Option<Arc<User>>;
    type Error = Problem;

    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Self::Value>, Problem> {
        self.users(keys).await
    }
}

/// A deal that is to be judged; each once in a request.
#[derive(Clone)]
struct Judged(Deal);

impl PartialEq for Judged {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id && self.0.version == other.0.version
    }
}

impl Eq for Judged {}

impl Hash for Judged {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}

impl Loader<Judged> for Source {
    type Value = Verdict;
    type Error = Problem;

    async fn load(&self, keys: &[Judged]) -> Result<HashMap<Judged, Verdict>, Problem> {
        let Some(actor) = self.acting.actor() else { return Ok(HashMap::new()) };
        let deals: Vec<Deal> = keys.iter().map(|key| key.0.clone()).collect();
        let found = entente_app::deal::verdicts_now(&self.app, actor, &deals).await?;
        Ok(keys.iter().filter_map(|key| Some((key.clone(), found.get(&key.0.id)?.clone()))).collect())
    }
}

/// Partners and people that one request has read.
pub(crate) struct Relations {
    loader: DataLoader<Source>,
    partners: Mutex<Found<PartnerId, Partner>>,
    users: Mutex<Found<UserId, User>>,
    deals: Mutex<Found<DealId, Deal>>,
    /// By the response key of a root field: the moment that it shows.
    moments: Mutex<HashMap<String, Timestamp>>,
}

impl Relations {
    fn new(app: App, acting: Arc<Acting>) -> Self {
        let loader = DataLoader::new(Source { app, acting }, |load| tokio::spawn(tracing::Instrument::in_current_span(load))).delay(Duration::ZERO);
        Self { loader, partners: Mutex::default(), users: Mutex::default(), deals: Mutex::default(), moments: Mutex::default() }
    }

    /// Reads these partners and people, one query for each kind, as far as they have not been read yet.
    pub(crate) async fn preload(&self, partners: Vec<PartnerId>, users: Vec<UserId>) -> Result<(), Problem> {
        let source = self.loader.loader();
        let (partners, users) = (missing(&self.partners, partners), missing(&self.users, users));
        let read_partners = async { if partners.is_empty() { Ok(HashMap::new()) } else { source.partners(&partners).await } };
        let read_users = async { if users.is_empty() { Ok(HashMap::new()) } else { source.users(&users).await } };
        let (read_partners, read_users) = futures::try_join!(read_partners, read_users)?;
        keep(&self.partners, read_partners);
        keep(&self.users, read_users);
        Ok(())
    }

    /// Keeps that a root field, by its response key, shows an earlier moment.
    pub(crate) fn keep_moment(&self, root: String, at: Timestamp) {
        self.moments.lock().unwrap_or_else(PoisonError::into_inner).insert(root, at);
    }

    /// The earlier moment that a root field shows, if it does.
    pub(crate) fn moment(&self, root: &str) -> Option<Timestamp> {
        self.moments.lock().unwrap_or_else(PoisonError::into_inner).get(root).copied()
    }

    /// Keeps deals that were read for the viewer; those of the ids that are not among them are hidden.
    pub(crate) fn keep_deals(&self, ids: &[DealId], deals: Vec<Deal>) {
        keep(&self.deals, by_id(ids, deals.into_iter().map(|d| (d.id.clone(), d))));
    }

    /// A deal as far as it was read: none when it was not, none within when it is hidden.
    pub(crate) fn deal(&self, id: &DealId) -> Option<Option<Deal>> {
        known(&self.deals, id).map(|deal| deal.map(|d| (*d).clone()))
    }

    /// A partner that the viewer came upon; none when it is not there.
    pub(crate) async fn partner(&self, id: &PartnerId) -> Result<Option<Arc<Partner>>, Problem> {
        if let Some(found) = known(&self.partners, id) {
            return Ok(found);
        }
        let found = self.loader.load_one(id.clone()).await?.flatten();
        keep(&self.partners, HashMap::from([(id.clone(), found.clone())]));
        Ok(found)
    }

    /// What the rules say now about a registration that waits; all that one level of the answer asks for are judged together.
    pub(crate) async fn verdict(&self, deal: &Deal) -> Result<Option<Verdict>, Problem> {
        self.loader.load_one(Judged(deal.clone())).await
    }

    /// The partner of an id that may be left out.
    pub(crate) async fn partner_opt(&self, id: Option<&PartnerId>) -> Result<Option<Arc<Partner>>, Problem> {
        match id {
            Some(id) => self.partner(id).await,
            None => Ok(None),
        }
    }

    /// The person of an id that may be left out; none when hidden from the viewer.
    pub(crate) async fn user_opt(&self, id: Option<&UserId>) -> Result<Option<Arc<User>>, Problem> {
        let Some(id) = id else { return Ok(None) };
        if let Some(found) = known(&self.users, id) {
            return Ok(found);
        }
        let found = self.loader.load_one(id.clone()).await?.flatten();
        keep(&self.users, HashMap::from([(id.clone(), found.clone())]));
        Ok(found)
    }
}

fn known<K: Eq + Hash, V>(cache: &Mutex<Found<K, V>>, id: &K) -> Option<Option<Arc<V>>> {
    cache.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
}

fn keep<K: Eq + Hash, V>(cache: &Mutex<Found<K, V>>, found: Found<K, V>) {
    cache.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
}

/// Those that have not been read yet, each once.
fn missing<K: Ord + Hash, V>(cache: &Mutex<Found<K, V>>, mut ids: Vec<K>) -> Vec<K> {
    ids.sort();
    ids.dedup();
    let cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
    ids.retain(|id| !cache.contains_key(id));
    ids
}

/// Holds the relations of a request. A subscription takes new ones for every event.
pub(crate) struct Cell {
    app: App,
    acting: Arc<Acting>,
    current: Mutex<Arc<Relations>>,
}

impl Cell {
    pub(crate) fn new(app: App, acting: Arc<Acting>) -> Self {
        let current = Mutex::new(Arc::new(Relations::new(app.clone(), acting.clone())));
        Self { app, acting, current }
    }

    /// The relations of now.
    pub(crate) fn current(&self) -> Arc<Relations> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets everything that was read.
    pub(crate) fn renew(&self) {
        let fresh = Arc::new(Relations::new(self.app.clone(), self.acting.clone()));
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
    }
}
