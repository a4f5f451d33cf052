//! Which days: the default, and the nearest valid ones to what an address says.

use model::{Day, Grain, Window};

use super::Note;
use crate::boot::Catalog;

/// The window two days mean, inside the data; none where neither is given.
pub(super) fn span(from: Option<Day>, to: Option<Day>, catalog: &Catalog, notes: &mut Vec<Note>) -> Option<Window> {
    let (first, last) = (catalog.first_day, catalog.data_until.max(catalog.first_day));
    let (asked_from, asked_to) = match (from, to) {
        (None, None) => return None,
        (Some(from), Some(to)) => (from, to),
        (Some(from), None) => (from, last.max(from)),
        (None, Some(to)) => (to.plus(-90).max(first).min(to), to),
    };
    let (low, high) = (asked_from.min(asked_to), asked_from.max(asked_to));
    let window = Window::new(low.clamp(first, last), high.clamp(first, last)).ok()?;
    if (window.from(), window.to()) != (asked_from, asked_to) {
        notes.push(Note::WindowMoved(window));
    }
    Some(window)
}

/// The calendar quarter that ends with the data, where it is whole; else the last 91 days there are.
pub(super) fn default_window(catalog: &Catalog) -> Window {
    let (first, last) = (catalog.first_day, catalog.data_until.max(catalog.first_day));
    let quarter = quarter_of(last);
    if quarter.to() == last && quarter.from() >= first {
        return quarter;
    }
    Window::new(last.plus(-90).max(first), last).unwrap_or(quarter)
}

/// The calendar quarter of a day.
pub(crate) fn quarter_of(day: Day) -> Window {
    let start = day.month_start().plus_months(-((day.month() as i32 - 1) % 3));
    Window::new(start, start.plus_months(3).plus(-1)).expect("a quarter ends after it begins")
}

/// The grain in which a window makes a readable curve.
pub(crate) fn default_grain(window: Window) -> Grain {
    match window.len_days() {
        ..32 => Grain::Day,
        32..=200 => Grain::Week,
        _ => Grain::Month,
    }
}
