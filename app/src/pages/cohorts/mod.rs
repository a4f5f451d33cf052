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
use crate::i18n::{Text, fill};
use crate::sentence::Piece;
use crate::state::Picked;
use options::Shown;

pub(crate) use options::CohortsOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |text| text.cohorts,
    icon: "M4 4h16M4 9h12M4 14h8M4 19h4M4 4v15",
    compares: false,
    filters: true,
    asks: ask::asks,
    sentence: pieces,
    body,
};

fn pieces(page: &Page) -> Vec<Piece> {
    sentence::sentence(page)
}

fn body(page: &Arc<Page>) -> AnyView {
    let text = page.state.lang.text();
    let Some(answer) = answers::answers(page) else {
        return states::failed(page);
    };
    if answers::living(answer).next().is_none() {
        return states::nothing(page);
    }
    let grid = heatmap(triangle(page, answer), text);
    section("triangle", title(page, text), pickers(page, text), grid, text.cohorts_note.to_owned())
}

fn title(page: &Page, text: &Text) -> String {
    let begun = match page.shown.params.cohorts.anchor {
        Anchor::FirstOrder => text.cohorts_by_first_order,
        Anchor::Joined => text.cohorts_by_joining,
    };
    fill(begun, &[shown_name(page.state.params.cohorts.shown, text)])
}

fn shown_name(shown: Shown, text: &Text) -> &'static str {
    match shown {
        Shown::Rate => text.cohorts_rate,
        Shown::Members => text.members,
        Shown::Sales => text.sales,
        Shown::Value => text.cohorts_value,
    }
}

fn pickers(page: &Page, text: &'static Text) -> AnyView {
    let chosen = &page.state.params.cohorts;
    let tab = |name: &str, change: &dyn Fn(&mut CohortsOptions), holds: bool| Tab {
        name: name.to_owned(),
        href: page.state.href(|p| change(&mut p.cohorts)),
        chosen: holds,
    };
    let shown = [Shown::Rate, Shown::Members, Shown::Sales, Shown::Value]
        .map(|shown| tab(shown_name(shown, text), &|o| o.shown = shown, chosen.shown == shown));
    let grains = [(Grain::Month, text.month), (Grain::Week, text.week)]
        .map(|(grain, name)| tab(name, &|o| o.grain = grain, chosen.grain == grain));
    let anchors = [(Anchor::FirstOrder, text.first_order), (Anchor::Joined, text.joining)]
        .map(|(anchor, name)| tab(name, &|o| o.anchor = anchor, chosen.anchor == anchor));
    let modes = [(Retention::Exact, text.cohorts_exact), (Retention::OnOrAfter, text.cohorts_later)]
        .map(|(mode, name)| tab(name, &|o| o.mode = mode, chosen.mode == mode));
    let periods =
        [6, 12, 24].map(|periods| tab(&periods.to_string(), &|o| o.periods = periods, chosen.periods == periods));
    view! {
        {tabs(text.measure, shown.into())}
        {tabs(text.grain, grains.into())}
        {tabs(text.cohorts_anchor, anchors.into())}
        {tabs(text.cohorts_mode, modes.into())}
        {tabs(text.cohorts_periods, periods.into())}
    }
    .into_any()
}

/// The latest cohort on top; the weighted mean of complete periods at the foot, where rates are shown.
fn triangle(page: &Page, answer: &CohortsAnswer) -> Heatmap {
    let (text, style) = (page.state.lang.text(), page.style());
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
    let mut columns = vec![text.cohort.to_owned(), text.members.to_owned()];
    columns.extend((0..periods).map(|k| k.to_string()));
    let foot = if shown == Shown::Rate { vec![mean(answer, periods, &style, text)] } else { vec![] };
    Heatmap { caption: title(page, text), columns, lines, foot }
}

fn mean(answer: &CohortsAnswer, periods: usize, style: &Style, text: &Text) -> Vec<Cell> {
    let mut cells = vec![Cell::of(text.weighted_mean), Cell::default()];
    let rates = answer.weighted.iter().take(periods);
    cells.extend(rates.map(|rate| Cell::ratio(style, Unit::Percent, rate, text).class("strong")));
    cells
}

fn line(page: &Page, cohort: &Cohort, periods: usize, largest: f64, style: &Style) -> Line {
    let text = page.state.lang.text();
    let (shown, asked) = (page.state.params.cohorts.shown, &page.shown.params.cohorts);
    let picked = Picked::Cohort { grain: asked.grain, anchor: asked.anchor, from: cohort.from };
    let only = page.state.params.segment.as_ref() == Some(&picked);
    let href = page.state.href(|p| p.segment = (!only).then_some(picked));
    let spots = (0..periods)
        .map(|k| {
            let figure = answers::figure(cohort, k, shown)?;
            let hatched = k >= cohort.immature_from as usize;
            let cell = Cell::ratio(style, answers::unit(shown), &figure, text);
            let told = with_doubt(cell.shown.clone(), &cell.doubt);
            let members = cohort.active.get(k).map(|n| style.full_count(n.value)).unwrap_or_default();
            let title = fill(text.cohort_cell, &[&cohort.period, &k.to_string(), &told, &members])
                + if hatched { text.cohort_immature } else { "" };
            Some(Spot { level: level(figure.value, largest), hatched, cell: Cell { title, ..cell }.to(href.clone()) })
        })
        .collect();
    Line {
        head: Cell::of(cohort.period.clone()).to(href.clone()),
        aside: vec![Cell::count(style, &cohort.size, text)],
        spots,
    }
}
