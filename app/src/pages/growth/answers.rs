//! The page's answers by name.

use model::{Answer, FunnelAnswer, GrowthAnswer, SeriesAnswer};

use crate::boot::Page;

/// What [`super::ask::asks`] asked, answered.
pub(super) struct Answered<'a> {
    /// Split by the dimension that holds.
    pub(super) split: &'a GrowthAnswer,
    /// Split by store: those that moved most.
    pub(super) stores: &'a GrowthAnswer,
    /// Over time.
    pub(super) series: &'a SeriesAnswer,
    /// From a touch to an order, where the scene asks it.
    pub(super) leads: Option<&'a FunnelAnswer>,
    /// Split by whose ground it is, where the scene asks it.
    pub(super) grounds: Option<&'a GrowthAnswer>,
}

/// The answers; none where they failed.
pub(super) fn answers(page: &Page) -> Option<Answered<'_>> {
    let [Answer::Growth(split), Answer::Growth(stores), Answer::Series(series), scene @ ..] = page.answered()? else {
        return None;
    };
    let (leads, grounds) = match scene {
        [] => (None, None),
        [Answer::Funnel(leads)] => (Some(leads), None),
        [Answer::Growth(grounds)] => (None, Some(&**grounds)),
        _ => return None,
    };
    Some(Answered { split, stores, series, leads, grounds })
}
