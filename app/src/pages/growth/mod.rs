//! 增长 Growth: why sales moved. One sentence, then its proof.

mod answers;
mod ask;
mod formulas;
mod heat;
mod options;
mod scene;
mod sentence;
mod split;
mod traffic;

use std::sync::Arc;

use leptos::prelude::*;
use model::By;

use super::Entry;
use crate::boot::Page;
use crate::components::growth_table::facet;
use crate::components::{cards, funnel, makeup, movers, names, states, target, trend, waterfall};
use crate::i18n::t;
use crate::sentence::Piece;
use crate::state::PageName;

pub(crate) use ask::series;
pub(crate) use options::{GrowthOptions, HomeOptions};
pub(crate) use sentence::sentence as growth_sentence;

use options::Formula;

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
    let Some(answered) = answers::answers(page) else {
        return Vec::new();
    };
    let by = split::chosen(&page.shown, &page.catalog);
    let name = |id: &str| leads_to(page, by, id);
    let formula = page.shown.params.home.formula;
    sentence::written(answered.split, formula, page.shown.compare, &name, &page.style(), page.state.lang)
}

/// The group that leads, and where its name leads: a store to its page, others to the filter.
fn leads_to(page: &Page, by: By, id: &str) -> Piece {
    match by {
        By::Region => Piece::Region(id.to_owned()),
        By::Store => Piece::Link(names::store(page, id), page.state.params.href(&PageName::Store(id.to_owned()))),
        _ => Piece::Link(names::value(page, facet(by), id), split::filter_by(page, by, id).0),
    }
}

/// The page below the filters.
fn body(page: &Arc<Page>) -> AnyView {
    let Some(answered) = answers::answers(page) else {
        return states::failed(page);
    };
    let (answer, series) = (answered.split, answered.series);
    if states::is_nothing(answer) {
        return states::nothing(page);
    }
    let (trend, movers) = (trend::trend(page, series), movers::movers(page, answered.stores));
    let formula = page.shown.params.home.formula;
    let cards = match formula {
        Formula::Users => cards::cards(page, answer, series),
        Formula::Traffic => traffic::cards(page, answer, series),
    };
    let reconciled = (formula == Formula::Traffic).then(|| traffic::reconciled(page, answer)).flatten();
    let steps = answer.compare.as_ref().zip(answer.contributions.as_ref());
    // Without a comparison there is nothing to explain, so the trend takes the wide place.
    let proof = match steps {
        Some((then, contributions)) => {
            let parts = formulas::effects(formula, &answer.window, then, contributions);
            view! {
                <div class="grid">{waterfall::waterfall_of(page, answer, then, parts)}{trend}</div>
                {reconciled}
                <div class="grid">{heat::heat(page, answer)}{movers}</div>
            }
            .into_any()
        }
        None => view! {
            <div class="grid">{trend}{movers}</div>
            {heat::heat(page, answer)}
        }
        .into_any(),
    };
    view! {
        {target::attainment(page, &answer.window.sales)}
        {scene::choices(page)}
        {scene::lead(page, &answered)}
        {cards}
        {proof}
        <div class="grid">
            {funnel::funnel(page, answer)}
            {makeup::makeup(page, answer)}
        </div>
    }
    .into_any()
}
