//! A growth answer split by a dimension, as a table: sales of each group, their change, and what drove it.

use leptos::prelude::*;
use model::{By, Figure, GrowthAnswer, GrowthGroup};

use super::compare::Way;
use super::names;
use super::table::{Cell, Column, Table, table};
use crate::boot::Page;
use crate::format::{self, Style, Unit};
use crate::i18n::{Text, fill};
use crate::sentence::parts;
use crate::state::{Facet, PageName};

/// The table, the largest group first; a group's name filters by it.
pub(crate) fn growth_table(page: &Page, answer: &GrowthAnswer, by: By) -> AnyView {
    let (text, style) = (page.state.lang.text(), page.style());
    let compares = answer.compare.is_some();
    let mut groups: Vec<&GrowthGroup> = answer.groups.iter().collect();
    groups.sort_by(|a, b| b.window.sales.value.cmp(&a.window.sales.value).then_with(|| a.id.cmp(&b.id)));
    let rows = groups.into_iter().map(|group| row(page, group, by, compares, &style)).collect();
    let mut columns = vec![
        Column::of(names::facet(facet(by), text)),
        Column::of(text.sales).hint(text.sales_is),
        Column::of(text.buyers).hint(text.buyers_is),
        Column::of(text.conversion).hint(text.conversion_is),
        Column::of(text.frequency).hint(text.frequency_is),
        Column::of(text.aov).hint(text.aov_is),
    ];
    if compares {
        columns.extend([Column::of(text.change), Column::of(text.driver)]);
    }
    let caption = fill(text.growth_by, &[names::facet(facet(by), text)]);
    table(Table { caption, columns, rows, foot: vec![] }, text)
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
    let text = page.state.lang.text();
    let now = &group.window;
    let name =
        Cell::of(if group.id.is_empty() { text.unknown.to_owned() } else { names::value(page, facet(by), &group.id) });
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
        Cell::money(style, &now.sales, text).class("strong"),
        Cell::count(style, &now.buyers, text),
        Cell::ratio(style, Unit::Percent, &now.conversion, text),
        Cell::ratio(style, Unit::Ratio, &now.frequency, text),
        Cell::ratio(style, Unit::Price, &now.aov, text),
    ];
    if compares {
        cells.extend(change(group, style, text));
    }
    cells
}

/// The change of sales with the widest interval that both windows leave open, and the part that drove it.
fn change(group: &GrowthGroup, style: &Style, text: &Text) -> [Cell; 2] {
    let (now, then) = (group.window.sales, group.compare.as_ref().map(|c| c.sales).unwrap_or_default());
    let amount = Figure {
        value: now.value.saturating_sub(then.value),
        low: now.low.saturating_sub(then.high),
        high: now.high.saturating_sub(then.low),
        too_few: now.too_few || then.too_few,
    };
    let relative = format::relative(Some(now.value as f64), Some(then.value as f64));
    let relative = relative.map(|r| fill(text.in_brackets, &[&r])).unwrap_or_default();
    let moved = Cell {
        doubt: style.doubt_of(Unit::Money, &amount, text),
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
        doubt: style.doubt_of(Unit::Money, &money, text),
        ..Cell::of(fill(text.line_of, &[part.name(text), &style.change(money.value)]))
    });
    [moved, driver.unwrap_or_else(|| Cell::of(format::NOTHING))]
}
