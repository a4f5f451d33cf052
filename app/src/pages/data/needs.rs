//! Which facts each page rests on, and whether the snapshot has them.

use leptos::prelude::*;

use crate::boot::{Catalog, Page};
use crate::components::section::section;
use crate::components::table::{Cell, Column, Table, table};
use crate::i18n::{Lang, t};
use crate::pages;
use crate::state::PageName;

/// A kind of fact.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fact {
    Members,
    Orders,
    Touches,
    Stores,
    Channels,
}

impl Fact {
    fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Members => t!(lang, data.members),
            Self::Orders => t!(lang, words.orders),
            Self::Touches => t!(lang, data.touches),
            Self::Stores => t!(lang, shared.store),
            Self::Channels => t!(lang, shared.channel),
        }
    }

    fn is_there(self, catalog: &Catalog) -> bool {
        let totals = &catalog.totals;
        match self {
            Self::Members => totals.members > 0,
            Self::Orders => totals.orders + totals.anonymous_orders > 0,
            Self::Touches => totals.touches > 0,
            Self::Stores => catalog.stores.iter().any(|store| !store.id.is_empty()),
            Self::Channels => catalog.channels.iter().any(|channel| !channel.id.is_empty()),
        }
    }
}

fn needed(page: &PageName) -> &'static [Fact] {
    match page {
        PageName::Growth => &[Fact::Members, Fact::Orders, Fact::Touches],
        PageName::Funnel => &[Fact::Members, Fact::Touches, Fact::Orders],
        PageName::Cohorts | PageName::Ladder | PageName::Members => &[Fact::Members, Fact::Orders],
        PageName::Stores | PageName::Store(_) => &[Fact::Stores, Fact::Orders, Fact::Members],
        PageName::Channels => &[Fact::Channels, Fact::Orders, Fact::Members],
        PageName::Data => &[],
    }
}

/// One row a page.
pub(super) fn needs(page: &Page, lang: Lang) -> AnyView {
    let rows = PageName::RAIL
        .iter()
        .filter(|name| **name != PageName::Data)
        .map(|name| {
            let facts = needed(name);
            let words = |facts: Vec<Fact>| facts.iter().map(|fact| fact.name(lang)).collect::<Vec<_>>().join(" · ");
            let missing: Vec<Fact> = facts.iter().copied().filter(|fact| !fact.is_there(&page.catalog)).collect();
            let state = if missing.is_empty() {
                Cell::of(t!(lang, data.all_there))
            } else {
                Cell::of(t!(lang, data.missing, facts = words(missing))).class("strong")
            };
            vec![
                Cell::of((pages::of(name).name)(lang)).to(page.state.params.href(name)),
                Cell::of(words(facts.to_vec())),
                state,
            ]
        })
        .collect();
    let columns =
        vec![Column::of(t!(lang, data.page_name)), Column::of(t!(lang, data.needs)), Column::of(t!(lang, data.there))];
    let list = table(Table { caption: t!(lang, data.needs_title).to_owned(), columns, rows, foot: vec![] }, lang);
    section("needs", t!(lang, data.needs_title).to_owned(), ().into_any(), list, t!(lang, data.needs_note).to_owned())
}
