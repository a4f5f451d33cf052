//! The store's like: stores of its region and format with sales in both periods. Sums and middles over the ranking
//! that stands beside the page's own question.

use model::{Answer, Figure, Measure, Money, Ratio, Store, StoreRow};

use crate::boot::Page;

/// Fewer stores of the same region and format say little; then all formats of the region are the group.
const FEWEST: usize = 3;

/// A store beside its like.
pub(super) struct Like<'a> {
    /// The store's own row.
    pub(super) own: Option<&'a StoreRow>,
    /// The others.
    pub(super) group: Vec<&'a StoreRow>,
    /// Whether the group holds the store's format only.
    pub(super) same_format: bool,
}

/// The rows of a question beside the page's own; see [`super::ask::beside`].
pub(super) fn rows(page: &Page, place: usize) -> Option<&[StoreRow]> {
    match page.answered_beside(place)? {
        [Answer::Stores(rows)] => Some(rows),
        _ => None,
    }
}

/// Finds the store's like among the rows of its region.
pub(super) fn like<'a>(page: &Page, store: &Store, rows: &'a [StoreRow]) -> Like<'a> {
    let formats: std::collections::HashMap<&str, &str> =
        page.catalog.stores.iter().map(|s| (s.id.as_str(), s.format.as_str())).collect();
    let sold = |row: &&StoreRow| {
        let some = |sales: Option<Money>| sales.is_some_and(|f| f.value > 0);
        some(row.window.sales) && row.compare.as_ref().is_none_or(|c| some(c.sales))
    };
    let others: Vec<&StoreRow> =
        rows.iter().filter(|row| !row.store.is_empty() && row.store != store.id).filter(sold).collect();
    let same: Vec<&StoreRow> =
        others.iter().copied().filter(|row| formats.get(row.store.as_str()) == Some(&store.format.as_str())).collect();
    let same_format = same.len() >= FEWEST;
    Like {
        own: rows.iter().find(|row| row.store == store.id),
        group: if same_format { same } else { others },
        same_format,
    }
}

impl Like<'_> {
    /// The change of the group's sales taken together; none without stores or a comparison.
    pub(super) fn group_change(&self) -> Option<Ratio> {
        let sum = |pick: &dyn Fn(&StoreRow) -> Option<Money>| {
            self.group.iter().filter_map(|row| pick(row)).fold(Money::default(), |a, b| Figure {
                value: a.value.saturating_add(b.value),
                low: a.low.saturating_add(b.low),
                high: a.high.saturating_add(b.high),
                too_few: a.too_few || b.too_few,
            })
        };
        let then = sum(&|row| row.compare.as_ref()?.sales);
        change_of(sum(&|row| row.window.sales), then)
    }

    /// The middle of the group's changes of a measure.
    pub(super) fn middle(&self, measure: Measure) -> Option<f64> {
        let mut changes: Vec<f64> = self.group.iter().filter_map(|row| relative(row, measure)).collect();
        changes.sort_unstable_by(f64::total_cmp);
        let half = changes.len() / 2;
        match changes.len() {
            0 => None,
            n if n % 2 == 1 => Some(changes[half]),
            _ => Some((changes[half - 1] + changes[half]) / 2.0),
        }
    }
}

/// The relative change of a row's sales, as wide as both windows leave it open.
pub(super) fn sales_change(row: &StoreRow) -> Option<Ratio> {
    change_of(row.window.sales?, row.compare.as_ref()?.sales?)
}

/// The relative change of a measure in a row.
pub(super) fn relative(row: &StoreRow, measure: Measure) -> Option<f64> {
    crate::format::relative_change(row.window.value(measure), row.compare.as_ref()?.value(measure))
}

