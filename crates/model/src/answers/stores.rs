//! The ranking of stores.

use serde::{Deserialize, Serialize};

use super::{Factors, Figure, Money, Ratio};
use crate::Measure;

/// Answer to a stores ask: rows, best first; stores without any fact in both windows are left out. Touches
/// are such facts only where a measure asked for needs them.
pub type StoresAnswer = Vec<StoreRow>;

/// One store in a ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoreRow {
    /// The store's id.
    pub store: String,
    /// 1 is best; equal values share a rank, the next rank skips.
    pub rank: u32,
    /// The best rank that chance allows: one more than the number of stores that are surely better.
    ///
    /// Stays below `rank` when everything was read: it speaks of chance in what customers did, not of what was read.
    /// A count is taken as Poisson, a sum of amounts as compound Poisson, a rate as its posterior; two stores differ
    /// where their values ± 1.39 standard errors do not meet (Goldstein & Healy 1995).
    pub rank_low: u32,
    /// The worst rank that chance allows.
    pub rank_high: u32,
    /// The rank in the compared window; none where the store had no fact then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare_rank: Option<u32>,
    /// In the window; its figures stand beside `store` and `rank` in the JSON.
    #[serde(flatten)]
    pub window: Measures,
    /// Rates drawn towards the mean of all stores, where asked.
    #[serde(default, skip_serializing_if = "Shrunken::is_empty")]
    pub shrunken: Shrunken,
    /// In the compared window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Measures>,
    /// Change of sales against `compare`, in standard errors of chance (compound Poisson in both windows): beyond
    /// ±1.96 it is more than noise. None without a comparison or without orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sales_z: Option<f64>,
}

/// The measures that were asked for; the others are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// See [`Measure::Sales`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sales: Option<Money>,
    /// See [`Measure::MemberSales`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_sales: Option<Money>,
    /// See [`Measure::Orders`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orders: Option<Figure<i64>>,
    /// See [`Measure::Users`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Figure<i64>>,
    /// See [`Measure::Buyers`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyers: Option<Figure<i64>>,
    /// See [`Measure::Conversion`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Ratio>,
    /// See [`Measure::Frequency`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Ratio>,
    /// See [`Measure::Aov`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aov: Option<Ratio>,
    /// See [`Measure::RepeatBuyers`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_buyers: Option<Figure<i64>>,
    /// See [`Measure::RepurchaseRate`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repurchase_rate: Option<Ratio>,
    /// See [`Measure::NewBuyers`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_buyers: Option<Figure<i64>>,
    /// See [`Measure::AnonymousOrders`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_orders: Option<Figure<i64>>,
    /// See [`Measure::AnonymousSales`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_sales: Option<Money>,
}

/// Rates drawn towards the mean of all stores by how little each store's own data says: the posterior mean under a beta
/// prior that the stores themselves give by moments (empirical Bayes; Efron & Morris 1973, Casella 1985).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shrunken {
    /// Buyers over users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Ratio>,
    /// Repeat buyers over buyers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repurchase_rate: Option<Ratio>,
}

impl Shrunken {
    /// Whether neither rate was asked.
    pub fn is_empty(&self) -> bool {
        self.conversion.is_none() && self.repurchase_rate.is_none()
    }
}

impl From<Factors> for Measures {
    fn from(f: Factors) -> Self {
        Self {
            sales: Some(f.sales),
            member_sales: Some(f.member_sales),
            orders: Some(f.orders),
            users: Some(f.users),
            buyers: Some(f.buyers),
            conversion: Some(f.conversion),
            frequency: Some(f.frequency),
            aov: Some(f.aov),
            repeat_buyers: Some(f.repeat_buyers),
            repurchase_rate: Some(f.repurchase_rate),
            new_buyers: Some(f.new_buyers),
            anonymous_orders: Some(f.anonymous_orders),
            anonymous_sales: Some(f.anonymous_sales),
        }
    }
}

impl Measures {
    /// The same without the measures for which `wanted` is false.
    #[must_use]
    pub fn only(self, wanted: impl Fn(Measure) -> bool) -> Self {
        Self {
            sales: self.sales.filter(|_| wanted(Measure::Sales)),
            member_sales: self.member_sales.filter(|_| wanted(Measure::MemberSales)),
            orders: self.orders.filter(|_| wanted(Measure::Orders)),
            users: self.users.filter(|_| wanted(Measure::Users)),
            buyers: self.buyers.filter(|_| wanted(Measure::Buyers)),
            conversion: self.conversion.filter(|_| wanted(Measure::Conversion)),
            frequency: self.frequency.filter(|_| wanted(Measure::Frequency)),
            aov: self.aov.filter(|_| wanted(Measure::Aov)),
            repeat_buyers: self.repeat_buyers.filter(|_| wanted(Measure::RepeatBuyers)),
            repurchase_rate: self.repurchase_rate.filter(|_| wanted(Measure::RepurchaseRate)),
            new_buyers: self.new_buyers.filter(|_| wanted(Measure::NewBuyers)),
            anonymous_orders: self.anonymous_orders.filter(|_| wanted(Measure::AnonymousOrders)),
            anonymous_sales: self.anonymous_sales.filter(|_| wanted(Measure::AnonymousSales)),
        }
    }
}

impl Measures {
    /// The value of a measure as a float, for ranking and drawing; `None` over nothing or where it was not asked.
    pub fn value(&self, measure: Measure) -> Option<f64> {
        let count = |figure: Option<Figure<i64>>| figure.map(|f| f.value as f64);
        let ratio = |figure: Option<Ratio>| figure.and_then(|f| f.value);
        match measure {
            Measure::Sales => count(self.sales),
            Measure::MemberSales => count(self.member_sales),
            Measure::Orders => count(self.orders),
            Measure::Users => count(self.users),
            Measure::Buyers => count(self.buyers),
            Measure::Conversion => ratio(self.conversion),
            Measure::Frequency => ratio(self.frequency),
            Measure::Aov => ratio(self.aov),
            Measure::RepeatBuyers => count(self.repeat_buyers),
            Measure::RepurchaseRate => ratio(self.repurchase_rate),
            Measure::NewBuyers => count(self.new_buyers),
            Measure::AnonymousOrders => count(self.anonymous_orders),
            Measure::AnonymousSales => count(self.anonymous_sales),
        }
    }
}
