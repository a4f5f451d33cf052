//! What every request shares: the parts being shown, the site, the door, and the room for engine work.

use std::path::PathBuf;
use std::sync::Arc;

use model::{Question, QuestionError};
use snapshot::SnapshotError;
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::door::Door;
use crate::edition::{Answered, Edition};
use crate::parts::Parts;
use crate::site::Site;

/// Shared by all requests; a clone is the same state.
#[derive(Clone, Debug)]
pub(crate) struct AppState(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    parts: Parts,
    site: Site,
    door: Door,
    /// As many questions at once as there are cores; others wait in line instead of slowing each other.
    engine_room: Arc<Semaphore>,
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
    /// The state of a server that shows the snapshot in `folder` to whom the door lets in. Blocks while it reads.
    ///
    /// # Errors
    /// When the snapshot cannot be read.
    pub(crate) fn open(folder: PathBuf, site: PathBuf, door: Door) -> Result<Self, SnapshotError> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let parts = Parts::open(folder, door.guard().is_some())?;
        let engine_room = Arc::new(Semaphore::new(cores));
        Ok(Self(Arc::new(Shared { parts, site: Site::open(site), door, engine_room })))
    }

    /// The parts being shown.
    pub(crate) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// Who is let in.
    pub(crate) fn door(&self) -> &Door {
        &self.0.door
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
