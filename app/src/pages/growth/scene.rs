//! The cards that lead, by the way a retailer sells: what decides about growth there, from figures the page has or asks.

use leptos::prelude::*;
use model::{Factors, Figure, FunnelAnswer, GrowthAnswer, Measure, Money, Ratio, SeriesAnswer};

use super::answers::Answered;
use super::ask::{LEAD_DAYS, lead_kinds, lead_steps};
use super::options::{Formula, Scene};
use crate::boot::Page;
use crate::components::cards::{Card, card};
use crate::components::names;
use crate::components::tabs::{Tab, tabs};
use crate::components::trend::measure_name;
use crate::format::{self, Unit, as_float};
use crate::i18n::t;
use crate::state::PageName;

/// The line of quiet choices over the cards: whose cards lead, and the formula.
pub(super) fn choices(page: &Page) -> AnyView {
    let lang = page.state.lang;
    let home = &page.state.params.home;
    let scenes = [
        (None, t!(lang, growth.scene_all)),
        (Some(Scene::Frequent), t!(lang, growth.scene_frequent)),
        (Some(Scene::Considered), t!(lang, growth.scene_considered)),
        (Some(Scene::Guided), t!(lang, growth.scene_guided)),
    ];
    let scenes = scenes.map(|(scene, name)| Tab {
        name: name.to_owned(),
        href: page.state.href(|p| p.home.scene = scene),
        chosen: home.scene == scene,
    });
    let formulas = [(Formula::Users, t!(lang, growth.by_users)), (Formula::Traffic, t!(lang, growth.by_traffic))];
    let formulas = formulas.map(|(formula, name)| Tab {
        name: name.to_owned(),
        href: page.state.href(|p| p.home.formula = formula),
        chosen: home.formula == formula,
    });
    view! {
        <div class="choices">
            <span class="choice"><small>{t!(lang, growth.scene)}</small>{tabs(t!(lang, growth.scene), scenes.into())}</span>
            <span class="choice"><small>{t!(lang, growth.formula)}</small>{tabs(t!(lang, growth.formula), formulas.into())}</span>
        </div>
    }
    .into_any()
}

/// The cards of the scene; none where the reader chose none.
pub(super) fn lead(page: &Page, answered: &Answered<'_>) -> Option<AnyView> {
    let lang = page.state.lang;
    let scene = page.shown.params.home.scene?;
    let (title, cards) = match scene {
        Scene::Frequent => (t!(lang, growth.frequent_title), frequent(page, answered.split, answered.series)),
        Scene::Considered => {
            (t!(lang, growth.considered_title), considered(page, answered.split, answered.series, answered.leads))
        }
        Scene::Guided => (t!(lang, growth.guided_title), guided(page, answered.split, answered.grounds)),
    };
    let cards = cards.into_iter().map(|one| card(page, "card", one)).collect_view();
    Some(
        view! {
            <section class="scene" aria-labelledby="scene-title">
                <h2 id="scene-title">{title}</h2>
                <div class="scene-cards">{cards}</div>
            </section>
        }
        .into_any(),
    )
}

/// A figure beside what it was.
fn beside(page: &Page, unit: Unit, now: &Ratio, then: Option<f64>, rest: Card) -> Card {
    let (lang, style) = (page.state.lang, page.style());
    Card {
        value: style.show(unit, now.value),
        doubt: style.doubt(unit, now, lang),
        then: then.map(|then| style.show(unit, Some(then))),
        change: format::relative_change(now.value, then),
        relative: format::relative(now.value, then),
        ..rest
    }
}

/// Coming back: the rate, how often, how many came back, how many came first.
fn frequent(page: &Page, answer: &GrowthAnswer, series: &SeriesAnswer) -> Vec<Card> {
    let lang = page.state.lang;
    let of = |measure: Measure, read: fn(&Factors) -> Ratio, hint: &str| {
        let rest =
            Card { title: measure_name(measure, lang), hint: hint.to_owned(), ..Card::of(page, measure, series) };
        let then = answer.compare.as_ref().and_then(|then| read(then).value);
        beside(page, Unit::of(measure), &read(&answer.window), then, rest)
    };
    vec![
        of(Measure::RepurchaseRate, |f| f.repurchase_rate, t!(lang, words.repurchase_rate_is)),
        of(Measure::Frequency, |f| f.frequency, t!(lang, words.frequency_is)),
        of(Measure::RepeatBuyers, |f| as_float(&f.repeat_buyers), t!(lang, growth.repeat_buyers_is)),
        of(Measure::NewBuyers, |f| as_float(&f.new_buyers), t!(lang, words.new_buyers_is)),
    ]
}

