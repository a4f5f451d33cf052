//! The formula row: member sales = users × conversion × frequency × order value.
//!
//! A card chooses the measure that the trend shows.

use leptos::prelude::*;
use model::{Factors, Figure, GrowthAnswer, Measure, Ratio, SeriesAnswer, SeriesPoints};

use super::compare::{Way, beside, shown_of, unit_of, value_of, with_doubt};
use super::why::why;
use crate::boot::Page;
use crate::charts;
use crate::export::{self, Entry, Number, Sheet};
use crate::format::{self, Unit, as_float};
use crate::i18n::{Lang, t};
use crate::pages::Why;
use crate::sentence::{Part, against};

/// One card.
#[derive(Default)]
pub(crate) struct Card {
    /// What it shows, where that is explained.
    pub(crate) measure: Option<Measure>,
    /// Where it leads.
    pub(crate) href: String,
    /// Whether the page shows what it leads to.
    pub(crate) chosen: bool,
    pub(crate) title: &'static str,
    /// What the figure means, told on pointing.
    pub(crate) hint: String,
    pub(crate) value: String,
    pub(crate) doubt: String,
    /// The compared window's value.
    pub(crate) then: Option<String>,
    /// Relative to it, for the arrow.
    pub(crate) change: Option<f64>,
    /// The same in words.
    pub(crate) relative: Option<String>,
    /// What it is worth, or another word beside the change.
    pub(crate) amount: Option<String>,
    /// Told on pointing only: it has no room beside the amount.
    pub(crate) amount_doubt: String,
    /// A drawing of its course.
    pub(crate) spark: String,
}

impl Card {
    /// A card that chooses the measure of the trend.
    pub(crate) fn of(page: &Page, measure: Measure, series: &SeriesAnswer) -> Self {
        Self {
            measure: Some(measure),
            href: page.state.href(|p| p.growth.measure = Some(measure)) + "#trend",
            chosen: page.state.params.growth.measure == Some(measure),
            spark: charts::spark(&whole_periods(&series.window, measure)),
            ..Self::default()
        }
    }
}

/// The five cards with the signs between them.
pub(crate) fn cards(page: &Page, answer: &GrowthAnswer, series: &SeriesAnswer) -> AnyView {
    let lang = page.state.lang;
    let factors = [
        (Part::Users, Measure::Users, t!(lang, words.users_is)),
        (Part::Conversion, Measure::Conversion, t!(lang, words.conversion_is)),
        (Part::Frequency, Measure::Frequency, t!(lang, words.frequency_is)),
        (Part::Aov, Measure::Aov, t!(lang, words.aov_is)),
    ];
    export::record(|| sheet(page, answer));
    // Cards are no panel; their table is named for them.
    let _ = export::panel_menu("formula", t!(lang, figures.formula), false);
    let mut views = vec![sales_card(page, answer, series, lang)];
    for (i, (part, measure, hint)) in factors.into_iter().enumerate() {
        let sign = if i == 0 { "=" } else { "×" };
        views.push(view! { <span class="op" aria-hidden="true">{sign}</span> }.into_any());
        views.push(factor_card(page, answer, series, part, measure, hint, lang));
    }
    view! { <section class="formula" aria-label=t!(lang, figures.formula)>{views}</section> }.into_any()
}

/// The formula for files: each factor then and now, and what it contributed.
fn sheet(page: &Page, answer: &GrowthAnswer) -> Sheet {
    let (lang, style) = (page.state.lang, page.style());
    let then = answer.compare.as_ref();
    let factors = |f: &Factors| {
        [
            Entry::money(&style, &f.member_sales),
            Entry::count(&style, &f.users),
            Entry::ratio(&style, Unit::Percent, &f.conversion),
            Entry::ratio(&style, Unit::Ratio, &f.frequency),
            Entry::ratio(&style, Unit::Price, &f.aov),
        ]
    };
    let names = [
        t!(lang, words.member_sales),
        Part::Users.name(lang),
        Part::Conversion.name(lang),
        Part::Frequency.name(lang),
        Part::Aov.name(lang),
    ];
    let member_change = then.map_or(Entry::Nothing, |then| {
        let change = answer.window.member_sales.value.saturating_sub(then.member_sales.value);
        Entry::Number(Number::money(change, &style), export::Doubt::None)
    });
    let contributed = answer.contributions.as_ref().map(|c| [c.users, c.conversion, c.frequency, c.aov]);
    let contributed = contributed.map(|all| all.map(|money| Entry::money(&style, &money)));
    let mut contributions = std::iter::once(member_change).chain(contributed.into_iter().flatten());
    let mut before = then.map(factors).into_iter().flatten();
    let mut head = vec![t!(lang, figures.part).to_owned(), t!(lang, periods.this_period).to_owned()];
    if then.is_some() {
        head.extend([against(page.shown.compare, lang).to_owned(), t!(lang, words.contribution).to_owned()]);
    }
    let rows = names.into_iter().zip(factors(&answer.window)).map(|(name, now)| {
        let mut row = vec![Entry::Words(name.to_owned()), now];
        row.extend(before.next().map(|then| [then, contributions.next().unwrap_or_default()]).into_iter().flatten());
        row
    });
    Sheet { id: "", title: String::new(), head, rows: rows.collect() }
}

