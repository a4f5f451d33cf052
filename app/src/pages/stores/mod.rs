//! 门店 Stores: which stores need a look today, and the ranking with how sure each rank is.

mod answers;
mod ask;
mod options;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use model::{Measure, Measures, Ratio, StoreRow};

use super::Entry;
use crate::boot::Page;
use crate::components::compare::Way;
use crate::components::section::section;
use crate::components::table::{Cell, Column, Table, table};
use crate::components::trend::measure_name;
use crate::components::{names, states};
use crate::format::{NOTHING, Style, Unit, as_float};
use crate::i18n::{Lang, t};
use crate::sentence::Piece;
use crate::state::PageName;
use answers::{Answered, Moved};

pub(crate) use options::StoresOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, stores.stores),
    icon: "M4 10l1-6h14l1 6M5 10v10h14V10M4 10h16M10 20v-6h4v6",
    compares: true,
    filters: true,
    asks: ask::asks,
    beside: None,
    sentence: pieces,
    body,
};

/// Stores in "needs you today".
const URGENT: usize = 10;

fn pieces(page: &Page) -> Vec<Piece> {
    sentence::sentence(page)
}

fn body(page: &Arc<Page>) -> AnyView {
    let lang = page.state.lang;
    let Some(answered) = answers::answers(page) else {
        return states::failed(page);
    };
    if answered.rows.is_empty() {
        return states::nothing(page);
    }
    view! { {today(page, &answered, lang)}{ranking(page, &answered, lang)} }.into_any()
}

fn store_cell(page: &Page, id: &str) -> Cell {
    let cell = Cell::of(names::store(page, id));
    if id.is_empty() { cell } else { cell.to(page.state.params.href(&PageName::Store(id.to_owned()))) }
}

/// Falls beyond chance, the worst in money first; nothing where nothing is compared.
fn today(page: &Page, answered: &Answered, lang: Lang) -> Option<AnyView> {
    answered.growth.compare.as_ref()?;
    let moved = answers::moved(answered);
    let falls: Vec<&Moved> = moved.iter().filter(|m| m.change.value < 0).take(URGENT).collect();
    let note = if falls.is_empty() { t!(lang, stores.today_calm) } else { t!(lang, stores.today_note) };
    let style = page.style();
    let rows: Vec<Vec<Cell>> = falls
        .into_iter()
        .map(|moved| {
            let why = moved.driver.map(|(part, money)| {
                let shown = t!(lang, periods.line_of, name = part.name(lang), value = style.change(money.value));
                Cell { doubt: style.doubt_of(Unit::Money, &money, lang), ..Cell::of(shown) }
            });
            let sure = moved.row.sales_z.map_or(NOTHING.to_owned(), |z| crate::format::fixed(z.abs(), 1) + "σ");
            vec![
                store_cell(page, &moved.row.store),
                Cell {
                    title: style.full_money(moved.change.value),
                    doubt: style.doubt_of(Unit::Money, &moved.change, lang),
                    ..Cell::of(style.change(moved.change.value))
                }
                .class("down strong"),
                why.unwrap_or_else(|| Cell::of(NOTHING)),
                Cell::of(sure).class("quiet"),
            ]
        })
        .collect();
    let columns = vec![
        Column::of(t!(lang, shared.store)),
        Column::of(t!(lang, periods.change)),
        Column::of(t!(lang, shared.driver)),
        Column::of(t!(lang, stores.beyond_chance)).hint(t!(lang, stores.beyond_chance_is)),
    ];
    let body = (!rows.is_empty())
        .then(|| table(Table { caption: t!(lang, stores.today).to_owned(), columns, rows, foot: vec![] }, lang));
    Some(section("today", t!(lang, stores.today).to_owned(), ().into_any(), body.into_any(), note.to_owned()))
}

fn ranking(page: &Page, answered: &Answered, lang: Lang) -> AnyView {
    let style = page.style();
    let options = &page.state.params.stores;
    let by = page.shown.params.stores.by;
    let shown = if options.all { usize::MAX } else { StoresOptions::ROWS };
    let rows = answered.rows.iter().take(shown).map(|row| rank_row(page, row, by, &style)).collect();
    let mut columns = vec![
        Column::of(t!(lang, shared.store)),
        Column::of(t!(lang, stores.rank)).hint(t!(lang, stores.rank_is)),
        Column::of(t!(lang, stores.moved_by)).hint(t!(lang, stores.moved_by_is)),
    ];
    columns.extend(options::MEASURES.values().map(|measure| Column {
        name: measure_name(measure, lang).to_owned(),
        sort: Some(page.state.href(|p| p.stores.by = measure)),
        sorted: by == measure,
        ..Column::default()
    }));
    let grid = table(Table { caption: t!(lang, stores.ranking).to_owned(), columns, rows, foot: vec![] }, lang);
    let left = answered.rows.len().saturating_sub(shown);
    let more = page.state.href(|p| p.stores.all = true);
    let body = view! {
        {grid}
        <p class="more" hidden=left == 0><a class="chip" href=more data-nav="">{t!(lang, stores.all_rows, rows = answered.rows.len())}</a></p>
    };
    section(
        "ranking",
        t!(lang, stores.ranking).to_owned(),
        ().into_any(),
        body.into_any(),
        t!(lang, stores.ranking_note).to_owned(),
    )
}

fn rank_row(page: &Page, row: &StoreRow, by: Measure, style: &Style) -> Vec<Cell> {
    let lang = page.state.lang;
    let rank = Cell {
        doubt: if row.rank_low < row.rank_high {
            format!("{}–{}", row.rank_low, row.rank_high)
        } else {
            String::new()
        },
        ..Cell::of(row.rank.to_string())
    };
    let climbed = row.compare_rank.map(|then| i64::from(then) - i64::from(row.rank));
    let climbed = match climbed {
        None => Cell::of(NOTHING).class("quiet"),
        Some(0) => Cell::of("=").class("quiet"),
        Some(n) => {
            let way = Way::of_amount(n);
            Cell::of(format!("{}{}", way.arrow(), n.abs())).class(way.class())
        }
    };
    let mut cells = vec![store_cell(page, &row.store), rank, climbed];
    cells.extend(options::MEASURES.values().map(|measure| {
        let found = figure(&row.window, measure);
        let cell = found.map(|f| Cell::ratio(style, Unit::of(measure), &f, lang)).unwrap_or_default();
        if measure == by { cell.class("strong") } else { cell }
    }));
    cells
}

/// A measure with its interval; none where it was not asked.
fn figure(measures: &Measures, measure: Measure) -> Option<Ratio> {
    match measure {
        Measure::Sales => measures.sales.as_ref().map(as_float),
        Measure::Buyers => measures.buyers.as_ref().map(as_float),
        Measure::NewBuyers => measures.new_buyers.as_ref().map(as_float),
        Measure::Conversion => measures.conversion,
        Measure::Aov => measures.aov,
        Measure::Frequency => measures.frequency,
        Measure::RepurchaseRate => measures.repurchase_rate,
        _ => measures.value(measure).map(|value| Ratio::exact(Some(value))),
    }
}
