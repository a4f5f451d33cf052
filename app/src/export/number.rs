//! A table's cell as a value: numbers to the last digit, whatever the screen makes of them.

use model::{Figure, Ratio};

use crate::format::{Style, Unit, fixed};

/// A number for a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// An integer of units, of which `10^digits` are one: counts, and money in minor units.
    Whole {
        /// The units.
        units: i64,
        /// Decimal places.
        digits: u8,
        /// Whether it is money.
        money: bool,
    },
    /// Anything else, finite.
    Real {
        /// The value; a share of a whole is 0 to 1.
        value: f64,
        /// Decimal places worth writing.
        decimals: u8,
        /// What it is.
        kind: Kind,
    },
}

/// What a number that is no integer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A share of a whole.
    Share,
    /// Money for one, major units.
    Price,
    /// A plain number.
    Plain,
}

impl Number {
    /// A count.
    pub(crate) fn count(value: i64) -> Self {
        Self::Whole { units: value, digits: 0, money: false }
    }

    /// Money in minor units.
    pub(crate) fn money(minor: i64, style: &Style) -> Self {
        Self::Whole { units: minor, digits: style.digits.min(6), money: true }
    }

    /// A share of a whole.
    pub(crate) fn share(value: f64) -> Option<Self> {
        Self::real(value, 6, Kind::Share)
    }

    /// A value of a figure in its unit; none where it is not finite.
    pub(crate) fn of(unit: Unit, value: f64, style: &Style) -> Option<Self> {
        match unit {
            Unit::Count if value.is_finite() => Some(Self::count(value.round() as i64)),
            Unit::Money if value.is_finite() => Some(Self::money(value.round() as i64, style)),
            Unit::Price => Self::real(value / 10f64.powi(i32::from(style.digits)), 4, Kind::Price),
            Unit::Percent => Self::share(value),
            Unit::Ratio => Self::real(value, 6, Kind::Plain),
            Unit::Days => Self::real(value, 2, Kind::Plain),
            _ => None,
        }
    }

    fn real(value: f64, decimals: u8, kind: Kind) -> Option<Self> {
        value.is_finite().then_some(Self::Real { value, decimals, kind })
    }

    /// A number as people write it, and nothing else: `1,234.50`, `−3`, `+1.9%`, `¥249.1`. None for words, for days,
    /// for ids with leading zeros, and for what is rounded to 万 or M.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (text, share) = match text.strip_suffix('%') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let symbols = ["HK$", "NT$", "S$", "¥", "£", "$", "€", "₩", "₹"];
        let text = symbols.iter().find_map(|symbol| text.strip_prefix(symbol)).unwrap_or(text);
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let whole: String = whole.split(',').collect();
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || !digits(&whole) || !digits(rest) || rest.len() > 6 || leading_zero {
            return None;
        }
        if text.ends_with('.') {
            return None;
        }
        let units: i64 = (whole + rest).parse().ok()?;
        let units = if negative { -units } else { units };
        let places = rest.len() as u8;
        if share {
            return Self::real(units as f64 / 10f64.powi(i32::from(places) + 2), places + 2, Kind::Share);
        }
        Some(Self::Whole { units, digits: places, money: false })
    }

    /// Digits with a point, as every program reads them.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Whole { units, digits, .. } => {
                let one = 10u64.pow(u32::from(digits));
                let size = units.unsigned_abs();
                let sign = if units < 0 { "-" } else { "" };
                match digits {
                    0 => format!("{sign}{size}"),
                    _ => format!("{sign}{}.{:0width$}", size / one, size % one, width = usize::from(digits)),
                }
            }
            Self::Real { value, decimals, .. } => {
                let text = fixed(value.abs(), u32::from(decimals)).replace(',', "");
                let zero = !text.bytes().any(|b| (b'1'..=b'9').contains(&b));
                if value < 0.0 && !zero { "-".to_owned() + &text } else { text }
            }
        }
    }
}

/// How sure a cell is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Doubt {
    /// Exact, or no number.
    #[default]
    None,
    /// Half the width of the 95 % interval.
    Half(Number),
    /// In the page's words: "too few", or an interval of ranks.
    Said(String),
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Entry {
    /// Nothing is known.
    #[default]
    Nothing,
    /// Words.
    Words(String),
    /// A number.
    Number(Number, Doubt),
}

impl Entry {
    /// A figure in its unit.
    pub(crate) fn ratio(style: &Style, unit: Unit, figure: &Ratio) -> Self {
        let Some(number) = figure.value.and_then(|value| Number::of(unit, value, style)) else {
            return Self::Nothing;
        };
        let doubt = match (figure.too_few, figure.low, figure.high) {
            (true, ..) => Doubt::Said(style.doubt(unit, figure, style.lang)),
            (false, Some(low), Some(high)) if high > low => {
                let half = match unit {
                    // Rounded up, so that an interval never looks narrower than it is.
                    Unit::Count | Unit::Money => ((high - low) / 2.0).ceil(),
                    _ => (high - low) / 2.0,
                };
                Number::of(unit, half, style).map_or(Doubt::None, Doubt::Half)
            }
            _ => Doubt::None,
        };
        Self::Number(number, doubt)
    }

