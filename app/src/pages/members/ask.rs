//! What the page asks: RFM on the window's last day against the compared one's, and the lifecycle over the window.

use model::{Ask, LifecycleAsk, RfmAsk};

use crate::boot::Catalog;
use crate::state::State;

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    let as_of = state.window.to();
    let since = state.compared.map(|days| days.to()).filter(|since| *since < as_of);
    let grain = state.params.members.grain;
    vec![Ask::Rfm(RfmAsk { as_of, since }), Ask::Lifecycle(LifecycleAsk { grain, ..LifecycleAsk::default() })]
}
