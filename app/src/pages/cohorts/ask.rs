//! What the page asks.

use model::{Ask, CohortsAsk};

use crate::boot::Catalog;
use crate::state::State;

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    let options = &state.params.cohorts;
    vec![Ask::Cohorts(CohortsAsk {
        grain: options.grain,
        anchor: options.anchor,
        mode: options.mode,
        periods: options.periods,
    })]
}
