//! What the reader chooses on this page: what puts a member into a channel, and whether every channel is listed.

use model::OverlapOf;

use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::Note;
use crate::state::words::Words;

/// The choices; each default is left out of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChannelsOptions {
    /// An order, or a touch or an order.
    pub(crate) of: OverlapOf,
    /// Every channel in lists and in the matrix, not the largest only. Changes no question.
    pub(crate) all: bool,
    /// The known share of orders, not of sales, by channel and month. Changes no question.
    pub(crate) orders: bool,
}

const OF: Words<OverlapOf> = Words(&[("buyers", OverlapOf::Buyers), ("users", OverlapOf::Users)]);
const KNOWN: Words<bool> = Words(&[("sales", false), ("orders", true)]);
const ROWS: Words<bool> = Words(&[("top", false), ("all", true)]);

impl PageOptions for ChannelsOptions {
    fn take(&mut self, name: &str, value: &str, _: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "of" => self.of = OF.read("of", value, notes).unwrap_or_default(),
            "rows" => self.all = ROWS.read("rows", value, notes).unwrap_or_default(),
            "known" => self.orders = KNOWN.read("known", value, notes).unwrap_or_default(),
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        if self.of != OverlapOf::default() {
            out.push(("of", OF.word(self.of).to_owned()));
        }
        if self.all {
            out.push(("rows", ROWS.word(true).to_owned()));
        }
        if self.orders {
            out.push(("known", KNOWN.word(true).to_owned()));
        }
    }
}
