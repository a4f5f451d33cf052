//! What the page asks: the ranking, and what moved each store.

use model::{Ask, By, GrowthAsk, StoresAsk};

use super::options::MEASURES;
use crate::boot::Catalog;
use crate::state::State;

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    vec![
        Ask::Stores(StoresAsk { by: state.params.stores.by, limit: None, measures: MEASURES.values().collect() }),
        Ask::Growth(GrowthAsk { by: Some(By::Store), top: None }),
    ]
}
