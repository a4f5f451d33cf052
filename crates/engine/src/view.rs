//! The rows of one shard that count.
//!
//! Kernels never filter: where a question does, the rows that match are first copied side by side, in time order, and
//! the kernels run over the copy. Without a filter they run over the shard itself.

use std::ops::Range;

use snapshot::{Amounts, Rows, Shard};

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
    /// Whether `stores` keeps all.
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
    narrow: Vec<u32>,
    wide: Vec<i64>,
    is_wide: bool,
}

impl Buffer {
    /// Copies the rows of `days` for which `keep` is 1; other days become empty.
    ///
    /// Every row is written, and the place moves on only where it is kept, so that no branch is mispredicted.
    pub(crate) fn fill(&mut self, rows: &Rows<'_>, days: Range<usize>, keep: impl Fn(usize) -> u8) {
        let reach = rows.range(days.clone());
        let most = reach.len() + 1;
        self.member.resize(if rows.member.is_empty() { 0 } else { most }, 0);
        self.store.resize(most, 0);
        self.channel.resize(most, 0);
        self.kind.resize(if rows.kind.is_empty() { 0 } else { most }, 0);
        self.is_wide = matches!(rows.amount, Amounts::I64(_));
        let (mut narrow, mut wide) = (0, 0);
        match rows.amount {
            Amounts::U32([]) => {}
            Amounts::U32(_) => narrow = most,
            Amounts::I64(_) => wide = most,
        }
        self.narrow.resize(narrow, 0);
        self.wide.resize(wide, 0);
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
                    *kind = rows.kind[row];
                }
                match rows.amount {
                    Amounts::U32([]) => {}
                    Amounts::U32(amounts) => self.narrow[len] = amounts[row],
                    Amounts::I64(amounts) => self.wide[len] = amounts[row],
                }
                len += usize::from(keep(row));
            }
        }
        self.offsets.push(len as u32);
        let shorten = |column: &mut Vec<u16>| column.truncate(len);
        shorten(&mut self.member);
        shorten(&mut self.store);
        self.channel.truncate(len);
        self.kind.truncate(len);
        self.narrow.truncate(len);
        self.wide.truncate(len);
    }

    /// The rows copied.
    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows {
            offsets: &self.offsets,
            member: &self.member,
            store: &self.store,
            channel: &self.channel,
            kind: &self.kind,
            campaign: &[],
            minute: &[],
            amount: if self.is_wide { Amounts::I64(&self.wide) } else { Amounts::U32(&self.narrow) },
        }
    }
}
