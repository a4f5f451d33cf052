//! What can be asked, one type for each kind of answer.

mod growth;
mod journeys;
mod members;

pub use growth::{Align, By, Grain, GrowthAsk, Measure, SeriesAsk, StoresAsk};
pub use journeys::{FunnelAsk, FunnelBy, Join, OverlapAsk, OverlapOf, Step, StepOrder};
pub use members::{Anchor, CohortsAsk, LadderAsk, LifecycleAsk, Retention, RfmAsk};

use serde::{Deserialize, Serialize};

/// One thing asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// The growth formula of both windows and what each factor contributed.
    Growth(GrowthAsk),
    /// Measures over time.
    Series(SeriesAsk),
    /// Stores in the order of a measure.
    Stores(StoresAsk),
    /// Members by the period of their first order or of joining.
    Cohorts(CohortsAsk),
    /// Members by how many orders they reached.
    Ladder(LadderAsk),
    /// Members through steps.
    Funnel(FunnelAsk),
    /// Buyers by recency, frequency and money.
    Rfm(RfmAsk),
    /// Members of several channels.
    Overlap(OverlapAsk),
    /// New, active, dormant, woken and lost members.
    Lifecycle(LifecycleAsk),
}

impl Ask {
    /// The names of all asks, as they stand in a question.
    pub const NAMES: &'static str = "growth, series, stores, cohorts, ladder, funnel, rfm, overlap, lifecycle";
}
