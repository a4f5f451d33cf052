//! One file for each kind of ask: which jobs it needs, and how counters become its answer.

mod cohorts;
mod funnel;
mod growth;
mod ladder;
mod lifecycle;
mod overlap;
mod rfm;
mod series;
mod stores;
mod survival;

pub(crate) use cohorts::Cohorts;
pub(crate) use funnel::Funnel;
pub(crate) use growth::Growth;
pub(crate) use ladder::Ladder;
pub(crate) use lifecycle::Lifecycle;
pub(crate) use overlap::Overlap;
pub(crate) use rfm::Rfm;
pub(crate) use series::Series;
pub(crate) use stores::Stores;

use model::{Factors, Figure};

use crate::counts::Counts;
use crate::estimate::{Slot, Visit, Walk, of_amounts};

/// A ratio of counts; none over nothing.
pub(crate) fn ratio(part: i64, of: i64) -> Figure<Option<f64>> {
    Figure::exact((of != 0).then(|| part as f64 / of as f64))
}

/// The formula of one cell.
pub(crate) fn factors(c: &Counts) -> Factors {
    Factors {
        users: Figure::exact(c.users),
        buyers: Figure::exact(c.buyers),
        orders: Figure::exact(c.orders()),
        member_orders: Figure::exact(c.member_orders),
        sales: Figure::exact(c.sales()),
        member_sales: Figure::exact(c.member_sales),
        conversion: ratio(c.buyers, c.users),
        frequency: ratio(c.member_orders, c.buyers),
        aov: ratio(c.member_sales, c.member_orders),
        repeat_buyers: Figure::exact(c.repeat_buyers),
        repurchase_rate: ratio(c.repeat_buyers, c.buyers),
        new_buyers: Figure::exact(c.new_buyers),
        anonymous_orders: Figure::exact(c.anonymous_orders),
        anonymous_sales: Figure::exact(c.anonymous_sales),
    }
}

impl Walk for Factors {
    fn walk(&mut self, visit: Visit<'_>) {
        let (users, buyers, repeat) = (self.users.value, self.buyers.value, self.repeat_buyers.value);
        let (orders, anonymous) = (self.orders.value, self.anonymous_orders.value);
        visit(Slot::Count(&mut self.users), users);
        visit(Slot::Count(&mut self.buyers), buyers);
        visit(Slot::Count(&mut self.orders), orders);
        visit(Slot::Count(&mut self.member_orders), buyers);
        visit(Slot::Count(&mut self.sales), of_amounts(orders));
        visit(Slot::Count(&mut self.member_sales), of_amounts(buyers));
        visit(Slot::Ratio(&mut self.conversion), buyers);
        visit(Slot::Ratio(&mut self.frequency), buyers);
        visit(Slot::Ratio(&mut self.aov), buyers);
        visit(Slot::Count(&mut self.repeat_buyers), repeat);
        visit(Slot::Ratio(&mut self.repurchase_rate), repeat);
        let new = self.new_buyers.value;
        visit(Slot::Count(&mut self.new_buyers), new);
        visit(Slot::Count(&mut self.anonymous_orders), anonymous);
        visit(Slot::Count(&mut self.anonymous_sales), of_amounts(anonymous));
    }
}
