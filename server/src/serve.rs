//! Starts the server: opens the snapshot, listens, and leaves in an orderly way when told to.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use snapshot::SnapshotError;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch::channel;

use crate::connections;
use crate::door::{Door, Entry};
use crate::operation::Operation;
use crate::routes::router;
use crate::state::AppState;
use crate::watch::watch;

/// What a server shows, and from where.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The snapshot's folder.
    pub snapshot: PathBuf,
    /// The folder that Trunk built.
    pub site: PathBuf,
    /// Who may read.
    pub entry: Entry,
    /// How often to look for a new snapshot.
    pub watch_every: Duration,
    /// How long requests under way may take to finish once the server is told to stop.
    pub patience: Duration,
    /// Limits, proxies, metrics.
    pub operation: Operation,
}

/// Why a server could not start or had to stop.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The snapshot cannot be shown.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// People, sessions and the audit cannot be opened.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// The company's provider of accounts cannot be asked from this machine.
    #[error(transparent)]
    Company(#[from] oidc::Fault),
    /// Without sign-in, on an address that others reach too.
    #[error(
        "without sign-in (--open) everything is shown to whoever reaches {0}: listen on 127.0.0.1, or let people sign in"
    )]
    OpenToOthers(SocketAddr),
    /// Opening the snapshot broke down; a bug of ours.
    #[error("opening the snapshot failed: {0}")]
    Broken(String),
    /// The listener failed.
    #[error("the listener failed: {0}")]
    Listener(std::io::Error),
}

/// Serves until `stop` is ready, then finishes the requests under way.
/// `ready` is called with the snapshot's id once requests are answered.
pub async fn serve(
    settings: Settings,
    listener: TcpListener,
    ready: impl FnOnce(&str),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let Settings { snapshot: folder, site, entry, watch_every, patience, operation } = settings;
    let addr = listener.local_addr().map_err(ServeError::Listener)?;
    if matches!(entry, Entry::Open) {
        if !addr.ip().is_loopback() {
            return Err(ServeError::OpenToOthers(addr));
        }
        tracing::warn!("open: everything is shown to everybody on this machine, without sign-in");
    }
    let door = Door::open(entry).await?;
    let opened = tokio::task::spawn_blocking(move || AppState::open(folder, site, door, operation)).await;
    let state = opened.map_err(|e| ServeError::Broken(e.to_string()))??;
    ready(&state.parts().whole().edition().snapshot.id);

    let watcher = tokio::spawn(watch(state.clone(), watch_every));
    let (told, mut stopping) = channel(false);
    let stop = async move {
        stop.await;
        told.send_replace(true);
    };
    let server = connections::serve(listener, router(state.clone()), &state, stop);
    let out_of_patience = async move {
        // An error means that the server is gone, which the other branch sees.
        if stopping.wait_for(|stopped| *stopped).await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(patience).await;
    };
    tokio::select! {
        () = server => {}
        () = out_of_patience => {
            tracing::warn!("some requests did not finish in {} s and were cut off", patience.as_secs());
        }
    }
    watcher.abort();
    if let Some(guard) = state.door().guard()
        && let Err(error) = guard.access.sessions.tidy(access::UnixSeconds::now()).await
    {
        tracing::warn!("could not write down when sessions were last used: {error}");
    }
    Ok(())
}
