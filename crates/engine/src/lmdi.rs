//! What each factor explains of a change of sales: the additive LMDI-I decomposition.
//!
//! Ang, B. W. (2004), "Decomposition analysis for policymaking in energy", Energy Policy 32, 1131–1139:
//! with S = U · B/U · O/B · S/O, factor x contributes `L(S1, S0) · ln(x1 / x0)`, where `L(a, b) = (a − b) / ln(a / b)`
//! is the logarithmic mean. The four parts add up to S1 − S0; here to the last minor unit, by largest remainder.
//! Exchanging the windows negates every part exactly.

use model::ZeroCase;

use crate::Counts;

/// What each factor explains, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// By users, conversion, frequency and order value, in the formula's order.
    pub parts: [i64; 4],
    /// Which limit was taken, if any.
    pub zero_case: Option<ZeroCase>,
}

/// Splits the change of member sales from `before` to `after`.
///
/// Where sales are 0 in one window only, Ang's limit leaves the whole change to the factor that is 0 there;
/// where several are, to the first in the formula's order, since the later ones are then 0 / 0 and say nothing.
pub fn contributions(after: &Counts, before: &Counts) -> Split {
    let change = after.member_sales - before.member_sales;
    let empty = match (after.member_sales, before.member_sales) {
        (0, 0) => {
            return Split { parts: [0; 4], zero_case: Some(ZeroCase::NoSales) };
        }
        (0, _) => after,
        (_, 0) => before,
        _ => {
            return Split { parts: split(after, before, change), zero_case: None };
        }
    };
    let (parts, case) = match empty {
        Counts { users: 0, .. } => ([change, 0, 0, 0], ZeroCase::NoUsers),
        Counts { member_orders: 0, .. } => ([0, change, 0, 0], ZeroCase::NoBuyers),
        _ => ([0, 0, 0, change], ZeroCase::NoValue),
    };
    Split { parts, zero_case: Some(case) }
}

fn split(after: &Counts, before: &Counts, change: i64) -> [i64; 4] {
    let sales = log_ratio(after.member_sales, before.member_sales);
    // The logarithmic mean; at equal sales its limit, the sales themselves.
    let mean = if change == 0 { after.member_sales as f64 } else { change as f64 / sales };
    let users = log_ratio(after.users, before.users);
    let buyers = log_ratio(after.buyers, before.buyers);
    let orders = log_ratio(after.member_orders, before.member_orders);
    let parts = [users, buyers - users, orders - buyers, sales - orders];
    round_to_sum(parts.map(|log| mean * log), change)
}

/// `ln(a / b)` of positive integers, accurate where they are close, and exactly `-log_ratio(b, a)`.
/// From `libm`, so that server and browser agree to the last bit.
fn log_ratio(a: i64, b: i64) -> f64 {
    let (low, high) = (a.min(b), a.max(b));
    let log = libm::log1p((high - low) as f64 / low as f64);
    if a < b { -log } else { log }
}

/// Rounds parts so that they add up to `sum`: first each to the nearest integer, then the units still missing
/// go to the parts that rounding moved furthest the other way.
fn round_to_sum(parts: [f64; 4], sum: i64) -> [i64; 4] {
    let mut rounded = parts.map(|part| libm::round(part) as i64);
    let mut missing = sum - rounded.iter().sum::<i64>();
    while missing != 0 {
        let step = missing.signum();
        let shortfall = |i: &usize| (parts[*i] - rounded[*i] as f64) * step as f64;
        let mut most = 0;
        for i in 1..4 {
            if shortfall(&i) > shortfall(&most) {
                most = i;
            }
        }
        rounded[most] += step;
        missing -= step;
    }
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(users: i64, buyers: i64, orders: i64, sales: i64) -> Counts {
        Counts { users, buyers, member_orders: orders, member_sales: sales, ..Counts::default() }
    }

    #[test]
    fn parts_add_up_to_the_last_unit() {
        let split = contributions(&counts(1_017, 331, 470, 9_876_543), &counts(990, 353, 461, 10_000_001));
        assert_eq!(split.parts.iter().sum::<i64>(), 9_876_543 - 10_000_001);
        assert_eq!(split.zero_case, None);
    }

    #[test]
    fn a_single_moving_factor_takes_the_whole_change() {
        let split = contributions(&counts(200, 20, 40, 8_000), &counts(100, 10, 20, 4_000));
        assert_eq!(split.parts, [4_000, 0, 0, 0]);
        let split = contributions(&counts(100, 10, 20, 6_000), &counts(100, 10, 20, 4_000));
        assert_eq!(split.parts, [0, 0, 0, 2_000]);
    }

    #[test]
    fn exchanging_the_windows_negates_every_part() {
        let (a, b) = (counts(1_017, 331, 470, 9_876_543), counts(990, 353, 461, 10_000_001));
        assert_eq!(contributions(&a, &b).parts, contributions(&b, &a).parts.map(|p| -p));
    }

    #[test]
    fn a_change_of_one_unit_in_a_large_sum_keeps_its_parts_small() {
        let (a, b) = (counts(1_000, 100, 200, 10_000_000_001), counts(1_000, 100, 200, 10_000_000_000));
        assert_eq!(contributions(&a, &b).parts, [0, 0, 0, 1]);
    }

    #[test]
    fn opposite_moves_at_equal_sales_cancel() {
        let split = contributions(&counts(200, 10, 20, 4_000), &counts(100, 10, 20, 4_000));
        assert_eq!(split.parts, [2_773, -2_773, 0, 0]);
    }

    #[test]
    fn zero_cases_are_named_and_take_the_whole_change() {
        let full = counts(100, 10, 20, 4_000);
        for (empty, case, parts) in [
            (counts(0, 0, 0, 0), ZeroCase::NoUsers, [4_000, 0, 0, 0]),
            (counts(50, 0, 0, 0), ZeroCase::NoBuyers, [0, 4_000, 0, 0]),
            (counts(50, 5, 5, 0), ZeroCase::NoValue, [0, 0, 0, 4_000]),
        ] {
            assert_eq!(contributions(&full, &empty), Split { parts, zero_case: Some(case) });
            assert_eq!(contributions(&empty, &full), Split { parts: parts.map(|p| -p), zero_case: Some(case) });
        }
        let both = contributions(&counts(3, 0, 0, 0), &counts(5, 1, 1, 0));
        assert_eq!(both, Split { parts: [0; 4], zero_case: Some(ZeroCase::NoSales) });
    }
}
