//! Addresses read and written, case by case.

use super::*;
use crate::boot::tests::catalog;

fn read(text: &str) -> State {
    State::read("/", text, Lang::Zh, &catalog())
}

#[test]
fn a_bare_address_shows_the_whole_last_quarter_against_last_year() {
    let state = read("");
    assert_eq!(state.window.from().to_string(), "2025-01-01");
    assert_eq!(state.window.to().to_string(), "2025-03-31");
    assert_eq!(state.compare, Compare::Year);
    assert_eq!(state.grain, Grain::Week);
    assert!(state.notes.is_empty());
    assert_eq!(state.params.href(&PageName::Growth), "/");
}

#[test]
fn a_state_survives_its_own_link() {
    let text = "?from=2025-02-01&to=2025-02-28&compare=custom&cfrom=2024-02-01&cto=2024-02-28&region=%E5%8D%8E%E4%B8%9C&store=S001&channel=wx&grain=day&measure=aov&lang=en&theme=dark";
    let state = read(text);
    assert_eq!(state.notes, []);
    assert_eq!(state.params.href(&PageName::Growth), "/".to_owned() + text);
}

#[test]
fn nonsense_becomes_the_nearest_valid_state_and_is_said() {
    let state = read("?from=2030-01-01&to=2020-01-01&compare=moon&region=Atlantis&grain=hour");
    assert_eq!(state.window.from(), catalog().first_day);
    assert_eq!(state.window.to(), catalog().data_until);
    assert_eq!(state.notes.len(), 4, "{:?}", state.notes);
    assert!(state.params.filter.regions.is_empty());
}

#[test]
fn a_year_by_day_is_drawn_coarser() {
    let state = read("?from=2024-01-01&to=2024-12-31&grain=day");
    assert_eq!(state.grain, Grain::Month);
    assert!(state.notes.contains(&Note::GrainCoarser));
}

#[test]
fn a_store_is_found_by_id_by_name_or_by_a_part_that_only_it_has() {
    for word in ["S001", "上海南京西路店", "南京西路"] {
        let state = State::read("/", &format!("store={word}"), Lang::Zh, &catalog());
        assert_eq!(state.params.filter.stores, ["S001"], "{word}");
    }
}
