//! Which share of orders and sales has a known member, by channel and month: what every number about members stands on.
//!
//! The build's own counts of the whole retailer, so they are exact and the same under every filter; only a filter on
//! channels or grounds says which rows stand here. Months are whole.

use leptos::prelude::*;
use model::{ChannelIdentified, Day, Figure, Identified, Ratio, Window};

use super::{LISTED, rows_tabs};
use crate::boot::Page;
use crate::components::heatmap::{Heatmap, Line, Spot, heatmap, level};
use crate::components::names;
use crate::components::section::section;
use crate::components::table::Cell;
use crate::components::tabs::{Tab, tabs};
use crate::export::{self, Entry, Sheet};
use crate::format::{self, Style, Unit, share};
use crate::i18n::t;
use crate::sentence::{Sentence, plain, strong};

/// Months listed at least: the last of the days chosen, and the twelve before it.
const MONTHS: usize = 13;
/// Below so many orders, a share says little; the colours then do not stretch for it.
const SCALED: u64 = 30;

/// What is known of some orders.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Known {
    orders: u64,
    known_orders: u64,
    sales: i64,
    known_sales: i64,
}

impl Known {
    fn with(self, other: Self) -> Self {
        Self {
            orders: self.orders.saturating_add(other.orders),
            known_orders: self.known_orders.saturating_add(other.known_orders),
            sales: self.sales.saturating_add(other.sales),
            known_sales: self.known_sales.saturating_add(other.known_sales),
        }
    }

    /// One month's; nothing where the manifest's lists are short.
    fn of(channel: &ChannelIdentified, month: usize) -> Self {
        Self {
            orders: channel.orders.get(month).copied().unwrap_or(0),
            known_orders: channel.identified_orders.get(month).copied().unwrap_or(0),
            sales: channel.sales.get(month).copied().unwrap_or(0),
            known_sales: channel.identified_sales.get(month).copied().unwrap_or(0),
        }
    }

    fn share(self, orders: bool) -> Ratio {
        if orders {
            self.share_of_orders()
        } else {
            share(&Figure::exact(self.known_sales), &Figure::exact(self.sales))
        }
    }

    fn share_of_orders(self) -> Ratio {
        let figure = |n: u64| Figure::exact(whole(n));
        share(&figure(self.known_orders), &figure(self.orders))
    }
}

fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A channel's months that are listed, and their sum.
struct Row<'a> {
    id: &'a str,
    months: Vec<Known>,
    all: Known,
}

/// Months since the first that is there; before it, less than 0.
fn month_of(identified: &Identified, day: Day) -> i64 {
    let number = |day: Day| i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
    number(day) - number(identified.from)
}

/// The months listed for a window: from first to last, counted from the first there is. None where there are none.
fn listed(identified: &Identified, window: Window) -> Option<std::ops::RangeInclusive<usize>> {
    let end = i64::from(identified.months).checked_sub(1).filter(|end| *end >= 0)?;
    let last = month_of(identified, window.to()).clamp(0, end);
    let first = month_of(identified, window.from()).min(last - MONTHS as i64 + 1).clamp(0, last);
    Some(usize::try_from(first).ok()?..=usize::try_from(last).ok()?)
}

/// The rows of the channels that the filter lets through, the most of what is chosen first.
fn rows<'a>(page: &'a Page, identified: &'a Identified, months: &std::ops::RangeInclusive<usize>) -> Vec<Row<'a>> {
    let filter = &page.shown.params.filter;
    let rows = identified.channels.iter().filter_map(|counted| {
        let channel = page.catalog.channels.get(usize::from(counted.channel))?;
        let of_channel = filter.channels.is_empty() || filter.channels.contains(&channel.id);
        let of_domain = filter.domains.is_empty() || channel.domain.is_some_and(|d| filter.domains.contains(&d));
        let months: Vec<Known> = months.clone().map(|month| Known::of(counted, month)).collect();
        let all = months.iter().fold(Known::default(), |sum, month| sum.with(*month));
        (of_channel && of_domain && all.orders > 0).then_some(Row { id: &channel.id, months, all })
    });
    let mut rows: Vec<Row> = rows.collect();
    let orders = page.state.params.channels.orders;
    let size = |row: &Row| if orders { whole(row.all.orders) } else { row.all.sales };
    rows.sort_by_key(|row| (std::cmp::Reverse(size(row)), row.id));
    rows
}

