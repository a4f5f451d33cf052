//! Local business days and inclusive windows of them.
//!
//! A day has no time zone: the builder already decided which business day an instant belongs to.
//! Days outside 1990-01-01..=2100-12-31 cannot be written in this type's text form.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A local business day, `YYYY-MM-DD` in text, from 1990-01-01 to 2100-12-31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// Why a text is not a [`Day`] or two days are not a [`Window`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayError {
    /// The text is not of the form `YYYY-MM-DD` or names no day of the calendar.
    NotADay(String),
    /// The day lies outside 1990..=2100.
    OutOfRange(String),
    /// A window that ends before it begins.
    Backwards {
        /// The first day given.
        from: Day,
        /// The last day given.
        to: Day,
    },
}

impl fmt::Display for DayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotADay(text) => write!(f, "`{text}` is not a day; write YYYY-MM-DD"),
            Self::OutOfRange(text) => write!(f, "`{text}` lies outside 1990-01-01 to 2100-12-31"),
            Self::Backwards { from, to } => {
                write!(f, "the window ends ({to}) before it begins ({from})")
            }
        }
    }
}

impl std::error::Error for DayError {}

impl Day {
    /// The first day there is, 1990-01-01.
    pub const FIRST: Self = Self(NaiveDate::from_ymd_opt(1990, 1, 1).expect("it is in the calendar"));

    /// The day of a civil date; `None` where the calendar has no such day or the year is outside 1990..=2100.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        (1990..=2100).contains(&year).then_some(Self(date))
    }

    /// Parses `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Result<Self, DayError> {
        let not_a_day = || DayError::NotADay(text.chars().take(40).collect());
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| {
            bytes[range].iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
        };
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(not_a_day());
        }
        let (Some(year), Some(month), Some(day)) = (digits(0..4), digits(5..7), digits(8..10)) else {
            return Err(not_a_day());
        };
        let date = NaiveDate::from_ymd_opt(year as i32, month, day).ok_or_else(not_a_day)?;
        if (1990..=2100).contains(&year) { Ok(Self(date)) } else { Err(DayError::OutOfRange(text.to_owned())) }
    }

    /// Days since 1970-01-01.
    pub fn epoch_days(self) -> i32 {
        self.0.to_epoch_days()
    }

    /// The day that lies `days` after 1970-01-01; `None` outside 1990..=2100.
    pub fn from_epoch_days(days: i32) -> Option<Self> {
        let date = NaiveDate::from_epoch_days(days)?;
        (1990..=2100).contains(&date.year()).then_some(Self(date))
    }

    /// This day moved by `days`, held at the ends of the calendar.
    pub fn plus(self, days: i32) -> Self {
        let moved = if days >= 0 {
            self.0.checked_add_days(Days::new(days.unsigned_abs().into()))
        } else {
            self.0.checked_sub_days(Days::new(days.unsigned_abs().into()))
        };
        moved.map_or(self, Self::held)
    }

    /// The same day of the month `months` later; the month's last day where it is shorter.
    pub fn plus_months(self, months: i32) -> Self {
        let moved = if months >= 0 {
            self.0.checked_add_months(Months::new(months.unsigned_abs()))
        } else {
            self.0.checked_sub_months(Months::new(months.unsigned_abs()))
        };
        moved.map_or(self, Self::held)
    }

    fn held(date: NaiveDate) -> Self {
        let first = NaiveDate::from_ymd_opt(1990, 1, 1).expect("a real date");
        let last = NaiveDate::from_ymd_opt(2100, 12, 31).expect("a real date");
        Self(date.clamp(first, last))
    }

    /// The Monday on or before this day.
    pub fn week_start(self) -> Self {
        Self::held(self.0.week(Weekday::Mon).first_day())
    }

    /// The first day of this day's month.
    pub fn month_start(self) -> Self {
        Self(self.0.with_day(1).expect("every month has a first day"))
    }

    /// Calendar year, for display.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// Calendar month, 1..=12, for display.
    pub fn month(self) -> u32 {
        self.0.month()
    }

    /// Day of the month, 1..=31, for display.
    pub fn day_of_month(self) -> u32 {
        self.0.day()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Inclusive local business days `from..=to`; never runs backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawWindow")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Window {
    from: Day,
    to: Day,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Window"))]
struct RawWindow {
    from: Day,
    to: Day,
}

impl TryFrom<RawWindow> for Window {
    type Error = DayError;
    fn try_from(raw: RawWindow) -> Result<Self, DayError> {
        Self::new(raw.from, raw.to)
    }
}

impl Window {
    /// The days `from..=to`; an error where `to` lies before `from`.
    pub fn new(from: Day, to: Day) -> Result<Self, DayError> {
        if from <= to { Ok(Self { from, to }) } else { Err(DayError::Backwards { from, to }) }
    }

    /// First day, inside the window.
    pub fn from(self) -> Day {
        self.from
    }

    /// Last day, inside the window.
    pub fn to(self) -> Day {
        self.to
    }

    /// Number of days, at least 1.
    pub fn len_days(self) -> i32 {
        self.to.epoch_days() - self.from.epoch_days() + 1
    }

    /// The window of the same length that ends the day before this one begins.
    pub fn previous(self) -> Self {
        Self { from: self.from.plus(-self.len_days()), to: self.from.plus(-1) }
    }

    /// The same calendar days one year earlier (29 February becomes 28 February).
    pub fn year_earlier(self) -> Self {
        Self { from: self.from.plus_months(-12), to: self.to.plus_months(-12) }
    }

    /// Whether `day` lies inside.
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

/// The seconds since 1970 of a time as a manifest's `built_at` writes it, `2025-04-01T02:03:04Z`; none for other text.
pub fn parse_utc_seconds(text: &str) -> Option<u64> {
    let day = Day::parse(text.get(..10)?).ok()?;
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u64>().ok();
    let secs = part(11..13)? * 3_600 + part(14..16)? * 60 + part(17..19)?;
    Some(u64::try_from(day.epoch_days()).ok()? * 86_400 + secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_survives_its_text_form() {
        let day = Day::parse("2024-02-29").unwrap();
        assert_eq!(day.to_string(), "2024-02-29");
        assert_eq!(Day::from_epoch_days(day.epoch_days()), Some(day));
    }

    #[test]
    fn texts_that_are_no_days_are_refused() {
        for text in ["2023-02-29", "2024-1-01", "20240101", "", "2024-13-01", "二〇二四-01-01", "2024-+1-01"] {
            assert_eq!(Day::parse(text), Err(DayError::NotADay(text.to_owned())), "{text}");
        }
        assert!(matches!(Day::parse("1989-12-31"), Err(DayError::OutOfRange(_))));
    }

    #[test]
    fn a_window_cannot_run_backwards() {
        let error = serde_json::from_str::<Window>(r#"{"from":"2024-02-01","to":"2024-01-01"}"#).unwrap_err();
        assert!(error.to_string().contains("ends (2024-01-01) before it begins"), "{error}");
    }

    #[test]
    fn comparison_windows_line_up() {
        let window = Window::new(Day::parse("2024-03-01").unwrap(), Day::parse("2024-03-31").unwrap()).unwrap();
        assert_eq!(window.previous().from().to_string(), "2024-01-30");
        assert_eq!(window.previous().len_days(), 31);
        assert_eq!(window.year_earlier().to().to_string(), "2023-03-31");
        assert_eq!(window.from().week_start().to_string(), "2024-02-26");
    }
}
