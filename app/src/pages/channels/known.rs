//! Whose sales are known: over time, and channel by channel with what stays anonymous.

use leptos::prelude::*;
use model::{Factors, GrowthAnswer, GrowthGroup, Ratio, SeriesAnswer, SeriesPoints};

use super::answers::identified;
use crate::boot::Page;
use crate::charts::{self, Shape, TrendPoint};
use crate::components::compare::{Way, with_doubt};
use crate::components::figure::{Twin, figure};
use crate::components::names;
use crate::components::table::{Cell, Column, Table, table};
use crate::format::{self, Style, Unit, share, share_less, unsure};
use crate::i18n::{Lang, t};
use crate::sentence::against;

/// Channels listed until the reader wants all.
pub(super) const FEW: usize = 8;

/// The known share of sales in each period.
fn shares(points: &SeriesPoints) -> Vec<Ratio> {
    let (Some(known), Some(all)) = (&points.member_sales, &points.sales) else {
        return Vec::new();
    };
    known.iter().zip(all).map(|(known, all)| share(known, all)).collect()
}

/// The known share of sales over time, both periods.
pub(super) fn over_time(page: &Page, series: &SeriesAnswer) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let now = shares(&series.window);
    let then = series.compare.as_ref().map(shares).unwrap_or_default();
    let compared = against(page.shown.compare, lang);
    let show = |r: Option<&Ratio>| {
        let doubt = r.map(|r| style.doubt(Unit::Percent, r, lang)).unwrap_or_default();
        with_doubt(style.show(Unit::Percent, r.and_then(|r| r.value)), &doubt)
    };
    let mut points = Vec::new();
    let mut rows = Vec::new();
    for (i, day) in series.window.periods.iter().enumerate() {
        let (a, b) = (now.get(i), then.get(i));
        let partial = series.window.partial.get(i).copied().unwrap_or(false);
        let days = series.window.days.get(i).copied().unwrap_or(1);
        let last = day.plus(i32::try_from(days).unwrap_or(1) - 1);
        let title = model::Window::new(*day, last).map(|days| style.window(days)).unwrap_or_default();
        let mut lines =
            vec![title.clone(), t!(lang, periods.line_of, name = t!(lang, periods.this_period), value = show(a))];
        let mut row = vec![title, show(a)];
        if series.compare.is_some() {
            lines.push(t!(lang, periods.line_of, name = compared, value = show(b)));
            row.push(show(b));
        }
        rows.push(row);
        let (now, then) = (a.and_then(|r| r.value), b.and_then(|r| r.value));
        points.push(TrendPoint { label: style.day(*day), now, then, target: None, partial, lines });
    }
    let title = t!(lang, channels.known_over_time);
    let label = t!(lang, figures.trend_label, title);
    let axis = |value: f64| format::whole_percent(value);
    let drawing =
        charts::trend(&points, Shape::Wide, &label, &axis) + &charts::trend(&points, Shape::Narrow, &label, &axis);
    let mut head = vec![t!(lang, periods.period).to_owned(), t!(lang, periods.this_period).to_owned()];
    head.extend(series.compare.as_ref().map(|_| compared.to_owned()));
    let key = view! {
        <span class="k1">{t!(lang, periods.this_period)}</span>
        <span class="k2" hidden=series.compare.is_none()>{compared}</span>
    };
    let note = t!(lang, channels.identified_is).to_owned();
    figure("known", title.to_owned(), key.into_any(), drawing, note, Twin { head, rows }, lang)
}

/// Channel by channel: known share of orders, what stays anonymous; the most anonymous money first.
pub(super) fn by_channel(page: &Page, answer: &GrowthAnswer) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let mut groups: Vec<&GrowthGroup> = answer.groups.iter().filter(|g| g.window.orders.value > 0).collect();
    groups.sort_by_key(|g| (std::cmp::Reverse(g.window.anonymous_sales.value), g.id.clone()));
    let compares = answer.compare.is_some();
    let count = if page.state.params.channels.all { usize::MAX } else { FEW };
    let cells = |name: Cell, now: &Factors, then: Option<&Factors>| {
        let [orders, _] = identified(now);
        let before = then.map(|then| identified(then)[0]);
        let length = orders.value.unwrap_or(0.0);
        let mut cells = vec![
            name,
            Cell::bar(length, before.and_then(|b| b.value)),
            Cell::ratio(&style, Unit::Percent, &orders, lang).class("strong"),
        ];
        if compares {
            cells.push(change(&orders, before, &style, lang));
        }
        cells.push(Cell::count(&style, &now.anonymous_orders, lang));
        cells.push(Cell::money(&style, &now.anonymous_sales, lang));
        cells
    };
    let rows = groups
        .into_iter()
        .take(count)
        .map(|g| {
            let name = Cell::of(names::channel(page, &g.id));
            let only = page.state.params.filter.channels == [g.id.clone()];
            let href = page.state.href(|p| p.filter.channels = if only { vec![] } else { vec![g.id.clone()] });
            let name = if g.id.is_empty() { name } else { name.to(href) };
            cells(name, &g.window, g.compare.as_ref())
        })
        .collect();
    let foot = vec![cells(Cell::of(t!(lang, words.total)), &answer.window, answer.compare.as_ref())];
    let mut columns = vec![
        Column::of(t!(lang, shared.channel)),
        Column::of(""),
        Column::of(t!(lang, channels.known_orders)).hint(t!(lang, channels.known_orders_is)),
    ];
    if compares {
        columns.push(Column::of(t!(lang, channels.change_points)));
    }
    columns.push(Column::of(t!(lang, words.anonymous)).hint(t!(lang, words.anonymous_is)));
    columns.push(Column::of(t!(lang, words.anonymous_sales)));
    table(Table { caption: t!(lang, channels.known_by_channel).to_owned(), columns, rows, foot }, lang)
}

/// A change of a share in percentage points, with its way where chance does not leave it open.
pub(super) fn change(now: &Ratio, then: Option<Ratio>, style: &Style, lang: Lang) -> Cell {
    let Some(moved) = then.and_then(|then| share_less(now, &then)) else {
        return Cell::of(format::NOTHING);
    };
    let way = if unsure(&moved) { Way::Flat } else { Way::of(moved.value) };
    let shown = format::points(moved.value.unwrap_or(0.0));
    let shown = if way == Way::Flat { shown } else { [way.arrow(), " ", &shown].concat() };
    let title = then.map(|then| t!(lang, figures.was, value = style.show(Unit::Percent, then.value)));
    Cell { doubt: style.doubt(Unit::Percent, &moved, lang), title: title.unwrap_or_default(), ..Cell::of(shown) }
        .class(way.class())
}
