//! A query whose parts hand on their rows beside each other, each on a task of its own.

use std::panic::resume_unwind;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use tokio::task::JoinSet;

use super::frame;
use crate::BuildError;

/// A query that runs as soon as its rows are taken.
pub(crate) struct Parts {
    pub(crate) schema: SchemaRef,
    streams: Vec<SendableRecordBatchStream>,
}

impl Parts {
    pub(crate) async fn of(context: &SessionContext, sql: &str) -> Result<Self, BuildError> {
        let frame = frame(context, sql).await?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        Ok(Self { schema, streams: frame.execute_stream_partitioned().await? })
    }

    /// Hands all rows on, in no order. The first fault ends all parts.
    pub(crate) async fn each(
        self,
        sink: impl Fn(RecordBatch) -> Result<(), BuildError> + Clone + Send + 'static,
    ) -> Result<(), BuildError> {
        let mut tasks = JoinSet::new();
        for mut stream in self.streams {
            let sink = sink.clone();
            tasks.spawn(async move {
                while let Some(batch) = stream.next().await {
                    sink(batch?)?;
                }
                Ok::<_, BuildError>(())
            });
        }
        while let Some(ended) = tasks.join_next().await {
            match ended {
                Ok(outcome) => outcome?,
                Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
                Err(error) => return Err(BuildError::Engine(error.to_string())),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::engine::session;

    #[tokio::test]
    async fn a_fault_of_a_part_ends_all() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let context = session(folder.path(), 8 << 30).expect("a session");
        let sql = "SELECT value % 7 AS n, count(*) AS rows FROM generate_series(1, 1000000) GROUP BY value";
        let rows = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&rows);
        let all = Parts::of(&context, sql).await.expect("a plan").each(move |batch| {
            count.fetch_add(batch.num_rows() as u64, Ordering::Relaxed);
            Ok(())
        });
        all.await.expect("no fault");
        assert_eq!(rows.load(Ordering::Relaxed), 1_000_000);
        let fault =
            Parts::of(&context, sql).await.expect("a plan").each(|_| Err(BuildError::Engine("enough".to_owned())));
        assert!(fault.await.expect_err("a fault").to_string().contains("enough"));
    }
}
