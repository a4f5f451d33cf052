//! What the page asks of one store: the formula, split, and its course. The question's filter holds the store, see
//! [`State::filter`].

use model::{Ask, GrowthAsk, Measure, Question, StoresAsk};

use crate::boot::Catalog;
use crate::pages::growth::series;
use crate::state::State;

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    vec![Ask::Growth(GrowthAsk { by: Some(state.params.store.by), top: None }), series(state)]
}

/// The place of the ranking of all stores among the questions beside the page's own.
pub(super) const WHOLE: usize = 0;

/// The place of the ranking of its region's stores; not asked of a store without a region.
pub(super) const REGION: usize = 1;

/// Beside the store: all stores, and those of its region, by sales; channels and members are filtered alike.
pub(super) fn beside(state: &State, catalog: &Catalog) -> Vec<Question> {
    let Some(store) = state.page.store().and_then(|id| catalog.store(id)) else {
        return Vec::new();
    };
    let ranked = |regions: Vec<String>, measures: &[Measure]| {
        let ask = Ask::Stores(StoresAsk { by: Measure::Sales, limit: None, measures: measures.to_vec() });
        let mut filter = state.filter();
        filter.stores.clear();
        filter.regions = regions;
        Question { window: state.window, compare: state.compared, filter, ask: vec![ask] }
    };
    let region = catalog.regions.get(usize::from(store.region)).filter(|name| !name.is_empty());
    let factors = [Measure::Sales, Measure::Users, Measure::Conversion, Measure::Frequency, Measure::Aov];
    [Some(ranked(Vec::new(), &[Measure::Sales])), region.map(|name| ranked(vec![name.clone()], &factors))]
        .into_iter()
        .flatten()
        .collect()
}