/// The way from a lead to an order: who was touched, who ordered, how long it took; and conversion in the window.
fn considered(page: &Page, answer: &GrowthAnswer, series: &SeriesAnswer, leads: Option<&FunnelAnswer>) -> Vec<Card> {
    let lang = page.state.lang;
    let href = page
        .state
        .params
        .with(|p| {
            p.funnel.steps = lead_steps(&page.catalog).unwrap_or_default();
            p.funnel.within = Some(LEAD_DAYS);
        })
        .href(&PageName::Funnel);
    let of = |title: &'static str, hint: String, unit: Unit, figure: &Ratio| {
        let rest = Card { href: href.clone(), title, hint, ..Card::default() };
        beside(page, unit, figure, None, rest)
    };
    let mut cards = Vec::new();
    if let Some([touched, ordered]) = leads.map(|leads| leads.steps.as_slice()) {
        let kinds: Vec<String> = lead_kinds(&page.catalog).iter().map(|kind| names::touch(kind, lang)).collect();
        let kinds = kinds.join(t!(lang, shared.or));
        let hint = || t!(lang, growth.leads_is, kinds = &kinds, days = LEAD_DAYS);
        cards.extend([
            of(t!(lang, growth.leads), hint(), Unit::Count, &as_float(&touched.members)),
            of(t!(lang, growth.lead_orders), hint(), Unit::Percent, &ordered.rate_from_first),
            of(t!(lang, growth.lead_days), hint(), Unit::Days, &ordered.median_days),
        ]);
        cards.iter_mut().for_each(|card| card.relative = Some(t!(lang, growth.within, days = LEAD_DAYS)));
    }
    let conversion = Card {
        title: t!(lang, words.conversion),
        hint: t!(lang, words.conversion_is).to_owned(),
        ..Card::of(page, Measure::Conversion, series)
    };
    let then = answer.compare.as_ref().and_then(|then| then.conversion.value);
    cards.push(beside(page, Unit::Percent, &answer.window.conversion, then, conversion));
    cards
}

/// The own ground: its share of sales, its buyers and their conversion; and how much of sales is known by member.
fn guided(page: &Page, answer: &GrowthAnswer, grounds: Option<&GrowthAnswer>) -> Vec<Card> {
    let lang = page.state.lang;
    let href = page.state.href(|p| p.home.by = Some(model::By::Domain)) + "#heat";
    let (now, then) = (&answer.window, answer.compare.as_ref());
    let mut cards = Vec::new();
    if let Some(own) = grounds.and_then(|grounds| grounds.groups.iter().find(|group| group.id == "private")) {
        let before = own.compare.as_ref();
        let of = |title: &'static str, hint: &str, unit: Unit, figure: &Ratio, then: Option<f64>| {
            let rest = Card { href: href.clone(), title, hint: hint.to_owned(), ..Card::default() };
            beside(page, unit, figure, then, rest)
        };
        let share_before = before.zip(then).and_then(|(own, all)| share(&own.sales, &all.sales).value);
        let share_now = share(&own.window.sales, &now.sales);
        let buyers_before = before.map(|f| f.buyers.value as f64);
        let conversion_before = before.and_then(|f| f.conversion.value);
        let is = t!(lang, growth.own_is);
        cards.extend([
            of(t!(lang, growth.own_share), is, Unit::Percent, &share_now, share_before),
            of(t!(lang, growth.own_buyers), is, Unit::Count, &as_float(&own.window.buyers), buyers_before),
            of(t!(lang, growth.own_conversion), is, Unit::Percent, &own.window.conversion, conversion_before),
        ]);
    }
    let rest = Card {
        href: page.state.params.href(&PageName::Channels),
        title: t!(lang, growth.known_share),
        hint: t!(lang, growth.known_share_is).to_owned(),
        ..Card::default()
    };
    let then = then.and_then(|then| share(&then.member_sales, &then.sales).value);
    cards.push(beside(page, Unit::Percent, &share(&now.member_sales, &now.sales), then, rest));
    cards
}

/// A part of a whole with the widest interval that both leave open.
fn share(part: &Money, whole: &Money) -> Ratio {
    let over = |part: i64, whole: i64| (whole > 0).then(|| (part as f64 / whole as f64).clamp(0.0, 1.0));
    if part.is_exact() && whole.is_exact() {
        return Figure::exact(over(part.value, whole.value));
    }
    Figure {
        value: over(part.value, whole.value),
        low: over(part.low, whole.high),
        high: over(part.high, whole.low),
        too_few: part.too_few || whole.too_few,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_as_wide_as_its_parts_leave_open_and_never_more_than_the_whole() {
        let about = |value: i64, give: i64| Figure { value, low: value - give, high: value + give, too_few: false };
        assert_eq!(share(&Figure::exact(1), &Figure::exact(4)), Figure::exact(Some(0.25)));
        assert_eq!(share(&Figure::exact(1), &Figure::exact(0)), Figure::exact(None));
        let wide = share(&about(50, 10), &about(100, 20));
        assert_eq!((wide.low, wide.value, wide.high), (Some(40.0 / 120.0), Some(0.5), Some(0.75)));
        assert_eq!(share(&about(99, 9), &about(100, 9)).high, Some(1.0));
    }
}
