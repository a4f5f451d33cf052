//! The filter chips: window, comparison, regions, stores, channels. Every choice is a link or a form,
//! so that all of it works without JavaScript by loading the page anew.

use std::sync::Arc;

use leptos::prelude::*;
use model::{Day, Window};

use crate::boot::Page;
use crate::i18n::{Text, fill};
use crate::sentence::against;
use crate::state::{Compare, Params, quarter_of, toggle};

/// How many stores a list shows before the reader searches.
const LISTED: usize = 40;

/// The row of chips.
pub(crate) fn filters(page: &Arc<Page>) -> AnyView {
    let text = page.state.lang.text();
    let params = &page.state.params;
    let clear = params.with(|p| {
        p.regions.clear();
        p.stores.clear();
        p.channels.clear();
    });
    let filtered = clear != *params;
    let href = clear.href(page.state.page);
    view! {
        <div class="chips" role="group" aria-label=text.filters>
            {window_menu(page, text)}
            {compare_menu(page, text)}
            {region_menu(page, text)}
            {store_menu(page, text)}
            {channel_menu(page, text)}
            <a class="chip quiet" href=href data-nav="" hidden=!filtered>{text.clear}</a>
            <span class="space"></span>
            <button class="chip quiet needs-js" type="button" data-share="">{text.share}</button>
        </div>
    }
    .into_any()
}

fn menu(id: &'static str, label: String, set: bool, body: AnyView) -> AnyView {
    let class = if set { "chip set" } else { "chip" };
    view! {
        <details class="menu" name="filter" id=id>
            <summary class=class>{label}</summary>
            <div class="pop">{body}</div>
        </details>
    }
    .into_any()
}

/// A choice; `keep` leaves the menu open, for lists where several may be chosen.
fn choice(page: &Page, params: &Params, name: String, detail: String, chosen: bool, keep: bool) -> AnyView {
    view! {
        <li><a href=params.href(page.state.page) data-nav=if keep { "keep" } else { "" } aria-current=chosen.then_some("true")>
            <span>{name}</span><small>{detail}</small>
        </a></li>
    }
    .into_any()
}

/// The rest of the state, for a form that changes some of it.
fn hidden(params: &Params) -> AnyView {
    params
        .pairs()
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .into_any()
}

fn window_menu(page: &Page, text: &'static Text) -> AnyView {
    let (style, catalog, params) = (page.style(), &page.catalog, &page.state.params);
    let choices = presets(catalog.first_day, catalog.data_until, text)
        .into_iter()
        .map(|(name, window)| {
            let to = params.with(|p| p.window = Some(window));
            choice(page, &to, name.to_owned(), style.window(window), page.state.window == window, false)
        })
        .collect_view();
    let days = date_form(page, &params.with(|p| p.window = None), ["from", "to"], page.state.window, text);
    menu(
        "menu-window",
        style.window(page.state.window),
        params.window.is_some(),
        view! { <ul>{choices}</ul>{days} }.into_any(),
    )
}

