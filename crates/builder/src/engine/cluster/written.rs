//! A step of a plan that runs on workers: each part of its input goes to a file of its own in the shared folder, and
//! what is handed on are the files' names.
//!
//! The build takes the files that it was told of, and no others. So a task can be done twice, and a worker that dies or
//! was taken for dead leaves nothing but a file that nobody reads.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::arrow::array::{AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, Partitioning, PlanProperties,
    SendableRecordBatchStream,
};
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};
use futures::{StreamExt, stream};

use crate::held::properties;

/// The step.
#[derive(Debug)]
pub(crate) struct Written {
    input: Arc<dyn ExecutionPlan>,
    folder: PathBuf,
    properties: Arc<PlanProperties>,
}

impl Written {
    pub(crate) fn new(input: Arc<dyn ExecutionPlan>, folder: PathBuf) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(told()),
            // As many parts, and no word on what is in which: what its keys were is not handed on.
            Partitioning::UnknownPartitioning(input.output_partitioning().partition_count()),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        Self { input, folder, properties: Arc::new(properties) }
    }
}

/// What is handed on: the name of a part's file; none where the part has no rows.
fn told() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("file", DataType::Utf8, true)]))
}

/// The files that were told of.
pub(crate) fn files(folder: &Path, told: &[RecordBatch]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for batch in told {
        let wrong = || DataFusionError::Execution("a worker told of its files in another form".to_owned());
        let names = batch.column_by_name("file").and_then(|names| names.as_string_opt::<i32>()).ok_or_else(wrong)?;
        files.extend(names.iter().flatten().map(|name| folder.join(name)));
    }
    // Workers are not told of in any order.
    files.sort();
    Ok(files)
}

impl DisplayAs for Written {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Written: folder={}", self.folder.display())
    }
}

impl ExecutionPlan for Written {
    fn name(&self) -> &str {
        "Written"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let (Some(input), true) = (children.pop(), children.is_empty()) else { return Err(one_input()) };
        Ok(Arc::new(Self::new(input, self.folder.clone())))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let written = write(self.input.execute(partition, context)?, self.folder.clone());
        Ok(Box::pin(RecordBatchStreamAdapter::new(told(), stream::once(written))))
    }
}

fn one_input() -> DataFusionError {
    DataFusionError::Internal("what is written comes from one input".to_owned())
}

async fn write(mut input: SendableRecordBatchStream, folder: PathBuf) -> Result<RecordBatch> {
    let mut file: Option<(ArrowWriter<File>, String)> = None;
    while let Some(batch) = input.next().await {
        let batch = batch?;
        if batch.num_rows() == 0 {
            continue;
        }
        if file.is_none() {
            file = Some(create(&folder, batch.schema())?);
        }
        if let Some((writer, _)) = &mut file {
            writer.write(&batch)?;
        }
    }
    let name = match file {
        Some((writer, name)) => {
            writer.close()?;
            Some(name)
        }
        None => None,
    };
    Ok(RecordBatch::try_new(told(), vec![Arc::new(StringArray::from(vec![name]))])?)
}

/// A file that nobody else has, on whatever machine.
fn create(folder: &Path, schema: SchemaRef) -> Result<(ArrowWriter<File>, String)> {
    let failed = |e: &dyn fmt::Display| io::Error::other(format!("cannot write to {}: {e}", folder.display()));
    let file =
        tempfile::Builder::new().prefix("part-").suffix(".parquet").tempfile_in(folder).map_err(|e| failed(&e))?;
    let (file, path) = file.keep().map_err(|e| failed(&e))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((ArrowWriter::try_new(file, schema, Some(properties()))?, name))
}

/// How plans travel: as Ballista says it, and this step by a mark and its folder.
#[derive(Debug, Default)]
pub(crate) struct Codec(BallistaPhysicalExtensionCodec);

const MARK: &[u8] = b"wellspring written 1\0";

impl PhysicalExtensionCodec for Codec {
    fn try_decode(
        &self,
        buf: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(folder) = buf.strip_prefix(MARK) else {
            return self.0.try_decode(buf, inputs, context, converter);
        };
        let [input] = inputs else { return Err(one_input()) };
        let folder = str::from_utf8(folder).map_err(|e| DataFusionError::Internal(e.to_string()))?;
        Ok(Arc::new(Written::new(Arc::clone(input), folder.into())))
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        buf: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        let Some(written) = node.downcast_ref::<Written>() else {
            return self.0.try_encode(node, buf, converter);
        };
        let folder = written.folder.to_str();
        let folder =
            folder.ok_or_else(|| DataFusionError::Internal("the shared folder's path is no text".to_owned()))?;
        buf.extend_from_slice(MARK);
        buf.extend_from_slice(folder.as_bytes());
        Ok(())
    }
}
