//! The query engine as the builder uses it: one session, SQL in, batches out.
//!
//! The session may be embedded or run its plans on a cluster. The SQL is the same, and so are the shards: nothing that
//! decides a byte hangs on the order in which rows come, only on the orders that the SQL names.

mod choice;
#[cfg(feature = "cluster")]
pub(crate) mod cluster;
pub(crate) mod joins;
mod memory;
mod parts;
mod shard_of;

pub use choice::{Engine, PARTS, SchedulerAddress};
pub(crate) use parts::Parts;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::ScalarUDF;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};

use self::joins::MayHold;
use self::memory::{Budget, TwoPools};
use crate::held::{Held, Room};
use crate::{BuildError, one_id};

/// Rows of one file of a table at the most: `seq` is the number of the file in its table times this, plus the row.
pub(crate) const FILE_ROWS: u64 = 1 << 40;

/// The session that is asked for; its temporary files lie in `work_dir`.
pub(crate) async fn open(engine: &Engine, work_dir: &Path, memory: u64) -> Result<SessionContext, BuildError> {
    match engine {
        Engine::Embedded => session(work_dir, memory),
        #[cfg(feature = "cluster")]
        Engine::Cluster { scheduler, shared, parts } => {
            cluster::session(scheduler, shared.as_deref(), *parts, work_dir).await
        }
        #[cfg(not(feature = "cluster"))]
        Engine::Cluster { scheduler, .. } => Err(BuildError::NoCluster { scheduler: scheduler.to_string() }),
    }
}

/// What plans may call beyond SQL's own functions. Each is known by its name alone and holds nothing, so that the
/// scheduler and the workers of a cluster have the same.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    let mut functions = one_id::functions();
    functions.push(shard_of::function());
    functions
}

/// What the report says of the engine.
pub(crate) fn note(context: &SessionContext) -> Option<String> {
    #[cfg(feature = "cluster")]
    if let Some(cluster) = cluster::of(context) {
        return cluster.note();
    }
    let _ = context;
    None
}

/// What every session rests on: nothing is remembered of files. Tables come, go and come again under one name, so that
/// what was once found in a folder says nothing later.
fn runtime() -> RuntimeEnvBuilder {
    RuntimeEnvBuilder::new().with_object_list_cache_limit(0).with_file_statistics_cache_limit(0)
}

/// How many parts of a plan run at once.
fn cores() -> usize {
    #[cfg(test)]
    if let Some(cores) = CORES.get() {
        return cores;
    }
    std::thread::available_parallelism().map_or(2, usize::from)
}

#[cfg(test)]
std::thread_local! {
    /// Tests build with another number than the machine has, one after the other on their own thread.
    pub(crate) static CORES: std::cell::Cell<Option<usize>> = const { std::cell::Cell::new(None) };
}

/// An embedded session that keeps its temporary files in `work_dir` and works within so many bytes of `memory`, give or
/// take what a shard or two take while they are encoded.
pub(crate) fn session(work_dir: &Path, memory: u64) -> Result<SessionContext, BuildError> {
    let budget = Budget::of(memory, cores());
    let room = Room::new(work_dir.to_owned(), budget.tables);
    let config = SessionConfig::new()
        .with_target_partitions(budget.parts)
        .with_sort_spill_reservation_bytes(budget.set_aside)
        .with_batch_size(8_192)
        .with_information_schema(false)
        .with_extension(Arc::new(room))
        .with_extension(Arc::new(MayHold(budget.must_hold / 3 * 2)))
        // The side that a join holds stands first, and stays there: guesses of sizes would turn some around.
        .set_bool("datafusion.optimizer.join_reordering", false)
        // What is read back has the types it was written with.
        .set_bool("datafusion.execution.parquet.schema_force_view_types", false);
    let runtime = runtime()
        .with_memory_pool(Arc::new(TwoPools::new(budget.may_spill, budget.must_hold)))
        .with_temp_file_path(work_dir)
        .build_arc()?;
    let context = SessionContext::new_with_config_rt(config, runtime);
    for function in functions() {
        context.register_udf(function);
    }
    Ok(context)
}

