//! Text of a cell to exact values: money in minor units, instants to a business day and a minute.
//!
//! No float is ever made. A cell that is not clearly a value is refused, never guessed at:
//! `1,234.50`, `¥12`, `1e3` and `12.345` yuan are bad amounts, `05/06/2024` is a bad time.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;

/// The largest amount of one order or return, in minor units: 42,949,672.95 of a currency with two digits.
/// More is taken for a mistake of the source; the largest order fits 32 bits, so no sum can run over.
pub(crate) const LARGEST_AMOUNT: i64 = 4_294_967_295;

/// The minute of an instant whose source gives the day only.
pub(crate) const NO_MINUTE: u16 = u16::MAX;

/// Why a row is set aside; the text is the stable code in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Reason {
    AbsurdAmount,
    BadAmount,
    BadMonth,
    BadTime,
    BadTimeZone,
    DayOutOfRange,
    EndsBeforeStart,
    MissingId,
    MissingKind,
    NegativeAmount,
    RaggedRow,
    SharedIdentity,
    UnknownChannel,
    UnknownRegion,
    UnknownStore,
}

impl Reason {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::AbsurdAmount => "absurd_amount",
            Self::BadAmount => "bad_amount",
            Self::BadMonth => "bad_month",
            Self::BadTime => "bad_time",
            Self::BadTimeZone => "bad_time_zone",
            Self::DayOutOfRange => "day_out_of_range",
            Self::EndsBeforeStart => "ends_before_start",
            Self::MissingId => "missing_id",
            Self::MissingKind => "missing_kind",
            Self::NegativeAmount => "negative_amount",
            Self::RaggedRow => "ragged_row",
            Self::SharedIdentity => "shared_identity",
            Self::UnknownChannel => "unknown_channel",
            Self::UnknownRegion => "unknown_region",
            Self::UnknownStore => "unknown_store",
        }
    }
}

/// Decimal text to minor units, with its sign. More decimals than the currency has are bad unless they are zeros.
pub(crate) fn amount(text: &str, digits: u8) -> Result<i64, Reason> {
    amount_up_to(text, digits, LARGEST_AMOUNT)
}

/// The same; what is larger than `largest`, without its sign, is absurd.
pub(crate) fn amount_up_to(text: &str, digits: u8, largest: i64) -> Result<i64, Reason> {
    let (negative, number) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
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
        return Err(Reason::BadAmount);
    }
    let digits = usize::from(digits);
    let (kept, extra) = fraction.split_at(fraction.len().min(digits));
    if extra.iter().any(|b| *b != b'0') {
        return Err(Reason::BadAmount);
    }
    let zeros = std::iter::repeat_n(&b'0', digits - kept.len());
    let minor = whole
        .iter()
        .chain(kept)
        .chain(zeros)
        .fold(0i64, |n, b| n.saturating_mul(10).saturating_add(i64::from(b - b'0')));
    if minor > largest {
        return Err(Reason::AbsurdAmount);
    }
    Ok(if negative { -minor } else { minor })
}

/// A business day and the minute within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Days since 1970-01-01, within 1990..=2100.
    pub(crate) day: i32,
    /// Minute of the day, or [`NO_MINUTE`].
    pub(crate) minute: u16,
}

