//! 漏斗 Funnel: through which steps members go, and where they stop.

mod answers;
mod ask;
mod options;
mod sentence;

use std::sync::Arc;

use leptos::prelude::*;
use model::{FunnelAnswer, FunnelBy, FunnelStep, Join, Step, StepOrder};

use super::Entry;
use crate::boot::Page;
use crate::components::section::section;
use crate::components::table::{Cell, Column, Table, table};
use crate::components::tabs::{Tab, tabs};
use crate::components::{names, states};
use crate::format::Unit;
use crate::i18n::{Lang, t};
use crate::sentence::Piece;

pub(crate) use options::FunnelOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, funnel.funnel_page),
    icon: "M4 5h16l-6 7v6l-4 2v-8z",
    compares: false,
    filters: true,
    asks: ask::asks,
    beside: None,
    sentence: pieces,
    body,
};

fn pieces(page: &Page) -> Vec<Piece> {
    sentence::sentence(page)
}

fn body(page: &Arc<Page>) -> AnyView {
    let lang = page.state.lang;
    let Some(answer) = answers::answers(page) else {
        return states::failed(page);
    };
    let steps = if answer.steps.first().is_none_or(|step| step.members.value == 0) {
        states::nothing(page)
    } else {
        let rows = table(step_table(page, answer), lang);
        section(
            "steps",
            t!(lang, funnel.funnel_steps).to_owned(),
            pickers(page, lang),
            rows,
            t!(lang, funnel.funnel_note).to_owned(),
        )
    };
    let groups = (!answer.groups.is_empty()).then(|| {
        let rows = table(group_table(page, answer), lang);
        section(
            "split",
            t!(lang, funnel.funnel_split).to_owned(),
            ().into_any(),
            rows,
            t!(lang, funnel.funnel_split_note).to_owned(),
        )
    });
    // The editor stays where nobody came through, so that the reader can choose other steps.
    view! { {steps}{groups}{editor(page, lang)} }.into_any()
}

fn pickers(page: &Page, lang: Lang) -> AnyView {
    let chosen = &page.state.params.funnel;
    let tab = |name: &str, change: &dyn Fn(&mut FunnelOptions), holds: bool| Tab {
        name: name.to_owned(),
        href: page.state.href(|p| change(&mut p.funnel)),
        chosen: holds,
    };
    let orders = [
        (StepOrder::InOrder, t!(lang, funnel.in_order)),
        (StepOrder::Strict, t!(lang, funnel.strictly)),
        (StepOrder::Any, t!(lang, funnel.in_any_order)),
    ]
    .map(|(order, name)| tab(name, &|o| o.order = order, chosen.order == order));
    let within = [7, FunnelOptions::DAYS, 90].map(|days| {
        let name = t!(lang, shared.many_days, days);
        let chosen = chosen.within.unwrap_or(FunnelOptions::DAYS) == days;
        tab(&name, &|o| o.within = Some(days).filter(|days| *days != FunnelOptions::DAYS), chosen)
    });
    let splits = [
        (None, t!(lang, shared.whole)),
        (Some(FunnelBy::Region), t!(lang, words.region)),
        (Some(FunnelBy::Channel), t!(lang, shared.channel)),
        (Some(FunnelBy::SourceChannel), t!(lang, shared.source_channel)),
    ]
    .map(|(by, name)| tab(name, &|o| o.by = by, chosen.by == by));
    view! {
        {tabs(t!(lang, funnel.step_order), orders.into())}
        {tabs(t!(lang, funnel.within), within.into())}
        {tabs(t!(lang, shared.split_by), splits.into())}
    }
    .into_any()
}

fn figures(page: &Page, step: &FunnelStep) -> Vec<Cell> {
    let (lang, style) = (page.state.lang, page.style());
    vec![
        Cell::count(&style, &step.members, lang),
        Cell::ratio(&style, Unit::Percent, &step.rate_from_previous, lang),
        Cell::ratio(&style, Unit::Percent, &step.rate_from_first, lang).class("strong"),
        Cell::ratio(&style, Unit::Days, &step.median_days, lang),
    ]
}

