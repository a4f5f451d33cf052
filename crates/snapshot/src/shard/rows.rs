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

    /// The part that lies in a range of rows; row numbers stay as they are.
    pub fn within(&self, rows: Range<usize>) -> Self {
        let at = |row: usize| self.rows.partition_point(|&r| (r as usize) < row);
        let part = at(rows.start)..at(rows.end).max(at(rows.start));
        Self { rows: &self.rows[part.clone()], codes: &self.codes[part] }
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
    /// The amount of a row is `values[codes[row]]`: prices repeat. Every code has a value.
    Coded {
        /// One for each row.
        codes: &'a [u16],
        /// The most frequent come first.
        values: &'a [u32],
    },
    /// One for each row, where a shard has more than 65,536 different ones or one that needs more than 32 bits.
    Plain(&'a [i64]),
}

impl<'a> Amounts<'a> {
    /// The amount of a row, which must be one of the orders.
    pub fn get(&self, row: usize) -> i64 {
        match self {
            Self::Coded { codes, values } => values[usize::from(codes[row])].into(),
            Self::Plain(amounts) => amounts[row],
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Coded { codes, .. } => codes.len(),
            Self::Plain(amounts) => amounts.len(),
        }
    }

    /// Whether there are none, as for touches.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All amounts, row by row.
    pub fn iter(self) -> impl Iterator<Item = i64> + 'a {
        (0..self.len()).map(move |row| self.get(row))
    }
}
