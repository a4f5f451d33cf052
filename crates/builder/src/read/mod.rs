//! Reads source files batch by batch into columns of text, each cell still as written.
//!
//! A CSV row is named by the line on which it begins (the header is line 1), a Parquet row by its number from 1.
//! Cells of a row with too few or too many fields are not guessed at: the row is handed on as ragged.

mod ahead;
mod csv;
mod dates;
mod notes;
mod parquet;
mod places;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use datafusion::arrow::array::{Array, StringArray};
use serde::{Deserialize, Serialize};

use crate::BuildError;
use crate::parse::CellForms;
use crate::source::{Form, OpenRows, Place, SourceFile};
use crate::table::Table;
use dates::FileDates;
use notes::Notes;
use places::{Cells, places};

pub(crate) const BATCH_ROWS: usize = 8_192;

/// A file that is open, its header read.
pub(crate) trait Opened: Send {
    /// Names of its columns as they are written.
    fn header(&self) -> &[String];
    /// What is worth a note about the file.
    fn note(&self) -> Option<String>;
    /// Hands on its rows with these columns of the header, in this order, until it is told to stop.
    fn rows(
        self: Box<Self>,
        columns: &[usize],
        sink: &mut dyn FnMut(Frame) -> Result<ControlFlow<()>, BuildError>,
    ) -> Result<(), BuildError>;
}

/// Some rows of a file, as text.
pub(crate) struct Frame {
    /// Where each row stands in the file.
    pub(crate) rows: Vec<u64>,
    /// Those that were asked for.
    pub(crate) columns: Vec<StringArray>,
    pub(crate) ragged: Vec<Ragged>,
}

/// A row whose number of fields is not the header's.
pub(crate) struct Ragged {
    pub(crate) row: u64,
    pub(crate) text: String,
}

/// Opens a file of any form.
pub(crate) fn open(file: &SourceFile) -> Result<Box<dyn Opened + '_>, BuildError> {
    Ok(match (&file.place, file.form) {
        (Place::Disk(path), Form::Csv(packing)) => Box::new(csv::CsvFile::open(file, path, packing)?),
        (Place::Disk(path), _) => {
            let bytes = std::fs::File::open(path).map_err(|e| BuildError::unreadable(&file.name, e))?;
            Box::new(parquet::ParquetFile::open(file, bytes)?)
        }
        (Place::Object(object), Form::Csv(packing)) => {
            let fetched = object.fetch().map_err(|e| BuildError::unreadable(&file.name, e))?;
            let opened = csv::CsvFile::open(file, &fetched, packing)?;
            Box::new(opened.keeping(fetched))
        }
        (Place::Object(object), _) => Box::new(parquet::ParquetFile::open(file, object.by_ranges())?),
        (Place::Rows(rows), _) => Box::new(OpenRows::open(file, rows)?),
    })
}

/// Opens the beginning of a file: some thousand rows at the most may come.
pub(crate) fn open_head(file: &SourceFile) -> Result<Box<dyn Opened + '_>, BuildError> {
    let unreadable = |e: std::io::Error| BuildError::unreadable(&file.name, e);
    match (&file.place, file.form) {
        (Place::Disk(path), Form::Csv(packing)) => {
            let bytes = std::fs::File::open(path).map_err(unreadable)?;
            Ok(Box::new(csv::CsvFile::head(file, Box::new(bytes), packing, false)?))
        }
        (Place::Object(object), Form::Csv(packing)) => {
            let some = object.len().min(csv::HEAD as u64);
            let bytes = std::io::Cursor::new(object.range(0, some).map_err(unreadable)?);
            Ok(Box::new(csv::CsvFile::head(file, Box::new(bytes), packing, some < object.len())?))
        }
        (Place::Rows(rows), _) => Ok(Box::new(OpenRows::open(file, rows)?.head(BATCH_ROWS as u64))),
        _ => open(file),
    }
}

/// The columns of the contract that a file has, whatever it calls them.
pub(crate) fn columns_of(table: Table, file: &SourceFile) -> Result<Vec<&'static str>, BuildError> {
    let opened = open_head(file)?;
    let cells = places(table, file, opened.header(), &mut Notes::default())?;
    let there = table.columns().iter().zip(&cells).filter(|(_, cells)| !matches!(cells, Cells::Absent));
    Ok(there.map(|(column, _)| column.name).collect())
}

/// Some rows of one file of a table.
pub(crate) struct RawBatch {
    /// Index of the file in its table.
    pub(crate) file: usize,
    /// Where each row stands in the file.
    pub(crate) rows: Vec<u64>,
    /// One for each column of the contract; `None` where the file lacks it.
    pub(crate) columns: Vec<Option<StringArray>>,
    pub(crate) ragged: Vec<Ragged>,
    pub(crate) forms: CellForms,
    /// One for each column of the contract.
    meant: Arc<Vec<Meant>>,
}

/// What a file's column means in the contract.
#[derive(Default)]
struct Meant {
    /// The file's own name for it, where that is another.
    header: Option<String>,
    /// The contract's values for the file's.
    values: Option<HashMap<String, String>>,
}

