//! The waterfall figure: from the compared total over five parts to this one, closing to the last minor unit.

use leptos::prelude::*;
use model::GrowthAnswer;

use super::compare::{shown_of, value_of, with_doubt};
use super::figure::{Twin, figure};
use crate::boot::Page;
use crate::charts::{self, Bar, BarKind, Shape};
use crate::format::Unit;
use crate::i18n::fill;
use crate::sentence::{Part, against, parts};

/// The figure; none where nothing is compared.
pub(crate) fn waterfall(page: &Page, answer: &GrowthAnswer) -> Option<AnyView> {
    let (then, contributions) = (answer.compare.as_ref()?, answer.contributions.as_ref()?);
    let text = page.state.lang.text();
    let style = page.style();
    let total = |label: &str, value: i64| Bar {
        kind: BarKind::Total,
        label: label.to_owned(),
        value,
        shown: style.money(value),
        detail: vec![style.symbol().to_owned() + &style.full_money(value)],
    };
    let mut bars = vec![total(against(page.shown.compare, text), then.sales.value)];
    for (part, amount) in parts(&answer.window, then, contributions) {
        let (before, after) = (value_of(part, then), value_of(part, &answer.window));
        let from_to = fill(text.from_to, &[&shown_of(part, before, &style), &shown_of(part, after, &style)]);
        let sure = with_doubt(style.change(amount.value), &style.doubt_of(Unit::Money, &amount, text));
        bars.push(Bar {
            kind: BarKind::Change,
            label: part.name(text).to_owned(),
            value: amount.value,
            shown: style.change(amount.value),
            detail: if part == Part::Anonymous || before.is_some() || after.is_some() {
                vec![sure, from_to]
            } else {
                vec![sure]
            },
        });
    }
    bars.push(total(text.this_period, answer.window.sales.value));

    let (wide, cut) = charts::waterfall(&bars, Shape::Wide, text.waterfall);
    let (narrow, _) = charts::waterfall(&bars, Shape::Narrow, text.waterfall);
    let rows = bars.iter().map(|bar| vec![bar.label.clone(), style.full_money(bar.value)]).collect();
    let twin = Twin { head: vec![text.part.to_owned(), fill(text.amount_in, &[style.symbol()])], rows };
    let note = if cut { text.axis_cut } else { "" };
    Some(figure("waterfall", text.waterfall.to_owned(), ().into_any(), wide + &narrow, note.to_owned(), twin, text))
}
