//! Counts of whole windows and of periods.

use std::ops::Range;

use super::{MASK, PerMember, per_member};
use crate::counts::{Counts, square};
use crate::job::{Job, Reach, union};
use crate::partial::Tally;
use crate::view::View;

/// One cell for each span of days; spans may overlap.
pub(crate) struct Spans(pub(crate) Vec<Range<usize>>);

impl Job for Spans {
    fn len(&self) -> usize {
        self.0.len() * Counts::LEN
    }

    fn reach(&self) -> Reach {
        let days = self.0.iter().fold(0..0, |days, span| union(&days, span));
        Reach { orders: days.clone(), touches: days, ..Reach::default() }
    }

    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        let mut last = Last { met: per_member(0), bought: per_member(0), again: per_member(0) };
        let counters = tally.counts.chunks_exact_mut(Counts::LEN);
        for (index, (span, counters)) in self.0.iter().zip(counters).enumerate() {
            let touches = &view.touches.member[view.touches.range(span.clone())];
            let rows = view.orders.range(span.clone());
            let orders = &view.orders.member[rows.clone()];
            let first = view.shard.first_order_day();
            let heads = if touches.len() + orders.len() > view.shard.members() {
                long(touches, orders, first, span)
            } else {
                last.short(index as u16 + 1, touches, orders, first, span)
            };
            let [users, buyers, repeat_buyers, new_buyers] = heads.map(i64::from);
            let mut cell = Counts { users, buyers, repeat_buyers, new_buyers, ..Counts::default() };
            cell.member_orders = rows.len() as i64;
            for_amounts!(view.orders, rows, rows.clone(), |_, amount| {
                cell.member_sales += amount;
                cell.squares += square(amount);
            });
            let rows = view.anonymous.range(span.clone());
            cell.anonymous_orders = rows.len() as i64;
            for_amounts!(view.anonymous, rows, rows.clone(), |_, amount| {
                cell.anonymous_sales += amount;
                cell.squares += square(amount);
            });
            cell.add_to(counters);
        }
    }
}

/// Users, buyers, repeat buyers and new buyers of a span with more facts than members: a byte for each member is
/// written without being read by every touch, and all bytes are counted at the end, many at a time.
fn long(touches: &[u16], orders: &[u16], first: &[u16], span: &Range<usize>) -> [u32; 4] {
    const MET: u8 = 1;
    const BOUGHT: u8 = 2;
    const AGAIN: u8 = 4;
    let mut state = per_member(0u8);
    for &member in touches {
        state[usize::from(member) & MASK] = MET;
    }
    for &member in orders {
        let state = &mut state[usize::from(member) & MASK];
        *state |= MET | BOUGHT | ((*state & BOUGHT) << 1);
    }
    let (from, days) = (span.start as u16, span.len().min(usize::from(u16::MAX)) as u16);
    let mut heads = [0u32; 4];
    // Sums of a chunk fit a byte for each lane.
    for (state, first) in state.chunks(255).zip(first.chunks(255)) {
        let sum = |of: &dyn Fn(u8) -> u8| state.iter().map(|&state| u32::from(of(state))).sum::<u32>();
        heads[0] += sum(&|state| state & MET);
        heads[1] += sum(&|state| (state & BOUGHT) / BOUGHT);
        heads[2] += sum(&|state| (state & AGAIN) / AGAIN);
        let new =
            |(&state, &first): (&u8, &u16)| u32::from(state & BOUGHT != 0) & u32::from(first.wrapping_sub(from) < days);
        heads[3] += state.iter().zip(first).map(new).sum::<u32>();
    }
    heads
}

/// The span in which each member was last met, bought, and bought again, so that nothing needs clearing or searching
/// between short spans: a member counts where its entry is of another span.
struct Last {
    met: PerMember<u16>,
    bought: PerMember<u16>,
    again: PerMember<u16>,
}

impl Last {
    /// Users, buyers, repeat buyers and new buyers of the span numbered `id`, which is above 0.
    fn short(&mut self, id: u16, touches: &[u16], orders: &[u16], first: &[u16], span: &Range<usize>) -> [u32; 4] {
        let Self { met, bought, again } = self;
        let mut users = 0;
        for &member in touches {
            let met = &mut met[usize::from(member) & MASK];
            users += u32::from(*met != id);
            *met = id;
        }
        let (mut buyers, mut repeat, mut new) = (0, 0, 0);
        for &member in orders {
            let at = usize::from(member) & MASK;
            users += u32::from(met[at] != id);
            met[at] = id;
            let first_here = bought[at] != id;
            bought[at] = id;
            buyers += u32::from(first_here);
            new += u32::from(first_here & span.contains(&usize::from(first[usize::from(member)])));
            repeat += u32::from(!first_here & (again[at] != id));
            again[at] = if first_here { again[at] } else { id };
        }
        [users, buyers, repeat, new]
    }
}
