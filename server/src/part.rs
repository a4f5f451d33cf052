//! One part of the data being shown, the whole or a region: its edition, and the shards that may be fetched.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::edition::Edition;
use crate::open::OpenSnapshot;

/// A part of the data, which lies in a folder of its own and knows of no other.
#[derive(Debug)]
pub(crate) struct Part {
    folder: PathBuf,
    edition: ArcSwap<Edition>,
    /// Hashes that may be fetched: those of the edition shown, and of the one before it,
    /// since a page opened a moment ago still reads that one.
    shards: Mutex<FetchableShards>,
}

#[derive(Debug, Default)]
struct FetchableShards {
    current: HashSet<String>,
    previous: HashSet<String>,
}

impl Part {
    /// Shows what was read from a folder.
    pub(crate) fn new(folder: PathBuf, snapshot: OpenSnapshot) -> Self {
        let shards = FetchableShards { current: hashes(&snapshot), previous: HashSet::new() };
        Self { folder, edition: ArcSwap::from_pointee(Edition::new(snapshot)), shards: Mutex::new(shards) }
    }

    /// The edition being shown now.
    pub(crate) fn edition(&self) -> Arc<Edition> {
        self.edition.load_full()
    }

    /// Shows another snapshot from now on; requests under way finish with the one they began with.
    pub(crate) fn show(&self, snapshot: OpenSnapshot) {
        let current = hashes(&snapshot);
        {
            let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
            shards.previous = std::mem::replace(&mut shards.current, current);
        }
        self.edition.store(Arc::new(Edition::new(snapshot)));
    }

    /// The file of a shard of this part; none for every other hash, also one that another part has.
    pub(crate) fn shard(&self, hash: &str) -> Option<PathBuf> {
        let shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        let known = shards.current.contains(hash) || shards.previous.contains(hash);
        known.then(|| self.folder.join("shards").join(format!("{hash}.arrow")))
    }
}

fn hashes(snapshot: &OpenSnapshot) -> HashSet<String> {
    snapshot.manifest.shards.iter().map(|entry| entry.hash.clone()).collect()
}
