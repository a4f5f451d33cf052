//! One chip for the dimensions readers filter by less often, those that the snapshot has values of.

use leptos::prelude::*;

use super::{chosen_names, menu, toggle_choice};
use crate::boot::Page;
use crate::components::names;
use crate::i18n::{Lang, t};
use crate::state::Facet;

/// In the order of the menu.
const SECTIONS: [Facet; 6] = [Facet::City, Facet::Format, Facet::Domain, Facet::Source, Facet::Tier, Facet::Campaign];

/// How many values a section shows; those chosen always show.
const LISTED: usize = 60;

/// The menu; none where the snapshot has none of these dimensions.
pub(super) fn more_menu(page: &Page, lang: Lang) -> Option<AnyView> {
    let of_stores = page.state.page.store().is_none();
    let free = |facet: &Facet| page.catalog.frame.as_ref().is_none_or(|frame| frame.is_free(*facet));
    let facets = SECTIONS.into_iter().filter(|facet| of_stores || !facet.is_of_stores()).filter(free);
    let sections: Vec<AnyView> = facets.clone().filter_map(|facet| section(page, facet, lang)).collect();
    if sections.is_empty() {
        return None;
    }
    let chosen: Vec<String> = facets.flat_map(|facet| chosen_names(page, facet)).collect();
    let label = match chosen.as_slice() {
        [] => t!(lang, shared.more_filters).to_owned(),
        [one] => one.clone(),
        more => t!(lang, shared.more_filters_count, count = more.len()),
    };
    Some(menu("menu-more", label, !chosen.is_empty(), view! { <ul>{sections}</ul> }.into_any()))
}

fn section(page: &Page, facet: Facet, lang: Lang) -> Option<AnyView> {
    let chosen = facet.chosen(&page.state.params.filter);
    let values = facet.values(&page.catalog);
    if values.is_empty() {
        return None;
    }
    // Those chosen first, so that they can be taken back however long the list is.
    let rest = values.iter().filter(|value| !chosen.contains(value)).take(LISTED);
    let choices = chosen.iter().chain(rest).map(|id| toggle_choice(page, facet, id, String::new())).collect_view();
    Some(
        view! { <li class="group"><p class="popname">{names::facet(facet, lang)}</p><ul>{choices}</ul></li> }
            .into_any(),
    )
}
