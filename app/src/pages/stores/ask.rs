//! What the page asks: the ranking, and what moved the stores that moved most.

use model::{Ask, By, GrowthAsk, StoresAsk};

use super::options::MEASURES;
use crate::boot::Catalog;
use crate::state::State;

/// Stores whose change is taken apart, so many fallen and so many risen at the most: more than anyone reads.
const TAKEN_APART: u32 = 100;

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    vec![
        Ask::Stores(StoresAsk { by: state.params.stores.by, limit: None, measures: MEASURES.values().collect() }),
        Ask::Growth(GrowthAsk { by: Some(By::Store), top: Some(TAKEN_APART) }),
    ]
}
