//! A table for a file.

use super::number::{Doubt, Entry, Kind, Number};
use crate::components::table::{Cell, Column};

/// A table for a file: the first row of cells is the head.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    /// The panel it stands in; empty until the panel is known.
    pub(crate) id: &'static str,
    /// As the panel or the table is called.
    pub(crate) title: String,
    /// Names of the columns.
    pub(crate) head: Vec<String>,
    /// Rows, with as many cells as there are columns or fewer.
    pub(crate) rows: Vec<Vec<Entry>>,
}

impl Sheet {
    /// A table of the screen. Its first column names the rows, so it is words even where it looks like a number.
    pub(crate) fn of_cells<'a>(title: &str, columns: &[Column], rows: impl Iterator<Item = &'a Vec<Cell>>) -> Self {
        let entry = |(at, cell): (usize, &Cell)| if at == 0 { Entry::Words(cell.shown.clone()) } else { cell.entry() };
        Self {
            id: "",
            title: title.to_owned(),
            head: columns.iter().map(|column| column.name.clone()).collect(),
            rows: rows.map(|row| row.iter().enumerate().map(entry).collect()).collect(),
        }
    }

    /// A table of words: numbers in them are read back.
    pub(crate) fn of_words(title: &str, head: &[String], rows: &[Vec<String>]) -> Self {
        let entry = |(at, text): (usize, &String)| {
            if at == 0 { Entry::Words(text.clone()) } else { Entry::read(text, "", "") }
        };
        Self {
            id: "",
            title: title.to_owned(),
            head: head.to_vec(),
            rows: rows.iter().map(|row| row.iter().enumerate().map(entry).collect()).collect(),
        }
    }

    /// The table with a column of its own for the doubts of each column that has any, and with units in the head:
    /// the form of every file.
    pub(super) fn spread(&self, currency: &str) -> (Vec<String>, Vec<Vec<Spread>>) {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0).max(self.head.len());
        let cells = |at: usize| self.rows.iter().filter_map(move |row| row.get(at));
        let unsure = |at| cells(at).any(|entry| matches!(entry, Entry::Number(_, doubt) if *doubt != Doubt::None));
        let mut head = Vec::new();
        let mut doubted = Vec::with_capacity(width);
        for at in 0..width {
            let mut name = self.head.get(at).cloned().unwrap_or_default();
            let sure_name = name.clone();
            if cells(at).any(is_money) && !name.contains(currency) {
                name = format!("{name} ({currency})");
            }
            head.push(name);
            doubted.push(unsure(at));
            if unsure(at) {
                head.push(sure_name + " ±");
            }
        }
        let spread = |row: &Vec<Entry>| {
            let mut out = Vec::with_capacity(head.len());
            for (at, doubted) in doubted.iter().enumerate() {
                let entry = row.get(at).cloned().unwrap_or_default();
                let (cell, doubt) = match entry {
                    Entry::Nothing => (Spread::Nothing, Spread::Nothing),
                    Entry::Words(words) => (Spread::Words(words), Spread::Nothing),
                    Entry::Number(number, Doubt::None) => (Spread::Number(number), Spread::Nothing),
                    Entry::Number(number, Doubt::Half(half)) => (Spread::Number(number), Spread::Number(half)),
                    Entry::Number(number, Doubt::Said(said)) => (Spread::Number(number), Spread::Words(said)),
                };
                out.push(cell);
                if *doubted {
                    out.push(doubt);
                }
            }
            out
        };
        let rows = self.rows.iter().map(spread).collect();
        (head, rows)
    }
}

/// A cell of a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Spread {
    Nothing,
    Words(String),
    Number(Number),
}

fn is_money(entry: &Entry) -> bool {
    matches!(entry, Entry::Number(Number::Whole { money: true, .. } | Number::Real { kind: Kind::Price, .. }, _))
}
