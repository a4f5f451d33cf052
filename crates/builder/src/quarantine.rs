//! Bad rows, set aside with file, row, column, value and reason, and counted.
//!
//! They are written to a folder of their own beside the snapshot, which takes the name `quarantine`
//! only when the snapshot is published; a build that fails leaves nothing.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use model::{QuarantineCount, QuarantineExample};
use tempfile::TempDir;

use crate::BuildError;
use crate::parse::Reason;

/// How many rows of each reason are shown as examples.
const EXAMPLES: usize = 3;

/// The folder's name inside a snapshot.
const FOLDER: &str = "quarantine";

/// Where bad rows go while a build runs.
#[derive(Debug)]
pub(crate) struct Quarantine {
    work: TempDir,
}

/// The bad rows of one table.
pub(crate) struct BadRows {
    path: PathBuf,
    writer: Option<csv::Writer<BufWriter<File>>>,
    set_aside: BTreeMap<Reason, SetAside>,
    /// The first one in words.
    pub(crate) example: Option<String>,
}

/// What was set aside for one reason.
#[derive(Default)]
struct SetAside {
    rows: u64,
    examples: Vec<QuarantineExample>,
}

impl Quarantine {
    /// A hidden folder inside `out`, which must be there.
    pub(crate) fn new(out: &Path) -> Result<Self, BuildError> {
        let work = tempfile::Builder::new()
            .prefix(".building-")
            .tempdir_in(out)
            .map_err(|e| BuildError::unwritable(out, e))?;
        let folder = work.path().join(FOLDER);
        std::fs::create_dir(&folder).map_err(|e| BuildError::unwritable(&folder, e))?;
        Ok(Self { work })
    }

    pub(crate) fn table(&self, table: &str) -> BadRows {
        BadRows {
            path: self.work.path().join(FOLDER).join(format!("{table}.csv")),
            writer: None,
            set_aside: BTreeMap::new(),
            example: None,
        }
    }

    /// Room for the query engine's own temporary files.
    pub(crate) fn work_dir(&self) -> &Path {
        self.work.path()
    }

    /// Puts the new folder in the old one's place, runs `publish`, and puts the old one back if that fails.
    pub(crate) fn swap<T>(self, out: &Path, publish: impl FnOnce() -> Result<T, BuildError>) -> Result<T, BuildError> {
        let place = out.join(FOLDER);
        let new = self.work.path().join(FOLDER);
        let old = self.work.path().join("before");
        let rename = |from: &Path, to: &Path| std::fs::rename(from, to).map_err(|e| BuildError::unwritable(to, e));
        let had_old = place.is_dir();
        if had_old {
            rename(&place, &old)?;
        }
        let is_needed = std::fs::read_dir(&new).is_ok_and(|mut files| files.next().is_some());
        let moved = if is_needed { rename(&new, &place) } else { Ok(()) };
        let result = moved.and_then(|()| publish());
        if result.is_err() {
            // The first error is the one to tell; a second one here could add nothing that helps.
            if is_needed {
                let _ = std::fs::remove_dir_all(&place);
            }
            if had_old {
                let _ = std::fs::rename(&old, &place);
            }
        }
        result
    }
}

impl BadRows {
    pub(crate) fn add(
        &mut self,
        file: &str,
        row: u64,
        column: &str,
        value: &str,
        reason: Reason,
    ) -> Result<(), BuildError> {
        let unwritable = |e: &dyn std::fmt::Display| BuildError::unwritable(&self.path, e);
        if self.writer.is_none() {
            // A later step may set rows of a table aside that was read before.
            let begun = self.path.is_file();
            let file = OpenOptions::new().create(true).append(true).open(&self.path).map_err(|e| unwritable(&e))?;
            let mut writer = csv::Writer::from_writer(BufWriter::new(file));
            if !begun {
                writer.write_record(["file", "row", "column", "value", "reason"]).map_err(|e| unwritable(&e))?;
            }
            self.writer = Some(writer);
        }
        if let Some(writer) = &mut self.writer {
            writer.write_record([file, &row.to_string(), column, value, reason.code()]).map_err(|e| unwritable(&e))?;
        }
        let set_aside = self.set_aside.entry(reason).or_default();
        set_aside.rows += 1;
        if set_aside.examples.len() < EXAMPLES {
            let value: String = value.chars().take(60).collect();
            if self.example.is_none() {
                self.example = Some(format!("{file}, row {row}, column `{column}`: `{value}` ({})", reason.code()));
            }
            let (file, column) = (file.to_owned(), column.to_owned());
            set_aside.examples.push(QuarantineExample { file, row, column, value });
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(Vec<QuarantineCount>, Option<String>), BuildError> {
        if let Some(mut writer) = self.writer.take() {
            writer.flush().map_err(|e| BuildError::unwritable(&self.path, e))?;
            let file = writer.into_inner().map_err(|e| BuildError::unwritable(&self.path, e.error()))?;
            file.get_ref().sync_all().map_err(|e| BuildError::unwritable(&self.path, e))?;
        }
        let counts = self.set_aside.into_iter().map(|(reason, SetAside { rows, examples })| {
            let reason = reason.code().to_owned();
            QuarantineCount { reason, rows, examples }
        });
        Ok((counts.collect(), self.example))
    }
}
