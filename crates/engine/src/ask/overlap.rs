//! Members of several channels.

use std::ops::Range;

use model::{Answer, Breadth, Figure, OverlapAnswer, OverlapAsk, OverlapChannel, OverlapOf, Shared};

use super::ratio;
use crate::estimate::{Slot, Visit, Walk, of_amounts};
use crate::job::{Asked, Columns, Job, JobId, Jobs, Key, Reach, Sums};
use crate::kernel::{MASK, for_amounts, per_member};
use crate::partial::Tally;
use crate::plan::Frame;
use crate::view::View;

/// Rows of breadth: 1, 2, 3 channels, and more.
const BREADTHS: usize = 4;

/// An overlap ask, resolved.
pub(crate) struct Overlap {
    job: JobId,
    channels: Vec<String>,
}

impl Overlap {
    pub(crate) fn new(ask: &OverlapAsk, frame: &Frame<'_>, jobs: &mut Jobs) -> Self {
        let channels: Vec<String> = frame.dimensions().channels.iter().map(|channel| channel.id.clone()).collect();
        let window = frame.days(frame.question.window.from(), frame.question.window.to());
        let (touches, count) = (ask.of == OverlapOf::Users, channels.len());
        let job = jobs.add(Key::Own, || Count { window, touches, channels: count });
        Self { job, channels }
    }
}

/// The counters: for each pair of channels common members and what they spent through the first (a channel with itself:
/// all of its members); for each channel those of it alone; for each breadth members, orders and sales.
struct Counters<T> {
    members: T,
    sales: T,
    only: T,
    breadth: T,
}

fn split(counts: &[i64], channels: usize) -> Counters<&[i64]> {
    let (members, rest) = counts.split_at(channels * channels);
    let (sales, rest) = rest.split_at(channels * channels);
    let (only, breadth) = rest.split_at(channels);
    Counters { members, sales, only, breadth }
}

fn split_mut(counts: &mut [i64], channels: usize) -> Counters<&mut [i64]> {
    let (members, rest) = counts.split_at_mut(channels * channels);
    let (sales, rest) = rest.split_at_mut(channels * channels);
    let (only, breadth) = rest.split_at_mut(channels);
    Counters { members, sales, only, breadth }
}

impl Asked for Overlap {
    fn answer(&self, sums: &Sums<'_>) -> Answer {
        let count = self.channels.len();
        let counters = split(&sums.of(self.job).counts, count);
        let channel = |(this, id): (usize, &String)| {
            let shared = |(other, id): (usize, &String)| Shared {
                channel: id.clone(),
                members: Figure::exact(counters.members[this * count + other]),
                sales: Figure::exact(counters.sales[this * count + other]),
            };
            OverlapChannel {
                channel: id.clone(),
                members: Figure::exact(counters.members[this * count + this]),
                only: Figure::exact(counters.only[this]),
                sales: Figure::exact(counters.sales[this * count + this]),
                with: self.channels.iter().enumerate().filter(|(other, _)| *other != this).map(shared).collect(),
            }
        };
        let breadth = |(row, counts): (usize, &[i64])| Breadth {
            channels: row as u32 + 1,
            members: Figure::exact(counts[0]),
            orders: Figure::exact(counts[1]),
            sales: Figure::exact(counts[2]),
            value: ratio(counts[2], counts[0]),
        };
        Answer::Overlap(OverlapAnswer {
            channels: self.channels.iter().enumerate().map(channel).collect(),
            breadth: counters.breadth.chunks_exact(3).enumerate().map(breadth).collect(),
        })
    }

    fn arrange(&self, answer: &mut Answer, _sums: &Sums<'_>) {
        let Answer::Overlap(answer) = answer else { return };
        answer.channels.retain(|channel| channel.members.value != 0);
        for channel in &mut answer.channels {
            channel.with.retain(|shared| shared.members.value != 0);
        }
    }
}

