//! 数据 Data: why a figure is what it is, how fresh, from which rows, in which words.

mod ask;
mod contract;
mod explain;
mod fresh;
mod needs;
mod one_id;
mod options;
mod sentence;
mod sources;
mod way;
mod why;
mod words;

use std::sync::Arc;

use leptos::prelude::*;

use super::Entry;
use crate::boot::Page;
use crate::i18n::t;

pub(crate) use options::DataOptions;
pub(crate) use why::Why;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, frame.data),
    icon: "M4 7c0-4 16-4 16 0v10c0 4-16 4-16 0zM4 7c0 4 16 4 16 0M4 12c0 4 16 4 16 0",
    compares: false,
    filters: false,
    asks: ask::asks,
    beside: None,
    sentence: |page| sentence::sentence(page),
    body,
};

/// The page below the sentence.
fn body(page: &Arc<Page>) -> AnyView {
    let lang = page.state.lang;
    view! {
        {explain::explain(page, lang)}
        {fresh::clock(page, lang)}
        {way::way(page, lang)}
        {contract::contract(page, lang)}
        {sources::sources(page, lang)}
        <div class="grid">
            <div class="stack">{sources::reconciled(page, lang)}{fresh::facts(page, lang)}</div>
            {sources::quarantined(page, lang)}
        </div>
        {one_id::one_id(page, lang)}
        {needs::needs(page, lang)}
        {words::words(page, lang)}
    }
    .into_any()
}
