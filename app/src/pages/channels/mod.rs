//! 渠道 Channels: how much of sales has a known member, whom channels share, what breadth is worth, whose ground.

mod answers;
mod ask;
mod options;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use model::{By, OverlapAnswer, OverlapOf, Ratio};

use super::Entry;
use crate::boot::Page;
use crate::components::growth_table::growth_table;
use crate::components::heatmap::{Heatmap, Line, Spot, heatmap, level};
use crate::components::section::section;
use crate::components::table::{Cell, Column, Table, table};
use crate::components::tabs::{Tab, tabs};
use crate::components::{names, states};
use crate::format::{self, Unit};
use crate::i18n::{Lang, t};
use crate::sentence::Piece;

pub(crate) use options::ChannelsOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, channels.channels),
    icon: "M6 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM18 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 21a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 8l3 7M16 8l-3 7M9 6h6",
    compares: true,
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
    let Some(answered) = answers::answers(page) else {
        return states::failed(page);
    };
    if states::is_nothing(answered.channels) {
        return states::nothing(page);
    }
    let overlap = answered.overlap;
    let matrix = heatmap(matrix(page, overlap), lang);
    let domains = growth_table(page, answered.domains, By::Domain);
    let channels = growth_table(page, answered.channels, By::Channel);
    view! {
        <div class="grid">
            {section("domains", t!(lang, channels.by_domain).to_owned(), ().into_any(), domains, t!(lang, channels.domains_note).to_owned())}
            {section("breadth", t!(lang, channels.breadth).to_owned(), of_tabs(page, lang), table(breadth_table(page, overlap), lang), String::new())}
        </div>
        {section("known", t!(lang, channels.identified).to_owned(), ().into_any(), table(known_table(page, &answered), lang), t!(lang, channels.identified_is).to_owned())}
        {section("channels", t!(lang, channels.channels).to_owned(), ().into_any(), channels, String::new())}
        {section("overlap", t!(lang, channels.overlap).to_owned(), of_tabs(page, lang), matrix, t!(lang, channels.overlap_note).to_owned())}
    }
    .into_any()
}

fn of_tabs(page: &Page, lang: Lang) -> AnyView {
    let choices =
        [(OverlapOf::Buyers, t!(lang, words.buyers)), (OverlapOf::Users, t!(lang, words.users))].map(|(of, name)| {
            Tab {
                name: name.to_owned(),
                href: page.state.href(|p| p.channels.of = of),
                chosen: page.state.params.channels.of == of,
            }
        });
    tabs(t!(lang, channels.overlap_of), choices.into())
}

/// Share of orders and of sales whose member is known, in both windows.
fn known_table(page: &Page, answered: &answers::Answered) -> Table {
    let (lang, style) = (page.state.lang, page.style());
    let now = answers::identified(&answered.channels.window);
    let then = answered.channels.compare.as_ref().map(answers::identified);
    let names = [t!(lang, channels.identified_orders), t!(lang, channels.identified_sales)];
    let row = |(i, name): (usize, &str)| {
        let share = |shares: &[Ratio; 2]| Cell::ratio(&style, Unit::Percent, &shares[i], lang);
        let mut cells = vec![Cell::of(name), share(&now).class("strong")];
        cells.extend(then.as_ref().map(|then| share(then).class("quiet")));
        cells
    };
    let rows = names.into_iter().enumerate().map(row).collect();
    let mut columns = vec![Column::of(t!(lang, data.share_of)), Column::of(t!(lang, periods.this_period))];
    columns.extend(then.map(|_| Column::of(crate::sentence::against(page.shown.compare, lang))));
    Table { caption: t!(lang, channels.identified).to_owned(), columns, rows, foot: vec![] }
}

fn breadth_table(page: &Page, overlap: &OverlapAnswer) -> Table {
    let (lang, style) = (page.state.lang, page.style());
    let rows = overlap
        .breadth
        .iter()
        .map(|row| {
            let name = match row.channels {
                1 => t!(lang, channels.one_channel).to_owned(),
                2 | 3 => t!(lang, filters.channels_count, count = row.channels),
                _ => t!(lang, channels.four_channels).to_owned(),
            };
            vec![
                Cell::of(name),
                Cell::count(&style, &row.members, lang),
                Cell::count(&style, &row.orders, lang),
                Cell::money(&style, &row.sales, lang),
                Cell::ratio(&style, Unit::Price, &row.value, lang).class("strong"),
            ]
        })
        .collect();
    let columns = vec![
        Column::of(t!(lang, channels.breadth_of)),
        Column::of(t!(lang, data.members)),
        Column::of(t!(lang, words.orders)),
        Column::of(t!(lang, words.sales)),
        Column::of(t!(lang, channels.member_value)).hint(t!(lang, channels.member_value_is)),
    ];
    Table { caption: t!(lang, channels.breadth).to_owned(), columns, rows, foot: vec![] }
}

/// For each channel down, which share of its members is met in the channel across too.
fn matrix(page: &Page, overlap: &OverlapAnswer) -> Heatmap {
    let (lang, style) = (page.state.lang, page.style());
    let largest = overlap
        .channels
        .iter()
        .flat_map(|row| row.with.iter().filter_map(|w| answers::share(&w.members, &row.members).value))
        .fold(0.0, f64::max);
    let lines = overlap.channels.iter().map(|row| {
        let name = names::channel(page, &row.channel);
        let only = page.state.params.filter.channels == [row.channel.clone()];
        let href = page.state.href(|p| p.filter.channels = if only { vec![] } else { vec![row.channel.clone()] });
        let spots = overlap.channels.iter().map(|column| {
            let shared = row.with.iter().find(|w| w.channel == column.channel)?;
            let part = answers::share(&shared.members, &row.members);
            let members = Cell::count(&style, &shared.members, lang);
            let shown = part.value.map_or(format::NOTHING.to_owned(), format::whole_percent);
            let other = names::channel(page, &column.channel);
            let title = t!(
                lang,
                channels.overlap_cell,
                channel = &name,
                other = &other,
                members = &members.shown,
                share = &shown
            );
            let doubt = style.doubt(Unit::Percent, &part, lang);
            let cell = Cell { shown, title, doubt, ..Cell::default() };
            Some(Spot { level: level(part.value, largest), hatched: false, cell })
        });
        let head = if row.channel.is_empty() { Cell::of(name.clone()) } else { Cell::of(name.clone()).to(href) };
        let aside = vec![
            Cell::count(&style, &row.members, lang),
            Cell::ratio(&style, Unit::Percent, &answers::share(&row.only, &row.members), lang),
        ];
        Line { head, aside, spots: spots.collect() }
    });
    let mut columns = vec![
        t!(lang, shared.channel).to_owned(),
        t!(lang, data.members).to_owned(),
        t!(lang, channels.only_here).to_owned(),
    ];
    columns.extend(overlap.channels.iter().map(|c| names::channel(page, &c.channel)));
    Heatmap { caption: t!(lang, channels.overlap).to_owned(), columns, lines: lines.collect(), foot: vec![] }
}
