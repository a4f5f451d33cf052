//! Clears what no kept version needs: leftovers of builds that died, old versions, the shards that only they named.
//!
//! Faults are passed over: what cannot be removed now is removed by the next build. What cannot be read counts as
//! needed.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use crate::SnapshotError;
use crate::scope::{SCOPES, is_scope_name};
use crate::versions::{self, MANIFEST, VERSIONS, load_manifest_of, load_record, version_folder};
use crate::write::Disk;

/// What a build's own temporary folders begin with, see [`crate::write::Publisher::work_prefix`].
pub(super) const WORK: &str = ".building-";

/// Clears the whole and its parts; of the versions up to `current` the newest `older + 1` stay.
pub(super) fn tidy(folder: &Path, disk: &dyn Disk, current: u64, older: usize) {
    for name in names(folder) {
        if name.starts_with(WORK) {
            let _ = disk.remove_folder(&folder.join(name));
        }
    }
    let Ok(all) = versions::list(folder) else { return };
    // What a build that died may have shown is emptied, and its number stays until there is a higher one.
    let mark = all.last().copied().filter(|last| *last > current);
    let there = |version: &u64| *version <= current && version_folder(folder, *version).join(MANIFEST).exists();
    let kept: Vec<u64> = all.into_iter().filter(there).collect();
    let kept: Vec<u64> = kept.into_iter().rev().take(older.saturating_add(1)).collect();
    tidy_folder(folder, disk, &kept, mark);
    for name in names(&folder.join(SCOPES)).iter().filter(|name| is_scope_name(name)) {
        let part = folder.join(SCOPES).join(name);
        tidy_folder(&part, disk, &kept, None);
        // A part of which no version is left; one that an earlier Wellspring made has none and goes with the first build.
        if !part.join(MANIFEST).exists() && !part.join(VERSIONS).exists() {
            let _ = disk.remove_folder(&part);
        }
    }
}

fn tidy_folder(folder: &Path, disk: &dyn Disk, kept: &[u64], mark: Option<u64>) {
    let place = folder.join(VERSIONS);
    let mut is_left = false;
    for name in names(&place) {
        if kept.iter().any(|version| version.to_string() == name) {
            is_left = true;
        } else if mark.is_some_and(|version| version.to_string() == name) {
            is_left = true;
            empty(&place.join(name), disk);
        } else {
            let _ = disk.remove_folder(&place.join(name));
        }
    }
    if !is_left && place.exists() {
        let _ = disk.remove_folder(&place);
    }
    remove_temporary(folder, disk);
    let Some(needed) = needed(folder, kept) else { return };
    let shards = folder.join("shards");
    for name in names(&shards).iter().filter(|name| !needed.contains(*name)) {
        let _ = disk.remove_file(&shards.join(name));
    }
}

/// Every file in `shards/` that a kept manifest names; none where one of them cannot be read just now.
fn needed(folder: &Path, kept: &[u64]) -> Option<HashSet<String>> {
    let mut needed = HashSet::new();
    // The manifest that is shown is one of the versions, except where an earlier Wellspring published it.
    let shown = crate::files::load_manifest(folder);
    let there = kept.iter().filter(|version| version_folder(folder, **version).exists());
    for manifest in there.map(|version| load_manifest_of(folder, *version)).chain([shown]) {
        match manifest {
            Ok((manifest, _)) => {
                let files = manifest.shards.iter().flat_map(|shard| shard.files());
                needed
                    .extend(files.flat_map(|file| [".arrow", ".arrow.br"].map(|ending| file.hash.to_owned() + ending)));
            }
            Err(SnapshotError::Io { .. }) => return None,
            // Damaged, of another format, or not there: nobody can read what it names.
            Err(_) => {}
        }
    }
    Some(needed)
}

fn empty(folder: &Path, disk: &dyn Disk) {
    for path in names(folder).into_iter().map(|name| folder.join(name)) {
        let _ = if path.is_dir() { disk.remove_folder(&path) } else { disk.remove_file(&path) };
    }
}

fn remove_temporary(folder: &Path, disk: &dyn Disk) {
    for name in names(folder).iter().filter(|name| name.ends_with(".tmp")) {
        let _ = disk.remove_file(&folder.join(name));
    }
}

/// Gives each part's folder the manifest of the version shown, for who serves or copies it alone, and takes it from
/// the parts that this version does not have. Done again at the next build where this one dies before.
pub(super) fn hand_out(folder: &Path, disk: &dyn Disk, put: impl Fn(&Path, &[u8]) -> Result<(), SnapshotError>) {
    let Ok((manifest, _)) = crate::files::load_manifest(folder) else { return };
    // An earlier Wellspring published parts by themselves; they stay until this one has published.
    if manifest.record.is_none() {
        return;
    }
    let Ok(record) = load_record(folder, &manifest) else { return };
    for name in names(&folder.join(SCOPES)).iter().filter(|name| is_scope_name(name)) {
        let part = folder.join(SCOPES).join(name);
        let place = part.join(MANIFEST);
        if !record.parts.iter().any(|part| part.scope == *name) {
            let _ = disk.remove_file(&place);
            continue;
        }
        let Ok((_, bytes)) = load_manifest_of(&part, manifest.version) else { continue };
        if fs::read(&place).ok().as_ref() != Some(&bytes) {
            let _ = put(&place, &bytes);
        }
    }
}

/// What lies in a folder; nothing where it cannot be read. A name that is no text is not ours.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}
