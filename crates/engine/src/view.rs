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
    /// Whether the filter names no stores, nor their regions, cities or formats.
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
    offsets: Vec<u32>,
    member: Vec<u16>,
    store: Vec<u16>,
    channel: Vec<u8>,
    kind: Vec<u8>,
    codes: Vec<u16>,
    plain: Vec<i64>,
}

impl Buffer {
    /// Copies the rows of `days` for which `keep` is 1; other days become empty. Campaigns are not copied.
    ///
    /// Every row is written, and the place moves on only where it is kept, so that no branch is mispredicted.
    pub(crate) fn fill<'a>(&'a mut self, rows: &Rows<'a>, days: Range<usize>, keep: impl Fn(usize) -> u8) -> Rows<'a> {
        // One place more than rows, for the row that is written but not kept.
        let room = rows.range(days.clone()).len() + 1;
        let (codes, plain) = match rows.amount {
            Amounts::Coded { codes, .. } => (codes, &[][..]),
            Amounts::Plain(amounts) => (&[][..], amounts),
        };
        let room_if = |present: bool| if present { room } else { 0 };
        self.store.resize(room, 0);
        self.channel.resize(room, 0);
        self.member.resize(room_if(!rows.member.is_empty()), 0);
        self.kind.resize(room_if(!rows.kind.is_empty()), 0);
        self.codes.resize(room_if(!codes.is_empty()), 0);
        self.plain.resize(room_if(!plain.is_empty()), 0);
        self.offsets.clear();
        let mut len = 0;
        for day in 0..rows.offsets.len() - 1 {
            self.offsets.push(len as u32);
            if !days.contains(&day) {
                continue;
            }
            for row in rows.offsets[day] as usize..rows.offsets[day + 1] as usize {
                self.store[len] = rows.store[row];
                self.channel[len] = rows.channel[row];
                if let Some(member) = self.member.get_mut(len) {
                    *member = rows.member[row];
                }
                if let Some(kind) = self.kind.get_mut(len) {
                    *kind = rows.kind.get(row);
                }
                if let Some(code) = self.codes.get_mut(len) {
                    *code = codes[row];
                }
                if let Some(amount) = self.plain.get_mut(len) {
                    *amount = plain[row];
                }
                len += usize::from(keep(row));
            }
        }
        self.offsets.push(len as u32);
        fn first<T>(column: &[T], len: usize) -> &[T] {
            &column[..len.min(column.len())]
        }
        Rows {
            offsets: &self.offsets,
            member: first(&self.member, len),
            store: first(&self.store, len),
            channel: first(&self.channel, len),
            kind: Kinds::of_bytes(first(&self.kind, len)),
            campaign: Sparse::default(),
            amount: match rows.amount {
                Amounts::Coded { values, .. } => Amounts::Coded { codes: first(&self.codes, len), values },
                Amounts::Plain(_) => Amounts::Plain(first(&self.plain, len)),
            },
        }
    }
}