/// Runs a query and keeps its rows under a name.
pub(crate) async fn keep(context: &SessionContext, name: &str, sql: &str) -> Result<(), BuildError> {
    #[cfg(feature = "cluster")]
    if let Some(cluster) = cluster::of(context) {
        return cluster.keep(context, name, sql).await;
    }
    let began = Instant::now();
    let parts = Parts::of(context, sql).await?;
    let held = Arc::new(Held::new(context, name, Arc::clone(&parts.schema)));
    let to = Arc::clone(&held);
    parts.each(move |batch| to.push(batch)).await?;
    tracing::debug!(table = name, rows = held.rows(), seconds = began.elapsed().as_secs_f64(), "kept");
    let held = Arc::into_inner(held).ok_or_else(|| BuildError::Engine(format!("{name} is still written")))?;
    held.register(context).await
}

/// A query whose joins are chosen.
async fn frame(context: &SessionContext, sql: &str) -> Result<DataFrame, BuildError> {
    joins::choose(context.sql(sql).await?)
}

/// Gives a query a name without running it.
pub(crate) async fn name(context: &SessionContext, name: &str, sql: &str) -> Result<(), BuildError> {
    let frame = context.sql(sql).await?;
    context.register_table(name, frame.into_view())?;
    Ok(())
}

/// Forgets tables and views that no later step reads, so that their memory or their files are free again. A table's
/// rows stay as long as a view of it does: name both.
pub(crate) fn let_go(context: &SessionContext, names: &[&str]) -> Result<(), BuildError> {
    let room = context.copied_config().get_extension::<Room>();
    for name in names {
        context.deregister_table(*name)?;
        if let Some(room) = &room {
            room.clear(name);
        }
    }
    Ok(())
}

/// Runs a query of one row whose columns are integers; an empty sum is 0.
pub(crate) async fn integers<const N: usize>(context: &SessionContext, sql: &str) -> Result<[i64; N], BuildError> {
    let batches = rows(context, sql).await?;
    let batch = batches
        .iter()
        .find(|batch| batch.num_rows() > 0)
        .ok_or_else(|| BuildError::Engine("a sum came back without a row".to_owned()))?;
    let mut values = [0; N];
    for (value, column) in values.iter_mut().zip(batch.columns()) {
        let column = datafusion::arrow::compute::cast(column, &DataType::Int64)?;
        let column = column.as_primitive::<Int64Type>();
        *value = if column.is_null(0) { 0 } else { column.value(0) };
    }
    Ok(values)
}

/// The rows of a query, which are few.
pub(crate) async fn rows(context: &SessionContext, sql: &str) -> Result<Vec<RecordBatch>, BuildError> {
    #[cfg(feature = "cluster")]
    if let Some(cluster) = cluster::of(context) {
        return cluster.rows(context, sql).await;
    }
    Ok(frame(context, sql).await?.collect().await?)
}

/// Runs a query and hands its rows on as they come.
pub(crate) async fn stream(context: &SessionContext, sql: &str) -> Result<SendableRecordBatchStream, BuildError> {
    #[cfg(feature = "cluster")]
    if let Some(cluster) = cluster::of(context) {
        return cluster.stream(context, sql).await;
    }
    Ok(frame(context, sql).await?.execute_stream().await?)
}

/// A column of a batch as integers of one type, by name.
pub(crate) fn column<'a, T: datafusion::arrow::datatypes::ArrowPrimitiveType>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<&'a [T::Native], BuildError> {
    batch
        .column_by_name(name)
        .and_then(|column| column.as_primitive_opt::<T>())
        .map(|column| &column.values()[..])
        .ok_or_else(|| BuildError::Engine(format!("no column {name} of the type expected")))
}
