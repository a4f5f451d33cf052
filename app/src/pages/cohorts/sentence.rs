//! The page in one sentence: how many members of all grown-up cohorts came back in the next period, whether the latest
//! do so more or less than earlier ones at the same age, and how much of the money comes after the first period.

use model::{Anchor, CohortsAnswer, Grain, Retention};

use super::answers;
use super::options::Shown;
use super::same_age::{earlier, same_age, span};
use crate::boot::Page;
use crate::format;
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, strong};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let lang = page.state.lang;
    let Some(answer) = answers::answers(page) else {
        return Vec::new();
    };
    let options = &page.shown.params.cohorts;
    let mut out = Sentence::default();
    // Only periods that are complete are in the mean, so only cohorts with a complete second period are spoken of.
    let (spoken, since) = answers::spoken(answer, options);
    let grown = spoken.iter().filter(|cohort| cohort.size.value > 0 && cohort.immature_from > 1).count();
    let rate = answers::mean_of(spoken, 1, Shown::Rate, true).and_then(|rate| rate.value);
    let Some(rate) = rate.filter(|_| grown > 0) else {
        out.plain(t!(lang, cohorts.say_cohorts_young));
        return out.0;
    };
    let since = since.map(|first| t!(lang, cohorts.say_since, first)).unwrap_or_default();
    let (cohorts, share) = (strong(grown), strong(format::percent(Some(rate))));
    out.say(&match (options.anchor, options.grain) {
        (Anchor::FirstOrder, Grain::Week) => t!(lang, cohorts.say_cohorts_first_week, since, cohorts, share),
        (Anchor::FirstOrder, _) => t!(lang, cohorts.say_cohorts_first_month, since, cohorts, share),
        (Anchor::Joined, Grain::Week) => t!(lang, cohorts.say_cohorts_joined_week, since, cohorts, share),
        (Anchor::Joined, _) => t!(lang, cohorts.say_cohorts_joined_month, since, cohorts, share),
    });
    out.plain(match options.mode {
        Retention::Exact => t!(lang, cohorts.say_cohorts_exact),
        Retention::OnOrAfter => t!(lang, cohorts.say_cohorts_later),
    });
    if options.mode == Retention::Exact {
        recent(page, answer, &mut out);
    }
    money(page, answer, &mut out);
    out.plain(t!(lang, sentence.stop));
    out.0
}

/// The latest cohorts against earlier ones, a period after their first.
fn recent(page: &Page, answer: &CohortsAnswer, out: &mut Sentence) {
    let lang = page.state.lang;
    let options = &page.shown.params.cohorts;
    let Some(found) = same_age(answer, 1, options, answers::read_share(page)) else {
        return;
    };
    let (count, span) = (found.count, span(&found.recent, lang));
    let (now, then) = (strong(format::percent(Some(found.now.value))), format::percent(Some(found.then.value)));
    let earlier = earlier(found.a_year, options.grain, lang);
    let points = strong(found.gap.size());
    // A difference beyond chance that rounds to nothing is not worth a claim either way.
    let clear = found.gap.is_clear();
    if clear && found.gap.size() == "0.0" {
        return;
    }
    out.say(&match (clear, found.gap.value < 0.0) {
        (true, true) => t!(lang, cohorts.say_recent_less, count, span, now, earlier, then, points),
        (true, false) => t!(lang, cohorts.say_recent_more, count, span, now, earlier, then, points),
        (false, _) => t!(lang, cohorts.say_recent_chance, count, span, now, earlier, then),
    });
}

/// How much of what cohorts brought came after their first period: of those that completed all periods shown, or as
/// many as three of them did; those whose first orders may not have been the first are left out.
fn money(page: &Page, answer: &CohortsAnswer, out: &mut Sentence) {
    let (lang, style) = (page.state.lang, page.style());
    let options = &page.shown.params.cohorts;
    let sure = answers::sure(answer, options);
    let old = |k: usize| sure.iter().filter(move |cohort| k < cohort.immature_from as usize && cohort.size.value > 0);
    let Some(last) = (1..options.periods as usize).rev().find(|k| old(*k).count() >= 3) else {
        return;
    };
    let (mut first, mut all, mut members) = (0.0, 0.0, 0.0);
    for cohort in old(last) {
        let sales = |k: usize| cohort.sales.get(k).map_or(0.0, |money| money.value as f64);
        first += sales(0);
        all += (0..=last).map(sales).sum::<f64>();
        members += cohort.size.value as f64;
    }
    let share = 1.0 - first / all;
    // Refunds can leave sums below zero, of which shares say nothing.
    if !(all > 0.0 && first >= 0.0 && (0.005..=1.0).contains(&share)) {
        return;
    }
    let name = |cohort: Option<&model::Cohort>| cohort.map(|cohort| cohort.period.clone()).unwrap_or_default();
    let span = span(&(name(old(last).next()), name(old(last).next_back())), lang);
    let (periods, value) = (last + 1, strong(style.price(Some(all / members))));
    let share = strong(format::whole_percent(share));
    out.say(&match options.grain {
        Grain::Week => t!(lang, cohorts.say_money_weeks, periods, span, value, share),
        _ => t!(lang, cohorts.say_money_months, periods, span, value, share),
    });
}
