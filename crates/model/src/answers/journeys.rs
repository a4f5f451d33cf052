//! Funnel and overlap.

use serde::{Deserialize, Serialize};

use super::{Figure, Money, Ratio};

/// Answer to a funnel ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FunnelAnswer {
    /// One row for each step.
    pub steps: Vec<FunnelStep>,
    /// The split, where asked, in the dimension's order; values without anyone entering are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<FunnelGroup>,
}

/// Members who reached a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FunnelStep {
    /// Distinct members who reached it by some entry in the window.
    pub members: Figure<i64>,
    /// Of those who entered.
    pub rate_from_first: Ratio,
    /// Of those who reached the step before; none at the first step.
    pub rate_from_previous: Ratio,
    /// Median of the days from the entry to this step, at the first time a member reached it, counted from the latest
    /// entry that leads there; of an even number, the mean of the middle two.
    pub median_days: Ratio,
}

/// The funnel of members who entered in one region or channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FunnelGroup {
    /// The region's or channel's id; empty where unknown.
    pub id: String,
    /// One row for each step.
    pub steps: Vec<FunnelStep>,
}

/// Answer to an overlap ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverlapAnswer {
    /// Channels with members, in the order of the manifest.
    pub channels: Vec<OverlapChannel>,
    /// Members by the number of their channels: 1, 2, 3, 4 and more.
    pub breadth: Vec<Breadth>,
}

/// One channel and whom it shares with the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverlapChannel {
    /// The channel's id.
    pub channel: String,
    /// Distinct members met there.
    pub members: Figure<i64>,
    /// Of those, members met in no other channel.
    pub only: Figure<i64>,
    /// What members spent through the channel, minor units.
    pub sales: Money,
    /// For each other channel with common members: how many, and what they spent through *this* one.
    pub with: Vec<Shared>,
}

/// Members whom a channel shares with another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shared {
    /// The other channel's id.
    pub channel: String,
    /// Members met in both.
    pub members: Figure<i64>,
    /// What they spent through the first channel, minor units.
    pub sales: Money,
}

/// Members of so many channels, and what they are worth over all channels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Breadth {
    /// Channels; 4 means four or more.
    pub channels: u32,
    /// Members.
    pub members: Figure<i64>,
    /// Their orders.
    pub orders: Figure<i64>,
    /// Sum of their amounts, minor units.
    pub sales: Money,
    /// `sales / members`, minor units.
    pub value: Ratio,
}
