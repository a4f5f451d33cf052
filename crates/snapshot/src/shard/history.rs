//! Orders as steps of their members' histories.

use crate::NONE_U16;

/// Each member's orders as steps of its history: what a row's place in it is, and where the history stands at the end.
#[derive(Clone, Copy, Debug, Default)]
pub struct History<'a> {
    /// Of each order, how many orders its member has made with it; from 255 on, 255.
    pub number: &'a [u8],
    /// Of each order, days since its member's order before; [`crate::NONE_U16`] of a first one.
    pub since: &'a [u16],
    /// Of each member, orders; 255 or more are 255.
    pub orders: &'a [u8],
    /// Of each member, the day of the first order; [`crate::NONE_U16`] without one.
    pub first: &'a [u16],
    /// Of each member, the day of the last order; [`crate::NONE_U16`] without one.
    pub last: &'a [u16],
}

/// The memory of a [`History`].
#[derive(Default)]
pub struct Steps {
    /// Of each member, orders above and the day of the last one below, side by side while they change.
    standing: Vec<u32>,
    number: Vec<u8>,
    since: Vec<u16>,
    orders: Vec<u8>,
    first: Vec<u16>,
    last: Vec<u16>,
}

impl Steps {
    /// Retraces the orders of `members` members; `member` holds member numbers below it, day by day as `offsets` say.
    pub fn retrace(&mut self, offsets: &[u32], member: &[u16], members: usize) {
        let Self { standing, number, since, orders, first, last } = self;
        standing.clear();
        standing.resize(members, u32::from(NONE_U16));
        first.clear();
        first.resize(members, NONE_U16);
        number.resize(member.len(), 0);
        since.resize(member.len(), 0);
        for (day, rows) in offsets.windows(2).enumerate() {
            let (day, rows) = (day as u16, rows[0] as usize..rows[1] as usize);
            let steps = number[rows.clone()].iter_mut().zip(&mut since[rows.clone()]);
            for (&member, (number, since)) in member[rows].iter().zip(steps) {
                let (stands, first) = (&mut standing[usize::from(member)], &mut first[usize::from(member)]);
                let (made, last) = (*stands >> 16, *stands as u16);
                let made_with_it = (made + 1).min(255);
                *number = made_with_it as u8;
                *since = if made == 0 { NONE_U16 } else { day - last };
                *stands = (made_with_it << 16) | u32::from(day);
                *first = (*first).min(day);
            }
        }
        orders.clear();
        orders.extend(standing.iter().map(|stands| (stands >> 16) as u8));
        last.clear();
        last.extend(standing.iter().map(|&stands| stands as u16));
    }

    /// The same, in no more memory than it needs: for what will not be retraced again.
    pub(super) fn settled(mut self) -> Self {
        self.standing = Vec::new();
        self
    }

    /// What was retraced.
    pub fn history(&self) -> History<'_> {
        let Self { number, since, orders, first, last, .. } = self;
        History { number, since, orders, first, last }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.number.len() + 2 * self.since.len() + self.orders.len() + 2 * self.first.len() + 2 * self.last.len()
    }
}
