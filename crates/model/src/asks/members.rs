//! Asks about members over their whole history up to the window's last day: cohorts, ladder, RFM, lifecycle.

use serde::{Deserialize, Serialize};

use crate::{Day, Grain};

/// Members by the period of their first order or of joining, and what each cohort did later.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CohortsAsk {
    /// The length of a period: a calendar month, or a week from Monday; a day is refused.
    #[serde(default = "month")]
    pub grain: Grain,
    /// What puts a member into a cohort.
    #[serde(default)]
    pub anchor: Anchor,
    /// What counts as staying.
    #[serde(default)]
    pub mode: Retention,
    /// Periods followed, the cohort's own included: `k = 0..periods`. From 1 to [`CohortsAsk::MAX_PERIODS`].
    #[serde(default = "twelve")]
    pub periods: u32,
}

impl CohortsAsk {
    /// The most periods a cohort is followed.
    pub const MAX_PERIODS: u32 = 120;
}

fn month() -> Grain {
    Grain::Month
}

fn twelve() -> u32 {
    12
}

/// What puts a member into a cohort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The member's first order that the filter keeps.
    #[default]
    FirstOrder,
    /// The day of joining. Members who joined before the snapshot's first day are in no cohort; where the filter
    /// names stores or their kin, the member's home store decides.
    Joined,
}

/// What counts as staying.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Retention {
    /// An order in period `k` itself.
    #[default]
    Exact,
    /// An order in period `k` or later.
    OnOrAfter,
}

/// Members who reached at least n orders, how many came back for the next, and when.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LadderAsk {
    /// Rungs, from 1 to [`LadderAsk::MAX_RUNGS`].
    #[serde(default = "eight")]
    pub rungs: u32,
}

impl LadderAsk {
    /// The most rungs.
    pub const MAX_RUNGS: u32 = 50;
}

impl Default for LadderAsk {
    fn default() -> Self {
        Self { rungs: 8 }
    }
}

fn eight() -> u32 {
    8
}

/// Buyers scored by recency, frequency and money, each from 1 to 5 (best) by quintiles; equal values score equally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RfmAsk {
    /// The last day that counts.
    pub as_of: Day,
    /// An earlier day to tell who moved from where; without it no migration is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
}

/// Stock and flow of members by how long ago they last ordered, at the end of each period of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LifecycleAsk {
    /// The length of a period, by the calendar.
    #[serde(default = "month")]
    pub grain: Grain,
    /// A member is active up to so many days after its last order, then dormant.
    #[serde(default = "ninety")]
    pub active_days: u32,
    /// A member is dormant up to so many days after its last order, then lost; more than `active_days`.
    #[serde(default = "a_year")]
    pub dormant_days: u32,
}

fn ninety() -> u32 {
    90
}

fn a_year() -> u32 {
    365
}

impl Default for LifecycleAsk {
    fn default() -> Self {
        Self { grain: Grain::Month, active_days: 90, dormant_days: 365 }
    }
}
