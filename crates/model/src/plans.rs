//! What the retailer planned: the days of its campaigns, and its sales targets by month.

use serde::{Deserialize, Serialize};

use crate::Day;

/// A campaign (活动) whose days are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// The source's `campaign_id`; a fact names it where it is one of `Dimensions::campaigns` as well.
    pub id: String,
    /// Display name; the id where the source has none.
    pub name: String,
    /// The source's word, lower case, such as `platform`; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Day 1.
    pub first_day: Day,
    /// The last day, not before `first_day`.
    pub last_day: Day,
}

/// Sales targets by month, for the whole retailer, for regions and for stores, each as the source gives them:
/// none follows from others.
///
/// Amounts stand in columns, month by month from [`Self::from`] on, and count [`Self::unit`]s; `None` where a month has
/// no target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    /// The first day of the first month that anything has a target for.
    pub from: Day,
    /// Months from that one on.
    pub months: u32,
    /// Minor units that an amount counts, at least 1.
    pub unit: i64,
    /// The whole retailer's, one a month; empty where it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<Option<i64>>,
    /// Regions that have targets, as rising indexes into `Dimensions::regions`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<u16>,
    /// Theirs: every month of the first, then of the second …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub region_amounts: Vec<Option<i64>>,
    /// Stores that have targets, as rising indexes into `Dimensions::stores`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<u16>,
    /// Theirs, likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub store_amounts: Vec<Option<i64>>,
}
