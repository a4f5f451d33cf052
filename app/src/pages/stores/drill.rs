//! Where the change is: regions, then the cities of one, then the stores of one, each a link that filters.
//!
//! Sales of stores add up, so these are sums over the ranking's rows.

use std::collections::{BTreeMap, HashMap, HashSet};

use leptos::prelude::*;
use model::{Figure, Money, Store, StoreRow};

use super::answers::{Answered, Looked, certain, index};
use crate::boot::Page;
use crate::components::compare::Way;
use crate::components::section::section;
use crate::format::{self, Unit};
use crate::i18n::{Lang, t};

/// A region or a city.
#[derive(Default)]
struct Place {
    stores: usize,
    /// Stores that fell beyond chance.
    fallen: usize,
    now: Money,
    then: Money,
}

/// The way down to one city and the places on the next step; nothing where there is one place only.
pub(super) fn drill(page: &Page, answered: &Answered, looked: &Looked) -> Option<AnyView> {
    let lang = page.state.lang;
    let by_city = page.shown.params.filter.regions.len() == 1;
    let mut places: BTreeMap<&str, Place> = BTreeMap::new();
    let known = index(page);
    let fallen: HashSet<&str> = looked.sure[..looked.fallen()].iter().map(|moved| moved.row.store.as_str()).collect();
    for row in answered.rows {
        add(&mut places, page, row, by_city, &known, &fallen);
    }
    let crumbs = crumbs(page, lang);
    if places.len() < 2 && crumbs.is_none() {
        return None;
    }
    let compares = answered.growth.compare.is_some();
    let mut list: Vec<(&str, Place)> = places.into_iter().collect();
    list.sort_by(|a, b| b.1.now.value.cmp(&a.1.now.value).then_with(|| a.0.cmp(b.0)));
    let tiles = list.into_iter().map(|(name, place)| tile(page, name, &place, by_city, compares)).collect_view();
    let title = if by_city { t!(lang, stores.by_city) } else { t!(lang, stores.by_region) };
    Some(section(
        "places",
        title.to_owned(),
        crumbs.into_any(),
        view! { <ul class="tiles">{tiles}</ul> }.into_any(),
        String::new(),
    ))
}

fn add<'a>(
    places: &mut BTreeMap<&'a str, Place>,
    page: &'a Page,
    row: &StoreRow,
    by_city: bool,
    known: &HashMap<&str, &'a Store>,
    fallen: &HashSet<&str>,
) {
    let Some(store) = known.get(row.store.as_str()).filter(|s| !s.id.is_empty()) else {
        return;
    };
    let region = page.catalog.regions.get(usize::from(store.region)).map_or("", String::as_str);
    let place = places.entry(if by_city { &store.city } else { region }).or_default();
    place.stores += 1;
    place.fallen += usize::from(fallen.contains(row.store.as_str()));
    place.now = plus(place.now, row.window.sales.unwrap_or_default());
    place.then = plus(place.then, row.compare.as_ref().and_then(|c| c.sales).unwrap_or_default());
}

fn plus(a: Money, b: Money) -> Money {
    Figure {
        value: a.value.saturating_add(b.value),
        low: a.low.saturating_add(b.low),
        high: a.high.saturating_add(b.high),
        too_few: a.too_few || b.too_few,
    }
}

fn tile(page: &Page, name: &str, place: &Place, by_city: bool, compares: bool) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let change = Figure {
        value: place.now.value.saturating_sub(place.then.value),
        low: place.now.low.saturating_sub(place.then.high),
        high: place.now.high.saturating_sub(place.then.low),
        too_few: place.now.too_few || place.then.too_few,
    };
    let way = if compares && certain(&change) { Way::of_amount(change.value) } else { Way::Flat };
    let relative = format::relative(Some(place.now.value as f64), Some(place.then.value as f64));
    let relative = relative.filter(|_| compares).unwrap_or_default();
    let chosen = if by_city { &page.state.params.filter.cities } else { &page.state.params.filter.regions };
    let only = chosen == &[name.to_owned()];
    let href = page.state.href(|p| {
        p.stores.at = 1;
        let list = if by_city { &mut p.filter.cities } else { &mut p.filter.regions };
        *list = if only { Vec::new() } else { vec![name.to_owned()] };
        if !by_city {
            p.filter.cities.clear();
        }
    });
    let known = !name.is_empty();
    let shown = if known { name.to_owned() } else { t!(lang, shared.unknown).to_owned() };
    let few = t!(lang, stores.tile_stores, count = place.stores);
    let fallen = if place.fallen > 0 { t!(lang, stores.tile_fallen, count = place.fallen) } else { String::new() };
    let inner = view! {
        <b>{shown}</b>
        <span class="tile-sum" title=style.doubt_of(Unit::Money, &place.now, lang)>{style.money(place.now.value)}</span>
        <span class=["tile-change ", way.class()].concat()><i aria-hidden="true">{way.arrow()}</i>{relative}</span>
        <small>{few}</small>
        <em hidden=fallen.is_empty()>{fallen.clone()}</em>
    };
    match known {
        true => {
            view! { <li><a class="tile" href=href data-nav="" aria-current=only.then_some("true")>{inner}</a></li> }
                .into_any()
        }
        false => view! { <li><span class="tile">{inner}</span></li> }.into_any(),
    }
}

/// The way back up: all, the region, the city; nothing at the top.
fn crumbs(page: &Page, lang: Lang) -> Option<AnyView> {
    let filter = &page.state.params.filter;
    if filter.regions.is_empty() && filter.cities.is_empty() {
        return None;
    }
    let all = page.state.href(|p| {
        p.stores.at = 1;
        p.filter.regions.clear();
        p.filter.cities.clear();
    });
    let region = page.state.href(|p| {
        p.stores.at = 1;
        p.filter.cities.clear();
    });
    let regions = filter.regions.join(t!(lang, shared.or));
    let cities = filter.cities.join(t!(lang, shared.or));
    let (no_region, no_city) = (regions.is_empty(), cities.is_empty());
    Some(
        view! {
            <nav class="crumbs" aria-label=t!(lang, stores.way_back)>
                <a href=all data-nav="">{t!(lang, stores.everywhere)}</a>
                <a href=region data-nav="" hidden=no_region aria-current=no_city.then_some("true")>{regions.clone()}</a>
                <span hidden=no_city>{cities.clone()}</span>
            </nav>
        }
        .into_any(),
    )
}
