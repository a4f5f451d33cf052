//! Amounts: decimal text to minor units, with its sign.
//!
//! Read are plain decimals, thousands marks in groups of three (`1,234.50`), full-width digits and marks, and the sign,
//! name or code of the currency that the build is in, before or after the number (`¥12`, `12元`, `CNY 12`).
//! The sign of another currency, marks in other places and more decimals than the currency has are refused.

use std::borrow::Cow;
use std::sync::Arc;

use super::Reason;
use super::digits::narrow;

/// The largest amount of one order or return, in minor units: 42,949,672.95 of a currency with two digits.
/// More is taken for a mistake of the source; the largest order fits 32 bits, so no sum can run over.
pub(crate) const LARGEST_AMOUNT: i64 = 4_294_967_295;

/// How a file writes its amounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct AmountForm {
    pub(crate) currency: Currency,
    /// Whether a comma stands before the decimals and a point between thousands, where that is declared.
    pub(crate) decimal_comma: Option<bool>,
    /// Whether amounts are whole numbers of minor units, such as 分.
    pub(crate) minor: bool,
}

/// What may stand for the currency of every amount in a cell; by default nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Currency {
    code: Arc<str>,
    marks: &'static [&'static str],
}

impl Currency {
    /// A currency by its ISO 4217 code. `$` stands for US dollars alone, `¥` for yuan or yen, whichever the build is in.
    pub(crate) fn new(code: &str) -> Self {
        let marks: &[&str] = match code {
            "CNY" => &["¥", "元", "RMB", "人民币"],
            "JPY" => &["¥", "円"],
            "USD" => &["US$", "$"],
            "HKD" => &["HK$", "港元"],
            "TWD" => &["NT$"],
            "SGD" => &["S$"],
            "EUR" => &["€"],
            "GBP" => &["£"],
            "KRW" => &["₩", "원"],
            "INR" => &["₹"],
            "THB" => &["฿"],
            "VND" => &["₫"],
            "RUB" => &["₽"],
            _ => &[],
        };
        Self { code: Arc::from(code), marks }
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.marks.iter().copied().chain(Some(&*self.code).filter(|code| !code.is_empty()))
    }

    /// The text without this currency before it, or none.
    fn off_front<'a>(&self, text: &'a str) -> &'a str {
        self.all().find_map(|mark| text.strip_prefix(mark)).map_or(text, str::trim_start)
    }

    fn off_back<'a>(&self, text: &'a str) -> &'a str {
        self.all().find_map(|mark| text.strip_suffix(mark)).map_or(text, str::trim_end)
    }
}

impl AmountForm {
    /// The minor units in a cell of a currency with so many decimals; what is larger than `largest`, without its sign,
    /// is absurd.
    pub(crate) fn read(&self, text: &str, digits: u8, largest: i64) -> Result<i64, Reason> {
        let digits = if self.minor { 0 } else { digits };
        let bytes = text.as_bytes();
        // Nearly all cells are plain; a declared comma leaves those without any mark.
        let is_plain = self.decimal_comma != Some(true) || !bytes.contains(&b'.');
        if is_plain {
            let (negative, number) = signed(bytes);
            if let Some(minor) = plain(number, digits) {
                return bounded(minor, negative, largest);
            }
        }
        let (negative, number) = self.tidied(text, digits).ok_or(Reason::BadAmount)?;
        bounded(plain(number.as_bytes(), digits).ok_or(Reason::BadAmount)?, negative, largest)
    }

