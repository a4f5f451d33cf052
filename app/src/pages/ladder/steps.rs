//! The ladder drawn, and the table of its numbers.

use leptos::prelude::*;
use model::Rung;

use super::answers::{fair, gap, pass_rate, top_stake};
use super::{LadderOptions, rung_name};
use crate::boot::Page;
use crate::charts::{self, RungBar, RungWords, Shape};
use crate::components::compare::{Way, with_doubt};
use crate::components::section::section;
use crate::components::table::{Cell, Column, Table, table};
use crate::components::tabs::{Tab, tabs};
use crate::format::{Style, Unit, as_float};
use crate::i18n::t;
use crate::state::Picked;

/// The drawing: each rung leads to the members who stand on it.
pub(super) fn steps(page: &Page, rungs: &[Rung]) -> AnyView {
    let lang = page.state.lang;
    let style = page.style();
    let top = top_stake(rungs);
    let bars: Vec<RungBar> =
        rungs.iter().enumerate().map(|(i, rung)| bar(page, rung, top == Some(i), &style)).collect();
    let words = RungWords {
        members: t!(lang, ladder.reached),
        pass: t!(lang, ladder.pass_rate),
        stake: t!(lang, ladder.at_stake),
    };
    let label = t!(lang, ladder.ladder_steps_label);
    let drawing = charts::rungs(&bars, Shape::Wide, label, words) + &charts::rungs(&bars, Shape::Narrow, label, words);
    let choices = [4, LadderOptions::RUNGS, 12].map(|n| Tab {
        name: n.to_string(),
        href: page.state.href(|p| p.ladder.rungs = Some(n).filter(|n| *n != LadderOptions::RUNGS)),
        chosen: page.state.params.ladder.rungs() == n,
    });
    let body = view! { <div class="drawing" inner_html=drawing></div> }.into_any();
    section(
        "steps",
        t!(lang, ladder.ladder_steps).to_owned(),
        tabs(t!(lang, ladder.ladder_rungs), choices.into()),
        body,
        t!(lang, ladder.ladder_steps_note).to_owned(),
    )
}

fn standing(page: &Page, n: u32) -> String {
    let only = Picked::Rung { orders: n, exactly: true };
    let chosen = page.state.params.segment.as_ref() == Some(&only);
    page.state.href(|p| p.segment = (!chosen).then_some(only))
}

fn bar(page: &Page, rung: &Rung, leads: bool, style: &Style) -> RungBar {
    let lang = page.state.lang;
    let count = |figure: &model::Figure<i64>| {
        with_doubt(style.full_count(figure.value), &style.doubt_of(Unit::Count, figure, lang))
    };
    let ratio = |unit: Unit, figure: &model::Ratio| {
        with_doubt(style.show(unit, figure.value), &style.doubt(unit, figure, lang))
    };
    let pass = pass_rate(rung);
    let stake = ratio(Unit::Money, &as_float(&rung.at_stake));
    let name = rung_name(page, rung.n);
    let days = ratio(Unit::Days, &rung.median_days_to_next);
    let lines = vec![
        t!(lang, periods.line_of, name = &name, value = count(&rung.members)),
        t!(
            lang,
            ladder.tip_next,
            next = count(&rung.next),
            share = ratio(Unit::Percent, &pass),
            stopped = count(&rung.exactly)
        ),
        t!(lang, ladder.tip_stake, amount = &stake, price = ratio(Unit::Price, &rung.next_value)),
        match rung.survival_median_days.value {
            Some(_) => {
                t!(lang, ladder.tip_days, days = &days, half = ratio(Unit::Days, &rung.survival_median_days))
            }
            None => t!(lang, ladder.tip_days_open, days = &days),
        },
    ];
    RungBar {
        name,
        members: rung.members.value,
        next: rung.next.value,
        stake: rung.at_stake.value,
        members_shown: count(&rung.members),
        pass_shown: style.show(Unit::Percent, pass.value),
        pass_doubt: style.doubt(Unit::Percent, &pass, lang),
        stake_shown: stake,
        leads,
        href: standing(page, rung.n),
        lines,
    }
}

/// Every number, rung by rung.
pub(super) fn numbers(page: &Page, rungs: &[Rung]) -> AnyView {
    let lang = page.state.lang;
    let rows = rungs.iter().enumerate().map(|(i, rung)| {
        let before = i.checked_sub(1).and_then(|i| rungs.get(i));
        row(page, rung, before)
    });
    let columns = vec![
        Column::of(t!(lang, ladder.ladder_rung)),
        Column::of(t!(lang, data.members)),
        Column::of(t!(lang, ladder.pass_rate)).hint(t!(lang, ladder.pass_rate_is)),
        Column::of(t!(lang, ladder.no_next)).hint(t!(lang, ladder.no_next_is)),
        Column::of(t!(lang, ladder.within_ninety)).hint(t!(lang, ladder.within_ninety_is)),
        Column::of(t!(lang, ladder.against_before)).hint(t!(lang, ladder.against_before_is)),
        Column::of(t!(lang, ladder.median_days)).hint(t!(lang, ladder.median_days_is)),
        Column::of(t!(lang, ladder.half_back)).hint(t!(lang, ladder.half_back_is)),
        Column::of(t!(lang, ladder.stopped_here)).hint(t!(lang, ladder.stopped_here_is)),
        Column::of(t!(lang, ladder.next_value)).hint(t!(lang, ladder.next_value_is)),
        Column::of(t!(lang, ladder.at_stake)).hint(t!(lang, ladder.at_stake_is)),
    ];
    let title = t!(lang, ladder.ladder_table).to_owned();
    let body = table(Table { caption: title.clone(), columns, rows: rows.collect(), foot: vec![] }, lang);
    section("rungs", title, ().into_any(), body, t!(lang, ladder.ladder_note).to_owned())
}

fn row(page: &Page, rung: &Rung, before: Option<&Rung>) -> Vec<Cell> {
    let (lang, style) = (page.state.lang, page.style());
    let reached = Picked::Rung { orders: rung.n, exactly: false };
    let share = |figure: &model::Ratio| Cell::ratio(&style, Unit::Percent, figure, lang);
    let days = |figure| Cell::ratio(&style, Unit::Days, figure, lang);
    let against = before.and_then(|before| gap(before, rung)).map_or_else(
        || Cell::of(crate::format::NOTHING).class("quiet"),
        |gap| {
            let way = Way::of(Some(gap.value).filter(|_| gap.is_clear()));
            let shown = if way == Way::Flat { gap.points() } else { [way.arrow(), " ", &gap.points()].concat() };
            let class = if way == Way::Flat { "quiet" } else { way.class() };
            Cell { doubt: gap.doubt(), ..Cell::of(shown) }.class(class)
        },
    );
    vec![
        Cell::of(rung_name(page, rung.n)).to(page.state.href(|p| p.segment = Some(reached))),
        Cell::count(&style, &rung.members, lang),
        share(&pass_rate(rung)).class("strong"),
        share(&rung.no_next_rate),
        fair(rung).map_or_else(|| Cell::of(crate::format::NOTHING), |figure| share(&figure)),
        against,
        days(&rung.median_days_to_next),
        days(&rung.survival_median_days),
        Cell::count(&style, &rung.exactly, lang).to(standing(page, rung.n)),
        Cell::ratio(&style, Unit::Price, &rung.next_value, lang),
        Cell::money(&style, &rung.at_stake, lang).class("strong"),
    ]
}
