//! Sales targets over days: which a filter means, and what a window's is. A month's target is spread evenly over its
//! days, so that the days of a month sum to it to the last minor unit.

use model::{Day, Filter, Targets, Window};

use crate::boot::Catalog;

/// The targets of exactly what a filter lets through: the whole retailer, regions, or stores.
pub(crate) struct Plan<'a> {
    targets: &'a Targets,
    /// One for each region or store, month by month.
    lists: Vec<&'a [Option<i64>]>,
}

impl<'a> Plan<'a> {
    /// None where one of them has no target at all, and where the filter narrows to anything else as well.
    pub(crate) fn of(filter: &Filter, catalog: &'a Catalog) -> Option<Self> {
        let targets = catalog.targets.as_ref()?;
        let Filter { regions, stores, .. } = filter;
        let places = Filter { regions: regions.clone(), stores: stores.clone(), ..Filter::default() };
        if *filter != places {
            return None;
        }
        let region_at = |name: &String| Some(catalog.regions.iter().position(|r| r == name)? as u16);
        let lists: Option<Vec<_>> = match (regions.as_slice(), stores.as_slice()) {
            ([], []) => Some(targets.whole.as_slice()).filter(|list| !list.is_empty()).map(|list| vec![list]),
            (regions, []) => {
                let list = |name| row(&targets.regions, &targets.region_amounts, region_at(name)?, targets.months);
                regions.iter().map(list).collect()
            }
            (regions, stores) => {
                let list = |id: &String| {
                    let at = catalog.stores.iter().position(|s| s.id == *id)?;
                    // A store outside the regions of the filter counts nothing, but has a target.
                    let region = catalog.regions.get(usize::from(catalog.stores[at].region));
                    let counts = regions.is_empty() || region.is_some_and(|region| regions.contains(region));
                    row(&targets.stores, &targets.store_amounts, at as u16, targets.months).filter(|_| counts)
                };
                stores.iter().map(list).collect()
            }
        };
        Some(Self { targets, lists: lists? })
    }

    /// The target of a window, minor units; none where a month of it has no target for all of them.
    pub(crate) fn of_window(&self, window: Window) -> Option<i64> {
        let mut sum = 0i64;
        let mut month = window.from().month_start();
        while month <= window.to() {
            let next = month.plus_months(1);
            let days = next.epoch_days() - month.epoch_days();
            let amount = self.of_month(month)?;
            let until = |day: Day| spread(amount, days, day.epoch_days() - month.epoch_days());
            let part = until(window.to().plus(1).min(next)) - until(window.from().max(month));
            sum = sum.saturating_add(part);
            month = next;
        }
        Some(sum)
    }

    /// The target of a month, given by its first day.
    fn of_month(&self, month: Day) -> Option<i64> {
        let from = self.targets.from;
        let at = (month.year() - from.year()) * 12 + month.month() as i32 - from.month() as i32;
        let at = usize::try_from(at).ok()?;
        let mut amounts = self.lists.iter().map(|list| list.get(at).copied().flatten());
        let sum = amounts.try_fold(0i64, |sum, amount| Some(sum.saturating_add(amount?)))?;
        Some(sum.saturating_mul(self.targets.unit))
    }
}

/// The amounts of a region or store; none where it has no targets.
fn row<'a>(of: &[u16], amounts: &'a [Option<i64>], wanted: u16, months: u32) -> Option<&'a [Option<i64>]> {
    let (at, months) = (of.binary_search(&wanted).ok()?, months as usize);
    amounts.get(at * months..(at + 1) * months)
}

