//! 增长 Growth: why sales moved. One sentence, then its proof.

mod answers;
mod ask;
mod options;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;

use super::Entry;
use crate::boot::Page;
use crate::components::{cards, funnel, heat, makeup, movers, states, trend, waterfall};
use crate::i18n::t;
use crate::sentence::Piece;

pub(crate) use ask::SERIES;
pub(crate) use options::GrowthOptions;
pub(crate) use sentence::sentence as growth_sentence;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, frame.growth),
    icon: "M4 18l5-6 4 3 7-9M15 6h5v5",
    compares: true,
    filters: true,
    asks: ask::asks,
    beside: None,
    sentence: pieces,
    body,
};

/// The sentence's pieces; empty where there is no answer.
fn pieces(page: &Page) -> Vec<Piece> {
    answers::answers(page).map_or_else(Vec::new, |answers| {
        growth_sentence(answers.regions, page.shown.compare, &page.style(), page.state.lang)
    })
}

/// The page below the filters.
fn body(page: &Arc<Page>) -> AnyView {
    let Some(answers::Answered { regions, stores, series }) = answers::answers(page) else {
        return states::failed(page);
    };
    if states::is_nothing(regions) {
        return states::nothing(page);
    }
    let (trend, movers) = (trend::trend(page, series), movers::movers(page, stores));
    // Without a comparison there is nothing to explain, so the trend takes the wide place.
    let proof = match (waterfall::waterfall(page, regions), heat::heat(page, regions)) {
        (Some(waterfall), Some(heat)) => view! {
            <div class="grid">{waterfall}{trend}</div>
            <div class="grid">{heat}{movers}</div>
        }
        .into_any(),
        _ => view! { <div class="grid">{trend}{movers}</div> }.into_any(),
    };
    view! {
        {cards::cards(page, regions, series)}
        {proof}
        <div class="grid">
            {funnel::funnel(page, regions)}
            {makeup::makeup(page, regions)}
        </div>
    }
    .into_any()
}
