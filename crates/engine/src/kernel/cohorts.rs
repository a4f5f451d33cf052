//! Members by the period in which they began, and what they did in each period since.

use std::ops::Range;

use model::{Anchor, Retention};
use snapshot::{NONE_U16, UNKNOWN_DAY};

use super::{MASK, PerMember, for_amounts, per_member};
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

const NEVER: u32 = u32::MAX;

impl CohortCells {
    /// Counters of one cohort: its size, then active members and sales of each period followed.
    pub(crate) fn stride(&self) -> usize {
        1 + 2 * self.width
    }

    fn end(&self) -> usize {
        self.periods.last().map_or(0, |period| period.end)
    }

    /// The first period of each member that joined in one of them, above the mark of no order yet.
    fn joined(&self, view: &View<'_>, counters: &mut [i64]) -> PerMember<u32> {
        let mut period_of = Vec::with_capacity(self.end());
        for (period, days) in self.periods.iter().enumerate() {
            period_of.resize(days.end, period as u16);
        }
        let (joined, homes) = (view.shard.joined_day(), view.shard.home_store());
        // Who is in no cohort counts in a row of the table that nobody reads.
        let nowhere = self.periods.len() as u32;
        let mut state = per_member((nowhere << 16) | u32::from(u16::MAX));
        for (member, (&day, &home)) in joined.iter().zip(homes).enumerate() {
            let here = view.all_stores || (home != NONE_U16 && view.stores[usize::from(home)] != 0);
            let index = usize::try_from(i64::from(day) - i64::from(self.first_day)).ok();
            let period = index.filter(|_| day != UNKNOWN_DAY).and_then(|index| period_of.get(index));
            if let Some(&period) = period.filter(|_| here && view.keeps(member)) {
                state[member] = (u32::from(period) << 16) | u32::from(u16::MAX);
                if let Some(cohort) = usize::from(period).checked_sub(self.skip) {
                    counters[cohort * self.stride()] += 1;
                }
            }
        }
        state
    }

    /// One pass in time order. A member's first period and the last one it was met in lie in one word; the period that
    /// is being read has one small table, by first period, which stays in the first cache; sums of 0 and 1 do the rest.
    ///
    /// Of members by first order the first period is the smaller of the one known (`u16::MAX` at first) and this one;
    /// those who joined have it from the start, and what they bought earlier falls into rows that are thrown away.
    fn pass<const JOINED: bool>(&self, view: &View<'_>, state: &mut PerMember<u32>, counters: &mut [i64]) {
        let mut table = vec![Now::default(); self.periods.len() + 1];
        let exact = i64::from(self.mode == Retention::Exact);
        for (period, days) in self.periods.iter().enumerate() {
            let now = period as u32;
            let last_row = self.periods.len();
            for_amounts(&view.orders, view.orders.range(days.clone()), |row, amount| {
                let word = &mut state[usize::from(view.orders.member[row]) & MASK];
                let first = if JOINED { *word >> 16 } else { (*word >> 16).min(now) };
                let cell = &mut table[(first as usize).min(last_row)];
                cell.active += i64::from(*word & 0xffff != now);
                cell.sales += amount;
                *word = (first << 16) | now;
            });
            let oldest = self.skip.max((period + 1).saturating_sub(self.width));
            for (first, cell) in table[..=period].iter().enumerate().skip(oldest) {
                let (at, k) = ((first - self.skip) * self.stride(), period - first);
                counters[at + 1 + 2 * k] += cell.active * exact;
                counters[at + 2 + 2 * k] += cell.sales;
                if !JOINED && k == 0 {
                    counters[at] += cell.active;
                }
            }
            table.fill(Now::default());
        }
    }

    /// Who was last met k periods after the first was active in k or later for each smaller k too.
    fn on_or_after(&self, state: &PerMember<u32>, counters: &mut [i64]) {
        let stride = self.stride();
        let mut last = vec![0i64; counters.len()];
        for &word in state.iter() {
            let (first, latest) = ((word >> 16) as usize, (word & 0xffff) as usize);
            if word != NEVER && latest != usize::from(u16::MAX) && first >= self.skip && first <= latest {
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
        Reach { orders: 0..self.end(), touches: 0..0 }
    }

    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        let counters = &mut tally.counts[..];
        let mut state;
        if self.anchor == Anchor::Joined {
            state = self.joined(view, counters);
            self.pass::<true>(view, &mut state, counters);
        } else {
            state = per_member(NEVER);
            self.pass::<false>(view, &mut state, counters);
        }
        if self.mode == Retention::OnOrAfter {
            self.on_or_after(&state, counters);
        }
    }
}
