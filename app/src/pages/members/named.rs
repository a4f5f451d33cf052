//! The named segments as a list: members, what they are worth, how their number changed; a name filters by it.

use leptos::prelude::*;
use model::{Figure, Ratio, RfmAnswer};

use super::answers;
use super::segments::{SEGMENTS, before};
use crate::boot::Page;
use crate::components::compare::Way;
use crate::components::table::{Cell, Column, Table, table};
use crate::format::{self, Unit, less, share, sum};
use crate::i18n::t;

/// The table, the segment that spent most first, and the whole under it.
pub(super) fn named(page: &Page, rfm: &RfmAnswer) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let all_sales = answers::all_sales(rfm);
    let mut segments: Vec<_> = SEGMENTS.iter().enumerate().map(|(at, s)| (at, s, s.count(rfm))).collect();
    segments.sort_by_key(|(at, _, (_, sales))| (std::cmp::Reverse(sales.value), *at));
    let compares = rfm.migration.is_some();
    // One decimal is enough to tell segments apart, and leaves room for the rest.
    let rate = |share: &Ratio| Cell {
        shown: share.value.map_or(format::NOTHING.to_owned(), format::size_percent),
        ..Cell::ratio(&style, Unit::Percent, share, lang)
    };
    let cells = |name: Cell, members: &Figure<i64>, sales: &Figure<i64>, then: Option<Figure<i64>>| {
        let value = |n: i64| (members.value > 0).then(|| n as f64 / members.value as f64);
        let worth = Ratio {
            value: value(sales.value),
            low: value(sales.low),
            high: value(sales.high),
            too_few: members.too_few || sales.too_few,
        };
        let mut cells =
            vec![name, Cell::count(&style, members, lang).class("strong"), rate(&share(members, &rfm.members))];
        cells.extend([rate(&share(sales, &all_sales)).class("strong"), Cell::ratio(&style, Unit::Price, &worth, lang)]);
        if let Some(then) = then {
            let change = less(*members, then);
            // What the interval leaves open has no way.
            let sure = !change.too_few && (change.low > 0 || change.high < 0);
            let way = if sure { Way::of_amount(change.value) } else { Way::Flat };
            let sign = if change.value > 0 { "+" } else { "" };
            let shown = [way.arrow(), if sure { " " } else { "" }, sign, &style.count(change.value)].concat();
            let doubt = style.doubt_of(Unit::Count, &change, lang);
            let title = t!(lang, members.was_then, count = style.full_count(then.value));
            cells.push(Cell { doubt, title, ..Cell::of(shown) }.class(way.class()));
        }
        cells
    };
    let rows = segments
        .into_iter()
        .map(|(at, segment, (members, sales))| {
            let picked = segment.picked(rfm.as_of, rfm.cuts);
            let only = page.state.params.segment.as_ref() == Some(&picked);
            let name = Cell { title: (segment.advice)(lang).to_owned(), ..Cell::of((segment.name)(lang)) };
            let name = match members.value {
                0 => name,
                _ => name.to(page.state.href(|p| p.segment = (!only).then_some(picked))),
            };
            cells(name, &members, &sales, before(rfm, at))
        })
        .collect();
    let then = compares.then(|| sum((0..SEGMENTS.len()).filter_map(|at| before(rfm, at))));
    let foot = vec![cells(Cell::of(t!(lang, words.total)), &rfm.members, &all_sales, then)];
    let mut columns = vec![
        Column::of(t!(lang, members.segment)),
        Column::of(t!(lang, data.members)),
        Column::of(t!(lang, members.of_members)),
    ];
    columns.extend([
        Column::of(t!(lang, members.of_sales)).hint(t!(lang, members.of_sales_is)),
        Column::of(t!(lang, members.worth)).hint(t!(lang, members.worth_is)),
    ]);
    if compares {
        columns.push(Column::of(t!(lang, periods.change)).hint(t!(lang, members.change_is)));
    }
    table(Table { caption: t!(lang, members.named).to_owned(), columns, rows, foot }, lang)
}
