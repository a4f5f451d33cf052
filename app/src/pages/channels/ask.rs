//! What the page asks: whom channels share; the formula split by channel, by whose ground it is on, and by the channel
//! members came through; and how much was known over time.

use model::{Ask, By, GrowthAsk, Measure, OverlapAsk, SeriesAsk};

use crate::boot::Catalog;
use crate::state::State;

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    let growth = |by| Ask::Growth(GrowthAsk { by: Some(by), top: None });
    let measures = vec![Measure::Sales, Measure::MemberSales, Measure::Orders, Measure::AnonymousOrders];
    vec![
        Ask::Overlap(OverlapAsk { of: state.params.channels.of }),
        growth(By::Channel),
        growth(By::Domain),
        growth(By::SourceChannel),
        Ask::Series(SeriesAsk { grain: state.grain, align: model::Align::Window, measures }),
    ]
}
