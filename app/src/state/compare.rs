//! What the window is compared with.

use model::Window;

use super::words::Words;
use crate::boot::Catalog;

/// What the window is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    /// As many days, ending the day before.
    Previous,
    /// The same days one year earlier.
    Year,
    /// Nothing.
    Nothing,
    /// Days of the reader's choice.
    Custom,
}

impl Compare {
    /// Its words in the URL.
    pub(super) const WORDS: Words<Self> =
        Words(&[("prev", Self::Previous), ("year", Self::Year), ("none", Self::Nothing), ("custom", Self::Custom)]);

    /// The choices of the menu, in its order; days of the reader's choice have a form there instead.
    pub(crate) const CHOICES: [Self; 3] = [Self::Year, Self::Previous, Self::Nothing];

    /// The days compared with; `custom` are those of the reader's choice.
    pub(crate) fn days(self, window: Window, custom: Option<Window>) -> Option<Window> {
        match self {
            Self::Previous => Some(window.previous()),
            Self::Year => Some(window.year_earlier()),
            Self::Custom => custom,
            Self::Nothing => None,
        }
    }

    /// Last year where the data covers it, else the days before, else nothing.
    pub(super) fn default_for(window: Window, catalog: &Catalog) -> Self {
        let covered = |compare: &Self| compare.days(window, None).is_none_or(|days| days.from() >= catalog.first_day);
        Self::CHOICES.into_iter().find(covered).unwrap_or(Self::Nothing)
    }
}
