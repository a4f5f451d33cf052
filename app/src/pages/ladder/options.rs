//! What the reader chooses on this page: how many rungs, and whose curve.

use model::LadderAsk;

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::number;

/// How many rungs, and whose curve is drawn in front.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LadderOptions {
    /// None is [`LadderOptions::RUNGS`].
    pub(crate) rungs: Option<u32>,
    /// The rung whose curve is in front; none is the first.
    pub(crate) curve: Option<u32>,
}

impl LadderOptions {
    /// Rungs where the reader chose none.
    pub(crate) const RUNGS: u32 = 8;

    /// Rungs to show.
    pub(crate) fn rungs(&self) -> u32 {
        self.rungs.unwrap_or(Self::RUNGS)
    }

    /// The rung whose curve is in front.
    pub(crate) fn curve(&self) -> u32 {
        self.curve.unwrap_or(1)
    }
}

impl PageOptions for LadderOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "rungs" => {
                self.rungs = number("rungs", value, 2..=LadderAsk::MAX_RUNGS, notes).filter(|n| *n != Self::RUNGS);
            }
            "curve" => self.curve = number("curve", value, 1..=LadderAsk::MAX_RUNGS, notes).filter(|n| *n != 1),
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        let numbers = [("rungs", self.rungs), ("curve", self.curve)];
        out.extend(numbers.into_iter().filter_map(|(name, n)| Some((name, n?.to_string()))));
    }
}
