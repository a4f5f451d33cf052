//! What every request shares: the edition being shown, the site, and the room for engine work.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use model::{Question, QuestionError};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::edition::{Answered, Edition};
use crate::open::OpenSnapshot;
use crate::site::Site;

/// Shared by all requests; a clone is the same state.
#[derive(Clone, Debug)]
pub(crate) struct AppState(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    edition: ArcSwap<Edition>,
    /// Hashes that may be fetched: those of the edition shown, and of the one before it,
    /// since a page opened a moment ago still reads that one.
    shards: Mutex<FetchableShards>,
    folder: PathBuf,
    site: Site,
    /// As many questions at once as there are cores; others wait in line instead of slowing each other.
    engine_room: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct FetchableShards {
    current: HashSet<String>,
    previous: HashSet<String>,
}

/// Why a well-formed question got no answer.
#[derive(Debug, Error)]
pub(crate) enum AnswerError {
    /// The snapshot does not know a name, or the question is out of bounds.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// The engine broke down; a bug of ours.
    #[error("the engine stopped: {0}")]
    Broken(String),
}

impl AppState {
    /// The state of a server that shows `snapshot`, read from `folder`.
    pub(crate) fn new(folder: PathBuf, snapshot: OpenSnapshot, site: Site) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let shards = FetchableShards { current: hashes(&snapshot), previous: HashSet::new() };
        Self(Arc::new(Shared {
            edition: ArcSwap::from_pointee(Edition::new(snapshot)),
            shards: Mutex::new(shards),
            folder,
            site,
            engine_room: Arc::new(Semaphore::new(cores)),
        }))
    }

    /// The edition being shown now.
    pub(crate) fn edition(&self) -> Arc<Edition> {
        self.0.edition.load_full()
    }

    /// Shows another snapshot from now on; requests under way finish with the one they began with.
    pub(crate) fn show(&self, snapshot: OpenSnapshot) {
        let current = hashes(&snapshot);
        {
            let mut shards = self.0.shards.lock().unwrap_or_else(PoisonError::into_inner);
            shards.previous = std::mem::replace(&mut shards.current, current);
        }
        self.0.edition.store(Arc::new(Edition::new(snapshot)));
    }

    /// Whether a shard of this hash may be fetched.
    pub(crate) fn has_shard(&self, hash: &str) -> bool {
        let shards = self.0.shards.lock().unwrap_or_else(PoisonError::into_inner);
        shards.current.contains(hash) || shards.previous.contains(hash)
    }

    /// The snapshot's folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// What Trunk built.
    pub(crate) fn site(&self) -> &Site {
        &self.0.site
    }

    /// Answers from memory, or on a thread where computing does not hold up other requests.
    pub(crate) async fn answer(
        &self,
        edition: &Arc<Edition>,
        question: Question,
    ) -> Result<Arc<Answered>, AnswerError> {
        if let Some(known) = edition.known(&question) {
            return Ok(known);
        }
        let room = Arc::clone(&self.0.engine_room);
        let seat = room.acquire_owned().await.map_err(|e| AnswerError::Broken(e.to_string()))?;
        let edition = Arc::clone(edition);
        let work = move || {
            // Held until the work is done, even where the reader has gone.
            let _seat = seat;
            edition.answer(question)
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|e| AnswerError::Broken(e.to_string()))?
            .map_err(AnswerError::from)
    }
}

fn hashes(snapshot: &OpenSnapshot) -> HashSet<String> {
    snapshot.manifest.shards.iter().map(|entry| entry.hash.clone()).collect()
}
