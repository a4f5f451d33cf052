//! Which keys the files of a table have: those that none has take no room in any row.

use std::fs::File;
use std::io::Read;

use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::borne::Borne;
use super::key::Key;
use crate::BuildError;
use crate::source::{Form, SourceFile};
use crate::table::Table;

/// A header is no longer than this.
const LONGEST_HEADER: u64 = 1 << 16;

/// What rows of a table bear; nothing where no file of it has a key besides the member's.
pub(crate) fn borne(table: Table, files: &[SourceFile]) -> Result<Option<Borne>, BuildError> {
    let mut names = std::collections::BTreeSet::new();
    for file in files {
        names.extend(header(file)?);
    }
    let place = |name: &str| table.columns().iter().position(|column| column.name == name);
    let places = Key::ALL.map(|key| place(key.name()).filter(|_| key == Key::Member || names.contains(key.name())));
    let channel = place("channel_id").ok_or_else(|| BuildError::Engine(format!("{} has no channel", table.name())))?;
    Ok(Borne::new(places, channel))
}

/// The names in a file's header. Its faults are told by whoever reads the file.
fn header(file: &SourceFile) -> Result<Vec<String>, BuildError> {
    let unreadable = |e: &dyn std::fmt::Display| BuildError::unreadable(&file.name, e);
    let open = File::open(&file.path).map_err(|e| unreadable(&e))?;
    if file.form == Form::Parquet {
        let builder = ParquetRecordBatchReaderBuilder::try_new(open).map_err(|e| unreadable(&e))?;
        return Ok(builder.schema().fields().iter().map(|field| field.name().trim().to_lowercase()).collect());
    }
    let mut bytes = Vec::new();
    open.take(LONGEST_HEADER).read_to_end(&mut bytes).map_err(|e| unreadable(&e))?;
    // The keys' names are the same bytes in every encoding that is read.
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    Ok(line.split(',').map(|cell| cell.trim_matches(['\u{feff}', '"', ' ', '\r', '\t']).to_lowercase()).collect())
}
