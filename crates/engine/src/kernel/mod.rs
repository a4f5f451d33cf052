//! The loops that several asks share.
//!
//! Facts lie in time order, so a window is one range of rows. What must be remembered of a member lies in an array of
//! fixed size that stays in the processor's first caches and needs no bounds check; conditions become sums of 0 and 1,
//! so that no branch is mispredicted.

/// Runs a block for each row of `orders` in `rows`, with what the iterator `beside` says of the row and its amount.
///
/// A macro, because a closure that both forms of amounts share may become a call a row; columns that are walked
/// together need no bounds checks.
macro_rules! for_amounts {
    ($orders:expr, $rows:expr, $beside:expr, |$row:pat_param, $amount:ident| $body:block) => {
        match $orders.amount {
            snapshot::Amounts::Narrow(amounts) => {
                for ($row, &amount) in $beside.zip(&amounts[$rows]) {
                    let $amount = i64::from(amount);
                    $body
                }
            }
            snapshot::Amounts::Wide(amounts) => {
                for ($row, &$amount) in $beside.zip(&amounts[$rows]) {
                    $body
                }
            }
        }
    };
}
pub(crate) use for_amounts;

mod cells;
mod cohorts;
mod ladder;
mod people;
mod spans;
mod states;

pub(crate) use cells::{Cells, Cut};
pub(crate) use cohorts::CohortCells;
pub(crate) use ladder::{RungCell, RungCells};
pub(crate) use people::People;
pub(crate) use spans::Spans;
pub(crate) use states::{MOVES, Moved};

use snapshot::MAX_MEMBERS;

use crate::view::View;

/// Member numbers are below `MAX_MEMBERS`, a power of two: masking says so to the compiler.
pub(crate) const MASK: usize = MAX_MEMBERS - 1;

/// One value for each member a shard can have.
pub(crate) type PerMember<T> = Box<[T; MAX_MEMBERS]>;

/// An array of one value for each member, on the heap from the start.
pub(crate) fn per_member<T: Copy>(value: T) -> PerMember<T> {
    let Ok(array) = vec![value; MAX_MEMBERS].into_boxed_slice().try_into() else {
        unreachable!("the slice has the array's length")
    };
    array
}

/// For each member the number of its orders in the first `days` days, 255 at the most, and the day of the last of
/// them; 0 orders and a day without meaning where there is none.
///
/// What the history says of the end is put back for those who ordered later: their first order after the days tells
/// what was before it.
pub(crate) fn standing(view: &View<'_>, days: usize) -> impl Iterator<Item = (u8, u16)> {
    let mut orders = view.history.orders.to_vec();
    let mut last = view.history.last.to_vec();
    for day in days..view.orders.offsets.len() - 1 {
        for row in view.orders.range(day..day + 1) {
            let (member, since) = (usize::from(view.orders.member[row]), usize::from(view.history.since[row]));
            if since > day - days {
                orders[member] = view.history.number[row].wrapping_sub(1);
                last[member] = (day as u16).wrapping_sub(since as u16);
            }
        }
    }
    orders.into_iter().zip(last)
}
