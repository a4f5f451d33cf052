//! Cuts a window into periods.

use model::{Align, Day, Grain, Window};

/// A period of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// First day inside the window.
    pub(crate) from: Day,
    /// Last day inside the window.
    pub(crate) to: Day,
    /// Whether the window cuts it short.
    pub(crate) cut: bool,
}

/// The periods of a window in time order; together they are the window.
pub(crate) fn periods(window: Window, grain: Grain, align: Align) -> Vec<Period> {
    let mut periods = Vec::new();
    let mut step = 0;
    let anchor = match (align, grain) {
        (Align::Window, _) | (_, Grain::Day) => window.from(),
        (Align::Calendar, Grain::Week) => window.from().week_start(),
        (Align::Calendar, Grain::Month) => window.from().month_start(),
    };
    // Steps are counted from the anchor, so that a 31st does not drift to the 28th.
    let start = |step: i32| match grain {
        Grain::Day => anchor.plus(step),
        Grain::Week => anchor.plus(7 * step),
        Grain::Month => anchor.plus_months(step),
    };
    while start(step) <= window.to() {
        let (first, next) = (start(step), start(step + 1));
        // At the calendar's end `next` cannot move on.
        let last = if next > first { next.plus(-1) } else { first };
        let (from, to) = (first.max(window.from()), last.min(window.to()));
        periods.push(Period { from, to, cut: from != first || to != last });
        if next <= first {
            break;
        }
        step += 1;
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(from: &str, to: &str, grain: Grain, align: Align) -> String {
        let window = Window::new(Day::parse(from).unwrap(), Day::parse(to).unwrap()).unwrap();
        let show = |p: &Period| format!("{}..{}{}", p.from, p.to, if p.cut { " cut" } else { "" });
        periods(window, grain, align).iter().map(show).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn calendar_weeks_start_on_monday_and_are_cut_at_the_windows_ends() {
        assert_eq!(
            cut("2025-01-01", "2025-01-14", Grain::Week, Align::Calendar),
            "2025-01-01..2025-01-05 cut, 2025-01-06..2025-01-12, 2025-01-13..2025-01-14 cut"
        );
    }

    #[test]
    fn aligned_weeks_start_with_the_window() {
        assert_eq!(
            cut("2025-01-01", "2025-01-16", Grain::Week, Align::Window),
            "2025-01-01..2025-01-07, 2025-01-08..2025-01-14, 2025-01-15..2025-01-16 cut"
        );
    }

    #[test]
    fn aligned_months_do_not_drift_from_the_31st() {
        assert_eq!(
            cut("2025-01-31", "2025-04-29", Grain::Month, Align::Window),
            "2025-01-31..2025-02-27, 2025-02-28..2025-03-30, 2025-03-31..2025-04-29"
        );
    }

    #[test]
    fn the_end_of_the_calendar_is_an_end() {
        assert_eq!(cut("2100-12-31", "2100-12-31", Grain::Day, Align::Calendar), "2100-12-31..2100-12-31");
        assert!(cut("2100-12-01", "2100-12-31", Grain::Month, Align::Calendar).starts_with("2100-12-01"));
    }
}
