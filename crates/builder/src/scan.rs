//! Brings the rows of a table's files through its checks, file by file in order: those of a file that is still the one
//! that the build before read are taken as that one left them.

use datafusion::arrow::record_batch::RecordBatch;

use crate::BuildError;
use crate::cache::{Cache, Judged, Taking, Whose, Writing};
use crate::check::{Check, Fault, Row};
use crate::engine::FILE_ROWS;
use crate::names::Catalog;
use crate::parse::Reason;
use crate::quarantine::BadRows;
use crate::read::{RawBatch, Reading};
use crate::source::SourceFile;
use crate::table::Table;

/// What a scan of a table saw.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) rows: u64,
    pub(crate) notes: Vec<String>,
}

/// What a scan works with.
pub(crate) struct Scan<'a> {
    pub(crate) table: Table,
    pub(crate) catalog: &'a mut Catalog,
    pub(crate) bad_rows: &'a mut BadRows,
    pub(crate) check: &'a mut dyn Check,
    pub(crate) cache: &'a Cache,
    /// Takes the good rows and the number of rows read for them.
    pub(crate) emit: &'a mut dyn FnMut(RecordBatch, u64) -> Result<(), BuildError>,
}

impl Scan<'_> {
    /// Brings all files through.
    pub(crate) fn run(mut self, files: &[SourceFile]) -> Result<Seen, BuildError> {
        let mut reading = Reading::new(self.table);
        let judged = Judged::by(self.table, &self.check.schema(), self.catalog);
        let mut rows = 0;
        for (index, file) in files.iter().enumerate() {
            let whose = Whose { table: self.table, file, index };
            rows += match self.known(whose, &judged, &mut reading)? {
                Some(rows) => rows,
                None => self.file(whose, &judged, &mut reading)?,
            };
        }
        Ok(Seen { rows, notes: reading.finish(files)? })
    }

    /// Takes a file as the build before left it; none where it is to be read.
    fn known(&mut self, whose: Whose<'_>, judged: &Judged, reading: &mut Reading) -> Result<Option<u64>, BuildError> {
        let Some(known) = self.cache.known(whose.table, whose.file) else { return Ok(None) };
        let into = Taking { catalog: self.catalog, bad_rows: self.bad_rows, emit: self.emit };
        let rows = self.cache.take(&known, whose, judged, &self.check.schema(), into)?;
        if rows.is_some() {
            reading.known(whose.file, known.found());
        }
        Ok(rows)
    }

    /// Reads a file.
    fn file(&mut self, whose: Whose<'_>, judged: &Judged, reading: &mut Reading) -> Result<u64, BuildError> {
        let Whose { table, file, index } = whose;
        self.cache.tell_read(file);
        let mut writing = self.cache.begin(table, file, &self.check.schema());
        let mut rows = 0;
        let found = reading.file(index, file, &mut |batch| {
            self.batch(&batch, file, writing.as_mut())?;
            let read = (batch.rows.len() + batch.ragged.len()) as u64;
            rows += read;
            let good = self.check.take()?;
            if let Some(writing) = &mut writing {
                writing.add(&good, read);
            }
            (self.emit)(good, read)
        })?;
        if let Some(writing) = writing {
            self.cache.end(writing, whose, found, judged, self.catalog);
        }
        Ok(rows)
    }

    /// Checks some rows; the good ones are then in the check.
    fn batch(
        &mut self,
        batch: &RawBatch,
        file: &SourceFile,
        mut writing: Option<&mut Writing>,
    ) -> Result<(), BuildError> {
        let table = self.table;
        let bad_rows = &mut *self.bad_rows;
        let mut set_aside = |row: u64, column: &str, value: &str, reason: Reason| {
            if let Some(writing) = &mut writing {
                writing.set_aside(row, column, value, reason);
            }
            bad_rows.add(&file.name, row, column, value, reason)
        };
        for ragged in &batch.ragged {
            set_aside(ragged.row, "", &ragged.text, Reason::RaggedRow)?;
        }
        for (index, &number) in batch.rows.iter().enumerate() {
            let row = Row::new(batch, index, batch.file as u64 * FILE_ROWS + number);
            let Err(fault) = self.check.row(row, self.catalog) else { continue };
            match fault {
                Fault::Bad { column, reason } => {
                    set_aside(number, batch.header(column, table), batch.written(column, index), reason)?;
                }
                Fault::Full { column, what, limit } => {
                    return Err(BuildError::TooMany {
                        what,
                        limit,
                        file: file.name.clone(),
                        row: number,
                        column: table.columns()[column].name,
                        value: row.cell(column).chars().take(60).collect(),
                    });
                }
            }
        }
        Ok(())
    }
}
