//! What the reader chooses on this page: what puts a member into a channel.

use model::OverlapOf;

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::Words;

/// The choice; the default is left out of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChannelsOptions {
    /// An order, or a touch or an order.
    pub(crate) of: OverlapOf,
}

const OF: Words<OverlapOf> = Words(&[("buyers", OverlapOf::Buyers), ("users", OverlapOf::Users)]);

impl PageOptions for ChannelsOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        if name == "of" {
            self.of = OF.read("of", value, notes).unwrap_or_default();
        }
        name == "of"
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        if self.of != OverlapOf::default() {
            out.push(("of", OF.word(self.of).to_owned()));
        }
    }
}
