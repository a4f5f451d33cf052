//! Checked rows in a file: Parquet, in which names have the codes of their first appearance in it and rows their numbers
//! in their own file, so that they can be given whatever codes and numbers they have today.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch, UInt16Array, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field, SchemaRef, UInt16Type, UInt64Type};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::schema::types::ColumnPath;
use serde::{Deserialize, Serialize};

use crate::engine::FILE_ROWS;
use crate::names::{Catalog, NO_CODE, Names};
use crate::read::BATCH_ROWS;

/// The column that numbers rows.
const SEQ: &str = "seq";

/// The names of one column, by the codes that the file has for them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Used {
    pub(super) column: String,
    pub(super) ids: Vec<String>,
    /// Of stores from a table: those that are in another zone than the build.
    pub(super) zones: BTreeMap<String, String>,
}

/// The list that the codes in a column are of.
pub(super) fn list_of<'a>(catalog: &'a mut Catalog, column: &str) -> Option<&'a mut Names> {
    match column {
        "store" | "home_store" => Some(&mut catalog.stores),
        "channel" | "source_channel" => Some(&mut catalog.channels),
        "campaign" => Some(&mut catalog.campaigns),
        "kind" => Some(&mut catalog.kinds),
        "tier" => Some(&mut catalog.tiers),
        _ => None,
    }
}

fn has_codes(field: &Field) -> bool {
    const CODED: [&str; 7] = ["store", "home_store", "channel", "source_channel", "campaign", "kind", "tier"];
    *field.data_type() == DataType::UInt16 && CODED.contains(&field.name().as_str())
}

/// The rows with other codes and numbers; `code` is told the column's position. None where a code has no other.
fn recoded(
    batch: &RecordBatch,
    schema: &SchemaRef,
    mut code: impl FnMut(usize, u16) -> Option<u16>,
    seq: impl Fn(u64) -> u64,
) -> Option<RecordBatch> {
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(batch.num_columns());
    for (at, (field, column)) in schema.fields().iter().zip(batch.columns()).enumerate() {
        if has_codes(field) {
            let codes = column.as_primitive_opt::<UInt16Type>()?.values();
            let codes = codes.iter().map(|&from| if from == NO_CODE { Some(NO_CODE) } else { code(at, from) });
            columns.push(Arc::new(UInt16Array::from(codes.collect::<Option<Vec<u16>>>()?)));
        } else if field.name() == SEQ {
            let numbers = column.as_primitive_opt::<UInt64Type>()?.values();
            columns.push(Arc::new(UInt64Array::from(numbers.iter().map(|&number| seq(number)).collect::<Vec<u64>>())));
        } else {
            columns.push(Arc::clone(column));
        }
    }
    RecordBatch::try_new(Arc::clone(schema), columns).ok()
}

/// What was written: the checksum of the file, and for each column with codes those of the catalog, by the file's.
pub(super) struct Written {
    pub(super) hash: String,
    pub(super) codes: Vec<(String, Vec<u16>)>,
}

/// Codes of one column.
#[derive(Default)]
struct Own {
    /// The file's code for the catalog's; [`NO_CODE`] where it has none.
    of: Vec<u16>,
    /// The catalog's for the file's.
    back: Vec<u16>,
}

impl Own {
    fn code(&mut self, from: u16) -> u16 {
        let at = usize::from(from);
        if self.of.len() <= at {
            self.of.resize(at + 1, NO_CODE);
        }
        if self.of[at] == NO_CODE {
            self.of[at] = self.back.len() as u16;
            self.back.push(from);
        }
        self.of[at]
    }
}

