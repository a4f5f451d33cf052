//! The edition being shown: one open snapshot and the answers it already gave.
//!
//! A new snapshot is a new edition with an empty cache, so an answer can never outlive its snapshot.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use model::{Answers, Question, QuestionError};
use moka::sync::Cache;

use crate::open::OpenSnapshot;

/// Bytes that cached answers may take, about.
const CACHE_BYTES: u64 = 64 << 20;

/// Editions made by this process.
static EDITIONS: AtomicU64 = AtomicU64::new(0);

/// A snapshot and its answers so far.
#[derive(Debug)]
pub(crate) struct Edition {
    /// No other edition of this process has it, whatever it shows.
    pub(crate) serial: u64,
    /// The snapshot.
    pub(crate) snapshot: OpenSnapshot,
    answers: Cache<Arc<Question>, Arc<Answered>>,
    manifest_gzip: OnceLock<Bytes>,
}

/// An answer in both forms it is needed in.
#[derive(Debug)]
pub(crate) struct Answered {
    /// For a page.
    pub(crate) answers: Answers,
    /// For `POST /api/ask`.
    pub(crate) json: Bytes,
}

impl Edition {
    /// An edition that has not answered anything yet.
    pub(crate) fn new(snapshot: OpenSnapshot) -> Self {
        let answers = Cache::builder()
            .max_capacity(CACHE_BYTES)
            .weigher(|question: &Arc<Question>, answered: &Arc<Answered>| {
                // The parsed answer takes about as much again as its JSON.
                let bytes = names_bytes(question) + 2 * answered.json.len() + 1024;
                u32::try_from(bytes).unwrap_or(u32::MAX)
            })
            .build();
        let serial = EDITIONS.fetch_add(1, Ordering::Relaxed);
        Self { serial, snapshot, answers, manifest_gzip: OnceLock::new() }
    }

    /// The manifest's file, compressed the first time that somebody asks; every reader does.
    ///
    /// # Errors
    /// When compressing fails; a bug of ours.
    pub(crate) fn manifest_gzip(&self) -> io::Result<Bytes> {
        if let Some(packed) = self.manifest_gzip.get() {
            return Ok(packed.clone());
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.snapshot.manifest_bytes)?;
        let packed = Bytes::from(encoder.finish()?);
        Ok(self.manifest_gzip.get_or_init(|| packed).clone())
    }

    /// The answer, if it was given before.
    pub(crate) fn known(&self, question: &Question) -> Option<Arc<Answered>> {
        self.answers.get(question)
    }

    /// The answer, computed once even where many ask at the same moment. Blocks.
    pub(crate) fn answer(&self, question: Question) -> Result<Arc<Answered>, QuestionError> {
        let question = Arc::new(question);
        self.answers
            .try_get_with(Arc::clone(&question), || Ok(Arc::new(Answered::new(self.snapshot.answer(&question)?))))
            .map_err(|error: Arc<QuestionError>| (*error).clone())
    }
}

impl Answered {
    /// An answer with its JSON.
    pub(crate) fn new(answers: Answers) -> Self {
        let json = serde_json::to_vec(&answers).expect("answers have string keys only");
        Self { answers, json: json.into() }
    }
}

/// Bytes of the names a question holds.
fn names_bytes(question: &Question) -> usize {
    let filter = &question.filter;
    [&filter.regions, &filter.stores, &filter.channels]
        .into_iter()
        .flatten()
        .map(|name| name.len() + size_of::<String>())
        .sum()
}
