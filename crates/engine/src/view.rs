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
    /// Days of whose rows nothing has been thinned yet.
    whole: Option<Range<usize>>,
    /// Else the numbers of the rows to copy, rising.
    picks: Vec<u32>,
    /// For each day how many picks lie before it, and at the end how many there are.
    offsets: Vec<u32>,
    member: Vec<u16>,
    store: Vec<u16>,
    channel: Vec<u8>,
    kind: Vec<u8>,
    narrow: Vec<u32>,
    wide: Vec<i64>,
}

impl Buffer {
    /// Starts with the rows of a range of days.
    pub(crate) fn pick(&mut self, days: Range<usize>) {
        self.whole = Some(days);
    }

    /// Leaves those of the rows for whose value in `column` `keep` is 1.
    ///
    /// Every number is written, and the place moves on only where it is kept, so that no branch is mispredicted.
    pub(crate) fn thin<T: Copy>(&mut self, rows: &Rows<'_>, column: &[T], keep: impl Fn(T) -> u8) {
        let days = rows.offsets.len() - 1;
        let mut len = 0;
        if let Some(wanted) = self.whole.take() {
            self.picks.resize(rows.range(wanted.clone()).len(), 0);
            self.offsets.resize(days, 0);
            let picks = &mut self.picks[..];
            for (day, offset) in self.offsets.iter_mut().enumerate() {
                *offset = len as u32;
                let of_day = if wanted.contains(&day) { rows.range(day..day + 1) } else { 0..0 };
                for (row, &value) in (of_day.start as u32..).zip(&column[of_day]) {
                    picks[len] = row;
                    len += usize::from(keep(value) & 1);
                }
            }
        } else {
            self.offsets.truncate(days);
            let (picks, mut end) = (&mut self.picks[..], 0);
            for day in 0..days {
                let begin = end;
                end = self.offsets.get(day + 1).map_or(picks.len(), |&next| next as usize);
                self.offsets[day] = len as u32;
                for at in begin..end {
                    let row = picks[at];
                    picks[len] = row;
                    len += usize::from(keep(column[row as usize]) & 1);
                }
            }
        }
        self.offsets.push(len as u32);
        self.picks.truncate(len);
    }

    /// Copies the rows that are left; days without any are empty. Columns not asked for are empty, and campaigns are
    /// never copied.
    pub(crate) fn copy<'a>(&'a mut self, rows: &Rows<'a>, columns: Columns) -> Rows<'a> {
        if self.whole.is_some() {
            self.thin(rows, rows.store, |_| 1);
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
