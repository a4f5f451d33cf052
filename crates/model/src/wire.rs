//! What the page and its worker say to each other, as JSON text messages.

use serde::{Deserialize, Serialize};

use crate::{Answers, Question};

/// From the page to its worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToWorker {
    /// Read this manifest and start fetching the shards beside it (`shards/<hash>.arrow`).
    Open {
        /// Absolute URL of `manifest.json`.
        manifest_url: String,
    },
    /// Answer this; an ask not yet answered is dropped, since its reader has moved on.
    Ask {
        /// Comes back with the answer.
        id: u32,
        /// The question.
        question: Question,
    },
}

/// From the worker to its page.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromWorker {
    /// The manifest was read.
    Opened {
        /// `<scope>-<version>`, as in [`crate::Coverage`].
        snapshot: String,
        /// Shards to fetch.
        shards: u32,
    },
    /// A shard arrived and was verified.
    Loaded {
        /// Shards here.
        read: u32,
        /// Shards there are.
        shards: u32,
    },
    /// An answer.
    Answer {
        /// Of this ask.
        id: u32,
        /// The answers.
        answers: Answers,
        /// Time the engine took, milliseconds.
        millis: f64,
    },
    /// Something failed; without an id, the worker as a whole cannot go on.
    Failed {
        /// The ask that failed.
        id: Option<u32>,
        /// One sentence.
        message: String,
    },
}
