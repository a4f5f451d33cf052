//! The rows of one shard that count.
//!
//! Kernels never filter: where a question does, the rows that match are first copied side by side, in time order, and
//! the kernels run over the copy. Without a filter they run over the shard itself.

use std::ops::Range;

use crate::job::Columns;
use snapshot::{Amounts, History, Kinds, Rows, Shard, Sparse};

/// What kernels see of a shard.
pub(crate) struct View<'a> {
    /// Member attributes; they are not filtered.
    pub(crate) shard: &'a Shard,
    /// Members' orders that match.
    pub(crate) orders: Rows<'a>,
    /// Those orders as steps of their members' histories; empty where no job asked for it.
    pub(crate) history: History<'a>,
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
    /// The rows of a range that nothing has thinned yet.
    all: Option<Range<usize>>,
    /// Else the numbers of the rows to copy, rising.
    picks: Vec<u32>,
    offsets: Vec<u32>,
    member: Vec<u16>,
    store: Vec<u16>,
    channel: Vec<u8>,
    kind: Vec<u8>,
    narrow: Vec<u32>,
    wide: Vec<i64>,
}

impl Buffer {
    /// Starts with the rows of a range.
    pub(crate) fn pick(&mut self, rows: Range<usize>) {
        self.all = Some(rows);
    }

    /// Leaves those rows for which `keep` is 1.
    ///
    /// Every number is written, and the place moves on only where it is kept, so that no branch is mispredicted.
    pub(crate) fn thin(&mut self, keep: impl Fn(usize) -> u8) {
        let mut len = 0;
        match self.all.take() {
            Some(rows) => {
                self.picks.resize(rows.len(), 0);
                let picks = &mut self.picks[..];
                for row in rows {
                    picks[len] = row as u32;
                    len += usize::from(keep(row) & 1);
                }
            }
            None => {
                for at in 0..self.picks.len() {
                    let row = self.picks[at];
                    self.picks[len] = row;
                    len += usize::from(keep(row as usize) & 1);
                }
            }
        }
        self.picks.truncate(len);
    }

    /// Copies the rows that are left; days without any are empty. Columns not asked for are empty, and campaigns are
    /// never copied.
    pub(crate) fn copy<'a>(&'a mut self, rows: &Rows<'a>, columns: Columns) -> Rows<'a> {
        if self.all.is_some() {
            self.thin(|_| 1);
        }
        fn gather<T: Copy>(into: &mut Vec<T>, picks: &[u32], column: &[T], wanted: bool) {
            into.clear();
            if wanted && !column.is_empty() {
                into.extend(picks.iter().map(|&row| column[row as usize]));
            }
        }
        gather(&mut self.member, &self.picks, rows.member, true);
        gather(&mut self.store, &self.picks, rows.store, columns.store);
        gather(&mut self.channel, &self.picks, rows.channel, columns.channel);
        self.kind.clear();
        if columns.kind && !rows.kind.is_empty() {
            self.kind.extend(self.picks.iter().map(|&row| rows.kind.get(row as usize)));
        }
        let (narrow, wide) = match rows.amount {
            Amounts::Narrow(amounts) => (amounts, &[][..]),
            Amounts::Wide(amounts) => (&[][..], amounts),
        };
        gather(&mut self.narrow, &self.picks, narrow, true);
        gather(&mut self.wide, &self.picks, wide, true);
        self.offsets.clear();
        let (mut before, mut day_before) = (0, 0);
        for &next in rows.offsets {
            // No more rows were kept of a day than it has.
            let most = self.picks.len().min(before + (next - day_before) as usize);
            before += self.picks[before..most].partition_point(|&row| row < next);
            day_before = next;
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
                Amounts::Narrow(_) => Amounts::Narrow(&self.narrow),
                Amounts::Wide(_) => Amounts::Wide(&self.wide),
            },
        }
    }
}
