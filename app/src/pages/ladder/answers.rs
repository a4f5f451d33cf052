//! The page's answers by name.

use model::{Answer, Ratio, Rung};

use crate::boot::Page;

/// The rungs, from the first order on; none where the answer failed.
pub(super) fn answers(page: &Page) -> Option<&[Rung]> {
    match page.answered()? {
        [Answer::Ladder(rungs)] => Some(rungs),
        _ => None,
    }
}

/// Share of a rung's members who ordered again: one less the share who did not.
pub(super) fn pass_rate(rung: &Rung) -> Ratio {
    let other = |share: Option<f64>| share.map(|share| 1.0 - share);
    let no_next = rung.no_next_rate;
    Ratio { value: other(no_next.value), low: other(no_next.high), high: other(no_next.low), too_few: no_next.too_few }
}
