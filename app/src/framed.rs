//! Pages that a portal frames: what its token grants, and what of a snapshot's names goes along.
//!
//! The same pages, with a [`Frame`] in their catalog: addresses stay under `/embed`, filters that the token holds are
//! held, and where groups alone are shown days are whole weeks. The server stands behind all of it; here it keeps the
//! reader from asking what would be refused.

use model::{Filter, Targets, Totals, Window};
use serde::{Deserialize, Serialize};

use crate::boot::Catalog;
use crate::i18n::Lang;
use crate::state::{Facet, Note, PageName, Params};

/// What a portal's token grants.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The views, by name, in the portal's order.
    pub views: Vec<String>,
    /// Holds whatever the reader does.
    pub locked: Filter,
    /// Fields of the filter that the reader may set, as the model names them.
    pub free: Vec<String>,
    /// Groups alone are shown, rounded.
    pub groups_only: bool,
    /// The language, where the token says it.
    pub lang: Option<String>,
}

impl Frame {
    /// Whether the reader may choose of a dimension.
    pub(crate) fn is_free(&self, facet: Facet) -> bool {
        let is_asked = !(self.groups_only && facet == Facet::Campaign);
        is_asked && self.free.iter().any(|field| field == facet.field())
    }

    /// Whether the reader may choose members in a cell of an answer.
    fn is_segment_free(&self) -> bool {
        !self.groups_only && self.free.iter().any(|field| field == "segment")
    }

    /// Whether a page may be shown. That of one store chooses a store.
    pub(crate) fn shows(&self, page: &PageName) -> bool {
        let is_granted = self.views.iter().any(|view| view == page.view());
        is_granted && (page.store().is_none() || self.is_free(Facet::Store))
    }

    /// Puts what the token says in the place of what the address says; what is not free and not held is as if unsaid.
    pub(crate) fn hold(&self, params: &mut Params, notes: &mut Vec<Note>) {
        for facet in Facet::ALL.into_iter().filter(|facet| !self.is_free(*facet)) {
            let held = facet.chosen(&self.locked);
            let asked = facet.chosen(&params.filter);
            notes.extend(asked.iter().find(|id| !held.contains(id)).map(|id| Note::ignored(facet.word(), id)));
            facet.clear(&mut params.filter);
            held.iter().for_each(|id| facet.toggle(&mut params.filter, id));
        }
        if !self.is_segment_free() && params.segment.is_some() {
            notes.push(Note::ignored("segment", ""));
            params.segment = None;
        }
        params.lang = self.lang.as_deref().and_then(Lang::parse).or(params.lang);
    }

    /// What holds of a question's filter whatever page it is of.
    pub(crate) fn hold_filter(&self, filter: &mut Filter) {
        for facet in Facet::ALL.into_iter().filter(|facet| !facet.chosen(&self.locked).is_empty()) {
            facet.clear(filter);
            facet.chosen(&self.locked).iter().for_each(|id| facet.toggle(filter, id));
        }
        if self.locked.segment.is_some() {
            filter.segment.clone_from(&self.locked.segment);
        }
    }

    /// The names that the token's reader has any business with, and no count of what is held away.
    pub(crate) fn thin(self, mut catalog: Catalog) -> Catalog {
        let held = |list: &[String], name: &str| list.is_empty() || list.iter().any(|one| one == name);
        let locked = &self.locked;
        let region = |at: u16| catalog.regions.get(usize::from(at)).map_or("", String::as_str);
        let stores = catalog.stores.iter().filter(|store| {
            held(&locked.stores, &store.id)
                && held(&locked.cities, &store.city)
                && held(&locked.formats, &store.format)
                && held(&locked.regions, region(store.region))
        });
        let mut stores: Vec<_> = stores.cloned().collect();
        let regions = catalog.regions.iter().enumerate();
        let kept: Vec<usize> = regions.map(|(at, _)| at).filter(|at| is_used(&stores, *at)).collect();
        for store in &mut stores {
            let place = kept.iter().position(|at| *at == usize::from(store.region));
            store.region = place.and_then(|place| u16::try_from(place).ok()).unwrap_or(store.region);
        }
        if !locked.is_all() {
            catalog.regions = kept.iter().map(|at| catalog.regions[*at].clone()).collect();
            catalog.stores = stores;
            catalog.channels.retain(|channel| {
                let of_domain =
                    locked.domains.is_empty() || channel.domain.is_some_and(|d| locked.domains.contains(&d));
                of_domain && (held(&locked.channels, &channel.id) || locked.source_channels.contains(&channel.id))
            });
            catalog.campaigns.retain(|id| held(&locked.campaigns, id));
            catalog.campaigns_dated.retain(|campaign| held(&locked.campaigns, &campaign.id));
            catalog.tiers.retain(|tier| held(&locked.tiers, tier));
            // A page of nothing tells an empty snapshot by its orders.
            let totals = Totals { orders: catalog.totals.orders.min(1), ..Totals::default() };
            (catalog.totals, catalog.tables, catalog.targets) = (totals, Vec::new(), None);
        }
        // Exact counts of the whole, by channel and month: for nobody who sees a part, or groups alone.
        if !locked.is_all() || self.groups_only {
            (catalog.one_id, catalog.identified) = (None, None);
        }
        // Those of thousands of stores are fetched from where a portal's reader may not look.
        if let Some(targets) = &mut catalog.targets {
            *targets = Targets { stores: Vec::new(), store_amounts: Vec::new(), ..targets.clone() };
        }
        Catalog { frame: Some(self), ..catalog }
    }
}

