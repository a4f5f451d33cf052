//! All parts being shown: the whole and, where readers sign in, each region's own snapshot beside it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use access::Scope;
use arc_swap::ArcSwap;
use snapshot::SnapshotError;
use snapshot::scope::{ALL, SCOPES, is_scope_name, region_scope};

use crate::part::{Part, open};
use crate::watch::Stamp;

/// The parts of one snapshot folder.
#[derive(Debug)]
pub(crate) struct Parts {
    folder: PathBuf,
    whole: Arc<Part>,
    /// By name; `None` where nobody could ask for one.
    regions: Option<ArcSwap<HashMap<String, Arc<Part>>>>,
    /// What was last seen of each manifest, also of one that was refused: it is told once.
    seen: Mutex<HashMap<String, Option<Stamp>>>,
}

impl Parts {
    /// Opens the whole and, if asked for, the regions. A region that cannot be read is told in the log and not shown.
    ///
    /// # Errors
    /// When the whole cannot be read.
    pub(crate) fn open(folder: PathBuf, with_regions: bool) -> Result<Self, SnapshotError> {
        let stamp = Stamp::of(&folder).ok();
        let whole = Arc::new(Part::new(folder.clone(), open(&folder, ALL)?));
        let regions = with_regions.then(ArcSwap::default);
        let seen = Mutex::new(HashMap::from([(ALL.to_owned(), stamp)]));
        let parts = Self { folder, whole, regions, seen };
        parts.look_at_regions();
        Ok(parts)
    }

    /// The part that shows a scope; none where no such part was published. Never a wider one.
    pub(crate) fn of(&self, scope: &Scope) -> Option<Arc<Part>> {
        match scope {
            Scope::All => Some(Arc::clone(&self.whole)),
            Scope::Region(region) => self.regions.as_ref()?.load().get(&region_scope(region)).cloned(),
        }
    }

    /// How many parts are shown.
    pub(crate) fn count(&self) -> usize {
        1 + self.regions.as_ref().map_or(0, |regions| regions.load().len())
    }

    /// Everything at once.
    pub(crate) fn whole(&self) -> &Arc<Part> {
        &self.whole
    }

    /// Looks for snapshots published since the last time.
    pub(crate) fn look(&self) {
        self.look_at(ALL, &self.folder, Some(&self.whole));
        self.look_at_regions();
    }

    fn look_at_regions(&self) {
        let Some(regions) = &self.regions else { return };
        let names = match part_names(&self.folder) {
            Ok(names) => names,
            Err(error) => return tracing::error!("looking for regions' snapshots failed: {error}"),
        };
        let before = regions.load();
        // A build removes the parts that it does not make: what they hold is no longer true.
        for gone in before.keys().filter(|name| !names.contains(name)) {
            tracing::info!("{gone} is gone and not shown from now on");
        }
        self.seen().retain(|name, _| name == ALL || names.contains(name));
        let mut now = HashMap::with_capacity(names.len());
        for name in names {
            let folder = self.folder.join(SCOPES).join(&name);
            let shown = before.get(&name);
            if let Some(part) = self.look_at(&name, &folder, shown).or_else(|| shown.cloned()) {
                now.insert(name, part);
            }
        }
        regions.store(Arc::new(now));
    }

    /// Shows a new snapshot of a part; returns the part where it was not shown before.
    fn look_at(&self, name: &str, folder: &Path, shown: Option<&Arc<Part>>) -> Option<Arc<Part>> {
        // Before the snapshot is read: what is published meanwhile is seen the next time.
        let stamp = Stamp::of(folder).ok();
        if self.seen().insert(name.to_owned(), stamp.clone()).is_some_and(|before| before == stamp) {
            return None;
        }
        let Some(part) = shown else {
            return match open(folder, name) {
                Ok(snapshot) => Some(Arc::new(Part::new(folder.to_owned(), snapshot))),
                Err(error) => {
                    tracing::error!("{name} cannot be shown: {error}");
                    None
                }
            };
        };
        let showing = part.edition();
        match open(folder, name) {
            Ok(snapshot) if snapshot.manifest_bytes == showing.snapshot.manifest_bytes => {}
            Ok(snapshot) => {
                tracing::info!("showing {} from now on, {} before", snapshot.id, showing.snapshot.id);
                part.show(snapshot);
            }
            Err(error) => tracing::error!("a new snapshot is refused and {} stays: {error}", showing.snapshot.id),
        }
        None
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<String, Option<Stamp>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The names of the regions' parts in a snapshot's folder.
fn part_names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let entries = match fs::read_dir(folder.join(SCOPES)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
        entries => entries?,
    };
    for entry in entries {
        names.extend(entry?.file_name().into_string().ok().filter(|name| is_scope_name(name)));
    }
    Ok(names)
}
