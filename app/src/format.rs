//! Numbers and days as people read them: 万 and 亿 in Chinese, K, M, B in English.
//!
//! Rounds half away from zero at the digits shown; a value that rounds to nothing loses its sign.
//! The minus is U+2212, as wide as the plus.

mod parts;
mod unit;

use model::{Day, Window};

use crate::i18n::{Lang, t};

pub(crate) use parts::{less, share, share_less, sum, unsure};
pub(crate) use unit::{Unit, as_float};

/// How this reader and this tenant write numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Style {
    /// The reader's language.
    pub(crate) lang: Lang,
    /// ISO 4217 code.
    pub(crate) currency: String,
    /// Decimal places of the minor unit.
    pub(crate) digits: u8,
}

/// One unit for a whole table, so that its cells can be compared and added by eye.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    divisor: f64,
    decimals: u32,
    /// `万元`, `¥K` …
    pub(crate) unit: String,
}

/// The sign a number is written with.
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    /// Minus only.
    Plain,
    /// Plus as well.
    Both,
}

impl Style {
    /// A count: `8,432`, `329万`, `3.29M`.
    pub(crate) fn count(&self, value: i64) -> String {
        self.large(value as f64, "", Sign::Plain)
    }

    /// Money in minor units: `1.24亿`, `£3.29M`.
    pub(crate) fn money(&self, minor: i64) -> String {
        self.large(self.major(minor as f64), self.large_symbol(minor), Sign::Plain)
    }

    /// A change of money, with its sign: `+225万`, `−¥6.00M`.
    pub(crate) fn change(&self, minor: i64) -> String {
        self.large(self.major(minor as f64), self.large_symbol(minor), Sign::Both)
    }

    /// Money to the last minor unit, for tables: `12,345.67`.
    pub(crate) fn full_money(&self, minor: i64) -> String {
        let unit = 10u64.pow(u32::from(self.digits.min(6)));
        let magnitude = minor.unsigned_abs();
        let mut out = group(magnitude / unit);
        if unit > 1 {
            out.push('.');
            let rest = (magnitude % unit).to_string();
            for _ in rest.len()..usize::from(self.digits.min(6)) {
                out.push('0');
            }
            out.push_str(&rest);
        }
        signed(out, minor < 0, Sign::Plain)
    }

    /// The same with its symbol: `−¥12,345.67`.
    pub(crate) fn exact_money(&self, minor: i64) -> String {
        let full = self.full_money(minor.saturating_abs());
        signed(self.symbol().to_owned() + &full, minor < 0, Sign::Plain)
    }

    /// A count to the last digit, for tables.
    pub(crate) fn full_count(&self, value: i64) -> String {
        signed(group(value.unsigned_abs()), value < 0, Sign::Plain)
    }

    /// A price such as the order value, minor units: `¥249.1`.
    pub(crate) fn price(&self, minor: Option<f64>) -> String {
        let Some(minor) = minor else {
            return NOTHING.to_owned();
        };
        let major = self.major(minor);
        let size = major.abs();
        let symbol = self.symbol();
        if size >= 9_999.5 {
            return self.large(major, symbol, Sign::Plain);
        }
        let decimals = if size >= 999.95 {
            0
        } else if size >= 99.995 {
            1
        } else {
            2
        };
        signed(symbol.to_owned() + &fixed(size, decimals), major < 0.0, Sign::Plain)
    }

    /// What a chart's axis needs: money by powers of ten.
    pub(crate) fn axis_money(&self, minor: f64) -> String {
        let minor = minor.round() as i64;
        if minor == 0 { "0".to_owned() } else { trim(self.money(minor)) }
    }

    /// A count on an axis.
    pub(crate) fn axis_count(&self, value: f64) -> String {
        trim(self.count(value.round() as i64))
    }

