//! Where the quintiles lie, in words: days since the last order, orders, money.
//!
//! A score covers the values above the cut below it, up to and with its own cut ([`RfmCuts`]); cuts are in fifths.

use model::{Day, RfmCuts};

use crate::format::Style;
use crate::i18n::t;

/// The whole values from and to which a score reaches; `None` is open. None where no value scores so.
fn span(cuts: &[i64; 4], score: u8) -> Option<(Option<i64>, Option<i64>)> {
    let at = |i: usize| cuts[i].div_euclid(5);
    let score = usize::from(score);
    let low = (score > 1).then(|| at(score - 2).saturating_add(1));
    let high = (score < 5).then(|| at(score - 1));
    let held = !matches!((low, high), (Some(low), Some(high)) if low > high);
    held.then_some((low, high))
}

/// `≤ 39 days`, `40–105 days`, `> 365 days`: days from the last order to `as_of`.
pub(super) fn recency(cuts: &RfmCuts, score: u8, as_of: Day, first: Day, style: &Style) -> Option<String> {
    let today = i64::from(as_of.epoch_days()) - i64::from(first.epoch_days());
    let age = |day: i64| style.full_count(today.saturating_sub(day).max(0));
    // Later days are fewer days ago, so the ends change places.
    Some(match span(&cuts.recency, score)? {
        (Some(low), None) => t!(style.lang, members.days_up_to, days = age(low)),
        (None, Some(high)) => t!(style.lang, members.days_from, days = age(high)),
        (Some(low), Some(high)) if low == high => t!(style.lang, members.days_just, days = age(low)),
        (Some(low), Some(high)) => t!(style.lang, members.days_between, low = age(high), high = age(low)),
        (None, None) => return None,
    })
}

/// `1 order`, `3–4 orders`, `≥ 10 orders`.
pub(super) fn frequency(cuts: &RfmCuts, score: u8, style: &Style) -> Option<String> {
    // Nobody is scored who has no order.
    let (low, high) = span(&cuts.frequency, score)?;
    let low = low.unwrap_or(1).max(1);
    let count = |n: i64| style.full_count(n);
    Some(match high {
        None => t!(style.lang, members.orders_from, low = count(low)),
        Some(high) if high < low => return None,
        Some(1) => t!(style.lang, members.orders_one).to_owned(),
        Some(high) if high == low => t!(style.lang, members.orders_just, low = count(low)),
        Some(high) => t!(style.lang, members.orders_between, low = count(low), high = count(high)),
    })
}

/// `≥ ¥3,820`, `≤ ¥384`, `¥384–¥915`.
pub(super) fn monetary(cuts: &RfmCuts, score: u8, style: &Style) -> Option<String> {
    let (low, high) = span(&cuts.monetary, score)?;
    let price = |minor: i64| style.price(Some(minor as f64));
    Some(match (low.map(price), high.map(price)) {
        (Some(low), None) => t!(style.lang, members.money_from, low),
        (None, Some(high)) => t!(style.lang, members.money_up_to, high),
        (Some(low), Some(high)) => t!(style.lang, members.money_between, low, high),
        (None, None) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    fn style() -> Style {
        Style { lang: Lang::En, currency: "CNY".into(), digits: 2 }
    }

    #[test]
    fn cuts_are_said_in_whole_days_orders_and_money() {
        let cuts = RfmCuts {
            recency: [1395, 2525, 3120, 3450],
            frequency: [5, 10, 20, 45],
            monetary: [191_950, 457_500, 907_025, 1_910_210],
        };
        let (first, as_of) = (Day::parse("2023-04-01").expect("a day"), Day::parse("2025-03-31").expect("a day"));
        let days = [5, 4, 3, 2, 1].map(|s| recency(&cuts, s, as_of, first, &style()).unwrap_or_default());
        assert_eq!(days, ["≤ 39 days", "40–105 days", "106–224 days", "225–450 days", "≥ 451 days"]);
        let orders = [5, 4, 3, 2, 1].map(|s| frequency(&cuts, s, &style()).unwrap_or_default());
        assert_eq!(orders, ["≥ 10 orders", "5–9 orders", "3–4 orders", "2 orders", "1 order"]);
        assert_eq!(monetary(&cuts, 5, &style()).as_deref(), Some("≥ ¥3,820"));
        assert_eq!(monetary(&cuts, 1, &style()).as_deref(), Some("≤ ¥383.9"));
    }

    #[test]
    fn a_score_that_no_value_has_is_left_out() {
        let one = RfmCuts { recency: [10; 4], frequency: [5; 4], monetary: [0; 4] };
        let first = Day::parse("2023-04-01").expect("a day");
        assert_eq!(frequency(&one, 3, &style()), None);
        assert_eq!(recency(&one, 2, first, first, &style()), None);
        assert_eq!(frequency(&one, 1, &style()).as_deref(), Some("1 order"));
        // Ends of what integers hold neither panic nor wrap.
        let far = RfmCuts { recency: [i64::MIN, 0, 0, i64::MAX], ..one };
        assert!(recency(&far, 5, first, first, &style()).is_some());
    }
}
