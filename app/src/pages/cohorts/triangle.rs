//! The triangle: a row for each cohort, a column for each period since, the means at its foot.
//!
//! A cell leads to its cohort alone; the name of a row draws its curve. Pointing at a cell or stepping to it by the
//! arrow keys reads it out in full above the grid, where nothing covers it and nothing moves.

use leptos::prelude::*;
use model::{Cohort, CohortsAnswer};

use super::answers::{self, short};
use super::choice::{Role, toggled};
use super::options::Shown;
use crate::boot::Page;
use crate::components::compare::{beside, with_doubt};
use crate::components::heatmap::level;
use crate::format::{Style, Unit, as_float};
use crate::i18n::t;
use crate::state::Picked;

/// The grid with its read-out. `drawn` are the cohorts whose curves are drawn, in the order of their colours.
pub(super) fn triangle(page: &Page, answer: &CohortsAnswer, drawn: &[(&Cohort, Role)], caption: String) -> AnyView {
    let lang = page.state.lang;
    let shown = page.state.params.cohorts.shown;
    let periods = answers::living(answer).map(|cohort| cohort.rate.len()).max().unwrap_or(0);
    let largest = strongest(answer, periods, shown);
    let most = answers::living(answer).map(|cohort| cohort.size.value).max().unwrap_or(0);
    let grid = Grid { page, style: page.style(), periods, largest, most };
    let mut rows: Vec<AnyView> = Vec::new();
    let latest: Vec<&Cohort> = answers::living(answer).collect();
    for (i, cohort) in latest.into_iter().rev().enumerate() {
        let line = drawn.iter().position(|(other, _)| other.period == cohort.period);
        rows.push(grid.row(cohort, line, i == 0));
    }
    let head = (0..periods).map(|k| view! { <th scope="col">{k.to_string()}</th> }).collect_view();
    let weighted = answers::is_weighted(shown).then(|| grid.mean(answer, true));
    let simple = (shown != Shown::Value).then(|| grid.mean(answer, false));
    view! {
        <div class="trianglebox">
            <p class="readhint" aria-hidden="true">{t!(lang, cohorts.cohorts_hint)}</p>
            <div class="scroll pinned tall" tabindex="0" role="group" aria-label=caption.clone()>
                <table class="heatmap triangle">
                    <caption class="sr">{caption.clone()}</caption>
                    <thead><tr>
                        <th scope="col">{t!(lang, cohorts.cohort)}</th>
                        <th scope="col">{t!(lang, data.members)}</th>
                        {head}
                    </tr></thead>
                    <tbody>{rows}</tbody>
                    <tfoot>{weighted}{simple}</tfoot>
                </table>
            </div>
        </div>
    }
    .into_any()
}

/// The value that is coloured strongest: one in twenty lies above, so that a few large cohorts do not wash out the rest.
fn strongest(answer: &CohortsAnswer, periods: usize, shown: Shown) -> f64 {
    // The first period is everybody where members began by an order.
    let from = usize::from(periods > 1);
    let cells = answers::living(answer)
        .flat_map(|cohort| (from..periods).filter_map(|k| answers::figure(cohort, k, shown)?.value));
    let mut values: Vec<f64> = cells.filter(|value| *value > 0.0).collect();
    values.sort_by(f64::total_cmp);
    values.get((values.len() * 19) / 20).or(values.last()).copied().unwrap_or(0.0)
}

/// What all rows share.
struct Grid<'a> {
    page: &'a Page,
    style: Style,
    periods: usize,
    /// The value that is coloured strongest, and the largest cohort.
    largest: f64,
    most: i64,
}

