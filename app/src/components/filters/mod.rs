//! The filter chips: days, comparison, dimensions, segment. Every choice is a link or a form, so that all of it works
//! without JavaScript by loading the page anew.

mod campaigns;
mod days;
mod more;
mod places;

use std::sync::Arc;

use leptos::prelude::*;

use super::names;
use crate::boot::Page;
use crate::i18n::{Lang, t};
use crate::pages;
use crate::state::{Facet, Params};

pub(crate) use campaigns::aligned_note;

/// The row of chips, and below it what a comparison of campaigns aligns.
pub(crate) fn filters(page: &Arc<Page>) -> AnyView {
    let lang = page.state.lang;
    let params = &page.state.params;
    let clear = unfiltered(page);
    let filtered = clear != *params;
    let href = clear.href(&page.state.page);
    // One store has one place, and its page is of that store whatever the filter says.
    let of_stores = page.state.page.store().is_none();
    // What a portal's token holds is not offered.
    let free = |facet: Facet| page.catalog.frame.as_ref().is_none_or(|frame| frame.is_free(facet));
    let framed = page.catalog.frame.is_some();
    let aligned = aligned_note(page, &page.state, lang);
    view! {
        <div class="chips" role="group" aria-label=t!(lang, filters.filters)>
            {days::window_menu(page, lang)}
            {pages::of(&page.state.page).compares.then(|| days::compare_menu(page, lang))}
            {(of_stores && free(Facet::Region)).then(|| places::region_menu(page, lang))}
            {(of_stores && free(Facet::Store)).then(|| places::store_menu(page, lang))}
            {free(Facet::Channel).then(|| places::channel_menu(page, lang))}
            {more::more_menu(page, lang)}
            {segment_chip(page, lang)}
            <a class="chip quiet" href=href data-nav="" hidden=!filtered>{t!(lang, filters.clear)}</a>
            <span class="space"></span>
            {(!framed).then(|| view! { <button class="chip quiet needs-js" type="button" data-share="">{t!(lang, filters.share)}</button> })}
        </div>
        {aligned.map(|note| view! { <p class="note aligned">{note}</p> })}
    }
    .into_any()
}

/// The page without what the reader chose; what a portal's token holds stays.
fn unfiltered(page: &Page) -> Params {
    page.state.params.with(|params| {
        params.unfilter();
        if let Some(frame) = &page.catalog.frame {
            frame.hold(params, &mut Vec::new());
        }
    })
}

/// The segment the reader chose, which goes by choosing it again.
fn segment_chip(page: &Page, lang: Lang) -> Option<AnyView> {
    let picked = page.state.params.segment.as_ref()?;
    let name = names::segment(picked, lang);
    let label = t!(lang, shared.take_away, filter = &name);
    let href = page.state.href(|p| p.segment = None);
    Some(view! { <a class="chip set" href=href data-nav="" aria-label=label>{name + " ×"}</a> }.into_any())
}

/// A choice of a dimension's value, which toggles it.
fn toggle_choice(page: &Page, facet: Facet, id: &str, detail: String) -> AnyView {
    let to = page.state.params.with(|p| facet.toggle(&mut p.filter, id));
    let chosen = facet.chosen(&page.state.params.filter).iter().any(|c| c == id);
    choice(page, &to, names::value(page, facet, id), detail, chosen, true)
}

/// The names of the values chosen in a dimension.
fn chosen_names(page: &Page, facet: Facet) -> Vec<String> {
    facet.chosen(&page.state.params.filter).iter().map(|id| names::value(page, facet, id)).collect()
}

fn menu(id: &'static str, label: String, set: bool, body: AnyView) -> AnyView {
    let class = if set { "chip set" } else { "chip" };
    view! {
        <details class="menu" name="filter" id=id>
            <summary class=class>{label}</summary>
            <div class="pop">{body}</div>
        </details>
    }
    .into_any()
}

/// A choice; `keep` leaves the menu open, for lists where several may be chosen.
fn choice(page: &Page, params: &Params, name: String, detail: String, chosen: bool, keep: bool) -> AnyView {
    view! {
        <li><a href=params.href(&page.state.page) data-nav=if keep { "keep" } else { "" } aria-current=chosen.then_some("true")>
            <span>{name}</span><small>{detail}</small>
        </a></li>
    }
    .into_any()
}

/// The rest of the state, for a form that changes some of it.
fn hidden(page: &Page, params: &Params) -> AnyView {
    params
        .pairs(&page.state.page)
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// "All", one name, or how many.
fn summary(all: &str, many: impl Fn(String) -> String, chosen: &[String]) -> String {
    match chosen {
        [] => all.to_owned(),
        [one] => one.clone(),
        more => many(more.len().to_string()),
    }
}
