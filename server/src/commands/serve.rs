//! `entente serve`: until it is told to stop.

use anyhow::{Context, Result};
use tokio::signal;

use crate::config::Settings;
use crate::server::Server;

pub(super) async fn run(settings: &Settings) -> Result<()> {
    if settings.is_production() && !settings.public_url().starts_with("https://") {
        tracing::warn!("ENTENTE_PUBLIC_URL is not https: cookies go over the wire as they are");
    }
    let stopped = signals()?;
    let mut server = Server::start(settings).await?;
    tokio::select! {
        error = server.failed() => return Err(error),
        name = stopped => tracing::info!(signal = name, "stopping"),
    }
    server.stop().await?;
    tracing::info!("stopped");
    Ok(())
}

/// The name of the signal that asks the server to stop.
#[cfg(unix)]
fn signals() -> Result<impl Future<Output = &'static str>> {
    use signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be heard")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be heard")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    })
}

#[cfg(not(unix))]
fn signals() -> Result<impl Future<Output = &'static str>> {
    Ok(async {
        let _ = signal::ctrl_c().await;
        "Ctrl+C"
    })
}