    /// The unit in which all of a table's money reads well.
    pub(crate) fn scale(&self, largest_minor: i64) -> Scale {
        let largest = self.major(largest_minor.unsigned_abs() as f64);
        let zh = self.lang == Lang::Zh;
        let (divisor, word) = match (zh, largest) {
            (true, x) if x >= 1e4 => (1e4, "万"),
            (false, x) if x >= 1e6 => (1e6, "M"),
            (false, x) if x >= 1e3 => (1e3, "K"),
            _ => (1.0, ""),
        };
        let shown = largest / divisor;
        let decimals = if shown >= 99.95 {
            0
        } else if shown >= 9.995 {
            1
        } else {
            2
        };
        let unit = match (zh, self.currency.as_str()) {
            (true, "CNY") => word.to_owned() + "元",
            (true, _) => word.to_owned() + self.symbol(),
            (false, _) => self.symbol().to_owned() + word,
        };
        Scale { divisor, decimals, unit }
    }

    /// A signed amount in a table's unit, without naming it.
    pub(crate) fn scaled(&self, minor: i64, scale: &Scale) -> String {
        let value = self.major(minor as f64) / scale.divisor;
        signed(fixed(value.abs(), scale.decimals), value < 0.0, Sign::Both)
    }

    /// The currency's symbol, or its code.
    pub(crate) fn symbol(&self) -> &str {
        match self.currency.as_str() {
            "CNY" | "JPY" => "¥",
            "GBP" => "£",
            "USD" => "$",
            "EUR" => "€",
            "HKD" => "HK$",
            "TWD" => "NT$",
            "KRW" => "₩",
            "INR" => "₹",
            "SGD" => "S$",
            code => code,
        }
    }

    /// Chinese readers of yuan read `1.24亿` as money without a symbol; small sums keep it.
    fn large_symbol(&self, minor: i64) -> &str {
        let small = self.major(minor as f64).abs() < 9_999.5;
        if self.lang == Lang::Zh && self.currency == "CNY" && !small { "" } else { self.symbol() }
    }

    fn major(&self, minor: f64) -> f64 {
        minor / 10f64.powi(i32::from(self.digits))
    }

    fn large(&self, value: f64, symbol: &str, sign: Sign) -> String {
        let size = value.abs();
        let steps: &[(f64, &str)] = match self.lang {
            Lang::Zh => &[(1e8, "亿"), (1e4, "万")],
            Lang::En => &[(1e9, "B"), (1e6, "M"), (1e3, "K")],
        };
        let mut text = symbol.to_owned();
        // A value that would round up to the next unit is written in it: 9,999.6万 is 1.00亿.
        match steps.iter().find(|(unit, _)| size >= unit * 0.99995 && size >= 9_999.5) {
            Some((unit, word)) => {
                text.push_str(&three_digits(size / unit));
                text.push_str(word);
            }
            None => text.push_str(&fixed(size, 0)),
        }
        signed(text, value < 0.0, sign)
    }

    /// `3月31日`, `Mar 31`.
    pub(crate) fn day(&self, day: Day) -> String {
        t!(self.lang, dates.month_day, month = self.month_name(day), day = day.day_of_month())
    }

    /// `2025年3月31日`, `Mar 31, 2025`.
    pub(crate) fn full_day(&self, day: Day) -> String {
        t!(self.lang, dates.year_day, year = day.year(), day = self.day(day))
    }

    /// `2025年1月1日–3月31日`, `Jan 1 – Mar 31, 2025`.
    pub(crate) fn window(&self, window: Window) -> String {
        let (from, to) = (window.from(), window.to());
        if from == to {
            return self.full_day(from);
        }
        if from.year() != to.year() {
            return t!(self.lang, dates.window, from = self.full_day(from), to = self.full_day(to));
        }
        // The year is said once: Chinese says it first, English last.
        let span = t!(self.lang, dates.window, from = self.day(from), to = self.day(to));
        t!(self.lang, dates.year_day, year = from.year(), day = span)
    }

