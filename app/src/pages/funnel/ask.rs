//! What the page asks.

use model::Ask;

use super::options;
use crate::boot::Catalog;
use crate::state::State;

pub(in crate::pages) fn asks(state: &State, catalog: &Catalog) -> Vec<Ask> {
    vec![Ask::Funnel(options::ask(&state.params.funnel, catalog))]
}
