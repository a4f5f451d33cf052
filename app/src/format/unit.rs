//! Numbers by what they count, and how wide the doubt about them is.

use model::{Figure, Measure};

use super::{NOTHING, Scale, Style, fixed, percent, ratio};
use crate::i18n::{Lang, t};

/// What a number counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Members or orders.
    Count,
    /// Sums, minor units.
    Money,
    /// Money for one, minor units.
    Price,
    /// A share of a whole.
    Percent,
    /// Orders a buyer.
    Ratio,
    /// Days from one event to another, whole or half.
    Days,
}

impl Unit {
    /// The unit of a measure.
    pub(crate) fn of(measure: Measure) -> Self {
        match measure {
            Measure::Sales | Measure::MemberSales | Measure::AnonymousSales => Self::Money,
            Measure::Orders
            | Measure::Users
            | Measure::Buyers
            | Measure::RepeatBuyers
            | Measure::NewBuyers
            | Measure::AnonymousOrders => Self::Count,
            Measure::Conversion | Measure::RepurchaseRate => Self::Percent,
            Measure::Frequency => Self::Ratio,
            Measure::Aov => Self::Price,
        }
    }
}

impl Style {
    /// A number in its unit; [`NOTHING`] where there is none.
    pub(crate) fn show(&self, unit: Unit, value: Option<f64>) -> String {
        let Some(known) = value else {
            return NOTHING.to_owned();
        };
        match unit {
            Unit::Count => self.count(known.round() as i64),
            Unit::Money => self.money(known.round() as i64),
            Unit::Price => self.price(value),
            Unit::Percent => percent(value),
            Unit::Ratio => ratio(value),
            Unit::Days => self.days(known),
        }
    }

    /// `12 天`, `3.5 days`.
    fn days(&self, days: f64) -> String {
        let decimals = if (days - days.round()).abs() < 0.05 { 0 } else { 1 };
        let lang = self.lang;
        let one = decimals == 0 && days.round() == 1.0;
        if one {
            t!(lang, shared.one_day, days = fixed(days.max(0.0), decimals))
        } else {
            t!(lang, shared.many_days, days = fixed(days.max(0.0), decimals))
        }
    }

    /// How sure a figure is: `±0.3M`, the half width of its 95 % interval; the text's word where too few members were
    /// read to say; empty where it is exact.
    pub(crate) fn doubt(&self, unit: Unit, figure: &Figure<Option<f64>>, lang: Lang) -> String {
        if figure.too_few {
            return t!(lang, frame.too_few).to_owned();
        }
        match (figure.low, figure.high) {
            (Some(low), Some(high)) if high > low => self.half(unit, (high - low) / 2.0),
            _ => String::new(),
        }
    }

    /// [`Style::doubt`] of a count or a sum.
    pub(crate) fn doubt_of(&self, unit: Unit, figure: &Figure<i64>, lang: Lang) -> String {
        self.doubt(unit, &as_float(figure), lang)
    }

    /// [`Style::doubt`] of a sum in a table's unit, without naming it.
    pub(crate) fn doubt_scaled(&self, figure: &Figure<i64>, scale: &Scale, lang: Lang) -> String {
        if figure.too_few {
            return t!(lang, frame.too_few).to_owned();
        }
        if figure.high <= figure.low {
            return String::new();
        }
        let half = self.major(figure.high.saturating_sub(figure.low) as f64 / 2.0) / scale.divisor;
        let step = 10f64.powi(scale.decimals as i32);
        "±".to_owned() + &fixed((half * step).ceil() / step, scale.decimals)
    }

    /// `±` and a half width, rounded up, so that an interval never looks narrower than it is.
    fn half(&self, unit: Unit, half: f64) -> String {
        let (value, decimals, word) = match unit {
            Unit::Percent => (half * 100.0, 2, "%"),
            Unit::Ratio => (half, 3, ""),
            Unit::Days => (half, 1, ""),
            Unit::Price => (self.major(half), 2, ""),
            Unit::Count => self.large_half(half),
            Unit::Money => self.large_half(self.major(half)),
        };
        let step = 10f64.powi(decimals);
        let mut digits = fixed((value * step).ceil() / step, decimals.unsigned_abs());
        if matches!(word, "万" | "亿") {
            digits.retain(|c| c != ',');
        }
        "±".to_owned() + &digits + word
    }

    fn large_half(&self, half: f64) -> (f64, i32, &'static str) {
        let steps: &[(f64, &str)] = match self.lang {
            Lang::Zh => &[(1e8, "亿"), (1e4, "万")],
            Lang::En => &[(1e9, "B"), (1e6, "M"), (1e3, "K")],
        };
        match steps.iter().find(|(unit, _)| half >= *unit) {
            Some((unit, word)) => (half / unit, if half / unit < 10.0 { 1 } else { 0 }, word),
            None => (half, 0, ""),
        }
    }
}

/// A count or a sum as a figure of floats.
pub(crate) fn as_float(figure: &Figure<i64>) -> Figure<Option<f64>> {
    let float = |value: i64| Some(value as f64);
    Figure { value: float(figure.value), low: float(figure.low), high: float(figure.high), too_few: figure.too_few }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(lang: Lang) -> Style {
        Style { lang, currency: "CNY".into(), digits: 2 }
    }

    fn between(low: f64, high: f64) -> Figure<Option<f64>> {
        Figure { value: Some((low + high) / 2.0), low: Some(low), high: Some(high), too_few: false }
    }

    #[test]
    fn the_half_width_is_written_in_the_figures_unit_and_rounded_up() {
        let (en, zh) = (style(Lang::En), style(Lang::Zh));
        let doubt = |style: &Style, unit, low, high| style.doubt(unit, &between(low, high), style.lang);
        assert_eq!(doubt(&en, Unit::Count, 100.0, 101.0), "±1");
        assert_eq!(doubt(&en, Unit::Count, 0.0, 2_462.0), "±1.3K");
        assert_eq!(doubt(&zh, Unit::Money, 0.0, 4_020_000_000.0), "±2010万");
        assert_eq!(doubt(&en, Unit::Percent, 0.1, 0.10211), "±0.11%");
        assert_eq!(doubt(&en, Unit::Price, 24_000.0, 24_100.0), "±0.50");
        assert_eq!(doubt(&en, Unit::Ratio, 1.2, 1.2), "");
    }

    #[test]
    fn a_first_hint_says_so_instead_of_an_interval() {
        let hint = Figure { value: 7, low: 7, high: 7, too_few: true };
        for lang in [Lang::En, Lang::Zh] {
            assert_eq!(style(lang).doubt_of(Unit::Count, &hint, lang), t!(lang, frame.too_few));
        }
        let nothing = Figure { value: None, low: None, high: None, too_few: false };
        assert_eq!(style(Lang::En).doubt(Unit::Percent, &nothing, Lang::En), "");
    }
}