impl Grid<'_> {
    /// `line` is the colour of the cohort's curve, where it is drawn.
    fn row(&self, cohort: &Cohort, line: Option<usize>, top: bool) -> AnyView {
        let (page, style, lang) = (self.page, &self.style, self.page.state.lang);
        let (shown, asked) = (page.state.params.cohorts.shown, &page.shown.params.cohorts);
        let picked = Picked::Cohort { grain: asked.grain, anchor: asked.anchor, from: cohort.from };
        let only = page.state.params.segment.as_ref() == Some(&picked);
        let href = page.state.href(|p| p.segment = (!only).then_some(picked));
        let cells = (0..self.periods)
            .map(|k| {
                let Some(figure) = answers::figure(cohort, k, shown) else {
                    return view! { <td class="hole"></td> }.into_any();
                };
                let hatched = if k >= cohort.immature_from as usize { " hatched" } else { "" };
                let class = format!("heat-{}{hatched}", level(figure.value, self.largest));
                let told = self.told(cohort, k);
                let stop = if top && k == 0 { "0" } else { "-1" };
                let doubt = beside(style.doubt(answers::unit(shown), &figure, lang), lang);
                view! {
                    <td class=class>
                        <a class="spot" href=href.clone() data-nav="" tabindex=stop aria-label=told.clone()>
                            {short(style, shown, figure.value)}{doubt}
                        </a>
                        <span class="readout" aria-hidden="true">{told.clone()}</span>
                    </td>
                }
                .into_any()
            })
            .collect_view();
        let chosen = page.state.params.cohorts.curves.contains(&cohort.period);
        let curve = page.state.href(|p| p.cohorts.curves = toggled(&p.cohorts, &cohort.period));
        let hint = if chosen {
            t!(lang, cohorts.cohort_hide, cohort = &cohort.period)
        } else {
            t!(lang, cohorts.cohort_draw, cohort = &cohort.period)
        };
        let swatch = line.map(|i| view! { <i class=format!("swatch b-line{}", i + 1)></i> });
        let size = t!(lang, cohorts.cohort_size, cohort = &cohort.period, size = style.full_count(cohort.size.value));
        let width = if self.most > 0 { (cohort.size.value * 100 / self.most).max(1) } else { 0 };
        view! {
            <tr class=only.then_some("only")>
                <th scope="row">
                    <a class="go" href=curve data-nav="" title=hint aria-current=line.map(|_| "true")>{cohort.period.clone()}{swatch}</a>
                </th>
                <td class="size">
                    <a class="go" href=href data-nav="" title=size>{style.full_count(cohort.size.value)}{beside(style.doubt_of(Unit::Count, &cohort.size, lang), lang)}</a>
                    <svg class="sizebar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true"><rect x=100 - width width=width height="3"/></svg>
                </td>
                {cells}
            </tr>
        }
        .into_any()
    }

    /// A cell in full.
    fn told(&self, cohort: &Cohort, k: usize) -> String {
        let (style, lang) = (&self.style, self.page.state.lang);
        let with = |unit: Unit, figure: Option<model::Ratio>| {
            let shown = style.show(unit, figure.and_then(|f| f.value));
            with_doubt(shown, &figure.map(|f| style.doubt(unit, &f, lang)).unwrap_or_default())
        };
        let count = |figure: &model::Figure<i64>| {
            with_doubt(style.full_count(figure.value), &style.doubt_of(Unit::Count, figure, lang))
        };
        let told = t!(
            lang,
            cohorts.cohort_cell,
            cohort = &cohort.period,
            period = k,
            when = answers::when(cohort, k, self.page.shown.params.cohorts.grain),
            active = cohort.active.get(k).map(count).unwrap_or_default(),
            size = count(&cohort.size),
            rate = with(Unit::Percent, cohort.rate.get(k).copied()),
            sales = with(Unit::Money, cohort.sales.get(k).map(as_float)),
            value = with(Unit::Price, cohort.value.get(k).copied()),
        );
        if k >= cohort.immature_from as usize { told + t!(lang, cohorts.cohort_open) } else { told }
    }

    fn mean(&self, answer: &CohortsAnswer, weighted: bool) -> AnyView {
        let (style, lang, shown) = (&self.style, self.page.state.lang, self.page.state.params.cohorts.shown);
        let (name, hint) = if weighted {
            (t!(lang, cohorts.weighted_mean), t!(lang, cohorts.weighted_mean_is))
        } else {
            (t!(lang, cohorts.simple_mean), t!(lang, cohorts.simple_mean_is))
        };
        let cells = (0..self.periods)
            .map(|k| {
                let mean = answers::mean(answer, k, shown, weighted);
                let shown_mean = mean.map(|m| short(style, shown, m.value)).unwrap_or_default();
                let doubt = mean.map(|m| style.doubt(answers::unit(shown), &m, lang)).unwrap_or_default();
                view! { <td>{shown_mean}{beside(doubt, lang)}</td> }
            })
            .collect_view();
        let class = if weighted { "weighted" } else { "simple" };
        view! { <tr class=class><th scope="row" title=hint>{name}</th><td></td>{cells}</tr> }.into_any()
    }
}
