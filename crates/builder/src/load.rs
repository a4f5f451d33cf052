//! Streams a source table through its checks into the query engine.
//!
//! One thread reads and checks while the engine takes what is ready. What is held is the checked rows: codes and
//! numbers, and the ids that later steps join by.

use std::fmt;
use std::sync::{Arc, Mutex};

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::error::DataFusionError;
use datafusion::execution::TaskContext;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use model::TableReport;

use crate::cache::Cache;
use crate::check::{ChannelsCheck, Check, StoresCheck};
use crate::held::Held;
use crate::names::Catalog;
use crate::quarantine::{BadRows, Quarantine};
use crate::scan::{Scan, Seen};
use crate::source::SourceFile;
use crate::table::Table;
use crate::{BuildError, Progress};

/// The lists of names, filled while tables stream by.
pub(crate) type SharedCatalog = Arc<Mutex<Catalog>>;

/// What became of a table's rows so far; duplicates are found later.
pub(crate) struct Loaded {
    pub(crate) report: TableReport,
    /// The first bad row in words.
    pub(crate) example: Option<String>,
}

/// What loading needs besides the files.
pub(crate) struct Loader<'a> {
    pub(crate) context: &'a SessionContext,
    pub(crate) catalog: &'a SharedCatalog,
    pub(crate) quarantine: &'a Quarantine,
    pub(crate) cache: &'a Arc<Cache>,
    pub(crate) progress: &'a dyn Progress,
}

impl Loader<'_> {
    /// Reads a table of few rows, which its check keeps.
    pub(crate) fn scan(
        &self,
        table: Table,
        files: &[SourceFile],
        catalog: &mut Catalog,
        bad_rows: &mut BadRows,
        check: &mut dyn Check,
    ) -> Result<Seen, BuildError> {
        Scan { table, catalog, bad_rows, check, cache: self.cache, emit: &mut |_, _| Ok(()) }.run(files)
    }
}

/// Reads the stores or the channels, which are few, straight into the catalog; then its list is closed.
pub(crate) fn load_names(loader: &Loader<'_>, table: Table, files: &[SourceFile]) -> Result<Loaded, BuildError> {
    let mut catalog = loader.catalog.lock().expect("no thread panics while it holds the catalog");
    let mut bad_rows = loader.quarantine.table(table.name());
    let mut stores = StoresCheck::default();
    let mut channels = ChannelsCheck::default();
    let check: &mut dyn Check = if table == Table::Stores { &mut stores } else { &mut channels };
    let seen = loader.scan(table, files, &mut catalog, &mut bad_rows, check)?;
    let (kept, good) = if table == Table::Stores {
        let good = stores.0.len();
        let rows = last_of_each(stores.0, |row| row.id.clone());
        for row in &rows {
            add(&mut catalog.stores, &row.id, files, table)?;
        }
        catalog.stores.close();
        catalog.store_rows = rows;
        (catalog.store_rows.len(), good)
    } else {
        let good = channels.0.len();
        let rows = last_of_each(channels.0, |row| row.id.clone());
        for row in &rows {
            add(&mut catalog.channels, &row.id, files, table)?;
        }
        catalog.channels.close();
        catalog.channel_rows = rows;
        (catalog.channel_rows.len(), good)
    };
    loader.progress.advance(seen.rows);
    let mut loaded = loaded(table, seen, bad_rows)?;
    loaded.report.kept = kept as u64;
    loaded.report.duplicate = (good - kept) as u64;
    Ok(loaded)
}

fn add(names: &mut crate::names::Names, id: &str, files: &[SourceFile], table: Table) -> Result<(), BuildError> {
    names.add(id).map(|_| ()).ok_or_else(|| BuildError::TooMany {
        what: names.what,
        limit: names.limit,
        file: files[0].name.clone(),
        row: 1,
        column: table.columns()[0].name,
        value: id.to_owned(),
    })
}

/// Rows in their order, each id once, at the place and with the values of its last row.
pub(crate) fn last_of_each<T>(mut rows: Vec<T>, id: impl Fn(&T) -> String) -> Vec<T> {
    let mut seen = std::collections::HashSet::new();
    rows.reverse();
    rows.retain(|row| seen.insert(id(row)));
    rows.reverse();
    rows
}

