//! The funnel figure: the formula drawn, users to buyers to those who came back, with what they paid at its foot.

use leptos::prelude::*;
use model::{GrowthAnswer, Ratio};

use super::compare::{Way, beside, with_doubt};
use super::figure::{Twin, figure};
use crate::boot::Page;
use crate::charts::{self, FunnelStep, Shape};
use crate::format::{self, Unit, as_float};
use crate::i18n::t;
use crate::sentence::against;

/// The figure.
pub(crate) fn funnel(page: &Page, answer: &GrowthAnswer) -> AnyView {
    let lang = page.state.lang;
    let style = page.style();
    let (now, then) = (&answer.window, answer.compare.as_ref());
    let levels = [
        (t!(lang, words.users), now.users, then.map(|c| c.users.value), None, None, ""),
        (
            t!(lang, words.buyers),
            now.buyers,
            then.map(|c| c.buyers.value),
            now.conversion.value,
            then.and_then(|c| c.conversion.value),
            t!(lang, words.conversion),
        ),
        (
            t!(lang, words.repeat_buyers),
            now.repeat_buyers,
            then.map(|c| c.repeat_buyers.value),
            now.repurchase_rate.value,
            then.and_then(|c| c.repurchase_rate.value),
            t!(lang, words.repurchase_rate),
        ),
    ];
    let compared = against(page.shown.compare, lang);
    let mut rows = Vec::new();
    let steps: Vec<FunnelStep> = levels
        .into_iter()
        .map(|(label, figure, before, rate, rate_before, rate_name)| {
            let value = figure.value;
            let sure = with_doubt(style.full_count(value), &style.doubt_of(Unit::Count, &figure, lang));
            let share = if rate_name.is_empty() { String::new() } else { format::percent(rate) };
            let moved = format::relative(rate, rate_before);
            let arrow = Way::of(format::relative_change(rate, rate_before)).arrow();
            let mut rate_text = share.clone();
            if !rate_name.is_empty() {
                rate_text = t!(lang, figures.rate_of, name = rate_name, value = &share);
                if let Some(moved) = &moved {
                    rate_text.push_str(&format!("  {arrow} {moved}"));
                }
            }
            let mut lines = vec![t!(lang, periods.line_of, name = label, value = &sure)];
            if let Some(before) = before {
                let change = format::relative(Some(value as f64), Some(before as f64));
                let change = change.map(|c| t!(lang, periods.in_brackets, inner = &c)).unwrap_or_default();
                lines.push(t!(lang, periods.line_of, name = compared, value = style.full_count(before)) + &change);
            }
            if !rate_name.is_empty() {
                lines.push(t!(lang, periods.line_of, name = rate_name, value = &share));
            }
            rows.push(vec![label.to_owned(), sure, before.map(|b| style.full_count(b)).unwrap_or_default(), share]);
            FunnelStep {
                label: label.to_owned(),
                value,
                then: before,
                shown: style.count(value),
                rate: rate_text,
                lines,
            }
        })
        .collect();
    let drawing = charts::funnel(&steps, Shape::Wide, t!(lang, figures.funnel_label))
        + &charts::funnel(&steps, Shape::Narrow, t!(lang, figures.funnel_label));
    let twin = Twin {
        head: vec![
            t!(lang, figures.step).to_owned(),
            t!(lang, periods.this_period).to_owned(),
            compared.to_owned(),
            t!(lang, data.share_of).to_owned(),
        ],
        rows,
    };
    let key = view! { <span class="kghost" hidden=then.is_none()>{compared}</span> };
    let foot_doubt = |unit, figure: &Ratio| beside(style.doubt(unit, figure, lang), lang);
    let foot = view! {
        <dl class="foot">
            <div><dt>{t!(lang, words.frequency)}</dt><dd>{format::ratio(now.frequency.value)}{foot_doubt(Unit::Ratio, &now.frequency)}</dd></div>
            <div><dt>{t!(lang, words.aov)}</dt><dd>{style.price(now.aov.value)}{foot_doubt(Unit::Price, &now.aov)}</dd></div>
            <div><dt>{t!(lang, words.member_sales)}</dt><dd>{style.money(now.member_sales.value)}{foot_doubt(Unit::Money, &as_float(&now.member_sales))}</dd></div>
        </dl>
    };
    view! {
        <div class="withfoot">
            {figure("formula-funnel", t!(lang, figures.funnel).to_owned(), key.into_any(), drawing, String::new(), twin, lang)}
            {foot}
        </div>
    }
    .into_any()
}
