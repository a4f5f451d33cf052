//! The two formulas of sales and what their factors explain of its change, each closing to the last minor unit.
//!
//! "Users" speaks of members, as the engine answers: four factors, and anonymous orders as a part of their own.
//! "Traffic" speaks of every order: the snapshot holds no count of people who came and left unknown, so it starts from
//! what is counted of everybody, orders. Its two factors come from the same figures by the same method, additive LMDI.

use model::{Contributions, Factors, Figure, Money};

use super::options::Formula;
use crate::components::compare::order_value;
use crate::sentence::{Part, difference, parts};

/// The parts of the change of sales from one window to another, in the order of the formula.
pub(super) fn effects(
    formula: Formula,
    now: &Factors,
    then: &Factors,
    contributions: &Contributions,
) -> Vec<(Part, Money)> {
    match formula {
        Formula::Users => parts(now, then, contributions).to_vec(),
        Formula::Traffic => traffic(now, then).to_vec(),
    }
}

/// The parts a formula has, in its order.
pub(super) fn columns(formula: Formula) -> &'static [Part] {
    match formula {
        Formula::Users => &[Part::Users, Part::Conversion, Part::Frequency, Part::Aov, Part::Anonymous],
        Formula::Traffic => &[Part::Orders, Part::OrderValue],
    }
}

/// `sales = orders × (sales / orders)`: what each explains. Where one window has no orders, all is theirs; where it has
/// orders worth nothing, all is the order value's.
fn traffic(now: &Factors, then: &Factors) -> [(Part, Money); 2] {
    let change = difference(&now.sales, &then.sales);
    let (a, b) = (now.sales.value as f64, then.sales.value as f64);
    let whole = |part: Part| if part == Part::Orders { (change, Money::default()) } else { (Money::default(), change) };
    let (orders, value) = if now.orders.value <= 0 || then.orders.value <= 0 {
        whole(Part::Orders)
    } else if now.sales.value <= 0 || then.sales.value <= 0 {
        whole(Part::OrderValue)
    } else {
        let weight = if now.sales.value == then.sales.value { b } else { (a - b) / log_of_ratio(a, b) };
        let effect = |a: f64, b: f64| if a > 0.0 && b > 0.0 { Some(weight * log_of_ratio(a, b)) } else { None };
        let by_orders = effect(now.orders.value as f64, then.orders.value as f64).unwrap_or(0.0).round() as i64;
        let orders = around(by_orders, [&now.orders, &then.orders], effect);
        let ends = [order_values(now), order_values(then)];
        let by_value = change.value.saturating_sub(by_orders);
        (orders, around(by_value, [&ends[0], &ends[1]], effect))
    };
    [(Part::Orders, orders), (Part::OrderValue, value)]
}

/// `ln(a / b)`, exact to the last digits where the two are close.
fn log_of_ratio(a: f64, b: f64) -> f64 {
    if a < b { -((b - a) / a).ln_1p() } else { ((a - b) / b).ln_1p() }
}

/// Order value in hundredths of a minor unit, between the ends that sales and orders leave open.
fn order_values(factors: &Factors) -> Figure<i64> {
    let over = |sales: i64, orders: i64| (sales as f64 / orders.max(1) as f64 * 100.0).round() as i64;
    let (sales, orders) = (&factors.sales, &factors.orders);
    let value = order_value(factors).map_or(0, |value| (value * 100.0).round() as i64);
    if sales.is_exact() && orders.is_exact() {
        return Figure::exact(value);
    }
    Figure {
        value,
        low: over(sales.low, orders.high),
        high: over(sales.high, orders.low),
        too_few: sales.too_few || orders.too_few,
    }
}

/// A value with the widest interval that both ends of a factor leave open.
fn around(value: i64, [now, then]: [&Figure<i64>; 2], effect: impl Fn(f64, f64) -> Option<f64>) -> Money {
    if now.is_exact() && then.is_exact() {
        return Money::exact(value);
    }
    let low = effect(now.low as f64, then.high as f64).map_or(value, |end| (end.floor() as i64).min(value));
    let high = effect(now.high as f64, then.low as f64).map_or(value, |end| (end.ceil() as i64).max(value));
    Money { value, low, high, too_few: now.too_few || then.too_few }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::growth::sentence::made_up::{Dice, factors};

    fn sum(effects: &[(Part, Money)]) -> i64 {
        effects.iter().map(|(_, money)| money.value).sum()
    }

    #[test]
    fn two_factors_explain_the_whole_change_to_the_last_unit() {
        let mut dice = Dice(7);
        for _ in 0..5_000 {
            let (now, then) = (factors(&mut dice), factors(&mut dice));
            let effects = traffic(&now, &then);
            assert_eq!(sum(&effects), now.sales.value - then.sales.value);
            let back = traffic(&then, &now);
            // Exchanged windows negate every part, but for the unit that rounding halves leaves.
            for (there, back) in effects.iter().zip(&back) {
                assert!((there.1.value + back.1.value).abs() <= 1, "{there:?} {back:?}");
            }
            for (_, money) in effects {
                assert!(money.low <= money.value && money.value <= money.high, "{money:?}");
            }
        }
    }

    #[test]
    fn as_many_orders_explain_nothing_and_a_doubling_explains_a_doubling() {
        let with = |orders: i64, sales: i64| Factors {
            orders: Figure::exact(orders),
            sales: Figure::exact(sales),
            ..factors(&mut Dice(1))
        };
        let effects = |now, then| traffic(&now, &then).map(|(_, money)| money.value);
        assert_eq!(effects(with(10, 3_000), with(10, 2_000)), [0, 1_000]);
        assert_eq!(effects(with(20, 2_000), with(10, 1_000)), [1_000, 0]);
        assert_eq!(effects(with(20, 1_000), with(10, 1_000)), [693, -693]);
        assert_eq!(effects(with(0, 0), with(10, 1_000)), [-1_000, 0]);
        assert_eq!(effects(with(5, 0), with(10, 1_000)), [0, -1_000]);
        assert_eq!(effects(with(0, 0), with(0, 0)), [0, 0]);
    }
}
