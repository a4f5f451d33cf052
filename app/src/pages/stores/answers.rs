//! The page's answers by name, and the stores that need a look.

use std::collections::HashMap;

use model::{Answer, GrowthAnswer, GrowthGroup, Money, StoreRow};

use crate::boot::Page;
use crate::sentence::{Part, parts};

/// What [`super::ask::asks`] asked, answered.
pub(super) struct Answered<'a> {
    /// The ranking, best first.
    pub(super) rows: &'a [StoreRow],
    /// Split by store.
    pub(super) growth: &'a GrowthAnswer,
}

/// The answers; none where they failed.
pub(super) fn answers(page: &Page) -> Option<Answered<'_>> {
    match page.answered()? {
        [Answer::Stores(rows), Answer::Growth(growth)] => Some(Answered { rows, growth }),
        _ => None,
    }
}

/// A store whose sales moved by more than chance.
pub(super) struct Moved<'a> {
    pub(super) row: &'a StoreRow,
    /// Change of sales, minor units; as wide as both windows leave it open.
    pub(super) change: Money,
    /// The part that drove it most, in its direction; none where an interval leaves it open.
    pub(super) driver: Option<(Part, Money)>,
}

/// Beyond so many standard errors a change is more than noise: 95 %, two-sided.
const BEYOND_CHANCE: f64 = 1.96;

/// Stores whose change is beyond chance, the largest loss first, the largest gain last.
pub(super) fn moved<'a>(answered: &Answered<'a>) -> Vec<Moved<'a>> {
    let groups: HashMap<&str, &GrowthGroup> = answered.growth.groups.iter().map(|g| (g.id.as_str(), g)).collect();
    let mut moved: Vec<Moved> = answered
        .rows
        .iter()
        .filter(|row| !row.store.is_empty() && row.sales_z.is_some_and(|z| z.abs() > BEYOND_CHANCE))
        .filter_map(|row| {
            let group = groups.get(row.store.as_str())?;
            let (now, then) = (group.window.sales, group.compare.as_ref()?.sales);
            let change = Money {
                value: now.value.saturating_sub(then.value),
                low: now.low.saturating_sub(then.high),
                high: now.high.saturating_sub(then.low),
                too_few: now.too_few || then.too_few,
            };
            (change.value != 0).then(|| Moved { row, change, driver: driver(group, change.value) })
        })
        .collect();
    moved.sort_by(|a, b| a.change.value.cmp(&b.change.value).then_with(|| a.row.store.cmp(&b.row.store)));
    moved
}

/// The largest part in the direction of the change, if it is certain of its sign.
fn driver(group: &GrowthGroup, change: i64) -> Option<(Part, Money)> {
    if group.zero_case.is_some() {
        return None;
    }
    let all = parts(&group.window, group.compare.as_ref()?, group.contributions.as_ref()?);
    let same = all.into_iter().filter(|(_, money)| money.value != 0 && (money.value < 0) == (change < 0));
    let most = same.max_by_key(|(_, money)| money.value.saturating_abs())?;
    (!most.1.too_few && (most.1.low > 0 || most.1.high < 0)).then_some(most)
}