/// Streams a large table into the engine, where it is then called `<table>_read`.
pub(crate) async fn load(
    loader: &Loader<'_>,
    table: Table,
    files: Vec<SourceFile>,
    check: Box<dyn Check>,
) -> Result<Loaded, BuildError> {
    let schema = check.schema();
    let rows_read = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let outcome: Outcome = Arc::default();
    let stream = CheckedStream {
        table,
        schema: Arc::clone(&schema),
        rows_read: Arc::clone(&rows_read),
        outcome: Arc::clone(&outcome),
        work: Mutex::new(Some(Work {
            files,
            check,
            catalog: Arc::clone(loader.catalog),
            bad_rows: loader.quarantine.table(table.name()),
            cache: Arc::clone(loader.cache),
        })),
    };
    // Read here, wherever the engine runs: the lists of names are filled in the order of rows.
    let mut batches = stream.execute(loader.context.task_ctx());
    let held = Held::new(loader.context, &format!("{}_read", table.name()), schema);
    let mut told = 0;
    while let Some(batch) = batches.next().await {
        held.push(batch?)?;
        let read = rows_read.load(std::sync::atomic::Ordering::Relaxed);
        loader.progress.advance(read - told);
        told = read;
    }
    drop(batches);
    let (seen, bad_rows) = outcome
        .lock()
        .expect("the reading thread does not panic")
        .take()
        .ok_or_else(|| BuildError::Engine(format!("{} was not read to its end", table.name())))?;
    loader.progress.advance(seen.rows - told);
    held.register(loader.context).await?;
    loaded(table, seen, bad_rows)
}

pub(crate) fn loaded(table: Table, seen: Seen, bad_rows: BadRows) -> Result<Loaded, BuildError> {
    let (quarantined, example) = bad_rows.finish()?;
    let report = TableReport {
        table: table.name().to_owned(),
        rows_read: seen.rows,
        quarantined,
        notes: seen.notes,
        ..TableReport::default()
    };
    Ok(Loaded { report, example })
}

type Outcome = Arc<Mutex<Option<(Seen, BadRows)>>>;

/// A table as the engine sees it: good rows, read once.
struct CheckedStream {
    table: Table,
    schema: SchemaRef,
    rows_read: Arc<std::sync::atomic::AtomicU64>,
    outcome: Outcome,
    /// Taken by the first execution.
    work: Mutex<Option<Work>>,
}

struct Work {
    files: Vec<SourceFile>,
    check: Box<dyn Check>,
    catalog: SharedCatalog,
    bad_rows: BadRows,
    cache: Arc<Cache>,
}

impl fmt::Debug for CheckedStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckedStream({})", self.table.name())
    }
}

impl PartitionStream for CheckedStream {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut builder = RecordBatchReceiverStream::builder(Arc::clone(&self.schema), 8);
        let sender = builder.tx();
        let work = self.work.lock().expect("taking it cannot panic").take();
        let (table, outcome) = (self.table, Arc::clone(&self.outcome));
        let rows_read = Arc::clone(&self.rows_read);
        builder.spawn_blocking(move || {
            let Some(mut work) = work else {
                let reason = format!("{} was asked for twice", table.name());
                return Err(DataFusionError::Execution(reason));
            };
            let mut catalog = work.catalog.lock().expect("no thread panics while it holds the catalog");
            let mut emit = |batch, rows| {
                rows_read.fetch_add(rows, std::sync::atomic::Ordering::Relaxed);
                sender.blocking_send(Ok(batch)).map_err(|_| BuildError::Engine("the build was cancelled".to_owned()))
            };
            let scan = Scan {
                table,
                catalog: &mut catalog,
                bad_rows: &mut work.bad_rows,
                check: work.check.as_mut(),
                cache: &work.cache,
                emit: &mut emit,
            };
            let seen = scan.run(&work.files).map_err(|e| DataFusionError::External(Box::new(e)))?;
            drop(catalog);
            *outcome.lock().expect("nothing else holds it") = Some((seen, work.bad_rows));
            Ok(())
        });
        builder.build()
    }
}
