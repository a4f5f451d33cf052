//! The steps to edit: links take out, move and replace the whole; a form says what one step is.

use leptos::prelude::*;
use model::{FunnelAsk, Step, StepOrder};

use super::answers::step_name;
use super::steps::{self, clash};
use super::{FunnelOptions, answers, presets};
use crate::boot::Page;
use crate::components::names;
use crate::components::section::section;
use crate::i18n::{Lang, t};

/// Orders that the list of a step offers.
const ORDERS: std::ops::RangeInclusive<u32> = 1..=8;

/// The section.
pub(super) fn editor(page: &Page, lang: Lang) -> AnyView {
    let options = &page.state.params.funnel;
    let chosen = options.steps(&page.catalog);
    let cards = (0..chosen.len()).map(|at| card(page, &chosen, at, lang)).collect_view();
    let add = (chosen.len() < FunnelAsk::MAX_STEPS).then(|| {
        view! {
            <li>
                <details class="menu stepmenu" name="step" id="add-step">
                    <summary class="chip">{t!(lang, funnel.add_step)}</summary>
                    <div class="pop">{form(page, &chosen, chosen.len(), lang)}</div>
                </details>
            </li>
        }
    });
    let body = view! {
        <p class="popname">{t!(lang, funnel.presets)}</p>
        <ul class="chipline">{presets::links(page, lang)}</ul>
        <p class="popname">{t!(lang, funnel.own_steps)}</p>
        <ol class="chipline steps">{cards}{add}</ol>
        {limit(page, lang)}
    };
    let note = t!(lang, funnel.edit_note).to_owned();
    section("editor", t!(lang, funnel.edit_steps).to_owned(), ().into_any(), body.into_any(), note)
}

fn card(page: &Page, chosen: &[Step], at: usize, lang: Lang) -> AnyView {
    let options = &page.state.params.funnel;
    let Some(step) = chosen.get(at) else {
        return ().into_any();
    };
    let name = step_name(step, lang);
    let link = |class: &'static str, sign: &'static str, label: String, steps: Option<Vec<Step>>| {
        let here = steps.is_none();
        let href = page.state.href(|p| p.funnel = options.with(steps.unwrap_or_else(|| chosen.to_vec())));
        view! { <a class=class href=href data-nav="" aria-label=label.clone() title=label hidden=here>{sign}</a> }
    };
    let swapped = |a: usize, b: usize| {
        let mut steps = chosen.to_vec();
        (b < steps.len()).then(|| {
            steps.swap(a, b);
            steps
        })
    };
    let without: Vec<Step> =
        chosen.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, step)| step.clone()).collect();
    let days = step.within_days.filter(|_| at > 0 && options.order != StepOrder::Any);
    let days = days.map(|days| t!(lang, funnel.at_most_days, days)).unwrap_or_default();
    view! {
        <li class="stepcard">
            <details class="menu stepmenu" name="step">
                <summary class="chip" title=t!(lang, funnel.change_step, step = &name)><i aria-hidden="true">{at + 1}</i><span class="stepname">{name.clone()}</span><small hidden=days.is_empty()>{days.clone()}</small></summary>
                <div class="pop">{form(page, chosen, at, lang)}</div>
            </details>
            {link("act", "←", t!(lang, funnel.move_earlier, step = &name), at.checked_sub(1).and_then(|to| swapped(to, at)))}
            {link("act", "→", t!(lang, funnel.move_later, step = &name), swapped(at, at + 1))}
            {link("act", "×", t!(lang, funnel.take_step, step = &name), (chosen.len() > 2).then_some(without))}
        </li>
    }
    .into_any()
}

/// What the step at this place is; at the end, a new one.
fn form(page: &Page, chosen: &[Step], at: usize, lang: Lang) -> AnyView {
    let options = &page.state.params.funnel;
    let (before, rest) = chosen.split_at(at.min(chosen.len()));
    let (this, after) = rest.split_first().map_or((None, rest), |(this, after)| (Some(this), after));
    let none = Step::default();
    let this = this.unwrap_or(&none);
    let taken = |step: &Step| before.iter().chain(after).any(|other| clash(other, step));
    let other_state = page.state.params.with(|p| p.funnel = options.with(Vec::new())).pairs(&page.state.page);
    let events = [(steps::join(), this.join.is_some()), (steps::order(0), this.order == Some(0))]
        .into_iter()
        .chain(
            ORDERS.chain(this.order.filter(|n| *n > *ORDERS.end())).map(|n| (steps::order(n), this.order == Some(n))),
        )
        .map(|(step, holds)| {
            let (value, shut) = (steps::write(&step), taken(&step));
            view! { <option value=value selected=holds disabled=shut>{step_name(&step, lang)}</option> }
        })
        .collect_view();
    let kinds = page
        .catalog
        .touch_kinds
        .iter()
        .map(|kind| {
            let step = steps::touch(kind);
            let (value, shut, holds) = (steps::write(&step), taken(&step), this.touch.contains(kind));
            view! { <label class="tick"><input type="checkbox" name="or" value=value checked=holds disabled=shut/>{names::touch(kind, lang)}</label> }
        })
        .collect_view();
    let timed = at > 0 && options.order != StepOrder::Any;
    let days = this.within_days.map(|days| days.to_string()).unwrap_or_default();
    let days = timed.then(|| {
        view! { <label>{t!(lang, funnel.step_days)}<input type="number" name="days" min="0" max="3650" value=days inputmode="numeric"/></label> }
    });
    view! {
        <form action=page.state.params.path(&page.state.page) method="get" data-form="" class="stepform">
            {hidden(other_state)}{hidden(FunnelOptions::step_pairs(before))}
            <input type="hidden" name="step" value=""/>
            <label>{t!(lang, funnel.step_is)}<select name="or"><option value="">{t!(lang, funnel.step_touch)}</option>{events}</select></label>
            <fieldset><legend>{t!(lang, funnel.step_kinds)}</legend><div class="ticks">{kinds}</div></fieldset>
            {days}
            {hidden(FunnelOptions::step_pairs(after))}
            <button class="apply" type="submit">{t!(lang, filters.apply)}</button>
        </form>
    }
    .into_any()
}

/// Days of the reader's own choice from the entry to the last step.
fn limit(page: &Page, lang: Lang) -> AnyView {
    let rest = page.state.params.with(|p| p.funnel.within = None).pairs(&page.state.page);
    let days = page.state.params.funnel.days().to_string();
    view! {
        <form action=page.state.params.path(&page.state.page) method="get" data-form="" class="limitform">
            {hidden(rest)}
            <label>{t!(lang, funnel.within_days)}<input type="number" name="within" min="1" max="3650" value=days inputmode="numeric"/></label>
            <button class="apply" type="submit">{t!(lang, filters.apply)}</button>
        </form>
    }
    .into_any()
}

fn hidden(pairs: Vec<(&'static str, String)>) -> AnyView {
    pairs
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

/// The names of the steps chosen, for a title.
pub(super) fn in_words(steps: &[Step], lang: Lang) -> String {
    steps.iter().map(|step| answers::step_name(step, lang)).collect::<Vec<_>>().join(" → ")
}
