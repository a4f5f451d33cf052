//! Kept tables that memory has no room for: Parquet files without dictionaries, written once and read a few times.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use url::Url;

use crate::BuildError;

/// The files of one table. Who has rows takes a file that nobody writes just now.
pub(super) struct Files {
    paths: Vec<PathBuf>,
    writers: Vec<Mutex<ArrowWriter<File>>>,
    next: AtomicUsize,
}

impl Files {
    pub(super) fn create(folder: PathBuf, schema: &SchemaRef, count: usize) -> Result<Self, BuildError> {
        let paths: Vec<PathBuf> = (0..count).map(|index| folder.join(format!("{index}.parquet"))).collect();
        let writers = paths.iter().map(|path| {
            let file = File::create(path).map_err(|e| BuildError::unwritable(path, e))?;
            let writer = ArrowWriter::try_new(file, Arc::clone(schema), Some(properties()));
            writer.map(Mutex::new).map_err(|e| BuildError::unwritable(path, e))
        });
        let writers = writers.collect::<Result<_, _>>()?;
        Ok(Self { paths, writers, next: AtomicUsize::new(0) })
    }

    pub(super) fn write(&self, batch: &RecordBatch) -> Result<(), BuildError> {
        let count = self.writers.len();
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let free = (turn..turn + count).find_map(|at| Some((at % count, self.writers[at % count].try_lock().ok()?)));
        let (at, mut writer) = match free {
            Some(free) => free,
            None => (turn % count, self.writers[turn % count].lock().map_err(|_| stopped())?),
        };
        writer.write(batch).map_err(|e| BuildError::unwritable(&self.paths[at], e))
    }

    pub(super) fn finish(self, schema: SchemaRef) -> Result<ListingTable, BuildError> {
        for (writer, path) in self.writers.into_iter().zip(&self.paths) {
            let writer = writer.into_inner().map_err(|_| stopped())?;
            writer.close().map_err(|e| BuildError::unwritable(path, e))?;
        }
        table_of(&self.paths, schema)
    }
}

fn stopped() -> BuildError {
    BuildError::Engine("a thread that wrote rows stopped".to_owned())
}

/// How kept tables are written: once written and a few times read, speed counts and not size.
pub(crate) fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_compression(Compression::LZ4_RAW)
        .set_max_row_group_row_count(Some(1 << 17))
        .build()
}

/// Parquet files as one table.
pub(crate) fn table_of(files: &[PathBuf], schema: SchemaRef) -> Result<ListingTable, BuildError> {
    let places = files.iter().map(|file| Ok(ListingTableUrl::try_new(address(file)?, None)?));
    let places = places.collect::<Result<Vec<_>, BuildError>>()?;
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()));
    let config = ListingTableConfig::new_with_multi_paths(places).with_listing_options(options).with_schema(schema);
    Ok(ListingTable::try_new(config)?)
}

/// The address of a file. Not its path as text: a bracket in it would be taken for a pattern.
fn address(file: &Path) -> Result<Url, BuildError> {
    let whole = file.canonicalize().map_err(|e| BuildError::unwritable(file, e))?;
    Url::from_file_path(whole).map_err(|()| BuildError::Engine(format!("{} is no absolute path", file.display())))
}