fn is_used(stores: &[model::Store], region: usize) -> bool {
    stores.iter().any(|store| usize::from(store.region) == region)
}

/// The whole weeks, from Monday, that lie in a window, or else the last one before its end; and as many weeks where the
/// days compared with lie.
pub(crate) fn whole_weeks(window: Window, compared: Option<Window>) -> (Window, Option<Window>) {
    let monday = window.from().week_start();
    let first = if monday == window.from() { monday } else { monday.plus(7) };
    let last = window.to().plus(1).week_start().plus(-1);
    let weeks = Window::new(first, last).or_else(|_| Window::new(last.plus(-6), last)).unwrap_or(window);
    let earlier = |then: Window| {
        let days = window.from().epoch_days() - then.from().epoch_days();
        let back = (days + 3).div_euclid(7) * -7;
        Window::new(weeks.from().plus(back), weeks.to().plus(back)).ok()
    };
    (weeks, compared.and_then(earlier))
}

#[cfg(test)]
mod tests {
    use model::Day;

    use super::*;
    use crate::boot::tests::catalog;
    use crate::state::State;

    fn window(from: &str, to: &str) -> Window {
        let day = |text| Day::parse(text).expect("a day");
        Window::new(day(from), day(to)).expect("a window")
    }

    fn frame(locked: &str, free: &[&str]) -> Frame {
        Frame {
            views: vec!["growth".into(), "stores".into()],
            locked: serde_json::from_str(locked).expect("a filter"),
            free: free.iter().map(|field| (*field).to_owned()).collect(),
            ..Frame::default()
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_are_compared_with_weeks() {
        for (from, to, weeks, then, compared) in [
            ("2025-01-01", "2025-03-31", ("2025-01-06", "2025-03-30"), "2024-01-01", "2024-01-08"),
            ("2025-01-06", "2025-01-12", ("2025-01-06", "2025-01-12"), "2024-12-30", "2024-12-30"),
            ("2025-01-07", "2025-01-09", ("2024-12-30", "2025-01-05"), "2025-01-04", "2024-12-30"),
        ] {
            let length = window(from, to).len_days();
            let then = Day::parse(then).expect("a day");
            let (found, earlier) = whole_weeks(window(from, to), Window::new(then, then.plus(length - 1)).ok());
            assert_eq!(found, window(weeks.0, weeks.1), "{from}");
            let earlier = earlier.expect("days");
            assert_eq!((earlier.from().to_string().as_str(), earlier.len_days()), (compared, found.len_days()));
        }
    }

    #[test]
    fn what_a_token_holds_no_address_takes_away() {
        let held = frame(r#"{"regions":["华东"]}"#, &["channels"]);
        for (query, stores) in [
            ("", vec![]),
            ("region=%E5%8D%8E%E5%8D%97", vec![]),
            ("region=%E5%8D%8E%E4%B8%9C&region=%E5%8D%8E%E5%8D%97&channel=wx", vec!["wx".to_owned()]),
            ("store=S001&city=%E4%B8%8A%E6%B5%B7&cohort=2024-05", vec![]),
        ] {
            let catalog = held.clone().thin(catalog());
            let filter = State::read("/embed/growth", query, Lang::En, &catalog).filter();
            assert_eq!(filter.regions, ["华东"], "{query}");
            assert_eq!(filter.channels, stores, "{query}");
            assert!(filter.stores.is_empty() && filter.cities.is_empty() && filter.segment.is_none(), "{query}");
        }
    }

    #[test]
    fn names_of_what_is_held_away_do_not_go_along() {
        let catalog = frame(r#"{"regions":["华南"]}"#, &[]).thin(catalog());
        let text = serde_json::to_string(&catalog).expect("JSON");
        assert!(text.contains("广州天河城店") && !text.contains("S001") && !text.contains("华东"), "{text}");
        assert_eq!(catalog.regions.get(usize::from(catalog.stores[0].region)).map(String::as_str), Some("华南"));
    }

    #[test]
    fn links_stay_within_the_frame_and_one_store_is_a_choice() {
        let all = frame("{}", &["stores"]).thin(catalog());
        let state = State::read("/embed/stores/S001", "lang=en", Lang::En, &all);
        assert_eq!(state.params.href(&state.page), "/embed/stores/S001?lang=en");
        assert_eq!(state.params.href(&PageName::Growth), "/embed/growth?lang=en");
        let held = frame("{}", &[]).thin(catalog());
        let state = State::read("/embed/stores/S001", "", Lang::En, &held);
        assert_eq!(state.page, PageName::Stores);
        assert!(!frame("{}", &[]).shows(&PageName::Members));
    }
}