/// What an amount over so many days comes to by the end of the first few, rounded down.
fn spread(amount: i64, days: i32, first: i32) -> i64 {
    let part = i128::from(amount) * i128::from(first) / i128::from(days.max(1));
    // Never more than the amount itself.
    i64::try_from(part).unwrap_or(amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boot::tests::catalog;

    fn window(from: &str, to: &str) -> Window {
        Window::new(Day::parse(from).expect("a day"), Day::parse(to).expect("a day")).expect("in order")
    }

    /// 华东 has S001, 华南 S002; January to March 2025, in tens of minor units.
    fn planned() -> Catalog {
        let mut catalog = catalog();
        catalog.targets = Some(Targets {
            from: Day::parse("2025-01-01").expect("a day"),
            months: 3,
            unit: 10,
            whole: vec![Some(100_003), Some(200_001), Some(300_007)],
            regions: vec![0, 1],
            region_amounts: vec![Some(11), Some(22), Some(33), Some(100), None, Some(300)],
            stores: vec![1],
            store_amounts: vec![Some(5), Some(0), None],
        });
        catalog
    }

    fn filter(regions: &[&str], stores: &[&str]) -> Filter {
        let owned = |list: &[&str]| list.iter().map(|id| (*id).to_owned()).collect();
        Filter { regions: owned(regions), stores: owned(stores), ..Filter::default() }
    }

    fn target(filter: &Filter, from: &str, to: &str) -> Option<i64> {
        let catalog = planned();
        Plan::of(filter, &catalog)?.of_window(window(from, to))
    }

    #[test]
    fn the_days_of_a_month_sum_to_its_target_and_each_is_within_one_of_the_next() {
        let catalog = planned();
        let plan = Plan::of(&Filter::default(), &catalog).expect("targets of the whole");
        let whole = window("2025-01-01", "2025-03-31");
        // A plain recount: every day on its own.
        let days: Vec<(Day, i64)> = (0..whole.len_days())
            .map(|day| whole.from().plus(day))
            .map(|day| (day, plan.of_window(Window::new(day, day).expect("a day")).expect("a target")))
            .collect();
        for (month, amount) in [(1, 1_000_030), (2, 2_000_010), (3, 3_000_070)] {
            let of: Vec<i64> = days.iter().filter(|(day, _)| day.month() == month).map(|(_, amount)| *amount).collect();
            assert_eq!(of.iter().sum::<i64>(), amount, "month {month}");
            let (least, most) = (of.iter().min().expect("days"), of.iter().max().expect("days"));
            assert!(most - least <= 1, "{of:?}");
        }
        for (from, to) in [("2025-01-01", "2025-01-01"), ("2025-01-17", "2025-03-02"), ("2025-02-28", "2025-03-31")] {
            let window = window(from, to);
            let sum: i64 = days.iter().filter(|(day, _)| window.contains(*day)).map(|(_, amount)| amount).sum();
            assert_eq!(plan.of_window(window), Some(sum), "{from} {to}");
        }
        assert_eq!(plan.of_window(whole), Some(6_000_110));
    }

    #[test]
    fn a_filter_has_the_targets_of_exactly_its_places() {
        let january = |filter: &Filter| target(filter, "2025-01-01", "2025-01-31");
        assert_eq!(january(&Filter::default()), Some(1_000_030));
        assert_eq!(january(&filter(&["华东"], &[])), Some(110));
        assert_eq!(january(&filter(&["华东", "华南"], &[])), Some(1_110));
        assert_eq!(january(&filter(&[], &["S002"])), Some(50));
        assert_eq!(january(&filter(&["华南"], &["S002"])), Some(50));
        assert_eq!(january(&filter(&["华东"], &["S002"])), None, "it is not there");
        assert_eq!(january(&filter(&[], &["S001"])), None, "it has no target");
        assert_eq!(january(&filter(&[], &["S001", "S002"])), None);
        let channels = Filter { channels: vec!["wx".into()], ..Filter::default() };
        let tiers = Filter { tiers: vec!["金卡".into()], regions: vec!["华东".into()], ..Filter::default() };
        let as_of = planned().data_until;
        let segment =
            Filter { segment: Some(model::Segment::Rung { orders: 2, exactly: false, as_of }), ..Filter::default() };
        for other in [channels, tiers, segment] {
            assert_eq!(january(&other), None, "{other:?}");
        }
    }

    #[test]
    fn days_of_a_month_without_a_target_have_none() {
        let south = filter(&["华南"], &[]);
        assert_eq!(target(&south, "2025-01-31", "2025-02-01"), None);
        assert_eq!(target(&south, "2025-03-01", "2025-03-31"), Some(3_000));
        assert_eq!(target(&filter(&[], &["S002"]), "2025-02-01", "2025-02-28"), Some(0));
        assert_eq!(target(&Filter::default(), "2024-12-31", "2025-01-01"), None);
        assert_eq!(target(&Filter::default(), "2025-03-31", "2025-04-01"), None);
        assert!(Plan::of(&Filter::default(), &catalog()).is_none());
    }
}
