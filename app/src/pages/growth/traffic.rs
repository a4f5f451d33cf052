//! The formula of traffic: sales = orders × order value, over every order; and how it agrees with that of users.

use leptos::prelude::*;
use model::{Contributions, Factors, Figure, GrowthAnswer, Measure, Money, Ratio, SeriesAnswer};

use super::formulas::effects;
use super::options::Formula;
use crate::boot::Page;
use crate::charts;
use crate::components::cards::{Card, card, measure_figures};
use crate::components::compare::{order_value, with_doubt};
use crate::components::section::section;
use crate::components::table::{Cell, Column, Table, table};
use crate::format::{self, Unit, as_float};
use crate::i18n::t;
use crate::sentence::{Part, difference};

/// The three cards with the signs between them.
pub(super) fn cards(page: &Page, answer: &GrowthAnswer, series: &SeriesAnswer) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let (now, then) = (&answer.window, answer.compare.as_ref());
    let parts = then.map(|then| effects(Formula::Traffic, now, then, &Contributions::default())).unwrap_or_default();
    let worth = |part: Part| parts.iter().find(|(p, _)| *p == part).map(|(_, money)| *money);
    let contributes = |money: Money| t!(lang, figures.contributes, amount = style.change(money.value));
    let figure = |unit: Unit, now: Ratio, then: Option<f64>, worth: Option<Money>, rest: Card| Card {
        value: style.show(unit, now.value),
        doubt: style.doubt(unit, &now, lang),
        then: then.map(|then| style.show(unit, Some(then))),
        change: format::relative_change(now.value, then),
        relative: format::relative(now.value, then),
        amount: worth.map(contributes),
        amount_doubt: worth.map(|money| style.doubt_of(Unit::Money, &money, lang)).unwrap_or_default(),
        ..rest
    };
    let sales = Card {
        title: t!(lang, words.sales),
        hint: t!(lang, growth.traffic_is).to_owned(),
        ..Card::of(page, Measure::Sales, series)
    };
    let mut sales = figure(Unit::Money, as_float(&now.sales), then.map(|c| c.sales.value as f64), None, sales);
    sales.amount = then.map(|c| style.change(now.sales.value.saturating_sub(c.sales.value)));
    let orders = Card {
        title: t!(lang, words.orders),
        hint: t!(lang, growth.orders_is).to_owned(),
        ..Card::of(page, Measure::Orders, series)
    };
    let before = then.map(|c| c.orders.value as f64);
    let orders = figure(Unit::Count, as_float(&now.orders), before, worth(Part::Orders), orders);
    let value = Card {
        href: page.state.href(|_| {}) + "#reconciled",
        title: t!(lang, words.aov),
        hint: t!(lang, growth.order_value_is).to_owned(),
        spark: charts::spark(&course(series)),
        ..Card::default()
    };
    let value = figure(Unit::Price, value_figure(now), then.and_then(order_value), worth(Part::OrderValue), value);
    view! {
        <section class="formula traffic" aria-label=t!(lang, figures.formula)>
            {card(page, "card main", sales)}
            <span class="op" aria-hidden="true">"="</span>
            {card(page, "card", orders)}
            <span class="op" aria-hidden="true">"×"</span>
            {card(page, "card", value)}
        </section>
    }
    .into_any()
}

/// Sales over orders with the widest interval that both leave open.
fn value_figure(factors: &Factors) -> Ratio {
    let (sales, orders) = (&factors.sales, &factors.orders);
    let value = order_value(factors);
    if sales.is_exact() && orders.is_exact() {
        return Figure::exact(value);
    }
    let over = |sales: i64, orders: i64| value.map(|_| sales as f64 / orders.max(1) as f64);
    Figure {
        value,
        low: over(sales.low, orders.high),
        high: over(sales.high, orders.low),
        too_few: sales.too_few || orders.too_few,
    }
}

/// Order value period by period, a last period cut short among them: a ratio does not fall for that.
fn course(series: &SeriesAnswer) -> Vec<Option<f64>> {
    let (sales, orders) =
        (measure_figures(&series.window, Measure::Sales), measure_figures(&series.window, Measure::Orders));
    let over = |(sales, orders): (Ratio, Ratio)| Some(sales.value? / orders.value.filter(|orders| *orders > 0.0)?);
    sales.into_iter().zip(orders).map(over).collect()
}

/// One line of the reconciliation: what each formula says of a part.
#[derive(Debug, PartialEq)]
struct Line {
    part: Part,
    users: Money,
    /// None where the part is no part of that formula.
    traffic: Option<Money>,
}

