//! Counts of whole windows and of periods.

use std::ops::Range;

use super::{MASK, for_amounts, per_member};
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
        Reach { orders: days.clone(), touches: days }
    }

    /// Each member's array entries hold the span in which it was last met, so that nothing needs clearing
    /// or searching between spans: a member counts where its entry was of another span.
    fn count(&self, view: &View<'_>, tally: &mut Tally) {
        let mut met = per_member(0u16);
        let mut bought = per_member(0u16);
        let mut again = per_member(0u16);
        let counters = tally.counts.chunks_exact_mut(Counts::LEN);
        for (index, (span, counters)) in self.0.iter().zip(counters).enumerate() {
            let mut cell = Counts::default();
            let id = index as u16 + 1;
            let mut users = 0;
            for &member in &view.touches.member[view.touches.range(span.clone())] {
                let met = &mut met[usize::from(member) & MASK];
                users += u32::from(*met != id);
                *met = id;
            }
            let (mut buyers, mut repeat, mut new) = (0, 0, 0);
            let first = view.shard.first_order_day();
            let rows = view.orders.range(span.clone());
            for &member in &view.orders.member[rows.clone()] {
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
            cell.users = users.into();
            cell.buyers = buyers.into();
            cell.repeat_buyers = repeat.into();
            cell.new_buyers = new.into();
            cell.member_orders = rows.len() as i64;
            for_amounts(&view.orders, rows, |_, amount| {
                cell.member_sales += amount;
                cell.squares += square(amount);
            });
            let rows = view.anonymous.range(span.clone());
            cell.anonymous_orders = rows.len() as i64;
            for_amounts(&view.anonymous, rows, |_, amount| {
                cell.anonymous_sales += amount;
                cell.squares += square(amount);
            });
            cell.add_to(counters);
        }
    }
}
