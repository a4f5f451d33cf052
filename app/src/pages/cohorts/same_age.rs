//! The latest cohorts against earlier ones at the same age.
//!
//! A quarter's worth of cohorts that completed the age, against the same periods a year before, so that seasons cancel;
//! against the ones just before where the history has no such year, never against those whose first orders may not have
//! been the first. Cohorts share no member, so the difference of their
//! pooled rates is one of two independent shares.

use leptos::prelude::*;
use model::{Cohort, CohortsAnswer, Grain, Retention};

use super::answers::{early, read_share};
use super::options::CohortsOptions;
use crate::boot::Page;
use crate::chance::{Gap, Share};
use crate::components::compare::Way;
use crate::components::section::section;
use crate::components::table::{Cell, Column, Table, table};
use crate::format;
use crate::i18n::{Lang, t};

/// The ages told, in periods.
const AGES: [usize; 8] = [1, 2, 3, 4, 6, 9, 12, 18];

/// Two groups of cohorts at one age.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SameAge {
    pub(super) age: usize,
    /// Cohorts in each group.
    pub(super) count: usize,
    /// The names of the first and the last cohort of the latest group, and of the earlier one.
    pub(super) recent: (String, String),
    pub(super) before: (String, String),
    /// Whether the earlier group is the same periods a year before.
    pub(super) a_year: bool,
    pub(super) now: Share,
    pub(super) then: Share,
    pub(super) gap: Gap,
}

/// The comparison at an age; none where the history is too short, nobody is in a group, or too few were read.
pub(super) fn same_age(answer: &CohortsAnswer, age: usize, asked: &CohortsOptions, read: f64) -> Option<SameAge> {
    let (count, year) = if asked.grain == Grain::Month { (3, 12) } else { (13, 52) };
    let early = early(asked);
    let end = answer.cohorts.iter().rposition(|cohort| age < cohort.immature_from as usize)? + 1;
    let start = end.checked_sub(count)?;
    let recent = answer.cohorts.get(start..end)?;
    let known = |first: &usize| *first >= early;
    let (a_year, first) = match start.checked_sub(year).filter(known) {
        Some(first) => (true, first),
        None => (false, start.checked_sub(count).filter(known)?),
    };
    let before = answer.cohorts.get(first..first + count)?;
    let (now, then) = (pooled(recent, age, read)?, pooled(before, age, read)?);
    let names = |group: &[Cohort]| Some((group.first()?.period.clone(), group.last()?.period.clone()));
    let gap = Gap::between(now, then);
    Some(SameAge { age, count, recent: names(recent)?, before: names(before)?, a_year, now, then, gap })
}

fn pooled(group: &[Cohort], age: usize, read: f64) -> Option<Share> {
    let (mut active, mut size) = (0, 0);
    for cohort in group {
        // A cohort without members has no cells that matter.
        if cohort.size.value > 0 {
            let cell = cohort.active.get(age)?;
            if cell.too_few || cohort.size.too_few {
                return None;
            }
            active += cell.value;
            size += cohort.size.value;
        }
    }
    Share::of(active, size, read)
}

/// What the earlier group is called.
pub(super) fn earlier(a_year: bool, grain: Grain, lang: Lang) -> &'static str {
    match (a_year, grain) {
        (true, Grain::Month) => t!(lang, cohorts.a_year_before_months),
        (true, _) => t!(lang, cohorts.a_year_before_weeks),
        (false, _) => t!(lang, cohorts.the_ones_before),
    }
}

/// `2024-12 to 2025-02`.
pub(super) fn span(names: &(String, String), lang: Lang) -> String {
    t!(lang, cohorts.span, first = &names.0, last = &names.1)
}

/// The panel: each age, both rates, their difference and whether it is beyond chance.
pub(super) fn panel(page: &Page, answer: &CohortsAnswer) -> AnyView {
    let lang = page.state.lang;
    let asked = &page.shown.params.cohorts;
    let found: Vec<SameAge> = AGES
        .into_iter()
        .filter(|_| asked.mode == Retention::Exact)
        .filter_map(|age| same_age(answer, age, asked, read_share(page)))
        .collect();
    let Some(first) = found.first() else {
        let why = match asked.mode {
            Retention::Exact => t!(lang, cohorts.same_age_none),
            Retention::OnOrAfter => t!(lang, cohorts.same_age_later),
        };
        let earlier = earlier(false, asked.grain, lang);
        let title = t!(lang, cohorts.same_age, earlier);
        return section("same-age", title, ().into_any(), ().into_any(), why.to_owned());
    };
    let earlier = earlier(first.a_year, asked.grain, lang);
    // Ages of which the earlier group is another kind would not stand under one title.
    let rows = found.iter().filter(|row| row.a_year == first.a_year).map(|row| line(row, lang)).collect();
    let title = t!(lang, cohorts.same_age, earlier);
    let columns = vec![
        Column::of(t!(lang, cohorts.age)),
        Column::of(t!(lang, cohorts.latest_few)),
        Column::of(if first.a_year { t!(lang, cohorts.year_ago) } else { t!(lang, cohorts.the_ones_before) }),
        Column::of(t!(lang, cohorts.gap_points)),
        Column::of(t!(lang, cohorts.verdict)),
    ];
    let mut note = t!(
        lang,
        cohorts.same_age_note,
        age = first.age,
        recent = span(&first.recent, lang),
        before = span(&first.before, lang)
    );
    if early(asked) > 0 {
        note.push_str(t!(lang, cohorts.same_age_early));
    }
    let body = table(Table { caption: title.clone(), columns, rows, foot: vec![] }, lang);
    section("same-age", title, ().into_any(), body, note)
}

fn line(row: &SameAge, lang: Lang) -> Vec<Cell> {
    let said = |names: &(String, String)| span(names, lang);
    let clear = row.gap.is_clear();
    let way = Way::of(Some(row.gap.value).filter(|_| clear));
    let size = row.gap.points();
    let shown = if way == Way::Flat { size } else { [way.arrow(), " ", &size].concat() };
    let verdict = if clear { t!(lang, cohorts.beyond_chance) } else { t!(lang, cohorts.within_chance) };
    vec![
        Cell::of(row.age.to_string()),
        Cell { title: said(&row.recent), ..Cell::of(format::percent(Some(row.now.value))) },
        Cell { title: said(&row.before), ..Cell::of(format::percent(Some(row.then.value))) },
        Cell { doubt: row.gap.doubt(), ..Cell::of(shown) }.class(way.class()),
        Cell::of(verdict).class(if clear { "strong" } else { "quiet" }),
    ]
}
