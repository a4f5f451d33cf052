//! The columns of one kind of fact, and how rows of a tail come among those that were there before.

use std::ops::Range;

use super::{Amounts, Kinds, Rows, Sparse};

/// One kind of fact; columns a kind lacks are empty.
#[derive(Default)]
pub(crate) struct Facts {
    pub(super) offsets: Vec<u32>,
    pub(super) member: Vec<u16>,
    pub(super) store: Vec<u16>,
    pub(super) channel: Vec<u8>,
    pub(super) kind: Vec<u8>,
    pub(super) kind_bits: u8,
    pub(super) campaign_rows: Vec<u32>,
    pub(super) campaign_codes: Vec<u16>,
    pub(super) amount_narrow: Vec<u32>,
    /// Instead of the narrow ones, where the shard has an amount that needs more than 32 bits.
    pub(super) amount_wide: Vec<i64>,
}

impl Facts {
    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows {
            offsets: &self.offsets,
            member: &self.member,
            store: &self.store,
            channel: &self.channel,
            kind: Kinds { bytes: &self.kind, bits: self.kind_bits },
            campaign: Sparse { rows: &self.campaign_rows, codes: &self.campaign_codes },
            amount: match self.amount_wide.as_slice() {
                [] => Amounts::Narrow(&self.amount_narrow),
                amounts => Amounts::Wide(amounts),
            },
        }
    }

    pub(super) fn len(&self) -> usize {
        self.store.len()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        4 * (self.offsets.len() + self.campaign_rows.len() + self.amount_narrow.len())
            + 2 * (self.member.len() + self.store.len() + self.campaign_codes.len())
            + self.channel.len()
            + self.kind.len()
            + 8 * self.amount_wide.len()
    }

    /// The rows of both as a plan says.
    pub(super) fn merged(mut self, mut added: Facts, plan: Plan) -> Facts {
        let runs = &plan.runs;
        let rows = plan.offsets.last().map_or(0, |rows| *rows as usize);
        if self.amount_wide.len() + added.amount_wide.len() > 0 {
            self.widen();
            added.widen();
        }
        let (campaign_rows, campaign_codes) = campaigns(&self, &added, runs);
        Facts {
            member: put(self.member, &added.member, runs, rows),
            store: put(self.store, &added.store, runs, rows),
            channel: put(self.channel, &added.channel, runs, rows),
            kind: kinds(self.kind, &added.kind, self.kind_bits, runs, rows),
            kind_bits: self.kind_bits,
            campaign_rows,
            campaign_codes,
            amount_narrow: put(self.amount_narrow, &added.amount_narrow, runs, rows),
            amount_wide: put(self.amount_wide, &added.amount_wide, runs, rows),
            offsets: plan.offsets,
        }
    }

    /// Whether an amount needs more than 32 bits.
    pub(super) fn is_wide(&self) -> bool {
        self.amount_wide.iter().any(|&amount| u32::try_from(amount).is_err())
    }

    pub(super) fn widen(&mut self) {
        self.amount_wide.extend(std::mem::take(&mut self.amount_narrow).into_iter().map(i64::from));
    }

    /// For amounts that all fit 32 bits.
    pub(super) fn narrow(&mut self) {
        self.amount_narrow.extend(std::mem::take(&mut self.amount_wide).into_iter().map(|amount| amount as u32));
    }
}

/// The order of rows after a tail.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    runs: Vec<Run>,
    offsets: Vec<u32>,
}

/// Rows that were there, then rows that came.
#[derive(Debug, Default, PartialEq, Eq)]
struct Run {
    before: Range<u32>,
    added: Range<u32>,
}

/// Rows of a tail and where they come.
pub(super) struct Added<'a> {
    pub(super) offsets: &'a [u32],
    /// Empty for facts without members.
    pub(super) member: &'a [u16],
    /// Of each row, how many of the rows that stay and are of the same member on the same day come after it;
    /// empty where none do.
    pub(super) behind: &'a [u16],
}

