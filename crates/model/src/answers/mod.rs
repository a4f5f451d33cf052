//! What the engine answers: figures, each with its interval, exact when both ends are the value.
//!
//! Counts and money are integers. Ratios are floats made once, at the end, from exact integers;
//! a ratio over nothing is `null`.

mod figure;
mod growth;
mod journeys;
mod members;
mod stores;

pub use figure::{Figure, Money, Ratio, compactly};
pub use growth::{Contributions, Factor, Factors, GrowthAnswer, GrowthGroup, SeriesAnswer, SeriesPoints, ZeroCase};
pub use journeys::{Breadth, FunnelAnswer, FunnelGroup, FunnelStep, OverlapAnswer, OverlapChannel, Shared};
pub use members::{
    Cohort, CohortsAnswer, LadderAnswer, LifecycleAnswer, LifecyclePeriod, Moves, ReturnCurve, RfmAnswer, RfmCell,
    RfmMove, Rung, Stock,
};
pub use stores::{Measures, Shrunken, StoreRow, StoresAnswer};

use serde::{Deserialize, Serialize};

use crate::Day;

/// The answers to a question, in the order asked, and how much of the data they rest on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answers {
    /// How much was read.
    pub coverage: Coverage,
    /// One for each ask.
    pub answers: Vec<Answer>,
}

/// How much of a snapshot an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coverage {
    /// `<scope>-<version>` of the snapshot.
    pub snapshot: String,
    /// The snapshot's last day.
    pub data_until: Day,
    /// Shards there are.
    pub shards: u32,
    /// Shards read.
    pub read: u32,
    /// Whether every figure is exact.
    pub exact: bool,
}

/// One answer.
// A question has a few answers; their number, not their size, would be worth a box.
#[expect(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To [`crate::Ask::Growth`].
    Growth(Box<GrowthAnswer>),
    /// To [`crate::Ask::Series`].
    Series(SeriesAnswer),
    /// To [`crate::Ask::Stores`].
    Stores(StoresAnswer),
    /// To [`crate::Ask::Cohorts`].
    Cohorts(CohortsAnswer),
    /// To [`crate::Ask::Ladder`].
    Ladder(LadderAnswer),
    /// To [`crate::Ask::Funnel`].
    Funnel(FunnelAnswer),
    /// To [`crate::Ask::Rfm`].
    Rfm(RfmAnswer),
    /// To [`crate::Ask::Overlap`].
    Overlap(OverlapAnswer),
    /// To [`crate::Ask::Lifecycle`].
    Lifecycle(LifecycleAnswer),
}
