//! Shows the content of an older version again, as a new version with the parts it had.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{Manifest, PastBuild, Record};

use crate::signature::SigningKey;
use crate::versions::{list, load_manifest_of, load_record, version_folder};
use crate::write::{Publication, Publisher, QUARANTINE};
use crate::{SnapshotError, files};

/// Publishes the content of the kept version `to` anew; of the one before what is shown where none is named.
///
/// Every file of it is read and verified first. Nothing is collected.
pub fn rollback(
    folder: &Path,
    to: Option<u64>,
    sign: Option<Arc<SigningKey>>,
) -> Result<(Manifest, Vec<Manifest>), SnapshotError> {
    // A lock would make the folder; and a manifest that is damaged is a reason to go back, not against it.
    if list(folder)?.is_empty() {
        files::load_manifest(folder)?;
    }
    let publisher = Publisher::new(folder)?;
    let to = match to {
        Some(to) => to,
        None => before(folder, &files::load_manifest(folder)?.0)?,
    };
    let (mut whole, _) = load_manifest_of(folder, to)?;
    let record = load_record(folder, &whole)?;
    let of = |loaded: files::Loaded| loaded.manifest;
    whole = files::load_shards(folder, whole, Vec::new()).map(of)?;
    let parts: Result<Vec<Manifest>, SnapshotError> =
        record.parts.iter().map(|part| files::load_part(folder, to, part).map(of)).collect();
    let content = record.restored_from.unwrap_or(to);
    let history = history(folder, content).unwrap_or_else(|| record.history.clone());
    let publication = Publication {
        parts: parts?,
        record: Record { restored_from: Some(content), history, ..record },
        quarantine: quarantine(folder, to)?,
        keep: usize::MAX,
        sign,
        ..Publication::of(whole)
    };
    publisher.publish_all(publication)
}

/// The newest version that was built before the one whose content is shown: going back twice leads back twice.
fn before(folder: &Path, shown: &Manifest) -> Result<u64, SnapshotError> {
    let content = |manifest: &Manifest| -> Result<u64, SnapshotError> {
        Ok(load_record(folder, manifest)?.restored_from.unwrap_or(manifest.version))
    };
    let now = content(shown)?;
    for version in list(folder)?.into_iter().rev().filter(|version| *version < now) {
        // One that cannot be read is passed over: the one to show must be whole.
        let Ok((manifest, _)) = load_manifest_of(folder, version) else { continue };
        if content(&manifest).is_ok_and(|built| built == version) {
            return Ok(version);
        }
    }
    Err(SnapshotError::NoVersion { version: now.saturating_sub(1), folder: folder.display().to_string() })
}

/// What all builds so far found; those after the content that is shown again are taken back.
fn history(folder: &Path, content: u64) -> Option<Vec<PastBuild>> {
    let (shown, _) = files::load_manifest(folder).ok()?;
    let mut history = load_record(folder, &shown).ok()?.history;
    for build in history.iter_mut().filter(|build| build.version > content) {
        build.withdrawn = true;
    }
    Some(history)
}

/// A copy of a version's quarantined rows, to be moved to the new one; removed by the next build if that fails.
fn quarantine(folder: &Path, version: u64) -> Result<Option<PathBuf>, SnapshotError> {
    let from = version_folder(folder, version).join(QUARANTINE);
    let Ok(files) = fs::read_dir(&from) else { return Ok(None) };
    let to = folder.join(format!("{}{}", Publisher::WORK_PREFIX, std::process::id()));
    fs::create_dir(&to).map_err(|e| SnapshotError::io(&to, e))?;
    for file in files {
        let file = file.map_err(|e| SnapshotError::io(&from, e))?;
        let copy = to.join(file.file_name());
        // Never written to again: the same file under a second name is as good as a copy.
        fs::hard_link(file.path(), &copy)
            .or_else(|_| fs::copy(file.path(), &copy).map(drop))
            .map_err(|e| SnapshotError::io(&copy, e))?;
    }
    Ok(Some(to))
}
