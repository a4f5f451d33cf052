//! Watches for newly published snapshots and shows them without a restart.
//!
//! The manifest is written last and renamed into place, so a change of it means that everything it names is there.
//! A snapshot that does not verify is told once in the log, and the one being shown stays.

use std::path::Path;
use std::time::{Duration, SystemTime};
use std::{fs, io};

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

/// Looks every `pause`, for as long as the server runs.
pub(crate) async fn watch(state: AppState, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        let looker = state.clone();
        let look = move || {
            looker.site().refresh();
            looker.parts().look();
        };
        if let Err(error) = tokio::task::spawn_blocking(look).await {
            tracing::error!("looking for a new snapshot failed: {error}");
        }
    }
}
