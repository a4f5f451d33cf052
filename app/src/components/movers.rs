//! The stores that pulled sales up and down most, with the part that drove each.

use leptos::prelude::*;
use model::{GrowthAnswer, GrowthGroup};

use super::compare::{Way, beside};
use super::names;
use crate::boot::Page;
use crate::export::{self, Doubt, Entry, Number, Sheet};
use crate::format::Unit;
use crate::i18n::t;
use crate::sentence::{difference, parts};
use crate::state::PageName;

const SHOWN: usize = 5;

/// The panel: movers where there is a comparison, else the largest stores.
pub(crate) fn movers(page: &Page, answer: &GrowthAnswer) -> AnyView {
    let lang = page.state.lang;
    let mut stores: Vec<(&GrowthGroup, i64)> = answer
        .groups
        .iter()
        .map(|g| (g, g.window.sales.value.saturating_sub(g.compare.as_ref().map_or(0, |c| c.sales.value))))
        .collect();
    stores.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.id.cmp(&b.0.id)));
    let compares = answer.compare.is_some();
    let down: Vec<_> = stores.iter().filter(|s| compares && s.1 < 0).take(SHOWN).copied().collect();
    let up: Vec<_> =
        stores.iter().rev().filter(|s| s.1 > 0).take(if compares { SHOWN } else { 2 * SHOWN }).copied().collect();
    let most = down.iter().chain(&up).map(|s| s.1.saturating_abs()).max().unwrap_or(1);
    // The whole's change, since a boot carries only the stores that moved most.
    let then = answer.compare.as_ref().map_or(0, |c| c.sales.value);
    let fell = answer.window.sales.value < then;
    let (first, second) = if fell || !compares { (down, up) } else { (up, down) };
    let fell_first = first.first().is_some_and(|s| s.1 < 0);
    let title = if compares { t!(lang, figures.movers) } else { t!(lang, figures.top_stores) };
    let list_names = if !compares {
        ["", ""]
    } else if fell_first {
        [t!(lang, figures.pulled_down), t!(lang, figures.pulled_up)]
    } else {
        [t!(lang, figures.pulled_up), t!(lang, figures.pulled_down)]
    };
    export::record(|| {
        let line = |(group, amount): &(&GrowthGroup, i64)| {
            let amount = Entry::Number(Number::money(*amount, &page.style()), Doubt::None);
            vec![Entry::Words(names::store(page, &group.id)), amount]
        };
        let amount = if compares { t!(lang, periods.change) } else { t!(lang, words.sales) };
        Sheet {
            id: "",
            title: String::new(),
            head: [t!(lang, shared.store), amount].map(str::to_owned).to_vec(),
            rows: first.iter().chain(&second).map(line).collect(),
        }
    });
    let menu = export::panel_menu("movers", title, false);
    let lists = [first, second]
        .into_iter()
        .zip(list_names)
        .filter(|(list, _)| !list.is_empty())
        .map(|(list, name)| {
            let rows = list.into_iter().map(|(group, amount)| store(page, group, amount, most)).collect_view();
            view! { <div><h3 class="listname" hidden=name.is_empty()>{name}</h3><ol class="movers">{rows}</ol></div> }
        })
        .collect_view();
    let nothing = stores.is_empty();
    view! {
        <section class="panel" aria-labelledby="movers-title">
            <div class="caption"><h2 id="movers-title">{title}</h2>{menu}</div>
            <p class="note" hidden=!nothing>{t!(lang, figures.no_stores)}</p>
            {lists}
        </section>
    }
    .into_any()
}

fn store(page: &Page, group: &GrowthGroup, amount: i64, most: i64) -> AnyView {
    let lang = page.state.lang;
    let style = page.style();
    let known = page.catalog.store(&group.id);
    let name = known
        .map(|s| s.name.clone())
        .filter(|n| !n.is_empty())
        .unwrap_or_else(|| t!(lang, figures.no_store).to_owned());
    let region = known
        .and_then(|s| page.catalog.regions.get(usize::from(s.region)))
        .filter(|r| !r.is_empty())
        .cloned()
        .unwrap_or_default();
    let reason = match (&group.compare, &group.contributions) {
        (Some(then), Some(contributions)) if group.zero_case.is_none() => parts(&group.window, then, contributions)
            .into_iter()
            .filter(|(_, m)| !m.too_few && (if amount < 0 { m.high < 0 } else { m.low > 0 }))
            .max_by_key(|(_, m)| m.value.saturating_abs())
            .map(|(part, _)| t!(lang, figures.mainly, factor = part.name(lang).to_lowercase()))
            .unwrap_or_default(),
        (Some(then), _) if then.sales.value == 0 => t!(lang, figures.newly).to_owned(),
        (Some(_), _) => t!(lang, figures.gone).to_owned(),
        _ => String::new(),
    };
    let detail = [region, reason].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ");
    // Orders of no store have no page of their own.
    let href = known.filter(|s| !s.id.is_empty()).map(|s| page.state.params.href(&PageName::Store(s.id.clone())));
    let compares = group.compare.is_some();
    let way = if compares { Way::of_amount(amount) } else { Way::Flat };
    let shown = if compares { style.change(amount) } else { style.money(amount) };
    let moved = difference(&group.window.sales, &group.compare.as_ref().map(|c| c.sales).unwrap_or_default());
    let doubt = style.doubt_of(Unit::Money, &moved, lang);
    let title = style.exact_money(amount);
    let width = if most > 0 { amount.saturating_abs() as f64 / most as f64 * 100.0 } else { 0.0 };
    let bar = format!(
        "<svg class=\"movebar\" width=\"100%\" height=\"3\" aria-hidden=\"true\"><rect class=\"f-{}\" width=\"{}%\" height=\"3\" rx=\"1.5\"/></svg>",
        if compares { way.class() } else { "cur" },
        width.round().max(1.0) as i64
    );
    view! {
        <li><a href=href data-nav="">
            <b title=name.clone()>{name.clone()}</b>
            <small>{detail}</small>
            <span class=["amount ", way.class()].concat() title=title><i aria-hidden="true">{way.arrow()}</i>{shown}{beside(doubt, lang)}</span>
            <span class="barbox" inner_html=bar></span>
        </a></li>
    }
    .into_any()
}
