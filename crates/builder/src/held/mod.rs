//! Rows kept for later steps: in memory while they are few, in files of the build's own folder beyond that.

mod files;
mod room;

use std::sync::{Arc, Mutex, MutexGuard};

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;

use crate::BuildError;
use files::Files;

#[cfg(feature = "cluster")]
pub(crate) use files::{properties, table_of};
pub(crate) use room::Room;

/// Each file that is written holds back some ten thousands of rows; who reads takes them apart by themselves.
const MOST_FILES: usize = 8;

/// A table's rows while they come in, from several tasks at once.
pub(crate) struct Held {
    name: String,
    schema: SchemaRef,
    /// Parts of the table in memory, and files of it at the most.
    partitions: usize,
    room: Option<Arc<Room>>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    rows: u64,
    batches: Vec<RecordBatch>,
    /// Bytes of the batches.
    bytes: usize,
    files: Option<Arc<Files>>,
}

impl Held {
    /// Nothing yet, of a table that will have this name.
    pub(crate) fn new(context: &SessionContext, name: &str, schema: SchemaRef) -> Self {
        let config = context.copied_config();
        let partitions = config.target_partitions().clamp(1, MOST_FILES);
        let room = config.get_extension::<Room>();
        Self { name: name.to_owned(), schema, partitions, room, taken: Mutex::default() }
    }

    /// The same, in a single file.
    pub(crate) fn of_one_file(self) -> Self {
        Self { partitions: 1, ..self }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().expect("nothing panics while it holds a table's rows")
    }

    /// Takes some rows more.
    pub(crate) fn push(&self, batch: RecordBatch) -> Result<(), BuildError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let files = {
            let mut taken = self.taken();
            taken.rows += batch.num_rows() as u64;
            match &taken.files {
                Some(files) => Arc::clone(files),
                None => return self.hold(&mut taken, batch),
            }
        };
        // Several may write at once.
        files.write(&batch)
    }

    /// Takes rows in memory; all go to files where it has no room for these.
    fn hold(&self, taken: &mut Taken, batch: RecordBatch) -> Result<(), BuildError> {
        let more = bytes(&batch)?;
        taken.batches.push(batch);
        match self.room.as_ref().filter(|room| !room.grow(taken.bytes, more)) {
            None => taken.bytes += more,
            Some(room) => {
                let files = Files::create(room.take(&self.name)?, &self.schema, self.partitions)?;
                taken.batches.drain(..).try_for_each(|batch| files.write(&batch))?;
                room.shrink(std::mem::take(&mut taken.bytes));
                taken.files = Some(Arc::new(files));
            }
        }
        Ok(())
    }

    /// Rows so far.
    pub(crate) fn rows(&self) -> u64 {
        self.taken().rows
    }

    /// Makes the rows a table of the engine, in as many partitions as the engine works with.
    pub(crate) async fn register(self, context: &SessionContext) -> Result<(), BuildError> {
        let Self { name, schema, partitions, room, taken } = self;
        let Taken { rows, batches, bytes, files } =
            taken.into_inner().expect("nothing panics while it holds a table's rows");
        let mut files = files
            .map(|files| Arc::into_inner(files).ok_or_else(|| BuildError::Engine(format!("{name} is still written"))))
            .transpose()?;
        if let Some(room) = &room {
            if files.is_none() && room.has_files_only() {
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
        let held = Held::new(&context, "rows", Arc::clone(&schema));
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

    #[test]
    fn rows_of_several_threads_are_all_there_in_memory_and_in_files() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        for memory in [8u64 << 30, 1 << 20] {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let context = session(folder.path(), memory).expect("a session");
            let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int32, false)]));
            let held = Held::new(&context, "rows", Arc::clone(&schema));
            std::thread::scope(|scope| {
                for thread in 0..4 {
                    let (held, schema) = (&held, &schema);
                    scope.spawn(move || {
                        for batch in 0..50 {
                            let numbers: Int32Array =
                                (0..1_000).map(|n| Some((thread * 50 + batch) * 1_000 + n)).collect();
                            let rows = RecordBatch::try_new(Arc::clone(schema), vec![Arc::new(numbers)]);
                            held.push(rows.expect("a column of the schema")).expect("room");
                        }
                    });
                }
            });
            assert_eq!(held.rows(), 200_000);
            let found = runtime.block_on(async {
                held.register(&context).await.expect("a table");
                integers(&context, "SELECT count(*), sum(n), sum(CAST(n AS BIGINT) * n) FROM rows")
                    .await
                    .expect("an answer")
            });
            assert_eq!(
                found,
                [200_000, 199_999 * 200_000 / 2, 199_999 * 200_000 * 399_999 / 6],
                "within {memory} bytes"
            );
        }
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
