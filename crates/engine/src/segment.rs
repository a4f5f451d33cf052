//! Members in one cell of another answer.

use std::ops::Range;

use model::{Anchor, Grain, Manifest, RfmCuts, Segment};
use snapshot::UNKNOWN_DAY;

use crate::kernel::{MASK, for_amounts, per_member};
use crate::view::View;

/// A segment as numbers: which members of a view are in it.
pub(crate) enum SegmentTest {
    /// First order, or joining, in these days. Joining is in days since 1970.
    Cohort { anchor: Anchor, days: Range<i64>, joined: Range<i32> },
    /// Orders reached in the first `days` days.
    Rung { days: usize, orders: u16, exactly: bool },
    /// Scores in the first `days` days.
    Rfm { days: usize, cuts: RfmCuts, scores: [[bool; 6]; 3] },
}

impl SegmentTest {
    pub(crate) fn new(segment: &Segment, manifest: &Manifest) -> Self {
        let first = i64::from(manifest.first_day.epoch_days());
        let until = |day: model::Day| usize::try_from(i64::from(day.epoch_days()) - first + 1).unwrap_or(0);
        match segment {
            Segment::Cohort { grain, anchor, from } => {
                let next = if *grain == Grain::Week { from.plus(7) } else { from.plus_months(1) };
                let joined = from.epoch_days()..next.epoch_days();
                let days = i64::from(joined.start) - first..i64::from(joined.end) - first;
                // Who joined before the snapshot's first day is in no cohort, also not in the one that day lies in.
                let joined = joined.start.max(manifest.first_day.epoch_days())..joined.end;
                Self::Cohort { anchor: *anchor, days, joined }
            }
            Segment::Rung { orders, exactly, as_of } => {
                Self::Rung { days: until(*as_of), orders: *orders as u16, exactly: *exactly }
            }
            Segment::Rfm { as_of, cuts, recency, frequency, monetary } => {
                let scores = [recency, frequency, monetary].map(|list| {
                    let mut wanted = [list.is_empty(); 6];
                    for &score in list {
                        wanted[usize::from(score.min(5))] = true;
                    }
                    wanted
                });
                Self::Rfm { days: until(*as_of), cuts: *cuts, scores }
            }
        }
    }

    /// Days of orders that decide.
    pub(crate) fn reach(&self) -> Range<usize> {
        match self {
            Self::Cohort { anchor: Anchor::Joined, .. } => 0..0,
            Self::Cohort { days, .. } => 0..usize::try_from(days.end).unwrap_or(0),
            Self::Rung { days, .. } | Self::Rfm { days, .. } => 0..*days,
        }
    }

    /// Sets the flag of each member that is not in the segment to 0.
    pub(crate) fn keep(&self, view: &View<'_>, flags: &mut [u8]) {
        let rows = view.orders.range(self.reach());
        let members = &view.orders.member[rows.clone()];
        match self {
            Self::Cohort { anchor: Anchor::Joined, joined, .. } => {
                let home = view.shard.home_store();
                for ((flag, &day), &home) in flags.iter_mut().zip(view.shard.joined_day()).zip(home) {
                    let here = view.all_stores || view.stores.get(usize::from(home)).is_some_and(|&keep| keep != 0);
                    *flag &= u8::from(day != UNKNOWN_DAY && joined.contains(&day) && here);
                }
            }
            Self::Cohort { days, .. } => {
                let mut first = per_member(u32::MAX);
                for day in 0..view.orders.offsets.len() - 1 {
                    for &member in &view.orders.member[view.orders.range(day..day + 1)] {
                        let first = &mut first[usize::from(member) & MASK];
                        *first = (*first).min(day as u32);
                    }
                }
                for (flag, &first) in flags.iter_mut().zip(first.iter()) {
                    *flag &= u8::from(days.contains(&i64::from(first)));
                }
            }
            Self::Rung { orders, exactly, .. } => {
                let mut count = per_member(0u16);
                for &member in members {
                    let count = &mut count[usize::from(member) & MASK];
                    *count = count.saturating_add(1);
                }
                for (flag, &count) in flags.iter_mut().zip(count.iter()) {
                    *flag &= u8::from(if *exactly { count == *orders } else { count >= *orders });
                }
            }
            Self::Rfm { days, cuts, scores } => {
                let mut people = per_member((0u32, 0u32, 0i64));
                for day in 0..(*days).min(view.orders.offsets.len() - 1) {
                    let rows = view.orders.range(day..day + 1);
                    for_amounts!(view.orders, rows, view.orders.member[rows.clone()].iter(), |&member, amount| {
                        let person = &mut people[usize::from(member) & MASK];
                        *person = (day as u32, person.1 + 1, person.2 + amount);
                    });
                }
                for (flag, &(last, orders, money)) in flags.iter_mut().zip(people.iter()) {
                    let all =
                        [(i64::from(last), &cuts.recency), (orders.into(), &cuts.frequency), (money, &cuts.monetary)];
                    let wanted = all.iter().zip(scores).all(|((value, cuts), wanted)| wanted[score(*value, cuts)]);
                    *flag &= u8::from(orders > 0 && wanted);
                }
            }
        }
    }
}

/// The score of a value: one more than the number of cuts, in fifths of a unit, strictly below it.
pub(crate) fn score(value: i64, cuts: &[i64; 4]) -> usize {
    1 + cuts.iter().filter(|&&cut| cut < value.saturating_mul(5)).count()
}
