//! Conversion against order value, a dot a store, its area by sales: who sells often, who sells dear.

use std::collections::HashMap;

use leptos::prelude::*;
use model::{Measure, StoreRow};

use super::answers::{Answered, Looked, index};
use super::ranking::figure;
use crate::boot::Page;
use crate::charts::{self, Axis, Ink, ScatterDot, Shape};
use crate::components::compare::with_doubt;
use crate::components::figure::{Twin, figure as chart};
use crate::components::names;
use crate::format::{self, Unit};
use crate::i18n::t;
use crate::state::PageName;

/// Dots on the drawing at the most, those of the largest sales: more would hide each other.
const MOST: usize = 200;

/// A store with fewer buyers is not drawn: its rates say little but would stretch the axes.
const FEWEST_BUYERS: i64 = 30;

/// The figure; nothing where fewer than three stores can be drawn.
pub(super) fn scatter(page: &Page, answered: &Answered, looked: &Looked) -> Option<AnyView> {
    let (lang, style) = (page.state.lang, page.style());
    let sales = |row: &StoreRow| row.window.sales.map_or(0, |f| f.value);
    let mut all: Vec<(&StoreRow, f64, f64)> = answered
        .rows
        .iter()
        .filter(|row| !row.store.is_empty())
        .filter_map(|row| Some((row, row.window.conversion?.value?, row.window.aov?.value?)))
        .collect();
    let counted = all.len();
    all.retain(|(row, ..)| row.window.buyers.is_some_and(|f| f.value >= FEWEST_BUYERS));
    let small = counted - all.len();
    if all.len() < 3 {
        return None;
    }
    let middles = [median(all.iter().map(|s| s.1)), median(all.iter().map(|s| s.2))];
    all.sort_by(|a, b| sales(b.0).cmp(&sales(a.0)).then_with(|| a.0.store.cmp(&b.0.store)));
    let left_out = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    let largest = all.first().map_or(1, |(row, ..)| sales(row)).max(1) as f64;
    all.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.store.cmp(&b.0.store)));

    let known = index(page);
    let tones: HashMap<&str, Ink> = looked
        .sure
        .iter()
        .map(|m| (m.row.store.as_str(), if m.change.value < 0 { Ink::Down } else { Ink::Up }))
        .collect();
    let mut rows = Vec::with_capacity(all.len());
    let dots: Vec<ScatterDot> = all
        .iter()
        .map(|(row, conversion, aov)| {
            let shown = |measure: Measure| {
                let unit = Unit::of(measure);
                let found = figure(&row.window, measure).unwrap_or_default();
                with_doubt(style.show(unit, found.value), &style.doubt(unit, &found, lang))
            };
            let name = names::store(page, &row.store);
            let ink = tones.get(row.store.as_str()).copied().unwrap_or(Ink::Bubble);
            let moved = match ink {
                Ink::Down => t!(lang, stores.dot_fell),
                Ink::Up => t!(lang, stores.dot_rose),
                _ => "",
            };
            let cells = [Measure::Conversion, Measure::Aov, Measure::Sales].map(|m| (m, shown(m)));
            let mut lines = vec![name.clone()];
            lines.extend(known.get(row.store.as_str()).map(|s| names::place(page, s)).filter(|p| !p.is_empty()));
            lines.extend(cells.iter().map(|(m, value)| {
                t!(lang, periods.line_of, name = crate::components::trend::measure_name(*m, lang), value)
            }));
            lines.extend((!moved.is_empty()).then(|| moved.to_owned()));
            rows.push([vec![name.clone()], cells.map(|(_, value)| value).to_vec(), vec![moved.to_owned()]].concat());
            ScatterDot {
                at: (*conversion, *aov),
                size: sales(row).max(0) as f64 / largest,
                ink,
                label: match ink {
                    Ink::Down => "▼ ".to_owned() + &name,
                    Ink::Up => "▲ ".to_owned() + &name,
                    _ => name,
                },
                lines,
                href: page.state.params.href(&PageName::Store(row.store.clone())),
            }
        })
        .collect();
    let percent = |value: f64| format::whole_percent(value);
    let price = |value: f64| style.axis_money(value);
    let middle =
        |value: Option<f64>, unit| value.map(|v| (v, t!(lang, stores.median, value = style.show(unit, Some(v)))));
    let across = Axis {
        name: t!(lang, stores.conversion_axis).to_owned(),
        write: &percent,
        middle: middle(middles[0], Unit::Percent),
    };
    let up =
        Axis { name: t!(lang, stores.aov_axis).to_owned(), write: &price, middle: middle(middles[1], Unit::Price) };
    let label = t!(lang, stores.scatter_label);
    let drawing = [Shape::Wide, Shape::Narrow].map(|shape| charts::scatter(&dots, &across, &up, shape, label)).concat();
    let mut notes = vec![t!(lang, stores.scatter_note).to_owned()];
    notes.extend((small > 0).then(|| t!(lang, stores.scatter_small, count = small, buyers = FEWEST_BUYERS)));
    notes.extend((left_out > 0).then(|| t!(lang, stores.scatter_most, count = MOST)));
    let head = [t!(lang, shared.store), t!(lang, words.conversion), t!(lang, words.aov), t!(lang, words.sales), ""];
    let twin = Twin { head: head.map(str::to_owned).into(), rows };
    let title = t!(lang, stores.scatter).to_owned();
    Some(chart("scatter", title, ().into_any(), drawing, notes.join(t!(lang, stores.then)), twin, lang))
}

/// The middle value; between the two middle ones where their number is even.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[half]),
        _ => Some((values[half - 1] + values[half]) / 2.0),
    }
}
