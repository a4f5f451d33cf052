//! The chips of the dimensions readers filter by most: regions, stores, channels.

use std::sync::Arc;

use leptos::prelude::*;

use super::{choice, chosen_names, hidden, menu, summary, toggle_choice};
use crate::boot::Page;
use crate::i18n::{Lang, t};
use crate::state::Facet;

/// How many stores a list shows before the reader searches.
const LISTED: usize = 40;

pub(super) fn region_menu(page: &Page, lang: Lang) -> AnyView {
    let params = &page.state.params;
    let all = params.with(|p| p.filter.regions.clear());
    let choices = page
        .catalog
        .regions
        .iter()
        .enumerate()
        .filter(|(_, region)| !region.is_empty())
        .map(|(i, region)| {
            let stores = page.catalog.stores.iter().filter(|s| usize::from(s.region) == i).count();
            toggle_choice(page, Facet::Region, region, t!(lang, filters.stores_count, count = stores))
        })
        .collect_view();
    let none = choice(
        page,
        &all,
        t!(lang, filters.all_regions).to_owned(),
        String::new(),
        params.filter.regions.is_empty(),
        false,
    );
    let label =
        summary(t!(lang, filters.all_regions), |n| t!(lang, filters.regions_count, count = n), &params.filter.regions);
    menu("menu-region", label, !params.filter.regions.is_empty(), view! { <ul>{none}{choices}</ul> }.into_any())
}

pub(super) fn channel_menu(page: &Page, lang: Lang) -> AnyView {
    let params = &page.state.params;
    let all = params.with(|p| p.filter.channels.clear());
    let kinds = [
        ("store", t!(lang, filters.kind_store)),
        ("owned", t!(lang, filters.kind_owned)),
        ("marketplace", t!(lang, filters.kind_marketplace)),
        ("social", t!(lang, filters.kind_social)),
        ("ads", t!(lang, filters.kind_ads)),
    ];
    let other = |kind: &str| kinds.iter().all(|(known, _)| *known != kind);
    let groups = kinds
        .into_iter()
        .chain([("", t!(lang, filters.kind_other))])
        .map(|(kind, name)| {
            let choices: Vec<_> = page
                .catalog
                .channels
                .iter()
                .filter(|c| !c.id.is_empty() && if kind.is_empty() { other(&c.kind) } else { c.kind == kind })
                .map(|c| toggle_choice(page, Facet::Channel, &c.id, String::new()))
                .collect();
            let empty = choices.is_empty();
            view! { <li class="group" hidden=empty><p class="popname">{name}</p><ul>{choices}</ul></li> }
        })
        .collect_view();
    let names = chosen_names(page, Facet::Channel);
    let none = choice(page, &all, t!(lang, filters.all_channels).to_owned(), String::new(), names.is_empty(), false);
    let label = summary(t!(lang, filters.all_channels), |n| t!(lang, filters.channels_count, count = n), &names);
    menu("menu-channel", label, !names.is_empty(), view! { <ul>{none}{groups}</ul> }.into_any())
}

pub(super) fn store_menu(page: &Arc<Page>, lang: Lang) -> AnyView {
    let params = &page.state.params;
    let search = RwSignal::new(String::new());
    let names = chosen_names(page, Facet::Store);
    let label = summary(t!(lang, filters.all_stores), |n| t!(lang, filters.stores_count, count = n), &names);
    let all = params.with(|p| p.filter.stores.clear());
    let none = choice(page, &all, t!(lang, filters.all_stores).to_owned(), String::new(), names.is_empty(), false);
    let rest = hidden(page, params);
    let listed = page.clone();
    let body = view! {
        <form method="get" action=page.state.params.path(&page.state.page) data-form="" role="search">
            {rest}
            <input type="search" name="store" placeholder=t!(lang, filters.find_store) aria-label=t!(lang, filters.find_store) autocomplete="off"
                on:input=move |event| search.set(event_target_value(&event))/>
            <button class="apply" type="submit">{t!(lang, filters.find)}</button>
        </form>
        <ul>{none}{move || store_list(&listed, &search.get())}</ul>
    };
    menu("menu-store", label, !names.is_empty(), body.into_any())
}

/// The chosen stores, then those that hold the text, in the chosen regions; never more than fit a list.
fn store_list(page: &Page, search: &str) -> AnyView {
    let lang = page.state.lang;
    let params = &page.state.params;
    let wanted = search.trim().to_lowercase();
    let region_of = |i: u16| page.catalog.regions.get(usize::from(i)).map_or("", String::as_str);
    let fits = |s: &&model::Store| {
        let in_region =
            params.filter.regions.is_empty() || params.filter.regions.iter().any(|r| r == region_of(s.region));
        let found = wanted.is_empty()
            || s.name.to_lowercase().contains(&wanted)
            || s.id.to_lowercase().contains(&wanted)
            || s.city.to_lowercase().contains(&wanted);
        !s.id.is_empty() && in_region && found && !params.filter.stores.contains(&s.id)
    };
    let chosen = page.catalog.stores.iter().filter(|s| params.filter.stores.contains(&s.id));
    let others = page.catalog.stores.iter().filter(fits);
    let left = others.clone().count().saturating_sub(LISTED);
    let rows = chosen
        .chain(others.take(LISTED))
        .map(|s| {
            let to = params.with(|p| Facet::Store.toggle(&mut p.filter, &s.id));
            let place =
                [region_of(s.region), &s.city].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ");
            choice(page, &to, s.name.clone(), place, params.filter.stores.contains(&s.id), true)
        })
        .collect_view();
    let more = if left > 0 { t!(lang, filters.more_stores, count = left) } else { String::new() };
    view! { {rows}<li class="more" hidden=more.is_empty()>{more.clone()}</li> }.into_any()
}