/// The panel; none where the snapshot does not say.
pub(super) fn coverage(page: &Page) -> Option<AnyView> {
    let lang = page.state.lang;
    let title = || t!(lang, channels.coverage).to_owned();
    let Some(identified) = &page.catalog.identified else {
        let later = view! { <p>{t!(lang, channels.coverage_later)}</p> }.into_any();
        let panel = || section("coverage", title(), ().into_any(), later, String::new());
        return page.catalog.identified_left.then(panel);
    };
    let months = listed(identified, page.shown.window)?;
    let rows = rows(page, identified, &months);
    let total = rows.iter().fold(Known::default(), |sum, row| sum.with(row.all));
    if total.orders == 0 {
        return None;
    }
    let orders = page.state.params.channels.orders;
    let firsts: Vec<Day> = months.map(|month| identified.from.plus_months(month as i32)).collect();
    let (low, high) = ends(&rows, orders);
    let said = say(page, &rows, total, firsts.len());
    let grid = Grid { page, style: page.style(), firsts: &firsts, orders, low, high };
    let map = grid.map(&rows, total);
    export::record(|| grid.counts(&rows));
    let key = view! { {rows_tabs(page, lang, rows.len(), LISTED)}{of_tabs(page)} }.into_any();
    let shown = |share: f64| format::percent(Some(share));
    let note = t!(lang, channels.coverage_note, low = shown(low), high = shown(high));
    let whole = touches_more_than_channels(page).then_some(t!(lang, channels.coverage_whole));
    let body = view! {
        <p class="lede">{plain(&said.0)}</p>
        <p class="note" hidden=whole.is_none()>{whole.unwrap_or_default()}</p>
        {heatmap(map, lang)}
    };
    Some(section("coverage", title(), key, body.into_any(), note))
}

/// Whether a filter is on that these numbers do not follow.
fn touches_more_than_channels(page: &Page) -> bool {
    let mut filter = page.shown.params.filter.clone();
    (filter.channels, filter.domains) = (Vec::new(), Vec::new());
    !filter.is_all() || page.shown.params.segment.is_some()
}

/// The lowest and the highest share among cells that have enough orders to mean something.
fn ends(rows: &[Row], orders: bool) -> (f64, f64) {
    let cells = rows.iter().flat_map(|row| &row.months);
    let shares = |least: u64| {
        let shares = cells.clone().filter(move |month| month.orders >= least).filter_map(|m| m.share(orders).value);
        shares.fold(None, |ends: Option<(f64, f64)>, share| {
            Some(ends.map_or((share, share), |(low, high)| (low.min(share), high.max(share))))
        })
    };
    shares(SCALED).or_else(|| shares(1)).unwrap_or((0.0, 1.0))
}

/// How much is known in all, and where most is not.
fn say(page: &Page, rows: &[Row], total: Known, months: usize) -> Sentence {
    let (lang, style) = (page.state.lang, page.style());
    let orders = page.state.params.channels.orders;
    let percent = |known: Known| style.show(Unit::Percent, known.share(orders).value);
    let unknown = |known: &Known| match orders {
        true => whole(known.orders.saturating_sub(known.known_orders)),
        false => known.sales.saturating_sub(known.known_sales),
    };
    let mut out = Sentence::default();
    let share = strong(percent(total));
    out.say(&match orders {
        true => t!(lang, channels.coverage_say_orders, months, share),
        false => t!(lang, channels.coverage_say, months, share),
    });
    let most = rows.iter().max_by_key(|row| unknown(&row.all)).filter(|row| unknown(&row.all) > 0);
    if let (Some(most), true) = (most, rows.len() > 1) {
        let (channel, share, size) = (names::channel(page, most.id), percent(most.all), unknown(&most.all));
        out.say(&match orders {
            true => t!(lang, channels.coverage_say_most_orders, channel, orders = style.count(size), share),
            false => t!(lang, channels.coverage_say_most, channel, money = style.money(size), share),
        });
    }
    out.plain(t!(lang, sentence.stop));
    out
}

fn of_tabs(page: &Page) -> AnyView {
    let lang = page.state.lang;
    let names = [t!(lang, channels.coverage_by_sales), t!(lang, channels.coverage_by_orders)];
    let choices = [false, true].into_iter().zip(names).map(|(orders, name)| Tab {
        name: name.to_owned(),
        href: page.state.href(|p| p.channels.orders = orders),
        chosen: page.state.params.channels.orders == orders,
    });
    tabs(t!(lang, channels.coverage_of), choices.collect())
}

/// What all rows of the grid share.
struct Grid<'a> {
    page: &'a Page,
    style: Style,
    /// The first day of each month.
    firsts: &'a [Day],
    /// Shares of orders, not of sales.
    orders: bool,
    low: f64,
    high: f64,
}

