//! Asks about ways through steps and channels: funnel and overlap.

use serde::{Deserialize, Serialize};

/// How many members went through steps, in which time.
///
/// A member enters with the first step inside the window and is followed past the window's end, up to
/// `within_days` after entering. A step's instant is its business day; on the same day the order of the steps decides.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FunnelAsk {
    /// The steps, from 2 to [`FunnelAsk::MAX_STEPS`]; no event may belong to two of them.
    pub steps: Vec<Step>,
    /// How strictly the steps follow each other.
    #[serde(default)]
    pub order: StepOrder,
    /// Days from the entry to the last step, the entry's day being 0.
    #[serde(default = "thirty")]
    pub within_days: u32,
    /// Split by where members entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<FunnelBy>,
}

impl FunnelAsk {
    /// The most steps.
    pub const MAX_STEPS: usize = 8;
}

fn thirty() -> u32 {
    30
}

/// One step: exactly one of `touch`, `order` and `join`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// A touch of one of these kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub touch: Vec<String>,
    /// The member's n-th order that the filter keeps, counted over its whole history; 0 means any order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<u32>,
    /// Joining. Where the filter names stores or their kin, the member's home store decides whether it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join: Option<Join>,
    /// Days from the step before; none means that only the funnel's own limit counts. Refused on the first step and
    /// in a funnel of any order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_days: Option<u32>,
}

/// Nothing to say about joining: `{}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Join {}

/// How strictly the steps follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepOrder {
    /// Each step at or after the one before; anything may come between.
    #[default]
    InOrder,
    /// As `in_order`, and no event of another step of the funnel in between. Repeats of a step in a row stand for one:
    /// the chain may pass through any of them.
    Strict,
    /// In any order: an entry is an event of any step in the window, and step k counts members who have, for some
    /// entry, at least k different steps from the entry's day on, the entry's own included.
    Any,
}

/// What a funnel can be split by; each member counts once, where its first entry in the window was; of several on that
/// day, the one whose store or channel stands first in the snapshot's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FunnelBy {
    /// The region of the entry's store; a join has the region of the member's home store.
    Region,
    /// The entry's channel; a join has the member's source channel.
    Channel,
    /// The member's source channel.
    SourceChannel,
}

/// Members of several channels: how many each pair shares, and what single- and multi-channel members are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OverlapAsk {
    /// What puts a member into a channel.
    pub of: OverlapOf,
}

/// What puts a member into a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OverlapOf {
    /// An order through it in the window.
    #[default]
    Buyers,
    /// A touch or an order through it in the window.
    Users,
}
