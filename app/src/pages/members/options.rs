//! What the reader chooses on this page: what the RFM grid shows and of whom, and the lifecycle's periods.

use model::Grain;

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::Words;

/// What a cell of the grid shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Members.
    #[default]
    Members,
    /// What they spent over their whole history.
    Sales,
}

/// The choices; each default is left out of the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MembersOptions {
    /// What a cell shows; changes no question.
    pub(crate) shown: Shown,
    /// The score of money whose members the grid shows; all where none is chosen. Changes no question.
    pub(crate) money: Option<u8>,
    /// The length of a lifecycle period.
    pub(crate) grain: Grain,
}

impl Default for MembersOptions {
    fn default() -> Self {
        Self { shown: Shown::Members, money: None, grain: Grain::Month }
    }
}

const SHOWN: Words<Shown> = Words(&[("members", Shown::Members), ("sales", Shown::Sales)]);
const MONEY: Words<u8> = Words(&[("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 5)]);
const GRAINS: Words<Grain> = Words(&[("month", Grain::Month), ("week", Grain::Week)]);

impl PageOptions for MembersOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "measure" => self.shown = SHOWN.read("measure", value, notes).unwrap_or_default(),
            "money" => self.money = MONEY.read("money", value, notes),
            "grain" => self.grain = GRAINS.read("grain", value, notes).unwrap_or(Grain::Month),
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        if self.grain != Grain::Month {
            out.push(("grain", GRAINS.word(self.grain).to_owned()));
        }
        if let Some(score) = self.money {
            out.push(("money", MONEY.word(score).to_owned()));
        }
        if self.shown != Shown::Members {
            out.push(("measure", SHOWN.word(self.shown).to_owned()));
        }
    }
}
