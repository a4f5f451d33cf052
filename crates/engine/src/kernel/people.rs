//! Buyers one by one.

use super::{MASK, per_member};
use crate::job::{Job, Reach};
use crate::partial::{Person, Tally};
use crate::view::View;

/// What each buyer did up to one or two days.
pub(crate) struct People {
    /// Days of the calendar up to the earlier day.
    pub(crate) since: usize,
    /// Days of the calendar up to the later day.
    pub(crate) days: usize,
}

/// A member's orders so far, in 16 bytes, so that an order touches one line of cache.
#[derive(Clone, Copy, Default)]
struct SoFar {
    money: i64,
    orders: u32,
    last: u32,
}

impl Job for People {
    fn len(&self) -> usize {
        0
    }

    fn reach(&self) -> Reach {
        Reach { orders: 0..self.days, ..Reach::default() }
    }

    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        let mut state = per_member(SoFar::default());
        let mut read = |days: std::ops::Range<usize>| {
            for day in days {
                let rows = view.orders.range(day..day + 1);
                for_amounts!(view.orders, rows, view.orders.member[rows.clone()].iter(), |&member, amount| {
                    let so_far = &mut state[usize::from(member) & MASK];
                    so_far.money += amount;
                    so_far.orders += 1;
                    so_far.last = day as u32;
                });
            }
            state.clone()
        };
        let earlier = read(0..self.since);
        let later = read(self.since..self.days);
        let person = |(now, before): (&SoFar, &SoFar)| Person {
            money: now.money,
            money_since: before.money,
            orders: now.orders,
            orders_since: before.orders,
            last: now.last,
            last_since: before.last,
        };
        tally.people.extend(later.iter().zip(earlier.iter()).filter(|(now, _)| now.orders > 0).map(person));
    }
}
