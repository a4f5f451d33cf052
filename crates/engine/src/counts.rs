//! What is counted of each shard, and how counts of shards add up.

/// Exact counts of one cell: a window, a period of it, or one region, store or channel in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Distinct members with a touch or order.
    pub users: i64,
    /// Distinct members with an order.
    pub buyers: i64,
    /// Distinct members with two orders or more.
    pub repeat_buyers: i64,
    /// Buyers whose first order ever lies in the window.
    pub new_buyers: i64,
    /// Orders of members.
    pub member_orders: i64,
    /// Their amounts, minor units.
    pub member_sales: i64,
    /// Orders without a member.
    pub anonymous_orders: i64,
    /// Their amounts, minor units.
    pub anonymous_sales: i64,
}

impl Counts {
    /// Adds the counts of other members.
    pub fn add(&mut self, other: &Self) {
        self.users += other.users;
        self.buyers += other.buyers;
        self.repeat_buyers += other.repeat_buyers;
        self.new_buyers += other.new_buyers;
        self.member_orders += other.member_orders;
        self.member_sales += other.member_sales;
        self.anonymous_orders += other.anonymous_orders;
        self.anonymous_sales += other.anonymous_sales;
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The counts of some shards: for each job of the plan, for each window, one [`Counts`] a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// Shards counted.
    pub(crate) shards: u32,
    /// `cells[job][window][cell]`.
    pub(crate) cells: Vec<Vec<Vec<Counts>>>,
}

impl Partial {
    /// Adds a partial of other shards, made by the same plan.
    pub fn merge(&mut self, other: Self) {
        self.shards += other.shards;
        let sums = self.cells.iter_mut().flatten().flatten();
        for (sum, counts) in sums.zip(other.cells.iter().flatten().flatten()) {
            sum.add(counts);
        }
    }

    /// Shards counted so far.
    pub fn shards(&self) -> u32 {
        self.shards
    }
}
