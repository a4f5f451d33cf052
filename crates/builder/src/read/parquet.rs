//! Parquet: only the columns that are wanted, each cell as it would be written in a CSV file.

use std::ops::ControlFlow;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::arrow::util::display::FormatOptions;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::file::reader::ChunkReader;

use super::{BATCH_ROWS, Frame, Opened};
use crate::BuildError;
use crate::source::SourceFile;

/// An open Parquet file.
pub(super) struct ParquetFile<'a, R: ChunkReader + 'static> {
    file: &'a SourceFile,
    builder: ParquetRecordBatchReaderBuilder<R>,
    header: Vec<String>,
}

impl<'a, R: ChunkReader + 'static> ParquetFile<'a, R> {
    pub(super) fn open(file: &'a SourceFile, bytes: R) -> Result<Self, BuildError> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|e| unreadable(file, &e))?;
        let header = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
        Ok(Self { file, builder, header })
    }
}

fn unreadable(file: &SourceFile, e: &dyn std::fmt::Display) -> BuildError {
    BuildError::unreadable(&file.name, e)
}

impl<R: ChunkReader + 'static> Opened for ParquetFile<'_, R> {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn note(&self) -> Option<String> {
        None
    }

    fn rows(
        self: Box<Self>,
        columns: &[usize],
        sink: &mut dyn FnMut(Frame) -> Result<ControlFlow<()>, BuildError>,
    ) -> Result<(), BuildError> {
        let Self { file, builder, header } = *self;
        let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
        let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build();
        let mut row = 0u64;
        for batch in reader.map_err(|e| unreadable(file, &e))? {
            let batch = batch.map_err(|e| unreadable(file, &e))?;
            let count = batch.num_rows() as u64;
            let cells = columns.iter().map(|place| {
                // The projection keeps the names, which are different once written small.
                let array = batch
                    .column_by_name(&header[*place])
                    .ok_or_else(|| unreadable(file, &format!("no column {}", header[*place])))?;
                text_of(array).map_err(|e| unreadable(file, &e))
            });
            let columns = cells.collect::<Result<_, BuildError>>()?;
            if sink(Frame { rows: (row + 1..=row + count).collect(), columns, ragged: Vec::new() })?.is_break() {
                break;
            }
            row += count;
        }
        Ok(())
    }
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
