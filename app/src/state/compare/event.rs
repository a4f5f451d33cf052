//! Days of trade that a year is measured around: the lunar new year, which moves, 618 and 双11.

use model::{Day, Window};

/// A day of trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// 春节, the first day of the Chinese calendar's year.
    LunarNewYear,
    /// 618: June 18.
    MidYear,
    /// 双11: November 11.
    Singles,
}

/// The first of [`LUNAR_NEW_YEARS`].
const FIRST_YEAR: i32 = 2014;

/// Month and day of the lunar new year from 2014 on, by the conversion tables of the Hong Kong Observatory
/// ("Gregorian-Lunar Calendar Conversion Table"); the PyPI package `lunardate` has the same. Beware of ICU's Chinese
/// calendar, which is a day off in 2027 and 2030, where the new moon is minutes from midnight in Beijing.
const LUNAR_NEW_YEARS: [(u32, u32); 28] = [
    (1, 31), // 2014
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 16),
    (2, 5),
    (1, 25), // 2020
    (2, 12),
    (2, 1),
    (1, 22),
    (2, 10),
    (1, 29), // 2025
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 3), // 2030
    (1, 23),
    (2, 11),
    (1, 31),
    (2, 19),
    (2, 8), // 2035
    (1, 28),
    (2, 15),
    (2, 4),
    (1, 24),
    (2, 12), // 2040
    (2, 1),
];

/// So many days before an event its trade begins, at most: pre-sales, or shopping for the holiday.
const BEFORE: i32 = 45;
/// So many days after it the echo is over.
const AFTER: i32 = 30;

impl Event {
    /// Its day in a year; none where the table of lunar new years ends.
    pub(crate) fn day(self, year: i32) -> Option<Day> {
        let (month, day) = match self {
            Self::LunarNewYear => *LUNAR_NEW_YEARS.get(usize::try_from(year - FIRST_YEAR).ok()?)?,
            Self::MidYear => (6, 18),
            Self::Singles => (11, 11),
        };
        Day::from_ymd(year, month, day)
    }

    /// The year whose event a window stands around: the nearest, the latest where several are as near, such as
    /// inside the window.
    fn year_of(self, window: Window) -> Option<i32> {
        let years = window.from().year() - 1..=window.to().year() + 1;
        let distance = |year: &i32| {
            let day = self.day(*year)?;
            let gap = (window.from().epoch_days() - day.epoch_days()).max(day.epoch_days() - window.to().epoch_days());
            Some((gap.max(0), -year))
        };
        let nearest = years.filter_map(|year| Some((distance(&year)?, year))).min()?;
        Some(nearest.1)
    }

    /// Days from the event a year before to the one that the window stands around.
    pub(super) fn days_since_last(self, window: Window) -> Option<i32> {
        let year = self.year_of(window)?;
        Some(self.day(year)?.epoch_days() - self.day(year - 1)?.epoch_days())
    }

    /// Whether any day of the window is of the event's season.
    pub(super) fn is_near(self, window: Window) -> bool {
        let day = self.year_of(window).and_then(|year| self.day(year));
        day.is_some_and(|day| window.to() >= day.plus(-BEFORE) && window.from() <= day.plus(AFTER))
    }
}
