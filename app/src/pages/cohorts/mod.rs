//! 留存 Cohorts: members by when they began, and what became of them.

mod answers;
mod ask;
mod options;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use model::{Anchor, Cohort, CohortsAnswer, Grain, Retention};

use super::Entry;
use crate::boot::Page;
use crate::components::compare::with_doubt;
use crate::components::heatmap::{Heatmap, Line, Spot, heatmap, level};
use crate::components::section::section;
use crate::components::states;
use crate::components::table::Cell;
use crate::components::tabs::{Tab, tabs};
use crate::format::{Style, Unit};
use crate::i18n::{Lang, t};
use crate::sentence::Piece;
use crate::state::Picked;
use options::Shown;

pub(crate) use options::CohortsOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, cohorts.cohorts),
    icon: "M4 4h16M4 9h12M4 14h8M4 19h4M4 4v15",
    compares: false,
    filters: true,
    asks: ask::asks,
    beside: None,
    sentence: pieces,
    body,
};

fn pieces(page: &Page) -> Vec<Piece> {
    sentence::sentence(page)
}

fn body(page: &Arc<Page>) -> AnyView {
    let lang = page.state.lang;
    let Some(answer) = answers::answers(page) else {
        return states::failed(page);
    };
    if answers::living(answer).next().is_none() {
        return states::nothing(page);
    }
    let grid = heatmap(triangle(page, answer), lang);
    section("triangle", title(page, lang), pickers(page, lang), grid, t!(lang, cohorts.cohorts_note).to_owned())
}

fn title(page: &Page, lang: Lang) -> String {
    let begun = match page.shown.params.cohorts.anchor {
        Anchor::FirstOrder => {
            t!(lang, cohorts.cohorts_by_first_order, shown = shown_name(page.state.params.cohorts.shown, lang))
        }
        Anchor::Joined => {
            t!(lang, cohorts.cohorts_by_joining, shown = shown_name(page.state.params.cohorts.shown, lang))
        }
    };
    begun
}

fn shown_name(shown: Shown, lang: Lang) -> &'static str {
    match shown {
        Shown::Rate => t!(lang, cohorts.cohorts_rate),
        Shown::Members => t!(lang, data.members),
        Shown::Sales => t!(lang, words.sales),
        Shown::Value => t!(lang, cohorts.cohorts_value),
    }
}

fn pickers(page: &Page, lang: Lang) -> AnyView {
    let chosen = &page.state.params.cohorts;
    let tab = |name: &str, change: &dyn Fn(&mut CohortsOptions), holds: bool| Tab {
        name: name.to_owned(),
        href: page.state.href(|p| change(&mut p.cohorts)),
        chosen: holds,
    };
    let shown = [Shown::Rate, Shown::Members, Shown::Sales, Shown::Value]
        .map(|shown| tab(shown_name(shown, lang), &|o| o.shown = shown, chosen.shown == shown));
    let grains = [(Grain::Month, t!(lang, periods.month)), (Grain::Week, t!(lang, periods.week))]
        .map(|(grain, name)| tab(name, &|o| o.grain = grain, chosen.grain == grain));
    let anchors = [(Anchor::FirstOrder, t!(lang, shared.first_order)), (Anchor::Joined, t!(lang, shared.joining))]
        .map(|(anchor, name)| tab(name, &|o| o.anchor = anchor, chosen.anchor == anchor));
    let modes =
        [(Retention::Exact, t!(lang, cohorts.cohorts_exact)), (Retention::OnOrAfter, t!(lang, cohorts.cohorts_later))]
            .map(|(mode, name)| tab(name, &|o| o.mode = mode, chosen.mode == mode));
    let periods =
        [6, 12, 24].map(|periods| tab(&periods.to_string(), &|o| o.periods = periods, chosen.periods == periods));
    view! {
        {tabs(t!(lang, shared.measure), shown.into())}
        {tabs(t!(lang, periods.grain), grains.into())}
        {tabs(t!(lang, cohorts.cohorts_anchor), anchors.into())}
        {tabs(t!(lang, cohorts.cohorts_mode), modes.into())}
        {tabs(t!(lang, cohorts.cohorts_periods), periods.into())}
    }
    .into_any()
}

/// The latest cohort on top; the weighted mean of complete periods at the foot, where rates are shown.
fn triangle(page: &Page, answer: &CohortsAnswer) -> Heatmap {
    let (lang, style) = (page.state.lang, page.style());
    let shown = page.state.params.cohorts.shown;
    let periods = answers::living(answer).map(|cohort| cohort.rate.len()).max().unwrap_or(0);
    let all = || {
        answers::living(answer)
            .flat_map(|cohort| (0..periods).filter_map(|k| Some((k, answers::figure(cohort, k, shown)?.value?))))
    };
    // The first period is everybody where members began by an order; it would wash the others out.
    let largest = all().filter(|(k, _)| *k > 0).map(|(_, value)| value).fold(0.0, f64::max);
    let mut lines: Vec<Line> =
        answers::living(answer).map(|cohort| line(page, cohort, periods, largest, &style)).collect();
    lines.reverse();
    let mut columns = vec![t!(lang, cohorts.cohort).to_owned(), t!(lang, data.members).to_owned()];
    columns.extend((0..periods).map(|k| k.to_string()));
    let foot = if shown == Shown::Rate { vec![mean(answer, periods, &style, lang)] } else { vec![] };
    Heatmap { caption: title(page, lang), columns, lines, foot }
}

fn mean(answer: &CohortsAnswer, periods: usize, style: &Style, lang: Lang) -> Vec<Cell> {
    let mut cells = vec![Cell::of(t!(lang, cohorts.weighted_mean)), Cell::default()];
    let rates = answer.weighted.iter().take(periods);
    cells.extend(rates.map(|rate| Cell::ratio(style, Unit::Percent, rate, lang).class("strong")));
    cells
}

fn line(page: &Page, cohort: &Cohort, periods: usize, largest: f64, style: &Style) -> Line {
    let lang = page.state.lang;
    let (shown, asked) = (page.state.params.cohorts.shown, &page.shown.params.cohorts);
    let picked = Picked::Cohort { grain: asked.grain, anchor: asked.anchor, from: cohort.from };
    let only = page.state.params.segment.as_ref() == Some(&picked);
    let href = page.state.href(|p| p.segment = (!only).then_some(picked));
    let spots = (0..periods)
        .map(|k| {
            let figure = answers::figure(cohort, k, shown)?;
            let hatched = k >= cohort.immature_from as usize;
            let cell = Cell::ratio(style, answers::unit(shown), &figure, lang);
            let told = with_doubt(cell.shown.clone(), &cell.doubt);
            let members = cohort.active.get(k).map(|n| style.full_count(n.value)).unwrap_or_default();
            let title =
                t!(lang, cohorts.cohort_cell, cohort = &cohort.period, period = k, shown = &told, members = &members)
                    + if hatched { t!(lang, cohorts.cohort_immature) } else { "" };
            Some(Spot { level: level(figure.value, largest), hatched, cell: Cell { title, ..cell }.to(href.clone()) })
        })
        .collect();
    Line {
        head: Cell::of(cohort.period.clone()).to(href.clone()),
        aside: vec![Cell::count(style, &cohort.size, lang)],
        spots,
    }
}