fn sales_card(page: &Page, answer: &GrowthAnswer, series: &SeriesAnswer, lang: Lang) -> AnyView {
    let style = page.style();
    let now = answer.window.member_sales;
    let then = answer.compare.as_ref().map(|c| c.member_sales.value);
    let (now_f, then_f) = (Some(now.value as f64), then.map(|v| v as f64));
    card(
        page,
        "card main",
        Card {
            title: t!(lang, words.member_sales),
            hint: t!(lang, words.member_sales_is).to_owned(),
            value: style.money(now.value),
            doubt: style.doubt_of(Unit::Money, &now, lang),
            then: then.map(|v| style.money(v)),
            change: format::relative_change(now_f, then_f),
            relative: format::relative(now_f, then_f),
            amount: then.map(|v| style.change(now.value.saturating_sub(v))),
            ..Card::of(page, Measure::MemberSales, series)
        },
    )
}

fn factor_card(
    page: &Page,
    answer: &GrowthAnswer,
    series: &SeriesAnswer,
    part: Part,
    measure: Measure,
    hint: &'static str,
    lang: Lang,
) -> AnyView {
    let style = page.style();
    let now = value_of(part, &answer.window);
    let then = answer.compare.as_ref().and_then(|c| value_of(part, c));
    let contribution = answer.contributions.as_ref().map(|c| match part {
        Part::Users => c.users,
        Part::Conversion => c.conversion,
        Part::Frequency => c.frequency,
        _ => c.aov,
    });
    let figure: Ratio = match part {
        Part::Users => as_float(&answer.window.users),
        Part::Conversion => answer.window.conversion,
        Part::Frequency => answer.window.frequency,
        _ => answer.window.aov,
    };
    card(
        page,
        "card",
        Card {
            title: part.name(lang),
            hint: hint.to_owned(),
            value: shown_of(part, now, &style),
            doubt: style.doubt(unit_of(part), &figure, lang),
            then: then.map(|v| shown_of(part, Some(v), &style)),
            change: format::relative_change(now, then),
            relative: format::relative(now, then),
            amount: contribution.map(|c| t!(lang, figures.contributes, amount = style.change(c.value))),
            amount_doubt: contribution.map(|c| style.doubt_of(Unit::Money, &c, lang)).unwrap_or_default(),
            ..Card::of(page, measure, series)
        },
    )
}

/// A card, drawn.
pub(crate) fn card(page: &Page, class: &'static str, card: Card) -> AnyView {
    let lang = page.state.lang;
    let way = Way::of(card.change);
    let chosen = card.chosen.then_some("true");
    let before = card.then.map(|then| t!(lang, figures.was, value = &then)).unwrap_or_default();
    let relative = card.relative.unwrap_or_default();
    let amount = card.amount.unwrap_or_default();
    let pointed = (!card.amount_doubt.is_empty()).then(|| with_doubt(amount.clone(), &card.amount_doubt));
    view! {
        <div class="cardbox"><a class=class href=card.href data-nav="" aria-current=chosen title=card.hint>
            <h2>{card.title}</h2>
            <p class="val"><span>{card.value}</span>{beside(card.doubt, lang)}</p>
            <p class="chg">
                <span class=way.class()><i aria-hidden="true">{way.arrow()}</i>{relative}</span>
                <span class="amount" title=pointed>{amount}</span>
            </p>
            <div class="sparkbox" inner_html=card.spark></div>
            <p class="was">{before}</p>
        </a>{card.measure.map(|measure| why(page, Why::of(measure)))}</div>
    }
    .into_any()
}

/// A measure's values over time, a last period cut short left out, since it would always seem to fall.
fn whole_periods(points: &SeriesPoints, measure: Measure) -> Vec<Option<f64>> {
    let mut values = measure_values(points, measure);
    if points.partial.last() == Some(&true) && values.len() > 2 {
        values.pop();
    }
    values
}

/// A measure's values over time; empty where it was not asked.
fn measure_values(points: &SeriesPoints, measure: Measure) -> Vec<Option<f64>> {
    measure_figures(points, measure).into_iter().map(|figure| figure.value).collect()
}

/// A measure's figures over time; empty where it was not asked.
pub(crate) fn measure_figures(points: &SeriesPoints, measure: Measure) -> Vec<Ratio> {
    let counts = |list: &Option<Vec<Figure<i64>>>| list.iter().flatten().map(as_float).collect();
    let ratios = |list: &Option<Vec<Ratio>>| list.clone().unwrap_or_default();
    match measure {
        Measure::Sales => counts(&points.sales),
        Measure::MemberSales => counts(&points.member_sales),
        Measure::Orders => counts(&points.orders),
        Measure::Users => counts(&points.users),
        Measure::Buyers => counts(&points.buyers),
        Measure::Conversion => ratios(&points.conversion),
        Measure::Frequency => ratios(&points.frequency),
        Measure::Aov => ratios(&points.aov),
        Measure::RepeatBuyers => counts(&points.repeat_buyers),
        Measure::RepurchaseRate => ratios(&points.repurchase_rate),
        Measure::NewBuyers => counts(&points.new_buyers),
        Measure::AnonymousOrders => counts(&points.anonymous_orders),
        Measure::AnonymousSales => counts(&points.anonymous_sales),
    }
}
