//! What the reader chooses on this page beside the trend, which is as on the Growth page: the split.

use model::By;

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::Words;

/// The choice; the default is left out of the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoreOptions {
    /// The dimension that the store's change is split by.
    pub(crate) by: By,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { by: By::Channel }
    }
}

/// The dimensions a single store has several values of.
const SPLITS: Words<By> = Words(&[("channel", By::Channel), ("source", By::SourceChannel), ("tier", By::Tier)]);

impl PageOptions for StoreOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        if name == "by" {
            self.by = SPLITS.read("by", value, notes).unwrap_or(By::Channel);
        }
        name == "by"
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        if self.by != By::Channel {
            out.push(("by", SPLITS.word(self.by).to_owned()));
        }
    }
}
