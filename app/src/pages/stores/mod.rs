//! 门店 Stores: which stores need a look today, where they are, and the ranking with how sure each rank is.

mod answers;
mod ask;
mod chance;
mod drill;
mod options;
mod ranking;
mod scatter;
mod sentence;
mod today;

use std::sync::Arc;

use leptos::prelude::*;

use super::Entry;
use crate::boot::Page;
use crate::components::states;
use crate::i18n::t;
use crate::sentence::Piece;

pub(crate) use options::StoresOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, stores.stores),
    icon: "M4 10l1-6h14l1 6M5 10v10h14V10M4 10h16M10 20v-6h4v6",
    compares: true,
    filters: true,
    asks: ask::asks,
    beside: None,
    sentence: pieces,
    body,
};

fn pieces(page: &Page) -> Vec<Piece> {
    sentence::sentence(page)
}

fn body(page: &Arc<Page>) -> AnyView {
    let Some(answered) = answers::answers(page) else {
        return states::failed(page);
    };
    if answered.rows.is_empty() {
        return states::nothing(page);
    }
    let looked = answers::looked(&answered);
    view! {
        {today::today(page, &answered, &looked)}
        {drill::drill(page, &answered, &looked)}
        {scatter::scatter(page, &answered, &looked)}
        {ranking::ranking(page, &answered)}
    }
    .into_any()
}

#[cfg(test)]
mod tests;
