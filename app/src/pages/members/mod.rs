//! 会员 Members: how recent, how often, how much; who moved; and who is new, active, dormant, lost.

mod answers;
mod ask;
mod options;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use model::{Grain, LifecyclePeriod, RfmAnswer};

use super::Entry;
use crate::boot::Page;
use crate::components::compare::with_doubt;
use crate::components::heatmap::{Heatmap, Line, Spot, heatmap, level};
use crate::components::section::section;
use crate::components::states;
use crate::components::table::{Cell, Column, Table, table};
use crate::components::tabs::{Tab, tabs};
use crate::i18n::{Lang, t};
use crate::sentence::Piece;
use crate::state::Picked;
use answers::Answered;
use options::Shown;

pub(crate) use options::MembersOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, data.members),
    icon: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-8 14-8 14 0M16 3.500a4 4 0 0 1 0 7.300M18 14c3 1 4 3 4 7",
    compares: true,
    filters: true,
    asks: ask::asks,
    beside: None,
    sentence: pieces,
    body,
};

/// Scores, the best first.
const SCORES: [u8; 5] = [5, 4, 3, 2, 1];

fn pieces(page: &Page) -> Vec<Piece> {
    sentence::sentence(page)
}

fn body(page: &Arc<Page>) -> AnyView {
    let lang = page.state.lang;
    let Some(Answered { rfm, lifecycle }) = answers::answers(page) else {
        return states::failed(page);
    };
    if rfm.members.value == 0 {
        return states::nothing(page);
    }
    let style = page.style();
    let grid = heatmap(rfm_grid(page, rfm), lang);
    let title = t!(lang, members.rfm_title, day = style.full_day(rfm.as_of));
    let migration = rfm.migration.as_ref().map(|_| {
        let since = page.shown.compared.map(|days| style.full_day(days.to())).unwrap_or_default();
        let title = t!(lang, members.migration_title, before = &since, after = style.full_day(rfm.as_of));
        section(
            "migration",
            title,
            ().into_any(),
            heatmap(migration_grid(page, rfm), lang),
            t!(lang, members.migration_note).to_owned(),
        )
    });
    let rows = table(lifecycle_table(page, lifecycle), lang);
    view! {
        {section("rfm", title, shown_tabs(page, lang), grid, t!(lang, members.rfm_note).to_owned())}
        {migration}
        {section("lifecycle", t!(lang, members.lifecycle).to_owned(), grain_tabs(page, lang), rows, t!(lang, members.lifecycle_note).to_owned())}
    }
    .into_any()
}

fn shown_tabs(page: &Page, lang: Lang) -> AnyView {
    let choices =
        [(Shown::Members, t!(lang, data.members)), (Shown::Sales, t!(lang, words.sales))].map(|(shown, name)| Tab {
            name: name.to_owned(),
            href: page.state.href(|p| p.members.shown = shown),
            chosen: page.state.params.members.shown == shown,
        });
    tabs(t!(lang, shared.measure), choices.into())
}

fn grain_tabs(page: &Page, lang: Lang) -> AnyView {
    let choices =
        [(Grain::Month, t!(lang, periods.month)), (Grain::Week, t!(lang, periods.week))].map(|(grain, name)| Tab {
            name: name.to_owned(),
            href: page.state.href(|p| p.members.grain = grain),
            chosen: page.state.params.members.grain == grain,
        });
    tabs(t!(lang, periods.grain), choices.into())
}

