//! A growth answer split by a dimension, as a table: sales of each group, their change, and what drove it.

use leptos::prelude::*;
use model::{By, Figure, GrowthAnswer, GrowthGroup};

use super::compare::Way;
use super::names;
use super::table::{Cell, Column, Table, table};
use crate::boot::Page;
use crate::format::{self, Style, Unit};
use crate::i18n::{Lang, t};
use crate::sentence::parts;
use crate::state::{Facet, PageName};

/// The table, the largest group first; a group's name filters by it.
pub(crate) fn growth_table(page: &Page, answer: &GrowthAnswer, by: By) -> AnyView {
    let (lang, style) = (page.state.lang, page.style());
    let compares = answer.compare.is_some();
    let mut groups: Vec<&GrowthGroup> = answer.groups.iter().collect();
    groups.sort_by(|a, b| b.window.sales.value.cmp(&a.window.sales.value).then_with(|| a.id.cmp(&b.id)));
    let rows = groups.into_iter().map(|group| row(page, group, by, compares, &style)).collect();
    let mut columns = vec![
        Column::of(names::facet(facet(by), lang)),
        Column::of(t!(lang, words.sales)).hint(t!(lang, words.sales_is)),
        Column::of(t!(lang, words.buyers)).hint(t!(lang, words.buyers_is)),
        Column::of(t!(lang, words.conversion)).hint(t!(lang, words.conversion_is)),
        Column::of(t!(lang, words.frequency)).hint(t!(lang, words.frequency_is)),
        Column::of(t!(lang, words.aov)).hint(t!(lang, words.aov_is)),
    ];
    if compares {
        columns.extend([Column::of(t!(lang, periods.change)), Column::of(t!(lang, shared.driver))]);
    }
    let caption = t!(lang, shared.growth_by, dimension = names::facet(facet(by), lang));
    table(Table { caption, columns, rows, foot: vec![] }, lang)
}

/// The filter that a dimension of a split belongs to.
pub(crate) fn facet(by: By) -> Facet {
    match by {
        By::Region => Facet::Region,
        By::City => Facet::City,
        By::Store => Facet::Store,
        By::Format => Facet::Format,
        By::Channel => Facet::Channel,
        By::Domain => Facet::Domain,
        By::SourceChannel => Facet::Source,
        By::Tier => Facet::Tier,
    }
}

fn row(page: &Page, group: &GrowthGroup, by: By, compares: bool, style: &Style) -> Vec<Cell> {
    let lang = page.state.lang;
    let now = &group.window;
    let name = Cell::of(if group.id.is_empty() {
        t!(lang, shared.unknown).to_owned()
    } else {
        names::value(page, facet(by), &group.id)
    });
    let name = match by {
        _ if group.id.is_empty() => name,
        By::Store => name.to(page.state.params.href(&PageName::Store(group.id.clone()))),
        by => {
            let only = facet(by).chosen(&page.state.params.filter) == [group.id.clone()];
            name.to(page.state.href(|p| {
                facet(by).clear(&mut p.filter);
                if !only {
                    facet(by).toggle(&mut p.filter, &group.id);
                }
            }))
        }
    };
    let mut cells = vec![
        name,
        Cell::money(style, &now.sales, lang).class("strong"),
        Cell::count(style, &now.buyers, lang),
        Cell::ratio(style, Unit::Percent, &now.conversion, lang),
        Cell::ratio(style, Unit::Ratio, &now.frequency, lang),
        Cell::ratio(style, Unit::Price, &now.aov, lang),
    ];
    if compares {
        cells.extend(change(group, style, lang));
    }
    cells
}

/// The change of sales with the widest interval that both windows leave open, and the part that drove it.
fn change(group: &GrowthGroup, style: &Style, lang: Lang) -> [Cell; 2] {
    let (now, then) = (group.window.sales, group.compare.as_ref().map(|c| c.sales).unwrap_or_default());
    let amount = Figure {
        value: now.value.saturating_sub(then.value),
        low: now.low.saturating_sub(then.high),
        high: now.high.saturating_sub(then.low),
        too_few: now.too_few || then.too_few,
    };
    let relative = format::relative(Some(now.value as f64), Some(then.value as f64));
    let relative = relative.map(|r| t!(lang, periods.in_brackets, inner = &r)).unwrap_or_default();
    let moved = Cell {
        doubt: style.doubt_of(Unit::Money, &amount, lang),
        title: style.full_money(amount.value),
        ..Cell::of(style.change(amount.value) + &relative)
    }
    .class(Way::of_amount(amount.value).class());
    let driver = match (&group.compare, &group.contributions) {
        (Some(then), Some(contributions)) if group.zero_case.is_none() => {
            let all = parts(&group.window, then, contributions);
            let same = all.into_iter().filter(|(_, m)| m.value != 0 && (m.value < 0) == (amount.value < 0));
            same.max_by_key(|(_, m)| m.value.saturating_abs())
        }
        _ => None,
    };
    let driver = driver.map(|(part, money)| Cell {
        doubt: style.doubt_of(Unit::Money, &money, lang),
        ..Cell::of(t!(lang, periods.line_of, name = part.name(lang), value = style.change(money.value)))
    });
    [moved, driver.unwrap_or_else(|| Cell::of(format::NOTHING))]
}
