//! The engine on a cluster: plans are made here; each becomes a job that a Ballista scheduler hands to its workers.
//!
//! What is kept is written by the workers, each part of a table to a file of its own in the shared folder
//! ([`written`]). What must come in an order is sorted by them part by part, and merged here from their files. So
//! no worker is ever asked for more than the names of its files, and a job that failed can be run again as a whole.

mod probe;
pub(crate) mod written;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ballista_core::config::{BALLISTA_BROADCAST_JOIN_THRESHOLD_BYTES, BALLISTA_BROADCAST_JOIN_THRESHOLD_ROWS};
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::SessionConfigExt;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::physical_expr::LexOrdering;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet};
use datafusion::physical_plan::placeholder_row::PlaceholderRowExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::sorts::streaming_merge::StreamingMergeBuilder;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, SendableRecordBatchStream, collect};
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion_proto::protobuf::PhysicalPlanNode;
use futures::{StreamExt, TryStreamExt, stream};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use self::written::{Codec, Written};
use super::choice::SchedulerAddress;
use super::functions;
use crate::BuildError;
use crate::held::{Held, Room, table_of};

/// How often a job is run in all; the scheduler has tried each of its tasks several times by then.
const TRIES: u32 = 4;
/// How long a file that a worker has written may take until it is seen here.
const SEEN_WITHIN: Duration = Duration::from_secs(10);
/// Rows that are handed on at a time.
const BATCH: usize = 8_192;

/// What a session on a cluster knows beside its tables.
pub(crate) struct Cluster {
    /// Where jobs are given in.
    scheduler: SchedulerAddress,
    /// Reads here what workers have written, each file in its order.
    reader: SessionContext,
    /// How many jobs were run again.
    again: AtomicU64,
    /// Removed with the session.
    _shared: Option<TempDir>,
}

/// The cluster of a session; none where it is embedded.
pub(super) fn of(context: &SessionContext) -> Option<Arc<Cluster>> {
    context.copied_config().get_extension::<Cluster>()
}

/// A session whose plans run on a cluster and whose tables lie in `shared`, or in `work_dir` where none is named.
pub(super) async fn session(
    scheduler: &SchedulerAddress,
    shared: Option<&Path>,
    parts: usize,
    work_dir: &Path,
) -> Result<SessionContext, BuildError> {
    probe::wait_for_workers(scheduler).await?;
    let own = |dir: &Path| {
        let folder = tempfile::Builder::new().prefix(".building-").tempdir_in(dir);
        folder.map_err(|e| BuildError::unwritable(dir, e))
    };
    let shared = shared.map(own).transpose()?;
    let folder = shared.as_ref().map_or(work_dir, TempDir::path);
    // Workers are told of it, wherever they were started.
    let folder = folder.canonicalize().map_err(|e| BuildError::unwritable(folder, e))?;
    let types = "datafusion.execution.parquet.schema_force_view_types";
    let reader = SessionConfig::new().with_target_partitions(1).with_batch_size(BATCH).set_bool(types, false);
    let cluster = Cluster {
        scheduler: scheduler.clone(),
        reader: SessionContext::new_with_config_rt(reader, super::runtime().build_arc()?),
        again: AtomicU64::new(0),
        _shared: shared,
    };
    let config = SessionConfig::new_with_ballista()
        .with_target_partitions(parts.max(1))
        .with_batch_size(BATCH)
        .with_information_schema(false)
        .set_bool(types, false)
        // Every join is spread by its keys, and sorted rather than held: both sides grow with the members.
        .set_usize(BALLISTA_BROADCAST_JOIN_THRESHOLD_BYTES, 0)
        .set_usize(BALLISTA_BROADCAST_JOIN_THRESHOLD_ROWS, 0)
        .set_usize("datafusion.optimizer.hash_join_single_partition_threshold", 0)
        .set_usize("datafusion.optimizer.hash_join_single_partition_threshold_rows", 0)
        // Nothing is held in memory: workers could not read it.
        .with_extension(Arc::new(Room::new(folder, 0)))
        .with_extension(Arc::new(cluster));
    let context = SessionContext::new_with_config_rt(config, super::runtime().build_arc()?);
    for function in functions() {
        context.register_udf(function);
    }
    Ok(context)
}

/// The files of a table that workers have written.
struct Table {
    files: Vec<PathBuf>,
    schema: SchemaRef,
    /// The order of rows within each file, where there is one.
    order: Option<LexOrdering>,
}

impl Cluster {
    /// Has the workers write the rows of a query, and names them.
    pub(super) async fn keep(&self, context: &SessionContext, name: &str, sql: &str) -> Result<(), BuildError> {
        let Table { files, schema, .. } = self.write(context, name, sql).await?;
        if files.is_empty() {
            return Held::new(context, name, schema).register(context).await;
        }
        context.register_table(name, Arc::new(table_of(&files, schema)?))?;
        Ok(())
    }

