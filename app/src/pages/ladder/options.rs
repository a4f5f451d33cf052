//! What the reader chooses on this page: how many rungs.

use model::LadderAsk;

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::number;

/// How many rungs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LadderOptions {
    /// None is [`LadderOptions::RUNGS`].
    pub(crate) rungs: Option<u32>,
}

impl LadderOptions {
    /// Rungs where the reader chose none.
    pub(crate) const RUNGS: u32 = 8;

    /// Rungs to show.
    pub(crate) fn rungs(&self) -> u32 {
        self.rungs.unwrap_or(Self::RUNGS)
    }
}

impl PageOptions for LadderOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        if name == "rungs" {
            self.rungs = number("rungs", value, 2..=LadderAsk::MAX_RUNGS, notes).filter(|n| *n != Self::RUNGS);
        }
        name == "rungs"
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        out.extend(self.rungs.map(|rungs| ("rungs", rungs.to_string())));
    }
}
