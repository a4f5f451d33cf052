//! Days between a member's orders, by how many it had, and how long those without a next one were watched.

use super::{MASK, for_amounts, per_member};
use crate::job::{Job, Reach};
use crate::partial::Tally;
use crate::view::View;

/// For each rung, two histograms of days and a sum of amounts.
pub(crate) struct RungCells {
    pub(crate) rungs: usize,
    /// Days of the history, from the calendar's first.
    pub(crate) days: usize,
}

/// What the counters of one rung say.
pub(crate) struct RungCell<'a> {
    /// By days since the order that reached the rung: members who made the next.
    pub(crate) returned: &'a [i64],
    /// By days watched: members who made none.
    pub(crate) watched: &'a [i64],
    /// Sum of the next orders' amounts.
    pub(crate) amounts: i64,
}

impl RungCells {
    fn stride(&self) -> usize {
        2 * self.days + 1
    }

    /// The counters rung by rung, from the first.
    pub(crate) fn cells<'a>(&self, counters: &'a [i64]) -> impl Iterator<Item = RungCell<'a>> {
        let days = self.days;
        counters.chunks_exact(self.stride()).map(move |counters| RungCell {
            returned: &counters[..days],
            watched: &counters[days..2 * days],
            amounts: counters[2 * days],
        })
    }
}

impl Job for RungCells {
    fn len(&self) -> usize {
        self.rungs * self.stride()
    }

    fn reach(&self) -> Reach {
        Reach { orders: 0..self.days, touches: 0..0 }
    }

    /// One pass in time order; a member's number of orders and the day of the last lie in one word. First orders and
    /// those beyond the last rung are counted too, in rows that are thrown away, so that there is no branch; what is
    /// true of a member in the end (how many orders, how long watched) is read off once, not row by row.
    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        let top = self.rungs + 1;
        let mut state = per_member(0u32);
        // A member passes each rung once, so no count that is kept exceeds a shard's members.
        let mut gaps = vec![0u16; (top + 1) * self.days];
        // Two sums for each count, taken in turn, so that an addition need not wait for the one before.
        let mut amounts = vec![[0i64; 2]; top + 1];
        for day in 0..self.days {
            for_amounts(&view.orders, view.orders.range(day..day + 1), |row, amount| {
                let word = &mut state[usize::from(view.orders.member[row]) & MASK];
                let (count, last) = ((*word >> 16) as usize, (*word & 0xffff) as usize);
                let gap = &mut gaps[count * self.days + day - last];
                *gap = gap.wrapping_add(1);
                amounts[count][row & 1] += amount;
                *word = (((count + 1).min(top) as u32) << 16) | day as u32;
            });
        }
        let mut watched = vec![0u16; (top + 1) * self.days];
        for word in state.iter().filter(|&&word| word != 0) {
            watched[(word >> 16) as usize * self.days + self.days - 1 - (word & 0xffff) as usize] += 1;
        }
        for (rung, counters) in tally.counts.chunks_exact_mut(self.stride()).enumerate() {
            let mine = (rung + 1) * self.days..(rung + 2) * self.days;
            let counts = gaps[mine.clone()].iter().chain(&watched[mine]);
            for (counter, &count) in counters.iter_mut().zip(counts) {
                *counter += i64::from(count);
            }
            counters[2 * self.days] += amounts[rung + 1].iter().sum::<i64>();
        }
    }
}
