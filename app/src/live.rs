//! What changes on a page between two answers: whether one is on its way, and who answers.

use leptos::prelude::*;

/// What the reader is told, quietly, about where answers come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nothing worth a word.
    #[default]
    Quiet,
    /// The worker fetches shards.
    Loading {
        /// Shards here.
        read: u32,
        /// Shards there are.
        shards: u32,
    },
    /// The worker answered in so many milliseconds.
    Answered {
        /// Time the engine took.
        millis: u32,
    },
    /// The worker failed; the server answers.
    ByServer,
    /// The server has a newer snapshot than this page.
    Newer,
}

/// The live values, shared by the frame and the browser side.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// Whether the numbers shown are about to be replaced.
    pub(crate) busy: RwSignal<bool>,
    /// Who answers.
    pub(crate) status: RwSignal<Status>,
}

impl Live {
    /// Nothing on its way.
    pub(crate) fn new() -> Self {
        Self { busy: RwSignal::new(false), status: RwSignal::new(Status::Quiet) }
    }
}
