//! What the reader chooses on this page: the measure that ranks, and how many rows.

use model::Measure;

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::Words;

/// The choices; each default is left out of the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoresOptions {
    /// The measure that ranks.
    pub(crate) by: Measure,
    /// Every row, else the first [`StoresOptions::ROWS`].
    pub(crate) all: bool,
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

impl StoresOptions {
    /// Rows where the reader did not ask for all.
    pub(crate) const ROWS: usize = 100;
}

impl Default for StoresOptions {
    fn default() -> Self {
        Self { by: Measure::Sales, all: false }
    }
}

impl PageOptions for StoresOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "by" => self.by = MEASURES.read("by", value, notes).unwrap_or(Measure::Sales),
            "rows" => self.all = Words(&[("all", ())]).read("rows", value, notes).is_some(),
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        if self.by != Measure::Sales {
            out.push(("by", MEASURES.word(self.by).to_owned()));
        }
        if self.all {
            out.push(("rows", "all".to_owned()));
        }
    }
}
