//! Channel × channel: which share of a channel's members is met in another; and what breadth goes with.

use leptos::prelude::*;
use model::{OverlapAnswer, OverlapChannel};

use super::LISTED;
use crate::boot::Page;
use crate::components::compare::with_doubt;
use crate::components::heatmap::{Heatmap, Line, Spot, level};
use crate::components::names;
use crate::components::table::{Cell, Column, Table, table};
use crate::format::{self, Unit, share, sum};
use crate::i18n::t;

/// The channels shown, the largest first, and whether some are left out.
fn listed<'a>(page: &Page, overlap: &'a OverlapAnswer) -> Vec<&'a OverlapChannel> {
    let mut channels: Vec<&OverlapChannel> = overlap.channels.iter().collect();
    channels.sort_by_key(|c| (std::cmp::Reverse(c.members.value), c.channel.clone()));
    if !page.state.params.channels.all {
        channels.truncate(LISTED);
    }
    channels
}

/// For each channel down, which share of its members is met in the channel across too.
pub(super) fn matrix(page: &Page, overlap: &OverlapAnswer) -> Heatmap {
    let (lang, style) = (page.state.lang, page.style());
    let channels = listed(page, overlap);
    let shares = channels.iter().flat_map(|row| row.with.iter().filter_map(|w| share(&w.members, &row.members).value));
    let largest = shares.fold(0.0, f64::max);
    let lines = channels.iter().map(|row| {
        let name = names::channel(page, &row.channel);
        let only = page.state.params.filter.channels == [row.channel.clone()];
        let href = page.state.href(|p| p.filter.channels = if only { vec![] } else { vec![row.channel.clone()] });
        let spots = channels.iter().map(|column| {
            let shared = row.with.iter().find(|w| w.channel == column.channel)?;
            let part = share(&shared.members, &row.members);
            let members = Cell::count(&style, &shared.members, lang);
            let shown = part.value.map_or(format::NOTHING.to_owned(), format::whole_percent);
            let other = names::channel(page, &column.channel);
            let title = t!(
                lang,
                channels.overlap_cell,
                channel = &name,
                other = &other,
                members = with_doubt(members.shown, &members.doubt),
                share = style.show(Unit::Percent, part.value)
            );
            let doubt = style.doubt(Unit::Percent, &part, lang);
            let cell = Cell { shown, title, doubt, ..Cell::default() };
            let pair = vec![row.channel.clone(), column.channel.clone()];
            let cell = match pair.iter().any(String::is_empty) {
                true => cell,
                false => cell.to(page.state.href(|p| p.filter.channels = pair)),
            };
            Some(Spot { level: level(part.value, largest), hatched: false, cell })
        });
        let head = if row.channel.is_empty() { Cell::of(name.clone()) } else { Cell::of(name.clone()).to(href) };
        let aside = vec![
            Cell::count(&style, &row.members, lang).class("strong"),
            Cell::ratio(&style, Unit::Percent, &share(&row.only, &row.members), lang),
        ];
        Line { head, aside, spots: spots.collect() }
    });
    let mut columns = vec![
        t!(lang, shared.channel).to_owned(),
        t!(lang, data.members).to_owned(),
        t!(lang, channels.only_here).to_owned(),
    ];
    columns.extend(channels.iter().map(|c| names::channel(page, &c.channel)));
    Heatmap { caption: t!(lang, channels.overlap).to_owned(), columns, lines: lines.collect(), foot: vec![] }
}

/// Members by the number of their channels, their share of members and of sales, and what each spent.
pub(super) fn breadth(page: &Page, overlap: &OverlapAnswer) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let members = sum(overlap.breadth.iter().map(|row| row.members));
    let sales = sum(overlap.breadth.iter().map(|row| row.sales));
    let most = overlap.breadth.iter().filter_map(|row| row.value.value).fold(0.0, f64::max);
    let rows = overlap
        .breadth
        .iter()
        .map(|row| {
            let name = match row.channels {
                1 => t!(lang, channels.one_channel).to_owned(),
                2 | 3 => t!(lang, filters.channels_count, count = row.channels),
                _ => t!(lang, channels.four_channels).to_owned(),
            };
            let length = row.value.value.filter(|_| most > 0.0).map_or(0.0, |value| value / most);
            vec![
                Cell::of(name),
                Cell::bar(length, None),
                Cell::ratio(&style, Unit::Price, &row.value, lang).class("strong"),
                Cell::count(&style, &row.members, lang),
                Cell::ratio(&style, Unit::Percent, &share(&row.members, &members), lang),
                Cell::ratio(&style, Unit::Percent, &share(&row.sales, &sales), lang),
            ]
        })
        .collect();
    let columns = vec![
        Column::of(t!(lang, channels.breadth_of)),
        Column::of(""),
        Column::of(t!(lang, channels.member_value)).hint(t!(lang, channels.member_value_is)),
        Column::of(t!(lang, data.members)),
        Column::of(t!(lang, members.of_members)),
        Column::of(t!(lang, channels.of_sales)),
    ];
    table(Table { caption: t!(lang, channels.breadth).to_owned(), columns, rows, foot: vec![] }, lang)
}
