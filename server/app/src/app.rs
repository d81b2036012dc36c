//! The application: the parts it is wired from, and what every use case needs of them.

use std::ops::Deref;
use std::sync::{Arc, Weak};
use std::time::Duration;

use entente_domain::Timestamp;
use entente_domain::deal::Cause;
use entente_domain::event::EventActor;
use entente_domain::id::EventId;
use entente_domain::policy::Actor;
use entente_live::{Hub, Relay, RelayOptions, RelayStatus};
use entente_mail::MailOptions;
use entente_search::DirectoryIndex;
use entente_store::{Store, StoreOptions};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use ulid::Ulid;

use crate::clock::{Clock, ulid_at};
use crate::files::{Files, FilesAt};
use crate::live::{Change, Preparer, Standings, StoreLog};
use crate::mail::Mail;
use crate::notification::notifier;
use crate::program::ProgramCache;
use crate::routing::RoutingCache;
use crate::session::keys::SigningKeys;
use crate::session::password::Hashing;
use crate::session::people::People;
use crate::{AppError, directory, mail, worker};

/// What an application is made of.
#[derive(Debug, Clone)]
pub struct AppOptions {
    /// The database.
    pub store: StoreOptions,
    /// Redis; without it, servers tell each other of changes by polling the database.
    pub redis_url: Option<String>,
    /// Object storage.
    pub files: FilesAt,
    /// Address under which people reach the server, without a slash at the end.
    pub public_url: String,
    /// Ed25519 private key, PKCS#8 PEM.
    pub signing_key: String,
    /// Where letters go.
    pub mail: MailOptions,
    /// Where the time comes from.
    pub clock: Clock,
    /// Whether this process follows events and runs timers; off for subcommands.
    pub background: bool,
}

/// The application. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What the application holds; reached through [`App`].
pub struct Inner {
    /// The database.
    pub store: Store,
    /// Object storage.
    pub files: Files,
    /// The directory's index.
    pub directory: DirectoryIndex,
    /// Changes, in order, as they happen.
    pub hub: Arc<Hub<Arc<Change>>>,
    /// How the relay is doing.
    pub relay: Arc<RelayStatus>,
    /// The way out of letters.
    pub mail: Mail,
    /// What became of timers.
    pub timers: worker::TimerCounts,
    /// Where the time comes from.
    pub clock: Clock,
    /// See [`AppOptions::public_url`].
    pub public_url: String,
    pub(crate) keys: SigningKeys,
    pub(crate) programs: ProgramCache,
    pub(crate) routings: RoutingCache,
    pub(crate) records: crate::record::RecordCache,
    pub(crate) people: People,
    pub(crate) standings: Standings,
    pub(crate) hashing: Hashing,
    pub(crate) renders: Semaphore,
    stop: watch::Sender<bool>,
    tasks: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

/// See [`App::weak`].
#[derive(Clone)]
pub(crate) struct WeakApp(Weak<Inner>);

impl WeakApp {
    /// The application, while it lives.
    pub(crate) fn get(&self) -> Option<App> {
        self.0.upgrade().map(App)
    }
}

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Connects everything and, where asked, starts the relay, the index and the timers. The database must be migrated.
    pub async fn start(options: AppOptions) -> Result<Self, AppError> {
        let store = Store::connect(&options.store).await?;
        let (stop, stopped) = watch::channel(false);
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let log = Arc::new(StoreLog::new(store.clone()));
        if options.background {
            // First, because the numbering below may be locked by a server that died in the middle of it.
            tokio::spawn(worker::end_orphans(store.clone(), stopped.clone()));
            tokio::spawn(worker::keep_pool_moving(store.clone(), stopped.clone()));
            // What a seed or an import wrote while no server was up is history, not news for the first subscribers.
            log.number_backlog().await.map_err(AppError::internal)?;
        }
        let preparer = Arc::new(Preparer::default());
        let relay_options = RelayOptions::new(options.store.database.clone(), options.redis_url);
        let relay = Relay::new(log, preparer.clone(), relay_options).await.map_err(AppError::internal)?;
        let app = Self(Arc::new(Inner {
            files: Files::open(&options.files).await?,
            directory: DirectoryIndex::new().map_err(AppError::internal)?,
            hub: relay.hub(),
            relay: relay.status(),
            mail: Mail::new(&options.mail, &options.public_url)?,
            timers: worker::TimerCounts::default(),
            clock: options.clock,
            public_url: options.public_url.trim_end_matches('/').to_owned(),
            keys: SigningKeys::from_pem(&options.signing_key)?,
            programs: ProgramCache::default(),
            routings: RoutingCache::default(),
            records: Default::default(),
            people: People::default(),
            standings: Standings::default(),
            hashing: Hashing::new(cores),
            renders: Semaphore::new(cores),
            stop,
            tasks: std::sync::Mutex::default(),
            store,
        }));
        preparer.attach(&app);
        if options.background {
            directory::rebuild(&app).await?;
            // Before anything is served, so that nothing happens of which nobody is told.
            app.store.begin_notifier().await?;
            app.spawn(relay.run(stopped.clone()));
            app.spawn(notifier::run(app.weak(), stopped.clone()));
            app.spawn(mail::run(app.weak(), stopped.clone()));
            app.spawn(crate::export::run(app.weak(), stopped.clone()));
            app.spawn(worker::run(app.weak(), stopped));
        }
        Ok(app)
    }

    /// Runs something beside the requests; [`App::shutdown`] waits for it.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let handle = tokio::spawn(task);
        if let Ok(mut tasks) = self.tasks.lock() {
            tasks.push(handle);
        }
    }

    /// A handle that does not keep the application alive.
    pub(crate) fn weak(&self) -> WeakApp {
        WeakApp(Arc::downgrade(&self.0))
    }

    /// Stops what runs in the background and waits for it, at most five seconds.
    pub async fn shutdown(&self) {
        let _ = self.stop.send(true);
        let tasks = self.tasks.lock().map(|mut t| std::mem::take(&mut *t)).unwrap_or_default();
        let _ = tokio::time::timeout(Duration::from_secs(5), futures::future::join_all(tasks)).await;
    }

    /// Tells when the application is stopping.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Now, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new ULID of now.
    pub fn ulid(&self) -> Ulid {
        ulid_at(self.now())
    }

    /// What a change by this actor needs to know.
    pub fn cause(&self, actor: &Actor) -> Cause {
        Cause::by(actor, self.now(), EventId::new(self.ulid()))
    }

    /// What a change by a clock or an import needs to know.
    pub fn cause_of(&self, name: &str) -> Cause {
        Cause { actor: EventActor { user_id: None, name: name.to_owned() }, now: self.now(), event_id: EventId::new(self.ulid()), covers: Vec::new() }
    }
}
