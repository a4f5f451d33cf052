//! How soon members of a rung order again: its Kaplan–Meier curve with its band, the other rungs' behind it.

use leptos::prelude::*;
use model::{Ratio, Rung};

use super::rung_name;
use crate::boot::Page;
use crate::charts::{self, Curve, Guide, Plot, Shape, Stop};
use crate::components::compare::with_doubt;
use crate::components::figure::{Twin, figure};
use crate::components::tabs::{Tab, tabs};
use crate::format::{self, Unit};
use crate::i18n::t;

/// The last day drawn; the table goes on to the end.
const LAST: u32 = 365;
/// Days that are written under the axis, and days that can be pointed at: further apart than a finger is wide.
const LABELS: [u32; 6] = [0, 30, 90, 180, 270, 365];
const STOPS: [u32; 12] = [7, 14, 30, 45, 60, 90, 120, 150, 180, 240, 300, 365];

/// The figure.
pub(super) fn curves(page: &Page, rungs: &[Rung]) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let wanted = page.state.params.ladder.curve();
    // A rung that is not shown any more gives way to the last that is.
    let Some(front) = rungs.iter().find(|rung| rung.n == wanted).or_else(|| rungs.last()) else {
        return ().into_any();
    };
    let mut order: Vec<&Rung> = vec![front];
    order.extend(rungs.iter().filter(|rung| rung.n != front.n));
    let lines = order.iter().map(|rung| line(page, rung, rung.n == front.n)).filter(|line| !line.points.is_empty());
    let percent = |figure: Option<&Ratio>| {
        let doubt = figure.map(|f| style.doubt(Unit::Percent, f, lang)).unwrap_or_default();
        with_doubt(style.show(Unit::Percent, figure.and_then(|f| f.value)), &doubt)
    };
    let at = |rung: &Rung, day: u32| rung.curve.days.iter().position(|d| *d == day);
    let stop = |day: u32| {
        let i = at(front, day)?;
        front.curve.returned.get(i)?.value?;
        let mut told = vec![t!(lang, ladder.curve_days, days = day)];
        for rung in &order {
            let figure = at(rung, day).and_then(|i| rung.curve.returned.get(i));
            told.push(t!(lang, periods.line_of, name = rung_name(page, rung.n), value = percent(figure)));
            if let (true, Some(low), Some(high)) =
                (rung.n == front.n, end(&rung.curve.low, i), end(&rung.curve.high, i))
            {
                let share = |value| format::percent(Some(value));
                told.push(t!(lang, ladder.tip_band, low = share(low), high = share(high)));
            }
        }
        Some(Stop { x: f64::from(day), lines: told })
    };
    let guide = front.survival_median_days.value.filter(|days| *days <= f64::from(LAST)).map(|days| {
        let name = t!(lang, ladder.curve_half, days = style.show(Unit::Days, Some(days)));
        Guide { x: days, y: 0.5, name }
    });
    let plot = Plot {
        curves: lines.collect(),
        stops: STOPS.into_iter().filter_map(stop).collect(),
        labels: LABELS.map(|day| (f64::from(day), t!(lang, ladder.curve_day_axis, days = day))).into(),
        guide,
        from_zero: true,
        wide: (1080.0, 360.0),
    };
    let axis = format::whole_percent;
    let label = t!(lang, ladder.curve_label);
    let drawing =
        charts::curves(&plot, Shape::Wide, label, &axis) + &charts::curves(&plot, Shape::Narrow, label, &axis);
    let choices = rungs
        .iter()
        .map(|rung| Tab {
            name: rung.n.to_string(),
            href: page.state.href(|p| p.ladder.curve = Some(rung.n).filter(|n| *n != 1)),
            chosen: rung.n == front.n,
        })
        .collect();
    let key = view! { <span>{t!(lang, ladder.curve_rung)}</span>{tabs(t!(lang, ladder.curve_rung), choices)} };
    let title = t!(lang, ladder.curve_title, n = front.n);
    figure("curves", title, key.into_any(), drawing, t!(lang, ladder.curve_note).to_owned(), twin(page, rungs), lang)
}

fn end(ends: &[Option<f64>], i: usize) -> Option<f64> {
    ends.get(i).copied().flatten()
}

fn line(page: &Page, rung: &Rung, front: bool) -> Curve {
    let curve = &rung.curve;
    let days = || curve.days.iter().enumerate().filter(|(_, day)| **day <= LAST);
    let points: Vec<_> = days().filter_map(|(i, day)| Some((f64::from(*day), curve.returned.get(i)?.value?))).collect();
    let band = |(i, day): (usize, &u32)| Some((f64::from(*day), end(&curve.low, i)?, end(&curve.high, i)?));
    Curve {
        name: rung_name(page, rung.n),
        settled: points.len(),
        points,
        ink: front.then_some(0),
        band: if front { days().filter_map(band).collect() } else { Vec::new() },
    }
}

/// Days down, rungs across, each with its band.
fn twin(page: &Page, rungs: &[Rung]) -> Twin {
    let (lang, style) = (page.state.lang, page.style());
    let mut head = vec![t!(lang, funnel.within).to_owned()];
    head.extend(rungs.iter().map(|rung| rung_name(page, rung.n)));
    let longest = rungs.iter().map(|rung| &rung.curve.days).max_by_key(|days| days.len());
    let cell = |rung: &Rung, i: usize| {
        let Some(figure) = rung.curve.returned.get(i) else {
            return String::new();
        };
        with_doubt(style.show(Unit::Percent, figure.value), &style.doubt(Unit::Percent, figure, lang))
    };
    let rows = longest
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(i, day)| {
            let mut row = vec![style.show(Unit::Days, Some(f64::from(*day)))];
            row.extend(rungs.iter().map(|rung| cell(rung, i)));
            row
        })
        .collect();
    Twin { head, rows }
}
