//! Members by the period in which they began, and what they did in each period since.

use std::ops::Range;

use model::{Anchor, Retention};
use snapshot::{NONE_U16, UNKNOWN_DAY};

use super::{MASK, PerMember, per_member, standing};
use crate::job::{Job, Reach};
use crate::partial::Tally;
use crate::view::View;

/// For each cohort its size, and for each period followed its active members and their sales.
pub(crate) struct CohortCells {
    /// The days of every period, from the calendar's first day on, without gaps.
    pub(crate) periods: Vec<Range<usize>>,
    /// Earlier periods are no cohorts.
    pub(crate) skip: usize,
    /// Periods followed.
    pub(crate) width: usize,
    pub(crate) anchor: Anchor,
    pub(crate) mode: Retention,
    /// The calendar's first day, since 1970.
    pub(crate) first_day: i32,
}

/// Active members and sales of one cohort in the period that is being read.
#[derive(Clone, Copy, Default)]
struct Now {
    sales: i64,
    active: i64,
}

impl CohortCells {
    /// Counters of one cohort: its size, then active members and sales of each period followed.
    pub(crate) fn stride(&self) -> usize {
        1 + 2 * self.width
    }

    fn end(&self) -> usize {
        self.periods.last().map_or(0, |period| period.end)
    }

    /// The period of each day, and the row that nobody reads for any day after.
    fn period_of(&self) -> Vec<u16> {
        let mut period_of = Vec::with_capacity(self.end() + 1);
        for (period, days) in self.periods.iter().enumerate() {
            period_of.resize(days.end, period as u16);
        }
        period_of.push(self.periods.len() as u16);
        period_of
    }

    /// Each member's first period; of those in no cohort the row of the table that nobody reads.
    fn first_periods(&self, view: &View<'_>, period_of: &[u16]) -> PerMember<u16> {
        let nowhere = self.periods.len() as u16;
        let mut first = per_member(nowhere);
        match self.anchor {
            Anchor::FirstOrder => {
                for (first, &day) in first.iter_mut().zip(view.history.first) {
                    *first = period_of[usize::from(day).min(period_of.len() - 1)];
                }
            }
            Anchor::Joined => {
                let (joined, homes) = (view.shard.joined_day(), view.shard.home_store());
                for (member, (&day, &home)) in joined.iter().zip(homes).enumerate() {
                    let here = view.all_stores || (home != NONE_U16 && view.stores[usize::from(home)] != 0);
                    let index = usize::try_from(i64::from(day) - i64::from(self.first_day)).ok();
                    let period = index.filter(|_| day != UNKNOWN_DAY).and_then(|index| period_of.get(index));
                    if let Some(&period) = period.filter(|_| here && view.keeps(member)) {
                        first[member] = period;
                    }
                }
            }
        }
        first
    }

    /// One pass in time order. Whether a member is met for the first time in the period that is being read follows
    /// from how long ago its order before was; the period has one small table, by first period, which stays in the
    /// first cache. What members who joined bought before falls into rows that are thrown away.
    fn pass(&self, view: &View<'_>, first: &PerMember<u16>, counters: &mut [i64]) {
        let mut table = vec![Now::default(); self.periods.len() + 1];
        let last_row = self.periods.len();
        let exact = i64::from(self.mode == Retention::Exact);
        let (members, since) = (view.orders.member, view.history.since);
        for (period, days) in self.periods.iter().enumerate() {
            for day in days.clone() {
                let ago = (day - days.start) as u16;
                let rows = view.orders.range(day..day + 1);
                let steps = members[rows.clone()].iter().zip(&since[rows.clone()]);
                for_amounts!(view.orders, rows, steps, |(&member, &since), amount| {
                    let cell = &mut table[usize::from(first[usize::from(member) & MASK]).min(last_row)];
                    cell.active += i64::from(since > ago);
                    cell.sales += amount;
                });
            }
            let oldest = self.skip.max((period + 1).saturating_sub(self.width));
            for (first, cell) in table[..=period].iter().enumerate().skip(oldest) {
                let (at, k) = ((first - self.skip) * self.stride(), period - first);
                counters[at + 1 + 2 * k] += cell.active * exact;
                counters[at + 2 + 2 * k] += cell.sales;
            }
            table.fill(Now::default());
        }
    }

    /// Who was last met k periods after the first was active in k or later for each smaller k too.
    fn on_or_after(&self, view: &View<'_>, period_of: &[u16], first: &PerMember<u16>, counters: &mut [i64]) {
        let stride = self.stride();
        let mut last = vec![0i64; counters.len()];
        for (&first, (orders, day)) in first.iter().zip(standing(view, self.end())) {
            let latest = period_of.get(usize::from(day)).filter(|_| orders > 0).map(|&period| usize::from(period));
            let first = usize::from(first);
            if let Some(latest) = latest.filter(|&latest| first >= self.skip && first <= latest) {
                last[(first - self.skip) * stride + (latest - first).min(self.width - 1)] += 1;
            }
        }
        for (counters, last) in counters.chunks_exact_mut(stride).zip(last.chunks_exact(stride)) {
            let mut active = 0;
            for k in (0..self.width).rev() {
                active += last[k];
                counters[1 + 2 * k] += active;
            }
        }
    }
}

impl Job for CohortCells {
    fn len(&self) -> usize {
        (self.periods.len() - self.skip) * self.stride()
    }

    fn reach(&self) -> Reach {
        Reach::history(self.end())
    }

    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        let counters = &mut tally.counts[..];
        let period_of = self.period_of();
        let first = self.first_periods(view, &period_of);
        let mut sizes = vec![0u32; self.periods.len() + 1];
        for &first in &first[..view.shard.members()] {
            sizes[usize::from(first)] += 1;
        }
        for (counters, &size) in counters.chunks_exact_mut(self.stride()).zip(&sizes[self.skip..]) {
            counters[0] += i64::from(size);
        }
        self.pass(view, &first, counters);
        if self.mode == Retention::OnOrAfter {
            self.on_or_after(view, &period_of, &first, counters);
        }
    }
}
