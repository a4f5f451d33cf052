//! What the reader asks this page: which figure to explain, and where the question came from.

use super::why::{WORDS, Why};
use crate::boot::Catalog;
use crate::pages::PageOptions;
use crate::state::{Note, PageName};

/// The figure to explain, and the way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DataOptions {
    /// None shows the page without an explanation.
    pub(crate) why: Option<Why>,
    /// The page on which the figure stands; none is Growth.
    pub(crate) back: Option<PageName>,
}

impl PageOptions for DataOptions {
    fn take(&mut self, name: &str, value: &str, catalog: &Catalog, notes: &mut Vec<Note>) -> bool {
        match name {
            "why" => self.why = WORDS.read("why", value, notes),
            "back" => {
                let page = PageName::from_path(&format!("/{value}"), catalog, notes);
                self.back = (page != PageName::Growth && page != PageName::Data).then_some(page);
            }
            _ => return false,
        }
        true
    }

    fn give(&self, out: &mut Vec<(&'static str, String)>) {
        let Some(why) = self.why else {
            return;
        };
        out.push(("why", why.word().to_owned()));
        // The path of a store has its id escaped already; the address escapes it once more, and reading undoes both.
        out.extend(self.back.as_ref().map(|page| ("back", page.path().trim_start_matches('/').to_owned())));
    }
}