/// Writes rows as they come until there are no more.
pub(super) fn write(
    path: &Path,
    schema: &SchemaRef,
    batches: impl Iterator<Item = RecordBatch>,
) -> io::Result<Written> {
    let mut file = Summed { file: File::create(path)?, sum: blake3::Hasher::new() };
    let mut own: Vec<Own> = schema.fields().iter().map(|_| Own::default()).collect();
    let mut writer =
        ArrowWriter::try_new(&mut file, Arc::clone(schema), Some(properties(schema))).map_err(io::Error::other)?;
    for batch in batches {
        let batch = recoded(&batch, schema, |at, from| Some(own[at].code(from)), |seq| seq % FILE_ROWS)
            .ok_or_else(|| io::Error::other("rows of another form"))?;
        writer.write(&batch).map_err(io::Error::other)?;
    }
    writer.close().map_err(io::Error::other)?;
    file.file.flush()?;
    let with_codes = schema.fields().iter().zip(own).filter(|(field, _)| has_codes(field));
    let codes = with_codes.map(|(field, own)| (field.name().clone(), own.back)).collect();
    Ok(Written { hash: file.sum.finalize().to_hex().to_string(), codes })
}

/// Quick to write and to read: numbers as their differences, what repeats by a dictionary. Only texts are compressed
/// besides: a column of a small file is read in less time than zstd takes to begin.
fn properties(schema: &SchemaRef) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_dictionary_enabled(false)
        .set_max_row_group_row_count(Some(1 << 18));
    for field in schema.fields() {
        let path = || ColumnPath::from(field.name().clone());
        properties = match field.data_type() {
            DataType::UInt16 | DataType::UInt32 | DataType::Int32 => {
                properties.set_column_dictionary_enabled(path(), true)
            }
            DataType::Int64 => properties.set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED),
            _ if field.name() == SEQ => properties.set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED),
            DataType::Utf8 => {
                let zstd = ZstdLevel::try_new(1).unwrap_or_default();
                properties.set_column_compression(path(), Compression::ZSTD(zstd))
            }
            _ => properties,
        };
    }
    properties.build()
}

/// A file whose bytes are summed on their way.
struct Summed {
    file: File,
    sum: blake3::Hasher,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.sum.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Rows of a file that are read back.
pub(super) struct Rows {
    reader: ParquetRecordBatchReader,
    schema: SchemaRef,
    /// The catalog's codes for the file's, by column.
    codes: Vec<Vec<u16>>,
    /// Number of the file in its table.
    file: u64,
}

impl Rows {
    /// Opens a file of rows; none where it is not the one with this checksum, or its rows have another form.
    pub(super) fn open(path: &Path, hash: &str, schema: &SchemaRef) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let mut sum = blake3::Hasher::new();
        let mut buffer = vec![0; 1 << 18];
        loop {
            match file.read(&mut buffer).ok()? {
                0 => break,
                count => sum.update(&buffer[..count]),
            };
        }
        if sum.finalize().to_hex().as_str() != hash {
            return None;
        }
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).ok()?;
        let form = |schema: &SchemaRef| -> Vec<(String, DataType)> {
            schema.fields().iter().map(|field| (field.name().clone(), field.data_type().clone())).collect()
        };
        if form(builder.schema()) != form(schema) {
            return None;
        }
        let reader = builder.with_batch_size(BATCH_ROWS).build().ok()?;
        Some(Self { reader, schema: Arc::clone(schema), codes: vec![Vec::new(); schema.fields().len()], file: 0 })
    }

    /// Gives every name its code; false where a list does not take one.
    pub(super) fn code(&mut self, used: &[Used], file: u64, mut code: impl FnMut(&str, &str) -> Option<u16>) -> bool {
        self.file = file;
        for used in used {
            let Ok(at) = self.schema.index_of(&used.column) else { return false };
            let Some(codes) = used.ids.iter().map(|id| code(&used.column, id)).collect() else { return false };
            self.codes[at] = codes;
        }
        true
    }
}

impl Iterator for Rows {
    type Item = Result<RecordBatch, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = match self.reader.next()? {
            Ok(batch) => batch,
            Err(error) => return Some(Err(error.to_string())),
        };
        let codes = &self.codes;
        let first = self.file * FILE_ROWS;
        let batch =
            recoded(&batch, &self.schema, |at, from| codes[at].get(usize::from(from)).copied(), |row| first + row);
        Some(batch.ok_or_else(|| "a code without a name".to_owned()))
    }
}
