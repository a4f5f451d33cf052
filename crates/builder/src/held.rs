//! Rows kept for later steps: in memory while they are few, in files of the build's own folder beyond that.
//!
//! Files are Parquet without dictionaries: they are written once and read a few times, so speed counts, not size.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::datasource::MemTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::prelude::SessionContext;
use url::Url;

use crate::BuildError;

/// Where rows go that memory has no room for, and what lies where.
#[derive(Debug)]
pub(crate) struct Room {
    /// A folder of the build's own, removed at its end.
    pub(crate) folder: PathBuf,
    /// Bytes that all tables together may take in memory, and one table half of it; with 0 every table has files.
    bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Bytes that tables take in memory, those that still come in too.
    bytes: usize,
    tables: HashMap<String, Place>,
}

/// What is known of a table.
#[derive(Debug, Default)]
struct Place {
    rows: u64,
    /// Bytes in memory.
    bytes: usize,
    /// The folder of its files, where it has any.
    folder: Option<PathBuf>,
}

impl Room {
    pub(crate) fn new(folder: PathBuf, bytes: usize) -> Self {
        Self { folder, bytes, kept: Mutex::default() }
    }

    /// Makes a folder for the files of a table; never one that a table of this name had before and still has.
    pub(crate) fn take(&self, name: &str) -> Result<PathBuf, BuildError> {
        let mut folder = self.folder.join(name);
        let mut number = 1;
        while folder.exists() {
            number += 1;
            folder = self.folder.join(format!("{name}-{number}"));
        }
        std::fs::create_dir(&folder).map_err(|e| BuildError::unwritable(&folder, e))?;
        self.kept().tables.entry(name.to_owned()).or_default().folder = Some(folder.clone());
        Ok(folder)
    }

    /// Lets a table go that nobody reads again: its files are removed, its bytes are free.
    pub(crate) fn clear(&self, name: &str) {
        let mut kept = self.kept();
        let Some(place) = kept.tables.remove(name) else { return };
        kept.bytes -= place.bytes;
        if let Some(folder) = place.folder {
            // What cannot be removed now goes with the build's own folder.
            let _ = std::fs::remove_dir_all(folder);
        }
    }

    /// Bytes that one table may take in memory.
    pub(crate) fn for_one(&self) -> usize {
        self.bytes / 2
    }

    /// How many rows each table has.
    pub(crate) fn rows(&self) -> HashMap<String, u64> {
        self.kept().tables.iter().map(|(name, place)| (name.clone(), place.rows)).collect()
    }

    /// Takes bytes more for a table in memory that has `own` already; false where there is no room for them.
    fn grow(&self, own: usize, more: usize) -> bool {
        let mut kept = self.kept();
        let fits = own + more <= self.for_one() && kept.bytes + more <= self.bytes;
        if fits {
            kept.bytes += more;
        }
        fits
    }

    fn shrink(&self, bytes: usize) {
        self.kept().bytes -= bytes;
    }

    fn note(&self, name: &str, rows: u64, bytes: usize) {
        let mut kept = self.kept();
        let place = kept.tables.entry(name.to_owned()).or_default();
        place.rows = rows;
        let before = std::mem::replace(&mut place.bytes, bytes);
        kept.bytes -= before;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().expect("nothing panics while it holds the tables")
    }
}

/// A table's rows while they come in.
pub(crate) struct Held {
    name: String,
    schema: SchemaRef,
    /// Parts of the table in memory, and files of it at the most.
    partitions: usize,
    room: Option<Arc<Room>>,
    batches: Vec<RecordBatch>,
    rows: u64,
    /// Bytes of the batches.
    bytes: usize,
    files: Option<Files>,
}

impl Held {
    /// Nothing yet, of a table that will have this name.
    pub(crate) fn new(context: &SessionContext, name: &str, schema: SchemaRef) -> Self {
        let config = context.copied_config();
        let partitions = config.target_partitions().clamp(1, MOST_FILES);
        let room = config.get_extension::<Room>();
        Self { name: name.to_owned(), schema, partitions, room, batches: Vec::new(), rows: 0, bytes: 0, files: None }
    }

