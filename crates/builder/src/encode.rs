//! Shards being encoded and stored, a few at a time, beside the work that cuts them.

use std::collections::VecDeque;
use std::sync::Arc;

use model::Manifest;
use snapshot::SnapshotError;
use snapshot::write::{Grown, Growth, Publisher, ShardData};
use tokio::task::JoinHandle;

use crate::BuildError;
use crate::growing::Standings;

/// As many at once, whatever the number of cores; each holds a shard's rows, some tens of megabytes.
const MOST: usize = 32;

/// As many at once as there are cores.
fn at_once() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).clamp(2, MOST)
}

/// The snapshot before, and the names and days as they are now.
#[derive(Clone, Debug)]
pub(crate) struct Over {
    pub(crate) before: Arc<Standings>,
    pub(crate) now: Arc<Manifest>,
}

impl Over {
    /// Puts the shard of this number in place over what it was before.
    fn add(&self, index: usize, data: &ShardData, publisher: &Publisher) -> Result<Grown, SnapshotError> {
        publisher.add_over(data, self.before.standing(index), &self.now)
    }
}

/// Shards under way, oldest first; `T` says whose each is.
pub(crate) struct Encoders<T>(VecDeque<(T, JoinHandle<Result<Grown, SnapshotError>>)>);

impl<T> Encoders<T> {
    pub(crate) fn new() -> Self {
        Self(VecDeque::new())
    }

    /// Starts a shard, over that of this number in the build before; when enough are under way, waits for the oldest and
    /// gives it back.
    pub(crate) async fn add(
        &mut self,
        whose: T,
        data: ShardData,
        publisher: &Arc<Publisher>,
        over: Option<(Over, usize)>,
    ) -> Result<Option<(T, Grown)>, BuildError> {
        let done = if self.0.len() < at_once() { None } else { self.finish_one().await? };
        let publisher = Arc::clone(publisher);
        let task = move || match over {
            Some((over, index)) => over.add(index, &data, &publisher),
            None => publisher.add(&data).map(|entry| Grown { entry, spent: Vec::new(), growth: Growth::Base }),
        };
        self.0.push_back((whose, tokio::task::spawn_blocking(task)));
        Ok(done)
    }

    /// Waits for the oldest; nothing where none is under way.
    pub(crate) async fn finish_one(&mut self) -> Result<Option<(T, Grown)>, BuildError> {
        let Some((whose, encoder)) = self.0.pop_front() else { return Ok(None) };
        let grown = encoder.await.map_err(|e| BuildError::Engine(format!("encoding a shard ended early: {e}")))?;
        Ok(Some((whose, grown?)))
    }
}
