//! The trend figure: one measure, both periods, day by day, week by week or month by month.

use leptos::prelude::*;
use model::{Day, Grain, Measure, Ratio, SeriesAnswer};

use super::cards::measure_figures;
use super::compare::with_doubt;
use super::figure::{Twin, figure};
use super::tabs::{Tab, tabs};
use crate::boot::Page;
use crate::charts::{self, Shape, TrendPoint};
use crate::format::{self, Style, Unit};
use crate::i18n::{Lang, Text, fill};
use crate::sentence::against;

/// The figure for the measure the reader chose.
pub(crate) fn trend(page: &Page, series: &SeriesAnswer) -> AnyView {
    let text = page.state.lang.text();
    let style = page.style();
    let measure = page.state.measure;
    let unit = Unit::of(measure);
    let now = measure_figures(&series.window, measure);
    let then = series.compare.as_ref().map(|c| measure_figures(c, measure)).unwrap_or_default();
    let show = |figure: Option<&Ratio>| {
        let doubt = figure.map(|f| style.doubt(unit, f, text)).unwrap_or_default();
        with_doubt(style.show(unit, figure.and_then(|f| f.value)), &doubt)
    };
    let compared = against(page.shown.compare, text);
    let count = now.len().max(then.len());
    let mut points = Vec::with_capacity(count);
    let mut rows = Vec::with_capacity(count);
    for i in 0..count {
        let day = series.window.periods.get(i).copied();
        let other = series.compare.as_ref().and_then(|c| c.periods.get(i).copied());
        let days = series.window.days.get(i).copied().unwrap_or(0);
        let (shown_now, shown_then) = (show(now.get(i)), show(then.get(i)));
        let (a, b) = (now.get(i).and_then(|f| f.value), then.get(i).and_then(|f| f.value));
        let partial = series.window.partial.get(i).copied().unwrap_or(false);
        let name = period(day.or(other), days, &style, page.shown.grain);
        let title = if partial { name.clone() + &fill(text.days_only, &[&days.to_string()]) } else { name };
        let mut lines = vec![title.clone(), fill(text.line_of, &[text.this_period, &shown_now])];
        if series.compare.is_some() {
            let change = format::relative(a, b).map(|c| fill(text.in_brackets, &[&c])).unwrap_or_default();
            lines.push(fill(text.line_of, &[compared, &shown_then]) + &change);
        }
        let mut row = vec![title, shown_now];
        if series.compare.is_some() {
            row.push(shown_then);
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
    let axis = |value: f64| show_axis(unit, value, &style);
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
        Measure::RepeatBuyers => text.repeat_buyers,
        Measure::RepurchaseRate => text.repurchase_rate,
        Measure::NewBuyers => text.new_buyers,
        Measure::AnonymousOrders => text.anonymous,
        Measure::AnonymousSales => text.anonymous_sales,
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
    let choices = all.map(|(grain, word)| Tab {
        name: word.to_owned(),
        href: page.state.href(|p| p.growth.grain = Some(grain)),
        chosen: page.state.grain == grain,
    });
    tabs(text.grain, choices.into())
}

fn show_axis(unit: Unit, value: f64, style: &Style) -> String {
    match unit {
        Unit::Money => style.axis_money(value),
        Unit::Count => style.axis_count(value),
        _ => style.show(unit, Some(value)),
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
