//! Times: text to a business day and a minute within it; and months.
//!
//! What says by itself what it means is always read: the year first (`2024-03-05`, `2024/3/5 8:01`, `2024.03.05`,
//! `2024年3月5日`), eight digits (`20240305`) or fourteen with the time, seconds (10 digits) and milliseconds
//! (13 digits) since 1970, all of them with full-width digits too. `05/06/2024` is read only in a file whose form is
//! declared or proven by its other rows; numbers that could be something else only as declared.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;

use super::Reason;
use super::digits::{byte, narrow, number};

/// The minute of an instant whose source gives the day only.
pub(crate) const NO_MINUTE: u16 = u16::MAX;

/// Seconds since 1970 that nobody would write for hours, as in `2024030508`: those begin with 1990010100.
const SURELY_SECONDS: i64 = 1_990_010_100;

/// A business day and the minute within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Days since 1970-01-01, within 1990..=2100.
    pub(crate) day: i32,
    /// Minute of the day, or [`NO_MINUTE`].
    pub(crate) minute: u16,
}

/// What is declared of a file's dates, or proven by its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dates {
    /// Nothing: only what is clear by itself is read.
    #[default]
    Undeclared,
    /// The year stands first.
    YearFirst,
    /// `25/06/2024`
    DayFirst,
    /// `06/25/2024`
    MonthFirst,
    /// Every number counts seconds since 1970.
    EpochSeconds,
    /// Every number counts milliseconds since 1970.
    EpochMilliseconds,
}

/// What one date with the year last tells of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slashed {
    /// It may be either.
    Either,
    DayFirst,
    MonthFirst,
}

impl Dates {
    /// Reads a time. One with `Z` or an offset, or counted from 1970, is an instant and moves to `zone`; another is
    /// local already.
    pub(crate) fn read(self, text: &str, zone: Tz) -> Result<Moment, Reason> {
        let text = plain(text).ok_or(Reason::BadTime)?;
        let bytes = text.as_bytes();
        let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits >= 8 {
            return self.number(bytes, digits, zone);
        }
        let mut rest = bytes;
        if let Some(date) = year_first(&mut rest) {
            return at_clock(date, rest, zone);
        }
        let Some((first, second, year, rest)) = year_last(bytes) else { return Err(Reason::BadTime) };
        let date = |month, day| date(year, month, day).ok_or(Reason::BadTime);
        let date = match self {
            Self::DayFirst => date(second, first)?,
            Self::MonthFirst => date(first, second)?,
            Self::Undeclared => {
                date(second, first).or_else(|_| date(first, second))?;
                return Err(Reason::AmbiguousDate);
            }
            _ => return Err(Reason::BadTime),
        };
        at_clock(date, rest, zone)
    }

    /// Eight digits or more: a compact date, or a count from 1970.
    fn number(self, bytes: &[u8], digits: usize, zone: Tz) -> Result<Moment, Reason> {
        let (mut head, rest) = bytes.split_at(digits);
        let count = || std::str::from_utf8(&bytes[..digits]).ok().and_then(|text| text.parse::<i64>().ok());
        // A count may have decimals, which say less than a minute.
        let is_count = match rest {
            [] => true,
            [b'.', fraction @ ..] => !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit),
            _ => false,
        };
        let seconds = match (self, digits) {
            (Self::EpochSeconds, _) => Some(count().ok_or(Reason::DayOutOfRange)?),
            (Self::EpochMilliseconds, _) => Some(count().ok_or(Reason::DayOutOfRange)?.div_euclid(1000)),
            (_, 10) if rest.is_empty() => count().filter(|n| (1_000_000_000..SURELY_SECONDS).contains(n)),
            (_, 13) if rest.is_empty() => count().map(|n| n / 1000).filter(|n| *n >= 1_000_000_000),
            _ => None,
        };
        if let Some(seconds) = seconds {
            if !is_count {
                return Err(Reason::BadTime);
            }
            let utc = DateTime::from_timestamp(seconds, 0).ok_or(Reason::DayOutOfRange)?;
            return moment(utc.date_naive(), (utc.hour() * 60 + utc.minute(), Some(0)), zone);
        }
        let mut part = |length| number(&mut head, length, length);
        match digits {
            8 | 14 => {}
            _ => return Err(Reason::BadTime),
        }
        let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else { return Err(Reason::BadTime) };
        let found = date(year, month, day).ok_or(Reason::BadTime)?;
        if digits == 8 {
            let mut rest = rest;
            return if after_date(&mut rest).is_some() { at_clock(found, rest, zone) } else { Err(Reason::BadTime) };
        }
        let clock = (part(2).filter(|h| *h < 24), part(2).filter(|m| *m < 60), part(2).filter(|s| *s < 60));
        match clock {
            (Some(hour), Some(minute), Some(_)) if rest.is_empty() => moment(found, (hour * 60 + minute, None), zone),
            _ => Err(Reason::BadTime),
        }
    }
}

