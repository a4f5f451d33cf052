//! Loads a whole snapshot from a folder.

use std::fs;
use std::path::{Path, PathBuf};

use model::{Manifest, PartRecord, ShardEntry};

use crate::scope::scope_folder;
use crate::versions::{MANIFEST, load_manifest_of};
use crate::{Shard, SnapshotError, content_hash, parse_manifest};

/// A snapshot in memory.
pub struct Loaded {
    /// What it holds.
    pub manifest: Manifest,
    /// The manifest's file, as browsers get it.
    pub manifest_bytes: Vec<u8>,
    /// Every shard, in the manifest's order.
    pub shards: Vec<Shard>,
}

/// Reads and checks everything; shards are opened on all cores.
pub fn load(folder: &Path) -> Result<Loaded, SnapshotError> {
    let (manifest, manifest_bytes) = load_manifest(folder)?;
    load_shards(folder, manifest, manifest_bytes)
}

/// Reads and checks a part that was published together with the whole of `version` in `whole`.
pub fn load_part(whole: &Path, version: u64, part: &PartRecord) -> Result<Loaded, SnapshotError> {
    let (folder, manifest, bytes) = load_part_manifest(whole, version, part)?;
    load_shards(&folder, manifest, bytes)
}

/// The folder of such a part, and its manifest.
///
/// The whole's record says which manifest that is, byte for byte: parts of two builds are never shown together.
pub fn load_part_manifest(
    whole: &Path,
    version: u64,
    part: &PartRecord,
) -> Result<(PathBuf, Manifest, Vec<u8>), SnapshotError> {
    let folder = scope_folder(whole, &part.scope)
        .filter(|folder| folder != whole)
        .ok_or_else(|| SnapshotError::Manifest { what: format!("`{}` is no part's name", part.scope) })?;
    let (manifest, bytes) = load_manifest_of(&folder, version)?;
    if content_hash(&bytes) != part.manifest || manifest.scope != part.scope {
        let what = format!("that of {} is of another build than the whole", part.scope);
        return Err(SnapshotError::Manifest { what });
    }
    Ok((folder, manifest, bytes))
}

pub(crate) fn load_shards(folder: &Path, manifest: Manifest, manifest_bytes: Vec<u8>) -> Result<Loaded, SnapshotError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(manifest.shards.len().max(1));
    let chunk = manifest.shards.len().div_ceil(threads).max(1);
    let opened: Result<Vec<Vec<Shard>>, SnapshotError> = std::thread::scope(|scope| {
        let workers: Vec<_> = manifest
            .shards
            .chunks(chunk)
            .map(|entries| {
                let manifest = &manifest;
                scope.spawn(move || entries.iter().map(|e| load_shard(folder, manifest, e)).collect())
            })
            .collect();
        workers.into_iter().map(|w| w.join().expect("opening a shard does not panic")).collect()
    });
    Ok(Loaded { shards: opened?.into_iter().flatten().collect(), manifest, manifest_bytes })
}

/// Reads and checks the manifest alone.
pub fn load_manifest(folder: &Path) -> Result<(Manifest, Vec<u8>), SnapshotError> {
    let path = folder.join(MANIFEST);
    let bytes = fs::read(&path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => SnapshotError::Missing { folder: folder.display().to_string() },
        _ => SnapshotError::io(&path, e),
    })?;
    Ok((parse_manifest(&bytes)?, bytes))
}

/// Reads and checks one shard.
pub fn load_shard(folder: &Path, manifest: &Manifest, entry: &ShardEntry) -> Result<Shard, SnapshotError> {
    let path = folder.join("shards").join(format!("{}.arrow", entry.hash));
    let bytes = fs::read(&path).map_err(|e| SnapshotError::io(&path, e))?;
    Shard::open(&bytes, manifest, entry)
}
