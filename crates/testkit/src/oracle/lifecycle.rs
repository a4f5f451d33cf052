//! The lifecycle, recounted member by member and day by day.

use std::collections::BTreeMap;

use model::{Day, Filter, LifecycleAsk, Window};

use super::{Bought, days_between, histories, last_day, period_start};
use crate::world::World;

/// How a member stands at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// No order yet.
    None,
    /// Ordered lately.
    Active,
    /// Ordered longer ago.
    Dormant,
    /// Ordered very long ago.
    Lost,
}

/// One period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Whether the whole calendar period lies in the window and in the data.
    pub whole: bool,
    /// Members by state before and after.
    pub moves: BTreeMap<(State, State), i64>,
}

fn state(history: &[Bought], at: Day, ask: &LifecycleAsk) -> State {
    match history.iter().filter(|bought| bought.day <= at).map(|bought| days_between(bought.day, at)).min() {
        None => State::None,
        Some(age) if age <= i64::from(ask.active_days) => State::Active,
        Some(age) if age <= i64::from(ask.dormant_days) => State::Dormant,
        Some(_) => State::Lost,
    }
}

/// The periods of a window.
pub fn lifecycle(world: &World, filter: &Filter, window: Window, ask: &LifecycleAsk) -> Vec<Period> {
    let mut days: Vec<Day> = vec![window.from()];
    while *days.last().expect("it has one") < window.to() {
        days.push(days.last().expect("it has one").plus(1));
    }
    let same = |a: &Day, b: &Day| period_start(*a, ask.grain) == period_start(*b, ask.grain);
    let histories = histories(world, filter, last_day(world));
    let period = |days: &[Day]| {
        let (from, to) = (days[0], days[days.len() - 1]);
        let begins = period_start(from, ask.grain) == from;
        let ends = period_start(to.plus(1), ask.grain) == to.plus(1);
        let mut moves = BTreeMap::new();
        for history in &histories {
            *moves.entry((state(history, from.plus(-1), ask), state(history, to, ask))).or_default() += 1;
        }
        let known = from >= world.first_day && to <= last_day(world);
        Period { from, to, whole: begins && ends && known, moves }
    };
    days.chunk_by(same).map(period).collect()
}
