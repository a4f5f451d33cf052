//! What kernels see of one kind of fact.

use std::ops::Range;

/// Facts of one kind in time order. Day `d` holds rows `offsets[d]..offsets[d + 1]`.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    /// One more than there are days, never falling; the last is the number of rows.
    pub offsets: &'a [u32],
    /// Local member number of each row; empty for anonymous orders.
    pub member: &'a [u16],
    /// Index into the manifest's stores.
    pub store: &'a [u16],
    /// Index into the manifest's channels.
    pub channel: &'a [u8],
    /// Index into the manifest's touch kinds; empty for orders.
    pub kind: Kinds<'a>,
    /// Rows that have a campaign.
    pub campaign: Sparse<'a>,
    /// Net paid, minor units; empty for touches.
    pub amount: Amounts<'a>,
}

impl Rows<'_> {
    /// The rows of days `days`, which are clamped to those there are.
    pub fn range(&self, days: Range<usize>) -> Range<usize> {
        let last = self.offsets.len() - 1;
        let at = |day: usize| self.offsets[day.min(last)] as usize;
        at(days.start)..at(days.end).max(at(days.start))
    }
}

/// A column that few rows have a value in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sparse<'a> {
    /// Rows that have a value, strictly ascending, below the number of rows.
    pub rows: &'a [u32],
    /// Their values, one for each of `rows`.
    pub codes: &'a [u16],
}

impl Sparse<'_> {
    /// The value of a row, if it has one. A binary search: to scan, walk `rows`.
    pub fn get(&self, row: usize) -> Option<u16> {
        let at = self.rows.binary_search(&u32::try_from(row).ok()?).ok()?;
        Some(self.codes[at])
    }
}

/// Kinds of touches; two to a byte where the manifest has no more than 16.
#[derive(Clone, Copy, Debug)]
pub struct Kinds<'a> {
    pub(super) bytes: &'a [u8],
    /// Bits of one kind: 4 or 8.
    pub(super) bits: u8,
}

impl<'a> Kinds<'a> {
    /// Kinds that stand one to a byte.
    pub fn of_bytes(bytes: &'a [u8]) -> Self {
        Self { bytes, bits: 8 }
    }

    /// The kind of a row, which must be one of the touches.
    pub fn get(&self, row: usize) -> u8 {
        match self.bits {
            4 => (self.bytes[row / 2] >> (row % 2 * 4)) & 15,
            _ => self.bytes[row],
        }
    }

    /// Whether there are none, as for orders.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Amounts in minor units, none negative; their sum fits an `i64` with room for 65,536 shards' sums.
#[derive(Clone, Copy, Debug)]
pub enum Amounts<'a> {
    /// All of the shard's amounts fit 32 bits.
    Narrow(&'a [u32]),
    /// Some do not.
    Wide(&'a [i64]),
}

impl<'a> Amounts<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Narrow(amounts) => amounts.len(),
            Self::Wide(amounts) => amounts.len(),
        }
    }

    /// Whether there are none, as for touches.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All amounts, row by row.
    pub fn iter(self) -> impl Iterator<Item = i64> + 'a {
        (0..self.len()).map(move |row| match self {
            Self::Narrow(amounts) => amounts[row].into(),
            Self::Wide(amounts) => amounts[row],
        })
    }
}