/// What a cell tells of the form of its file's dates; `None` where it is no date with the year last.
pub(crate) fn slashed(text: &str) -> Option<Slashed> {
    let text = plain(text)?;
    let (first, second, year, _) = year_last(text.as_bytes())?;
    match (date(year, second, first).is_some(), date(year, first, second).is_some()) {
        (true, true) => Some(Slashed::Either),
        (true, false) => Some(Slashed::DayFirst),
        (false, true) => Some(Slashed::MonthFirst),
        (false, false) => None,
    }
}

/// Reads `2024-03`, `2024/3`, `202403` or `2024年3月`, within 1990..=2100; months are counted from year 0.
pub(crate) fn month(text: &str) -> Result<i32, Reason> {
    let narrow = narrow(text);
    let text = match narrow.strip_suffix('月').and_then(|text| text.split_once('年')) {
        Some((year, month)) => Cow::Owned(format!("{year}-{month}")),
        None => narrow,
    };
    let mut rest = text.as_bytes();
    let mut read = || {
        let year = number(&mut rest, 4, 4)?;
        let is_compact = byte(&mut rest, b'-').or_else(|| byte(&mut rest, b'/')).is_none();
        let month = number(&mut rest, if is_compact { 2 } else { 1 }, 2).filter(|month| (1..=12).contains(month))?;
        rest.is_empty().then_some((year, month))
    };
    let (year, month) = read().ok_or(Reason::BadMonth)?;
    if !(1990..=2100).contains(&year) {
        return Err(Reason::DayOutOfRange);
    }
    Ok((year * 12 + month - 1) as i32)
}

/// The text in ASCII, `2024年3月5日8时1分` as `2024-3-5 8:1`; `None` where it is no time.
fn plain(text: &str) -> Option<Cow<'_, str>> {
    let narrow = narrow(text);
    if narrow.is_ascii() {
        return Some(narrow);
    }
    let (year, rest) = narrow.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, clock) = rest.split_once('日').or_else(|| rest.split_once('号'))?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (month, day) = (month.trim(), day.trim());
    if ![year, month, day].into_iter().all(is_number) {
        return None;
    }
    let clock = clock.trim();
    let clock = match clock.split_once(['时', '点']) {
        None => Cow::Borrowed(clock),
        Some((hour, rest)) => {
            let (minute, second) = rest.split_once('分')?;
            let second = match second.strip_suffix('秒') {
                Some(second) => second,
                None => Some("0").filter(|_| second.is_empty())?,
            };
            if ![hour, minute, second].into_iter().all(is_number) {
                return None;
            }
            Cow::Owned(format!("{hour}:{minute:0>2}:{second:0>2}"))
        }
    };
    let blank = if clock.is_empty() { "" } else { " " };
    let plain = format!("{year}-{month}-{day}{blank}{clock}");
    plain.is_ascii().then_some(Cow::Owned(plain))
}

