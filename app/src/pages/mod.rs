//! The pages, one folder each; the rest of the program knows them through one table.
//!
//! A folder holds `mod.rs` (its entry, its view), `options.rs` (what its reader may choose, and how the address says
//! it), `ask.rs` (what it asks), `answers.rs` (the answers by name) and `sentence.rs` (its answer in words).
//! A page draws what is in `page.shown` and its answers, and links from `page.state`: while an answer is on its way
//! the two differ.

mod channels;
mod cohorts;
mod data;
mod funnel;
mod growth;
mod ladder;
mod members;
mod store;
mod stores;

use std::sync::Arc;

use leptos::prelude::AnyView;
use model::{Ask, Question};

use crate::boot::{Catalog, Page};
use crate::i18n::Lang;
use crate::sentence::Piece;
use crate::state::{Note, PageName, State};

pub(crate) use channels::ChannelsOptions;
pub(crate) use cohorts::CohortsOptions;
pub(crate) use data::{DataOptions, Why};
pub(crate) use funnel::FunnelOptions;
pub(crate) use growth::{GrowthOptions, HomeOptions};
pub(crate) use ladder::LadderOptions;
pub(crate) use members::MembersOptions;
pub(crate) use store::StoreOptions;
pub(crate) use stores::StoresOptions;

/// What the rest of the program knows of a page.
pub(crate) struct Entry {
    /// Its name in the rail and, but for the page of one store, its title.
    pub(crate) name: fn(Lang) -> &'static str,
    /// The path of its icon, on a field of 24 × 24.
    pub(crate) icon: &'static str,
    /// Whether it shows anything of the compared days; else the choice is not offered.
    pub(crate) compares: bool,
    /// Whether days and filters change what it shows.
    pub(crate) filters: bool,
    /// What it asks, at least one thing.
    pub(crate) asks: fn(&State, &Catalog) -> Vec<Ask>,
    /// What it asks beside that, with filters of its own, such as of the group that one store belongs to. The page
    /// keeps a place for their answers, which come later.
    pub(crate) beside: Option<fn(&State, &Catalog) -> Vec<Question>>,
    /// Its answer in words; empty where there is no answer.
    pub(crate) sentence: fn(&Page) -> Vec<Piece>,
    /// Everything below the filters.
    pub(crate) body: fn(&Arc<Page>) -> AnyView,
}

/// The entry of a page.
pub(crate) fn of(page: &PageName) -> &'static Entry {
    match page {
        PageName::Growth => &growth::ENTRY,
        PageName::Funnel => &funnel::ENTRY,
        PageName::Cohorts => &cohorts::ENTRY,
        PageName::Stores => &stores::ENTRY,
        PageName::Store(_) => &store::ENTRY,
        PageName::Ladder => &ladder::ENTRY,
        PageName::Members => &members::ENTRY,
        PageName::Channels => &channels::ENTRY,
        PageName::Data => &data::ENTRY,
    }
}

/// The title of what the reader asked for: the page's name, or the store's.
pub(crate) fn title(page: &Page) -> String {
    let store = page.state.page.store().and_then(|id| page.catalog.store(id));
    match store {
        Some(store) => store.name.clone(),
        None => (of(&page.state.page).name)(page.state.lang).to_owned(),
    }
}

/// What a page lets its reader choose beside days, comparison and filter; stands in addresses of that page only.
pub(crate) trait PageOptions {
    /// Takes a pair of the query; whether the name is one of this page's. An empty value means the default,
    /// an unknown one becomes a note.
    fn take(&mut self, name: &str, value: &str, catalog: &Catalog, notes: &mut Vec<Note>) -> bool;

    /// Adds what is not the default, in canonical order.
    fn give(&self, out: &mut Vec<(&'static str, String)>);
}

#[cfg(test)]
mod said;
#[cfg(test)]
mod tests;
