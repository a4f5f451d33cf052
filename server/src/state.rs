//! What every request shares: the parts being shown, the site, the door, and the room for engine work.

use std::path::PathBuf;
use std::sync::Arc;

use model::{Question, QuestionError};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::door::Door;
use crate::edition::{Answered, Edition};
use crate::kept::KeptPages;
use crate::operation::{Metrics, Operation, Rates, Readiness, Seats};
use crate::parts::Parts;
use crate::serve::ServeError;
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
    pages: KeptPages,
    operation: Operation,
    seats: Seats,
    rates: Rates,
    metrics: Metrics,
    readiness: Readiness,
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
    pub(crate) fn open(folder: PathBuf, site: PathBuf, door: Door, operation: Operation) -> Result<Self, ServeError> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let rates = Rates::new(&operation.limits);
        Ok(Self(Arc::new(Shared {
            parts: Parts::open(folder, door.guard().is_some(), operation.trust.clone())?,
            site: Site::open(site),
            door,
            engine_room: Arc::new(Semaphore::new(cores)),
            pages: KeptPages::new(cores),
            seats: Seats::new(&operation.limits),
            rates: rates.map_err(|fault| ServeError::Broken(format!("no random bits: {fault}")))?,
            metrics: Metrics::new(),
            readiness: Readiness::default(),
            operation,
        })))
    }

    /// How the server is run.
    pub(crate) fn operation(&self) -> &Operation {
        &self.0.operation
    }

    /// Seats for requests that are worked on.
    pub(crate) fn seats(&self) -> &Seats {
        &self.0.seats
    }

    /// How much each reader had.
    pub(crate) fn rates(&self) -> &Rates {
        &self.0.rates
    }

    /// What is counted.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Whether requests should come here.
    pub(crate) fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// The pages drawn before.
    pub(crate) fn pages(&self) -> &KeptPages {
        &self.0.pages
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
        let known = edition.known(&question);
        self.metrics().answer(known.is_some());
        if let Some(known) = known {
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
