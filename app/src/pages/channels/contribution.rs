//! Channel × factor: what each factor did in each channel; with the mix row every column adds up to the whole's, every
//! row to its channel's change of sales, to the last minor unit.

use leptos::prelude::*;
use model::{Contributions, Factors, GrowthAnswer};

use super::LISTED;
use crate::boot::Page;
use crate::components::compare::Way;
use crate::components::names;
use crate::components::table::{Cell, Column, Table, table};
use crate::format::{Scale, Style};
use crate::i18n::{Lang, t};
use crate::sentence::{Part, parts};

/// Classes of cells that lifted, the stronger the more.
const UP: [&str; 10] = ["u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9"];
/// Of those that dragged.
const DOWN: [&str; 10] = ["d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9"];

/// Five parts and the change of sales they sum to.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    cells: [i64; 5],
    total: i64,
}

impl Row {
    fn of(now: &Factors, then: &Factors, contributions: &Contributions) -> Self {
        let cells = parts(now, then, contributions).map(|(_, money)| money.value);
        Self { cells, total: now.sales.value.saturating_sub(then.sales.value) }
    }

    /// The two taken together.
    fn with(mut self, other: &Row) -> Self {
        for (sum, cell) in self.cells.iter_mut().zip(other.cells) {
            *sum = sum.saturating_add(cell);
        }
        self.total = self.total.saturating_add(other.total);
        self
    }

    /// What is left of the whole when the rows are taken off.
    fn rest<'a>(mut self, rows: impl Iterator<Item = &'a Row>) -> Self {
        for row in rows {
            for (rest, cell) in self.cells.iter_mut().zip(row.cells) {
                *rest = rest.saturating_sub(cell);
            }
            self.total = self.total.saturating_sub(row.total);
        }
        self
    }
}

/// The table with its unit; none where nothing is compared.
pub(super) fn contribution(page: &Page, answer: &GrowthAnswer) -> Option<(AnyView, String)> {
    let (then, contributions) = (answer.compare.as_ref()?, answer.contributions.as_ref()?);
    let (lang, style) = (page.state.lang, page.style());
    let whole = Row::of(&answer.window, then, contributions);
    let rows = answer.groups.iter().filter_map(|g| {
        let row = Row::of(&g.window, g.compare.as_ref()?, g.contributions.as_ref()?);
        (row != Row { cells: [0; 5], total: 0 }).then_some((g.id.as_str(), row))
    });
    let mut rows: Vec<(&str, Row)> = rows.collect();
    rows.sort_by_key(|(id, row)| (std::cmp::Reverse(row.total.saturating_abs()), *id));
    let mix = whole.rest(rows.iter().map(|(_, row)| row));
    let largest = rows.iter().flat_map(|(_, r)| r.cells).map(i64::saturating_abs).max().unwrap_or(0);
    let totals = rows.iter().map(|(_, r)| r.total).chain([whole.total]).map(i64::saturating_abs);
    let scale = style.scale(totals.max().unwrap_or(0).max(largest));
    let foot = vec![
        plain(Cell { title: t!(lang, words.mix_is).to_owned(), ..Cell::of(t!(lang, words.mix)) }, &mix, &style, &scale),
        plain(Cell::of(t!(lang, words.total)), &whole, &style, &scale),
    ];
    let shown = if page.state.params.channels.all { rows.len() } else { LISTED.min(rows.len()) };
    let (listed, others) = rows.split_at(shown);
    let mut body: Vec<Vec<Cell>> =
        listed.iter().map(|(id, row)| line(page, id, row, largest, &style, &scale)).collect();
    if !others.is_empty() {
        let nothing = Row { cells: [0; 5], total: 0 };
        let sum = others.iter().fold(nothing, |sum, (_, row)| sum.with(row));
        body.push(plain(Cell::of(t!(lang, channels.others, count = others.len())), &sum, &style, &scale));
    }
    let mut columns = vec![Column::of(t!(lang, shared.channel))];
    columns.extend(factor_names(lang).map(Column::of));
    columns.push(Column::of(t!(lang, words.total)));
    let caption = t!(lang, channels.contribution).to_owned();
    let unit = t!(lang, figures.unit_is, unit = &scale.unit);
    Some((table(Table { caption, columns, rows: body, foot }, lang), unit))
}

fn factor_names(lang: Lang) -> [&'static str; 5] {
    [Part::Users, Part::Conversion, Part::Frequency, Part::Aov, Part::Anonymous].map(|part| part.name(lang))
}

fn line(page: &Page, id: &str, row: &Row, largest: i64, style: &Style, scale: &Scale) -> Vec<Cell> {
    let only = page.state.params.filter.channels == [id];
    let href = page.state.href(|p| p.filter.channels = if only { vec![] } else { vec![id.to_owned()] });
    let name = Cell::of(names::channel(page, id));
    let mut cells = vec![if id.is_empty() { name } else { name.to(href) }];
    cells.extend(row.cells.iter().map(|cell| {
        let share = if largest > 0 { cell.saturating_abs() as f64 / largest as f64 } else { 0.0 };
        let step = ((share * 9.0).round() as usize).min(9);
        amount(*cell, style, scale).class(if *cell < 0 { DOWN[step] } else { UP[step] })
    }));
    let way = Way::of_amount(row.total);
    let total = amount(row.total, style, scale);
    let shown = if row.total == 0 { total.shown } else { [way.arrow(), " ", &total.shown].concat() };
    cells.push(Cell { shown, title: total.title, ..Cell::default() }.class(way.class()));
    cells
}

fn plain(name: Cell, row: &Row, style: &Style, scale: &Scale) -> Vec<Cell> {
    let amounts = row.cells.iter().chain([&row.total]).map(|cell| amount(*cell, style, scale));
    [name].into_iter().chain(amounts).collect()
}

fn amount(minor: i64, style: &Style, scale: &Scale) -> Cell {
    Cell { title: style.full_money(minor), ..Cell::of(style.scaled(minor, scale)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_the_mix_close_on_the_whole() {
        let row = |cells, total| Row { cells, total };
        let whole = row([10, 20, 30, 40, 5], 105);
        let rows = [row([1, 2, 3, 4, 5], 15), row([10, 10, 10, 10, 0], 40)];
        let mix = whole.rest(rows.iter());
        assert_eq!(mix, row([-1, 8, 17, 26, 0], 50));
        assert_eq!(rows[0].with(&rows[1]).with(&mix), whole);
    }
}