    /// Money with its interval.
    pub(crate) fn money(style: &Style, figure: &Figure<i64>) -> Self {
        Self::whole(style, Unit::Money, figure)
    }

    /// A count with its interval.
    pub(crate) fn count(style: &Style, figure: &Figure<i64>) -> Self {
        Self::whole(style, Unit::Count, figure)
    }

    /// The interval as of floats, the value to the last unit.
    fn whole(style: &Style, unit: Unit, figure: &Figure<i64>) -> Self {
        let exact = match unit {
            Unit::Money => Number::money(figure.value, style),
            _ => Number::count(figure.value),
        };
        match Self::ratio(style, unit, &crate::format::as_float(figure)) {
            Self::Number(_, doubt) => Self::Number(exact, doubt),
            other => other,
        }
    }

    /// A relative change, `now / then − 1`.
    pub(crate) fn change(now: Option<f64>, then: Option<f64>) -> Self {
        let change = crate::format::relative_change(now, then).and_then(Number::share);
        change.map_or(Self::Nothing, |change| Self::Number(change, Doubt::None))
    }

    /// What a cell of the screen says: its full value where pointing tells one, else what is written.
    pub(crate) fn read(shown: &str, title: &str, doubt: &str) -> Self {
        let (shown, beside) = shown.split_once(" ±").unwrap_or((shown, ""));
        let said = match (doubt.is_empty(), beside.is_empty()) {
            (false, _) => doubt.to_owned(),
            (true, false) => "±".to_owned() + beside,
            (true, true) => String::new(),
        };
        match Number::read(title).or_else(|| Number::read(shown)) {
            Some(number) => Self::Number(number, if said.is_empty() { Doubt::None } else { Doubt::Said(said) }),
            None if shown.is_empty() || shown == crate::format::NOTHING => Self::Nothing,
            None if said.is_empty() => Self::Words(shown.to_owned()),
            None => Self::Words(format!("{shown} {said}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn written_numbers_are_read_and_nothing_else() {
        let text = |written| Number::read(written).map(Number::text);
        for (written, expected) in [
            ("12,345.67", "12345.67"),
            ("\u{2212}12,345", "-12345"),
            ("+1.9%", "0.019"),
            ("¥249.1", "249.1"),
            ("0.05", "0.05"),
            ("0", "0"),
        ] {
            assert_eq!(text(written).as_deref(), Some(expected), "{written}");
        }
        for words in ["1.24亿", "3.29M", "2025-01-01", "3/31", "007", "", "±5", "1.", "-", "12 天", "1e5", "٣", "×12.3"]
        {
            assert_eq!(Number::read(words), None, "{words}");
        }
    }

    #[test]
    fn integers_are_written_to_the_last_unit() {
        let money = |units| Number::Whole { units, digits: 2, money: true }.text();
        assert_eq!(money(123_456_789_012_345_678), "1234567890123456.78");
        assert_eq!([money(5), money(-5), money(-100), money(i64::MIN)][..3], ["0.05", "-0.05", "-1.00"]);
        assert_eq!(Number::count(-7).text(), "-7");
        assert_eq!(Number::share(-1e-9).map(Number::text).as_deref(), Some("0.000000"));
        assert_eq!(Number::share(f64::NAN), None);
    }

    #[test]
    fn a_cell_of_the_screen_gives_its_full_value() {
        assert_eq!(
            Entry::read("1.24亿", "124,000,001.50", ""),
            Entry::Number(Number::Whole { units: 12_400_000_150, digits: 2, money: false }, Doubt::None)
        );
        assert_eq!(
            Entry::read("1,234 ±56", "", ""),
            Entry::Number(Number::count(1_234), Doubt::Said("±56".to_owned()))
        );
        assert_eq!(Entry::read("–", "", ""), Entry::Nothing);
        assert_eq!(Entry::read("客单价 +3万", "", "±1万"), Entry::Words("客单价 +3万 ±1万".to_owned()));
    }

    #[test]
    fn an_interval_becomes_a_number_of_the_same_unit() {
        let style = Style { lang: Lang::En, currency: "CNY".into(), digits: 2 };
        let figure = Figure { value: 1_000, low: 900, high: 1_101, too_few: false };
        let half = Number::Whole { units: 101, digits: 2, money: true };
        assert_eq!(Entry::money(&style, &figure), Entry::Number(Number::money(1_000, &style), Doubt::Half(half)));
    }
}
