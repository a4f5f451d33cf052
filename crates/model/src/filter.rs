//! Which facts and members count.

use serde::{Deserialize, Serialize};

use crate::{Anchor, ChannelDomain, Day, Grain};

/// Lists of ids; an empty list means all, several lists must all match.
///
/// The first seven look at a fact's store, channel and campaign. The last three look at its member: where one of
/// them names something, orders without a member do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Filter {
    /// Region names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// City names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cities: Vec<String>,
    /// Store ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<String>,
    /// Formats of stores, such as `franchise`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<String>,
    /// Channel ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// `public`, `private`: whose ground the channel is on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<ChannelDomain>,
    /// Campaign ids; a fact without a campaign matches none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub campaigns: Vec<String>,
    /// Ids of channels through which members came.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_channels: Vec<String>,
    /// Tiers of members.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<String>,
    /// Members in one cell of another answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segment>,
}

impl Filter {
    /// Whether nothing is named, so that all matches.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the filter looks at members, so that orders without one do not count.
    pub fn is_of_members(&self) -> bool {
        !self.source_channels.is_empty() || !self.tiers.is_empty() || self.segment.is_some()
    }
}

/// Members in one cell of another answer, counted under the rest of the same filter over their whole history.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Segment {
    /// A cohort.
    Cohort {
        /// As asked of the cohorts.
        #[serde(default = "month")]
        grain: Grain,
        /// As asked of the cohorts.
        #[serde(default)]
        anchor: Anchor,
        /// First day of the cohort's period.
        from: Day,
    },
    /// A rung of the ladder.
    Rung {
        /// Orders reached.
        orders: u32,
        /// Members with exactly so many, else with at least so many.
        #[serde(default)]
        exactly: bool,
        /// The last day that counts.
        as_of: Day,
    },
    /// A cell of RFM.
    Rfm {
        /// The last day that counts.
        as_of: Day,
        /// The cuts of the answer that the cell stands in.
        cuts: RfmCuts,
        /// Scores of recency that match, from 1 to 5; none means all.
        #[serde(default)]
        recency: Vec<u8>,
        /// Scores of frequency.
        #[serde(default)]
        frequency: Vec<u8>,
        /// Scores of money.
        #[serde(default)]
        monetary: Vec<u8>,
    },
}

/// Where the quintiles of RFM lie, in fifths of a unit: the 20, 40, 60 and 80 % points by linear interpolation between
/// neighbouring ranks (Hyndman & Fan 1996, definition 7), which fall on fifths of integers. A value's score is one more
/// than the number of cuts strictly below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RfmCuts {
    /// Of the day of the last order, counted from the snapshot's first day: later is better.
    pub recency: [i64; 4],
    /// Of the number of orders.
    pub frequency: [i64; 4],
    /// Of the sum of amounts, minor units.
    pub monetary: [i64; 4],
}

fn month() -> Grain {
    Grain::Month
}
