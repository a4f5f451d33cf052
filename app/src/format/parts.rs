//! Figures made of figures: sums, differences, shares, each with an interval no narrower than its own.

use model::{Figure, Ratio};

/// The sum, from the ends of its parts. A part whose interval is unknown leaves the sum's unknown.
pub(crate) fn sum(figures: impl IntoIterator<Item = Figure<i64>>) -> Figure<i64> {
    figures.into_iter().fold(Figure::default(), |sum, figure| Figure {
        value: sum.value.saturating_add(figure.value),
        low: sum.low.saturating_add(figure.low),
        high: sum.high.saturating_add(figure.high),
        too_few: sum.too_few || figure.too_few,
    })
}

/// The later less the earlier.
pub(crate) fn less(now: Figure<i64>, then: Figure<i64>) -> Figure<i64> {
    Figure {
        value: now.value.saturating_sub(then.value),
        low: now.low.saturating_sub(then.high),
        high: now.high.saturating_sub(then.low),
        too_few: now.too_few || then.too_few,
    }
}

/// A part over its whole. Its interval is the part's alone: the whole rises and falls with its part, so that the true
/// one is no wider.
pub(crate) fn share(part: &Figure<i64>, whole: &Figure<i64>) -> Ratio {
    let over = |n: i64| (whole.value > 0).then(|| n as f64 / whole.value as f64);
    Ratio { value: over(part.value), low: over(part.low), high: over(part.high), too_few: part.too_few }
}

/// The later share less the earlier; none where either is missing.
pub(crate) fn share_less(now: &Ratio, then: &Ratio) -> Option<Ratio> {
    let value = now.value.zip(then.value).map(|(a, b)| a - b)?;
    Some(Ratio {
        value: Some(value),
        low: now.low.zip(then.high).map(|(a, b)| a - b),
        high: now.high.zip(then.low).map(|(a, b)| a - b),
        too_few: now.too_few || then.too_few,
    })
}

/// Whether chance leaves the sign of a difference open, or there is none.
pub(crate) fn unsure(change: &Ratio) -> bool {
    let sign = |end: Option<f64>| end.is_some_and(|end| end != 0.0).then(|| end.is_some_and(|end| end > 0.0));
    change.too_few || sign(change.low).is_none() || sign(change.low) != sign(change.high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_as_wide_as_its_parts_and_unsure_where_one_is() {
        let part = |value, half, too_few| Figure { value, low: value - half, high: value + half, too_few };
        let whole = sum([part(10, 1, false), part(20, 3, true)]);
        assert_eq!(whole, Figure { value: 30, low: 26, high: 34, too_few: true });
        assert!(sum([Figure::exact(7)]).is_exact());
        assert_eq!(less(part(30, 4, false), part(20, 1, false)), part(10, 5, false));
    }

    #[test]
    fn a_difference_that_chance_may_have_made_has_no_sign() {
        let ratio = |value: f64, half: f64| Ratio {
            value: Some(value),
            low: Some(value - half),
            high: Some(value + half),
            too_few: false,
        };
        let change = |half| share_less(&ratio(0.52, half), &ratio(0.5, half)).expect("both known");
        assert!(!unsure(&change(0.005)) && unsure(&change(0.02)));
        assert!(unsure(&Ratio { too_few: true, ..change(0.0) }));
        assert!(unsure(&share_less(&ratio(0.5, 0.0), &ratio(0.5, 0.0)).expect("both known")));
        assert_eq!(share_less(&ratio(0.5, 0.0), &Ratio::exact(None)), None);
        assert_eq!(share(&Figure::exact(1), &Figure::exact(0)).value, None);
    }
}
