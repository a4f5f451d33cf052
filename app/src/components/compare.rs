//! Small things about "more or less than before": arrows, classes, factors in the order of the formula.

use leptos::prelude::*;
use model::Factors;

use crate::format::{Style, Unit};
use crate::i18n::{Lang, t};
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
        Part::Orders => Some(factors.orders.value as f64),
        Part::OrderValue => order_value(factors),
    }
}

/// Sales over orders, anonymous ones included, minor units; none without orders.
pub(crate) fn order_value(factors: &Factors) -> Option<f64> {
    (factors.orders.value > 0).then(|| factors.sales.value as f64 / factors.orders.value as f64)
}

/// A factor's value as it is written.
pub(crate) fn shown_of(part: Part, value: Option<f64>, style: &Style) -> String {
    style.show(unit_of(part), value)
}

/// The unit a factor is written in.
pub(crate) fn unit_of(part: Part) -> Unit {
    match part {
        Part::Users | Part::Orders => Unit::Count,
        Part::Conversion => Unit::Percent,
        Part::Frequency => Unit::Ratio,
        Part::Aov | Part::OrderValue => Unit::Price,
        Part::Anonymous => Unit::Money,
    }
}

/// How sure a figure is, small beside it; always there, so that nothing moves when the last doubt is gone.
pub(crate) fn beside(doubt: String, lang: Lang) -> AnyView {
    let few = doubt == t!(lang, frame.too_few);
    view! { <small class="pm" title=few.then_some(t!(lang, frame.too_few_is))>{doubt}</small> }.into_any()
}

/// A number and its doubt in a line of plain text.
pub(crate) fn with_doubt(shown: String, doubt: &str) -> String {
    if doubt.is_empty() { shown } else { shown + " " + doubt }
}
