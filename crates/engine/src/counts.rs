//! What is counted of a window, a period of it, or one value of a dimension in it.

/// Exact counts of one cell. All of them add up over disjoint members, so that partials merge by addition.
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
    /// Sum of the squares of all orders' amounts, in units of [`SQUARE_UNIT`]²: the variance of sales as a compound
    /// Poisson sum.
    pub squares: i64,
}

/// The unit in which amounts are squared, minor units: coarse, since it serves a standard error only.
pub const SQUARE_UNIT: i64 = 256;
/// Amounts above this count as this when squared, so that no sum of squares overflows.
const MOST_SQUARED: i64 = 1 << 20;

/// The square of an amount, in units of [`SQUARE_UNIT`]².
pub(crate) fn square(amount: i64) -> i64 {
    // Amounts are not negative: a shift divides them.
    let amount = (amount >> SQUARE_UNIT.ilog2()).min(MOST_SQUARED);
    amount * amount
}

impl Counts {
    /// Counters in one cell.
    pub(crate) const LEN: usize = 9;

    /// All orders.
    pub(crate) fn orders(&self) -> i64 {
        self.member_orders + self.anonymous_orders
    }

    /// All amounts, minor units.
    pub(crate) fn sales(&self) -> i64 {
        self.member_sales + self.anonymous_sales
    }

    /// The cells that a run of counters holds.
    pub(crate) fn cells(counters: &[i64]) -> Vec<Self> {
        let cell = |c: &[i64]| Self {
            users: c[0],
            buyers: c[1],
            repeat_buyers: c[2],
            new_buyers: c[3],
            member_orders: c[4],
            member_sales: c[5],
            anonymous_orders: c[6],
            anonymous_sales: c[7],
            squares: c[8],
        };
        counters.chunks_exact(Self::LEN).map(cell).collect()
    }

    /// Adds the cell to its counters.
    pub(crate) fn add_to(&self, counters: &mut [i64]) {
        let fields = [
            self.users,
            self.buyers,
            self.repeat_buyers,
            self.new_buyers,
            self.member_orders,
            self.member_sales,
            self.anonymous_orders,
            self.anonymous_sales,
            self.squares,
        ];
        for (counter, field) in counters.iter_mut().zip(fields) {
            *counter += field;
        }
    }
}
