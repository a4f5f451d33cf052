//! The page's answers by name.

use model::{Answer, Cohort, CohortsAnswer, Ratio};

use super::options::Shown;
use crate::boot::Page;
use crate::format::{Unit, as_float};

/// The cohorts; none where the answer failed.
pub(super) fn answers(page: &Page) -> Option<&CohortsAnswer> {
    match page.answered()? {
        [Answer::Cohorts(cohorts)] => Some(cohorts),
        _ => None,
    }
}

/// Cohorts with members, the latest last.
pub(super) fn living(answer: &CohortsAnswer) -> impl Iterator<Item = &Cohort> {
    answer.cohorts.iter().filter(|cohort| cohort.size.value > 0)
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
