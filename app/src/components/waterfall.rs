//! The waterfall figure: from the compared total over five parts to this one, closing to the last minor unit.

use leptos::prelude::*;
use model::{Factors, GrowthAnswer, Money};

use super::compare::{shown_of, value_of, with_doubt};
use super::figure::{Twin, figure};
use crate::boot::Page;
use crate::charts::{self, Bar, BarKind, Shape};
use crate::format::Unit;
use crate::i18n::t;
use crate::sentence::{Part, against, parts};

/// The figure for the formula of members; none where nothing is compared.
pub(crate) fn waterfall(page: &Page, answer: &GrowthAnswer) -> Option<AnyView> {
    let (then, contributions) = (answer.compare.as_ref()?, answer.contributions.as_ref()?);
    Some(waterfall_of(page, answer, then, parts(&answer.window, then, contributions).to_vec()))
}

/// The figure for parts that sum to the change of sales.
pub(crate) fn waterfall_of(page: &Page, answer: &GrowthAnswer, then: &Factors, parts: Vec<(Part, Money)>) -> AnyView {
    let lang = page.state.lang;
    let style = page.style();
    let total = |label: &str, value: i64| Bar {
        kind: BarKind::Total,
        label: label.to_owned(),
        value,
        shown: style.money(value),
        detail: vec![style.symbol().to_owned() + &style.full_money(value)],
    };
    let mut bars = vec![total(against(page.shown.compare, lang), then.sales.value)];
    for (part, amount) in parts {
        let (before, after) = (value_of(part, then), value_of(part, &answer.window));
        let from_to =
            t!(lang, periods.from_to, before = shown_of(part, before, &style), after = shown_of(part, after, &style));
        let sure = with_doubt(style.change(amount.value), &style.doubt_of(Unit::Money, &amount, lang));
        bars.push(Bar {
            kind: BarKind::Change,
            label: part.name(lang).to_owned(),
            value: amount.value,
            shown: style.change(amount.value),
            detail: if part == Part::Anonymous || before.is_some() || after.is_some() {
                vec![sure, from_to]
            } else {
                vec![sure]
            },
        });
    }
    bars.push(total(t!(lang, periods.this_period), answer.window.sales.value));

    let (wide, cut) = charts::waterfall(&bars, Shape::Wide, t!(lang, figures.waterfall));
    let (narrow, _) = charts::waterfall(&bars, Shape::Narrow, t!(lang, figures.waterfall));
    let rows = bars.iter().map(|bar| vec![bar.label.clone(), style.full_money(bar.value)]).collect();
    let twin = Twin {
        head: vec![t!(lang, figures.part).to_owned(), t!(lang, figures.amount_in, unit = style.symbol())],
        rows,
    };
    let note = if cut { t!(lang, figures.axis_cut) } else { "" };
    figure(
        "waterfall",
        t!(lang, figures.waterfall).to_owned(),
        ().into_any(),
        wide + &narrow,
        note.to_owned(),
        twin,
        lang,
    )
}
