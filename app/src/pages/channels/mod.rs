//! 渠道 Channels: how much of sales has a known member, whom channels share, what goes with breadth, whose ground.

mod answers;
mod ask;
mod cards;
mod contribution;
mod coverage;
mod known;
mod options;
mod overlap;
mod sentence;
mod settled;

use std::sync::Arc;

use leptos::prelude::*;
use model::{By, GrowthAnswer, OverlapOf};

use super::Entry;
use crate::boot::Page;
use crate::components::growth_table::growth_table;
use crate::components::heatmap::heatmap;
use crate::components::section::section;
use crate::components::states;
use crate::components::tabs::{Tab, tabs};
use crate::i18n::{Lang, t};
use crate::sentence::Piece;

pub(crate) use options::ChannelsOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, channels.channels),
    icon: "M6 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM18 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 21a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 8l3 7M16 8l-3 7M9 6h6",
    compares: true,
    filters: true,
    asks: ask::asks,
    beside: None,
    sentence: pieces,
    body,
};

/// Channels in lists and in the matrix until the reader wants all.
const LISTED: usize = 12;

fn pieces(page: &Page) -> Vec<Piece> {
    sentence::sentence(page)
}

fn body(page: &Arc<Page>) -> AnyView {
    let lang = page.state.lang;
    let Some(answered) = answers::answers(page) else {
        return states::failed(page);
    };
    if states::is_nothing(answered.channels) {
        return states::nothing(page);
    }
    let matrix = heatmap(overlap::matrix(page, answered.overlap), lang);
    let matrix_note = t!(lang, channels.overlap_note).to_owned();
    let matrix_key =
        view! { {rows_tabs(page, lang, answered.overlap.channels.len(), LISTED)}{of_tabs(page, lang)} }.into_any();
    let by_channel = known::by_channel(page, answered.channels);
    let by_channel_key = rows_tabs(page, lang, answered.channels.groups.len(), known::FEW);
    let contribution = contribution::contribution(page, answered.channels).map(|(table, unit)| {
        let unit =
            view! { <span>{unit}</span>{rows_tabs(page, lang, answered.channels.groups.len(), LISTED)} }.into_any();
        let note = t!(lang, channels.contribution_note).to_owned();
        section("contribution", t!(lang, channels.contribution).to_owned(), unit, table, note)
    });
    let domains = growth_table(page, answered.domains, By::Domain);
    let channels = growth_table(page, &listed(page, answered.channels), By::Channel);
    view! {
        {cards::cards(page, &answered)}
        <div class="grid">
            <div class="stack">
                {known::over_time(page, answered.series)}
                {section("anonymous", t!(lang, channels.known_by_channel).to_owned(), by_channel_key, by_channel, t!(lang, channels.known_note).to_owned())}
            </div>
            <div class="stack">
                {section("settled", t!(lang, channels.settling).to_owned(), ().into_any(), settled::settled(page, &answered), t!(lang, channels.settling_note).to_owned())}
                {section("breadth", t!(lang, channels.breadth).to_owned(), of_tabs(page, lang), overlap::breadth(page, answered.overlap), t!(lang, channels.breadth_note).to_owned())}
            </div>
        </div>
        {coverage::coverage(page)}
        {section("overlap", t!(lang, channels.overlap).to_owned(), matrix_key, matrix, matrix_note)}
        {contribution}
        {section("domains", t!(lang, channels.by_domain).to_owned(), ().into_any(), domains, t!(lang, channels.domains_note).to_owned())}
        {section("channels", t!(lang, channels.channels).to_owned(), rows_tabs(page, lang, answered.channels.groups.len(), LISTED), channels, String::new())}
    }
    .into_any()
}

fn of_tabs(page: &Page, lang: Lang) -> AnyView {
    let choices =
        [(OverlapOf::Buyers, t!(lang, words.buyers)), (OverlapOf::Users, t!(lang, words.users))].map(|(of, name)| {
            Tab {
                name: name.to_owned(),
                href: page.state.href(|p| p.channels.of = of),
                chosen: page.state.params.channels.of == of,
            }
        });
    tabs(t!(lang, channels.overlap_of), choices.into())
}

/// The channels with the largest sales, or all.
fn listed(page: &Page, answer: &GrowthAnswer) -> GrowthAnswer {
    let mut answer = answer.clone();
    if !page.state.params.channels.all {
        answer.groups.sort_by_key(|g| (std::cmp::Reverse(g.window.sales.value), g.id.clone()));
        answer.groups.truncate(LISTED);
    }
    answer
}

/// The largest channels or all; nothing to choose where few are there.
fn rows_tabs(page: &Page, lang: Lang, channels: usize, few: usize) -> AnyView {
    if channels <= few {
        return ().into_any();
    }
    let names = [t!(lang, channels.largest, count = few), t!(lang, channels.every, count = channels)];
    let choices = [false, true].into_iter().zip(names).map(|(all, name)| Tab {
        name,
        href: page.state.href(|p| p.channels.all = all),
        chosen: page.state.params.channels.all == all,
    });
    tabs(t!(lang, channels.listed), choices.collect())
}
