//! Shards being encoded and stored, a few at a time, beside the work that cuts them.

use std::collections::VecDeque;
use std::sync::Arc;

use model::ShardEntry;
use snapshot::SnapshotError;
use snapshot::write::{Publisher, ShardData};
use tokio::task::JoinHandle;

use crate::BuildError;

/// As many at once, whatever the number of cores; each holds a shard's rows, some tens of megabytes.
const MOST: usize = 32;

/// As many at once as there are cores.
fn at_once() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).clamp(2, MOST)
}

/// Shards under way, oldest first; `T` says whose each is.
pub(crate) struct Encoders<T>(VecDeque<(T, JoinHandle<Result<ShardEntry, SnapshotError>>)>);

impl<T> Encoders<T> {
    pub(crate) fn new() -> Self {
        Self(VecDeque::new())
    }

    /// Starts a shard; when enough are under way, waits for the oldest and gives it back.
    pub(crate) async fn add(
        &mut self,
        whose: T,
        data: ShardData,
        publisher: &Arc<Publisher>,
    ) -> Result<Option<(T, ShardEntry)>, BuildError> {
        let done = if self.0.len() < at_once() { None } else { self.finish_one().await? };
        let publisher = Arc::clone(publisher);
        self.0.push_back((whose, tokio::task::spawn_blocking(move || publisher.add(&data))));
        Ok(done)
    }

    /// Waits for the oldest; nothing where none is under way.
    pub(crate) async fn finish_one(&mut self) -> Result<Option<(T, ShardEntry)>, BuildError> {
        let Some((whose, encoder)) = self.0.pop_front() else { return Ok(None) };
        let entry = encoder.await.map_err(|e| BuildError::Engine(format!("encoding a shard ended early: {e}")))?;
        Ok(Some((whose, entry?)))
    }
}
