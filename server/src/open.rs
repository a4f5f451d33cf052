//! A snapshot in memory, verified: the manifest, its exact bytes, and every shard.

use std::fmt;
use std::path::Path;

use model::{Answers, Manifest, Question, QuestionError};
use snapshot::{Shard, SnapshotError, files, snapshot_id};

/// A snapshot whose every file was read and found whole.
pub(crate) struct OpenSnapshot {
    /// What the manifest says.
    pub(crate) manifest: Manifest,
    /// The manifest file, byte for byte.
    pub(crate) manifest_bytes: Vec<u8>,
    /// `<scope>-<version>`.
    pub(crate) id: String,
    /// In the manifest's order.
    pub(crate) shards: Vec<Shard>,
}

impl OpenSnapshot {
    /// Reads and verifies the snapshot in a folder, on all cores; the first broken file is the error.
    pub(crate) fn open(folder: &Path) -> Result<Self, SnapshotError> {
        let files::Loaded { manifest, manifest_bytes, shards } = files::load(folder)?;
        Ok(Self { id: snapshot_id(&manifest), manifest, manifest_bytes, shards })
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
