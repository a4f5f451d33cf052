//! The dimensions that the change is split by: which there are, which holds, and the way down from region to store.

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::{By, Filter};

use crate::boot::{Catalog, Page};
use crate::components::growth_table::facet;
use crate::components::names;
use crate::components::tabs::{Tab, tabs};
use crate::i18n::t;
use crate::state::{Facet, PageName, Params, State};

/// In the order of the picker.
const ALL: [By; 8] =
    [By::Region, By::City, By::Store, By::Format, By::Channel, By::Domain, By::SourceChannel, By::Tier];

/// Groups shown in each direction where a dimension has more values than fit a table.
const TOP: u32 = 20;

/// The dimension that holds: the reader's choice, else the first of which the snapshot has several values.
pub(super) fn chosen(state: &State, catalog: &Catalog) -> By {
    let several = |by: &By| values(*by, &Filter::default(), catalog) > 1;
    state.params.home.by.or_else(|| ALL.into_iter().find(several)).unwrap_or(By::Region)
}

/// How many groups to ask for in each direction; none asks for all, where all fit a table.
pub(super) fn top(by: By, filter: &Filter, catalog: &Catalog) -> Option<u32> {
    (values(by, filter, catalog) > 2 * TOP as usize).then_some(TOP)
}

/// How many values of a dimension a filter leaves, "unknown" among them.
fn values(by: By, filter: &Filter, catalog: &Catalog) -> usize {
    let fits = |chosen: &[String], value: &str| chosen.is_empty() || chosen.iter().any(|c| c == value);
    let region = |store: &model::Store| catalog.regions.get(usize::from(store.region)).map_or("", String::as_str);
    let stores = catalog.stores.iter().filter(|store| {
        fits(&filter.regions, region(store))
            && fits(&filter.cities, &store.city)
            && fits(&filter.stores, &store.id)
            && fits(&filter.formats, &store.format)
    });
    let channels = catalog.channels.iter().filter(|channel| {
        let domain = |domain: &model::ChannelDomain| channel.domain == Some(*domain);
        fits(&filter.channels, &channel.id) && (filter.domains.is_empty() || filter.domains.iter().any(domain))
    });
    let of = |chosen: &[String], all: usize| if chosen.is_empty() { all } else { chosen.len() };
    match by {
        By::Region => stores.map(region).collect::<BTreeSet<_>>().len(),
        By::City => stores.map(|store| store.city.as_str()).collect::<BTreeSet<_>>().len(),
        By::Store => stores.count(),
        By::Format => stores.map(|store| store.format.as_str()).collect::<BTreeSet<_>>().len(),
        By::Channel => channels.count(),
        By::Domain => channels.map(|channel| channel.domain.map(|d| d as u8)).collect::<BTreeSet<_>>().len(),
        By::SourceChannel => of(&filter.source_channels, catalog.channels.len()),
        By::Tier => of(&filter.tiers, catalog.tiers.len()),
    }
}

/// The segmented picker: dimensions of which the filter leaves several values, and the one that holds.
pub(super) fn picker(page: &Page) -> AnyView {
    let lang = page.state.lang;
    let holds = chosen(&page.state, &page.catalog);
    let offered =
        ALL.into_iter().filter(|by| *by == holds || values(*by, &page.state.params.filter, &page.catalog) > 1);
    let choices = offered
        .map(|by| Tab {
            name: names::facet(facet(by), lang).to_owned(),
            href: page.state.href(|p| p.home.by = Some(by)) + "#heat",
            chosen: by == holds,
        })
        .collect();
    tabs(t!(lang, shared.split_by), choices)
}

/// The filter by one value of a dimension, or without it where it is chosen already.
pub(super) fn filter_by(page: &Page, by: By, id: &str) -> (String, bool) {
    let only = facet(by).chosen(&page.state.params.filter) == [id.to_owned()];
    let href = page.state.href(|p| if only { facet(by).clear(&mut p.filter) } else { choose(p, facet(by), id) });
    (href, only)
}

/// Whether the dimension's values lead down to others, or to a page.
pub(super) fn has_levels(by: By) -> bool {
    matches!(by, By::Region | By::City | By::Store)
}

