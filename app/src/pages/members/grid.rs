//! The RFM grid: recency down, frequency across, the best in the upper left corner; a cell is as strong as its sales
//! and carries a dot as large as its members; segments are named and set apart.

use leptos::prelude::*;
use model::{Figure, Money, RfmAnswer};

use super::answers;
use super::cuts;
use super::options::Shown;
use super::segments::{SEGMENTS, place};
use crate::boot::Page;
use crate::components::compare::{beside, with_doubt};
use crate::components::heatmap::level;
use crate::components::table::Cell;
use crate::components::tabs::{Tab, tabs};
use crate::i18n::t;
use crate::state::Picked;

/// Scores, the best first.
const SCORES: [u8; 5] = [5, 4, 3, 2, 1];
/// Half the side of the field a dot is drawn in.
const REACH: f64 = 20.0;

/// What the cells are measured against.
struct Largest {
    members: i64,
    sales: i64,
}

/// The grid in a box that scrolls by itself.
pub(super) fn grid(page: &Page, rfm: &RfmAnswer) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let money = page.state.params.members.money;
    let all: Vec<(Figure<i64>, Money)> =
        SCORES.iter().flat_map(|r| SCORES.iter().filter_map(|f| answers::cell(rfm, *r, *f, money))).collect();
    let largest = Largest {
        members: all.iter().map(|(members, _)| members.value).max().unwrap_or(0),
        sales: all.iter().map(|(_, sales)| sales.value).max().unwrap_or(0),
    };
    let head = SCORES
        .map(|frequency| {
            let words = cuts::frequency(&rfm.cuts, frequency, &style).unwrap_or_default();
            view! { <th scope="col">{t!(lang, members.frequency_score, score = frequency)}<small>{words}</small></th> }
        })
        .collect_view();
    let mut reached = false;
    let body = SCORES
        .map(|recency| {
            let words =
                cuts::recency(&rfm.cuts, recency, rfm.as_of, page.catalog.first_day, &style).unwrap_or_default();
            let cells = SCORES.map(|frequency| cell(page, rfm, recency, frequency, &largest, &mut reached));
            view! {
                <tr>
                    <th scope="row">{t!(lang, members.recency_score, score = recency)}<small>{words}</small></th>
                    {cells.collect_view()}
                </tr>
            }
        })
        .collect_view();
    let caption = t!(lang, members.rfm_note);
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=caption>
            <table class="rfm">
                <caption class="sr">{caption}</caption>
                <thead><tr><th scope="col">{t!(lang, members.rfm_corner)}</th>{head}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn cell(page: &Page, rfm: &RfmAnswer, recency: u8, frequency: u8, largest: &Largest, reached: &mut bool) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let at = place(recency, frequency);
    let segment = &SEGMENTS[at];
    let edge = |r: u8, f: u8| if place(r, f) == at { "" } else { " off" };
    let above = if recency < 5 && !edge(recency + 1, frequency).is_empty() { " above" } else { "" };
    let before = if frequency < 5 && !edge(recency, frequency + 1).is_empty() { " before" } else { "" };
    let name = if segment.corner() == (recency, frequency) { (segment.name)(lang) } else { "" };
    let Some((members, sales)) = answers::cell(rfm, recency, frequency, page.state.params.members.money) else {
        return view! { <td class=["heat-0", above, before].concat()><span class="spot"><em>{name}</em><b>{"0"}</b></span></td> }
            .into_any();
    };
    let money = page.state.params.members.money;
    let picked = Picked::Rfm {
        as_of: rfm.as_of,
        cuts: rfm.cuts,
        recency: vec![recency],
        frequency: vec![frequency],
        monetary: money.into_iter().collect(),
    };
    let only = page.state.params.segment.as_ref() == Some(&picked);
    let (count, amount) = (Cell::count(&style, &members, lang), Cell::money(&style, &sales, lang));
    let said = |cell: &Cell| with_doubt(cell.shown.clone(), &cell.doubt);
    let scores = [recency.to_string(), frequency.to_string()];
    let title = t!(
        lang,
        members.rfm_cell,
        segment = (segment.name)(lang),
        recency = &scores[0],
        frequency = &scores[1],
        members = said(&count),
        amount = said(&amount)
    );
    // By the root, or the best cell would leave all others pale.
    let strength = level(Some((sales.value.max(0) as f64).sqrt()), (largest.sales.max(0) as f64).sqrt());
    let shown = if page.state.params.members.shown == Shown::Members { count } else { amount };
    // One stop for Tab; the arrow keys do the rest.
    let stop = if std::mem::replace(reached, true) { "-1" } else { "0" };
    let href = page.state.href(|p| p.segment = (!only).then_some(picked));
    view! {
        <td class=["heat-", &strength.to_string(), above, before].concat()>
            <a class="spot" href=href data-nav="" tabindex=stop title=title.clone() aria-label=title.clone()>
                <em>{name}</em><b>{shown.shown}</b>{beside(shown.doubt, lang)}
                <span class="dotbox" inner_html=dot(members.value, largest.members)></span>
            </a>
        </td>
    }
    .into_any()
}

/// A dot whose area is true to the members.
fn dot(members: i64, largest: i64) -> String {
    let share = if largest > 0 { (members as f64 / largest as f64).clamp(0.0, 1.0) } else { 0.0 };
    let radius = ((REACH - 1.0) * share.sqrt() * 10.0).round() / 10.0;
    let side = REACH * 2.0;
    format!(
        "<svg viewBox=\"0 0 {side} {side}\" aria-hidden=\"true\"><circle cx=\"{REACH}\" cy=\"{REACH}\" r=\"{radius}\"/></svg>"
    )
}

/// Which score of money the grid shows, and what each means in money.
pub(super) fn money_tabs(page: &Page, rfm: &RfmAnswer) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let chosen = page.state.params.members.money;
    let mut choices = vec![Tab {
        name: t!(lang, members.all_money).to_owned(),
        href: page.state.href(|p| p.members.money = None),
        chosen: chosen.is_none(),
    }];
    let mut meant = Vec::new();
    for score in SCORES {
        let Some(words) = cuts::monetary(&rfm.cuts, score, &style) else {
            continue;
        };
        meant.push(t!(lang, members.money_meant, score, amount = &words));
        choices.push(Tab {
            name: t!(lang, members.money_score, score),
            href: page.state.href(|p| p.members.money = Some(score)),
            chosen: chosen == Some(score),
        });
    }
    view! { {tabs(t!(lang, members.money), choices)}<span class="meant">{meant.join(" · ")}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dots_area_is_true_to_its_members() {
        assert!(dot(100, 100).contains("r=\"19\""));
        assert!(dot(25, 100).contains("r=\"9.5\""));
        assert!(dot(0, 0).contains("r=\"0\"") && dot(-5, 10).contains("r=\"0\""));
    }
}
