//! What the page asks.

use model::{Ask, LadderAsk};

use crate::boot::Catalog;
use crate::state::State;

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    vec![Ask::Ladder(LadderAsk { rungs: state.params.ladder.rungs() })]
}