fn date(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Takes `2024-03-05`, `2024/3/5` or `2024.3.5` and the `T` or blank after it.
fn year_first(rest: &mut &[u8]) -> Option<NaiveDate> {
    let year = number(rest, 4, 4)?;
    let separator = *rest.first().filter(|b| matches!(b, b'-' | b'/' | b'.'))?;
    byte(rest, separator)?;
    let month = number(rest, 1, 2)?;
    byte(rest, separator)?;
    let day = number(rest, 1, 2)?;
    after_date(rest)?;
    date(year, month, day)
}

/// The two numbers before a year of four digits, the year, and the time after it.
fn year_last(bytes: &[u8]) -> Option<(u32, u32, u32, &[u8])> {
    let mut rest = bytes;
    let first = number(&mut rest, 1, 2)?;
    let separator = *rest.first().filter(|b| matches!(b, b'-' | b'/' | b'.'))?;
    byte(&mut rest, separator)?;
    let second = number(&mut rest, 1, 2)?;
    byte(&mut rest, separator)?;
    let year = number(&mut rest, 4, 4)?;
    after_date(&mut rest)?;
    Some((first, second, year, rest))
}

/// Takes the `T` or blank between date and time; a date may end the text.
fn after_date(rest: &mut &[u8]) -> Option<()> {
    if rest.is_empty() {
        return Some(());
    }
    byte(rest, b'T').or_else(|| byte(rest, b' '))?;
    (!rest.is_empty()).then_some(())
}

fn at_clock(date: NaiveDate, rest: &[u8], zone: Tz) -> Result<Moment, Reason> {
    if rest.is_empty() {
        return moment(date, (u32::from(NO_MINUTE), None), zone);
    }
    moment(date, clock_time(rest).ok_or(Reason::BadTime)?, zone)
}

fn moment(date: NaiveDate, (minute, offset): (u32, Option<i64>), zone: Tz) -> Result<Moment, Reason> {
    let (date, minute) = match offset {
        None => (date, minute),
        Some(offset) => {
            let local = local_time(date, minute, offset, zone).ok_or(Reason::DayOutOfRange)?;
            (local.date_naive(), local.hour() * 60 + local.minute())
        }
    };
    if !(1990..=2100).contains(&date.year()) {
        return Err(Reason::DayOutOfRange);
    }
    Ok(Moment { day: date.to_epoch_days(), minute: minute as u16 })
}

fn local_time(date: NaiveDate, minute: u32, offset: i64, zone: Tz) -> Option<DateTime<Tz>> {
    let utc = date.and_hms_opt(minute / 60, minute % 60, 0)?.checked_sub_signed(TimeDelta::minutes(offset))?;
    // Whole minutes in, whole minutes out, save for zones of long ago with odd seconds.
    let shift = zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
    utc.checked_add_signed(TimeDelta::seconds(shift.into()))?;
    Some(zone.from_utc_datetime(&utc))
}

/// `HH:MM[:SS[.fff]]`, with `AM` or `PM` or an offset in minutes, if one is written. Seconds are checked and dropped.
fn clock_time(mut rest: &[u8]) -> Option<(u32, Option<i64>)> {
    let rest = &mut rest;
    let mut hour = number(rest, 1, 2).filter(|h| *h < 24)?;
    byte(rest, b':')?;
    let minute = number(rest, 2, 2).filter(|m| *m < 60)?;
    if byte(rest, b':').is_some() {
        number(rest, 2, 2).filter(|s| *s < 60)?;
        if byte(rest, b'.').is_some() {
            number(rest, 1, 9)?;
        }
    }
    while byte(rest, b' ').is_some() {}
    let offset = match rest {
        [] => None,
        [half @ (b'A' | b'P' | b'a' | b'p'), b'M' | b'm'] => {
            let hour_of_half = hour.checked_sub(1).filter(|hour| *hour < 12)?;
            hour = (hour_of_half + 1) % 12 + if half.eq_ignore_ascii_case(&b'p') { 12 } else { 0 };
            None
        }
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), tail @ ..] => {
            let mut tail: &[u8] = tail;
            let hours = number(&mut tail, 2, 2).filter(|h| *h < 24)?;
            byte(&mut tail, b':');
            let minutes = if tail.is_empty() { 0 } else { number(&mut tail, 2, 2).filter(|m| *m < 60)? };
            if !tail.is_empty() {
                return None;
            }
            let total = i64::from(hours * 60 + minutes);
            Some(if *sign == b'-' { -total } else { total })
        }
        _ => return None,
    };
    Some((hour * 60 + minute, offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(dates: Dates, text: &str, zone: Tz) -> Result<(String, u16), Reason> {
        let moment = dates.read(text, zone)?;
        let day = model::Day::from_epoch_days(moment.day).expect("moments lie within the calendar");
        Ok((day.to_string(), moment.minute))
    }

    #[test]
    fn a_local_time_keeps_its_day_and_an_instant_moves_to_the_zone() {
        let shanghai = Tz::Asia__Shanghai;
        for (text, day, minute) in [
            ("2024-03-05", "2024-03-05", NO_MINUTE),
            ("2024/3/5", "2024-03-05", NO_MINUTE),
            ("2024.03.05", "2024-03-05", NO_MINUTE),
            ("20240305", "2024-03-05", NO_MINUTE),
            ("2024年3月5日", "2024-03-05", NO_MINUTE),
            ("２０２４年３月５日", "2024-03-05", NO_MINUTE),
            ("２０２４／３／５　８：０１", "2024-03-05", 481),
            ("2024年03月05日 08:01:02", "2024-03-05", 481),
            ("2024年3月5日8时1分", "2024-03-05", 481),
            ("2024年3月5日 23点59分07秒", "2024-03-05", 1439),
            ("20240305 08:01", "2024-03-05", 481),
            ("20240305T08:01:02+09:00", "2024-03-05", 421),
            ("20240305235901", "2024-03-05", 1439),
            ("2024-03-05T23:59", "2024-03-05", 1439),
            ("2024-03-05 08:01:02.123", "2024-03-05", 481),
            ("2024/3/5 8:01", "2024-03-05", 481),
            ("2024/3/5 8:01 PM", "2024-03-05", 1201),
            ("2024/3/5 12:01:59 am", "2024-03-05", 1),
            ("2024-03-05T16:00:00Z", "2024-03-06", 0),
            ("2024-03-05 16:00:00+00", "2024-03-06", 0),
            ("2024-03-05T23:30:00+08:00", "2024-03-05", 1410),
            ("2024-03-05T23:30:00 -0500", "2024-03-06", 750),
            ("2024-03-05T23:30+09", "2024-03-05", 1350),
            ("1709654400", "2024-03-06", 0),
            ("1709654400123", "2024-03-06", 0),
        ] {
            assert_eq!(at(Dates::Undeclared, text, shanghai), Ok((day.to_owned(), minute)), "{text}");
        }
        let read = |text, zone| at(Dates::Undeclared, text, zone);
        assert_eq!(read("2024-03-10T07:30:00Z", Tz::America__New_York), Ok(("2024-03-10".to_owned(), 210)));
        assert_eq!(read("1990-12-31T20:00:00Z", Tz::Asia__Tokyo), Ok(("1991-01-01".to_owned(), 300)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2024",
            "2024-02-30",
            "2024-13-01",
            "13/13/2024",
            "05/06/24",
            "5-6/2024",
            "2024-03-05T",
            "2024-03-05T25:00",
            "2024-03-05T10",
            "2024-03-05T10:61",
            "2024-03-05T10:00:00X",
            "2024-03-05 13:00 PM",
            "2024-03/05",
            "20241305",
            "202403",
            "45356",
            "2024030508",
            "202403050801",
            "17096544001",
            "170965440012345",
            "1709654400.5",
            "20240305240000",
            "20240305x",
            "20240305 ",
            "2024-03-05T10:00:00+8",
            "2024-03-05 ",
            "二〇二四-03-05",
            "二〇二四年三月五日",
            "2024年3-5",
            "2024年3月5",
            "2024年3月5日下午",
            "2024-03-05T10:00:00+08:00x",
        ] {
            assert_eq!(Dates::Undeclared.read(text, Tz::UTC), Err(Reason::BadTime), "{text}");
        }
        for text in ["1989-12-31", "2101-01-01", "0001-01-01T00:00:00Z", "2100-12-31T23:59:00-01:00", "19891231"] {
            assert_eq!(Dates::Undeclared.read(text, Tz::UTC), Err(Reason::DayOutOfRange), "{text}");
        }
    }

    #[test]
    fn a_date_with_the_year_last_needs_a_declared_form() {
        for text in ["05/06/2024", "5-6-2024", "05.06.2024 10:00", "13/06/2024", "06/13/2024"] {
            assert_eq!(Dates::Undeclared.read(text, Tz::UTC), Err(Reason::AmbiguousDate), "{text}");
            assert_eq!(Dates::YearFirst.read(text, Tz::UTC), Err(Reason::BadTime), "{text}");
        }
        assert_eq!(at(Dates::DayFirst, "05/06/2024", Tz::UTC), Ok(("2024-06-05".to_owned(), NO_MINUTE)));
        assert_eq!(at(Dates::MonthFirst, "05/06/2024 3:04:05 PM", Tz::UTC), Ok(("2024-05-06".to_owned(), 904)));
        assert_eq!(at(Dates::DayFirst, "2024-05-06", Tz::UTC), Ok(("2024-05-06".to_owned(), NO_MINUTE)));
        assert_eq!(at(Dates::MonthFirst, "13/06/2024", Tz::UTC), Err(Reason::BadTime));
        assert_eq!(slashed("05/06/2024"), Some(Slashed::Either));
        assert_eq!(slashed("13.6.2024 10:00"), Some(Slashed::DayFirst));
        assert_eq!(slashed("６/13/2024"), Some(Slashed::MonthFirst));
        for text in ["2024-05-06", "13/13/2024", "5/6/24", "", "1.2.3"] {
            assert_eq!(slashed(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_count_from_1970_where_that_is_declared() {
        let day = |text: &str| Ok((text.to_owned(), 0));
        assert_eq!(at(Dates::EpochSeconds, "631152000", Tz::UTC), day("1990-01-01"));
        assert_eq!(at(Dates::EpochSeconds, "1709596800.75", Tz::UTC), day("2024-03-05"));
        assert_eq!(at(Dates::EpochMilliseconds, "631152000000", Tz::UTC), day("1990-01-01"));
        assert_eq!(at(Dates::EpochSeconds, "20240305", Tz::UTC), Err(Reason::DayOutOfRange));
        assert_eq!(at(Dates::EpochSeconds, "99999999999999999999", Tz::UTC), Err(Reason::DayOutOfRange));
        assert_eq!(at(Dates::EpochSeconds, "1709596800x", Tz::UTC), Err(Reason::BadTime));
    }

    #[test]
    fn months_are_read_and_never_guessed() {
        for (text, read) in [
            ("2024-03", (2024, 3)),
            ("2024/3", (2024, 3)),
            ("202403", (2024, 3)),
            ("2024年3月", (2024, 3)),
            ("２０２４年０３月", (2024, 3)),
            ("1990-01", (1990, 1)),
            ("2100-12", (2100, 12)),
        ] {
            assert_eq!(month(text), Ok(read.0 * 12 + read.1 - 1), "{text}");
        }
        for text in [
            "",
            "2024",
            "2024-13",
            "2024-00",
            "24-03",
            "2024-03-01",
            "20243",
            "2024.3",
            "2024年",
            "2024年3",
            "Mar 2024",
            "2024-3x",
            "03/2024",
            "20240301",
        ] {
            assert_eq!(month(text), Err(Reason::BadMonth), "{text}");
        }
        assert_eq!(month("1989-12"), Err(Reason::DayOutOfRange));
        assert_eq!(month("2101-01"), Err(Reason::DayOutOfRange));
    }
}
