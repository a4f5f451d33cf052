//! All parts being shown: the whole and, where readers sign in, each region's own snapshot beside it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use access::Scope;
use arc_swap::ArcSwap;
use model::Manifest;
use snapshot::SnapshotError;
use snapshot::scope::{SCOPES, region_scope};
use snapshot::versions::load_record;

use crate::open::OpenSnapshot;
use crate::part::Part;
use crate::trust::Trust;
use crate::watch::Stamp;

/// The parts of one snapshot folder.
#[derive(Debug)]
pub(crate) struct Parts {
    folder: PathBuf,
    trust: Trust,
    whole: Arc<Part>,
    /// By name; `None` where nobody could ask for one.
    regions: Option<ArcSwap<HashMap<String, Arc<Part>>>>,
    /// What was last seen of the manifest, also of one that was refused: it is told once.
    seen: Mutex<Option<Stamp>>,
    /// Whether the newest snapshot was refused.
    refuses: AtomicBool,
}

impl Parts {
    /// Opens the whole and, if asked for, the regions. A region that cannot be read is told in the log and not shown.
    ///
    /// # Errors
    /// When the whole cannot be read or must not be shown.
    pub(crate) fn open(folder: PathBuf, with_regions: bool, trust: Trust) -> Result<Self, SnapshotError> {
        let stamp = Stamp::of(&folder).ok();
        let whole = open_whole(&folder, &trust)?;
        let parts = |whole| ArcSwap::from_pointee(regions(&folder, whole, &HashMap::new(), &trust));
        let regions = with_regions.then(|| parts(&whole.manifest));
        let whole = Arc::new(Part::new(folder.clone(), whole));
        Ok(Self { folder, trust, whole, regions, seen: Mutex::new(stamp), refuses: false.into() })
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

    /// Whether the newest snapshot is not the one that is shown.
    pub(crate) fn refuses(&self) -> bool {
        self.refuses.load(Ordering::Relaxed)
    }

    /// Everything at once.
    pub(crate) fn whole(&self) -> &Arc<Part> {
        &self.whole
    }

    /// Looks for a snapshot published since the last time; the whole and its regions are published in one step.
    pub(crate) fn look(&self) {
        // Before the snapshot is read: what is published meanwhile is seen the next time.
        let stamp = Stamp::of(&self.folder).ok();
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if *seen == stamp {
                return;
            }
            *seen = stamp;
        }
        let showing = self.whole.edition();
        let opened = open_whole(&self.folder, &self.trust);
        self.refuses.store(opened.is_err(), Ordering::Relaxed);
        let snapshot = match opened {
            Ok(snapshot) if snapshot.manifest_bytes == showing.snapshot.manifest_bytes => return,
            Ok(snapshot) => snapshot,
            Err(error) => {
                return tracing::error!("a new snapshot is refused and {} stays: {error}", showing.snapshot.id);
            }
        };
        tracing::info!("showing {} from now on, {} before", snapshot.id, showing.snapshot.id);
        if let Some(shown) = &self.regions {
            shown.store(Arc::new(regions(&self.folder, &snapshot.manifest, &shown.load(), &self.trust)));
        }
        self.whole.show(snapshot);
    }
}

/// Reads, verifies and admits the whole.
fn open_whole(folder: &Path, trust: &Trust) -> Result<OpenSnapshot, SnapshotError> {
    let snapshot = OpenSnapshot::open(folder)?;
    trust.is_signed(&snapshot)?;
    trust.admit(&snapshot)?;
    Ok(snapshot)
}

/// The regions' parts that were published together with a whole; those shown before go on in the new snapshot.
fn regions(
    folder: &Path,
    whole: &Manifest,
    before: &HashMap<String, Arc<Part>>,
    trust: &Trust,
) -> HashMap<String, Arc<Part>> {
    let record = match load_record(folder, whole) {
        Ok(record) => record,
        Err(error) => {
            tracing::error!("no region can be shown: {error}");
            return HashMap::new();
        }
    };
    let mut now = HashMap::with_capacity(record.parts.len());
    for part in &record.parts {
        let name = &part.scope;
        let shown = before.get(name);
        let opened = OpenSnapshot::open_part(folder, whole.version, part, &record);
        match opened.and_then(|snapshot| trust.is_signed(&snapshot).map(|()| snapshot)) {
            Ok(snapshot) => {
                let part = match shown {
                    Some(shown) => {
                        shown.show(snapshot);
                        Arc::clone(shown)
                    }
                    None => Arc::new(Part::new(folder.join(SCOPES).join(name), snapshot)),
                };
                now.insert(name.clone(), part);
            }
            Err(error) => {
                tracing::error!("the new snapshot of {name} is refused: {error}");
                now.extend(shown.map(|shown| (name.clone(), Arc::clone(shown))));
            }
        }
    }
    // A build may no longer make a part: what it held is no longer true.
    for gone in before.keys().filter(|name| !now.contains_key(*name)) {
        tracing::info!("{gone} is gone and not shown from now on");
    }
    now
}
