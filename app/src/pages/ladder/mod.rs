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
use crate::i18n::fill;
use crate::sentence::Piece;
use crate::state::Picked;

pub(crate) use options::LadderOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |text| text.ladder,
    icon: "M7 21V3M17 21V3M7 7h10M7 12h10M7 17h10",
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
    let rows = table(rung_table(page, rungs), text);
    view! {
        {section("rungs", text.ladder_rungs.to_owned(), tabs(text.ladder_rungs, choices.into()), rows, text.ladder_note.to_owned())}
        {section("curves", text.ladder_curves.to_owned(), ().into_any(), table(curve_table(page, rungs), text), text.ladder_curves_note.to_owned())}
    }
    .into_any()
}

fn rung_name(page: &Page, n: u32) -> String {
    fill(page.state.lang.text().nth_order, &[&n.to_string()])
}

fn rung_table(page: &Page, rungs: &[Rung]) -> Table {
    let (text, style) = (page.state.lang.text(), page.style());
    let rows = rungs
        .iter()
        .map(|rung| {
            let picked = Picked::Rung { orders: rung.n, exactly: false };
            let only = Picked::Rung { orders: rung.n, exactly: true };
            let days = |figure| Cell::ratio(&style, Unit::Days, figure, text);
            vec![
                Cell::of(rung_name(page, rung.n)).to(page.state.href(|p| p.segment = Some(picked))),
                Cell::count(&style, &rung.members, text),
                Cell::ratio(&style, Unit::Percent, &answers::pass_rate(rung), text).class("strong"),
                Cell::count(&style, &rung.exactly, text).to(page.state.href(|p| p.segment = Some(only))),
                days(&rung.median_days_to_next),
                days(&rung.survival_median_days),
                Cell::ratio(&style, Unit::Price, &rung.next_value, text),
                Cell::money(&style, &rung.at_stake, text).class("strong"),
            ]
        })
        .collect();
    let columns = vec![
        Column::of(text.ladder_rung),
        Column::of(text.members),
        Column::of(text.pass_rate).hint(text.pass_rate_is),
        Column::of(text.stopped_here).hint(text.stopped_here_is),
        Column::of(text.median_days).hint(text.median_days_is),
        Column::of(text.half_back).hint(text.half_back_is),
        Column::of(text.next_value).hint(text.next_value_is),
        Column::of(text.at_stake).hint(text.at_stake_is),
    ];
    Table { caption: text.ladder_rungs.to_owned(), columns, rows, foot: vec![] }
}

/// Days down, rungs across.
fn curve_table(page: &Page, rungs: &[Rung]) -> Table {
    let (text, style) = (page.state.lang.text(), page.style());
    let longest = rungs.iter().map(|rung| &rung.curve.days).max_by_key(|days| days.len());
    let rows = longest
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(i, day)| {
            let mut cells = vec![Cell::of(style.show(Unit::Days, Some(f64::from(*day))))];
            cells.extend(rungs.iter().map(|rung| {
                let found = rung.curve.returned.get(i);
                found.map(|figure| Cell::ratio(&style, Unit::Percent, figure, text)).unwrap_or_default()
            }));
            cells
        })
        .collect();
    let mut columns = vec![Column::of(text.within)];
    columns.extend(rungs.iter().map(|rung| Column::of(rung_name(page, rung.n))));
    Table { caption: text.ladder_curves.to_owned(), columns, rows, foot: vec![] }
}
