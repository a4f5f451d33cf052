//! Notes about files: what is true of many files of a table is said once.

use std::collections::{BTreeMap, BTreeSet};

/// Notes in the order in which they first came up.
#[derive(Default)]
pub(super) struct Notes {
    /// What is said, without the file: the first file, and how many more.
    said: Vec<(String, String, u64)>,
    /// What was added of the file that is being read.
    of_file: Vec<String>,
    /// Columns that a mapping file names, by entry: whether a file had them.
    pub(super) mapped: BTreeMap<usize, BTreeSet<&'static str>>,
    /// The header of each entry's last file.
    pub(super) headers: BTreeMap<usize, String>,
}

impl Notes {
    /// What is added from here on is of another file.
    pub(super) fn begin_file(&mut self) {
        self.of_file.clear();
    }

    /// What was added since then.
    pub(super) fn of_file(&mut self) -> Vec<String> {
        std::mem::take(&mut self.of_file)
    }

    /// Adds what follows on the file's name.
    pub(super) fn add(&mut self, file: &str, what: String) {
        self.of_file.push(what.clone());
        match self.said.iter_mut().find(|(said, ..)| *said == what) {
            Some((_, _, more)) => *more += 1,
            None => self.said.push((what, file.to_owned(), 0)),
        }
    }

    pub(super) fn finish(self) -> Vec<String> {
        let lines = self.said.into_iter().map(|(what, file, more)| match more {
            0 => format!("{file}{what}"),
            1 => format!("{file} and 1 more file{what}"),
            more => format!("{file} and {more} more files{what}"),
        });
        lines.collect()
    }
}
