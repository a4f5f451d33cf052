//! The chips of the days: the window and what it is compared with.

use leptos::prelude::*;
use model::{Day, Window};

use super::campaigns::campaign_choices;
use super::{choice, hidden, menu};
use crate::boot::Page;
use crate::i18n::{Lang, t};
use crate::sentence::against;
use crate::state::{Compare, Params, quarter_of};

pub(super) fn window_menu(page: &Page, lang: Lang) -> AnyView {
    let (style, catalog, params) = (page.style(), &page.catalog, &page.state.params);
    let choices = presets(catalog.first_day, catalog.data_until, lang)
        .into_iter()
        .map(|(name, window)| {
            let to = params.with(|p| p.window = Some(window));
            choice(page, &to, name.to_owned(), style.window(window), page.state.window == window, false)
        })
        .collect_view();
    let days = date_form(page, &params.with(|p| p.window = None), ["from", "to"], page.state.window, lang);
    menu(
        "menu-window",
        style.window(page.state.window),
        params.window.is_some(),
        view! { <ul>{choices}</ul>{days} }.into_any(),
    )
}

fn date_form(page: &Page, rest: &Params, names: [&'static str; 2], window: Window, lang: Lang) -> AnyView {
    let (min, max) = (page.catalog.first_day.to_string(), page.catalog.data_until.to_string());
    view! {
        <form method="get" action=page.state.params.path(&page.state.page) data-form="">
            {hidden(page, rest)}
            <label><span>{t!(lang, filters.from)}</span><input type="date" name=names[0] value=window.from().to_string() prop:value=window.from().to_string() min=min.clone() max=max.clone() required=true/></label>
            <label><span>{t!(lang, filters.to)}</span><input type="date" name=names[1] value=window.to().to_string() prop:value=window.to().to_string() min=min max=max required=true/></label>
            <button class="apply" type="submit">{t!(lang, filters.apply)}</button>
        </form>
    }
    .into_any()
}

/// Windows with a name that lie inside the data, nearest first.
fn presets(first: Day, last: Day, lang: Lang) -> Vec<(&'static str, Window)> {
    let month = last.month_start();
    let quarter = quarter_of(last);
    let before = quarter_of(quarter.from().plus(-1));
    let year = Day::from_ymd(last.year(), 1, 1).unwrap_or(first);
    [
        (t!(lang, filters.last_7), last.plus(-6), last),
        (t!(lang, filters.last_28), last.plus(-27), last),
        (t!(lang, filters.last_91), last.plus(-90), last),
        (t!(lang, filters.this_month), month, last),
        (t!(lang, filters.last_month), month.plus_months(-1), month.plus(-1)),
        (t!(lang, filters.this_quarter), quarter.from(), last),
        (t!(lang, filters.last_quarter), before.from(), before.to()),
        (t!(lang, filters.this_year), year, last),
        (t!(lang, filters.last_365), last.plus(-364), last),
        (t!(lang, filters.all_days), first, last),
    ]
    .into_iter()
    .filter(|(_, from, _)| *from >= first)
    .filter_map(|(name, from, to)| Some((name, Window::new(from, to).ok()?)))
    .collect()
}

pub(super) fn compare_menu(page: &Page, lang: Lang) -> AnyView {
    let (style, params, window) = (page.style(), &page.state.params, page.state.window);
    let choices = Compare::choices(window)
        .map(|compare| {
            let name = if compare == Compare::Nothing { t!(lang, periods.no_compare) } else { against(compare, lang) };
            let days = compare.days(window, None);
            let to = params.with(|p| p.compare_with(compare));
            let detail = days.map(|w| style.window(w)).unwrap_or_default();
            choice(page, &to, name.to_owned(), detail, page.state.compare == compare, false)
        })
        .collect_view();
    // The form says `compare=custom` itself; cfrom and cto are its inputs.
    let rest = params.with(|p| p.compare_with(Compare::Custom));
    let days = date_form(page, &rest, ["cfrom", "cto"], page.state.compared.unwrap_or(window.previous()), lang);
    let label = match (page.state.compare, page.state.aligned(&page.catalog)) {
        (Compare::Nothing, _) => t!(lang, periods.no_compare).to_owned(),
        (_, Some(aligned)) => t!(lang, periods.compared_with, period = &aligned.then.name),
        (compare, None) => t!(lang, periods.compared_with, period = against(compare, lang)),
    };
    let campaigns = campaign_choices(page, lang);
    menu("menu-compare", label, params.compare.is_some(), view! { <ul>{choices}{campaigns}</ul>{days} }.into_any())
}
