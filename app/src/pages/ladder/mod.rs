//! 复购 Ladder: who orders again after the n-th order, when, and what the others would be worth.

mod answers;
mod ask;
mod curves;
mod options;
mod sentence;
mod steps;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use leptos::prelude::*;

use super::Entry;
use crate::boot::Page;
use crate::components::states;
use crate::i18n::t;
use crate::sentence::Piece;

pub(crate) use options::LadderOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, ladder.ladder),
    icon: "M7 21V3M17 21V3M7 7h10M7 12h10M7 17h10",
    compares: false,
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
    let Some(rungs) = answers::answers(page) else {
        return states::failed(page);
    };
    if rungs.first().is_none_or(|rung| rung.members.value == 0) {
        return states::nothing(page);
    }
    // Rungs that nobody reached say nothing.
    let reached = rungs.iter().take_while(|rung| rung.members.value > 0).count();
    let rungs = &rungs[..reached];
    view! {
        {steps::steps(page, rungs)}
        {curves::curves(page, rungs)}
        {steps::numbers(page, rungs)}
    }
    .into_any()
}

fn rung_name(page: &Page, n: u32) -> String {
    t!(page.state.lang, shared.nth_order, n)
}
