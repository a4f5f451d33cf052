//! A table of true numbers: each cell with how sure it is, its full value on pointing, and where it leads.

use leptos::prelude::*;
use model::{Figure, Ratio};

use super::compare::beside;
use crate::export::{self, Entry, Sheet};
use crate::format::{Style, Unit, as_float};
use crate::i18n::{Lang, t};

/// A cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    /// What is written.
    pub(crate) shown: String,
    /// `±…`, "too few", or nothing; see [`Style::doubt`].
    pub(crate) doubt: String,
    /// Told on pointing.
    pub(crate) title: String,
    /// Where it leads.
    pub(crate) href: Option<String>,
    /// Of the cell: `up`, `down`, `quiet`, `strong`.
    pub(crate) class: &'static str,
    /// A bar of this share of the cell instead of words, and where it ended before.
    pub(crate) bar: Option<(f64, Option<f64>)>,
    /// The value for files; where nothing, it is read off what is written.
    pub(crate) value: Entry,
}

impl Cell {
    /// Words, or a number without doubt.
    pub(crate) fn of(shown: impl Into<String>) -> Self {
        Self { shown: shown.into(), ..Self::default() }
    }

    /// A ratio in its unit.
    pub(crate) fn ratio(style: &Style, unit: Unit, figure: &Ratio, lang: Lang) -> Self {
        let value = Entry::ratio(style, unit, figure);
        Self { doubt: style.doubt(unit, figure, lang), value, ..Self::of(style.show(unit, figure.value)) }
    }

    /// A count, to the last one on pointing.
    pub(crate) fn count(style: &Style, figure: &Figure<i64>, lang: Lang) -> Self {
        let title = style.full_count(figure.value);
        let value = Entry::count(style, figure);
        Self { title, value, ..Self::ratio(style, Unit::Count, &as_float(figure), lang) }
    }

    /// Money, to the last minor unit on pointing.
    pub(crate) fn money(style: &Style, figure: &Figure<i64>, lang: Lang) -> Self {
        let title = style.full_money(figure.value);
        let value = Entry::money(style, figure);
        Self { title, value, ..Self::ratio(style, Unit::Money, &as_float(figure), lang) }
    }

    /// Its value for files.
    pub(crate) fn entry(&self) -> Entry {
        match &self.value {
            Entry::Nothing => Entry::read(&self.shown, &self.title, &self.doubt),
            value => value.clone(),
        }
    }

    /// A bar as long as a share, with a mark where the share was before.
    pub(crate) fn bar(share: f64, before: Option<f64>) -> Self {
        Self { bar: Some((share, before)), ..Self::default() }
    }

    /// The same as a link.
    pub(crate) fn to(self, href: String) -> Self {
        Self { href: Some(href), ..self }
    }

    /// The same with a class.
    pub(crate) fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }
}

/// The head of a column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: String,
    /// What it means, told on pointing.
    pub(crate) hint: &'static str,
    /// The link that sorts by it.
    pub(crate) sort: Option<String>,
    /// Whether the rows stand in its order, best first.
    pub(crate) sorted: bool,
}

impl Column {
    /// A column that does not sort.
    pub(crate) fn of(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// The same with what it means.
    pub(crate) fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }
}

/// Columns and rows; the first cell of a row is its header.
pub(crate) struct Table {
    /// Said to readers who do not see it.
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Sums and means under the rows.
    pub(crate) foot: Vec<Vec<Cell>>,
}

/// The table in a box that scrolls by itself where it is too wide.
pub(crate) fn table(table: Table, lang: Lang) -> AnyView {
    let Table { caption, columns, rows, foot } = table;
    export::record(|| Sheet::of_cells(&caption, &columns, rows.iter().chain(&foot)));
    let head = columns.into_iter().map(|column| head_cell(column, lang)).collect_view();
    let draw = |rows: Vec<Vec<Cell>>| rows.into_iter().map(|cells| row(cells, lang)).collect_view();
    let foot = (!foot.is_empty()).then(|| view! { <tfoot>{draw(foot)}</tfoot> });
    view! {
        <div class="scroll pinned" tabindex="0" role="group" aria-label=caption.clone()>
            <table class="plain">
                <caption class="sr">{caption.clone()}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{draw(rows)}</tbody>
                {foot}
            </table>
        </div>
    }
    .into_any()
}

fn head_cell(column: Column, lang: Lang) -> AnyView {
    let hint = (!column.hint.is_empty()).then_some(column.hint);
    let sorted = column.sorted.then_some("descending");
    let name = match column.sort {
        Some(href) => view! { <a class="sort" href=href data-nav="">{column.name}</a> }.into_any(),
        // A column of bars needs no name to be seen, but one to be heard.
        None if column.name.is_empty() => view! { <span class="sr">{t!(lang, shared.drawn)}</span> }.into_any(),
        None => column.name.into_any(),
    };
    view! { <th scope="col" title=hint aria-sort=sorted>{name}</th> }.into_any()
}

fn row(cells: Vec<Cell>, lang: Lang) -> AnyView {
    let mut cells = cells.into_iter();
    let first = cells.next().unwrap_or_default();
    let title = (!first.title.is_empty()).then(|| first.title.clone());
    let (class, rest) = (first.class, cells.map(|cell| data_cell(cell, lang)).collect_view());
    view! { <tr><th scope="row" class=class title=title>{words(first)}</th>{rest}</tr> }.into_any()
}

fn data_cell(cell: Cell, lang: Lang) -> AnyView {
    if let Some((share, before)) = cell.bar {
        return view! { <td class="bar"><div inner_html=bar(share, before)></div></td> }.into_any();
    }
    let title = (!cell.title.is_empty()).then(|| cell.title.clone());
    let (class, doubt) = (cell.class, beside(cell.doubt.clone(), lang));
    view! { <td class=class title=title>{words(cell)}{doubt}</td> }.into_any()
}

/// The drawing of a bar; lengths beyond the cell end at its edge.
fn bar(share: f64, before: Option<f64>) -> String {
    let percent = |share: f64| if share.is_finite() { (share.clamp(0.0, 1.0) * 1000.0).round() / 10.0 } else { 0.0 };
    let mark = before.map(|before| {
        format!("<rect class=\"mark-then\" x=\"{}%\" y=\"0\" width=\"2\" height=\"14\"/>", percent(before).min(99.0))
    });
    format!(
        "<svg class=\"split\" width=\"100%\" height=\"14\" aria-hidden=\"true\"><rect class=\"track\" y=\"3\" width=\"100%\" height=\"8\" rx=\"3\"/>\
         <rect class=\"new\" y=\"3\" width=\"{}%\" height=\"8\" rx=\"3\"/>{}</svg>",
        percent(share),
        mark.unwrap_or_default()
    )
}

fn words(cell: Cell) -> AnyView {
    match cell.href {
        Some(href) => view! { <a class="go" href=href data-nav="">{cell.shown}</a> }.into_any(),
        None => cell.shown.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_stays_inside_its_cell() {
        assert!(bar(0.25, None).contains("width=\"25%\"") && !bar(0.25, None).contains("mark-then"));
        assert!(bar(7.0, Some(7.0)).contains("width=\"100%\"") && bar(7.0, Some(7.0)).contains("x=\"99%\""));
        assert!(bar(f64::NAN, Some(-1.0)).contains("width=\"0%\""));
    }
}
