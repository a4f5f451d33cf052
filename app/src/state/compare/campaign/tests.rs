//! Campaigns day by day, by hand; and what addresses make of them.

use super::*;
use crate::boot::tests::catalog;
use crate::i18n::Lang;
use crate::state::{Compare, Note, PageName, State};
use model::Day;

fn window(from: &str, to: &str) -> Window {
    Window::new(Day::parse(from).expect("a day"), Day::parse(to).expect("a day")).expect("in order")
}

fn campaign(id: &str, name: &str, kind: &str, from: &str, to: &str) -> Campaign {
    let days = window(from, to);
    Campaign { id: id.into(), name: name.into(), kind: kind.into(), first_day: days.from(), last_day: days.to() }
}

/// Data from 2023-01-01 to 2025-03-31.
fn with_campaigns() -> Catalog {
    let mut catalog = catalog();
    catalog.campaigns_dated = vec![
        campaign("early", "三八焕新 2022", "platform", "2022-03-05", "2022-03-08"),
        campaign("m23", "2023三八焕新", "platform", "2023-03-06", "2023-03-08"),
        campaign("618-23", "2023年618年中大促", "platform", "2023-05-31", "2023-06-20"),
        campaign("m24", "2024三八焕新", "platform", "2024-03-05", "2024-03-08"),
        campaign("618-24", "2024年618年中大促", "platform", "2024-05-20", "2024-06-20"),
        campaign("sw", "西南焕新季", "regional", "2025-03-03", "2025-03-14"),
        campaign("m25", "2025三八焕新", "platform", "2025-03-05", "2025-03-08"),
        campaign("now", "春夏上新", "", "2025-03-20", "2025-04-20"),
        campaign("next", "2025年618年中大促", "platform", "2025-05-20", "2025-06-20"),
    ];
    catalog.campaigns = vec!["m24".into(), "m25".into(), "undated".into()];
    catalog
}

fn pair(now: &str, then: &str) -> CampaignPair {
    CampaignPair { now: now.into(), then: then.into() }
}

fn read(query: &str) -> State {
    State::read("/", query, Lang::En, &with_campaigns())
}

#[test]
fn day_k_stands_on_day_k_up_to_the_last_day_that_both_have() {
    let catalog = with_campaigns();
    let days = |now, then| {
        let pair = pair(now, then);
        let aligned = pair.aligned(&catalog)?;
        Some((aligned.days, aligned.compared(aligned.days).expect("inside"), aligned.cut_short(&catalog)))
    };
    // As long as each other.
    assert_eq!(
        days("m25", "m24"),
        Some((window("2025-03-05", "2025-03-08"), window("2024-03-05", "2024-03-08"), None))
    );
    // 32 days against 21: the first 21 of both, over different months.
    assert_eq!(
        days("618-24", "618-23"),
        Some((window("2024-05-20", "2024-06-09"), window("2023-05-31", "2023-06-20"), Some(21)))
    );
    // It still runs: 12 days by the end of the data.
    assert_eq!(
        days("now", "618-24"),
        Some((window("2025-03-20", "2025-03-31"), window("2024-05-20", "2024-05-31"), None))
    );
    assert_eq!(days("next", "618-24"), None, "not a day of it yet");
    assert_eq!(days("m24", "m25"), None, "not earlier");
    assert_eq!(days("m25", "sw"), None, "at the same time");
    assert_eq!(days("m25", "m25"), None);
    assert_eq!(days("early", "m24"), None, "before the data");
    assert_eq!(days("m25", "undated"), None);
}

#[test]
fn a_part_of_the_days_is_compared_with_the_same_part() {
    let (catalog, pair) = (with_campaigns(), pair("618-24", "618-23"));
    let aligned = pair.aligned(&catalog).expect("two of a kind");
    let part = window("2024-05-22", "2024-06-01");
    assert_eq!(aligned.compared(part), Some(window("2023-06-02", "2023-06-12")));
    assert_eq!(aligned.counted(part), (3, 13));
    assert_eq!(aligned.compared(window("2024-05-22", "2024-06-10")), None, "a day that the earlier one lacks");
    assert_eq!(aligned.compared(window("2024-05-19", "2024-05-20")), None);
}

