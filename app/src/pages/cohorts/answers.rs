//! The page's answers by name.

use model::{Anchor, Cohort, CohortsAnswer, Day, Grain, Ratio};

use super::options::{CohortsOptions, Shown};
use crate::boot::Page;
use crate::format::{self, Style, Unit, as_float};

/// The cohorts; none where the answer failed.
pub(super) fn answers(page: &Page) -> Option<&CohortsAnswer> {
    match page.answered()? {
        [model::Answer::Cohorts(cohorts)] => Some(cohorts),
        _ => None,
    }
}

/// Cohorts with members, the latest last.
pub(super) fn living(answer: &CohortsAnswer) -> impl Iterator<Item = &Cohort> {
    answer.cohorts.iter().filter(|cohort| cohort.size.value > 0)
}

/// Cohorts with members that completed period `k`.
pub(super) fn grown(answer: &CohortsAnswer, k: usize) -> impl Iterator<Item = &Cohort> {
    living(answer).filter(move |cohort| k < cohort.immature_from as usize)
}

/// What a cohort's cell of period `k` shows; none where the period has not begun.
pub(super) fn figure(cohort: &Cohort, k: usize, shown: Shown) -> Option<Ratio> {
    match shown {
        Shown::Rate => cohort.rate.get(k).copied(),
        Shown::Members => cohort.active.get(k).map(as_float),
        Shown::Sales => cohort.sales.get(k).map(as_float),
        Shown::Value => cohort.value.get(k).copied(),
    }
}

/// The unit of [`figure`].
pub(super) fn unit(shown: Shown) -> Unit {
    match shown {
        Shown::Rate => Unit::Percent,
        Shown::Members => Unit::Count,
        Shown::Sales => Unit::Money,
        Shown::Value => Unit::Price,
    }
}

/// Cohorts that first orders may have put wrongly: in the first half year of the data, many a first order that is seen
/// is not the first there was. Joining is known for itself.
pub(super) fn early(options: &CohortsOptions) -> usize {
    match (options.anchor, options.grain) {
        (Anchor::Joined, _) => 0,
        (Anchor::FirstOrder, Grain::Month) => 6,
        (Anchor::FirstOrder, _) => 26,
    }
}

/// The cohorts after the [`early`] ones.
pub(super) fn sure<'a>(answer: &'a CohortsAnswer, options: &CohortsOptions) -> &'a [Cohort] {
    answer.cohorts.get(early(options)..).unwrap_or_default()
}

/// A cell's number, short: rates with one decimal and without their sign.
pub(super) fn short(style: &Style, shown: Shown, value: Option<f64>) -> String {
    match (shown, value) {
        (Shown::Rate, Some(share)) if share >= 0.9995 => "100".to_owned(),
        (Shown::Rate, Some(share)) => format::fixed(share.max(0.0) * 100.0, 1),
        _ => style.show(unit(shown), value),
    }
}

/// Whether a mean weighs cohorts by their members; sums of members and money are only ever taken alike.
pub(super) fn is_weighted(shown: Shown) -> bool {
    matches!(shown, Shown::Rate | Shown::Value)
}

/// The mean of what is shown over all cohorts that completed period `k`, by their members or each alike; none where
/// there is no such cohort. Rates come from the answer, with its intervals.
pub(super) fn mean(answer: &CohortsAnswer, k: usize, shown: Shown, weighted: bool) -> Option<Ratio> {
    if shown == Shown::Rate {
        let means = if weighted { &answer.weighted } else { &answer.simple };
        return means.get(k).copied().filter(|mean| mean.value.is_some());
    }
    mean_of(&answer.cohorts, k, shown, weighted)
}

/// The mean over some cohorts. Its interval goes from the mean of their lower ends to that of their upper ends, which
/// is never too narrow.
pub(super) fn mean_of(cohorts: &[Cohort], k: usize, shown: Shown, weighted: bool) -> Option<Ratio> {
    let (mut sum, mut weights) = ([0.0; 3], 0.0);
    let (mut too_few, mut exact) = (false, true);
    let mature = |cohort: &&Cohort| cohort.size.value > 0 && k < cohort.immature_from as usize;
    for cohort in cohorts.iter().filter(mature) {
        let Some(found) = figure(cohort, k, shown) else {
            continue;
        };
        let Ratio { value: Some(value), low, high, too_few: few } = found else {
            continue;
        };
        let weight = if weighted { cohort.size.value as f64 } else { 1.0 };
        for (sum, end) in sum.iter_mut().zip([value, low.unwrap_or(value), high.unwrap_or(value)]) {
            *sum += weight * end;
        }
        weights += weight;
        too_few |= few;
        exact &= found.is_exact();
    }
    let of = |i: usize| Some(sum[i] / weights);
    let [low, high] = if exact { [of(0); 2] } else { [of(1), of(2)] };
    (weights > 0.0).then(|| Ratio { value: of(0), low, high, too_few })
}

/// The cohorts that means on the page's own account are taken of: those after the early ones where at least three of
/// them completed their second period, else all; and the first one's name where some are left out.
pub(super) fn spoken<'a>(answer: &'a CohortsAnswer, options: &CohortsOptions) -> (&'a [Cohort], Option<&'a str>) {
    let sure = sure(answer, options);
    let grown = sure.iter().filter(|cohort| cohort.size.value > 0 && cohort.immature_from > 1).count();
    if grown < 3 || sure.len() == answer.cohorts.len() {
        return (&answer.cohorts, None);
    }
    (sure, sure.first().map(|cohort| cohort.period.as_str()))
}

/// The period in which a cohort is `k` old, as cohorts are named.
pub(super) fn when(cohort: &Cohort, k: usize, grain: Grain) -> String {
    let day: Day = match grain {
        Grain::Month => cohort.from.plus_months(k as i32),
        Grain::Day | Grain::Week => cohort.from.plus(7 * k as i32),
    };
    let mut name = day.to_string();
    if grain == Grain::Month {
        name.truncate(7);
    }
    name
}

/// The part of the members that was read.
pub(super) fn read_share(page: &Page) -> f64 {
    let coverage = page.answers.as_ref().ok().map(|answers| &answers.coverage);
    coverage.filter(|c| c.shards > 0).map_or(1.0, |c| (f64::from(c.read) / f64::from(c.shards)).min(1.0))
}

/// Whether everything was read.
pub(super) fn is_exact(page: &Page) -> bool {
    page.answers.as_ref().is_ok_and(|answers| answers.coverage.exact)
}
