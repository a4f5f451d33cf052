//! Reads source files batch by batch into columns of text, each cell still as written.
//!
//! A CSV row is named by the line on which it begins (the header is line 1), a Parquet row by its number from 1.
//! Cells of a row with too few or too many fields are not guessed at: the row is handed on as ragged.

use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord, Terminator};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray, StringBuilder};
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::arrow::util::display::FormatOptions;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::BuildError;
use crate::encoding::{self, Encoding};
use crate::source::{Form, SourceFile};
use crate::table::Table;

const BATCH_ROWS: usize = 8_192;
/// A record longer than this is a quote that was never closed.
const LONGEST_RECORD: usize = 1 << 20;

/// Some rows of one file.
pub(crate) struct RawBatch {
    /// Index of the file in its table.
    pub(crate) file: usize,
    /// Where each row stands in the file.
    pub(crate) rows: Vec<u64>,
    /// One for each column of the contract; `None` where the file lacks it.
    pub(crate) columns: Vec<Option<StringArray>>,
    pub(crate) ragged: Vec<Ragged>,
}

/// A row whose number of fields is not the header's.
pub(crate) struct Ragged {
    pub(crate) row: u64,
    pub(crate) text: String,
}

impl RawBatch {
    /// A cell without surrounding blanks; empty where there is none.
    pub(crate) fn cell(&self, column: usize, row: usize) -> &str {
        match &self.columns[column] {
            Some(cells) if cells.is_valid(row) => cells.value(row).trim(),
            _ => "",
        }
    }
}

/// Reads all files of a table in order; `sink` takes each batch, and what it returns as an error ends the reading.
/// Gives back notes about the files.
pub(crate) fn read(
    table: Table,
    files: &[SourceFile],
    sink: &mut dyn FnMut(RawBatch) -> Result<(), BuildError>,
) -> Result<Vec<String>, BuildError> {
    let mut notes = Vec::new();
    for (index, file) in files.iter().enumerate() {
        match file.form {
            Form::Csv => read_csv(table, index, file, sink, &mut notes)?,
            Form::Parquet => read_parquet(table, index, file, sink, &mut notes)?,
        }
    }
    Ok(notes)
}

fn read_csv(
    table: Table,
    index: usize,
    file: &SourceFile,
    sink: &mut dyn FnMut(RawBatch) -> Result<(), BuildError>,
    notes: &mut Vec<String>,
) -> Result<(), BuildError> {
    let unreadable = |e: csv::Error| BuildError::unreadable(&file.name, e);
    let (encoding, text) = encoding::open(&file.path, &file.name)?;
    if encoding == Encoding::Gb18030 {
        notes.push(format!("{} was read as GB18030", file.name));
    }
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        // Lines end at the line feed alone, so that they are counted right; a carriage return before it is a blank
        // at the end of the last cell.
        .terminator(Terminator::Any(b'\n'))
        .buffer_capacity(1 << 18)
        .from_reader(text);
    let header: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(str::to_owned).collect();
    let places = places(table, file, &header, notes)?;
    let mut record = StringRecord::new();
    let mut more = true;
    while more {
        let mut builders: Vec<StringBuilder> = places.iter().map(|_| StringBuilder::new()).collect();
        let mut rows = Vec::with_capacity(BATCH_ROWS);
        let mut ragged = Vec::new();
        while rows.len() + ragged.len() < BATCH_ROWS {
            more = reader.read_record(&mut record).map_err(unreadable)?;
            if !more {
                break;
            }
            let row = line_of(&record, reader.position().line());
            let bytes = record.as_slice().len();
            if bytes > LONGEST_RECORD {
                return Err(BuildError::UnclosedQuote { file: file.name.clone(), row, bytes });
            }
            if record.len() != header.len() {
                if record.len() == 1 && record[0].trim().is_empty() {
                    continue; // A blank line is no row.
                }
                let text = record.iter().collect::<Vec<_>>().join(",");
                ragged.push(Ragged { row, text });
                continue;
            }
            rows.push(row);
            for (builder, place) in builders.iter_mut().zip(&places) {
                if let Some(place) = place {
                    builder.append_value(record.get(*place).unwrap_or_default());
                }
            }
        }
        let columns =
            builders.iter_mut().zip(&places).map(|(builder, place)| place.map(|_| builder.finish())).collect();
        sink(RawBatch { file: index, rows, columns, ragged })?;
    }
    Ok(())
}

