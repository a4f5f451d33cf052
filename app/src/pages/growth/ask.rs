//! What the page asks.

use model::{Align, Ask, By, GrowthAsk, Measure, SeriesAsk};

use crate::boot::Catalog;
use crate::state::State;

/// Stores asked for in each direction: a page shows no more of them.
const MOVERS: u32 = 10;

/// The measures whose course the cards and the trend show.
pub(crate) const SERIES: [Measure; 8] = [
    Measure::Sales,
    Measure::MemberSales,
    Measure::Orders,
    Measure::Users,
    Measure::Buyers,
    Measure::Conversion,
    Measure::Frequency,
    Measure::Aov,
];

pub(super) fn asks(state: &State, _: &Catalog) -> Vec<Ask> {
    vec![
        Ask::Growth(GrowthAsk { by: Some(By::Region), top: None }),
        Ask::Growth(GrowthAsk { by: Some(By::Store), top: Some(MOVERS) }),
        Ask::Series(SeriesAsk { grain: state.grain, align: Align::Window, measures: SERIES.to_vec() }),
    ]
}
