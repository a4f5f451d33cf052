//! Bad rows, set aside with file, row, column, value and reason, and counted.
//!
//! They are written to a hidden folder inside the snapshot's, which is moved to `versions/<version>/quarantine` when
//! the snapshot is published and belongs to that version; a build that fails leaves nothing.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use model::{QuarantineCount, QuarantineExample};
use snapshot::write::{Publisher, QUARANTINE};
use tempfile::TempDir;

use crate::BuildError;
use crate::parse::Reason;

/// How many rows of each reason are shown as examples.
const EXAMPLES: usize = 3;

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
            .prefix(Publisher::WORK_PREFIX)
            .tempdir_in(out)
            .map_err(|e| BuildError::unwritable(out, e))?;
        let folder = work.path().join(QUARANTINE);
        std::fs::create_dir(&folder).map_err(|e| BuildError::unwritable(&folder, e))?;
        Ok(Self { work })
    }

    pub(crate) fn table(&self, table: &str) -> BadRows {
        BadRows {
            path: self.work.path().join(QUARANTINE).join(format!("{table}.csv")),
            writer: None,
            set_aside: BTreeMap::new(),
            example: None,
        }
    }

    /// Room for the query engine's own temporary files.
    pub(crate) fn work_dir(&self) -> &Path {
        self.work.path()
    }

    /// The folder of the bad rows, to be published with the snapshot; none where there are none.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        let folder = self.work.path().join(QUARANTINE);
        std::fs::read_dir(&folder).is_ok_and(|mut files| files.next().is_some()).then_some(folder)
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
