//! Members by how long ago they last ordered, and how that changes from period to period.

use std::ops::Range;

use super::{MASK, per_member};
use crate::job::{Job, Reach};
use crate::partial::Tally;
use crate::view::View;

/// For each period, members by the state before and after.
pub(crate) struct Moved {
    /// First and last day of each period, without gaps; days may lie outside the calendar.
    pub(crate) periods: Vec<(i64, i64)>,
    /// Days of the calendar up to the end of the last period.
    pub(crate) days: usize,
    pub(crate) active_days: i64,
    pub(crate) dormant_days: i64,
}

/// States before: none, active, dormant, lost; states after: the last three.
pub(crate) const MOVES: usize = 12;

/// The days of last orders, counted from 1, that mean each state at the end of some day.
#[derive(Clone, Copy)]
struct States {
    /// The first that means active.
    active: u32,
    /// The first that means dormant.
    dormant: u32,
}

impl States {
    /// 0 is no order.
    fn of(self, day: u32) -> u32 {
        u32::from(day > 0) * (1 + u32::from(day < self.active) + u32::from(day < self.dormant))
    }

    /// The days of the states active, dormant and lost, before day `end`.
    fn ranges(self, end: u32) -> [Range<u32>; 3] {
        let [active, dormant] = [self.active, self.dormant].map(|day| day.min(end));
        [active..end, dormant..active, 1..dormant]
    }
}

impl Moved {
    fn states(&self, at_end_of: i64) -> States {
        let first = |age: i64| (at_end_of - age + 1).clamp(1, self.days as i64 + 1) as u32;
        States { active: first(self.active_days), dormant: first(self.dormant_days) }
    }

    /// Days of the calendar from 1, as a half-open range of those that there are.
    fn inside(&self, from: i64, to: i64) -> Range<usize> {
        let at = |day: i64| day.clamp(0, self.days as i64) as usize;
        at(from) + 1..at(to + 1) + 1
    }
}

impl Job for Moved {
    fn len(&self) -> usize {
        self.periods.len() * MOVES
    }

    fn reach(&self) -> Reach {
        Reach { orders: 0..self.days, ..Reach::default() }
    }

    /// One pass in time order. Members are never looked at period by period: who did not order in a period only aged,
    /// and a histogram of last days tells how many of them crossed a line. Who did order carries its state before the
    /// period in the same word as its last day, and is counted by both, so that an order moves one count from one
    /// place of a small table to another.
    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        let Some(&(start, _)) = self.periods.first() else { return };
        let mut state = per_member(0u32);
        for day in self.inside(0, start - 1) {
            for &member in &view.orders.member[view.orders.range(day - 1..day)] {
                state[usize::from(member) & MASK] = day as u32;
            }
        }
        // Members by last day, then, from `fresh` on, those who ordered in the period by last day and state before.
        let fresh = self.days + 2;
        let longest = self.periods.iter().map(|&(from, to)| self.inside(from, to).len()).max().unwrap_or(0);
        let mut table = vec![0u32; fresh + 4 * longest];
        for &last in &state[..view.shard.members()] {
            table[last as usize] += 1;
        }
        for (&(from, to), counters) in self.periods.iter().zip(tally.counts.chunks_exact_mut(MOVES)) {
            let (before, after) = (self.states(from - 1), self.states(to));
            let days = self.inside(from, to);
            let first = days.start as u32;
            for day in days.clone() {
                for &member in &view.orders.member[view.orders.range(day - 1..day)] {
                    let word = &mut state[usize::from(member) & MASK];
                    let (last, old) = (*word & 0xf_ffff, *word >> 20);
                    let again = last >= first;
                    let (old_place, state_before) =
                        if again { (fresh as u32 + 4 * (last - first) + old, old) } else { (last, before.of(last)) };
                    table[old_place as usize] -= 1;
                    table[fresh + 4 * (day - days.start) + state_before as usize] += 1;
                    *word = (state_before << 20) | day as u32;
                }
            }
            for (was, old) in before.ranges(first).into_iter().enumerate() {
                for (is, new) in after.ranges(first).into_iter().enumerate() {
                    let both = old.start.max(new.start)..old.end.min(new.end);
                    if !both.is_empty() {
                        let quiet: u32 = table[both.start as usize..both.end as usize].iter().sum();
                        counters[3 * (was + 1) + is] += i64::from(quiet);
                    }
                }
            }
            for day in days.clone() {
                let is = after.of(day as u32) as usize - 1;
                let ordered = &mut table[fresh + 4 * (day - days.start)..][..4];
                for (was, &members) in ordered.iter().enumerate() {
                    counters[3 * was + is] += i64::from(members);
                }
                let members = ordered.iter().sum();
                ordered.fill(0);
                table[day] = members;
            }
        }
    }
}
