//! What the page asks: whom channels share, and the formula split by channel and by whose ground it is on.

use model::{Ask, By, GrowthAsk, OverlapAsk};

use crate::boot::Catalog;
use crate::state::State;

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    vec![
        Ask::Overlap(OverlapAsk { of: state.params.channels.of }),
        Ask::Growth(GrowthAsk { by: Some(By::Channel), top: None }),
        Ask::Growth(GrowthAsk { by: Some(By::Domain), top: None }),
    ]
}
