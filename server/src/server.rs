//! One running server: bound, connected, serving, and stopped in good order.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use entente_app::{App, AppError, seed};
use entente_graphql::{RateOptions, Rates, SchemaOptions};
use entente_store::Store;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::config::Settings;
use crate::connections;
use crate::http::{EdgeOptions, Front};

/// How long requests under way may take to finish, and sockets to say goodbye, once the server stops.
const DRAIN: Duration = Duration::from_secs(6);
/// How long the background work may take to stop after that.
const BACKGROUND: Duration = Duration::from_secs(2);
/// Connections that may wait to be accepted; the system has a limit of its own.
const BACKLOG: u32 = 4096;
/// What the system holds for a client that does not read: with megabytes, as it would by itself, it took long to notice.
const SEND_BUFFER: u32 = 128 * 1024;

/// A server that serves until it is stopped.
pub struct Server {
    address: SocketAddr,
    app: App,
    front: Front,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    /// Binds, migrates, connects and serves. Every way to fail names the setting it is about.
    pub async fn start(settings: &Settings) -> Result<Self> {
        let listener = bind(settings.listen)?;
        let address = listener.local_addr()?;
        // With port 0 the address is only known now.
        let settings = &Settings { listen: address, ..settings.clone() };
        let options = settings.app(true)?;
        prepare(settings).await?;
        let app = App::start(options).await.map_err(explain)?;
        seed::ensure_program(&app).await.map_err(explain)?;
        let schema = entente_graphql::schema(Some(app.clone()), SchemaOptions { introspection: settings.introspection() });
        let limits = settings.limits.clone();
        let schema = schema.with_rates(Rates::new(RateOptions {
            operations_per_user: limits.operations_per_user,
            sign_ins_per_address: limits.sign_ins_per_address,
            deal_checks_per_hour: limits.deal_checks_per_hour,
        }));
        let (stop, stopping) = watch::channel(false);
        let edge = EdgeOptions {
            public_url: settings.public_url(),
            graphiql: settings.graphiql(),
            dev_mail: !settings.is_production(),
            proxy_header: settings.proxy_header.clone(),
            metrics_token: settings.metrics_token.clone(),
            slow_operation: Duration::from_millis(settings.slow_operation_ms.into()),
            socket_init: Duration::from_millis(settings.socket_init_ms.into()),
            limits,
            open_files: connections::open_files(),
        };
        let front = Front::new(app.clone(), schema, edge, stopping.clone());
        let task = tokio::spawn(connections::serve(listener, front.clone(), stopping));
        tracing::info!(%address, public_url = settings.public_url(), "serving");
        Ok(Self { address, app, front, stop, task })
    }

    /// Where it listens; with port 0 in the settings, the port that was free.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The application that it serves.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Stops: tells the sockets to come back, accepts nothing more a quarter of a second later, lets requests finish, then stops the
    /// background work.
    /// Takes at most ten seconds.
    pub async fn stop(mut self) -> Result<()> {
        self.stop.send_replace(true);
        let drained = Instant::now() + DRAIN;
        while self.front.open_sockets() > 0 && Instant::now() < drained {
            sleep(Duration::from_millis(10)).await;
        }
        let served = timeout_at(drained, &mut self.task).await;
        self.task.abort();
        let _ = timeout(BACKGROUND, self.app.shutdown()).await;
        if served.is_err() {
            tracing::warn!("requests were still under way when the server stopped");
        }
        Ok(())
    }

    /// Waits until serving ends by itself, which is an error.
    pub async fn failed(&mut self) -> anyhow::Error {
        match (&mut self.task).await {
            Ok(()) => anyhow::anyhow!("serving ended"),
            Err(error) => anyhow::Error::new(error).context("serving ended"),
        }
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener> {
    match listen(address) {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            bail!("ENTENTE_LISTEN (--listen): {address} is in use by another program")
        }
        Err(error) => Err(error).with_context(|| format!("ENTENTE_LISTEN (--listen): cannot listen on {address}")),
    }
}

/// Listens with room for many who come at once; who finds none believes to be connected and waits for nothing.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Connections inherit it.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Migrates, and looks whether the database may be served at all.
async fn prepare(settings: &Settings) -> Result<()> {
    let store = connect(settings).await?;
    let report = store.migrate().await.context("the database could not be migrated")?;
    for name in &report.applied {
        tracing::info!(name, "migrated");
    }
    if settings.is_production() && store.has_demo_users().await? {
        bail!(
            "ENTENTE_ENV (--env): the database {} has demo accounts, whose password everybody knows; production needs a database \
             of its own (ENTENTE_DATABASE)",
            settings.database
        );
    }
    Ok(())
}

/// A connection to the database that has answered once.
pub(crate) async fn connect(settings: &Settings) -> Result<Store> {
    let store = Store::connect(&settings.store()).await.context("MONGODB_URI (--mongodb-uri) cannot be used")?;
    store.ping().await.context("MONGODB_URI (--mongodb-uri): the database does not answer")?;
    Ok(store)
}

/// An application's error as one of ours.
pub(crate) fn explain(error: AppError) -> anyhow::Error {
    anyhow::Error::new(error)
}
