//! Cohorts, ladder, RFM and lifecycle.

use serde::{Deserialize, Serialize};

use super::{Figure, Money, Ratio};
use crate::{Day, RfmCuts};

/// Answer to a cohorts ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CohortsAnswer {
    /// In time order, from the snapshot's first period to that of the window's last day; empty cohorts included.
    pub cohorts: Vec<Cohort>,
    /// For each k asked, the rate of all cohorts whose period k is complete, taken together: the sum of their active members
    /// over the sum of their sizes. Null where no cohort is old enough.
    pub weighted: Vec<Ratio>,
    /// For each k asked, the plain mean of the rates of the cohorts with members whose period k is complete.
    pub simple: Vec<Ratio>,
}

/// Members who began in one period. The lists hold one entry for each period k that has begun, at most as many as asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cohort {
    /// The cohort's period: `2024-01`, or the Monday of a week, `2024-01-01`.
    pub period: String,
    /// The period's first day.
    pub from: Day,
    /// Members in the cohort.
    pub size: Figure<i64>,
    /// Members with an order in period k (or in k or later, where asked so).
    pub active: Vec<Figure<i64>>,
    /// `active / size`.
    pub rate: Vec<Ratio>,
    /// Sum of the cohort's amounts in period k, minor units.
    pub sales: Vec<Money>,
    /// Sum of the cohort's amounts up to and with period k, for each member of the cohort, minor units.
    pub value: Vec<Ratio>,
    /// The first k that is not complete by the window's or the data's last day; the length of the lists if all are.
    /// Immature cells are shown, never averaged in.
    pub immature_from: u32,
}

/// Answer to a ladder ask: one row for each rung.
pub type LadderAnswer = Vec<Rung>;

/// Members who reached at least n orders by the window's last day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rung {
    /// Orders reached.
    pub n: u32,
    /// Members with at least n orders.
    pub members: Figure<i64>,
    /// Members with exactly n orders: those who might still order again.
    pub exactly: Figure<i64>,
    /// Members with at least n + 1 orders.
    pub next: Figure<i64>,
    /// Share of `members` who have not ordered again: `exactly / members`, the hazard of no next order.
    pub no_next_rate: Ratio,
    /// Median of the days from the n-th to the next order among those who made one; of an even number, the mean of the
    /// middle two.
    pub median_days_to_next: Ratio,
    /// The day by which half of all who reached the rung have ordered again, those who may still do so counted as
    /// Kaplan & Meier (1958) do; null while the curve stays below one half.
    pub survival_median_days: Ratio,
    /// Mean amount of (n + 1)-th orders, minor units.
    pub next_value: Ratio,
    /// Money at stake: what the members with exactly n orders would spend if each ordered once more at `next_value`,
    /// minor units.
    pub at_stake: Money,
    /// Who came back by which day.
    pub curve: ReturnCurve,
}

/// The share who ordered again within so many days, by Kaplan & Meier (1958): one minus the survival function, members
/// without a next order being censored at the window's or the data's last day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReturnCurve {
    /// Days since the n-th order, of a fixed list, as far as the history reaches.
    pub days: Vec<u32>,
    /// Share who ordered again by then; null where nobody was followed so long.
    pub returned: Vec<Ratio>,
    /// Lower end of the 95 % band: Greenwood's variance on the log-log scale (Kalbfleisch & Prentice 1980). It speaks
    /// of chance in what members did and stays when everything was read. Null while nobody or everybody came back.
    pub low: Vec<Option<f64>>,
    /// Upper end of the band.
    pub high: Vec<Option<f64>>,
}

/// Answer to an RFM ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RfmAnswer {
    /// The last day that counts.
    pub as_of: Day,
    /// Members with an order by then.
    pub members: Figure<i64>,
    /// Where the quintiles lie; estimates while shards are missing.
    pub cuts: RfmCuts,
    /// Cells with members, by recency, frequency and money, the best first.
    pub cells: Vec<RfmCell>,
    /// Who moved from where, by recency and frequency, where asked; moves without members are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration: Option<Vec<RfmMove>>,
}

/// Members with the same three scores, each from 1 to 5, 5 being best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RfmCell {
    /// Score of recency.
    pub recency: u8,
    /// Score of frequency.
    pub frequency: u8,
    /// Score of money.
    pub monetary: u8,
    /// Members in the cell.
    pub members: Figure<i64>,
    /// Sum of their amounts over their whole history, minor units.
    pub sales: Money,
}

/// Members who stood at one recency and frequency on the earlier day and at another on the later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RfmMove {
    /// Recency and frequency scores on `since`; none for members without an order by then.
    pub from: Option<[u8; 2]>,
    /// Recency and frequency scores on `as_of`.
    pub to: [u8; 2],
    /// Members who moved so.
    pub members: Figure<i64>,
}

/// Answer to a lifecycle ask: one row for each period of the window.
pub type LifecycleAnswer = Vec<LifecyclePeriod>;

/// Stock at both ends of a period and the flow between; they balance exactly:
/// `opening.x` is the sum of `moves.x`, `closing.y` is the sum over all rows of `moves.*.y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LifecyclePeriod {
    /// First day of the period inside the window.
    pub from: Day,
    /// Last day of the period inside the window.
    pub to: Day,
    /// Whether the window or the data's end cuts the period short.
    pub partial: bool,
    /// At the end of the day before `from`.
    pub opening: Stock,
    /// At the end of `to`.
    pub closing: Stock,
    /// First order in the period.
    pub new: Figure<i64>,
    /// Dormant or lost before, active again at the period's end.
    pub woken: Figure<i64>,
    /// Active before, dormant or lost at the period's end.
    pub slipped: Figure<i64>,
    /// Active or dormant before, lost at the period's end.
    pub lost: Figure<i64>,
    /// All moves, by the state before.
    pub moves: Moves,
}

/// Members by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stock {
    /// Last order at most `active_days` ago.
    pub active: Figure<i64>,
    /// Longer ago, but at most `dormant_days`.
    pub dormant: Figure<i64>,
    /// Longer ago than that.
    pub lost: Figure<i64>,
}

/// Members by the state before, each split by the state after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Moves {
    /// No order before.
    pub none: Stock,
    /// Active before.
    pub active: Stock,
    /// Dormant before.
    pub dormant: Stock,
    /// Lost before.
    pub lost: Stock,
}
