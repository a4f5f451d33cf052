//! The query engine as the builder uses it: one session, SQL in, batches out.

use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;

use crate::BuildError;
use crate::held::{Held, Room};

/// Rows of one file of a table at the most: `seq` is the number of the file in its table times this, plus the row.
pub(crate) const FILE_ROWS: u64 = 1 << 40;

/// A session that keeps its temporary files in `work_dir` and works within so many bytes of `memory`, give or take what
/// a shard or two take while they are encoded.
pub(crate) fn session(work_dir: &Path, memory: u64) -> Result<SessionContext, BuildError> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let memory = usize::try_from(memory).unwrap_or(usize::MAX);
    // Several tables are held at once, beside what the engine works in: all of them near their share pass the whole.
    let room = Room { folder: work_dir.to_owned(), bytes: memory / 8 };
    let config = SessionConfig::new()
        .with_target_partitions(cores.clamp(1, 8))
        .with_batch_size(8_192)
        .with_information_schema(false)
        .with_extension(Arc::new(room))
        // What is read back has the types it was written with.
        .set_bool("datafusion.execution.parquet.schema_force_view_types", false);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(memory / 2)))
        .with_temp_file_path(work_dir)
        // Tables come, go and come again under one name, so that what was once found in a folder says nothing later.
        .with_object_list_cache_limit(0)
        .with_file_statistics_cache_limit(0)
        .build_arc()?;
    Ok(SessionContext::new_with_config_rt(config, runtime))
}

/// Runs a query and keeps its rows under a name.
pub(crate) async fn keep(context: &SessionContext, name: &str, sql: &str) -> Result<(), BuildError> {
    let frame = context.sql(sql).await?;
    let mut held = Held::new(context, name, Arc::new(frame.schema().as_arrow().clone()));
    let mut batches = frame.execute_stream().await?;
    while let Some(batch) = batches.next().await {
        held.push(batch?)?;
    }
    held.register(context).await
}

/// Gives a query a name without running it.
pub(crate) async fn name(context: &SessionContext, name: &str, sql: &str) -> Result<(), BuildError> {
    let frame = context.sql(sql).await?;
    context.register_table(name, frame.into_view())?;
    Ok(())
}

/// Runs a query of one row whose columns are integers; an empty sum is 0.
pub(crate) async fn integers<const N: usize>(context: &SessionContext, sql: &str) -> Result<[i64; N], BuildError> {
    let batches = context.sql(sql).await?.collect().await?;
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

/// Runs a query and hands its rows on as they come.
pub(crate) async fn stream(context: &SessionContext, sql: &str) -> Result<SendableRecordBatchStream, BuildError> {
    Ok(context.sql(sql).await?.execute_stream().await?)
}

/// Whether joins sort both sides, which goes through files where memory has no room, or hold one side, which is quicker.
pub(crate) fn sort_to_join(context: &SessionContext, sorts: bool) {
    let state = context.state_ref();
    let mut state = state.write();
    state.config_mut().options_mut().optimizer.prefer_hash_join = !sorts;
}

/// Teaches SQL `shard_of(id)`: a salted hash of the id over `shards`, the same in every build.
pub(crate) fn register_shard_of(context: &SessionContext, shards: u32) {
    let shard_of = move |arguments: &[ColumnarValue]| {
        let arrays = ColumnarValue::values_to_arrays(arguments)?;
        let ids = arrays
            .first()
            .and_then(|array| array.as_string_opt::<i32>())
            .ok_or_else(|| DataFusionError::Execution("shard_of takes a text".to_owned()))?;
        let numbers: UInt32Array = ids.iter().map(|id| id.map(|id| shard_of(id, shards))).collect();
        Ok(ColumnarValue::Array(Arc::new(numbers)))
    };
    context.register_udf(create_udf(
        "shard_of",
        vec![DataType::Utf8],
        DataType::UInt32,
        Volatility::Immutable,
        Arc::new(shard_of),
    ));
}

/// The shard of an id; the salt keeps it independent of hashes that the source may have sampled by.
fn shard_of(id: &str, shards: u32) -> u32 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"wellspring shard 1\0").update(id.as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    (u64::from_le_bytes(bytes) % u64::from(shards)) as u32
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
