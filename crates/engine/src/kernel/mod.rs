//! The loops that several asks share.
//!
//! Facts lie in time order, so a window is one range of rows. What must be remembered of a member lies in an array of
//! fixed size that stays in the processor's first caches and needs no bounds check; conditions become sums of 0 and 1,
//! so that no branch is mispredicted.

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

use std::ops::Range;

use snapshot::{Amounts, MAX_MEMBERS, Rows};

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

/// Calls `add` with the row and amount of each row. Always inlined: `add` is the kernel's inner loop.
#[inline(always)]
pub(crate) fn for_amounts(orders: &Rows<'_>, rows: Range<usize>, mut add: impl FnMut(usize, i64)) {
    match orders.amount {
        Amounts::Coded { codes, values } => {
            for (row, &code) in rows.clone().zip(&codes[rows]) {
                add(row, values[usize::from(code)].into());
            }
        }
        Amounts::Plain(amounts) => {
            for (row, &amount) in rows.clone().zip(&amounts[rows]) {
                add(row, amount);
            }
        }
    }
}
