//! Reads the beginning of files, or all of them, into what is known of each column.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use datafusion::arrow::array::Array;

use crate::BuildError;
use crate::parse::{CellForms, Dates, LARGEST_AMOUNT, Reason, Slashed, slashed};
use crate::read::{open, open_head};
use crate::source::SourceFile;

/// Rows looked at in each file of a sample.
const ROWS: u64 = 2_000;
/// Files looked at in a sample: the first and the last, where headers are likeliest to differ.
const FILES: usize = 2;

/// What is asked of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Time,
    Amount,
    Other,
}

/// What was seen of one column.
#[derive(Debug, Default)]
pub(super) struct Cells {
    pub(super) examples: Vec<String>,
    pub(super) values: BTreeMap<String, u64>,
    pub(super) empty: u64,
    pub(super) dates: BTreeMap<&'static str, u64>,
    /// The first cell of each reason, and how many.
    pub(super) bad: BTreeMap<Reason, (String, u64, String, u64)>,
}

/// What was seen of all files of a place.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) header: Vec<String>,
    pub(super) rows: u64,
    pub(super) ragged: u64,
    pub(super) is_gb18030: bool,
    pub(super) columns: BTreeMap<String, Cells>,
}

/// Only the header of the first file.
pub(super) fn header(files: &[SourceFile]) -> Result<Vec<String>, BuildError> {
    let Some(first) = files.first() else { return Ok(Vec::new()) };
    let header: Vec<String> = open_head(first)?.header().iter().map(|name| name.trim().to_owned()).collect();
    Ok(header)
}

/// Looks at a place; `kind` says what each column is to be read as.
pub(super) fn look(
    files: &[SourceFile],
    forms: &CellForms,
    digits: u8,
    full: bool,
    kind: &dyn Fn(&str) -> Kind,
) -> Result<Seen, BuildError> {
    let mut seen = Seen::default();
    let some = files.len() > FILES && !full;
    let chosen = files.iter().enumerate().filter(|(index, _)| !some || *index == 0 || *index == files.len() - 1);
    for (_, file) in chosen {
        let opened = if full { open(file)? } else { open_head(file)? };
        seen.is_gb18030 |= opened.note().is_some();
        let header: Vec<String> = opened.header().iter().map(|name| name.trim().to_owned()).collect();
        for name in &header {
            if !seen.header.contains(name) {
                seen.header.push(name.clone());
            }
        }
        let columns: Vec<usize> = (0..header.len()).collect();
        let mut rows = 0;
        opened.rows(&columns, &mut |frame| {
            rows += (frame.rows.len() + frame.ragged.len()) as u64;
            seen.ragged += frame.ragged.len() as u64;
            for (name, cells) in header.iter().zip(&frame.columns) {
                let column = seen.columns.entry(name.clone()).or_default();
                let kind = kind(name);
                for (index, row) in frame.rows.iter().enumerate() {
                    let text = if cells.is_valid(index) { cells.value(index).trim() } else { "" };
                    column.add(text, kind, forms, digits, &file.name, *row);
                }
            }
            Ok(if rows >= ROWS && !full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        for (key, value) in &file.partition {
            if !seen.header.contains(key) {
                seen.header.push(key.clone());
            }
            seen.columns.entry(key.clone()).or_default().add(value, kind(key), forms, digits, &file.name, 0);
        }
        seen.rows += rows;
    }
    Ok(seen)
}

impl Cells {
    fn add(&mut self, text: &str, kind: Kind, forms: &CellForms, digits: u8, file: &str, row: u64) {
        if text.is_empty() {
            self.empty += 1;
            return;
        }
        if self.examples.len() < 3 && !self.examples.iter().any(|example| example == text) {
            self.examples.push(text.chars().take(40).collect());
        }
        if self.values.len() < 50 || self.values.contains_key(text) {
            *self.values.entry(text.to_owned()).or_default() += 1;
        }
        let result = match kind {
            Kind::Other => return,
            Kind::Time => {
                *self.dates.entry(form_of_date(text)).or_default() += 1;
                forms.dates.read(text, chrono_tz::Tz::UTC).map(drop)
            }
            Kind::Amount => forms.amounts.read(text, digits, LARGEST_AMOUNT).map(drop),
        };
        if let Err(reason) = result {
            let first = || (file.to_owned(), row, text.chars().take(60).collect(), 0);
            self.bad.entry(reason).or_insert_with(first).3 += 1;
        }
    }

    /// What the cells prove of the order of day and month.
    pub(super) fn proof(&self) -> Option<Dates> {
        let has = |form: &str| self.dates.contains_key(form);
        match (has(DAY_FIRST), has(MONTH_FIRST)) {
            (true, false) => Some(Dates::DayFirst),
            (false, true) => Some(Dates::MonthFirst),
            _ => None,
        }
    }

    /// Whether there are dates that may be read either way, or both ways at once.
    pub(super) fn is_ambiguous(&self) -> bool {
        let has = |form: &str| self.dates.contains_key(form);
        (has(EITHER) && self.proof().is_none()) || (has(DAY_FIRST) && has(MONTH_FIRST))
    }
}

const DAY_FIRST: &str = "25/06/2024 (day first)";
const MONTH_FIRST: &str = "06/25/2024 (month first)";
const EITHER: &str = "05/06/2024 (day or month first)";

fn form_of_date(text: &str) -> &'static str {
    if let Some(slashed) = slashed(text) {
        return match slashed {
            Slashed::DayFirst => DAY_FIRST,
            Slashed::MonthFirst => MONTH_FIRST,
            Slashed::Either => EITHER,
        };
    }
    if Dates::Undeclared.read(text, chrono_tz::Tz::UTC).is_err() {
        return "not clearly a day";
    }
    let narrow = crate::parse::narrow(text);
    let digits = narrow.bytes().take_while(u8::is_ascii_digit).count();
    match (digits, narrow.as_bytes().get(digits)) {
        (10, _) => "1709600000 (seconds)",
        (13, _) => "1709600000000 (milliseconds)",
        (8, _) => "20240305",
        (14, _) => "20240305080102",
        (_, Some(b'-')) => "2024-03-05",
        (_, Some(b'/')) => "2024/3/5",
        (_, Some(b'.')) => "2024.3.5",
        _ => "2024年3月5日",
    }
}
