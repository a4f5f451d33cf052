//! The trend figure: one measure, both periods, day by day, week by week or month by month.

use leptos::prelude::*;
use model::{Day, Grain, Measure, SeriesAnswer};

use super::cards::measure_values;
use super::figure::{Twin, figure};
use crate::boot::Page;
use crate::charts::{self, Shape, TrendPoint};
use crate::format::{self, Style};
use crate::i18n::{Lang, Text, fill};
use crate::sentence::against;

/// The figure for the measure the reader chose.
pub(crate) fn trend(page: &Page, series: &SeriesAnswer) -> AnyView {
    let text = page.state.lang.text();
    let style = page.style();
    let measure = page.state.measure;
    let now = measure_values(&series.window, measure);
    let then = series.compare.as_ref().map(|c| measure_values(c, measure)).unwrap_or_default();
    let compared = against(page.shown.compare, text);
    let count = now.len().max(then.len());
    let mut points = Vec::with_capacity(count);
    let mut rows = Vec::with_capacity(count);
    for i in 0..count {
        let day = series.window.periods.get(i).copied();
        let other = series.compare.as_ref().and_then(|c| c.periods.get(i).copied());
        let days = series.window.days.get(i).copied().unwrap_or(0);
        let (a, b) = (now.get(i).copied().flatten(), then.get(i).copied().flatten());
        let partial = series.window.partial.get(i).copied().unwrap_or(false);
        let name = period(day.or(other), days, &style, page.shown.grain);
        let title = if partial { name.clone() + &fill(text.days_only, &[&days.to_string()]) } else { name };
        let mut lines = vec![title.clone(), fill(text.line_of, &[text.this_period, &show(measure, a, &style)])];
        if series.compare.is_some() {
            let change = format::relative(a, b).map(|c| fill(text.in_brackets, &[&c])).unwrap_or_default();
            lines.push(fill(text.line_of, &[compared, &show(measure, b, &style)]) + &change);
        }
        let mut row = vec![title, show(measure, a, &style)];
        if series.compare.is_some() {
            row.push(show(measure, b, &style));
            row.push(format::relative(a, b).unwrap_or_default());
        }
        rows.push(row);
        points.push(TrendPoint {
            label: day.or(other).map(|d| short(d, page.shown.grain, &style)).unwrap_or_default(),
            now: a,
            then: b,
            partial,
            lines,
        });
    }
    let mut head = vec![text.period.to_owned(), text.this_period.to_owned()];
    if series.compare.is_some() {
        head.extend([compared.to_owned(), text.change.to_owned()]);
    }
    let title = fill(by_grain(page.shown.grain, text), &[measure_name(measure, text)]);
    let axis = |value: f64| show_axis(measure, value, &style);
    let label = fill(text.trend_label, &[&title]);
    let drawing =
        charts::trend(&points, Shape::Wide, &label, &axis) + &charts::trend(&points, Shape::Narrow, &label, &axis);
    let key = view! {
        <span class="k1">{text.this_period}</span>
        <span class="k2" hidden=series.compare.is_none()>{compared}</span>
        {grains(page, text)}
    };
    figure("trend", title, key.into_any(), drawing, String::new(), Twin { head, rows }, text)
}

/// The measure's name.
pub(crate) fn measure_name(measure: Measure, text: &Text) -> &'static str {
    match measure {
        Measure::Sales => text.sales,
        Measure::MemberSales => text.member_sales,
        Measure::Orders => text.orders,
        Measure::Users => text.users,
        Measure::Buyers => text.buyers,
        Measure::Conversion => text.conversion,
        Measure::Frequency => text.frequency,
        Measure::Aov => text.aov,
    }
}

fn by_grain(grain: Grain, text: &Text) -> &'static str {
    match grain {
        Grain::Day => text.by_day,
        Grain::Week => text.by_week,
        Grain::Month => text.by_month,
    }
}

fn grains(page: &Page, text: &'static Text) -> AnyView {
    let all = [(Grain::Day, text.day), (Grain::Week, text.week), (Grain::Month, text.month)];
    let links = all
        .into_iter()
        .map(|(grain, word)| {
            let href = page.state.params.with(|p| p.grain = Some(grain)).href(page.state.page);
            let current = (page.state.grain == grain).then_some("true");
            view! { <a href=href data-nav="" aria-current=current>{word}</a> }
        })
        .collect_view();
    view! { <span class="segments" role="group" aria-label=text.grain>{links}</span> }.into_any()
}

fn show(measure: Measure, value: Option<f64>, style: &Style) -> String {
    let Some(known) = value else {
        return format::NOTHING.to_owned();
    };
    match measure {
        Measure::Sales | Measure::MemberSales => style.money(known.round() as i64),
        Measure::Orders | Measure::Users | Measure::Buyers => style.count(known.round() as i64),
        Measure::Conversion => format::percent(value),
        Measure::Frequency => format::ratio(value),
        Measure::Aov => style.price(value),
    }
}

fn show_axis(measure: Measure, value: f64, style: &Style) -> String {
    match measure {
        Measure::Sales | Measure::MemberSales => style.axis_money(value),
        Measure::Orders | Measure::Users | Measure::Buyers => style.axis_count(value),
        _ => show(measure, Some(value), style),
    }
}

fn period(day: Option<Day>, days: u32, style: &Style, grain: Grain) -> String {
    let Some(day) = day else {
        return String::new();
    };
    match (grain, days) {
        (Grain::Day, _) | (_, 0 | 1) => style.full_day(day),
        _ => {
            model::Window::new(day, day.plus(days as i32 - 1)).map_or_else(|_| style.full_day(day), |w| style.window(w))
        }
    }
}

fn short(day: Day, grain: Grain, style: &Style) -> String {
    match (grain, style.lang) {
        (Grain::Month, Lang::Zh) => fill("{0}-{1}", &[&day.year().to_string(), &day.month().to_string()]),
        (_, Lang::Zh) => fill("{0}/{1}", &[&day.month().to_string(), &day.day_of_month().to_string()]),
        _ => style.day(day),
    }
}