impl Walk for OverlapAnswer {
    fn walk(&mut self, visit: Visit<'_>) {
        for channel in &mut self.channels {
            let (members, only) = (channel.members.value, channel.only.value);
            visit(Slot::Count(&mut channel.members), members);
            visit(Slot::Count(&mut channel.only), only);
            visit(Slot::Count(&mut channel.sales), of_amounts(members));
            for shared in &mut channel.with {
                let members = shared.members.value;
                visit(Slot::Count(&mut shared.members), members);
                visit(Slot::Count(&mut shared.sales), of_amounts(members));
            }
        }
        for row in &mut self.breadth {
            let (members, orders) = (row.members.value, row.orders.value);
            visit(Slot::Count(&mut row.members), members);
            visit(Slot::Count(&mut row.orders), orders);
            visit(Slot::Count(&mut row.sales), of_amounts(orders));
            visit(Slot::Ratio(&mut row.value), members.min(orders));
        }
    }
}

/// Counts common members of channels.
struct Count {
    window: Range<usize>,
    /// Whether touches put members into channels.
    touches: bool,
    channels: usize,
}

impl Job for Count {
    fn len(&self) -> usize {
        2 * self.channels * self.channels + self.channels + 3 * BREADTHS
    }

    fn reach(&self) -> Reach {
        let columns = Columns { channel: true, ..Columns::default() };
        let touches = if self.touches { self.window.clone() } else { 0..0 };
        Reach { orders: self.window.clone(), touches, columns, ..Reach::default() }
    }

    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        // A channel's number is a byte: four words hold any set of channels, one holds what most retailers have.
        if self.channels <= 64 { self.count_sets::<1>(view, tally) } else { self.count_sets::<4>(view, tally) }
    }
}

impl Count {
    /// The first pass collects each member's set of channels as bits. The second adds each order to the pairs of its
    /// channel with the others in its member's set, which for most members is that channel alone.
    fn count_sets<const WORDS: usize>(&self, view: &View<'_>, tally: &mut Tally) {
        let channels = self.channels;
        let mut sets = per_member([0u64; WORDS]);
        let touches = view.touches.range(if self.touches { self.window.clone() } else { 0..0 });
        let orders = view.orders.range(self.window.clone());
        for (rows, range) in [(&view.touches, touches), (&view.orders, orders.clone())] {
            for (&member, &channel) in rows.member[range.clone()].iter().zip(&rows.channel[range]) {
                let set = &mut sets[usize::from(member) & MASK];
                set[usize::from(channel) / 64 % WORDS] |= 1 << (channel % 64);
            }
        }
        let counters = split_mut(&mut tally.counts, channels);
        let size = |set: &[u64; WORDS]| set.iter().map(|word| word.count_ones()).sum::<u32>() as usize;
        // A member without a channel has no order either: 0 is a row that stays empty.
        let mut breadth = [[0i64; 3]; BREADTHS + 1];
        let mut rows = per_member(0u8);
        for (set, row) in sets.iter().zip(rows.iter_mut()) {
            let size = size(set);
            *row = size.min(BREADTHS) as u8;
            breadth[usize::from(*row)][0] += 1;
            for this in bits(set) {
                counters.only[this] += i64::from(size == 1);
                for other in bits(set) {
                    counters.members[this * channels + other] += 1;
                }
            }
        }
        let facts = view.orders.member[orders.clone()].iter().zip(&view.orders.channel[orders.clone()]);
        for_amounts!(view.orders, orders, facts, |(&member, &channel), amount| {
            let (member, this) = (usize::from(member) & MASK, usize::from(channel));
            let line = &mut counters.sales[this * channels..][..channels];
            for other in bits(&sets[member]) {
                line[other] += amount;
            }
            let breadth = &mut breadth[usize::from(rows[member])];
            breadth[1] += 1;
            breadth[2] += amount;
        });
        for (counter, count) in counters.breadth.iter_mut().zip(breadth[1..].iter().flatten()) {
            *counter += count;
        }
    }
}

/// The numbers in a set.
fn bits<const WORDS: usize>(set: &[u64; WORDS]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(word, &bits)| {
        let mut left = bits;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(word * 64 + bit)
        })
    })
}
