//! Curves of chosen cohorts over their age, with the mean of all.

use leptos::prelude::*;
use model::{Anchor, Cohort, CohortsAnswer, Ratio};

use super::answers::{self, figure};
use super::choice::{Role, toggled};
use super::options::Shown;
use crate::boot::Page;
use crate::charts::{self, Curve, Plot, Shape, Stop};
use crate::components::compare::with_doubt;
use crate::components::figure::{Twin, figure as framed};
use crate::format::{self, Unit};
use crate::i18n::{Lang, t};

/// The figure; `drawn` in the order of their colours.
pub(super) fn curves(page: &Page, answer: &CohortsAnswer, drawn: &[(&Cohort, Role)], wide: (f64, f64)) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let options = &page.state.params.cohorts;
    let (shown, unit) = (options.shown, answers::unit(options.shown));
    let periods = answers::living(answer).map(|cohort| cohort.rate.len()).max().unwrap_or(0);
    // Everybody orders in the period of the first order.
    let skips = page.shown.params.cohorts.anchor == Anchor::FirstOrder && shown != Shown::Value && periods > 1;
    let start = usize::from(skips);
    let ages = || start..periods;
    let weighted = answers::is_weighted(shown);
    let (spoken, since) = answers::spoken(answer, &page.shown.params.cohorts);
    let mean = |k: usize| answers::mean_of(spoken, k, shown, weighted);
    let name_of = |(cohort, role): &(&Cohort, Role)| match role.word(lang) {
        Some(word) => t!(lang, cohorts.role_named, name = &cohort.period, role = word),
        None => cohort.period.clone(),
    };
    let write = |found: Option<Ratio>| {
        let doubt = found.map(|f| style.doubt(unit, &f, lang)).unwrap_or_default();
        with_doubt(style.show(unit, found.and_then(|f| f.value)), &doubt)
    };

    let point = |k: usize, found: Option<Ratio>| Some((k as f64, found?.value?));
    let means: Vec<_> = ages().filter_map(|k| point(k, mean(k))).collect();
    let mut lines = vec![Curve {
        name: t!(lang, cohorts.mean_short).to_owned(),
        settled: means.len(),
        points: means,
        ink: Some(0),
        band: vec![],
    }];
    lines.extend(drawn.iter().enumerate().map(|(i, (cohort, _))| Curve {
        name: cohort.period.clone(),
        points: ages().filter_map(|k| point(k, figure(cohort, k, shown))).collect(),
        settled: (cohort.immature_from as usize).saturating_sub(start),
        ink: Some(i + 1),
        band: vec![],
    }));
    lines.retain(|curve| !curve.points.is_empty());
    let told = |k: usize| {
        let mut told = vec![t!(lang, cohorts.curves_age, period = k)];
        told.push(t!(lang, periods.line_of, name = t!(lang, cohorts.mean_short), value = write(mean(k))));
        for one in drawn.iter().filter(|(cohort, _)| k < cohort.rate.len()) {
            let open = if k >= one.0.immature_from as usize { t!(lang, cohorts.cohort_open) } else { "" };
            told.push(t!(lang, periods.line_of, name = name_of(one), value = write(figure(one.0, k, shown))) + open);
        }
        told
    };
    let plot = Plot {
        curves: lines,
        stops: ages().map(|k| Stop { x: k as f64, lines: told(k) }).collect(),
        labels: ages().map(|k| (k as f64, k.to_string())).collect(),
        guide: None,
        from_zero: true,
        wide,
    };
    let axis = |value: f64| match unit {
        Unit::Percent => format::whole_percent(value),
        Unit::Count => style.axis_count(value),
        _ => style.axis_money(value),
    };
    let label = t!(lang, cohorts.curves_label);
    let drawing =
        charts::curves(&plot, Shape::Wide, label, &axis) + &charts::curves(&plot, Shape::Narrow, label, &axis);

    let mut head = vec![t!(lang, cohorts.age).to_owned(), t!(lang, cohorts.mean_short).to_owned()];
    head.extend(drawn.iter().map(name_of));
    let rows = ages()
        .map(|k| {
            let mut row = vec![k.to_string(), write(mean(k))];
            let cell =
                |cohort: &Cohort| if k < cohort.rate.len() { write(figure(cohort, k, shown)) } else { String::new() };
            row.extend(drawn.iter().map(|(cohort, _)| cell(cohort)));
            row
        })
        .collect();
    let keys = drawn
        .iter()
        .enumerate()
        .map(|(i, one)| {
            let swatch = view! { <i class=format!("swatch b-line{}", i + 1)></i> };
            let name = name_of(one);
            match one.1 {
                Role::Chosen => {
                    let href = page.state.href(|p| p.cohorts.curves = toggled(&p.cohorts, &one.0.period));
                    let hint = t!(lang, cohorts.cohort_hide, cohort = &one.0.period);
                    view! { <a class="curvekey" href=href data-nav="" title=hint>{swatch}{name}" ×"</a> }.into_any()
                }
                _ => view! { <span class="curvekey">{swatch}{name}</span> }.into_any(),
            }
        })
        .collect_view();
    let back = (!options.curves.is_empty()).then(|| {
        let href = page.state.href(|p| p.cohorts.curves.clear());
        view! { <a class="curvekey" href=href data-nav="">{t!(lang, cohorts.curves_default)}</a> }
    });
    let key = view! { <span class="curvekey"><i class="swatch b-line0"></i>{mean_name(weighted, since, lang)}</span>{keys}{back} };
    let title = t!(lang, cohorts.curves, shown = super::shown_name(shown, lang));
    let note = if skips { t!(lang, cohorts.curves_note) } else { t!(lang, cohorts.curves_note_all) };
    framed("curves", title, key.into_any(), drawing, note.to_owned(), Twin { head, rows }, lang)
}

fn mean_name(weighted: bool, since: Option<&str>, lang: Lang) -> String {
    let name = if weighted { t!(lang, cohorts.weighted_mean) } else { t!(lang, cohorts.simple_mean) };
    since.map_or(name.to_owned(), |first| t!(lang, cohorts.mean_since, name, first))
}
