//! One store: the Growth page of it alone, and how it stands beside its like.

mod answers;
mod ask;
mod beside;
mod like;
mod options;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use model::By;

use super::Entry;
use crate::boot::Page;
use crate::components::section::section;
use crate::components::tabs::{Tab, tabs};
use crate::components::{cards, funnel, growth_table, makeup, states, trend, waterfall};
use crate::i18n::{Lang, t};
use crate::sentence::Piece;
use crate::state::PageName;

pub(crate) use options::StoreOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, shared.store),
    icon: super::stores::ENTRY.icon,
    compares: true,
    filters: true,
    asks: ask::asks,
    beside: Some(ask::beside),
    sentence: pieces,
    body,
};

fn pieces(page: &Page) -> Vec<Piece> {
    sentence::sentence(page)
}

fn body(page: &Arc<Page>) -> AnyView {
    let lang = page.state.lang;
    let Some(answers::Answered { growth, series }) = answers::answers(page) else {
        return states::failed(page);
    };
    let place = place(page, lang);
    let store = page.shown.page.store().and_then(|id| page.catalog.store(id));
    let like = store.map(|store| beside::beside(page, store));
    if states::is_nothing(growth) {
        return view! { {place}{states::nothing(page)} }.into_any();
    }
    let trend = trend::trend(page, series);
    let proof = view! { <div class="grid">{waterfall::waterfall(page, growth)}{trend}</div> };
    let split = growth_table::growth_table(page, growth, page.shown.params.store.by);
    view! {
        {place}
        {like}
        {cards::cards(page, growth, series)}
        {proof}
        {section("split", t!(lang, stores.store_split).to_owned(), splits(page, lang), split, String::new())}
        <div class="grid">
            {funnel::funnel(page, growth)}
            {makeup::makeup(page, growth)}
        </div>
    }
    .into_any()
}

/// Where the store is, and the way back to all.
fn place(page: &Page, lang: Lang) -> AnyView {
    let store = page.shown.page.store().and_then(|id| page.catalog.store(id));
    let region = store.and_then(|s| page.catalog.regions.get(usize::from(s.region))).cloned().unwrap_or_default();
    let words =
        store.map(|s| [region, s.city.clone(), crate::components::names::format(&s.format, lang), s.id.clone()]);
    let words: Vec<String> = words.into_iter().flatten().filter(|word| !word.is_empty()).collect();
    let back = page.state.params.href(&PageName::Stores);
    view! {
        <p class="place"><a href=back data-nav="">{t!(lang, stores.back_to_stores)}</a><span>{words.join(" · ")}</span></p>
    }
    .into_any()
}

fn splits(page: &Page, lang: Lang) -> AnyView {
    let all = [
        (By::Channel, t!(lang, shared.channel)),
        (By::SourceChannel, t!(lang, shared.source_channel)),
        (By::Tier, t!(lang, shared.tier)),
    ];
    let choices = all.map(|(by, name)| Tab {
        name: name.to_owned(),
        href: page.state.href(|p| p.store.by = by),
        chosen: page.state.params.store.by == by,
    });
    tabs(t!(lang, shared.split_by), choices.into())
}
