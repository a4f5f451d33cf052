//! What the reader chooses on this page: the measure that ranks, how rates are shown, which rows.

use model::Measure;

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::{Words, number};

/// The choices; each default is left out of the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoresOptions {
    /// The measure that ranks.
    pub(crate) by: Measure,
    /// Rates are shown as they rank, drawn towards the mean of all stores; else as counted.
    pub(crate) shrunken: bool,
    /// Only rows that hold this text; empty for all.
    pub(crate) find: String,
    /// Every row at once, else [`StoresOptions::ROWS`] of them.
    pub(crate) all: bool,
    /// Which rows, from 1: the first [`StoresOptions::ROWS`], the next …
    pub(crate) at: u32,
}

/// The measures of the ranking, in the order of its columns.
pub(super) const MEASURES: Words<Measure> = Words(&[
    ("sales", Measure::Sales),
    ("buyers", Measure::Buyers),
    ("conversion", Measure::Conversion),
    ("aov", Measure::Aov),
    ("frequency", Measure::Frequency),
    ("repurchase_rate", Measure::RepurchaseRate),
    ("new_buyers", Measure::NewBuyers),
]);

/// Characters of a search that count.
const LONGEST: usize = 80;

impl StoresOptions {
    /// Rows on one page where the reader did not ask for all.
    pub(crate) const ROWS: usize = 50;
}

impl Default for StoresOptions {
    fn default() -> Self {
        Self { by: Measure::Sales, shrunken: false, find: String::new(), all: false, at: 1 }
    }
}

impl PageOptions for StoresOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "by" => self.by = MEASURES.read("by", value, notes).unwrap_or(Measure::Sales),
            "rates" => self.shrunken = Words(&[("shrunken", ())]).read("rates", value, notes).is_some(),
            "find" => self.find = value.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect(),
            "rows" => self.all = Words(&[("all", ())]).read("rows", value, notes).is_some(),
            "at" => self.at = number("at", value, 1..=100_000, notes).unwrap_or(1),
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        if self.by != Measure::Sales {
            out.push(("by", MEASURES.word(self.by).to_owned()));
        }
        if self.shrunken {
            out.push(("rates", "shrunken".to_owned()));
        }
        if !self.find.is_empty() {
            out.push(("find", self.find.clone()));
        }
        if self.all {
            out.push(("rows", "all".to_owned()));
        } else if self.at > 1 {
            out.push(("at", self.at.to_string()));
        }
    }
}
