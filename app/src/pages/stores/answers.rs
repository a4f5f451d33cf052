//! The page's answers by name, and the stores that need a look.

use std::collections::HashMap;

use model::{Answer, GrowthAnswer, GrowthGroup, Measures, Money, Store, StoreRow};

use super::chance;
use crate::boot::Page;
use crate::components::compare::value_of;
use crate::sentence::{Part, parts};

/// What [`super::ask::asks`] asked, answered.
pub(super) struct Answered<'a> {
    /// The ranking, best first.
    pub(super) rows: &'a [StoreRow],
    /// Split by store: those that moved most.
    pub(super) growth: &'a GrowthAnswer,
}

/// The answers; none where they failed.
pub(super) fn answers(page: &Page) -> Option<Answered<'_>> {
    match page.answered()? {
        [Answer::Stores(rows), Answer::Growth(growth)] => Some(Answered { rows, growth }),
        _ => None,
    }
}

/// The catalog's stores by id, for lists of thousands.
pub(super) fn index(page: &Page) -> HashMap<&str, &Store> {
    page.catalog.stores.iter().map(|store| (store.id.as_str(), store)).collect()
}

/// A store whose sales moved.
pub(super) struct Moved<'a> {
    pub(super) row: &'a StoreRow,
    /// Change of sales, minor units; as wide as both windows leave it open.
    pub(super) change: Money,
    /// The part that drove it most, in its direction; none where an interval leaves it open.
    pub(super) driver: Option<Driver>,
}

/// The part of the formula that a change came by most.
pub(super) struct Driver {
    pub(super) part: Part,
    /// What it is worth, minor units.
    pub(super) money: Money,
    /// Its own value in the compared days and in these.
    pub(super) values: [Option<f64>; 2],
}

/// What was looked at, and what of it moved.
pub(super) struct Looked<'a> {
    /// Stores whose change could be judged.
    pub(super) judged: usize,
    /// Moved beyond chance though all were looked at; the largest loss first, the largest gain last.
    pub(super) sure: Vec<Moved<'a>>,
    /// Beyond the limits of a single store, but among so many that may be luck; in the same order.
    pub(super) perhaps: Vec<Moved<'a>>,
}

impl<'a> Looked<'a> {
    /// How many of the sure ones fell; they stand first.
    pub(super) fn fallen(&self) -> usize {
        self.sure.iter().filter(|moved| moved.change.value < 0).count()
    }
}

/// The change of a store's sales; none where nothing was compared.
pub(super) fn change(row: &StoreRow) -> Option<Money> {
    let sales = |measures: &Measures| measures.sales;
    difference(sales(&row.window)?, row.compare.as_ref().and_then(sales)?)
}

/// `now − then`, as wide as both leave it open.
fn difference(now: Money, then: Money) -> Option<Money> {
    Some(Money {
        value: now.value.saturating_sub(then.value),
        low: now.low.saturating_sub(then.high),
        high: now.high.saturating_sub(then.low),
        too_few: now.too_few || then.too_few,
    })
}

/// Whether a difference is certain of its sign.
pub(super) fn certain(money: &Money) -> bool {
    !money.too_few && (money.low > 0 || money.high < 0)
}

/// Sorts the stores of this scope into those that moved beyond chance, perhaps, and the rest.
pub(super) fn looked<'a>(answered: &Answered<'a>) -> Looked<'a> {
    let groups: HashMap<&str, &GrowthGroup> = answered.growth.groups.iter().map(|g| (g.id.as_str(), g)).collect();
    let judged: Vec<(&StoreRow, f64, Money)> = answered
        .rows
        .iter()
        .filter(|row| !row.store.is_empty())
        .filter_map(|row| Some((row, row.sales_z?, change(row)?)))
        .collect();
    let least = chance::least_errors(judged.iter().map(|(_, z, _)| *z), chance::FALSE_ALARMS);
    let pick = |wanted: &dyn Fn(f64) -> bool| {
        let mut moved: Vec<Moved> = judged
            .iter()
            .filter(|(_, z, change)| wanted(z.abs()) && certain(change))
            .map(|(row, _, change)| Moved {
                row,
                change: *change,
                driver: groups.get(row.store.as_str()).and_then(|group| driver(group, change.value)),
            })
            .collect();
        moved.sort_by(|a, b| a.change.value.cmp(&b.change.value).then_with(|| a.row.store.cmp(&b.row.store)));
        moved
    };
    let beyond = |z: f64| least.is_some_and(|least| z >= least);
    Looked { judged: judged.len(), sure: pick(&beyond), perhaps: pick(&|z| z > chance::ALONE && !beyond(z)) }
}

/// The largest part in the direction of the change, if it is certain of its sign.
fn driver(group: &GrowthGroup, change: i64) -> Option<Driver> {
    if group.zero_case.is_some() {
        return None;
    }
    let then = group.compare.as_ref()?;
    let all = parts(&group.window, then, group.contributions.as_ref()?);
    let same = all.into_iter().filter(|(_, money)| money.value != 0 && (money.value < 0) == (change < 0));
    let (part, money) = same.max_by_key(|(_, money)| money.value.saturating_abs())?;
    let values = [value_of(part, then), value_of(part, &group.window)];
    certain(&money).then_some(Driver { part, money, values })
}
