//! What the window is compared with.
//!
//! Every comparison is a rule from one window to another, without a look at the facts.

mod campaign;
mod event;

use model::{Day, Window};

use super::words::Words;
use crate::boot::Catalog;

pub(crate) use campaign::{Aligned, CampaignPair, offers};
pub(crate) use event::Event;

/// What the window is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    /// As many days, ending the day before.
    Previous,
    /// As many days on the same weekdays, as few whole weeks earlier as leave no day in both.
    Weekdays,
    /// The same days one month earlier: "month to date". Whole months are compared with whole months.
    Month,
    /// The same days three months earlier: "quarter to date". Whole months are compared with whole months.
    Quarter,
    /// The same days one year earlier; for a window that begins with the year, "year to date".
    Year,
    /// 364 days earlier: the same weekdays one year earlier.
    YearWeekdays,
    /// The same days before and after a day of trade that moves, or that the window stands around, one year earlier.
    Around(Event),
    /// The same days of an earlier campaign, day 1 on day 1; the address names both.
    Campaign,
    /// Nothing.
    Nothing,
    /// Days of the reader's choice.
    Custom,
}

/// Days in fifty-two weeks.
const FIFTY_TWO_WEEKS: i32 = 364;

impl Compare {
    /// Its words in the URL.
    pub(super) const WORDS: Words<Self> = Words(&[
        ("prev", Self::Previous),
        ("weekdays", Self::Weekdays),
        ("month", Self::Month),
        ("quarter", Self::Quarter),
        ("year", Self::Year),
        ("year364", Self::YearWeekdays),
        ("lunar", Self::Around(Event::LunarNewYear)),
        ("618", Self::Around(Event::MidYear)),
        ("1111", Self::Around(Event::Singles)),
        ("campaign", Self::Campaign),
        ("none", Self::Nothing),
        ("custom", Self::Custom),
    ]);

    /// The choices of the menu, in its order; days of the reader's choice have a form there instead, campaigns a list.
    const CHOICES: [Self; 10] = [
        Self::Year,
        Self::YearWeekdays,
        Self::Previous,
        Self::Weekdays,
        Self::Month,
        Self::Quarter,
        Self::Around(Event::LunarNewYear),
        Self::Around(Event::MidYear),
        Self::Around(Event::Singles),
        Self::Nothing,
    ];

    /// The choices that say something about a window: those whose days lie before it, and events that it is near.
    pub(crate) fn choices(window: Window) -> impl Iterator<Item = Self> {
        Self::CHOICES.into_iter().filter(move |choice| match choice {
            Self::Nothing | Self::Previous | Self::Year => true,
            Self::Around(event) => event.is_near(window) && choice.days(window, None).is_some(),
            other => other.days(window, None).is_some_and(|days| days.to() < window.from()),
        })
    }

    /// The days compared with; `given` are those of the reader's choice or of a campaign. None for [`Self::Nothing`],
    /// without the given days, and around an event whose date in one of the two years is not known.
    pub(crate) fn days(self, window: Window, given: Option<Window>) -> Option<Window> {
        match self {
            Self::Previous => Some(window.previous()),
            Self::Weekdays => moved(window, (window.len_days() + 6) / 7 * 7),
            Self::Month => months_earlier(window, 1),
            Self::Quarter => months_earlier(window, 3),
            Self::Year => Some(window.year_earlier()),
            Self::YearWeekdays => moved(window, FIFTY_TWO_WEEKS),
            Self::Around(event) => moved(window, event.days_since_last(window)?),
            Self::Campaign | Self::Custom => given,
            Self::Nothing => None,
        }
    }

    /// Last year where the data covers it, else the days before, else nothing.
    pub(super) fn default_for(window: Window, catalog: &Catalog) -> Self {
        let covered = |compare: &Self| compare.days(window, None).is_none_or(|days| days.from() >= catalog.first_day);
        [Self::Year, Self::Previous].into_iter().find(covered).unwrap_or(Self::Nothing)
    }
}

/// The window so many days earlier; none before the calendar begins.
fn moved(window: Window, days: i32) -> Option<Window> {
    let earlier = |day: Day| Day::from_epoch_days(day.epoch_days() - days);
    Window::new(earlier(window.from())?, earlier(window.to())?).ok()
}

/// The same days of earlier months; a month that is shorter ends with its last day. A window that ends with a month
/// ends with one there too, if it begins with one.
fn months_earlier(window: Window, months: i32) -> Option<Window> {
    let (from, to) = (window.from(), window.to());
    let whole = from.day_of_month() == 1 && to.plus(1).day_of_month() == 1;
    let end = if whole { to.plus(1).plus_months(-months).plus(-1) } else { to.plus_months(-months) };
    Window::new(from.plus_months(-months), end).ok()
}

#[cfg(test)]
mod tests;
