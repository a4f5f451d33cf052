//! What the page asks of one store: the formula, split, and its course. The question's filter holds the store, see
//! [`State::filter`].

use model::{Align, Ask, GrowthAsk, SeriesAsk};

use crate::boot::Catalog;
use crate::pages::growth::SERIES;
use crate::state::State;

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    vec![
        Ask::Growth(GrowthAsk { by: Some(state.params.store.by), top: None }),
        Ask::Series(SeriesAsk { grain: state.grain, align: Align::Window, measures: SERIES.to_vec() }),
    ]
}
