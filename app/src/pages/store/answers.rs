//! The page's answers by name.

use model::{Answer, GrowthAnswer, SeriesAnswer};

use crate::boot::Page;

/// What [`super::ask::asks`] asked, answered.
pub(super) struct Answered<'a> {
    /// The store, split by the dimension chosen.
    pub(super) growth: &'a GrowthAnswer,
    /// Over time.
    pub(super) series: &'a SeriesAnswer,
}

/// The answers; none where they failed.
pub(super) fn answers(page: &Page) -> Option<Answered<'_>> {
    match page.answered()? {
        [Answer::Growth(growth), Answer::Series(series)] => Some(Answered { growth, series }),
        _ => None,
    }
}
