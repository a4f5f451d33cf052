//! The funnel drawn: a column for each step, between two steps what was lost; the table says the same.

use leptos::prelude::*;
use model::{FunnelAnswer, FunnelStep, Ratio, StepOrder};

use super::options::Split;
use super::sentence::{lost, worst};
use super::{FunnelOptions, answers};
use crate::boot::Page;
use crate::charts;
use crate::components::compare::{beside, with_doubt};
use crate::components::table::{Cell, Column, Table, table};
use crate::components::tabs::{Tab, tabs};
use crate::components::why::why;
use crate::format::Unit;
use crate::i18n::{Lang, t};
use crate::pages::Why;

/// The figure.
pub(super) fn figure(page: &Page, answer: &FunnelAnswer) -> AnyView {
    let lang = page.state.lang;
    let title = t!(lang, funnel.funnel_steps);
    let class = if answer.steps.len() > 5 { "flow many" } else { "flow" };
    view! {
        <figure class="panel" id="steps" aria-labelledby="steps-title">
            <figcaption>
                <h2 id="steps-title">{title}{why(page, Why::Funnel)}</h2>
                <span class="key">{rules(page, lang)}</span>
            </figcaption>
            <div class=class role="group" aria-label=t!(lang, funnel.flow_label)>{pieces(page, answer, lang)}</div>
            {ripeness(page, lang)}
            <details class="twin"><summary>{t!(lang, figures.table)}</summary>{table(twin(page, answer), lang)}</details>
        </figure>
    }
    .into_any()
}

/// How strictly and how long.
fn rules(page: &Page, lang: Lang) -> AnyView {
    let chosen = &page.state.params.funnel;
    let tab = |name: String, change: &dyn Fn(&mut FunnelOptions), holds: bool| Tab {
        name,
        href: page.state.href(|p| change(&mut p.funnel)),
        chosen: holds,
    };
    let orders = [
        (StepOrder::InOrder, t!(lang, funnel.in_order)),
        (StepOrder::Strict, t!(lang, funnel.strictly)),
        (StepOrder::Any, t!(lang, funnel.in_any_order)),
    ]
    .map(|(order, name)| tab(name.to_owned(), &|o| o.order = order, chosen.order == order));
    let mut limits = vec![7, FunnelOptions::DAYS, 90];
    if !limits.contains(&chosen.days()) {
        limits.push(chosen.days());
        limits.sort_unstable();
    }
    let within = limits.into_iter().map(|days| {
        let name = if days == 1 { t!(lang, shared.one_day, days) } else { t!(lang, shared.many_days, days) };
        tab(name, &|o| o.within = Some(days).filter(|days| *days != FunnelOptions::DAYS), chosen.days() == days)
    });
    view! { {tabs(t!(lang, funnel.step_order), orders.into())}{tabs(t!(lang, funnel.within), within.collect())} }
        .into_any()
}

/// Where a mark leads, and how that is said: to a part of the funnel, else to another look at it.
fn drill(page: &Page, lang: Lang, from: usize, to: usize) -> (String, String) {
    let options = &page.state.params.funnel;
    let steps = options.steps(&page.catalog);
    if options.order == StepOrder::Any {
        return (page.state.href(|p| p.funnel.order = StepOrder::InOrder), t!(lang, funnel.go_in_order).to_owned());
    }
    let part = steps.get(from..=to).map(<[_]>::to_vec).unwrap_or_default();
    if part.len() >= 2 && part.len() < steps.len() {
        let (a, b) = (answers::step_name(&part[0], lang), answers::step_name(&part[part.len() - 1], lang));
        return (page.state.href(|p| p.funnel = options.with(part)), t!(lang, funnel.go_part, from = a, to = b));
    }
    let by = if options.by == Split::Channel { Split::Source } else { Split::Channel };
    (page.state.href(|p| p.funnel.by = by) + "#split", t!(lang, funnel.go_split).to_owned())
}

fn pieces(page: &Page, answer: &FunnelAnswer, lang: Lang) -> AnyView {
    let names = answers::step_names(page);
    let steps = &answer.steps;
    let most = steps.iter().map(|step| step.members.value).max().unwrap_or(0) as f64;
    let loss = worst(steps).map(|(at, _)| at);
    let last = steps.len().saturating_sub(1);
    let limits = answers::steps(page);
    let any = page.shown.params.funnel.order == StepOrder::Any;
    let mut views = Vec::new();
    for (i, (step, name)) in steps.iter().zip(&names).enumerate() {
        if let Some(before) = i.checked_sub(1).and_then(|at| steps.get(at)) {
            views.push(drop(page, (before, step), (i - 1, &names), most, loss == Some(i - 1), lang));
        }
        // A step leads to the funnel from it on, the last one to the way there.
        let (href, go) =
            if i == last { drill(page, lang, last.saturating_sub(1), last) } else { drill(page, lang, i, last) };
        let limit = limits.get(i).and_then(|step| step.within_days).filter(|_| i > 0 && !any);
        let limit = limit.map(|days| t!(lang, funnel.at_most_days, days)).unwrap_or_default();
        views.push(column(page, step, (i, name), most, (href, go), limit, lang));
    }
    views.into_any()
}

