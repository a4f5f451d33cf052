//! Whether `05/06/2024` is the 5th of June or the 6th of May: told by the whole file, or not at all.
//!
//! The first such date has the whole file read once for what its other rows prove. A file that proves nothing, or both,
//! has its rows with such dates set aside, with a note that says how to declare the form.

use std::ops::ControlFlow;

use super::places::Cells;
use super::{Notes, RawBatch, open};
use crate::BuildError;
use crate::parse::{Dates, Slashed, slashed};
use crate::source::{Form, SourceFile};
use crate::table::Table;

/// The form of one file's dates.
pub(super) struct FileDates<'a> {
    table: Table,
    file: &'a SourceFile,
    /// Declared, or settled by the rows.
    settled: Option<Dates>,
}

impl<'a> FileDates<'a> {
    pub(super) fn new(table: Table, file: &'a SourceFile) -> Self {
        let declared = Some(file.entry.forms.dates).filter(|dates| *dates != Dates::Undeclared);
        Self { table, file, settled: declared }
    }

    /// The form in which a batch's dates are to be read.
    pub(super) fn of(&mut self, batch: &RawBatch, cells: &[Cells], notes: &mut Notes) -> Result<Dates, BuildError> {
        if let Some(settled) = self.settled {
            return Ok(settled);
        }
        let times = self.table.columns().iter().enumerate().filter(|(_, column)| column.is_time());
        let times: Vec<usize> = times.map(|(index, _)| index).collect();
        let has_one =
            times.iter().any(|column| (0..batch.rows.len()).any(|row| may_be_slashed(batch.written(*column, row))));
        if !has_one {
            return Ok(Dates::Undeclared);
        }
        let places: Vec<usize> = times.iter().filter_map(|column| cells[*column].column()).collect();
        let (dates, told) = match proof(self.file, &places)? {
            Some(Proof { day_first: Some(_), month_first: None, .. }) => {
                (Dates::DayFirst, "were read with the day first, which other rows of the file prove".to_owned())
            }
            Some(Proof { day_first: None, month_first: Some(_), .. }) => {
                (Dates::MonthFirst, "were read with the month first, which other rows of the file prove".to_owned())
            }
            Some(Proof { day_first: Some(day), month_first: Some(month), .. }) => {
                let why = format!("are not clear: row {day} has the day first and row {month} the month");
                (Dates::Undeclared, self.remedy(&why))
            }
            None => {
                let why = "may have the day or the month first, and a database is read only once";
                (Dates::Undeclared, self.remedy(why))
            }
            Some(_) => {
                let why = "may have the day or the month first, and no row of the file tells which";
                (Dates::Undeclared, self.remedy(why))
            }
        };
        notes.add(&self.file.name, format!(": dates such as 05/06/2024 {told}"));
        self.settled = Some(dates);
        Ok(dates)
    }

    fn remedy(&self, why: &str) -> String {
        let place = self.file.entry.remedy(self.table);
        format!("{why}; say dates = \"day-first\" or \"month-first\" under {place}")
    }
}

/// The first rows that prove a form.
#[derive(Default)]
struct Proof {
    day_first: Option<u64>,
    month_first: Option<u64>,
}

/// What all rows of a file prove; `None` where they cannot be read a second time.
fn proof(file: &SourceFile, columns: &[usize]) -> Result<Option<Proof>, BuildError> {
    if file.form == Form::Rows {
        // The one connection is busy with the first reading.
        return Ok(None);
    }
    let mut proof = Proof::default();
    open(file)?.rows(columns, &mut |frame| {
        for cells in &frame.columns {
            for (cell, row) in cells.iter().zip(&frame.rows) {
                match cell.map(str::trim).and_then(slashed) {
                    Some(Slashed::DayFirst) => proof.day_first = proof.day_first.or(Some(*row)),
                    Some(Slashed::MonthFirst) => proof.month_first = proof.month_first.or(Some(*row)),
                    _ => {}
                }
            }
        }
        let is_settled = proof.day_first.is_some() && proof.month_first.is_some();
        Ok(if is_settled { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(Some(proof))
}

/// Quick, since every time of a batch is asked: whether a mark stands where a year would go on.
fn may_be_slashed(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_mark = |at: usize| bytes.get(at).is_some_and(|b| matches!(b, b'/' | b'-' | b'.'));
    let is_wide = bytes.first().is_some_and(|b| !b.is_ascii());
    (is_mark(1) || is_mark(2) || is_wide) && slashed(text).is_some()
}
