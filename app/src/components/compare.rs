//! Small things about "more or less than before": arrows, classes, factors in the order of the formula.

use model::{Factors, Figure};

use crate::format::{self, Style};
use crate::sentence::Part;

/// Which way a value went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Up,
    Down,
    Flat,
}

impl Way {
    /// The way of a relative change; flat where it would be shown as 0.0 %.
    pub(crate) fn of(change: Option<f64>) -> Self {
        match change {
            Some(change) if change >= 0.0005 => Self::Up,
            Some(change) if change <= -0.0005 => Self::Down,
            _ => Self::Flat,
        }
    }

    /// The way of an amount.
    pub(crate) fn of_amount(amount: i64) -> Self {
        match amount {
            1.. => Self::Up,
            0 => Self::Flat,
            _ => Self::Down,
        }
    }

    /// Its class.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Flat => "flat",
        }
    }

    /// Its arrow.
    pub(crate) fn arrow(self) -> &'static str {
        match self {
            Self::Up => "▲",
            Self::Down => "▼",
            Self::Flat => "",
        }
    }
}

/// A factor's value in one window, as a float.
pub(crate) fn value_of(part: Part, factors: &Factors) -> Option<f64> {
    match part {
        Part::Users => Some(factors.users.value as f64),
        Part::Conversion => factors.conversion.value,
        Part::Frequency => factors.frequency.value,
        Part::Aov => factors.aov.value,
        Part::Anonymous => Some(factors.anonymous_sales.value as f64),
    }
}

/// A factor's value as it is written.
pub(crate) fn shown_of(part: Part, value: Option<f64>, style: &Style) -> String {
    match (part, value) {
        (_, None) => format::NOTHING.to_owned(),
        (Part::Users, Some(value)) => style.count(value.round() as i64),
        (Part::Conversion, value) => format::percent(value),
        (Part::Frequency, value) => format::ratio(value),
        (Part::Aov, value) => style.price(value),
        (Part::Anonymous, Some(value)) => style.money(value.round() as i64),
    }
}

/// Half the width of an interval as a share of the value, `±1.2%`; empty when exact.
pub(crate) fn doubt(figure: &Figure<Option<f64>>) -> String {
    match (figure.low, figure.value, figure.high) {
        (Some(low), Some(value), Some(high)) if high > low && value != 0.0 => {
            let half = (high - low) / 2.0 / value.abs() * 100.0;
            "±".to_owned() + &format::fixed(half, 1) + "%"
        }
        _ => String::new(),
    }
}

/// The same for counts and money.
pub(crate) fn doubt_of(figure: &Figure<i64>) -> String {
    doubt(&Figure { value: Some(figure.value as f64), low: Some(figure.low as f64), high: Some(figure.high as f64) })
}
