//! What the page asks: what the explained figure rests on; else the formula, so that what the page says of freshness
//! and coverage is an answer's.

use model::{Ask, GrowthAsk};

use super::why::Why;
use crate::boot::Catalog;
use crate::pages::funnel;
use crate::state::State;

pub(super) fn asks(state: &State, catalog: &Catalog) -> Vec<Ask> {
    match state.params.data.why {
        Some(Why::Funnel) => funnel::asks(state, catalog),
        _ => vec![Ask::Growth(GrowthAsk::default())],
    }
}
