//! Asks about sales: the formula, its course over time, and the ranking of stores.

use serde::{Deserialize, Serialize};

/// The growth formula, whole and, where asked, split by a dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct GrowthAsk {
    /// The dimension to split by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// Answer only the groups whose sales rose most and those whose sales fell most, so many of each at the most;
    /// without a comparison, those with the largest sales. None answers all. The mix is that of all either way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<u32>,
}

/// A dimension that facts can be split by. Each fact has one value of it, so sales of the groups add up to the whole's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The region of the fact's store.
    Region,
    /// The city of the fact's store.
    City,
    /// The fact's store.
    Store,
    /// The format of the fact's store.
    Format,
    /// The fact's channel.
    Channel,
    /// Whose ground the fact's channel is on.
    Domain,
    /// The channel through which the fact's member came.
    SourceChannel,
    /// The tier of the fact's member.
    Tier,
}

/// Measures for each period of both windows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SeriesAsk {
    /// The length of a period.
    pub grain: Grain,
    /// Where periods begin.
    #[serde(default)]
    pub align: Align,
    /// The measures wanted; none means all.
    #[serde(default)]
    pub measures: Vec<Measure>,
}

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One business day.
    Day,
    /// Seven days; in the calendar, Monday to Sunday.
    Week,
    /// A calendar month; aligned to the window, the same day of the month onward.
    Month,
}

impl Grain {
    /// The fewest days a whole period has.
    pub(crate) fn least_days(self) -> i32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 28,
        }
    }
}

/// Where periods begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// On Mondays and firsts of months; the window's ends may cut a period short.
    #[default]
    Calendar,
    /// On the window's first day, so that period k of both windows has the same length.
    Window,
}

/// A measure of the growth formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Sum of amounts, anonymous orders included, minor units.
    Sales,
    /// Sum of amounts of members' orders, minor units.
    MemberSales,
    /// Count of orders, anonymous ones included.
    Orders,
    /// Distinct members with a touch or an order.
    Users,
    /// Distinct members with an order.
    Buyers,
    /// Buyers over users.
    Conversion,
    /// Members' orders over buyers.
    Frequency,
    /// Member sales over members' orders, minor units.
    Aov,
    /// Distinct members with two orders or more.
    RepeatBuyers,
    /// Repeat buyers over buyers.
    RepurchaseRate,
    /// Buyers whose first order ever lies in the window.
    NewBuyers,
    /// Orders without a member.
    AnonymousOrders,
    /// Their amounts, minor units.
    AnonymousSales,
}

impl Measure {
    /// Every measure, in the order in which answers list them.
    pub const ALL: [Self; 13] = [
        Self::Sales,
        Self::MemberSales,
        Self::Orders,
        Self::Users,
        Self::Buyers,
        Self::Conversion,
        Self::Frequency,
        Self::Aov,
        Self::RepeatBuyers,
        Self::RepurchaseRate,
        Self::NewBuyers,
        Self::AnonymousOrders,
        Self::AnonymousSales,
    ];

    /// Whether the measure needs touches to be counted; the others rest on orders alone.
    pub fn needs_touches(self) -> bool {
        matches!(self, Self::Users | Self::Conversion)
    }

    /// Whether the measure is a ratio, which has no value over nothing.
    pub fn is_ratio(self) -> bool {
        matches!(self, Self::Conversion | Self::Frequency | Self::Aov | Self::RepurchaseRate)
    }
}

/// Stores in the order of a measure, best first.
///
/// Conversion and repurchase rate rank by their shrunken value (see [`crate::Shrunken`]), so that tiny stores do not
/// lead by luck.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StoresAsk {
    /// The measure that ranks.
    pub by: Measure,
    /// How many rows at the most; none means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The measures wanted beside the one that ranks; none means all. What is not asked is not counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
}

impl StoresAsk {
    /// Whether a measure is to be answered.
    pub fn wants(&self, measure: Measure) -> bool {
        self.measures.is_empty() || self.by == measure || self.measures.contains(&measure)
    }
}
