//! What the reader chooses on this page: the trend's measure and grain.

use model::{Grain, Measure};

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::Words;

/// The trend's measure and grain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GrowthOptions {
    /// None takes the grain that fits the window.
    pub(crate) grain: Option<Grain>,
    /// None is sales.
    pub(crate) measure: Option<Measure>,
}

const GRAINS: Words<Grain> = Words(&[("day", Grain::Day), ("week", Grain::Week), ("month", Grain::Month)]);

const MEASURES: Words<Measure> = Words(&[
    ("sales", Measure::Sales),
    ("member_sales", Measure::MemberSales),
    ("orders", Measure::Orders),
    ("users", Measure::Users),
    ("buyers", Measure::Buyers),
    ("conversion", Measure::Conversion),
    ("frequency", Measure::Frequency),
    ("aov", Measure::Aov),
]);

impl PageOptions for GrowthOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "grain" => self.grain = GRAINS.read("grain", value, notes),
            "measure" => self.measure = MEASURES.read("measure", value, notes),
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        out.extend(self.grain.map(|grain| ("grain", GRAINS.word(grain).to_owned())));
        out.extend(self.measure.map(|measure| ("measure", MEASURES.word(measure).to_owned())));
    }
}