    /// Whether the amount is negative, and its number without marks.
    fn tidied(&self, text: &str, digits: u8) -> Option<(bool, String)> {
        let narrow = narrow(text);
        let text = narrow.trim();
        let (negative, rest) = sign(text);
        let mut rest = self.currency.off_front(rest.unwrap_or(text).trim_start());
        let mut is_negative = negative;
        if negative.is_none() {
            // `¥-12` is written as often as `-¥12`.
            let (second, after) = sign(rest);
            is_negative = second;
            rest = after.unwrap_or(rest);
        }
        let rest = self.currency.off_back(rest);
        if !rest.as_bytes().first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')) {
            return None;
        }
        Some((is_negative.unwrap_or(false), self.without_marks(rest, digits)?.into_owned()))
    }

    /// The number with a point before its decimals and no mark between thousands.
    fn without_marks<'a>(&self, number: &'a str, digits: u8) -> Option<Cow<'a, str>> {
        let comma = self.decimal_comma == Some(true);
        let (thousands, point) = if comma { ('.', ',') } else { (',', '.') };
        let (whole, fraction) = match number.split_once(point) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (number, None),
        };
        if !whole.contains(thousands) {
            return Some(if comma { Cow::Owned(number.replace(',', ".")) } else { Cow::Borrowed(number) });
        }
        let groups: Vec<&str> = whole.split(thousands).collect();
        let (first, others) = groups.split_first()?;
        let are_groups = (1..=3).contains(&first.len())
            && !first.starts_with('0')
            && others.iter().all(|group| group.len() == 3)
            && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_digit()));
        // Where a currency has three decimals, `1,234` may be one and a bit.
        let is_clear = self.decimal_comma.is_some() || digits != 3 || others.len() > 1 || fraction.is_some();
        if !are_groups || !is_clear {
            return None;
        }
        let mut plain = groups.concat();
        if let Some(fraction) = fraction {
            plain.push('.');
            plain.push_str(fraction);
        }
        Some(Cow::Owned(plain))
    }
}

/// Whether a sign is written and it is a minus, and the text after it.
fn sign(text: &str) -> (Option<bool>, Option<&str>) {
    if let Some(rest) = text.strip_prefix('-') {
        return (Some(true), Some(rest));
    }
    match text.strip_prefix('+') {
        Some(rest) => (Some(false), Some(rest)),
        None => (None, None),
    }
}

fn signed(bytes: &[u8]) -> (bool, &[u8]) {
    match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    }
}

fn bounded(minor: i64, negative: bool, largest: i64) -> Result<i64, Reason> {
    if minor > largest {
        return Err(Reason::AbsurdAmount);
    }
    Ok(if negative { -minor } else { minor })
}

