//! Naive answers, one file for each ask: maps, sets, sorting and brute force over a world's plain lists.
//!
//! Nothing of the engine is used here, not even its helpers: what two pieces of code agree on is then not one mistake.

pub mod cohorts;
pub mod funnel;
pub mod ladder;
pub mod lifecycle;
pub mod overlap;
pub mod rfm;
pub mod segment;
pub mod stores;

use model::{Day, Filter, Grain};

use crate::world::World;

/// An order in a member's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// When.
    pub day: Day,
    /// Minor units.
    pub amount: i64,
}

/// Each member's orders that a filter keeps, up to and with a day, in time order.
pub fn histories(world: &World, filter: &Filter, until: Day) -> Vec<Vec<Bought>> {
    let facts = world.matching(filter);
    let of = |member: usize| {
        let mine = facts.orders.iter().filter(|order| order.member == Some(member));
        let bought =
            |order: &crate::Order| Bought { day: world.first_day.plus(order.day.into()), amount: order.amount };
        let mut history: Vec<Bought> = mine.map(bought).filter(|bought| bought.day <= until).collect();
        history.sort_by_key(|bought| bought.day);
        history
    };
    (0..world.members.len()).map(of).collect()
}

/// The first day of the calendar period that a day lies in: walks back from it.
pub fn period_start(day: Day, grain: Grain) -> Day {
    // 1970-01-05 was a Monday.
    let begins = |day: Day| match grain {
        Grain::Day => true,
        Grain::Week => (day.epoch_days() - 4).rem_euclid(7) == 0,
        Grain::Month => day.day_of_month() == 1,
    };
    let mut start = day;
    while !begins(start) {
        start = start.plus(-1);
    }
    start
}

/// The last day of the world's calendar.
pub fn last_day(world: &World) -> Day {
    world.first_day.plus(i32::from(world.days) - 1)
}

/// Whole days between two days.
fn days_between(earlier: Day, later: Day) -> i64 {
    i64::from(later.epoch_days() - earlier.epoch_days())
}
