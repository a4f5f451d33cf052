//! A snapshot in memory, verified: the manifest, its exact bytes, and every shard.

use std::fmt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use model::{Answers, Manifest, PartRecord, Question, QuestionError, Record, Told};
use snapshot::scope::{SCOPES, region_scope};
use snapshot::signature::load_signature;
use snapshot::versions::load_record;
use snapshot::{Shard, SnapshotError, files, snapshot_id};

/// A snapshot whose every file was read and found whole.
pub(crate) struct OpenSnapshot {
    /// What the manifest says.
    pub(crate) manifest: Manifest,
    /// The manifest file, byte for byte.
    pub(crate) manifest_bytes: Vec<u8>,
    /// Its signature's file, for browsers to check as well; none where it was not signed.
    pub(crate) signature: Option<String>,
    /// What of its record a page tells.
    pub(crate) told: Told,
    /// `<scope>-<version>`.
    pub(crate) id: String,
    /// In the manifest's order.
    pub(crate) shards: Vec<Shard>,
}

impl OpenSnapshot {
    /// Reads and verifies the snapshot in a folder, on all cores; the first broken file is the error.
    pub(crate) fn open(folder: &Path) -> Result<Self, SnapshotError> {
        let loaded = files::load(folder)?;
        let Record { freshness, restored_from, checks, history, .. } = load_record(folder, &loaded.manifest)?;
        Self::of(loaded, folder, Told { freshness, restored_from, checks, history, ..Told::default() })
    }

    /// The same of a region's part that was published together with the whole of `version` in `whole`; one that holds
    /// another region is refused. Of the whole's record it tells no more than how fresh the data are.
    pub(crate) fn open_part(
        whole: &Path,
        version: u64,
        part: &PartRecord,
        record: &Record,
    ) -> Result<Self, SnapshotError> {
        let loaded = files::load_part(whole, version, part)?;
        if let Some(other) = loaded.manifest.dimensions.regions.iter().find(|r| region_scope(&r.id) != part.scope) {
            let what = format!("that of {} names the region {}", part.scope, other.id);
            return Err(SnapshotError::Manifest { what });
        }
        let Record { freshness, restored_from, .. } = record.clone();
        let told = Told { freshness, restored_from, ..Told::default() };
        Self::of(loaded, &whole.join(SCOPES).join(&part.scope), told)
    }

    fn of(loaded: files::Loaded, folder: &Path, told: Told) -> Result<Self, SnapshotError> {
        let files::Loaded { manifest, manifest_bytes, shards } = loaded;
        let signature = load_signature(folder, manifest.version)?;
        let shown_unix_secs = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let told = Told { shown_unix_secs, ..told };
        Ok(Self { id: snapshot_id(&manifest), manifest, manifest_bytes, signature, told, shards })
    }

    /// Answers a question over all shards.
    pub(crate) fn answer(&self, question: &Question) -> Result<Answers, QuestionError> {
        crate::parallel::answer(question, &self.manifest, &self.shards)
    }
}

impl fmt::Debug for OpenSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenSnapshot({}, {} shards)", self.id, self.shards.len())
    }
}