/// Digits with at most one point to minor units. More decimals than the currency has are bad unless they are zeros.
fn plain(number: &[u8], digits: u8) -> Option<i64> {
    let point = number.iter().position(|b| *b == b'.');
    let (whole, fraction) = match point {
        Some(at) => (&number[..at], &number[at + 1..]),
        None => (number, &[][..]),
    };
    let all_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let missing = match point {
        Some(_) => fraction.is_empty(),
        None => whole.is_empty(),
    };
    if missing || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digits = usize::from(digits);
    let (kept, extra) = fraction.split_at(fraction.len().min(digits));
    if extra.iter().any(|b| *b != b'0') {
        return None;
    }
    let zeros = std::iter::repeat_n(&b'0', digits - kept.len());
    let minor = whole.iter().chain(kept).chain(zeros);
    Some(minor.fold(0i64, |n, b| n.saturating_mul(10).saturating_add(i64::from(b - b'0'))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(code: &str) -> AmountForm {
        AmountForm { currency: Currency::new(code), ..AmountForm::default() }
    }

    fn read(form: &AmountForm, text: &str) -> Result<i64, Reason> {
        form.read(text, 2, LARGEST_AMOUNT)
    }

    #[test]
    fn amounts_are_exact_and_never_guessed() {
        for (text, digits, minor) in [
            ("0", 2, 0),
            ("12.3", 2, 1230),
            ("12.34", 2, 1234),
            ("12.3400", 2, 1234),
            ("-27.50", 2, -2750),
            ("+.5", 2, 50),
            ("-0.00", 2, 0),
            ("1500", 0, 1500),
            ("1500.0", 0, 1500),
            ("1.234", 3, 1234),
            ("42949672.95", 2, LARGEST_AMOUNT),
            ("1,234.50", 2, 123_450),
            ("12,345,678", 2, 1_234_567_800),
            ("１２３．５０", 2, 12_350),
            ("－１，２３４．５０", 2, -123_450),
            ("1，234.50", 2, 123_450),
            ("1,234,567.891", 3, 1_234_567_891),
        ] {
            assert_eq!(form("XXX").read(text, digits, LARGEST_AMOUNT), Ok(minor), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "1.",
            "1,23",
            "1,2345.00",
            "12,34,567",
            "1,234,56",
            ",123",
            "0,123",
            "1234,567",
            "1.5,000",
            "¥12",
            "1e3",
            "12.345",
            "NaN",
            "0x10",
            "--1",
            "1 2",
            "1'234",
            "1.2.3",
            "一百",
            "(12)",
            "1,234.5,0",
            "+-1",
            "-",
            "¥",
        ] {
            assert_eq!(read(&form("XXX"), text), Err(Reason::BadAmount), "{text}");
        }
        for text in ["42949672.96", "99999999999999999999999999", "-42949672.96", "42,949,672.96"] {
            assert_eq!(read(&form("XXX"), text), Err(Reason::AbsurdAmount), "{text}");
        }
        // One and a bit, or a thousand?
        assert_eq!(form("KWD").read("1,234", 3, LARGEST_AMOUNT), Err(Reason::BadAmount));
        let declared = AmountForm { decimal_comma: Some(false), ..form("KWD") };
        assert_eq!(declared.read("1,234", 3, LARGEST_AMOUNT), Ok(1_234_000));
    }

    #[test]
    fn only_the_builds_own_currency_may_be_written() {
        let yuan = form("CNY");
        for text in ["¥12.50", "￥12.50", "¥ 12.50", "12.50元", "CNY 12.50", "12.50 RMB", "¥12.50元", "１２．５０元"]
        {
            assert_eq!(read(&yuan, text), Ok(1250), "{text}");
        }
        for text in ["-¥12.50", "¥-12.50", "- ¥12.50", "-12.50元"] {
            assert_eq!(read(&yuan, text), Ok(-1250), "{text}");
        }
        for text in ["$12.50", "12.50円", "€12", "¥", "元", "-¥-12", "¥¥12", "12.50万元", "USD 12", "¥1e3"] {
            assert_eq!(read(&yuan, text), Err(Reason::BadAmount), "{text}");
        }
        assert_eq!(form("JPY").read("¥1,500", 0, LARGEST_AMOUNT), Ok(1500));
        assert_eq!(read(&form("USD"), "$1,500"), Ok(150_000));
        assert_eq!(read(&form("USD"), "¥1,500"), Err(Reason::BadAmount));
        assert_eq!(read(&form("HKD"), "$1,500"), Err(Reason::BadAmount));
    }

    #[test]
    fn a_decimal_comma_is_read_where_it_is_declared() {
        let comma = AmountForm { decimal_comma: Some(true), ..form("EUR") };
        for (text, minor) in
            [("12", 1200), ("12,5", 1250), ("1.234,50", 123_450), ("€ 1.234,50", 123_450), ("-1.234.567", -123_456_700)]
        {
            assert_eq!(read(&comma, text), Ok(minor), "{text}");
        }
        for text in ["12.50", "1,234.50", "1,2,3", "12,345"] {
            assert_eq!(read(&comma, text), Err(Reason::BadAmount), "{text}");
        }
    }

    #[test]
    fn minor_units_are_whole_numbers() {
        let fen = AmountForm { minor: true, ..form("CNY") };
        for (text, minor) in [("1250", 1250), ("1250.00", 1250), ("1,250", 1250), ("-5", -5)] {
            assert_eq!(read(&fen, text), Ok(minor), "{text}");
        }
        assert_eq!(read(&fen, "12.50"), Err(Reason::BadAmount));
    }
}
