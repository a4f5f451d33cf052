//! The versions of a snapshot that are kept: where each lies, and which there are.
//!
//! A version's own files stand in `versions/<number>/`, in the folder of the whole and in that of each part. The
//! number that `manifest.json` bears is the one shown; greater ones belong to a build that has not ended or died.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use model::{Manifest, Record};

use crate::{SnapshotError, content_hash, parse_manifest};

/// The folder of the versions, inside that of a snapshot.
pub const VERSIONS: &str = "versions";

/// The name of a manifest's file.
pub const MANIFEST: &str = "manifest.json";

/// The name of a record's file.
pub const RECORD: &str = "record.json";

/// The name of a signature's file.
pub const SIGNATURE: &str = "manifest.sig";

/// The folder of a version inside a snapshot's folder.
pub fn version_folder(folder: &Path, version: u64) -> PathBuf {
    folder.join(VERSIONS).join(version.to_string())
}

/// The numbers of the versions in a snapshot's folder, rising; whatever else lies there is passed over.
pub fn list(folder: &Path) -> Result<Vec<u64>, SnapshotError> {
    let path = folder.join(VERSIONS);
    let entries = match fs::read_dir(&path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|e| SnapshotError::io(&path, e))?,
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry.map_err(|e| SnapshotError::io(&path, e))?.file_name();
        // Written as we write it, so that no two names are one number.
        let number = name.to_str().and_then(|name| name.parse::<u64>().ok().filter(|n| n.to_string() == name));
        numbers.extend(number);
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Reads and checks the manifest of a kept version; a version that is not there is [`SnapshotError::NoVersion`].
pub fn load_manifest_of(folder: &Path, version: u64) -> Result<(Manifest, Vec<u8>), SnapshotError> {
    let path = version_folder(folder, version).join(MANIFEST);
    let bytes = fs::read(&path).map_err(|e| match e.kind() {
        ErrorKind::NotFound => SnapshotError::NoVersion { version, folder: folder.display().to_string() },
        _ => SnapshotError::io(&path, e),
    })?;
    let manifest = parse_manifest(&bytes)?;
    if manifest.version != version {
        let what = format!("{} says it is version {}", path.display(), manifest.version);
        return Err(SnapshotError::Manifest { what });
    }
    Ok((manifest, bytes))
}

/// Reads the record that a manifest names; an empty one where it names none.
pub fn load_record(folder: &Path, manifest: &Manifest) -> Result<Record, SnapshotError> {
    let Some(hash) = &manifest.record else { return Ok(Record::default()) };
    let path = version_folder(folder, manifest.version).join(RECORD);
    let bytes = fs::read(&path).map_err(|e| SnapshotError::io(&path, e))?;
    if content_hash(&bytes) != *hash {
        let what = format!("{} is not the record that it names", path.display());
        return Err(SnapshotError::Manifest { what });
    }
    serde_json::from_slice(&bytes)
        .map_err(|e| SnapshotError::Manifest { what: format!("{} cannot be read: {e}", path.display()) })
}
