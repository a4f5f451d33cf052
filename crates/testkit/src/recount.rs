//! The naive recount: plain lists, sets and loops.
//!
//! Shares no code with the engine. Slow on purpose: every figure is counted from all facts again.

use std::collections::{BTreeMap, BTreeSet};

use model::{Day, Filter, Window};

use crate::matching::Facts;
use crate::world::World;

/// What is counted of one window, by the definitions of the words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recount {
    /// Distinct members with a touch or order.
    pub users: i64,
    /// Distinct members with an order.
    pub buyers: i64,
    /// Distinct members with two orders or more.
    pub repeat_buyers: i64,
    /// Buyers whose first order ever, anywhere, lies in the window.
    pub new_buyers: i64,
    /// Members' orders.
    pub member_orders: i64,
    /// Their amounts.
    pub member_sales: i64,
    /// Orders without a member.
    pub anonymous_orders: i64,
    /// Their amounts.
    pub anonymous_sales: i64,
}

/// Counts the facts of a window that a filter (but for its segment) and `also` (a store and a channel) keep.
pub fn recount(world: &World, window: Window, filter: &Filter, also: impl Fn(u16, u8) -> bool) -> Recount {
    recount_of(world, &world.matching(filter), window, also)
}

/// Counts those of some facts that lie in a window and that `also` (a store and a channel) keeps.
/// Who is new is told from all of the world's orders.
pub fn recount_of(world: &World, facts: &Facts, window: Window, also: impl Fn(u16, u8) -> bool) -> Recount {
    let day = |day: u16| world.first_day.plus(day.into());
    let mut first_order: BTreeMap<usize, Day> = BTreeMap::new();
    for order in &world.orders {
        if let Some(member) = order.member {
            let first = first_order.entry(member).or_insert(day(order.day));
            *first = (*first).min(day(order.day));
        }
    }
    let mut users = BTreeSet::new();
    let mut orders_of: BTreeMap<usize, i64> = BTreeMap::new();
    let mut counted = Recount::default();
    for touch in facts.touches.iter().filter(|t| window.contains(day(t.day)) && also(t.store, t.channel)) {
        users.insert(touch.member);
    }
    for order in facts.orders.iter().filter(|o| window.contains(day(o.day)) && also(o.store, o.channel)) {
        match order.member {
            Some(member) => {
                users.insert(member);
                *orders_of.entry(member).or_default() += 1;
                counted.member_orders += 1;
                counted.member_sales += order.amount;
            }
            None => {
                counted.anonymous_orders += 1;
                counted.anonymous_sales += order.amount;
            }
        }
    }
    counted.users = users.len() as i64;
    counted.buyers = orders_of.len() as i64;
    counted.repeat_buyers = orders_of.values().filter(|&&n| n >= 2).count() as i64;
    counted.new_buyers = orders_of.keys().filter(|m| window.contains(first_order[m])).count() as i64;
    counted
}
