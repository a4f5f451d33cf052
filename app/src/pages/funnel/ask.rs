//! What the page asks.

use model::{Ask, FunnelAsk};

use super::FunnelOptions;
use crate::boot::Catalog;
use crate::state::State;

pub(super) fn asks(state: &State, catalog: &Catalog) -> Vec<Ask> {
    let options = &state.params.funnel;
    vec![Ask::Funnel(FunnelAsk {
        steps: options.steps(catalog),
        order: options.order,
        within_days: options.within.unwrap_or(FunnelOptions::DAYS),
        by: options.by,
    })]
}