fn read_parquet(
    table: Table,
    index: usize,
    file: &SourceFile,
    sink: &mut dyn FnMut(RawBatch) -> Result<(), BuildError>,
    notes: &mut Vec<String>,
) -> Result<(), BuildError> {
    let unreadable = |e: &dyn std::fmt::Display| BuildError::unreadable(&file.name, e);
    let open = std::fs::File::open(&file.path).map_err(|e| unreadable(&e))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(open).map_err(|e| unreadable(&e))?;
    let header: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
    let places = places(table, file, &header, notes)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), places.iter().flatten().copied());
    let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build().map_err(|e| unreadable(&e))?;
    let mut row = 0u64;
    for batch in reader {
        let batch = batch.map_err(|e| unreadable(&e))?;
        let count = batch.num_rows() as u64;
        let mut columns = Vec::with_capacity(places.len());
        for place in &places {
            columns.push(match place {
                None => None,
                // The projection keeps the names, which are different once written small.
                Some(place) => {
                    let array = batch
                        .column_by_name(&header[*place])
                        .ok_or_else(|| unreadable(&format!("no column {}", header[*place])))?;
                    Some(text_of(array).map_err(|e| unreadable(&e))?)
                }
            });
        }
        sink(RawBatch { file: index, rows: (row + 1..=row + count).collect(), columns, ragged: Vec::new() })?;
        row += count;
    }
    Ok(())
}

/// The line on which a record begins, given the line after it. The reader's own answer counts from before blank lines.
fn line_of(record: &StringRecord, after: u64) -> u64 {
    let before = record.position().map_or(0, csv::Position::line);
    if after - before <= 1 {
        return before;
    }
    let inside = record.as_slice().bytes().filter(|b| *b == b'\n').count() as u64;
    (after - 1).saturating_sub(inside).max(before)
}

/// A native column as it would be written in a CSV file.
fn text_of(array: &ArrayRef) -> Result<StringArray, datafusion::arrow::error::ArrowError> {
    let options = CastOptions { safe: true, format_options: FormatOptions::new() };
    let array = match array.data_type() {
        // A named zone is only a way to show an instant; the instant itself is in UTC.
        DataType::Timestamp(unit, Some(_)) => {
            let utc = DataType::Timestamp(*unit, Some("+00:00".into()));
            cast_with_options(array, &utc, &options)?
        }
        DataType::Date64 => cast_with_options(array, &DataType::Timestamp(TimeUnit::Millisecond, None), &options)?,
        _ => Arc::clone(array),
    };
    let text = cast_with_options(&array, &DataType::Utf8, &options)?;
    Ok(text.as_string::<i32>().clone())
}

/// Where each column of the contract stands in the file; notes what is left aside.
fn places(
    table: Table,
    file: &SourceFile,
    header: &[String],
    notes: &mut Vec<String>,
) -> Result<Vec<Option<usize>>, BuildError> {
    let names: Vec<String> = header.iter().map(|h| h.trim().to_lowercase()).collect();
    for (i, name) in names.iter().enumerate() {
        if !name.is_empty() && names[..i].contains(name) {
            return Err(BuildError::ColumnTwice { file: file.name.clone(), column: name.clone() });
        }
    }
    let columns = table.columns();
    let places: Vec<Option<usize>> =
        columns.iter().map(|column| names.iter().position(|name| name == column.name)).collect();
    for (column, place) in columns.iter().zip(&places) {
        if column.required && place.is_none() {
            return Err(BuildError::MissingColumn {
                file: file.name.clone(),
                column: column.name,
                found: shown(&names),
                hint: hint(&names),
            });
        }
    }
    let is_known = |name: &str| columns.iter().any(|c| c.name == name);
    let (later, unknown): (Vec<_>, Vec<_>) =
        names.iter().filter(|name| !is_known(name)).partition(|name| table.later_columns().contains(&name.as_str()));
    for (names, why) in [(later, "are read by a later version"), (unknown, "are unknown and were ignored")] {
        if !names.is_empty() {
            notes.push(format!("{}: columns that {why}: {}", file.name, shown(&names)));
        }
    }
    Ok(places)
}

fn shown(names: &[impl AsRef<str>]) -> String {
    let all: Vec<String> = names.iter().map(|n| n.as_ref().chars().take(40).collect()).collect();
    match all.len() {
        0 => "no columns at all".to_owned(),
        n if n > 30 => format!("{} and {} more", all[..30].join(", "), n - 30),
        _ => all.join(", "),
    }
}

fn hint(names: &[String]) -> &'static str {
    match names {
        [only] if only.contains(';') || only.contains('\t') => {
            " (the cells seem to be separated by `;` or tabs; separate them by commas)"
        }
        _ => "",
    }
}
