//! A filter with its segment, member by member.

use model::{Anchor, Filter, Grain, Segment};

use crate::matching::Facts;
use crate::world::{Order, World};

impl World {
    /// The facts and members that a filter keeps, its segment included.
    pub fn selected(&self, filter: &Filter) -> Facts {
        let mut facts = self.matching(filter);
        let Some(segment) = &filter.segment else { return facts };
        let inside: Vec<bool> = (0..self.members.len())
            .map(|member| facts.members[member] && self.in_segment(filter, segment, &facts, member))
            .collect();
        facts.orders.retain(|order| order.member.is_some_and(|member| inside[member]));
        facts.touches.retain(|touch| inside[touch.member]);
        facts.members = inside;
        facts
    }

    fn in_segment(&self, filter: &Filter, segment: &Segment, facts: &Facts, member: usize) -> bool {
        let day_of = |order: &&Order| self.first_day.plus(order.day.into());
        let mine = facts.orders.iter().filter(|order| order.member == Some(member));
        match segment {
            Segment::Cohort { grain, anchor, from } => {
                let next = if *grain == Grain::Month { from.plus_months(1) } else { from.plus(7) };
                let day = match anchor {
                    Anchor::FirstOrder => mine.map(|order| day_of(&order)).min(),
                    Anchor::Joined => {
                        let lists = [&filter.regions, &filter.cities, &filter.stores, &filter.formats];
                        let home = self.members[member].home;
                        let here = lists.iter().all(|names| names.is_empty())
                            || home.is_some_and(|home| self.keeps_store(filter, home));
                        self.members[member].joined.filter(|&day| here && day >= 0).map(|day| self.first_day.plus(day))
                    }
                };
                day.is_some_and(|day| *from <= day && day < next)
            }
            Segment::Rung { orders, exactly, as_of } => {
                let reached = mine.filter(|order| day_of(order) <= *as_of).count();
                if *exactly { reached == *orders as usize } else { reached >= *orders as usize }
            }
            Segment::Rfm { as_of, cuts, recency, frequency, monetary } => {
                let before: Vec<&Order> = mine.filter(|order| day_of(order) <= *as_of).collect();
                let last = before.iter().map(|order| i64::from(order.day)).max();
                let money: i64 = before.iter().map(|order| order.amount).sum();
                let fits = |value: i64, cuts: &[i64; 4], wanted: &[u8]| {
                    let score = 1 + cuts.iter().filter(|&&cut| (cut as f64) / 5.0 < value as f64).count();
                    wanted.is_empty() || wanted.contains(&(score as u8))
                };
                last.is_some_and(|last| {
                    fits(last, &cuts.recency, recency)
                        && fits(before.len() as i64, &cuts.frequency, frequency)
                        && fits(money, &cuts.monetary, monetary)
                })
            }
        }
    }
}
