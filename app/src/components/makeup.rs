//! Who the buyers are: new and returning, repurchase, orders known by member and anonymous ones.

use leptos::prelude::*;
use model::{Factors, Figure, GrowthAnswer};

use super::compare::{Way, beside};
use crate::boot::Page;
use crate::export::{self, Doubt, Entry, Number, Sheet};
use crate::format::{self, Unit};
use crate::i18n::t;
use crate::sentence::against;

/// Rows that count; those after them are rates.
const COUNTS: usize = 4;

/// Name, shown, doubt, now, then, then as shown.
type MakeupRow = (&'static str, String, String, Option<f64>, Option<f64>, String);

/// The panel.
pub(crate) fn makeup(page: &Page, answer: &GrowthAnswer) -> AnyView {
    let lang = page.state.lang;
    let style = page.style();
    let (now, then) = (&answer.window, answer.compare.as_ref());
    let share = |part: i64, whole: i64| (whole > 0).then(|| part as f64 / whole as f64);
    type Read = fn(&Factors) -> i64;
    type Sure = fn(&Factors) -> Option<Figure<i64>>;
    let counts: [(&str, Read, Sure); COUNTS] = [
        (t!(lang, words.buyers), |f| f.buyers.value, |f| Some(f.buyers)),
        (t!(lang, words.new_buyers), |f| f.new_buyers.value, |f| Some(f.new_buyers)),
        // A difference of two figures has no interval of its own.
        (t!(lang, words.returning_buyers), |f| f.buyers.value.saturating_sub(f.new_buyers.value), |_| None),
        (t!(lang, words.orders), |f| f.orders.value, |f| Some(f.orders)),
    ];
    let mut rows: Vec<MakeupRow> = counts
        .into_iter()
        .map(|(name, read, sure)| {
            let before = then.map(|c| read(c) as f64);
            (
                name,
                style.count(read(now)),
                sure(now).map(|f| style.doubt_of(Unit::Count, &f, lang)).unwrap_or_default(),
                Some(read(now) as f64),
                before,
                before.map(|b| style.count(b as i64)).unwrap_or_default(),
            )
        })
        .collect();
    let anonymous = |f: &Factors| share(f.anonymous_sales.value, f.sales.value);
    let repeat = |f: &Factors| f.repurchase_rate.value;
    let doubt = style.doubt(Unit::Percent, &now.repurchase_rate, lang);
    let rates = [
        (t!(lang, words.repurchase_rate), repeat(now), then.and_then(repeat), doubt),
        (t!(lang, words.anonymous_share), anonymous(now), then.and_then(anonymous), String::new()),
    ];
    rows.extend(rates.into_iter().map(|(name, a, b, doubt)| {
        let before = if b.is_some() { format::percent(b) } else { String::new() };
        (name, format::percent(a), doubt, a, b, before)
    }));
    let compares = then.is_some();
    export::record(|| {
        // The first rows are counts, the rates follow them.
        let value = |at: usize, value: Option<f64>| {
            let unit = if at < COUNTS { Unit::Count } else { Unit::Percent };
            value.and_then(|value| Number::of(unit, value, &style))
        };
        let entry = |number: Option<Number>, doubt: &str| {
            let said = if doubt.is_empty() { Doubt::None } else { Doubt::Said(doubt.to_owned()) };
            number.map_or(Entry::Nothing, |number| Entry::Number(number, said))
        };
        let line = |(at, (name, _, doubt, a, b, _)): (usize, &MakeupRow)| {
            vec![
                Entry::Words((*name).to_owned()),
                entry(value(at, *a), doubt),
                entry(value(at, *b), ""),
                Entry::change(*a, *b),
            ]
        };
        let head = ["", t!(lang, periods.this_period), against(page.shown.compare, lang), t!(lang, periods.change)];
        Sheet {
            id: "",
            title: String::new(),
            head: head.map(str::to_owned).to_vec(),
            rows: rows.iter().enumerate().map(line).collect(),
        }
    });
    let menu = export::panel_menu("makeup", t!(lang, figures.makeup), false);
    let body = rows
        .into_iter()
        .map(|(name, shown, doubt, a, b, before)| {
            let way = Way::of(format::relative_change(a, b));
            let change = format::relative(a, b).unwrap_or_default();
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="strong">{shown}{beside(doubt, lang)}</td>
                    <td class="quiet">{before}</td>
                    <td class=way.class()>{change}</td>
                </tr>
            }
        })
        .collect_view();
    let new_share = share(now.new_buyers.value, now.buyers.value).unwrap_or(0.0);
    let bar = format!(
        "<svg class=\"split\" width=\"100%\" height=\"10\" aria-hidden=\"true\"><rect class=\"rest\" width=\"100%\" height=\"10\" rx=\"3\"/><rect class=\"new\" width=\"{}%\" height=\"10\" rx=\"3\"/></svg>",
        (new_share * 100.0).round() as i64
    );
    let split = t!(
        lang,
        figures.split_is,
        new_share = format::whole_percent(new_share),
        returning_share = format::whole_percent(1.0 - new_share)
    );
    view! {
        <section class="panel makeup" aria-labelledby="makeup">
            <div class="caption"><h2 id="makeup">{t!(lang, figures.makeup)}</h2>{menu}</div>
            <div class="splitbox" hidden=now.buyers.value == 0><div inner_html=bar></div><p class="note">{split}</p></div>
            <table class="plain">
                <thead><tr>
                    <th scope="col"><span class="sr">{t!(lang, figures.part)}</span></th>
                    <th scope="col">{t!(lang, periods.this_period)}</th>
                    <th scope="col">{if compares { against(page.shown.compare, lang) } else { "" }}</th>
                    <th scope="col">{if compares { t!(lang, periods.change) } else { "" }}</th>
                </tr></thead>
                <tbody>{body}</tbody>
            </table>
        </section>
    }
    .into_any()
}
