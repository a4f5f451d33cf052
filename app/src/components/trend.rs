//! The trend figure: one measure, both periods, day by day, week by week or month by month; for sales the target, too.

use leptos::prelude::*;
use model::{Day, Grain, Measure, Ratio, SeriesAnswer, Window};

use super::cards::measure_figures;
use super::compare::with_doubt;
use super::figure::{Twin, figure};
use super::tabs::{Tab, tabs};
use crate::boot::Page;
use crate::charts::{self, Shape, TrendPoint};
use crate::export::{Doubt, Entry, Number};
use crate::format::{self, Style, Unit};
use crate::i18n::{Lang, t};
use crate::sentence::against;
use crate::targets::Plan;

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
    let targets = targets(page, series);
    let planned = targets.iter().any(Option::is_some);
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
        let target = targets.get(i).copied().flatten();
        if planned {
            let shown = target.map(|target| style.money(target)).unwrap_or_default();
            if target.is_some() {
                lines.push(t!(lang, periods.line_of, name = t!(lang, plans.target), value = &shown));
            }
            row.push(shown);
            told.push(target.map_or(Entry::Nothing, |t| Entry::Number(Number::money(t, &style), Doubt::None)));
        }
        rows.push(row);
        values.push(told);
        points.push(TrendPoint {
            label: day.or(other).map(|d| short(d, page.shown.grain, &style)).unwrap_or_default(),
            now: a,
            then: b,
            target: target.map(|target| target as f64),
            partial,
            lines,
        });
    }
    let mut head = vec![t!(lang, periods.period).to_owned(), t!(lang, periods.this_period).to_owned()];
    if series.compare.is_some() {
        head.extend([compared.to_owned(), t!(lang, periods.change).to_owned()]);
    }
    if planned {
        head.push(t!(lang, plans.target).to_owned());
    }
    let title = by_grain(page.shown.grain, measure_name(measure, lang), lang);
    let axis = |value: f64| show_axis(unit, value, &style);
    let label = t!(lang, figures.trend_label, title = &title);
    let drawing =
        charts::trend(&points, Shape::Wide, &label, &axis) + &charts::trend(&points, Shape::Narrow, &label, &axis);
    let key = view! {
        <span class="k1">{t!(lang, periods.this_period)}</span>
        <span class="k2" hidden=series.compare.is_none()>{compared}</span>
        <span class="k3" hidden=!planned>{t!(lang, plans.target)}</span>
        {grains(page, lang)}
        {measures(page, lang)}
    };
    let note = if planned { t!(lang, plans.spread).to_owned() } else { String::new() };
    figure("trend", title, key.into_any(), drawing, note, (Twin { head, rows }, values), lang)
}

/// The target of each period of the window, minor units; empty where the measure is not sales, or where exactly what is
/// filtered has no targets.
fn targets(page: &Page, series: &SeriesAnswer) -> Vec<Option<i64>> {
    let plan = || Plan::of(&page.shown.filter(), &page.catalog);
    let Some(plan) = (page.state.measure == Measure::Sales).then(plan).flatten() else {
        return Vec::new();
    };
    let points = &series.window;
    let of = |(from, days): (&Day, &u32)| {
        let days = i32::try_from(*days).ok().filter(|days| *days > 0)?;
        plan.of_window(Window::new(*from, from.plus(days - 1)).ok()?)
    };
    points.periods.iter().zip(&points.days).map(of).collect()
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
    // Groups are told by the week.
    if page.catalog.frame.as_ref().is_some_and(|frame| frame.groups_only) {
        return ().into_any();
    }
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
        _ => Window::new(day, day.plus(days as i32 - 1)).map_or_else(|_| style.full_day(day), |w| style.window(w)),
    }
}

fn short(day: Day, grain: Grain, style: &Style) -> String {
    match (grain, style.lang) {
        (Grain::Month, Lang::Zh) => format!("{}-{}", day.year(), day.month()),
        (_, Lang::Zh) => format!("{}/{}", day.month(), day.day_of_month()),
        _ => style.day(day),
    }
}
