//! A workbook: what the numbers hold for on the first sheet, then a sheet for each table, numbers as numbers.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::number::{Kind, Number};
use super::sheet::{Sheet, Spread};
use crate::format::Style;
use crate::i18n::t;

/// Excel's limit on the name of a worksheet, characters.
const NAME: usize = 31;
/// Excel's limit on a cell, characters.
const CELL: usize = 32_767;

/// The workbook's bytes.
pub(super) fn xlsx(terms: &[(String, String)], sheets: &[Sheet], style: &Style) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let mut names = Vec::new();
    let bold = Format::new().set_bold();
    let first = book.add_worksheet();
    first.set_name(free_name(t!(style.lang, export.about), &mut names))?;
    for (row, (name, value)) in (0u32..).zip(terms) {
        first.write_string_with_format(row, 0, cut(name), &bold)?;
        first.write_string(row, 1, cut(value))?;
    }
    first.set_column_width(0, 22)?.set_column_width(1, 70)?;
    for sheet in sheets {
        let name = free_name(&sheet.title, &mut names);
        let page = book.add_worksheet();
        page.set_name(name)?;
        fill(page, sheet, &style.currency, &bold)?;
    }
    book.save_to_buffer()
}

fn fill(page: &mut Worksheet, sheet: &Sheet, currency: &str, bold: &Format) -> Result<(), XlsxError> {
    let (head, rows) = sheet.spread(currency);
    for (column, name) in (0u16..).zip(&head) {
        page.write_string_with_format(0, column, cut(name), bold)?;
        page.set_column_width(column, if column == 0 { 24 } else { 16 })?;
    }
    for (row, cells) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Spread::Nothing => {}
                // Written as a text, so no text is ever a formula.
                Spread::Words(words) => {
                    page.write_string(row, column, cut(&words))?;
                }
                Spread::Number(number) => {
                    let (value, format) = valued(number);
                    page.write_number_with_format(row, column, value, &Format::new().set_num_format(format))?;
                }
            }
        }
    }
    page.set_freeze_panes(1, 1)?;
    Ok(())
}

/// A number as spreadsheets hold it, 15 digits, and how it is shown.
fn valued(number: Number) -> (f64, String) {
    let places = |format: &str, digits: usize| match digits {
        0 => format.to_owned(),
        digits => format!("{format}.{}", "0".repeat(digits)),
    };
    match number {
        Number::Whole { units, digits, .. } => {
            (units as f64 / 10f64.powi(i32::from(digits)), places("#,##0", usize::from(digits)))
        }
        Number::Real { value, kind: Kind::Share, .. } => (value, "0.00%".to_owned()),
        Number::Real { value, decimals, .. } => (value, places("#,##0", usize::from(decimals.min(4)))),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(CELL).collect()
}

/// A name that Excel takes: none of its forbidden signs, short, not empty, used once whatever the case.
fn free_name(title: &str, used: &mut Vec<String>) -> String {
    let clean: String =
        title.chars().map(|c| if c.is_control() || "[]:*?/\\'".contains(c) { ' ' } else { c }).collect();
    let clean = if clean.trim().is_empty() { "Sheet" } else { clean.trim() };
    for n in 1usize.. {
        let tail = if n == 1 { String::new() } else { format!(" {n}") };
        // Excel counts UTF-16 units.
        let mut room = NAME - tail.len();
        let fits = |c: &char| {
            let took = room.checked_sub(c.len_utf16());
            room = took.unwrap_or(0);
            took.is_some()
        };
        let name = clean.chars().take_while(fits).collect::<String>().trim_end().to_owned() + &tail;
        if !used.contains(&name.to_lowercase()) {
            used.push(name.to_lowercase());
            return name;
        }
    }
    "Sheet".to_owned()
}
