//! The days of every comparison, by hand.

use super::*;

fn window(from: &str, to: &str) -> Window {
    Window::new(Day::parse(from).expect("a day"), Day::parse(to).expect("a day")).expect("in order")
}

#[track_caller]
fn compares(compare: Compare, days: [&str; 2], expected: [&str; 2]) {
    let got = compare.days(window(days[0], days[1]), None);
    assert_eq!(got, Some(window(expected[0], expected[1])), "{compare:?} of {days:?}");
}

fn weekday(day: Day) -> i32 {
    day.epoch_days() - day.week_start().epoch_days()
}

#[test]
fn same_weekdays_before_are_whole_weeks_earlier_and_never_overlap() {
    compares(Compare::Weekdays, ["2025-03-01", "2025-03-31"], ["2025-01-25", "2025-02-24"]);
    compares(Compare::Weekdays, ["2025-03-25", "2025-03-31"], ["2025-03-18", "2025-03-24"]);
    compares(Compare::Weekdays, ["2025-03-31", "2025-03-31"], ["2025-03-24", "2025-03-24"]);
    for length in 1..400 {
        let from = Day::parse("2024-12-30").expect("a day");
        let now = Window::new(from, from.plus(length - 1)).expect("in order");
        let then = Compare::Weekdays.days(now, None).expect("inside the calendar");
        assert_eq!(then.len_days(), length);
        assert_eq!(weekday(then.from()), weekday(now.from()));
        assert!(then.to() < now.from() && now.from().epoch_days() - then.to().epoch_days() <= 7);
    }
}

#[test]
fn a_year_by_weekdays_is_364_days_also_over_leap_days() {
    compares(Compare::YearWeekdays, ["2024-03-01", "2024-03-31"], ["2023-03-03", "2023-04-02"]);
    compares(Compare::YearWeekdays, ["2024-02-29", "2024-02-29"], ["2023-03-02", "2023-03-02"]);
    compares(Compare::YearWeekdays, ["2025-02-28", "2025-03-01"], ["2024-03-01", "2024-03-02"]);
}

#[test]
fn to_date_is_the_same_days_of_the_month_before() {
    compares(Compare::Month, ["2025-03-01", "2025-03-15"], ["2025-02-01", "2025-02-15"]);
    // February has no 30th: the comparison ends with the month.
    compares(Compare::Month, ["2025-03-01", "2025-03-30"], ["2025-02-01", "2025-02-28"]);
    compares(Compare::Month, ["2024-03-01", "2024-03-30"], ["2024-02-01", "2024-02-29"]);
    compares(Compare::Month, ["2025-01-01", "2025-01-10"], ["2024-12-01", "2024-12-10"]);
}

#[test]
fn whole_months_are_compared_with_whole_months() {
    compares(Compare::Month, ["2025-02-01", "2025-02-28"], ["2025-01-01", "2025-01-31"]);
    compares(Compare::Quarter, ["2025-04-01", "2025-06-30"], ["2025-01-01", "2025-03-31"]);
    compares(Compare::Quarter, ["2024-04-01", "2024-05-31"], ["2024-01-01", "2024-02-29"]);
    // A window that begins within a month is no whole month, even if it ends with one.
    compares(Compare::Month, ["2025-02-10", "2025-02-28"], ["2025-01-10", "2025-01-28"]);
}

#[test]
fn quarter_and_year_to_date() {
    compares(Compare::Quarter, ["2025-01-01", "2025-02-14"], ["2024-10-01", "2024-11-14"]);
    compares(Compare::Quarter, ["2024-05-01", "2024-05-29"], ["2024-02-01", "2024-02-29"]);
    compares(Compare::Year, ["2024-01-01", "2024-02-29"], ["2023-01-01", "2023-02-28"]);
}

#[test]
fn around_the_lunar_new_year_the_same_days_before_and_after_it() {
    let lunar = Compare::Around(Event::LunarNewYear);
    // 2025-01-29 against 2024-02-10: 354 days.
    compares(lunar, ["2025-01-22", "2025-02-04"], ["2024-02-03", "2024-02-16"]);
    // A window that does not hold the day, before it and after it.
    compares(lunar, ["2025-01-01", "2025-01-10"], ["2024-01-13", "2024-01-22"]);
    compares(lunar, ["2025-02-10", "2025-03-15"], ["2024-02-22", "2024-03-26"]);
    // 2024-02-10 against 2023-01-22: 384 days, over no leap day.
    compares(lunar, ["2024-02-10", "2024-02-10"], ["2023-01-22", "2023-01-22"]);
    // From December on the next one is nearer.
    compares(lunar, ["2024-12-20", "2024-12-31"], ["2024-01-01", "2024-01-12"]);
}

#[test]
fn around_618_and_double_11() {
    let mid_year = Compare::Around(Event::MidYear);
    compares(mid_year, ["2024-06-01", "2024-06-20"], ["2023-06-01", "2023-06-20"]);
    // 120 days before the event stay 120 days, also over a leap day.
    compares(mid_year, ["2024-02-19", "2024-06-18"], ["2023-02-18", "2023-06-18"]);
    compares(Compare::Around(Event::Singles), ["2024-10-20", "2024-11-12"], ["2023-10-20", "2023-11-12"]);
    compares(Compare::Around(Event::Singles), ["2025-01-05", "2025-01-06"], ["2024-01-05", "2024-01-06"]);
}

#[test]
fn a_window_of_several_years_stands_around_its_last_event() {
    compares(Compare::Around(Event::LunarNewYear), ["2023-01-01", "2025-03-31"], ["2022-01-12", "2024-04-11"]);
}

#[test]
fn every_lunar_new_year_is_the_day_after_a_new_moon() {
    // Mean lunations from 2000-01-06 18:14 UTC; true new moons stay within 15 hours of them.
    for year in 2015..=2040 {
        let day = Event::LunarNewYear.day(year).expect("in the table");
        let days = f64::from(day.epoch_days()) + 12.0 / 24.0 - 8.0 / 24.0 - (10_962.0 + 18.23 / 24.0);
        let off = (days / 29.530_588_853).fract() * 29.530_588_853;
        let off = if off > 15.0 { off - 29.530_588_853 } else { off };
        assert!(off.abs() < 1.2, "{day}: {off} days from a new moon");
        assert!((121..=220).contains(&(day.month() * 100 + day.day_of_month())), "{day}");
    }
}

#[test]
fn no_comparison_where_the_table_or_the_calendar_ends() {
    let lunar = Compare::Around(Event::LunarNewYear);
    assert_eq!(lunar.days(window("2014-01-31", "2014-01-31"), None), None);
    assert_eq!(lunar.days(window("2070-01-01", "2070-02-01"), None), None);
    assert_eq!(Compare::YearWeekdays.days(window("1990-01-02", "1990-01-05"), None), None);
}

#[test]
fn the_menu_offers_what_says_something() {
    let offered = |from, to| Compare::choices(window(from, to)).collect::<Vec<_>>();
    let winter = offered("2025-01-01", "2025-03-31");
    assert!(winter.contains(&Compare::Around(Event::LunarNewYear)));
    assert!(!winter.contains(&Compare::Around(Event::Singles)));
    assert!(winter.contains(&Compare::Quarter) && !winter.contains(&Compare::Month), "{winter:?}");
    let years = offered("2023-01-01", "2025-03-31");
    assert!(!years.contains(&Compare::YearWeekdays) && years.contains(&Compare::Year), "{years:?}");
}