    /// Has the workers sort the rows of a query, and merges them here.
    pub(super) async fn stream(
        &self,
        context: &SessionContext,
        sql: &str,
    ) -> Result<SendableRecordBatchStream, BuildError> {
        let Table { files, schema, order } = self.write(context, "sorted", sql).await?;
        let mut streams = Vec::new();
        for file in files {
            let table = table_of(&[file], Arc::clone(&schema))?;
            streams.push(self.reader.read_table(Arc::new(table))?.execute_stream().await?);
        }
        let Some(order) = order.filter(|_| !streams.is_empty()) else {
            return Ok(Box::pin(RecordBatchStreamAdapter::new(schema, stream::iter(streams).flatten())));
        };
        let room = MemoryConsumer::new("merge").register(&self.reader.runtime_env().memory_pool);
        let merged = StreamingMergeBuilder::new()
            .with_streams(streams)
            .with_schema(schema)
            .with_expressions(&order)
            .with_metrics(BaselineMetrics::new(&ExecutionPlanMetricsSet::new(), 0))
            .with_batch_size(BATCH)
            .with_reservation(room);
        Ok(merged.build()?)
    }

    /// The rows of a query, which are few.
    pub(super) async fn rows(&self, context: &SessionContext, sql: &str) -> Result<Vec<RecordBatch>, BuildError> {
        let plan = context.sql(sql).await?.create_physical_plan().await?;
        if reads_nothing(&plan) {
            // How many rows a table has is known of its files: no work for anybody.
            return Ok(collect(plan, context.task_ctx()).await?);
        }
        self.again(|| self.run(context, Arc::clone(&plan))).await
    }

    async fn write(&self, context: &SessionContext, name: &str, sql: &str) -> Result<Table, BuildError> {
        let room = context.copied_config().get_extension::<Room>();
        let room = room.ok_or_else(|| BuildError::Engine("the session has no room for tables".to_owned()))?;
        let (parts, order) = parts(context.sql(sql).await?.create_physical_plan().await?);
        let schema = parts.schema();
        let files = self
            .again(|| async {
                let folder = room.take(name)?;
                let plan = Written::new(Arc::clone(&parts), folder.clone());
                let told = self.run(context, Arc::new(plan)).await?;
                Ok(written::files(&folder, &told)?)
            })
            .await?;
        for file in &files {
            seen(file).await?;
        }
        Ok(Table { files, schema, order })
    }

    /// Runs one job and gives what its last step hands on.
    async fn run(
        &self,
        context: &SessionContext,
        plan: Arc<dyn ExecutionPlan>,
    ) -> Result<Vec<RecordBatch>, BuildError> {
        let config = context.copied_config();
        let scheduler = format!("http://{}:{}", self.scheduler.host, self.scheduler.port);
        let session = context.session_id();
        let (ballista, codec) = (config.ballista_config(), Codec::default());
        let rows =
            execute_physical_plan::<PhysicalPlanNode>(scheduler, &ballista, plan, &codec, session, config).await?;
        Ok(rows.try_collect().await?)
    }

    /// Runs a job; again, where the cluster could not end it.
    async fn again<T, F>(&self, job: impl Fn() -> F) -> Result<T, BuildError>
    where
        F: Future<Output = Result<T, BuildError>>,
    {
        for attempt in 1..TRIES {
            match job().await {
                Err(BuildError::Engine(_)) => {
                    self.again.fetch_add(1, Ordering::Relaxed);
                    sleep(Duration::from_secs(1 << attempt)).await;
                    // One that was started anew knows nothing of the job and need not: it is given all of it.
                    probe::wait_until_back(&self.scheduler).await?;
                }
                done => return done,
            }
        }
        job().await
    }

    /// What the report says of the cluster.
    pub(super) fn note(&self) -> Option<String> {
        let again = self.again.load(Ordering::Relaxed);
        (again > 0).then(|| format!("the cluster did not end {again} jobs at the first try; they were run again"))
    }
}

/// Whether a plan has nothing to read: its rows stand in itself.
fn reads_nothing(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let inputs = plan.children();
    match inputs.is_empty() {
        true => plan.is::<PlaceholderRowExec>() || plan.is::<EmptyExec>(),
        false => inputs.into_iter().all(reads_nothing),
    }
}

/// The plan without the step that would bring its parts together at one worker, and the order of rows in each part.
fn parts(plan: Arc<dyn ExecutionPlan>) -> (Arc<dyn ExecutionPlan>, Option<LexOrdering>) {
    if let Some(merge) = plan.downcast_ref::<SortPreservingMergeExec>().filter(|merge| merge.fetch().is_none()) {
        return (Arc::clone(merge.input()), Some(merge.expr().clone()));
    }
    if let Some(all) = plan.downcast_ref::<CoalescePartitionsExec>().filter(|all| all.fetch().is_none()) {
        return (Arc::clone(all.input()), None);
    }
    let order = plan.output_ordering().cloned();
    (plan, order)
}

/// Waits until a file that a worker has written is there; an error where the folder is not shared after all.
async fn seen(file: &Path) -> Result<(), BuildError> {
    let there = async {
        while !file.is_file() {
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(SEEN_WITHIN, there).await.map_err(|_| BuildError::NotShared { file: file.to_owned() })
}
