//! Rows kept for later steps: in memory while they are few, in files of the build's own folder beyond that.
//!
//! Files are Parquet without dictionaries: they are written once and read a few times, so speed counts, not size.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
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

/// Where rows go that memory has no room for.
#[derive(Debug)]
pub(crate) struct Room {
    /// A folder of the build's own, removed at its end.
    pub(crate) folder: PathBuf,
    /// Bytes that one table may take in memory.
    pub(crate) bytes: usize,
}

/// A table's rows while they come in.
pub(crate) struct Held {
    name: String,
    schema: SchemaRef,
    partitions: usize,
    room: Option<Arc<Room>>,
    batches: Vec<RecordBatch>,
    bytes: usize,
    files: Option<Files>,
}

impl Held {
    /// Nothing yet, of a table that will have this name.
    pub(crate) fn new(context: &SessionContext, name: &str, schema: SchemaRef) -> Self {
        let config = context.copied_config();
        let partitions = config.target_partitions().max(1);
        let room = config.get_extension::<Room>();
        Self { name: name.to_owned(), schema, partitions, room, batches: Vec::new(), bytes: 0, files: None }
    }

    /// Takes some rows more.
    pub(crate) fn push(&mut self, batch: RecordBatch) -> Result<(), BuildError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        if let Some(files) = &mut self.files {
            return files.write(&batch);
        }
        self.bytes += batch.get_array_memory_size();
        self.batches.push(batch);
        if let Some(room) = self.room.as_ref().filter(|room| self.bytes > room.bytes) {
            let mut files = Files::create(&room.folder.join(&self.name), &self.schema, self.partitions)?;
            for batch in self.batches.drain(..) {
                files.write(&batch)?;
            }
            self.files = Some(files);
        }
        Ok(())
    }

    /// Makes the rows a table of the engine, in as many partitions as the engine works with.
    pub(crate) async fn register(self, context: &SessionContext) -> Result<(), BuildError> {
        let Self { name, schema, partitions, batches, files, .. } = self;
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

/// The files of one table, written in turn.
struct Files {
    folder: PathBuf,
    writers: Vec<ArrowWriter<File>>,
    next: usize,
}

impl Files {
    fn create(folder: &Path, schema: &SchemaRef, count: usize) -> Result<Self, BuildError> {
        std::fs::create_dir(folder).map_err(|e| BuildError::unwritable(folder, e))?;
        let properties = WriterProperties::builder()
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_compression(Compression::LZ4_RAW)
            .set_max_row_group_row_count(Some(1 << 18))
            .build();
        let writers = (0..count).map(|index| {
            let path = folder.join(format!("{index}.parquet"));
            let file = File::create(&path).map_err(|e| BuildError::unwritable(&path, e))?;
            ArrowWriter::try_new(file, Arc::clone(schema), Some(properties.clone()))
                .map_err(|e| BuildError::unwritable(&path, e))
        });
        let writers = writers.collect::<Result<_, _>>()?;
        Ok(Self { folder: folder.to_owned(), writers, next: 0 })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), BuildError> {
        let turn = self.next;
        self.next = (turn + 1) % self.writers.len();
        self.writers[turn].write(batch).map_err(|e| BuildError::unwritable(&self.folder, e))
    }

    fn finish(self, schema: SchemaRef) -> Result<ListingTable, BuildError> {
        for writer in self.writers {
            writer.close().map_err(|e| BuildError::unwritable(&self.folder, e))?;
        }
        let unusable = || BuildError::Engine(format!("{} is no absolute path", self.folder.display()));
        let folder = self.folder.canonicalize().map_err(|e| BuildError::unwritable(&self.folder, e))?;
        // Not by its path as text: a bracket in it would be taken for a pattern.
        let place = ListingTableUrl::try_new(Url::from_directory_path(folder).map_err(|()| unusable())?, None)?;
        let options = ListingOptions::new(Arc::new(ParquetFormat::default()));
        Ok(ListingTable::try_new(ListingTableConfig::new(place).with_listing_options(options).with_schema(schema))?)
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Int32Array, StringArray, UInt16Array};
    use datafusion::arrow::datatypes::{DataType, Field, Schema};

    use super::*;
    use crate::engine::{integers, session};

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
        (folder.path().join("rows").join("0.parquet").is_file(), sums)
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
}
