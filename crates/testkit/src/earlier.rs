//! A world as it may have been before: what a night may change, undone.

use crate::World;

/// The world on an earlier day: fewer days and members, facts that had not come yet, others that were taken back since,
/// amounts before refunds, attributes before they were corrected. The same seed gives the same world.
pub fn earlier(now: &World, seed: u64) -> World {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut world = now.clone();
    // Often nothing changes, or one thing alone.
    let mut may = |chance: u8| dice.u8(..) < chance;
    let [fewer_days, later_start, fewer_members] = [may(160), may(40), may(120)];
    let [late, taken_back, refunded, corrected, moved] = [may(140), may(100), may(100), may(80), may(60)];
    if fewer_days {
        world.days = dice.u16(1..=world.days);
    }
    if later_start {
        let shift = dice.u16(0..world.days);
        world.first_day = world.first_day.plus(shift.into());
        world.days -= shift;
        world.orders.retain(|order| order.day >= shift);
        world.touches.retain(|touch| touch.day >= shift);
        world.orders.iter_mut().for_each(|order| order.day -= shift);
        world.touches.iter_mut().for_each(|touch| touch.day -= shift);
        for member in &mut world.members {
            member.joined = member.joined.map(|day| day - i32::from(shift));
        }
    }
    if fewer_members {
        world.members.truncate(dice.usize(0..=world.members.len()));
    }
    let (days, members) = (world.days, world.members.len());
    world.orders.retain(|order| order.day < days && order.member.is_none_or(|member| member < members));
    world.touches.retain(|touch| touch.day < days && touch.member < members);
    if late {
        world.orders.retain(|_| dice.u8(..) > 20);
        world.touches.retain(|_| dice.u8(..) > 20);
    }
    if taken_back {
        for _ in 0..dice.usize(0..5) {
            if let Some(mut order) = dice.choice(&world.orders).copied() {
                order.day = dice.u16(0..days);
                order.amount = dice.i64(0..90_000);
                world.orders.insert(dice.usize(0..=world.orders.len()), order);
            }
            if let Some(mut touch) = dice.choice(&world.touches).copied() {
                touch.day = dice.u16(0..days);
                world.touches.insert(dice.usize(0..=world.touches.len()), touch);
            }
        }
    }
    if refunded {
        for order in &mut world.orders {
            order.amount += if dice.u8(..) < 30 { dice.i64(0..6_000_000_000) } else { 0 };
        }
    }
    if corrected {
        for member in &mut world.members {
            if dice.bool() {
                member.home = None;
                member.tier = None;
                member.joined = member.joined.map(|day| day - 1);
            }
        }
    }
    if moved {
        // The order of facts within a day is another.
        dice.shuffle(&mut world.touches);
        dice.shuffle(&mut world.orders);
    }
    world
}