/// Reads `2024-03-05`, `2024/3/5 8:01`, `2024-03-05T08:01:02.5+08:00` …
/// A time with `Z` or an offset is an instant and moves to `zone`; one without is local already.
pub(crate) fn moment(text: &str, zone: Tz) -> Result<Moment, Reason> {
    let mut rest = text.as_bytes();
    let (date, clock) = (date(&mut rest).ok_or(Reason::BadTime)?, !rest.is_empty());
    let (date, minute) = if clock {
        let (minute, offset) = clock_time(rest).ok_or(Reason::BadTime)?;
        match offset {
            None => (date, minute),
            Some(offset) => {
                let local = local_time(date, minute, offset, zone).ok_or(Reason::DayOutOfRange)?;
                (local.date_naive(), local.hour() * 60 + local.minute())
            }
        }
    } else {
        (date, u32::from(NO_MINUTE))
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

/// Takes `2024-03-05` or `2024/3/5` and the `T` or blank after it.
fn date(rest: &mut &[u8]) -> Option<NaiveDate> {
    let year = number(rest, 4, 4)?;
    let separator = *rest.first().filter(|b| matches!(b, b'-' | b'/'))?;
    byte(rest, separator)?;
    let month = number(rest, 1, 2)?;
    byte(rest, separator)?;
    let day = number(rest, 1, 2)?;
    if !rest.is_empty() {
        byte(rest, b'T').or_else(|| byte(rest, b' '))?;
        if rest.is_empty() {
            return None;
        }
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// `HH:MM[:SS[.fff]]` and an offset in minutes, if one is written. Seconds are checked and dropped.
fn clock_time(mut rest: &[u8]) -> Option<(u32, Option<i64>)> {
    let rest = &mut rest;
    let hour = number(rest, 1, 2).filter(|h| *h < 24)?;
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

/// Takes between `least` and `most` digits.
pub(crate) fn number(rest: &mut &[u8], least: usize, most: usize) -> Option<u32> {
    let count = rest.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
    if count < least {
        return None;
    }
    let (digits, tail) = rest.split_at(count);
    *rest = tail;
    Some(digits.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
}

/// Takes one byte if it is this one.
pub(crate) fn byte(rest: &mut &[u8], wanted: u8) -> Option<()> {
    match rest {
        [first, tail @ ..] if *first == wanted => {
            *rest = tail;
            Some(())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert_eq!(amount(text, digits), Ok(minor), "{text}");
        }
        for text in ["", "-", ".", "1.", "1,234.50", "¥12", "1e3", "12.345", "NaN", "１２", "0x10", "--1", "1 2"] {
            assert_eq!(amount(text, 2), Err(Reason::BadAmount), "{text}");
        }
        for text in ["42949672.96", "99999999999999999999999999", "-42949672.96"] {
            assert_eq!(amount(text, 2), Err(Reason::AbsurdAmount), "{text}");
        }
    }

    fn at(text: &str, zone: Tz) -> Result<(String, u16), Reason> {
        let moment = moment(text, zone)?;
        let day = model::Day::from_epoch_days(moment.day).expect("moments lie within the calendar");
        Ok((day.to_string(), moment.minute))
    }

    #[test]
    fn a_local_time_keeps_its_day_and_an_instant_moves_to_the_zone() {
        let shanghai = Tz::Asia__Shanghai;
        for (text, day, minute) in [
            ("2024-03-05", "2024-03-05", NO_MINUTE),
            ("2024/3/5", "2024-03-05", NO_MINUTE),
            ("2024-03-05T23:59", "2024-03-05", 1439),
            ("2024-03-05 08:01:02.123", "2024-03-05", 481),
            ("2024/3/5 8:01", "2024-03-05", 481),
            ("2024-03-05T16:00:00Z", "2024-03-06", 0),
            ("2024-03-05T23:30:00+08:00", "2024-03-05", 1410),
            ("2024-03-05T23:30:00 -0500", "2024-03-06", 750),
            ("2024-03-05T23:30+09", "2024-03-05", 1350),
        ] {
            assert_eq!(at(text, shanghai), Ok((day.to_owned(), minute)), "{text}");
        }
        assert_eq!(at("2024-03-10T07:30:00Z", Tz::America__New_York), Ok(("2024-03-10".to_owned(), 210)));
        assert_eq!(at("1990-12-31T20:00:00Z", Tz::Asia__Tokyo), Ok(("1991-01-01".to_owned(), 300)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2024",
            "2024-02-30",
            "2024-13-01",
            "05/06/2024",
            "2024-03-05T",
            "2024-03-05T25:00",
            "2024-03-05T10",
            "2024-03-05T10:61",
            "2024-03-05T10:00:00X",
            "2024-03/05",
            "20240305",
            "2024-03-05T10:00:00+8",
            "2024-03-05 ",
            "二〇二四-03-05",
            "2024-03-05T10:00:00+08:00x",
        ] {
            assert_eq!(moment(text, Tz::UTC), Err(Reason::BadTime), "{text}");
        }
        for text in ["1989-12-31", "2101-01-01", "0001-01-01T00:00:00Z", "2100-12-31T23:59:00-01:00"] {
            assert_eq!(moment(text, Tz::UTC), Err(Reason::DayOutOfRange), "{text}");
        }
    }
}
