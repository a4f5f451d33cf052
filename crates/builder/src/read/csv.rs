//! CSV, plain or packed, in UTF-8 or GB18030.

use std::fs::File;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::path::Path;

use csv::{Reader, ReaderBuilder, StringRecord, Terminator};
use datafusion::arrow::array::StringBuilder;
use tempfile::TempPath;

use super::{BATCH_ROWS, Frame, Opened, Ragged};
use crate::BuildError;
use crate::encoding::{self, Encoding};
use crate::source::{Packing, SourceFile};

/// A record longer than this is a quote that was never closed.
const LONGEST_RECORD: usize = 1 << 20;

/// Bytes of text that are the head of a file.
pub(super) const HEAD: usize = 1 << 20;

/// An open CSV file.
pub(super) struct CsvFile<'a> {
    file: &'a SourceFile,
    encoding: Encoding,
    reader: Reader<Box<dyn Read + Send>>,
    header: Vec<String>,
    /// What was fetched to be read here, and goes with it.
    _fetched: Option<TempPath>,
}

impl<'a> CsvFile<'a> {
    pub(super) fn open(file: &'a SourceFile, path: &Path, packing: Packing) -> Result<Self, BuildError> {
        Self::read(file, &|| packing.unpack(Box::new(File::open(path)?)))
    }

    /// The beginning of a file: whole lines of it. `is_cut` says that its packed bytes end before the file does.
    pub(super) fn head(
        file: &'a SourceFile,
        packed: Box<dyn Read + Send>,
        packing: Packing,
        is_cut: bool,
    ) -> Result<Self, BuildError> {
        let mut text = Vec::new();
        let unpacked = packing.unpack(packed).map_err(|e| BuildError::unreadable(&file.name, e))?;
        let read = unpacked.take(HEAD as u64).read_to_end(&mut text);
        if let Err(error) = read
            && !is_cut
        {
            return Err(BuildError::unreadable(&file.name, error));
        }
        if is_cut || text.len() == HEAD {
            text.truncate(text.iter().rposition(|b| *b == b'\n').map_or(text.len(), |last| last + 1));
        }
        Self::read(file, &|| Ok(Box::new(Cursor::new(text.clone()))))
    }

    fn read(file: &'a SourceFile, bytes: encoding::Open<'_>) -> Result<Self, BuildError> {
        let (encoding, text) = encoding::open(bytes, file.entry.encoding, &file.name)?;
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            // Lines end at the line feed alone, so that they are counted right; a carriage return before it is a blank
            // at the end of the last cell.
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(1 << 18)
            .from_reader(text);
        let header = reader.headers().map_err(|e| BuildError::unreadable(&file.name, e))?;
        let header = header.iter().map(str::to_owned).collect();
        Ok(Self { file, encoding, reader, header, _fetched: None })
    }

    /// Keeps a file until this is read.
    pub(super) fn keeping(self, fetched: TempPath) -> Self {
        Self { _fetched: Some(fetched), ..self }
    }
}

impl Opened for CsvFile<'_> {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn note(&self) -> Option<String> {
        (self.encoding == Encoding::Gb18030).then(|| " was read as GB18030".to_owned())
    }

    fn rows(
        self: Box<Self>,
        columns: &[usize],
        sink: &mut dyn FnMut(Frame) -> Result<ControlFlow<()>, BuildError>,
    ) -> Result<(), BuildError> {
        let Self { file, mut reader, header, _fetched, .. } = *self;
        let mut record = StringRecord::new();
        let mut more = true;
        while more {
            let mut builders: Vec<StringBuilder> = columns.iter().map(|_| StringBuilder::new()).collect();
            let mut rows = Vec::with_capacity(BATCH_ROWS);
            let mut ragged = Vec::new();
            while rows.len() + ragged.len() < BATCH_ROWS {
                more = reader.read_record(&mut record).map_err(|e| BuildError::unreadable(&file.name, e))?;
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
                for (builder, place) in builders.iter_mut().zip(columns) {
                    builder.append_value(record.get(*place).unwrap_or_default());
                }
            }
            let columns = builders.iter_mut().map(StringBuilder::finish).collect();
            if sink(Frame { rows, columns, ragged })?.is_break() {
                break;
            }
        }
        Ok(())
    }
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
