//! The page's answers by name.

use model::{Answer, GrowthAnswer, SeriesAnswer};

use crate::boot::Page;

/// What [`super::ask::asks`] asked, answered.
pub(super) struct Answered<'a> {
    /// Split by region.
    pub(super) regions: &'a GrowthAnswer,
    /// Split by store: those that moved most.
    pub(super) stores: &'a GrowthAnswer,
    /// Over time.
    pub(super) series: &'a SeriesAnswer,
}

/// The answers; none where they failed.
pub(super) fn answers(page: &Page) -> Option<Answered<'_>> {
    match page.answered()? {
        [Answer::Growth(regions), Answer::Growth(stores), Answer::Series(series)] => {
            Some(Answered { regions, stores, series })
        }
        _ => None,
    }
}