/// Three lines that sum to the change of sales in both columns.
fn lines(now: &Factors, then: &Factors, contributions: &Contributions) -> [Line; 3] {
    let both = [Formula::Users, Formula::Traffic].map(|formula| effects(formula, now, then, contributions));
    let find = |effects: &[(Part, Money)], part: Part| {
        effects.iter().find(|(p, _)| *p == part).map(|(_, money)| *money).unwrap_or_default()
    };
    let [users, traffic] = both;
    let orders = [Part::Users, Part::Conversion, Part::Frequency].map(|part| find(&users, part));
    [
        Line { part: Part::Orders, users: sum(&orders), traffic: Some(find(&traffic, Part::Orders)) },
        Line { part: Part::Aov, users: find(&users, Part::Aov), traffic: Some(find(&traffic, Part::OrderValue)) },
        Line { part: Part::Anonymous, users: find(&users, Part::Anonymous), traffic: None },
    ]
}

/// A sum with the widest interval that its parts leave open.
fn sum(parts: &[Money]) -> Money {
    parts.iter().fold(Money::default(), |sum, part| Money {
        value: sum.value.saturating_add(part.value),
        low: sum.low.saturating_add(part.low),
        high: sum.high.saturating_add(part.high),
        too_few: sum.too_few || part.too_few,
    })
}

/// The panel that shows both formulas side by side; none where nothing is compared.
pub(super) fn reconciled(page: &Page, answer: &GrowthAnswer) -> Option<AnyView> {
    let (now, then, contributions) = (&answer.window, answer.compare.as_ref()?, answer.contributions.as_ref()?);
    let (lang, style) = (page.state.lang, page.style());
    let cell = |money: &Money| Cell {
        doubt: style.doubt_of(Unit::Money, money, lang),
        title: style.full_money(money.value),
        ..Cell::of(style.change(money.value))
    };
    let change = difference(&now.sales, &then.sales);
    let rows = lines(now, then, contributions).into_iter().map(|line| {
        let traffic = line.traffic.unwrap_or_default().value;
        let apart = Cell {
            title: style.full_money(traffic.saturating_sub(line.users.value)),
            ..Cell::of(style.change(traffic.saturating_sub(line.users.value)))
        };
        let name = match line.part {
            Part::Orders => t!(lang, growth.orders_parts),
            Part::Aov => t!(lang, words.aov),
            _ => t!(lang, words.anonymous),
        };
        let traffic = line.traffic.as_ref().map_or_else(|| Cell::of(t!(lang, growth.among)).class("quiet"), cell);
        vec![Cell::of(name), cell(&line.users), traffic, apart.class("quiet")]
    });
    let nothing = Cell { title: style.full_money(0), ..Cell::of(style.change(0)) };
    let total = vec![Cell::of(t!(lang, growth.change_of_sales)), cell(&change), cell(&change), nothing.class("quiet")];
    let columns = vec![
        Column::of(t!(lang, figures.part)),
        Column::of(t!(lang, growth.by_users)).hint(t!(lang, growth.by_users_is)),
        Column::of(t!(lang, growth.by_traffic)).hint(t!(lang, growth.traffic_is)),
        Column::of(t!(lang, growth.apart)).hint(t!(lang, growth.apart_is)),
    ];
    let title = t!(lang, growth.reconciled);
    let body = table(Table { caption: title.to_owned(), columns, rows: rows.collect(), foot: vec![total] }, lang);
    let full = with_doubt(style.exact_money(change.value), &style.doubt_of(Unit::Money, &change, lang));
    let note = t!(lang, growth.reconciled_note, change = full);
    Some(section("reconciled", title.to_owned(), ().into_any(), body, note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::growth::sentence::made_up::{Dice, answer};

    #[test]
    fn both_columns_sum_to_the_change_of_sales() {
        let mut dice = Dice(11);
        for _ in 0..1_000 {
            let answer = answer(&mut dice, 0);
            let (now, then) = (&answer.window, answer.compare.as_ref().expect("compared"));
            let lines = lines(now, then, answer.contributions.as_ref().expect("compared"));
            let change = now.sales.value - then.sales.value;
            assert_eq!(lines.iter().map(|line| line.users.value).sum::<i64>(), change);
            assert_eq!(lines.iter().filter_map(|line| line.traffic).map(|m| m.value).sum::<i64>(), change);
        }
    }
}