    /// The same, in a single file.
    pub(crate) fn of_one_file(self) -> Self {
        Self { partitions: 1, ..self }
    }

    /// Takes some rows more.
    pub(crate) fn push(&mut self, batch: RecordBatch) -> Result<(), BuildError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        self.rows += batch.num_rows() as u64;
        if let Some(files) = &mut self.files {
            return files.write(&batch);
        }
        let more = bytes(&batch)?;
        self.batches.push(batch);
        match self.room.as_ref().filter(|room| !room.grow(self.bytes, more)) {
            None => self.bytes += more,
            Some(room) => {
                let mut files = Files::create(room.take(&self.name)?, &self.schema, self.partitions)?;
                for batch in self.batches.drain(..) {
                    files.write(&batch)?;
                }
                room.shrink(std::mem::take(&mut self.bytes));
                self.files = Some(files);
            }
        }
        Ok(())
    }

    /// Rows so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Makes the rows a table of the engine, in as many partitions as the engine works with.
    pub(crate) async fn register(self, context: &SessionContext) -> Result<(), BuildError> {
        let Self { name, schema, partitions, room, batches, rows, bytes, mut files } = self;
        if let Some(room) = &room {
            if files.is_none() && room.bytes == 0 {
                // Nobody else could read it from this process's memory, though it is empty.
                files = Some(Files::create(room.take(&name)?, &schema, 1)?);
            }
            room.note(&name, rows, bytes);
        }
        if let Some(files) = files {
            context.register_table(&name, Arc::new(files.finish(schema)?))?;
            return Ok(());
        }
        let mut parts = vec![Vec::new(); partitions];
        for (index, batch) in batches.into_iter().enumerate() {
            parts[index % partitions].push(batch);
        }
        context.register_table(&name, Arc::new(MemTable::try_new(schema, parts)?))?;
        Ok(())
    }
}

/// What rows take in memory. Where they are a part of longer columns, it is their share: the other parts are counted
/// with their own batches.
fn bytes(batch: &RecordBatch) -> Result<usize, BuildError> {
    let columns = batch.columns().iter().map(|column| column.to_data().get_slice_memory_size());
    Ok(columns.sum::<Result<usize, _>>()?)
}

/// Each file that is written holds back some ten thousands of rows; who reads takes them apart by themselves.
const MOST_FILES: usize = 8;

/// The files of one table, written in turn.
struct Files {
    paths: Vec<PathBuf>,
    writers: Vec<ArrowWriter<File>>,
    next: usize,
}

impl Files {
    fn create(folder: PathBuf, schema: &SchemaRef, count: usize) -> Result<Self, BuildError> {
        let paths: Vec<PathBuf> = (0..count).map(|index| folder.join(format!("{index}.parquet"))).collect();
        let writers = paths.iter().map(|path| {
            let file = File::create(path).map_err(|e| BuildError::unwritable(path, e))?;
            ArrowWriter::try_new(file, Arc::clone(schema), Some(properties()))
                .map_err(|e| BuildError::unwritable(path, e))
        });
        let writers = writers.collect::<Result<_, _>>()?;
        Ok(Self { paths, writers, next: 0 })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), BuildError> {
        let turn = self.next;
        self.next = (turn + 1) % self.writers.len();
        self.writers[turn].write(batch).map_err(|e| BuildError::unwritable(&self.paths[turn], e))
    }

