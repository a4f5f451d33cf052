//! The page in one sentence: how many members of all grown-up cohorts came back in the next period.

use model::{Anchor, Grain, Retention};

use crate::boot::Page;
use crate::format;
use crate::sentence::{Piece, Sentence};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let text = page.state.lang.text();
    let Some(answer) = super::answers::answers(page) else {
        return Vec::new();
    };
    let options = &page.shown.params.cohorts;
    let mut out = Sentence::default();
    // Only periods that are complete are in the mean, so only cohorts with a complete second period are spoken of.
    let grown = super::answers::living(answer).filter(|cohort| cohort.immature_from > 1).count();
    let Some(rate) = answer.weighted.get(1).and_then(|rate| rate.value).filter(|_| grown > 0) else {
        out.plain(text.say_cohorts_young);
        return out.0;
    };
    out.say(
        match (options.anchor, options.grain) {
            (Anchor::FirstOrder, Grain::Week) => text.say_cohorts_first_week,
            (Anchor::FirstOrder, _) => text.say_cohorts_first_month,
            (Anchor::Joined, Grain::Week) => text.say_cohorts_joined_week,
            (Anchor::Joined, _) => text.say_cohorts_joined_month,
        },
        &[grown.to_string(), format::percent(Some(rate))],
    );
    out.plain(match options.mode {
        Retention::Exact => text.say_cohorts_exact,
        Retention::OnOrAfter => text.say_cohorts_later,
    });
    out.0
}
