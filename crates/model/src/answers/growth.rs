//! The formula, its contributions and its course over time.

use serde::{Deserialize, Serialize};

use super::{Figure, Money, Ratio};
use crate::{Day, Measure};

/// The growth formula in one window: `member_sales = users × conversion × frequency × aov`,
/// and `sales = member_sales + anonymous_sales`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Factors {
    /// Distinct members with a touch or order.
    pub users: Figure<i64>,
    /// Distinct members with an order.
    pub buyers: Figure<i64>,
    /// Orders, anonymous ones included.
    pub orders: Figure<i64>,
    /// Orders of members.
    pub member_orders: Figure<i64>,
    /// Sum of amounts, anonymous orders included, minor units.
    pub sales: Money,
    /// Sum of amounts of members' orders, minor units.
    pub member_sales: Money,
    /// `buyers / users`.
    pub conversion: Ratio,
    /// `member_orders / buyers`.
    pub frequency: Ratio,
    /// `member_sales / member_orders`, minor units.
    pub aov: Ratio,
    /// Members with two orders or more.
    pub repeat_buyers: Figure<i64>,
    /// `repeat_buyers / buyers`.
    pub repurchase_rate: Ratio,
    /// Buyers whose first order ever lies in the window.
    pub new_buyers: Figure<i64>,
    /// Orders without a member.
    pub anonymous_orders: Figure<i64>,
    /// Their amounts, minor units.
    pub anonymous_sales: Money,
}

/// A factor of the formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// Users.
    Users,
    /// Conversion.
    Conversion,
    /// Orders a buyer.
    Frequency,
    /// Average order value.
    Aov,
}

/// What each factor explains of the change of member sales, minor units.
/// The four add up to `member_sales` of the window less that of `compare`, to the last unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contributions {
    /// By users.
    pub users: Money,
    /// By conversion.
    pub conversion: Money,
    /// By frequency.
    pub frequency: Money,
    /// By average order value.
    pub aov: Money,
}

/// A window in which a factor is zero, so that the logarithm's limit is taken:
/// the first zero factor of the empty window takes the whole change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ZeroCase {
    /// No member sales in either window: nothing to explain.
    NoSales,
    /// No users in one window: the whole change is theirs.
    NoUsers,
    /// Users, but no buyers in one window: the whole change is conversion's.
    NoBuyers,
    /// Orders, but all of amount 0 in one window: the whole change is the order value's.
    NoValue,
}

/// Answer to a growth ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GrowthAnswer {
    /// The formula in the window.
    pub window: Factors,
    /// The formula in the compared window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Factors>,
    /// What moved member sales; with `compare` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contributions: Option<Contributions>,
    /// Which limit was taken, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_case: Option<ZeroCase>,
    /// The split, in the dimension's order; values without any fact in both windows are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GrowthGroup>,
    /// Per factor: the whole's contribution less the sum over groups. Shifting weights, and members of several groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mix: Option<Contributions>,
}

/// The formula within one value of a dimension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GrowthGroup {
    /// The id of the region, store or channel, or the name of the city, format, domain or tier; empty where unknown.
    pub id: String,
    /// In the window.
    pub window: Factors,
    /// In the compared window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Factors>,
    /// What moved this group's member sales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contributions: Option<Contributions>,
    /// Which limit was taken, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_case: Option<ZeroCase>,
}

/// Answer to a series ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeriesAnswer {
    /// Over the window.
    pub window: SeriesPoints,
    /// Over the compared window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<SeriesPoints>,
}

/// Measures for each period; all lists have the length of `periods`, unasked measures are left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeriesPoints {
    /// First day of each period inside the window.
    pub periods: Vec<Day>,
    /// Days of each period that lie inside the window.
    pub days: Vec<u32>,
    /// Whether the window or the data's end cuts the period short.
    pub partial: Vec<bool>,
    /// See [`Measure::Sales`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sales: Option<Vec<Money>>,
    /// See [`Measure::MemberSales`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_sales: Option<Vec<Money>>,
    /// See [`Measure::Orders`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orders: Option<Vec<Figure<i64>>>,
    /// See [`Measure::Users`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<Figure<i64>>>,
    /// See [`Measure::Buyers`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyers: Option<Vec<Figure<i64>>>,
    /// See [`Measure::Conversion`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Vec<Ratio>>,
    /// See [`Measure::Frequency`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Vec<Ratio>>,
    /// See [`Measure::Aov`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aov: Option<Vec<Ratio>>,
    /// See [`Measure::RepeatBuyers`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_buyers: Option<Vec<Figure<i64>>>,
    /// See [`Measure::RepurchaseRate`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repurchase_rate: Option<Vec<Ratio>>,
    /// See [`Measure::NewBuyers`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_buyers: Option<Vec<Figure<i64>>>,
    /// See [`Measure::AnonymousOrders`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_orders: Option<Vec<Figure<i64>>>,
    /// See [`Measure::AnonymousSales`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_sales: Option<Vec<Money>>,
}

impl SeriesPoints {
    /// Takes out the measures that are not listed.
    pub fn retain(&mut self, measures: &[Measure]) {
        fn keep<T>(list: &mut Option<T>, asked: bool) {
            if !asked {
                *list = None;
            }
        }
        let asked = |measure| measures.contains(&measure);
        keep(&mut self.sales, asked(Measure::Sales));
        keep(&mut self.member_sales, asked(Measure::MemberSales));
        keep(&mut self.orders, asked(Measure::Orders));
        keep(&mut self.users, asked(Measure::Users));
        keep(&mut self.buyers, asked(Measure::Buyers));
        keep(&mut self.conversion, asked(Measure::Conversion));
        keep(&mut self.frequency, asked(Measure::Frequency));
        keep(&mut self.aov, asked(Measure::Aov));
        keep(&mut self.repeat_buyers, asked(Measure::RepeatBuyers));
        keep(&mut self.repurchase_rate, asked(Measure::RepurchaseRate));
        keep(&mut self.new_buyers, asked(Measure::NewBuyers));
        keep(&mut self.anonymous_orders, asked(Measure::AnonymousOrders));
        keep(&mut self.anonymous_sales, asked(Measure::AnonymousSales));
    }
}

impl Factors {
    /// The figure of a measure as a float, for ranking and drawing; `None` over nothing.
    pub fn measure(&self, measure: Measure) -> Option<f64> {
        match measure {
            Measure::Sales => Some(self.sales.value as f64),
            Measure::MemberSales => Some(self.member_sales.value as f64),
            Measure::Orders => Some(self.orders.value as f64),
            Measure::Users => Some(self.users.value as f64),
            Measure::Buyers => Some(self.buyers.value as f64),
            Measure::Conversion => self.conversion.value,
            Measure::Frequency => self.frequency.value,
            Measure::Aov => self.aov.value,
            Measure::RepeatBuyers => Some(self.repeat_buyers.value as f64),
            Measure::RepurchaseRate => self.repurchase_rate.value,
            Measure::NewBuyers => Some(self.new_buyers.value as f64),
            Measure::AnonymousOrders => Some(self.anonymous_orders.value as f64),
            Measure::AnonymousSales => Some(self.anonymous_sales.value as f64),
        }
    }
}
