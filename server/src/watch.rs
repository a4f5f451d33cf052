//! Watches for a newly published snapshot and shows it without a restart.
//!
//! The manifest is written last and renamed into place, so a change of it means that everything it names is there.
//! A snapshot that does not verify is told once in the log, and the one being shown stays.

use std::path::Path;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use crate::open::OpenSnapshot;
use crate::state::AppState;

/// What tells one manifest file from another without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: SystemTime,
    bytes: u64,
    file: u64,
}

impl Stamp {
    /// Of the manifest in a folder.
    pub(crate) fn of(folder: &Path) -> io::Result<Self> {
        let meta = fs::metadata(folder.join("manifest.json"))?;
        #[cfg(unix)]
        let file = std::os::unix::fs::MetadataExt::ino(&meta);
        #[cfg(not(unix))]
        let file = 0;
        Ok(Self { modified: meta.modified()?, bytes: meta.len(), file })
    }
}

/// Looks every `pause`, for as long as the server runs. `seen` was taken before the snapshot shown was read.
pub(crate) async fn watch(state: AppState, mut seen: Option<Stamp>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        let looker = state.clone();
        let last = seen.clone();
        match tokio::task::spawn_blocking(move || look(&looker, last)).await {
            Ok(stamp) => seen = stamp,
            Err(error) => tracing::error!("looking for a new snapshot failed: {error}"),
        }
    }
}

fn look(state: &AppState, seen: Option<Stamp>) -> Option<Stamp> {
    state.site().refresh();
    let stamp = Stamp::of(state.folder()).ok();
    if stamp == seen {
        return seen;
    }
    let showing = state.edition().snapshot.id.clone();
    match OpenSnapshot::open(state.folder()) {
        Ok(snapshot) if snapshot.manifest_bytes == state.edition().snapshot.manifest_bytes => {}
        Ok(snapshot) => {
            tracing::info!("showing {} from now on, {} before", snapshot.id, showing);
            state.show(snapshot);
        }
        Err(error) => tracing::error!("a new snapshot is refused and {showing} stays: {error}"),
    }
    stamp
}
