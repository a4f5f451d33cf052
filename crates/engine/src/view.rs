//! The rows of one shard that count.
//!
//! Kernels never filter: where a question does, the rows that match are first copied side by side, in time order, and
//! the kernels run over the copy. Without a filter they run over the shard itself.

use std::ops::Range;

use snapshot::{Amounts, Kinds, Rows, Shard, Sparse};

/// What kernels see of a shard.
pub(crate) struct View<'a> {
    /// Member attributes; they are not filtered.
    pub(crate) shard: &'a Shard,
    /// Members' orders that match.
    pub(crate) orders: Rows<'a>,
    /// Orders without a member that match.
    pub(crate) anonymous: Rows<'a>,
    /// Touches that match.
    pub(crate) touches: Rows<'a>,
    /// For each member 1 where the filter's member part keeps it, else 0; none where all are kept.
    pub(crate) keep: Option<&'a [u8]>,
    /// For each store 1 where the filter keeps it, else 0.
    pub(crate) stores: &'a [u8],
    /// Whether the filter names no store nor its kin, so that members without a home store are kept too.
    pub(crate) all_stores: bool,
}

impl View<'_> {
    /// Whether the filter's member part keeps a member.
    pub(crate) fn keeps(&self, member: usize) -> bool {
        self.keep.is_none_or(|keep| keep[member] != 0)
    }
}

/// Rows copied side by side.
#[derive(Default)]
pub(crate) struct Buffer {
    /// Numbers of the rows to copy, rising.
    picks: Vec<u32>,
    offsets: Vec<u32>,
    member: Vec<u16>,
    store: Vec<u16>,
    channel: Vec<u8>,
    kind: Vec<u8>,
    codes: Vec<u16>,
    plain: Vec<i64>,
}

impl Buffer {
    /// Starts with the rows of a range.
    pub(crate) fn pick(&mut self, rows: Range<usize>) {
        self.picks.clear();
        self.picks.extend(rows.start as u32..rows.end as u32);
    }

    /// Leaves those rows for which `keep` is 1.
    ///
    /// Every number is written, and the place moves on only where it is kept, so that no branch is mispredicted.
    pub(crate) fn thin(&mut self, keep: impl Fn(usize) -> u8) {
        let mut len = 0;
        for at in 0..self.picks.len() {
            let row = self.picks[at];
            self.picks[len] = row;
            len += usize::from(keep(row as usize) & 1);
        }
        self.picks.truncate(len);
    }

    /// Copies the rows that are left; days without any are empty. Campaigns are not copied.
    pub(crate) fn copy<'a>(&'a mut self, rows: &Rows<'a>) -> Rows<'a> {
        fn gather<T: Copy>(into: &mut Vec<T>, picks: &[u32], column: &[T]) {
            into.clear();
            if !column.is_empty() {
                into.extend(picks.iter().map(|&row| column[row as usize]));
            }
        }
        gather(&mut self.member, &self.picks, rows.member);
        gather(&mut self.store, &self.picks, rows.store);
        gather(&mut self.channel, &self.picks, rows.channel);
        self.kind.clear();
        if !rows.kind.is_empty() {
            self.kind.extend(self.picks.iter().map(|&row| rows.kind.get(row as usize)));
        }
        let (codes, plain) = match rows.amount {
            Amounts::Coded { codes, .. } => (codes, &[][..]),
            Amounts::Plain(amounts) => (&[][..], amounts),
        };
        gather(&mut self.codes, &self.picks, codes);
        gather(&mut self.plain, &self.picks, plain);
        self.offsets.clear();
        let mut before = 0;
        for &next in rows.offsets {
            before += self.picks[before..].partition_point(|&row| row < next);
            self.offsets.push(before as u32);
        }
        Rows {
            offsets: &self.offsets,
            member: &self.member,
            store: &self.store,
            channel: &self.channel,
            kind: Kinds::of_bytes(&self.kind),
            campaign: Sparse::default(),
            amount: match rows.amount {
                Amounts::Coded { values, .. } => Amounts::Coded { codes: &self.codes, values },
                Amounts::Plain(_) => Amounts::Plain(&self.plain),
            },
        }
    }
}
