//! What lies in a folder on disk.

use std::path::{Path, PathBuf};

use super::{Listing, Place};
use crate::BuildError;
use crate::mapping::Mapping;
use crate::table::{LATER, Table};

/// Folders within folders that are looked into.
const DEEPEST: usize = 8;

/// Lists a folder, looking into the folders of tables alone; into all of them where no mapping says which those are.
pub(super) fn list(dir: &Path, mapping: Option<&Mapping>) -> Result<Listing, BuildError> {
    let mut listing = Listing::default();
    let is_wanted = |name: &str| {
        let Some(mapping) = mapping else { return true };
        let name = name.to_lowercase();
        Table::ALL.iter().any(|table| table.name() == name)
            || LATER.contains(&name.as_str())
            || mapping.sources().any(|from| from.split('/').next().is_some_and(|first| first.to_lowercase() == name))
    };
    for (path, name) in entries(dir)? {
        if name.starts_with('.') {
            listing.hidden.push(name);
        } else if !path.is_dir() {
            listing.files.insert(name, Place::Disk(path));
        } else if is_wanted(&name) {
            walk(&path, &name, 1, &mut listing)?;
        } else {
            listing.others.push(name);
        }
    }
    Ok(listing)
}

fn walk(dir: &Path, folder: &str, depth: usize, listing: &mut Listing) -> Result<(), BuildError> {
    for (path, name) in entries(dir)? {
        let full = format!("{folder}/{name}");
        if name.starts_with('.') {
            listing.hidden.push(full);
        } else if !path.is_dir() {
            listing.files.insert(full, Place::Disk(path));
        } else if depth < DEEPEST {
            walk(&path, &full, depth + 1, listing)?;
        } else {
            listing.others.push(full);
        }
    }
    Ok(())
}

/// Entries of a folder, sorted by name.
fn entries(dir: &Path) -> Result<Vec<(PathBuf, String)>, BuildError> {
    let unreadable = |e: std::io::Error| BuildError::unreadable(&dir.display().to_string(), e);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        entries.push((entry.path(), entry.file_name().to_string_lossy().into_owned()));
    }
    entries.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(entries)
}
