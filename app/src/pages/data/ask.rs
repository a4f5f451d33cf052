//! What the page asks: the formula, whole, so that what it says of freshness and coverage is an answer's.

use model::{Ask, GrowthAsk};

use crate::boot::Catalog;
use crate::state::State;

pub(super) fn asks(_: &State, _: &Catalog) -> Vec<Ask> {
    vec![Ask::Growth(GrowthAsk::default())]
}
