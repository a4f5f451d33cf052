//! The page's answers by name, and sums over them.

use model::{Answer, Figure, LifecyclePeriod, Money, RfmAnswer};

use crate::boot::Page;

/// What [`super::ask::asks`] asked, answered.
pub(super) struct Answered<'a> {
    pub(super) rfm: &'a RfmAnswer,
    /// One row for each period.
    pub(super) lifecycle: &'a [LifecyclePeriod],
}

/// The answers; none where they failed.
pub(super) fn answers(page: &Page) -> Option<Answered<'_>> {
    match page.answered()? {
        [Answer::Rfm(rfm), Answer::Lifecycle(lifecycle)] => Some(Answered { rfm, lifecycle }),
        _ => None,
    }
}

/// Members and money of one recency and frequency, over all scores of money; none where nobody is.
pub(super) fn cell(rfm: &RfmAnswer, recency: u8, frequency: u8) -> Option<(Figure<i64>, Money)> {
    let cells = || rfm.cells.iter().filter(move |c| (c.recency, c.frequency) == (recency, frequency));
    cells().next()?;
    Some((sum(cells().map(|c| c.members)), sum(cells().map(|c| c.sales))))
}

/// Members who stood at one recency before, none for those without an order, and stand at another now.
pub(super) fn moved(rfm: &RfmAnswer, from: Option<u8>, to: u8) -> Figure<i64> {
    let moves = rfm.migration.iter().flatten();
    sum(moves.filter(|m| m.from.map(|scores| scores[0]) == from && m.to[0] == to).map(|m| m.members))
}

/// The sum with an interval that is no narrower than the sum's own: that of the ends. A part whose interval is unknown
/// leaves the sum's unknown.
pub(super) fn sum(figures: impl Iterator<Item = Figure<i64>>) -> Figure<i64> {
    figures.fold(Figure::default(), |sum, figure| Figure {
        value: sum.value.saturating_add(figure.value),
        low: sum.low.saturating_add(figure.low),
        high: sum.high.saturating_add(figure.high),
        too_few: sum.too_few || figure.too_few,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_as_wide_as_its_parts_and_unsure_where_one_is() {
        let part = |value, half, too_few| Figure { value, low: value - half, high: value + half, too_few };
        let whole = sum([part(10, 1, false), part(20, 3, true)].into_iter());
        assert_eq!(whole, Figure { value: 30, low: 26, high: 34, too_few: true });
        assert!(sum([Figure::exact(7)].into_iter()).is_exact());
    }
}
