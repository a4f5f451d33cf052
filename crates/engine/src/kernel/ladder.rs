//! Days between a member's orders, by how many it had, and how long those without a next one were watched.

use super::standing;
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
        Reach::history(self.days)
    }

    /// One pass over orders that know their number and how long ago the one before was, so that no member is looked
    /// up; first orders and those beyond the last rung are counted too, in rows that are thrown away, so that there is
    /// no branch. How many orders a member has in the end, and how long it was watched, is read off once.
    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        if self.days == 0 {
            return;
        }
        let top = self.rungs + 2;
        let history = &view.history;
        let orders = view.orders.range(0..self.days);
        // By number of the order and days. A member passes each rung once, so no count that is kept exceeds a shard's
        // members.
        let mut gaps = vec![0u16; (top + 1) * self.days];
        // Two sums for each number, taken in turn, so that an addition need not wait for the one before.
        let mut amounts = vec![[0i64; 2]; top + 1];
        let longest = self.days.saturating_sub(1);
        let steps = history.number[orders.clone()].iter().zip(&history.since[orders.clone()]).zip(0usize..);
        for_amounts!(view.orders, orders, steps, |((&number, &since), row), amount| {
            let number = usize::from(number).min(top);
            let gap = &mut gaps[number * self.days + usize::from(since).min(longest)];
            *gap = gap.wrapping_add(1);
            amounts[number][row & 1] += amount;
        });
        let mut watched = vec![0u16; (top + 1) * self.days];
        for (orders, last) in standing(view, self.days) {
            watched[usize::from(orders).min(top) * self.days + longest - usize::from(last).min(longest)] += 1;
        }
        for (rung, counters) in (1..).zip(tally.counts.chunks_exact_mut(self.stride())) {
            let of = |number: usize| number * self.days..(number + 1) * self.days;
            let counts = gaps[of(rung + 1)].iter().chain(&watched[of(rung)]);
            for (counter, &count) in counters.iter_mut().zip(counts) {
                *counter += i64::from(count);
            }
            counters[2 * self.days] += amounts[rung + 1].iter().sum::<i64>();
        }
    }
}