#[test]
fn the_menu_offers_what_the_window_or_the_filter_means() {
    let catalog = with_campaigns();
    let offered = |pair: Option<&CampaignPair>, campaigns: &[&str], from: &str, to: &str| {
        let filter = Filter { campaigns: campaigns.iter().map(|id| (*id).to_owned()).collect(), ..Filter::default() };
        let offers = offers(pair, &filter, window(from, to), &catalog);
        let ids = |earlier: &[Aligned<'_>]| earlier.iter().map(|a| a.then.id.clone()).collect::<Vec<_>>().join(" ");
        offers.iter().map(|(now, earlier)| format!("{}: {}", now.id, ids(earlier))).collect::<Vec<_>>()
    };
    // Inside one campaign, and over none. Of its own name first, then of its kind, then the rest.
    assert_eq!(offered(None, &[], "2024-05-25", "2024-06-01"), ["618-24: 618-23 m24 m23"]);
    // Over some, the latest first, three at most; one that still runs is over when its days so far are.
    assert_eq!(
        offered(None, &[], "2025-01-01", "2025-03-31"),
        ["now: m25 sw 618-24 m24 618-23 m23", "m25: m24 m23 618-24 618-23", "sw: 618-24 m24 618-23 m23",]
    );
    assert_eq!(offered(None, &[], "2024-06-15", "2024-07-31"), Vec::<String>::new(), "neither in it nor over it");
    assert_eq!(offered(None, &["m25"], "2023-01-01", "2023-01-31"), ["m25: m24 m23 618-24 618-23"]);
    assert_eq!(offered(None, &["undated"], "2025-01-01", "2025-03-31"), Vec::<String>::new());
    assert_eq!(offered(None, &["m24", "m25"], "2025-01-01", "2025-03-31"), Vec::<String>::new());
    let chosen = pair("m24", "m23");
    assert_eq!(offered(Some(&chosen), &["m24", "m23"], "2024-03-05", "2024-03-07"), ["m24: m23 618-23"]);
}

#[test]
fn names_of_two_years_are_the_same_without_them() {
    for (a, b) in [
        ("2024年618年中大促", "2023年618年中大促"),
        ("2024三八焕新", "三八焕新 2025"),
        ("Summer Sale 2024", "summer sale, 2025"),
        ("双11", "2024双11"),
    ] {
        assert_eq!(nameless(a), nameless(b));
    }
    assert_ne!(nameless("2024年618"), nameless("2024年双11"));
    assert_ne!(nameless("20245 steps"), nameless("steps"));
    assert_eq!(nameless("2024"), "");
}

#[test]
fn an_address_says_both_campaigns_and_survives_its_own_link() {
    let text = "?from=2025-03-05&to=2025-03-07&compare=campaign&cnow=m25&cthen=m24&campaign=m25&campaign=m24";
    let state = read(text);
    assert_eq!(state.notes, []);
    assert_eq!(state.compare, Compare::Campaign);
    assert_eq!(state.question().compare, Some(window("2024-03-05", "2024-03-07")));
    assert_eq!(state.params.href(&PageName::Growth), "/".to_owned() + text);
    // Without days, all that both have.
    let state = read("?compare=campaign&cnow=618-24&cthen=618-23");
    assert_eq!(state.window, window("2024-05-20", "2024-06-09"));
    assert_eq!(state.compared, Some(window("2023-05-31", "2023-06-20")));
    assert_eq!(state.notes, []);
    // Days of before the data are said, as for any comparison.
    let state = read("?compare=campaign&cnow=m23&cthen=early");
    assert_eq!(state.compared, Some(window("2022-03-05", "2022-03-07")));
    assert_eq!(state.notes, [Note::CompareBeforeData(catalog().first_day)]);
}

#[test]
fn impossible_pairs_become_the_default_and_are_said() {
    let ignored = Note::Ignored { field: "compare", value: "campaign".into() };
    for (query, notes) in [
        ("compare=campaign", vec![ignored.clone()]),
        ("compare=campaign&cnow=m25", vec![ignored.clone()]),
        ("compare=campaign&cnow=m25&cthen=moon", vec![Note::Unknown("moon".into()), ignored.clone()]),
        ("compare=campaign&cnow=m25&cthen=undated", vec![Note::Unknown("undated".into()), ignored]),
        ("compare=campaign&cnow=m24&cthen=m25", vec![Note::NoCampaignDays]),
        ("from=2025-03-01&to=2025-03-31&compare=campaign&cnow=m25&cthen=m24", vec![Note::OutsideCampaign]),
    ] {
        let state = read(query);
        assert_eq!(state.notes, notes, "{query}");
        assert_eq!(state.compare, Compare::Year, "{query}");
        let nearest = state.params.href(&PageName::Growth);
        assert!(!nearest.contains("compare") && !nearest.contains("cnow"), "{nearest}");
        assert_eq!(read(nearest.trim_start_matches('/')).notes, [], "{nearest}");
    }
}