fn column(
    page: &Page,
    step: &FunnelStep,
    (at, name): (usize, &String),
    most: f64,
    (href, go): (String, String),
    limit: String,
    lang: Lang,
) -> AnyView {
    let style = page.style();
    let count = Cell::count(&style, &step.members, lang);
    let first = Cell::ratio(&style, Unit::Percent, &step.rate_from_first, lang);
    let days = Cell::ratio(&style, Unit::Days, &step.median_days, lang);
    let sure = |cell: &Cell| with_doubt(cell.shown.clone(), &cell.doubt);
    let full = with_doubt(count.title.clone(), &count.doubt);
    let mut lines = vec![t!(lang, periods.line_of, name, value = full)];
    if at > 0 {
        lines.push(t!(lang, periods.line_of, name = t!(lang, funnel.from_first), value = sure(&first)));
        lines.push(t!(lang, periods.line_of, name = t!(lang, funnel.median_days_in), value = sure(&days)));
    }
    lines.push(go);
    let half = match step.median_days.value {
        None => String::new(),
        Some(days) if days < 0.05 => t!(lang, funnel.half_same_day).to_owned(),
        _ => t!(lang, funnel.half_within, days = &days.shown),
    };
    let (share, time) = if at == 0 {
        (t!(lang, funnel.entry).to_owned(), String::new())
    } else {
        (t!(lang, funnel.share_of_entries, share = first.shown), half)
    };
    let (first_doubt, days_doubt) = if at == 0 { (String::new(), String::new()) } else { (first.doubt, days.doubt) };
    let (drawing, limited) = (charts::flow_step(step.members.value as f64, most), !limit.is_empty());
    view! {
        <a class="fstep mark" href=href data-nav="" title=lines.join("\n") aria-label=lines.join(", ")>
            <span class="fname"><i aria-hidden="true">{at + 1}</i><span>{name.clone()}<small hidden=!limited>{limit}</small></span></span>
            <span class="fnum">{count.shown}{beside(count.doubt, lang)}</span>
            <span class="fdraw" inner_html=drawing></span>
            <span class="fshare">{share}{beside(first_doubt, lang)}</span>
            <small class="fdays">{time}{beside(days_doubt, lang)}</small>
        </a>
    }
    .into_any()
}

fn drop(
    page: &Page,
    (before, after): (&FunnelStep, &FunnelStep),
    (at, names): (usize, &[String]),
    most: f64,
    worst: bool,
    lang: Lang,
) -> AnyView {
    let style = page.style();
    let rate = Cell::ratio(&style, Unit::Percent, &after.rate_from_previous, lang);
    let lost = lost(&before.members, &after.members);
    let gone = Cell::count(&style, &lost, lang);
    let name = |at: usize| names.get(at).cloned().unwrap_or_default();
    let (href, go) = drill(page, lang, at, at + 1);
    let lines = [
        t!(lang, funnel.between, from = name(at), to = name(at + 1)),
        t!(
            lang,
            periods.line_of,
            name = t!(lang, funnel.from_previous),
            value = with_doubt(rate.shown.clone(), &rate.doubt)
        ),
        t!(lang, funnel.lost, count = with_doubt(gone.title.clone(), &gone.doubt)),
        go,
    ];
    let drawing = charts::flow_drop(before.members.value as f64, after.members.value as f64, most);
    let class = if worst { "fdrop mark worst" } else { "fdrop mark" };
    let gone_text = match (before.members.value, lost.value) {
        (0, _) => String::new(),
        (_, 0) => t!(lang, funnel.lost_none).to_owned(),
        _ => t!(lang, funnel.lost, count = gone.shown),
    };
    view! {
        <a class=class href=href data-nav="" title=lines.join("\n") aria-label=lines.join(", ")>
            <span class="frate">{rate.shown}{beside(rate.doubt, lang)}</span>
            <span class="fdraw" inner_html=drawing></span>
            <span class="flost">{gone_text}</span>
        </a>
    }
    .into_any()
}

/// Who was not followed to the end yet: the days of entry as a strip, the open ones hatched, and the way to leave
/// them out.
fn ripeness(page: &Page, lang: Lang) -> AnyView {
    let style = page.style();
    let (window, within) = (page.shown.window, page.shown.params.funnel.days());
    let Some(open) = answers::unripe(window, within, page.catalog.data_until) else {
        return view! { <p class="note">{t!(lang, funnel.all_ripe, days = within)}</p> }.into_any();
    };
    let whole = open.from() <= window.from();
    let said = if whole {
        t!(lang, funnel.none_ripe, days = within, last = style.full_day(page.catalog.data_until))
    } else {
        t!(
            lang,
            funnel.some_unripe,
            from = style.day(open.from()),
            days = within,
            open = open.len_days(),
            all = window.len_days()
        )
    };
    let only = model::Window::new(window.from(), open.from().plus(-1)).ok();
    let href = page.state.href(|p| p.window = only.or(p.window));
    view! {
        <div class="ripe">
            <span class="ripebar" inner_html=charts::flow_days(window.len_days(), open.len_days())></span>
            <p class="note">{said + " "}<a href=href data-nav="" hidden=whole>{t!(lang, funnel.only_ripe)}</a></p>
        </div>
    }
    .into_any()
}

fn twin(page: &Page, answer: &FunnelAnswer) -> Table {
    let (lang, style) = (page.state.lang, page.style());
    let names = answers::step_names(page);
    let row = |(i, (step, name)): (usize, (&FunnelStep, &String))| {
        let days = if i == 0 { Ratio::exact(None) } else { step.median_days };
        vec![
            Cell::of(name.clone()),
            Cell::count(&style, &step.members, lang),
            Cell::ratio(&style, Unit::Percent, &step.rate_from_previous, lang),
            Cell::ratio(&style, Unit::Percent, &step.rate_from_first, lang).class("strong"),
            Cell::ratio(&style, Unit::Days, &days, lang),
        ]
    };
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
        rows: answer.steps.iter().zip(&names).enumerate().map(row).collect(),
        foot: vec![],
    }
}
