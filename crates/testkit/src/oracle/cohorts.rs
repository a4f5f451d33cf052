//! Cohorts, recounted cell by cell.

use model::{Anchor, CohortsAsk, Day, Filter, Retention};

use super::{Bought, histories, last_day, period_start};
use crate::world::World;

/// One cohort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// First day of its period.
    pub from: Day,
    /// Members.
    pub size: i64,
    /// By periods since.
    pub active: Vec<i64>,
    /// By periods since.
    pub sales: Vec<i64>,
    /// Of these periods, those that are over.
    pub complete: usize,
}

/// All cohorts up to a day.
pub fn cohorts(world: &World, filter: &Filter, to: Day, ask: &CohortsAsk) -> Vec<Cohort> {
    let end = to.min(last_day(world));
    let mut periods: Vec<Day> = Vec::new();
    let mut day = world.first_day;
    while day <= end {
        let start = period_start(day, ask.grain);
        if periods.last() != Some(&start) {
            periods.push(start);
        }
        day = day.plus(1);
    }
    let over = |period: Day| period_start(end.plus(1), ask.grain) != period;
    let histories = histories(world, filter, end);
    let begins = |member: usize| match ask.anchor {
        Anchor::FirstOrder => histories[member].first().map(|bought| bought.day),
        Anchor::Joined => {
            let someone = world.members[member];
            let named = [&filter.regions, &filter.cities, &filter.stores, &filter.formats];
            let here = named.iter().all(|names| names.is_empty())
                || someone.home.is_some_and(|home| world.keeps_store(filter, home));
            let kept = world.matching(filter).members[member];
            let day = someone.joined.map(|day| world.first_day.plus(day));
            day.filter(|&day| here && kept && world.first_day <= day && day <= end)
        }
    };
    let cohort = |(index, &from): (usize, &Day)| {
        let of_period = |day: Option<Day>| day.is_some_and(|day| period_start(day, ask.grain) == from);
        let members: Vec<usize> = (0..world.members.len()).filter(|&member| of_period(begins(member))).collect();
        let followed: Vec<Day> = periods[index..].iter().copied().take(ask.periods as usize).collect();
        let within = |bought: &Bought, period: Day| period_start(bought.day, ask.grain) == period;
        let stays = |member: usize, period: Day| {
            histories[member].iter().any(|bought| match ask.mode {
                Retention::Exact => within(bought, period),
                Retention::OnOrAfter => bought.day >= period,
            })
        };
        let active = |&period: &Day| members.iter().filter(|&&member| stays(member, period)).count() as i64;
        let spent = |&period: &Day| {
            let all = members.iter().flat_map(|&member| &histories[member]);
            all.filter(|bought| within(bought, period)).map(|bought| bought.amount).sum()
        };
        Cohort {
            from,
            size: members.len() as i64,
            active: followed.iter().map(active).collect(),
            sales: followed.iter().map(spent).collect(),
            complete: followed.iter().filter(|&&period| over(period)).count(),
        }
    };
    periods.iter().enumerate().map(cohort).collect()
}
