//! Where kept tables lie: how much memory they may take together, and the folders of those that it has no room for.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};

use crate::BuildError;

/// Where rows go that memory has no room for, and what lies where.
#[derive(Debug)]
pub(crate) struct Room {
    /// A folder of the build's own, removed at its end.
    pub(crate) folder: PathBuf,
    /// Bytes that all tables together may take in memory, and one table half of it; with 0 every table has files.
    bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Bytes that tables take in memory, those that still come in too.
    bytes: usize,
    tables: HashMap<String, Place>,
}

/// What is known of a table.
#[derive(Debug, Default)]
struct Place {
    rows: u64,
    /// Bytes in memory.
    bytes: usize,
    /// The folder of its files, where it has any.
    folder: Option<PathBuf>,
}

impl Room {
    pub(crate) fn new(folder: PathBuf, bytes: usize) -> Self {
        Self { folder, bytes, kept: Mutex::default() }
    }

    /// Makes a folder for the files of a table; never one that a table of this name had before and still has.
    pub(crate) fn take(&self, name: &str) -> Result<PathBuf, BuildError> {
        let mut folder = self.folder.join(name);
        let mut number = 1;
        while folder.exists() {
            number += 1;
            folder = self.folder.join(format!("{name}-{number}"));
        }
        std::fs::create_dir(&folder).map_err(|e| BuildError::unwritable(&folder, e))?;
        self.kept().tables.entry(name.to_owned()).or_default().folder = Some(folder.clone());
        Ok(folder)
    }

    /// Lets a table go that nobody reads again: its files are removed, its bytes are free.
    pub(crate) fn clear(&self, name: &str) {
        let mut kept = self.kept();
        let Some(place) = kept.tables.remove(name) else { return };
        kept.bytes -= place.bytes;
        if let Some(folder) = place.folder {
            // What cannot be removed now goes with the build's own folder.
            let _ = std::fs::remove_dir_all(folder);
        }
    }

    /// Whether every table has files, which other processes read.
    pub(super) fn has_files_only(&self) -> bool {
        self.bytes == 0
    }

    /// Bytes that one table may take in memory.
    pub(crate) fn for_one(&self) -> usize {
        self.bytes / 2
    }

    /// How many rows each table has.
    pub(crate) fn rows(&self) -> HashMap<String, u64> {
        self.kept().tables.iter().map(|(name, place)| (name.clone(), place.rows)).collect()
    }

    /// Takes bytes more for a table in memory that has `own` already; false where there is no room for them.
    pub(super) fn grow(&self, own: usize, more: usize) -> bool {
        let mut kept = self.kept();
        let fits = own + more <= self.for_one() && kept.bytes + more <= self.bytes;
        if fits {
            kept.bytes += more;
        }
        fits
    }

    pub(super) fn shrink(&self, bytes: usize) {
        self.kept().bytes -= bytes;
    }

    pub(super) fn note(&self, name: &str, rows: u64, bytes: usize) {
        let mut kept = self.kept();
        let place = kept.tables.entry(name.to_owned()).or_default();
        place.rows = rows;
        let before = std::mem::replace(&mut place.bytes, bytes);
        kept.bytes -= before;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().expect("nothing panics while it holds the tables")
    }
}
