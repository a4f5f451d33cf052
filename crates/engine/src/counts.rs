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

    const NUMBERS: usize = 8;

    fn numbers(&self) -> [i64; Self::NUMBERS] {
        let Self {
            users,
            buyers,
            repeat_buyers,
            new_buyers,
            member_orders,
            member_sales,
            anonymous_orders,
            anonymous_sales,
        } = *self;
        [users, buyers, repeat_buyers, new_buyers, member_orders, member_sales, anonymous_orders, anonymous_sales]
    }

    fn numbers_mut(&mut self) -> [&mut i64; Self::NUMBERS] {
        [
            &mut self.users,
            &mut self.buyers,
            &mut self.repeat_buyers,
            &mut self.new_buyers,
            &mut self.member_orders,
            &mut self.member_sales,
            &mut self.anonymous_orders,
            &mut self.anonymous_sales,
        ]
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

    /// The partial as bytes for another worker; little-endian, eight bytes a number.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = u64::from(self.shards).to_le_bytes().to_vec();
        for counts in self.cells.iter().flatten().flatten() {
            for number in counts.numbers() {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        bytes
    }

    /// Fills an empty partial of the same plan from [`Partial::to_bytes`]; false where the length does not fit.
    pub(crate) fn fill(&mut self, bytes: &[u8]) -> bool {
        let (numbers, rest) = bytes.as_chunks::<8>();
        let cells = self.cells.iter().flatten().flatten().count();
        if !rest.is_empty() || numbers.len() != 1 + cells * Counts::NUMBERS {
            return false;
        }
        let mut numbers = numbers.iter().map(|&number| i64::from_le_bytes(number));
        let Some(shards) = numbers.next().and_then(|shards| u32::try_from(shards).ok()) else {
            return false;
        };
        self.shards = shards;
        for counts in self.cells.iter_mut().flatten().flatten() {
            for number in counts.numbers_mut() {
                *number = numbers.next().unwrap_or_default();
            }
        }
        true
    }
}
