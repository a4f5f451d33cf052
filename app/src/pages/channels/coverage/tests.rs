//! Which months, which sums, which colours.

use super::*;
use crate::boot::Catalog;
use crate::pages::tests::page;

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

fn window(from: &str, to: &str) -> Window {
    Window::new(day(from), day(to)).expect("days")
}

/// Two channels over 27 months from 2023-01 on, the first with 100 orders a month of which 80 are known.
fn identified() -> Identified {
    let months = 27;
    let many = |n: u64| vec![n; months];
    let money = |n: i64| vec![n; months];
    let channel = |channel, orders: u64, known: u64| ChannelIdentified {
        channel,
        orders: many(orders),
        identified_orders: many(known),
        sales: money(orders as i64 * 10_000),
        identified_sales: money(known as i64 * 12_000),
    };
    Identified { from: day("2023-01-01"), months: 27, channels: vec![channel(0, 100, 80), channel(1, 40, 10)] }
}

fn with(query: &str) -> Page {
    let mut page = page("/channels", query, vec![]);
    page.catalog = Catalog { identified: Some(identified()), ..(*page.catalog).clone() }.into();
    page
}

#[test]
fn the_months_are_the_chosen_ones_and_thirteen_at_least() {
    let all = identified();
    let months = |from, to| listed(&all, window(from, to)).expect("months");
    assert_eq!(months("2025-01-01", "2025-03-31"), 14..=26);
    assert_eq!(months("2024-12-31", "2025-01-01"), 12..=24);
    assert_eq!(months("2023-02-10", "2025-02-01"), 1..=25);
    assert_eq!(months("2023-01-01", "2023-01-02"), 0..=0);
    // Days outside what is there move to what is.
    assert_eq!(months("2030-01-01", "2030-01-02"), 14..=26);
    assert_eq!(months("1999-01-01", "1999-01-02"), 0..=0);
    assert_eq!(listed(&Identified { months: 0, channels: vec![], ..all }, window("2025-01-01", "2025-01-02")), None);
}

#[test]
fn rows_follow_filters_on_channels_and_grounds_and_no_others() {
    let counted = |query: &str| {
        let page = with(query);
        let found = rows(&page, &identified(), &(24..=26)).iter().map(|row| row.id.to_owned()).collect::<Vec<_>>();
        (found, touches_more_than_channels(&page))
    };
    assert_eq!(counted(""), (vec!["wx".into(), "tm".into()], false));
    assert_eq!(counted("channel=tm"), (vec!["tm".into()], false));
    assert_eq!(counted("domain=public"), (vec![], false));
    assert_eq!(counted("tier=%E9%87%91%E5%8D%A1"), (vec!["wx".into(), "tm".into()], true));
}

#[test]
fn sums_are_of_the_months_and_channels_listed() {
    let page = with("");
    let all = identified();
    let rows = rows(&page, &all, &(24..=26));
    let total = rows.iter().fold(Known::default(), |sum, row| sum.with(row.all));
    assert_eq!((total.orders, total.known_orders, total.sales), (420, 270, 4_200_000));
    assert_eq!(total.share(true).value, Some(270.0 / 420.0));
    assert_eq!(ends(&rows, true), (0.25, 0.8));
    assert_eq!(
        plain(&say(&page, &rows, total, 3).0),
        "3 个月里 77.14% 的销售额认得出会员；匿名金额最多的是 天猫（¥8,400，识别率 30.00%）。"
    );
    let page = with("known=orders&lang=en");
    let said = plain(&say(&page, &rows, total, 3).0);
    assert_eq!(
        said,
        "In 3 months the member is known for 64.29% of orders; most anonymous orders are in 天猫 (90, known share 25.00%)."
    );
}

#[test]
fn lists_that_are_cut_short_and_channels_that_are_not_there_count_nothing() {
    let mut broken = identified();
    broken.channels[0].orders.truncate(1);
    broken.channels[1].channel = 999;
    let page = with("");
    assert!(rows(&page, &broken, &(24..=26)).is_empty());
}

#[test]
#[cfg(feature = "ssr")]
fn the_grid_is_a_table_that_says_every_cell_in_full() {
    let page = with("from=2025-01-01&to=2025-03-31&lang=en");
    let html = leptos::prelude::Owner::new().with(|| coverage(&page).expect("a panel").to_html());
    assert_eq!(html.matches("class=\"spot\"").count(), 26, "two channels, thirteen months");
    let full =
        "微信小程序, Mar 2025: the member is known for 80 of 100 orders (80.00%) and ¥9,600.00 of ¥10,000.00 (96.00%)";
    assert!(html.contains(full), "{html}");
    assert!(html.contains("heat-9") && html.contains("heat-0") && html.contains("<caption"));
    // A cell leads to its month of its channel.
    assert!(html.contains("from=2025-03-01&amp;to=2025-03-31"), "{html}");
}

#[test]
#[cfg(feature = "ssr")]
fn what_other_pages_leave_out_is_said_to_come() {
    let mut page = with("lang=en");
    let left = Catalog { identified: None, identified_left: true, ..(*page.catalog).clone() };
    page.catalog = left.into();
    let html = leptos::prelude::Owner::new().with(|| coverage(&page).expect("a place").to_html());
    assert!(html.contains("on their way"));
    page.catalog = Catalog { identified: None, identified_left: false, ..(*page.catalog).clone() }.into();
    assert!(coverage(&page).is_none());
}
