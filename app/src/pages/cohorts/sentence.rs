//! The page in one sentence: how many members of all grown-up cohorts came back in the next period.

use model::{Anchor, Grain, Retention};

use crate::boot::Page;
use crate::format;
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, strong};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let lang = page.state.lang;
    let Some(answer) = super::answers::answers(page) else {
        return Vec::new();
    };
    let options = &page.shown.params.cohorts;
    let mut out = Sentence::default();
    // Only periods that are complete are in the mean, so only cohorts with a complete second period are spoken of.
    let grown = super::answers::living(answer).filter(|cohort| cohort.immature_from > 1).count();
    let Some(rate) = answer.weighted.get(1).and_then(|rate| rate.value).filter(|_| grown > 0) else {
        out.plain(t!(lang, cohorts.say_cohorts_young));
        return out.0;
    };
    out.say(&match (options.anchor, options.grain) {
        (Anchor::FirstOrder, Grain::Week) => t!(
            lang,
            cohorts.say_cohorts_first_week,
            cohorts = strong(grown),
            share = strong(format::percent(Some(rate)))
        ),
        (Anchor::FirstOrder, _) => t!(
            lang,
            cohorts.say_cohorts_first_month,
            cohorts = strong(grown),
            share = strong(format::percent(Some(rate)))
        ),
        (Anchor::Joined, Grain::Week) => t!(
            lang,
            cohorts.say_cohorts_joined_week,
            cohorts = strong(grown),
            share = strong(format::percent(Some(rate)))
        ),
        (Anchor::Joined, _) => t!(
            lang,
            cohorts.say_cohorts_joined_month,
            cohorts = strong(grown),
            share = strong(format::percent(Some(rate)))
        ),
    });
    out.plain(match options.mode {
        Retention::Exact => t!(lang, cohorts.say_cohorts_exact),
        Retention::OnOrAfter => t!(lang, cohorts.say_cohorts_later),
    });
    out.0
}