    /// `3月`, `Mar`.
    pub(crate) fn month_name(&self, day: Day) -> &'static str {
        match day.month() {
            1 => t!(self.lang, dates.january),
            2 => t!(self.lang, dates.february),
            3 => t!(self.lang, dates.march),
            4 => t!(self.lang, dates.april),
            5 => t!(self.lang, dates.may),
            6 => t!(self.lang, dates.june),
            7 => t!(self.lang, dates.july),
            8 => t!(self.lang, dates.august),
            9 => t!(self.lang, dates.september),
            10 => t!(self.lang, dates.october),
            11 => t!(self.lang, dates.november),
            _ => t!(self.lang, dates.december),
        }
    }
}

/// What stands where there is no value.
pub(crate) const NOTHING: &str = "–";

/// A share: `10.71%`.
pub(crate) fn percent(share: Option<f64>) -> String {
    match share {
        None => NOTHING.to_owned(),
        Some(share) => {
            let value = share * 100.0;
            let decimals = if value >= 99.995 { 0 } else { 2 };
            signed(fixed(value.abs(), decimals), value < 0.0, Sign::Plain) + "%"
        }
    }
}

/// A share in whole per cent: `71%`.
pub(crate) fn whole_percent(share: f64) -> String {
    signed(fixed(share.abs() * 100.0, 0), share < 0.0, Sign::Plain) + "%"
}

/// A difference of two shares with its sign, in percentage points: `+1.50`.
pub(crate) fn points(change: f64) -> String {
    signed(fixed(change.abs() * 100.0, 2), change < 0.0, Sign::Both)
}

/// Orders a buyer: `1.298`.
pub(crate) fn ratio(value: Option<f64>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |value| fixed(value, 3))
}

/// Relative change with its sign, `+1.9%`; a multiple from ten times on, `×12.3`; none from nothing.
pub(crate) fn relative(now: Option<f64>, then: Option<f64>) -> Option<String> {
    let change = relative_change(now, then)?;
    Some(if change >= 9.0 {
        "×".to_owned() + &fixed(change + 1.0, 1)
    } else {
        signed(fixed(change.abs() * 100.0, 1), change < 0.0, Sign::Both) + "%"
    })
}

/// `now / then − 1`; none where either is missing or `then` is not positive.
pub(crate) fn relative_change(now: Option<f64>, then: Option<f64>) -> Option<f64> {
    let (now, then) = (now?, then?);
    (then > 0.0).then(|| now / then - 1.0)
}

/// The size of a relative change without a sign, `6.2%`.
pub(crate) fn size_percent(change: f64) -> String {
    fixed(change.abs() * 100.0, 1) + "%"
}

/// `value`, not negative, with so many decimals and grouped thousands.
pub(crate) fn fixed(value: f64, decimals: u32) -> String {
    let unit = 10u64.pow(decimals);
    // `as` holds at the ends: what no integer can hold is shown as the largest one.
    let scaled = (value * unit as f64).round() as u64;
    let mut out = group(scaled / unit);
    if decimals > 0 {
        out.push('.');
        let rest = (scaled % unit).to_string();
        for _ in rest.len()..decimals as usize {
            out.push('0');
        }
        out.push_str(&rest);
    }
    out
}

fn three_digits(value: f64) -> String {
    if value >= 99.95 {
        // No thousands mark before 万 and 亿: 1280万.
        fixed(value, 0).replace(',', "")
    } else if value >= 9.995 {
        fixed(value, 1)
    } else {
        fixed(value, 2)
    }
}

fn group(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + 6);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn signed(text: String, negative: bool, sign: Sign) -> String {
    if !text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        return text;
    }
    match (negative, sign) {
        (true, _) => "\u{2212}".to_owned() + &text,
        (false, Sign::Both) => "+".to_owned() + &text,
        (false, Sign::Plain) => text,
    }
}

/// `1.20亿` → `1.2亿`, for axes, where ticks are round.
fn trim(text: String) -> String {
    let Some(dot) = text.find('.') else {
        return text;
    };
    let end = text[dot + 1..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |i| dot + 1 + i);
    let digits = text[dot..end].trim_end_matches('0').trim_end_matches('.');
    [&text[..dot], digits, &text[end..]].concat()
}

#[cfg(test)]
mod tests;
