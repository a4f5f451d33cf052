//! The trend figure: one measure, both periods, day by day, week by week or month by month.

use leptos::prelude::*;
use model::{Day, Grain, Measure, Ratio, SeriesAnswer};

use super::cards::measure_figures;
use super::compare::with_doubt;
use super::figure::{Twin, figure};
use super::tabs::{Tab, tabs};
use crate::boot::Page;
use crate::charts::{self, Shape, TrendPoint};
use crate::export::Entry;
use crate::format::{self, Style, Unit};
use crate::i18n::{Lang, t};
use crate::sentence::against;

/// The figure for the measure the reader chose.
pub(crate) fn trend(page: &Page, series: &SeriesAnswer) -> AnyView {
    let lang = page.state.lang;
    let style = page.style();
    let measure = page.state.measure;
    let unit = Unit::of(measure);
    let now = measure_figures(&series.window, measure);
    let then = series.compare.as_ref().map(|c| measure_figures(c, measure)).unwrap_or_default();
    let show = |figure: Option<&Ratio>| {
        let doubt = figure.map(|f| style.doubt(unit, f, lang)).unwrap_or_default();
        with_doubt(style.show(unit, figure.and_then(|f| f.value)), &doubt)
    };
    let compared = against(page.shown.compare, lang);
    let count = now.len().max(then.len());
    let mut points = Vec::with_capacity(count);
    let mut rows = Vec::with_capacity(count);
    let mut values = Vec::with_capacity(count);
    let value = |figure: Option<&Ratio>| figure.map_or(Entry::Nothing, |f| Entry::ratio(&style, unit, f));
    for i in 0..count {
        let day = series.window.periods.get(i).copied();
        let other = series.compare.as_ref().and_then(|c| c.periods.get(i).copied());
        let days = series.window.days.get(i).copied().unwrap_or(0);
        let (shown_now, shown_then) = (show(now.get(i)), show(then.get(i)));
        let (a, b) = (now.get(i).and_then(|f| f.value), then.get(i).and_then(|f| f.value));
        let partial = series.window.partial.get(i).copied().unwrap_or(false);
        let name = period(day.or(other), days, &style, page.shown.grain);
        let title = if partial { name.clone() + &t!(lang, periods.days_only, days) } else { name };
        let mut lines =
            vec![title.clone(), t!(lang, periods.line_of, name = t!(lang, periods.this_period), value = &shown_now)];
        if series.compare.is_some() {
            let change = format::relative(a, b).map(|c| t!(lang, periods.in_brackets, inner = &c)).unwrap_or_default();
            lines.push(t!(lang, periods.line_of, name = compared, value = &shown_then) + &change);
        }
        let mut told = vec![Entry::Words(title.clone()), value(now.get(i))];
        let mut row = vec![title, shown_now];
        if series.compare.is_some() {
            row.push(shown_then);
            row.push(format::relative(a, b).unwrap_or_default());
            told.extend([value(then.get(i)), Entry::change(a, b)]);
        }
        rows.push(row);
        values.push(told);
        points.push(TrendPoint {
            label: day.or(other).map(|d| short(d, page.shown.grain, &style)).unwrap_or_default(),
            now: a,
            then: b,
            partial,
            lines,
        });
    }
    let mut head = vec![t!(lang, periods.period).to_owned(), t!(lang, periods.this_period).to_owned()];
    if series.compare.is_some() {
        head.extend([compared.to_owned(), t!(lang, periods.change).to_owned()]);
    }
    let title = by_grain(page.shown.grain, measure_name(measure, lang), lang);
    let axis = |value: f64| show_axis(unit, value, &style);
    let label = t!(lang, figures.trend_label, title = &title);
    let drawing =
        charts::trend(&points, Shape::Wide, &label, &axis) + &charts::trend(&points, Shape::Narrow, &label, &axis);
    let key = view! {
        <span class="k1">{t!(lang, periods.this_period)}</span>
        <span class="k2" hidden=series.compare.is_none()>{compared}</span>
        {grains(page, lang)}
        {measures(page, lang)}
    };
    figure("trend", title, key.into_any(), drawing, String::new(), (Twin { head, rows }, values), lang)
}

/// The measure's name.
pub(crate) fn measure_name(measure: Measure, lang: Lang) -> &'static str {
    match measure {
        Measure::Sales => t!(lang, words.sales),
        Measure::MemberSales => t!(lang, words.member_sales),
        Measure::Orders => t!(lang, words.orders),
        Measure::Users => t!(lang, words.users),
        Measure::Buyers => t!(lang, words.buyers),
        Measure::Conversion => t!(lang, words.conversion),
        Measure::Frequency => t!(lang, words.frequency),
        Measure::Aov => t!(lang, words.aov),
        Measure::RepeatBuyers => t!(lang, words.repeat_buyers),
        Measure::RepurchaseRate => t!(lang, words.repurchase_rate),
        Measure::NewBuyers => t!(lang, words.new_buyers),
        Measure::AnonymousOrders => t!(lang, words.anonymous),
        Measure::AnonymousSales => t!(lang, words.anonymous_sales),
    }
}

fn by_grain(grain: Grain, measure: &str, lang: Lang) -> String {
    match grain {
        Grain::Day => t!(lang, periods.by_day, measure),
        Grain::Week => t!(lang, periods.by_week, measure),
        Grain::Month => t!(lang, periods.by_month, measure),
    }
}

fn grains(page: &Page, lang: Lang) -> AnyView {
    let all = [
        (Grain::Day, t!(lang, periods.day)),
        (Grain::Week, t!(lang, periods.week)),
        (Grain::Month, t!(lang, periods.month)),
    ];
    let choices = all.map(|(grain, word)| Tab {
        name: word.to_owned(),
        href: page.state.href(|p| p.growth.grain = Some(grain)),
        chosen: page.state.grain == grain,
    });
    tabs(t!(lang, periods.grain), choices.into())
}

/// All measures to choose from, folded away.
fn measures(page: &Page, lang: Lang) -> AnyView {
    let choices = Measure::ALL
        .into_iter()
        .map(|measure| {
            let href = page.state.href(|p| p.growth.measure = Some(measure)) + "#trend";
            let chosen = (page.state.measure == measure).then_some("true");
            view! { <li><a href=href data-nav="" aria-current=chosen><span>{measure_name(measure, lang)}</span></a></li> }
        })
        .collect_view();
    view! {
        <details class="menu pick" id="menu-measure">
            <summary class="chip" aria-label=t!(lang, shared.measure)>{measure_name(page.state.measure, lang)}</summary>
            <div class="pop"><ul>{choices}</ul></div>
        </details>
    }
    .into_any()
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
        (Grain::Month, Lang::Zh) => format!("{}-{}", day.year(), day.month()),
        (_, Lang::Zh) => format!("{}/{}", day.month(), day.day_of_month()),
        _ => style.day(day),
    }
}