/// One level down from a value: its cities, its stores, the page of the store; with what the link leads to.
pub(super) fn down(page: &Page, by: By, id: &str) -> Option<(String, String)> {
    let lang = page.state.lang;
    let name = names::value(page, facet(by), id);
    let next = match by {
        By::Region if page.catalog.stores.iter().any(|store| !store.city.is_empty()) => By::City,
        By::Region | By::City => By::Store,
        By::Store => {
            let href = page.state.params.href(&PageName::Store(id.to_owned()));
            return page.catalog.store(id).map(|_| (href, t!(lang, growth.open_store, name)));
        }
        _ => return None,
    };
    let href = page.state.href(|p| {
        choose(p, facet(by), id);
        p.home.by = Some(next);
    });
    Some((href + "#heat", t!(lang, growth.down_to, name, level = names::facet(facet(next), lang))))
}

fn choose(params: &mut Params, facet: Facet, id: &str) {
    facet.clear(&mut params.filter);
    facet.toggle(&mut params.filter, id);
}

/// Where the reader stands on the way down, each level above a link back to it; none at the top.
pub(super) fn crumbs(page: &Page) -> Option<AnyView> {
    let lang = page.state.lang;
    let levels = [(Facet::Region, By::Region), (Facet::City, By::City), (Facet::Store, By::Store)];
    let set: Vec<(Facet, By, Vec<String>)> = levels
        .into_iter()
        .map(|(facet, by)| (facet, by, facet.chosen(&page.state.params.filter)))
        .filter(|(_, _, chosen)| !chosen.is_empty())
        .collect();
    let last = set.len().checked_sub(1)?;
    let top = page.state.href(|p| {
        for (facet, _) in levels {
            facet.clear(&mut p.filter);
        }
        p.home.by = None;
    });
    let steps = set
        .iter()
        .enumerate()
        .map(|(at, (facet, _, chosen))| {
            let name = match chosen.as_slice() {
                [one] => names::value(page, *facet, one),
                many => t!(lang, growth.several, count = many.len(), dimension = names::facet(*facet, lang)),
            };
            let below = set.get(at + 1).map(|(_, by, _)| *by);
            let step = match below {
                Some(by) => {
                    let href = page.state.href(|p| {
                        for (lower, _, _) in &set[at + 1..] {
                            lower.clear(&mut p.filter);
                        }
                        p.home.by = Some(by);
                    });
                    view! { <a href=href + "#heat" data-nav="">{name}</a> }.into_any()
                }
                None => view! { <span aria-current=(at == last).then_some("location")>{name}</span> }.into_any(),
            };
            view! { <li>{step}</li> }
        })
        .collect_view();
    Some(
        view! {
            <nav class="crumbs" aria-label=t!(lang, growth.where_you_are)>
                <ol><li><a href=top + "#heat" data-nav="">{t!(lang, growth.all_places)}</a></li>{steps}</ol>
            </nav>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boot::tests::catalog;
    use crate::i18n::Lang;

    fn read(query: &str) -> State {
        State::read("/", query, Lang::Zh, &catalog())
    }

    #[test]
    fn only_dimensions_with_several_values_are_counted_as_such() {
        let catalog = catalog();
        let all = Filter::default();
        let counts = ALL.map(|by| values(by, &all, &catalog));
        // Two regions and stores in one city, one format; two channels on one ground; one tier.
        assert_eq!(counts, [2, 1, 2, 1, 2, 1, 2, 1]);
        let east = Filter { regions: vec!["华东".into()], ..Filter::default() };
        assert_eq!(values(By::Store, &east, &catalog), 1);
    }

    #[test]
    fn without_regions_the_next_dimension_splits() {
        let mut catalog = catalog();
        assert_eq!(chosen(&read(""), &catalog), By::Region);
        assert_eq!(chosen(&read("by=tier"), &catalog), By::Tier);
        catalog.stores.iter_mut().for_each(|store| store.region = 0);
        assert_eq!(chosen(&read(""), &catalog), By::Store);
        catalog.stores.truncate(1);
        assert_eq!(chosen(&read(""), &catalog), By::Channel);
        catalog.channels.clear();
        assert_eq!(chosen(&read(""), &catalog), By::Region);
    }

    #[test]
    fn what_fits_a_table_is_asked_whole() {
        let mut catalog = catalog();
        let store = catalog.stores[0].clone();
        catalog.stores = (0..4_000).map(|i| model::Store { id: format!("S{i}"), ..store.clone() }).collect();
        assert_eq!(top(By::Region, &Filter::default(), &catalog), None);
        assert_eq!(top(By::Store, &Filter::default(), &catalog), Some(20));
        let few = Filter { stores: vec!["S1".into(), "S2".into()], ..Filter::default() };
        assert_eq!(top(By::Store, &few, &catalog), None);
    }
}
