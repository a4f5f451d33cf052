//! Needs you today: the stores that moved beyond chance, worst in money first, and how sure that is.

use leptos::prelude::*;
use model::Measures;

use super::answers::{Answered, Driver, Looked, Moved};
use super::chance::FALSE_ALARMS;
use crate::boot::Page;
use crate::components::compare::{Way, beside, shown_of};
use crate::components::names;
use crate::components::section::section;
use crate::format::{self, Unit};
use crate::i18n::{Lang, t};
use crate::sentence::Part;
use crate::state::PageName;

/// Cards before the rest is folded away.
const SHOWN: usize = 6;

/// Cards in a list that is folded away, at the most; the ranking has them all.
const FOLDED: usize = 30;

/// The panel; nothing where nothing is compared.
pub(super) fn today(page: &Page, answered: &Answered, looked: &Looked) -> Option<AnyView> {
    answered.growth.compare.as_ref()?;
    let lang = page.state.lang;
    let falls = looked.fallen();
    let (fallen, risen) = looked.sure.split_at(falls);
    let urgent = cards(page, fallen.iter().take(SHOWN));
    let rest: Vec<&Moved> = fallen.iter().skip(SHOWN).collect();
    let calm = if looked.sure.is_empty() {
        t!(lang, stores.today_nothing, stores = looked.judged)
    } else if falls == 0 {
        t!(lang, stores.today_no_fall, stores = looked.judged)
    } else {
        String::new()
    };
    let more = folded(page, t!(lang, stores.today_more, count = rest.len()), rest.into_iter());
    let up = folded(page, t!(lang, stores.today_risen, count = risen.len()), risen.iter().rev());
    let perhaps = folded(
        page,
        t!(lang, stores.today_perhaps, count = looked.perhaps.len(), stores = looked.judged),
        looked.perhaps.iter(),
    );
    let body = view! {
        <p class="calm" hidden=calm.is_empty()>{calm.clone()}</p>
        <ul class="needs" hidden=falls == 0>{urgent}</ul>
        {more}{up}{perhaps}
    };
    let note = t!(lang, stores.today_sure, stores = looked.judged, rate = format::whole_percent(FALSE_ALARMS));
    let key = if falls > 0 { t!(lang, stores.today_order) } else { "" };
    Some(section("today", t!(lang, stores.today).to_owned(), key.into_any(), body.into_any(), note))
}

/// Cards under a line that opens them; nothing where there are none.
fn folded<'a>(page: &Page, title: String, moved: impl ExactSizeIterator<Item = &'a Moved<'a>>) -> Option<AnyView> {
    (moved.len() > 0).then(|| {
        let cut = moved.len() > FOLDED;
        let first = t!(page.state.lang, stores.today_first, count = FOLDED);
        view! {
            <details class="fold"><summary>{title}</summary>
                <p class="note" hidden=!cut>{first}</p><ul class="needs">{cards(page, moved.take(FOLDED))}</ul>
            </details>
        }
        .into_any()
    })
}

fn cards<'a>(page: &Page, moved: impl Iterator<Item = &'a Moved<'a>>) -> Vec<AnyView> {
    moved.map(|moved| card(page, moved)).collect()
}

fn card(page: &Page, moved: &Moved) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let sales = |measures: &Measures| measures.sales.map_or(0, |f| f.value);
    let now = sales(&moved.row.window);
    let then = moved.row.compare.as_ref().map_or(0, sales);
    let way = Way::of_amount(moved.change.value);
    let href = page.state.params.href(&PageName::Store(moved.row.store.clone()));
    let relative = format::relative(Some(now as f64), Some(then as f64)).unwrap_or_default();
    let levels = t!(lang, periods.from_to, before = style.money(then), after = style.money(now));
    let doubt = style.doubt_of(Unit::Money, &moved.change, lang);
    let place = page.catalog.store(&moved.row.store).map(|store| names::place(page, store)).unwrap_or_default();
    view! {
        <li><a class="need" href=href data-nav="">
            <span class="need-name"><b>{names::store(page, &moved.row.store)}</b><small>{place}</small></span>
            <span class="need-sum" title=style.full_money(moved.change.value)>
                <b class=way.class()><i aria-hidden="true">{way.arrow()}</i>{style.change(moved.change.value)}</b>{beside(doubt, lang)}
            </span>
            <span class="need-why">{why(page, moved, now, then)}</span>
            <span class="need-bars" inner_html=bars(now, then, way)></span>
            <span class="need-levels"><span>{levels}</span><b class=way.class()>{relative}</b></span>
        </a></li>
    }
    .into_any()
}

/// What happened, in words: which factor of the formula, from what to what, and what that is worth.
fn why(page: &Page, moved: &Moved, now: i64, then: i64) -> String {
    let lang = page.state.lang;
    let style = page.style();
    match &moved.driver {
        Some(Driver { part, money, values: [before, after] }) => {
            let levels = match (before, after) {
                (Some(_), Some(_)) if *part != Part::Anonymous => t!(
                    lang,
                    periods.from_to,
                    before = shown_of(*part, *before, &style),
                    after = shown_of(*part, *after, &style)
                ),
                _ => String::new(),
            };
            let told = told(*part, money.value < 0, lang);
            let worth = style.change(money.value);
            if levels.is_empty() {
                t!(lang, stores.why_worth, told, worth)
            } else {
                t!(lang, stores.why, name = part.name(lang), levels, told, worth)
            }
        }
        None if now == 0 => t!(lang, stores.why_gone).to_owned(),
        None if then == 0 => t!(lang, stores.why_new).to_owned(),
        None => t!(lang, stores.why_open).to_owned(),
    }
}

/// What it means for a factor to fall or rise.
fn told(part: Part, fell: bool, lang: Lang) -> &'static str {
    match (part, fell) {
        (Part::Users, true) => t!(lang, stores.users_fell),
        (Part::Users, false) => t!(lang, stores.users_rose),
        (Part::Conversion, true) => t!(lang, stores.conversion_fell),
        (Part::Conversion, false) => t!(lang, stores.conversion_rose),
        (Part::Frequency, true) => t!(lang, stores.frequency_fell),
        (Part::Frequency, false) => t!(lang, stores.frequency_rose),
        (Part::Orders, true) => t!(lang, stores.orders_fell),
        (Part::Orders, false) => t!(lang, stores.orders_rose),
        (Part::Aov | Part::OrderValue, true) => t!(lang, stores.aov_fell),
        (Part::Aov | Part::OrderValue, false) => t!(lang, stores.aov_rose),
        (Part::Anonymous, true) => t!(lang, stores.anonymous_fell),
        (Part::Anonymous, false) => t!(lang, stores.anonymous_rose),
    }
}

/// Sales then and now, over each other; the numbers stand beside them.
fn bars(now: i64, then: i64, way: Way) -> String {
    let most = now.max(then).max(1) as f64;
    let width = |value: i64| ((value.max(0) as f64 / most * 100.0).round() as i64).max(1);
    format!(
        "<svg width=\"100%\" height=\"14\" aria-hidden=\"true\"><rect class=\"then\" width=\"{}%\" height=\"5\" rx=\"2\"/><rect class=\"f-{}\" y=\"8\" width=\"{}%\" height=\"6\" rx=\"2\"/></svg>",
        width(then),
        way.class(),
        width(now)
    )
}