impl Grid<'_> {
    fn map(&self, rows: &[Row], total: Known) -> Heatmap {
        let lang = self.page.state.lang;
        let few = if self.page.state.params.channels.all { rows.len() } else { LISTED };
        let mut columns = vec![t!(lang, shared.channel).to_owned(), t!(lang, channels.coverage_all).to_owned()];
        columns.extend(self.firsts.iter().map(|first| self.month(*first)));
        let all = t!(lang, channels.all_channels);
        let mut foot = vec![Cell::of(all), self.cell(all, &self.span(), total)];
        foot.extend(self.firsts.iter().enumerate().map(|(at, first)| {
            let month = rows.iter().fold(Known::default(), |sum, row| sum.with(row.months[at]));
            self.cell(all, &self.month(*first), month)
        }));
        Heatmap {
            caption: t!(lang, channels.coverage).to_owned(),
            columns,
            lines: rows.iter().take(few).map(|row| self.line(row)).collect(),
            foot: vec![foot],
        }
    }

    fn line(&self, row: &Row) -> Line {
        let page = self.page;
        let name = names::channel(page, row.id);
        let only = page.state.params.filter.channels == [row.id.to_owned()];
        let mine = if row.id.is_empty() { vec![] } else { vec![row.id.to_owned()] };
        let toggled = if only { vec![] } else { mine.clone() };
        let head = Cell::of(name.clone()).to(page.state.href(|p| p.filter.channels = toggled));
        let spots = self.firsts.iter().zip(&row.months).map(|(first, month)| {
            if month.orders == 0 {
                return None;
            }
            let cell = self.cell(&name, &self.month(*first), *month);
            let days = Window::new(
                (*first).max(page.catalog.first_day),
                first.plus_months(1).plus(-1).min(page.catalog.data_until),
            );
            let cell = match days {
                Ok(days) => cell.to(page.state.href(|p| {
                    p.window = Some(days);
                    p.filter.channels.clone_from(&mine);
                })),
                Err(_) => cell,
            };
            let reach = self.high - self.low;
            let above = month.share(self.orders).value.map(|share| share - self.low);
            // Where all are alike, none is the lowest.
            let level = if reach > 0.0 { level(above, reach) } else { 5 };
            Some(Spot { cell, level, hatched: false })
        });
        Line { head, aside: vec![self.cell(&name, &self.span(), row.all).class("strong")], spots: spots.collect() }
    }

    /// A share, and in full what it is of.
    fn cell(&self, channel: &str, month: &str, known: Known) -> Cell {
        let (lang, style) = (self.page.state.lang, &self.style);
        let ratio = known.share(self.orders);
        let count = |n: u64| style.full_count(whole(n));
        let title = t!(
            lang,
            channels.coverage_cell,
            channel,
            month,
            orders = count(known.orders),
            known_orders = count(known.known_orders),
            orders_share = style.show(Unit::Percent, known.share_of_orders().value),
            sales = style.symbol().to_owned() + &style.full_money(known.sales),
            known_sales = style.symbol().to_owned() + &style.full_money(known.known_sales),
            sales_share = style.show(Unit::Percent, known.share(false).value)
        );
        let shown = ratio.value.map_or(format::NOTHING.to_owned(), format::whole_percent);
        Cell { shown, title, value: Entry::ratio(style, Unit::Percent, &ratio), ..Cell::default() }
    }

    fn month(&self, first: Day) -> String {
        let style = &self.style;
        t!(style.lang, channels.year_month, year = first.year(), month = style.month_name(first))
    }

    /// From the first month to the last.
    fn span(&self) -> String {
        let lang = self.page.state.lang;
        let [Some(first), Some(last)] = [self.firsts.first(), self.firsts.last()] else {
            return String::new();
        };
        t!(lang, dates.window, from = self.month(*first), to = self.month(*last))
    }

    /// For files: the counts behind the shares, a row for each channel and month.
    fn counts(&self, rows: &[Row]) -> Sheet {
        let (lang, style) = (self.page.state.lang, &self.style);
        let lines = rows.iter().flat_map(|row| {
            let name = names::channel(self.page, row.id);
            self.firsts.iter().zip(&row.months).map(move |(first, month)| {
                let count = |n: u64| Entry::count(style, &Figure::exact(whole(n)));
                let money = |minor: i64| Entry::money(style, &Figure::exact(minor));
                vec![
                    Entry::Words(name.clone()),
                    Entry::Words(self.month(*first)),
                    count(month.orders),
                    count(month.known_orders),
                    money(month.sales),
                    money(month.known_sales),
                ]
            })
        });
        let head = [
            t!(lang, shared.channel),
            t!(lang, channels.month),
            t!(lang, words.orders),
            t!(lang, channels.identified_orders),
            t!(lang, words.sales),
            t!(lang, channels.identified_sales),
        ];
        Sheet {
            id: "",
            title: t!(lang, channels.coverage_counts).to_owned(),
            head: head.map(str::to_owned).into(),
            rows: lines.collect(),
        }
    }
}

#[cfg(test)]
mod tests;