impl Plan {
    /// The plan of rows that go (`removed`, rising row numbers) and rows that come, day by day.
    ///
    /// A row stands behind those of smaller members on its day and those of its own member that stay.
    pub(super) fn new(
        offsets: &[u32],
        member: &[u16],
        removed: &[u32],
        added: &Added<'_>,
    ) -> Result<Self, &'static str> {
        let of = |members: &[u16], row: u32| members.get(row as usize).copied().unwrap_or(0);
        let behind = |row: u32| u32::from(added.behind.get(row as usize).copied().unwrap_or(0));
        let mut plan = Self { runs: Vec::new(), offsets: Vec::with_capacity(offsets.len()) };
        plan.offsets.push(0);
        let mut rows = 0;
        let mut removed = Removed(removed);
        for (day, new) in offsets.windows(2).zip(added.offsets.windows(2)) {
            let (mut at, end) = (day[0], day[1]);
            let (mut next, last) = (new[0], new[1]);
            let mut stay = 0;
            while next < last {
                let whose = of(added.member, next);
                let before = end_of(at..end, |row| of(member, row) < whose);
                stay += plan.keep(at..before, &mut removed);
                at = before;
                let group_end = end_of(at..end, |row| of(member, row) == whose);
                let mut left = group_end - at - removed.within(group_end);
                while next < last && of(added.member, next) == whose {
                    let mut until = at;
                    while left > behind(next) {
                        left -= u32::from(!removed.contains(until));
                        until += 1;
                    }
                    if left < behind(next) {
                        return Err("a row comes before rows that are not there");
                    }
                    stay += plan.keep(at..until, &mut removed);
                    at = until;
                    plan.add(next);
                    next += 1;
                }
            }
            stay += plan.keep(at..end, &mut removed);
            rows += stay + (new[1] - new[0]);
            plan.offsets.push(rows);
        }
        if removed.0.is_empty() { Ok(plan) } else { Err("a row goes that is not there") }
    }

    /// Keeps what is not removed of a range; how many rows that is.
    fn keep(&mut self, mut range: Range<u32>, removed: &mut Removed<'_>) -> u32 {
        let mut kept = 0;
        while range.start < range.end {
            let stop = removed.next(range.end);
            kept += stop - range.start;
            if range.start < stop {
                match self.runs.last_mut() {
                    Some(run) if run.before.end == range.start && run.added.is_empty() => run.before.end = stop,
                    _ => self.runs.push(Run { before: range.start..stop, added: 0..0 }),
                }
            }
            range.start = if stop < range.end { stop + 1 } else { stop };
        }
        kept
    }

    fn add(&mut self, row: u32) {
        match self.runs.last_mut() {
            Some(run) if run.added.is_empty() => run.added = row..row + 1,
            Some(run) if run.added.end == row => run.added.end += 1,
            _ => self.runs.push(Run { before: 0..0, added: row..row + 1 }),
        }
    }
}

/// Where a condition that holds at first ceases to.
fn end_of(range: Range<u32>, holds: impl Fn(u32) -> bool) -> u32 {
    range.clone().find(|&row| !holds(row)).unwrap_or(range.end)
}

/// Numbers of rows that go, those ahead.
struct Removed<'a>(&'a [u32]);

impl Removed<'_> {
    /// The next one below `end`, taken, else `end`.
    fn next(&mut self, end: u32) -> u32 {
        match self.0 {
            [first, rest @ ..] if *first < end => {
                let first = *first;
                self.0 = rest;
                first
            }
            _ => end,
        }
    }

    /// How many there are below `end`.
    fn within(&self, end: u32) -> u32 {
        self.0.partition_point(|row| *row < end) as u32
    }

    fn contains(&self, row: u32) -> bool {
        self.0.binary_search(&row).is_ok()
    }
}

fn put<T: Copy>(before: Vec<T>, added: &[T], runs: &[Run], rows: usize) -> Vec<T> {
    if before.is_empty() && added.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::with_capacity(rows);
    for run in runs {
        all.extend_from_slice(&before[wide(&run.before)]);
        all.extend_from_slice(&added[wide(&run.added)]);
    }
    all
}

fn wide(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// Kinds stand two to a byte, or one.
fn kinds(before: Vec<u8>, added: &[u8], bits: u8, runs: &[Run], rows: usize) -> Vec<u8> {
    if bits != 4 {
        return put(before, added, runs, rows);
    }
    let mut all = vec![0; rows.div_ceil(2)];
    let mut to = 0;
    for run in runs {
        for (from, range) in [(before.as_slice(), &run.before), (added, &run.added)] {
            let from = Kinds { bytes: from, bits };
            for row in wide(range) {
                all[to / 2] |= from.get(row) << (to % 2 * 4);
                to += 1;
            }
        }
    }
    all
}

fn campaigns(before: &Facts, added: &Facts, runs: &[Run]) -> (Vec<u32>, Vec<u16>) {
    let most = before.campaign_rows.len() + added.campaign_rows.len();
    let (mut rows, mut codes) = (Vec::with_capacity(most), Vec::with_capacity(most));
    let mut next = [0, 0];
    let mut to = 0;
    for run in runs {
        for ((facts, range), next) in [(before, &run.before), (added, &run.added)].into_iter().zip(&mut next) {
            while let Some(&row) = facts.campaign_rows.get(*next).filter(|row| **row < range.end) {
                if row >= range.start {
                    rows.push(to + (row - range.start));
                    codes.push(facts.campaign_codes[*next]);
                }
                *next += 1;
            }
            to += range.end - range.start;
        }
    }
    (rows, codes)
}