/// Recency down, frequency across, the best in the upper left corner.
fn rfm_grid(page: &Page, rfm: &RfmAnswer) -> Heatmap {
    let (lang, style) = (page.state.lang, page.style());
    let shown = page.state.params.members.shown;
    let value = |recency, frequency| {
        answers::cell(rfm, recency, frequency).map(|(members, sales)| match shown {
            Shown::Members => members.value,
            Shown::Sales => sales.value,
        })
    };
    let all = SCORES.iter().flat_map(|r| SCORES.iter().filter_map(|f| value(*r, *f)));
    let largest = all.max().unwrap_or(0) as f64;
    let lines = SCORES.map(|recency| {
        let spots = SCORES.map(|frequency| {
            let (members, sales) = answers::cell(rfm, recency, frequency)?;
            let picked = Picked::Rfm {
                as_of: rfm.as_of,
                cuts: rfm.cuts,
                recency: vec![recency],
                frequency: vec![frequency],
                monetary: vec![],
            };
            let only = page.state.params.segment.as_ref() == Some(&picked);
            let (n, money) = (Cell::count(&style, &members, lang), Cell::money(&style, &sales, lang));
            let said = |cell: &Cell| with_doubt(cell.shown.clone(), &cell.doubt);
            let scores = [recency.to_string(), frequency.to_string()];
            let title = t!(
                lang,
                members.rfm_cell,
                recency = &scores[0],
                frequency = &scores[1],
                members = said(&n),
                amount = said(&money)
            );
            let cell = if shown == Shown::Members { n } else { money };
            Some(Spot {
                level: level(value(recency, frequency).map(|v| v as f64), largest),
                hatched: false,
                cell: Cell { title, ..cell }.to(page.state.href(|p| p.segment = (!only).then_some(picked))),
            })
        });
        Line { head: Cell::of(t!(lang, members.recency_score, score = recency)), aside: vec![], spots: spots.into() }
    });
    let mut columns = vec![t!(lang, members.rfm_corner).to_owned()];
    columns.extend(SCORES.map(|f| t!(lang, members.frequency_score, score = f)));
    Heatmap { caption: t!(lang, members.rfm_note).to_owned(), columns, lines: lines.into(), foot: vec![] }
}

/// Recency before down, recency now across; members without an order before stand last.
fn migration_grid(page: &Page, rfm: &RfmAnswer) -> Heatmap {
    let (lang, style) = (page.state.lang, page.style());
    let from: Vec<Option<u8>> = SCORES.into_iter().map(Some).chain([None]).collect();
    let all = from.iter().flat_map(|from| SCORES.map(|to| answers::moved(rfm, *from, to).value));
    let largest = all.max().unwrap_or(0) as f64;
    let lines = from.into_iter().map(|from| {
        let head =
            from.map_or(t!(lang, members.no_order_before).to_owned(), |r| t!(lang, members.recency_score, score = r));
        let spots = SCORES.map(|to| {
            let members = answers::moved(rfm, from, to);
            let cell = Cell::count(&style, &members, lang);
            let told = with_doubt(cell.shown.clone(), &cell.doubt);
            let title = t!(
                lang,
                members.migration_cell,
                before = &head,
                after = t!(lang, members.recency_score, score = to),
                members = &told
            );
            Some(Spot {
                level: level(Some(members.value as f64), largest),
                hatched: false,
                cell: Cell { title, ..cell },
            })
        });
        Line { head: Cell::of(head), aside: vec![], spots: spots.into() }
    });
    let mut columns = vec![t!(lang, members.migration_corner).to_owned()];
    columns.extend(SCORES.map(|r| t!(lang, members.recency_score, score = r)));
    Heatmap { caption: t!(lang, members.migration_note).to_owned(), columns, lines: lines.collect(), foot: vec![] }
}

fn lifecycle_table(page: &Page, periods: &[LifecyclePeriod]) -> Table {
    let (lang, style) = (page.state.lang, page.style());
    let rows = periods
        .iter()
        .map(|p| {
            let days = model::Window::new(p.from, p.to).map(|days| style.window(days)).unwrap_or_default();
            let days = if p.partial { days + t!(lang, members.cut_short) } else { days };
            let mut cells = vec![Cell::of(days)];
            cells.extend([p.opening.active, p.new, p.woken, p.slipped].map(|f| Cell::count(&style, &f, lang)));
            cells.push(Cell::count(&style, &p.closing.active, lang).class("strong"));
            cells.extend([p.closing.dormant, p.lost, p.closing.lost].map(|f| Cell::count(&style, &f, lang)));
            cells
        })
        .collect();
    let columns = vec![
        Column::of(t!(lang, periods.period)),
        Column::of(t!(lang, members.active_before)).hint(t!(lang, members.active_is)),
        Column::of(t!(lang, members.newcomers)).hint(t!(lang, members.newcomers_is)),
        Column::of(t!(lang, members.woken)).hint(t!(lang, members.woken_is)),
        Column::of(t!(lang, members.slipped)).hint(t!(lang, members.slipped_is)),
        Column::of(t!(lang, members.active_after)).hint(t!(lang, members.active_is)),
        Column::of(t!(lang, members.dormant_after)).hint(t!(lang, members.dormant_is)),
        Column::of(t!(lang, members.newly_lost)).hint(t!(lang, members.newly_lost_is)),
        Column::of(t!(lang, members.lost_after)).hint(t!(lang, members.lost_is)),
    ];
    Table { caption: t!(lang, members.lifecycle).to_owned(), columns, rows, foot: vec![] }
}