fn change_of(now: Money, then: Money) -> Option<Ratio> {
    let over = |now: i64, then: i64| (then > 0).then(|| now as f64 / then as f64 - 1.0);
    let value = over(now.value, then.value)?;
    Some(Ratio {
        value: Some(value),
        low: over(now.low, then.high),
        high: over(now.high, then.low),
        too_few: now.too_few || then.too_few,
    })
}

/// How many tenths of a per cent one change lies from another, as the two are written; none where their intervals
/// leave open which is larger, or where they are written alike.
pub(super) fn apart(own: &Ratio, group: &Ratio) -> Option<i64> {
    let sure = !own.too_few && !group.too_few && (own.low? > group.high? || own.high? < group.low?);
    let tenths = |change: f64| (change * 1_000.0).round() as i64;
    Some(tenths(own.value?) - tenths(group.value?)).filter(|apart| sure && *apart != 0)
}

#[cfg(test)]
mod tests {
    use model::Measures;

    use super::*;
    use crate::boot::tests::catalog;

    fn row(id: &str, now: i64, then: i64) -> StoreRow {
        let measures = |value| Measures { sales: Some(Figure::exact(value)), ..Measures::default() };
        StoreRow {
            store: id.into(),
            rank: 1,
            rank_low: 1,
            rank_high: 1,
            compare_rank: None,
            window: measures(now),
            shrunken: Default::default(),
            compare: Some(measures(then)),
            sales_z: None,
        }
    }

    fn with_stores(rows: &[StoreRow], read: impl FnOnce(Like)) {
        let mut page = crate::pages::tests::page("/stores/S001", "", vec![]);
        let mut known = catalog();
        let first = known.stores[0].clone();
        known.stores = ["S001", "A", "B", "C", "D"].map(|id| Store { id: id.into(), ..first.clone() }).into();
        known.stores[4].format = "franchise".into();
        page.catalog = std::sync::Arc::new(known);
        read(like(&page, &first, rows));
    }

    #[test]
    fn the_group_is_of_one_format_with_sales_in_both_periods_and_without_the_store() {
        let rows = [row("S001", 50, 100), row("A", 110, 100), row("B", 90, 100), row("C", 130, 100), row("D", 1, 100)];
        with_stores(&rows, |like| {
            assert!(like.same_format);
            assert_eq!(like.group.iter().map(|r| r.store.as_str()).collect::<Vec<_>>(), ["A", "B", "C"]);
            let change = like.group_change().and_then(|r| r.value).expect("a change");
            assert!((change - 0.1).abs() < 1e-12);
            assert!((like.middle(Measure::Sales).expect("a middle") - 0.1).abs() < 1e-12);
            let own = sales_change(like.own.expect("its row")).expect("a change");
            let apart = apart(&own, &like.group_change().expect("a change")).expect("certain");
            assert_eq!(apart, -600);
        });
        // One of three closed: too few of the format are left, so all formats count.
        let closed = [row("S001", 50, 100), row("A", 110, 100), row("B", 0, 100), row("C", 130, 100), row("D", 1, 100)];
        with_stores(&closed, |like| {
            assert!(!like.same_format);
            assert_eq!(like.group.len(), 3);
        });
        with_stores(&[], |like| assert!(like.own.is_none() && like.group_change().is_none()));
    }

    #[test]
    fn nothing_is_said_to_be_apart_while_intervals_meet() {
        let wide = |low: f64, high: f64| Ratio { value: Some(0.0), low: Some(low), high: Some(high), too_few: false };
        assert_eq!(apart(&wide(-0.1, 0.1), &wide(0.05, 0.2)), None);
        assert_eq!(apart(&Ratio { too_few: true, ..wide(-0.2, -0.1) }, &wide(0.05, 0.2)), None);
        let off = Ratio { value: Some(-0.154), ..wide(-0.2, -0.1) };
        assert_eq!(apart(&off, &wide(0.05, 0.2)), Some(-154));
        assert_eq!(apart(&wide(-0.2, -0.1), &wide(0.05, 0.2)), None);
    }
}