fn step_table(page: &Page, answer: &FunnelAnswer) -> Table {
    let lang = page.state.lang;
    let names = answers::step_names(page);
    let row = |(step, name): (&FunnelStep, &String)| [vec![Cell::of(name.clone())], figures(page, step)].concat();
    let columns = vec![
        Column::of(t!(lang, figures.step)),
        Column::of(t!(lang, data.members)),
        Column::of(t!(lang, funnel.from_previous)),
        Column::of(t!(lang, funnel.from_first)),
        Column::of(t!(lang, funnel.median_days_in)).hint(t!(lang, funnel.median_days_in_is)),
    ];
    Table {
        caption: t!(lang, funnel.funnel_steps).to_owned(),
        columns,
        rows: answer.steps.iter().zip(&names).map(row).collect(),
        foot: vec![],
    }
}

/// One row a group: members and share of those who entered, step by step.
fn group_table(page: &Page, answer: &FunnelAnswer) -> Table {
    let (lang, style) = (page.state.lang, page.style());
    let by_channel = matches!(page.shown.params.funnel.by, Some(FunnelBy::Channel | FunnelBy::SourceChannel));
    let name = |id: &str| match (by_channel, id) {
        (true, id) => names::channel(page, id),
        (false, "") => t!(lang, figures.no_region).to_owned(),
        (false, id) => id.to_owned(),
    };
    let rows = answer
        .groups
        .iter()
        .map(|group| {
            let mut cells = vec![Cell::of(name(&group.id))];
            cells.extend(group.steps.iter().enumerate().flat_map(|(i, step)| {
                let members = Cell::count(&style, &step.members, lang);
                let rate = Cell::ratio(&style, Unit::Percent, &step.rate_from_first, lang).class("quiet");
                if i == 0 { vec![members] } else { vec![members, rate] }
            }));
            cells
        })
        .collect();
    let mut columns = vec![Column::of(if by_channel { t!(lang, shared.channel) } else { t!(lang, words.region) })];
    for (i, name) in answers::step_names(page).into_iter().enumerate() {
        columns.push(Column::of(name));
        if i > 0 {
            columns.push(Column::of(t!(lang, funnel.from_first)));
        }
    }
    Table { caption: t!(lang, funnel.funnel_split).to_owned(), columns, rows, foot: vec![] }
}

/// The steps as chips: choose one to take it out, choose one of the others to put it at the end.
fn editor(page: &Page, lang: Lang) -> AnyView {
    let (options, catalog) = (&page.state.params.funnel, &page.catalog);
    let chip = |name: String, label: String, to: FunnelOptions| {
        let href = page.state.href(|p| p.funnel = to);
        view! { <li><a class="chip" href=href data-nav="" aria-label=label>{name}</a></li> }
    };
    let chosen = options.steps(catalog);
    let taken = chosen
        .iter()
        .enumerate()
        .map(|(i, step)| {
            let name = answers::step_name(step, lang);
            let label = t!(lang, funnel.take_step, step = &name);
            chip(format!("{}. {name} ×", i + 1), label, options.without(i, catalog))
        })
        .collect_view();
    let touches = catalog.touch_kinds.iter().map(|kind| Step { touch: vec![kind.clone()], ..Step::default() });
    let join = Step { join: Some(Join {}), ..Step::default() };
    let orders = (1..=4).map(|n| Step { order: Some(n), ..Step::default() });
    let free = touches
        .chain([join])
        .chain(orders)
        .filter_map(|step| Some((answers::step_name(&step, lang), options.and(step, catalog)?)))
        .map(|(name, to)| {
            let label = t!(lang, funnel.put_step, step = &name);
            chip("+ ".to_owned() + &name, label, to)
        })
        .collect_view();
    let body = view! {
        <ol class="chipline">{taken}</ol>
        <p class="popname">{t!(lang, funnel.more_steps)}</p>
        <ul class="chipline">{free}</ul>
    };
    section("editor", t!(lang, funnel.edit_steps).to_owned(), ().into_any(), body.into_any(), String::new())
}
