//! 复购 Ladder: who orders again after the n-th order, when, and what the others would be worth.

mod answers;
mod ask;
mod options;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use model::Rung;

use super::Entry;
use crate::boot::Page;
use crate::components::section::section;
use crate::components::states;
use crate::components::table::{Cell, Column, Table, table};
use crate::components::tabs::{Tab, tabs};
use crate::format::Unit;
use crate::i18n::t;
use crate::sentence::Piece;
use crate::state::Picked;

pub(crate) use options::LadderOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, ladder.ladder),
    icon: "M7 21V3M17 21V3M7 7h10M7 12h10M7 17h10",
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
    let Some(rungs) = answers::answers(page) else {
        return states::failed(page);
    };
    if rungs.first().is_none_or(|rung| rung.members.value == 0) {
        return states::nothing(page);
    }
    let choices = [4, LadderOptions::RUNGS, 12].map(|n| Tab {
        name: n.to_string(),
        href: page.state.href(|p| p.ladder.rungs = Some(n).filter(|n| *n != LadderOptions::RUNGS)),
        chosen: page.state.params.ladder.rungs() == n,
    });
    let rows = table(rung_table(page, rungs), lang);
    view! {
        {section("rungs", t!(lang, ladder.ladder_rungs).to_owned(), tabs(t!(lang, ladder.ladder_rungs), choices.into()), rows, t!(lang, ladder.ladder_note).to_owned())}
        {section("curves", t!(lang, ladder.ladder_curves).to_owned(), ().into_any(), table(curve_table(page, rungs), lang), t!(lang, ladder.ladder_curves_note).to_owned())}
    }
    .into_any()
}

fn rung_name(page: &Page, n: u32) -> String {
    t!(page.state.lang, shared.nth_order, n)
}

fn rung_table(page: &Page, rungs: &[Rung]) -> Table {
    let (lang, style) = (page.state.lang, page.style());
    let rows = rungs
        .iter()
        .map(|rung| {
            let picked = Picked::Rung { orders: rung.n, exactly: false };
            let only = Picked::Rung { orders: rung.n, exactly: true };
            let days = |figure| Cell::ratio(&style, Unit::Days, figure, lang);
            vec![
                Cell::of(rung_name(page, rung.n)).to(page.state.href(|p| p.segment = Some(picked))),
                Cell::count(&style, &rung.members, lang),
                Cell::ratio(&style, Unit::Percent, &answers::pass_rate(rung), lang).class("strong"),
                Cell::count(&style, &rung.exactly, lang).to(page.state.href(|p| p.segment = Some(only))),
                days(&rung.median_days_to_next),
                days(&rung.survival_median_days),
                Cell::ratio(&style, Unit::Price, &rung.next_value, lang),
                Cell::money(&style, &rung.at_stake, lang).class("strong"),
            ]
        })
        .collect();
    let columns = vec![
        Column::of(t!(lang, ladder.ladder_rung)),
        Column::of(t!(lang, data.members)),
        Column::of(t!(lang, ladder.pass_rate)).hint(t!(lang, ladder.pass_rate_is)),
        Column::of(t!(lang, ladder.stopped_here)).hint(t!(lang, ladder.stopped_here_is)),
        Column::of(t!(lang, ladder.median_days)).hint(t!(lang, ladder.median_days_is)),
        Column::of(t!(lang, ladder.half_back)).hint(t!(lang, ladder.half_back_is)),
        Column::of(t!(lang, ladder.next_value)).hint(t!(lang, ladder.next_value_is)),
        Column::of(t!(lang, ladder.at_stake)).hint(t!(lang, ladder.at_stake_is)),
    ];
    Table { caption: t!(lang, ladder.ladder_rungs).to_owned(), columns, rows, foot: vec![] }
}

/// Days down, rungs across.
fn curve_table(page: &Page, rungs: &[Rung]) -> Table {
    let (lang, style) = (page.state.lang, page.style());
    let longest = rungs.iter().map(|rung| &rung.curve.days).max_by_key(|days| days.len());
    let rows = longest
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(i, day)| {
            let mut cells = vec![Cell::of(style.show(Unit::Days, Some(f64::from(*day))))];
            cells.extend(rungs.iter().map(|rung| {
                let found = rung.curve.returned.get(i);
                found.map(|figure| Cell::ratio(&style, Unit::Percent, figure, lang)).unwrap_or_default()
            }));
            cells
        })
        .collect();
    let mut columns = vec![Column::of(t!(lang, funnel.within))];
    columns.extend(rungs.iter().map(|rung| Column::of(rung_name(page, rung.n))));
    Table { caption: t!(lang, ladder.ladder_curves).to_owned(), columns, rows, foot: vec![] }
}