    fn finish(self, schema: SchemaRef) -> Result<ListingTable, BuildError> {
        for (writer, path) in self.writers.into_iter().zip(&self.paths) {
            writer.close().map_err(|e| BuildError::unwritable(path, e))?;
        }
        table_of(&self.paths, schema)
    }
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

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Int32Array, StringArray, UInt16Array};
    use datafusion::arrow::datatypes::{DataType, Field, Schema};
    use datafusion::prelude::SessionConfig;

    use super::*;
    use crate::engine::{integers, let_go, session};

    async fn summed(memory: u64) -> (bool, [i64; 4]) {
        let folder = tempfile::Builder::new().prefix("a [1] * b").tempdir().expect("a temporary folder");
        let context = session(folder.path(), memory).expect("a session");
        let field = |name: &str, data_type| Field::new(name, data_type, true);
        let fields = vec![field("id", DataType::Utf8), field("code", DataType::UInt16), field("day", DataType::Int32)];
        let schema = Arc::new(Schema::new(fields));
        let mut held = Held::new(&context, "rows", Arc::clone(&schema));
        for batch in 0..20u16 {
            let ids: StringArray = (0..1_000).map(|n| (n % 7 > 0).then(|| format!("id-{n}"))).collect();
            let codes: UInt16Array = (0..1_000).map(|_| Some(u16::MAX - batch)).collect();
            let days: Int32Array = (0..1_000).map(|n| Some(-n)).collect();
            let columns: Vec<datafusion::arrow::array::ArrayRef> = vec![Arc::new(ids), Arc::new(codes), Arc::new(days)];
            held.push(RecordBatch::try_new(Arc::clone(&schema), columns).expect("columns of the schema"))
                .expect("room");
        }
        held.register(&context).await.expect("a table");
        let sums = "SELECT count(*), count(DISTINCT id), sum(code), sum(day) FROM rows";
        let sums = integers(&context, sums).await.expect("an answer");
        let files = folder.path().join("rows");
        let spilled = files.join("0.parquet").is_file();
        let_go(&context, &["rows", "no such table"]).expect("a name to forget");
        assert!(!files.exists(), "the files of a table that is let go are removed");
        assert!(integers::<1>(&context, "SELECT count(*) FROM rows").await.is_err(), "it can be asked for no more");
        (spilled, sums)
    }

    #[tokio::test]
    async fn what_has_no_room_in_memory_is_read_back_from_files_whatever_their_folder_is_called() {
        let codes: i64 = (0..20).map(|batch| 1_000 * (65_535 - batch)).sum();
        let expected = [20_000, 857, codes, -20 * 999 * 500];
        assert_eq!(summed(8 << 30).await, (false, expected));
        assert_eq!(summed(1 << 20).await, (true, expected));
    }

    #[tokio::test]
    async fn a_table_that_is_kept_anew_has_its_new_rows() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let context = session(folder.path(), 1 << 20).expect("a session");
        for rows in [200_000i64, 90_000, 300_000] {
            crate::engine::keep(
                &context,
                "rows",
                &format!("SELECT value * {rows} AS n FROM generate_series(1, {rows})"),
            )
            .await
            .expect("a table");
            assert!(folder.path().join("rows").join("0.parquet").is_file(), "it went to files");
            let sums = integers(&context, "SELECT count(*), sum(n) FROM rows").await.expect("an answer");
            assert_eq!(sums, [rows, rows * (rows * (rows + 1) / 2)]);
            context.deregister_table("rows").expect("it is there");
            std::fs::remove_dir_all(folder.path().join("rows")).expect("its files are there");
        }
    }

    #[tokio::test]
    async fn an_empty_table_has_a_file_too_where_memory_is_no_place() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let room = Room::new(folder.path().to_owned(), 0);
        let context = SessionContext::new_with_config(SessionConfig::new().with_extension(Arc::new(room)));
        let schema = Arc::new(Schema::new(vec![Field::new("id", DataType::Utf8, true)]));
        Held::new(&context, "rows", schema).register(&context).await.expect("a table");
        assert!(folder.path().join("rows/0.parquet").is_file());
        assert_eq!(integers(&context, "SELECT count(*), count(id) FROM rows").await.expect("an answer"), [0, 0]);
    }
}
