//! Which cohorts' curves are drawn: those in the address, else the highest and the lowest grown-up one and the latest.

use model::{Cohort, CohortsAnswer};

use super::answers::{figure, grown, is_exact, living, sure};
use super::options::CohortsOptions;
use crate::boot::Page;
use crate::i18n::{Lang, t};

/// Why a curve is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The reader chose it.
    Chosen,
    /// The highest of those that are old enough.
    Best,
    /// The lowest of them.
    Worst,
    /// The youngest that completed three periods after its first, or as many as any did.
    Latest,
}

impl Role {
    /// Its word; none for a curve the reader chose.
    pub(super) fn word(self, lang: Lang) -> Option<&'static str> {
        match self {
            Self::Chosen => None,
            Self::Best => Some(t!(lang, cohorts.role_best)),
            Self::Worst => Some(t!(lang, cohorts.role_worst)),
            Self::Latest => Some(t!(lang, cohorts.role_latest)),
        }
    }
}

/// The cohorts to draw, each once; their place in the list decides their colour.
pub(super) fn choice<'a>(page: &Page, answer: &'a CohortsAnswer) -> Vec<(&'a Cohort, Role)> {
    let options = &page.state.params.cohorts;
    let named: Vec<_> = options
        .curves
        .iter()
        .filter_map(|name| living(answer).find(|cohort| cohort.period == *name))
        .map(|cohort| (cohort, Role::Chosen))
        .collect();
    if named.is_empty() { defaults(answer, options, is_exact(page)) } else { named }
}

/// The highest and the lowest are named only where everything was read: an estimate could name the wrong ones.
fn defaults<'a>(answer: &'a CohortsAnswer, options: &CohortsOptions, exact: bool) -> Vec<(&'a Cohort, Role)> {
    let sure = sure(answer, options).first().map(|cohort| cohort.from);
    let old = |k: usize| grown(answer, k).filter(move |cohort| sure.is_some_and(|sure| cohort.from >= sure));
    // The age at which they are compared: three periods, or as many as three cohorts completed.
    let age = (1..=3).rev().find(|age| old(*age).count() >= 3);
    let value = |cohort: &&Cohort, k: usize| figure(cohort, k, options.shown).and_then(|f| f.value).unwrap_or(0.0);
    let latest = (1..=3).rev().find_map(|k| grown(answer, k).last()).or_else(|| living(answer).last());
    let pair = age.filter(|_| exact).map(|k| {
        let by = |a: &&Cohort, b: &&Cohort| value(a, k).total_cmp(&value(b, k));
        (old(k).max_by(by), old(k).min_by(by))
    });
    let (best, worst) = pair.unwrap_or_default();
    let mut out: Vec<(&Cohort, Role)> = Vec::new();
    for (found, role) in [(best, Role::Best), (worst, Role::Worst), (latest, Role::Latest)] {
        if let Some(cohort) = found
            && out.iter().all(|(other, _)| other.period != cohort.period)
        {
            out.push((cohort, role));
        }
    }
    out
}

/// The options with a cohort's curve added or taken away; the oldest choice goes where there are too many.
pub(super) fn toggled(options: &CohortsOptions, period: &str) -> Vec<String> {
    let mut curves = options.curves.clone();
    match curves.iter().position(|name| name == period) {
        Some(at) => drop(curves.remove(at)),
        None => {
            if curves.len() >= CohortsOptions::MAX_CURVES {
                curves.remove(0);
            }
            curves.push(period.to_owned());
        }
    }
    curves
}
