//! The page in one sentence: how much there is, and how many rows were set aside.

use crate::boot::Page;
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, strong};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (lang, style, catalog) = (page.state.lang, page.style(), &page.catalog);
    let count = |n: u64| style.count(i64::try_from(n).unwrap_or(i64::MAX));
    let read: u64 = catalog.tables.iter().map(|t| t.rows_read).sum();
    let aside: u64 = catalog.tables.iter().flat_map(|t| &t.quarantined).map(|q| q.rows).sum();
    let orders = catalog.totals.orders + catalog.totals.anonymous_orders;
    let mut out = Sentence::default();
    out.say(&t!(
        lang,
        data.say_data,
        members = strong(count(catalog.totals.members)),
        orders = strong(count(orders)),
        rows = strong(count(read))
    ));
    if aside > 0 {
        out.say(&t!(lang, data.say_data_aside, rows = strong(count(aside))));
    } else {
        out.plain(t!(lang, data.say_data_clean));
    }
    out.0
}
