//! Whether two shares differ by more than chance.
//!
//! A share has Wilson's interval (Wilson 1927); the difference of two has the interval of Newcombe (1998,
//! *Statistics in Medicine* 17, 873–890, method 10), which puts the distances to the ends of both intervals together.
//! The same works for shares that bring intervals of their own, as survival curves do (Zou & Donner 2008,
//! *Statistics in Medicine* 27, 1693–1702). A difference is beyond chance where its 95 % interval leaves zero out.

use model::Ratio;

use crate::format::fixed;

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A share and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Share {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Share {
    /// `hits` among `all`, of whom a part `read` (more than 0, at most 1) was looked at; none among nobody.
    pub(crate) fn of(hits: i64, all: i64, read: f64) -> Option<Self> {
        let n = all as f64 * read;
        if hits < 0 || all <= 0 || n.is_nan() || n <= 0.0 {
            return None;
        }
        let value = (hits as f64 / all as f64).min(1.0);
        let square = Z * Z / n;
        let center = (value + square / 2.0) / (1.0 + square);
        let half = Z / (1.0 + square) * (value * (1.0 - value) / n + square / (4.0 * n)).sqrt();
        Some(Self { value, low: (center - half).clamp(0.0, value), high: (center + half).clamp(value, 1.0) })
    }

    /// A share that brings its band, and the interval it has while not everything is read: the wider ends of both.
    pub(crate) fn banded(share: &Ratio, low: Option<f64>, high: Option<f64>) -> Option<Self> {
        let value = share.value.filter(|_| !share.too_few)?;
        let low = low?.min(share.low.unwrap_or(value)).min(value);
        let high = high?.max(share.high.unwrap_or(value)).max(value);
        Some(Self { value, low, high })
    }
}

/// The difference of two shares and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gap {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Gap {
    /// `now` less `then`.
    pub(crate) fn between(now: Share, then: Share) -> Self {
        let apart = |a: f64, b: f64| (a * a + b * b).sqrt();
        let value = now.value - then.value;
        Self {
            value,
            low: value - apart(now.value - now.low, then.high - then.value),
            high: value + apart(now.high - now.value, then.value - then.low),
        }
    }

    /// Whether it is beyond chance.
    pub(crate) fn is_clear(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// In points of a hundred with its sign: `+1.3`, `−0.4`; `0.0` where it rounds to nothing.
    pub(crate) fn points(&self) -> String {
        let size = self.size();
        match size.as_str() {
            "0.0" => size,
            _ if self.value < 0.0 => "\u{2212}".to_owned() + &size,
            _ => "+".to_owned() + &size,
        }
    }

    /// The same without its sign.
    pub(crate) fn size(&self) -> String {
        fixed(self.value.abs() * 100.0, 1)
    }

    /// `±` and half the width of its interval in points, rounded up.
    pub(crate) fn doubt(&self) -> String {
        let half = (self.high - self.low) / 2.0;
        "±".to_owned() + &fixed((half * 1_000.0).ceil() / 10.0, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 0.000_06
    }

    #[test]
    fn intervals_are_those_of_newcombes_table() {
        // Newcombe (1998), table II, cases (a), (d) and (h), method 10.
        for ((a, m, b, n), (low, high)) in
            [((56, 70, 48, 80), (0.0524, 0.3339)), ((9, 10, 3, 10), (0.1705, 0.8090)), ((10, 10, 0, 10), (0.6075, 1.0))]
        {
            let share = |hits, all| Share::of(hits, all, 1.0).expect("somebody");
            let gap = Gap::between(share(a, m), share(b, n));
            assert!(close(gap.low, low) && close(gap.high, high), "{gap:?}");
        }
    }

    #[test]
    fn a_part_read_is_less_sure_and_nobody_is_no_share() {
        let (all, part) = (Share::of(50, 100, 1.0).expect("some"), Share::of(50, 100, 0.25).expect("some"));
        assert!(part.low < all.low && part.high > all.high && part.value == all.value);
        assert_eq!(Share::of(0, 0, 1.0), None);
        assert_eq!(Share::of(1, 10, 0.0), None);
        assert_eq!(Share::of(1, 10, f64::NAN), None);
        let nothing = Share::of(0, 10, 1.0).expect("some");
        assert!(nothing.low == 0.0 && nothing.high > 0.2);
    }

    #[test]
    fn exchanged_shares_turn_the_difference_round() {
        for (a, b) in [(3, 9), (0, 10), (10, 10), (5, 5)] {
            let (x, y) = (Share::of(a, 10, 1.0).expect("some"), Share::of(b, 10, 1.0).expect("some"));
            let (there, back) = (Gap::between(x, y), Gap::between(y, x));
            assert!(close(there.value, -back.value) && close(there.low, -back.high) && close(there.high, -back.low));
            assert_eq!(there.is_clear(), back.is_clear());
            assert!(there.low <= there.value && there.value <= there.high);
        }
    }
}
