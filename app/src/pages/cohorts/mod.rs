//! 留存 Cohorts: members by when they began, and what became of them.

mod answers;
mod ask;
mod choice;
mod curves;
mod options;
mod same_age;
mod sentence;
#[cfg(test)]
mod tests;
mod triangle;

use std::sync::Arc;

use leptos::prelude::*;
use model::{Anchor, Grain, Retention};

use super::Entry;
use crate::boot::Page;
use crate::components::section::section;
use crate::components::states;
use crate::components::tabs::{Tab, tabs};
use crate::i18n::{Lang, t};
use crate::sentence::Piece;
use options::Shown;

pub(crate) use options::CohortsOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, cohorts.cohorts),
    icon: "M4 4h16M4 9h12M4 14h8M4 19h4M4 4v15",
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
    let lang = page.state.lang;
    let Some(answer) = answers::answers(page) else {
        return states::failed(page);
    };
    if answers::living(answer).next().is_none() {
        return states::nothing(page);
    }
    let options = &page.state.params.cohorts;
    let drawn = choice::choice(page, answer);
    // More periods and longer numbers need the whole width; the curves then stand below.
    let slim = options.periods <= 12 && matches!(options.shown, Shown::Rate | Shown::Members);
    let (layout, size) = if slim { ("cohorts beside", (420.0, 330.0)) } else { ("cohorts below", (620.0, 320.0)) };
    let grid = triangle::triangle(page, answer, &drawn, title(page, lang));
    view! {
        <div class="pickers">{pickers(page, lang)}</div>
        <div class=layout>
            {section("triangle", titled(page, lang), measures(page, lang), grid, note(page, lang))}
            <div class="cohorts-side">
                {curves::curves(page, answer, &drawn, size)}
                {same_age::panel(page, answer)}
            </div>
        </div>
    }
    .into_any()
}

/// What the hatching means; where cohorts begin by orders, that the first of them hold older customers.
fn note(page: &Page, lang: Lang) -> String {
    let hatched = t!(lang, cohorts.cohorts_note).to_owned();
    if page.shown.params.cohorts.anchor == Anchor::Joined {
        return hatched;
    }
    let early = t!(lang, cohorts.cohorts_note_early, day = page.style().full_day(page.catalog.first_day));
    hatched + t!(lang, cohorts.then) + &early
}

/// The title with the sign that the cells leave out.
fn titled(page: &Page, lang: Lang) -> String {
    let title = title(page, lang);
    if page.state.params.cohorts.shown == Shown::Rate { title + " (%)" } else { title }
}

fn title(page: &Page, lang: Lang) -> String {
    let shown = shown_name(page.state.params.cohorts.shown, lang);
    match page.shown.params.cohorts.anchor {
        Anchor::FirstOrder => t!(lang, cohorts.cohorts_by_first_order, shown),
        Anchor::Joined => t!(lang, cohorts.cohorts_by_joining, shown),
    }
}

fn shown_name(shown: Shown, lang: Lang) -> &'static str {
    match shown {
        Shown::Rate => t!(lang, cohorts.cohorts_rate),
        Shown::Members => t!(lang, data.members),
        Shown::Sales => t!(lang, words.sales),
        Shown::Value => t!(lang, cohorts.cohorts_value),
    }
}

fn picker(page: &Page, name: &str, change: &dyn Fn(&mut CohortsOptions), chosen: bool) -> Tab {
    Tab { name: name.to_owned(), href: page.state.href(|p| change(&mut p.cohorts)), chosen }
}

fn measures(page: &Page, lang: Lang) -> AnyView {
    let chosen = page.state.params.cohorts.shown;
    let all = [Shown::Rate, Shown::Members, Shown::Sales, Shown::Value];
    let choices = all.map(|shown| picker(page, shown_name(shown, lang), &|o| o.shown = shown, chosen == shown));
    tabs(t!(lang, shared.measure), choices.into())
}

fn pickers(page: &Page, lang: Lang) -> AnyView {
    let chosen = &page.state.params.cohorts;
    let anchors = [(Anchor::FirstOrder, t!(lang, shared.first_order)), (Anchor::Joined, t!(lang, shared.joining))]
        .map(|(anchor, name)| picker(page, name, &|o| o.anchor = anchor, chosen.anchor == anchor));
    let grains = [(Grain::Month, t!(lang, periods.month)), (Grain::Week, t!(lang, periods.week))]
        .map(|(grain, name)| picker(page, name, &|o| o.regrain(grain), chosen.grain == grain));
    let modes =
        [(Retention::Exact, t!(lang, cohorts.cohorts_exact)), (Retention::OnOrAfter, t!(lang, cohorts.cohorts_later))]
            .map(|(mode, name)| picker(page, name, &|o| o.mode = mode, chosen.mode == mode));
    let periods = [6, 12, 24]
        .map(|periods| picker(page, &periods.to_string(), &|o| o.periods = periods, chosen.periods == periods));
    [
        (t!(lang, cohorts.cohorts_anchor), anchors.to_vec()),
        (t!(lang, periods.grain), grains.to_vec()),
        (t!(lang, cohorts.cohorts_mode), modes.to_vec()),
        (t!(lang, cohorts.cohorts_periods), periods.to_vec()),
    ]
    .into_iter()
    .map(|(name, choices)| view! { <span class="picker"><small aria-hidden="true">{name}</small>{tabs(name, choices)}</span> })
    .collect_view()
    .into_any()
}
