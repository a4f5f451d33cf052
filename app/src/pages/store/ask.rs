//! What the page asks of one store: the formula, split, and its course. The question's filter holds the store, see
//! [`State::filter`].

use model::{Ask, GrowthAsk};

use crate::boot::Catalog;
use crate::pages::growth::series;
use crate::state::State;

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    vec![Ask::Growth(GrowthAsk { by: Some(state.params.store.by), top: None }), series(state)]
}
