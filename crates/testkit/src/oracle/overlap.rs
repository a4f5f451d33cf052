//! Members of several channels, set by set.

use std::collections::{BTreeMap, BTreeSet};

use model::{Filter, OverlapOf, Window};

use crate::world::World;

/// What an overlap answer must hold; empty rows are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    /// By channel: members, those of it alone, sales.
    pub channels: BTreeMap<u8, (i64, i64, i64)>,
    /// By channel and another channel: common members, and what they spent through the first.
    pub shared: BTreeMap<(u8, u8), (i64, i64)>,
    /// For 1, 2, 3, and 4 or more channels: members, orders, sales.
    pub breadth: [(i64, i64, i64); 4],
}

/// Recounts the overlap of channels.
pub fn overlap(world: &World, window: Window, filter: &Filter, of: OverlapOf) -> Overlap {
    let facts = world.selected(filter);
    let inside = |day: u16| window.contains(world.first_day.plus(day.into()));
    let mut answer = Overlap::default();
    for member in 0..world.members.len() {
        let orders: Vec<_> = facts.orders.iter().filter(|o| o.member == Some(member) && inside(o.day)).collect();
        let mut channels: BTreeSet<u8> = orders.iter().map(|order| order.channel).collect();
        if of == OverlapOf::Users {
            channels.extend(facts.touches.iter().filter(|t| t.member == member && inside(t.day)).map(|t| t.channel));
        }
        for &this in &channels {
            let spent: i64 = orders.iter().filter(|order| order.channel == this).map(|order| order.amount).sum();
            let row = answer.channels.entry(this).or_default();
            *row = (row.0 + 1, row.1 + i64::from(channels.len() == 1), row.2 + spent);
            for &other in channels.iter().filter(|&&other| other != this) {
                let row = answer.shared.entry((this, other)).or_default();
                *row = (row.0 + 1, row.1 + spent);
            }
        }
        if let Some(row) = channels.len().min(4).checked_sub(1).map(|row| &mut answer.breadth[row]) {
            let spent: i64 = orders.iter().map(|order| order.amount).sum();
            *row = (row.0 + 1, row.1 + orders.len() as i64, row.2 + spent);
        }
    }
    answer
}