fn date_form(page: &Page, rest: &Params, names: [&'static str; 2], window: Window, text: &'static Text) -> AnyView {
    let (min, max) = (page.catalog.first_day.to_string(), page.catalog.data_until.to_string());
    view! {
        <form method="get" action=page.state.page.path() data-form="">
            {hidden(rest)}
            <label><span>{text.from}</span><input type="date" name=names[0] value=window.from().to_string() prop:value=window.from().to_string() min=min.clone() max=max.clone() required=true/></label>
            <label><span>{text.to}</span><input type="date" name=names[1] value=window.to().to_string() prop:value=window.to().to_string() min=min max=max required=true/></label>
            <button class="apply" type="submit">{text.apply}</button>
        </form>
    }
    .into_any()
}

/// Windows with a name that lie inside the data, nearest first.
fn presets(first: Day, last: Day, text: &'static Text) -> Vec<(&'static str, Window)> {
    let month = last.month_start();
    let quarter = quarter_of(last);
    let before = quarter_of(quarter.from().plus(-1));
    let year = Day::from_ymd(last.year(), 1, 1).unwrap_or(first);
    [
        (text.last_7, last.plus(-6), last),
        (text.last_28, last.plus(-27), last),
        (text.last_91, last.plus(-90), last),
        (text.this_month, month, last),
        (text.last_month, month.plus_months(-1), month.plus(-1)),
        (text.this_quarter, quarter.from(), last),
        (text.last_quarter, before.from(), before.to()),
        (text.this_year, year, last),
        (text.last_365, last.plus(-364), last),
        (text.all_days, first, last),
    ]
    .into_iter()
    .filter(|(_, from, _)| *from >= first)
    .filter_map(|(name, from, to)| Some((name, Window::new(from, to).ok()?)))
    .collect()
}

fn compare_menu(page: &Page, text: &'static Text) -> AnyView {
    let (style, params, window) = (page.style(), &page.state.params, page.state.window);
    let all = [
        (Compare::Year, text.last_year, Some(window.year_earlier())),
        (Compare::Previous, text.previous_period, Some(window.previous())),
        (Compare::Nothing, text.no_compare, None),
    ];
    let choices = all
        .into_iter()
        .map(|(compare, name, days)| {
            let to = params.with(|p| {
                p.compare = Some(compare);
                p.custom = None;
            });
            let detail = days.map(|w| style.window(w)).unwrap_or_default();
            choice(page, &to, name.to_owned(), detail, page.state.compare == compare, false)
        })
        .collect_view();
    // The form says `compare=custom` itself; cfrom and cto are its inputs.
    let rest = params.with(|p| {
        p.compare = Some(Compare::Custom);
        p.custom = None;
    });
    let days = date_form(page, &rest, ["cfrom", "cto"], page.state.compared.unwrap_or(window.previous()), text);
    let label = match page.state.compare {
        Compare::Nothing => text.no_compare.to_owned(),
        compare => fill(text.compared_with, &[against(compare, text)]),
    };
    menu("menu-compare", label, params.compare.is_some(), view! { <ul>{choices}</ul>{days} }.into_any())
}

/// "All", one name, or how many.
fn summary(all: &str, many: &str, chosen: &[String]) -> String {
    match chosen {
        [] => all.to_owned(),
        [one] => one.clone(),
        more => fill(many, &[&more.len().to_string()]),
    }
}

fn region_menu(page: &Page, text: &'static Text) -> AnyView {
    let params = &page.state.params;
    let all = params.with(|p| p.regions.clear());
    let choices = page
        .catalog
        .regions
        .iter()
        .enumerate()
        .filter(|(_, region)| !region.is_empty())
        .map(|(i, region)| {
            let stores = page.catalog.stores.iter().filter(|s| usize::from(s.region) == i).count();
            let to = params.with(|p| toggle(&mut p.regions, region));
            choice(
                page,
                &to,
                region.clone(),
                fill(text.stores_count, &[&stores.to_string()]),
                params.regions.contains(region),
                true,
            )
        })
        .collect_view();
    let none = choice(page, &all, text.all_regions.to_owned(), String::new(), params.regions.is_empty(), false);
    let label = summary(text.all_regions, text.regions_count, &params.regions);
    menu("menu-region", label, !params.regions.is_empty(), view! { <ul>{none}{choices}</ul> }.into_any())
}

fn channel_menu(page: &Page, text: &'static Text) -> AnyView {
    let params = &page.state.params;
    let all = params.with(|p| p.channels.clear());
    let kinds = [
        ("store", text.kind_store),
        ("owned", text.kind_owned),
        ("marketplace", text.kind_marketplace),
        ("social", text.kind_social),
        ("ads", text.kind_ads),
    ];
    let other = |kind: &str| kinds.iter().all(|(known, _)| *known != kind);
    let groups = kinds
        .into_iter()
        .chain([("", text.kind_other)])
        .map(|(kind, name)| {
            let choices: Vec<_> = page
                .catalog
                .channels
                .iter()
                .filter(|c| !c.id.is_empty() && if kind.is_empty() { other(&c.kind) } else { c.kind == kind })
                .map(|c| {
                    let to = params.with(|p| toggle(&mut p.channels, &c.id));
                    choice(page, &to, c.name.clone(), String::new(), params.channels.contains(&c.id), true)
                })
                .collect();
            let empty = choices.is_empty();
            view! { <li class="group" hidden=empty><p class="popname">{name}</p><ul>{choices}</ul></li> }
        })
        .collect_view();
    let names: Vec<String> = params
        .channels
        .iter()
        .map(|id| page.catalog.channel(id).map_or_else(|| id.clone(), |c| c.name.clone()))
        .collect();
    let none = choice(page, &all, text.all_channels.to_owned(), String::new(), names.is_empty(), false);
    let label = summary(text.all_channels, text.channels_count, &names);
    menu("menu-channel", label, !names.is_empty(), view! { <ul>{none}{groups}</ul> }.into_any())
}

fn store_menu(page: &Arc<Page>, text: &'static Text) -> AnyView {
    let params = &page.state.params;
    let search = RwSignal::new(String::new());
    let names: Vec<String> =
        params.stores.iter().map(|id| page.catalog.store(id).map_or_else(|| id.clone(), |s| s.name.clone())).collect();
    let label = summary(text.all_stores, text.stores_count, &names);
    let all = params.with(|p| p.stores.clear());
    let none = choice(page, &all, text.all_stores.to_owned(), String::new(), names.is_empty(), false);
    let rest = hidden(params);
    let listed = page.clone();
    let body = view! {
        <form method="get" action=page.state.page.path() data-form="" role="search">
            {rest}
            <input type="search" name="store" placeholder=text.find_store aria-label=text.find_store autocomplete="off"
                on:input=move |event| search.set(event_target_value(&event))/>
            <button class="apply" type="submit">{text.find}</button>
        </form>
        <ul>{none}{move || store_list(&listed, &search.get())}</ul>
    };
    menu("menu-store", label, !names.is_empty(), body.into_any())
}

/// The chosen stores, then those that hold the text, in the chosen regions; never more than fit a list.
fn store_list(page: &Page, search: &str) -> AnyView {
    let text = page.state.lang.text();
    let params = &page.state.params;
    let wanted = search.trim().to_lowercase();
    let region_of = |i: u16| page.catalog.regions.get(usize::from(i)).map_or("", String::as_str);
    let fits = |s: &&model::Store| {
        let in_region = params.regions.is_empty() || params.regions.iter().any(|r| r == region_of(s.region));
        let found = wanted.is_empty()
            || s.name.to_lowercase().contains(&wanted)
            || s.id.to_lowercase().contains(&wanted)
            || s.city.to_lowercase().contains(&wanted);
        !s.id.is_empty() && in_region && found && !params.stores.contains(&s.id)
    };
    let chosen = page.catalog.stores.iter().filter(|s| params.stores.contains(&s.id));
    let others = page.catalog.stores.iter().filter(fits);
    let left = others.clone().count().saturating_sub(LISTED);
    let rows = chosen
        .chain(others.take(LISTED))
        .map(|s| {
            let to = params.with(|p| toggle(&mut p.stores, &s.id));
            let place =
                [region_of(s.region), &s.city].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ");
            choice(page, &to, s.name.clone(), place, params.stores.contains(&s.id), true)
        })
        .collect_view();
    let more = if left > 0 { fill(text.more_stores, &[&left.to_string()]) } else { String::new() };
    view! { {rows}<li class="more" hidden=more.is_empty()>{more.clone()}</li> }.into_any()
}