impl RawBatch {
    /// A cell without surrounding blanks, in the contract's words; empty where there is none.
    pub(crate) fn cell(&self, column: usize, row: usize) -> &str {
        let written = self.written(column, row);
        match &self.meant[column].values {
            Some(values) => values.get(written).map_or(written, String::as_str),
            None => written,
        }
    }

    /// A cell without surrounding blanks, as the file has it.
    pub(crate) fn written(&self, column: usize, row: usize) -> &str {
        match &self.columns[column] {
            Some(cells) if cells.is_valid(row) => trimmed(cells.value(row)),
            _ => "",
        }
    }

    /// What the file calls a column.
    pub(crate) fn header(&self, column: usize, table: Table) -> &str {
        self.meant[column].header.as_deref().unwrap_or(table.columns()[column].name)
    }
}

/// A text without surrounding blanks. Nearly all cells have none, which their first and last bytes show.
fn trimmed(text: &str) -> &str {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// What reading found of one file, apart from its rows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Found {
    /// The columns of the contract that it has.
    pub(crate) columns: Vec<String>,
    /// Its header, as messages show it.
    header: String,
    /// What is noted about it, without its name.
    notes: Vec<String>,
}

/// The files of a table while they are read, in order.
pub(crate) struct Reading {
    table: Table,
    notes: Notes,
}

impl Reading {
    pub(crate) fn new(table: Table) -> Self {
        Self { table, notes: Notes::default() }
    }

    /// Reads a file; `sink` takes each batch, and what it returns as an error ends the reading.
    pub(crate) fn file(
        &mut self,
        index: usize,
        file: &SourceFile,
        sink: &mut dyn FnMut(RawBatch) -> Result<(), BuildError>,
    ) -> Result<Found, BuildError> {
        let (table, notes) = (self.table, &mut self.notes);
        notes.begin_file();
        let opened = open(file)?;
        if let Some(note) = opened.note() {
            notes.add(&file.name, note);
        }
        let header: Vec<String> = opened.header().to_vec();
        let cells = places(table, file, &header, notes)?;
        let wanted: Vec<usize> = cells.iter().filter_map(Cells::column).collect();
        let meant = Arc::new(meant(table, file, &header, &cells));
        let mut dates = FileDates::new(table, file);
        ahead::rows(opened, &wanted, |frame| {
            let mut columns = frame.columns.into_iter();
            let columns = cells.iter().map(|cells| match cells {
                Cells::Column(_) => columns.next(),
                Cells::Constant(value) => {
                    Some(StringArray::from_iter_values(std::iter::repeat_n(value, frame.rows.len())))
                }
                Cells::Absent => None,
            });
            let mut batch = RawBatch {
                file: index,
                columns: columns.collect(),
                rows: frame.rows,
                ragged: frame.ragged,
                forms: file.entry.forms.clone(),
                meant: Arc::clone(&meant),
            };
            batch.forms.dates = dates.of(&batch, &cells, notes)?;
            sink(batch)
        })?;
        let there = table.columns().iter().zip(&cells).filter(|(_, cells)| !matches!(cells, Cells::Absent));
        Ok(Found {
            columns: there.map(|(column, _)| column.name.to_owned()).collect(),
            header: places::header_of(file, notes),
            notes: notes.of_file(),
        })
    }

    /// Takes what an earlier reading found of a file.
    pub(crate) fn known(&mut self, file: &SourceFile, found: &Found) {
        let columns = self.table.columns().iter().map(|column| column.name);
        places::known(
            file,
            columns.filter(|name| found.columns.iter().any(|known| known.as_str() == *name)),
            &found.header,
            &mut self.notes,
        );
        for note in &found.notes {
            self.notes.add(&file.name, note.clone());
        }
    }

    /// Gives the notes about all `files`; an error where a mapping file names a column that none of them has.
    pub(crate) fn finish(mut self, files: &[SourceFile]) -> Result<Vec<String>, BuildError> {
        places::all_found(self.table, files, &mut self.notes)?;
        Ok(self.notes.finish())
    }
}

fn meant(table: Table, file: &SourceFile, header: &[String], cells: &[Cells]) -> Vec<Meant> {
    let columns = table.columns().iter().zip(cells);
    let meant = columns.map(|(column, cells)| Meant {
        header: cells
            .column()
            .map(|place| header[place].trim().to_owned())
            .filter(|name| !name.eq_ignore_ascii_case(column.name)),
        values: file.entry.values(column.name).cloned(),
    });
    meant.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_around_a_cell_are_none_of_it() {
        for text in [
            "",
            "a",
            "a b",
            " a",
            "a ",
            "\ta\r",
            "\u{3000}门店\u{3000}",
            "门店",
            "a\u{a0}",
            "\u{a0}",
            " ",
            "a\u{3000}b",
        ] {
            assert_eq!(trimmed(text), text.trim(), "{text:?}");
        }
    }
}
