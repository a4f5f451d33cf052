//! What changes on a page between two answers: whether one is on its way, and who answers.

use leptos::prelude::*;

/// What the reader is told, quietly, about where answers come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing worth a word.
    #[default]
    Quiet,
    /// Shards arrive, or are being counted.
    Reading {
        /// Shards read.
        read: u32,
        /// Shards there are.
        shards: u32,
    },
    /// The best answer was here after so many milliseconds.
    Answered {
        /// From the question to the answer.
        millis: u32,
    },
    /// The workers failed; the server answers.
    ByServer,
    /// The snapshot bears no signature that is trusted here: nothing is counted with it.
    Unsigned,
    /// The snapshot is older than one that was shown here before: nothing is counted with it.
    Older,
}

/// The live values, shared by the frame and the browser side.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// Whether better numbers are on their way.
    pub(crate) busy: RwSignal<bool>,
    /// Whether the numbers shown answer an older question.
    pub(crate) stale: RwSignal<bool>,
    /// Who answers.
    pub(crate) status: RwSignal<Status>,
    /// Whether the server cannot be reached.
    pub(crate) offline: RwSignal<bool>,
    /// Whether the server has a newer snapshot than this page.
    pub(crate) newer: RwSignal<bool>,
}

impl Live {
    /// Nothing on its way.
    pub(crate) fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            stale: RwSignal::new(false),
            status: RwSignal::new(Status::Quiet),
            offline: RwSignal::new(false),
            newer: RwSignal::new(false),
        }
    }

    /// Whether the reader can be offered a newer snapshot.
    pub(crate) fn offers_newer(&self) -> bool {
        self.newer.get() && !self.offline.get()
    }
}
