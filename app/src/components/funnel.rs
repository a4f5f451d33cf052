//! The funnel figure: the formula drawn, users to buyers to those who came back, with what they paid at its foot.

use leptos::prelude::*;
use model::{GrowthAnswer, Ratio};

use super::compare::{Way, beside, with_doubt};
use super::figure::{Twin, figure};
use crate::boot::Page;
use crate::charts::{self, FunnelStep, Shape};
use crate::format::{self, Unit, as_float};
use crate::i18n::fill;
use crate::sentence::against;

/// The figure.
pub(crate) fn funnel(page: &Page, answer: &GrowthAnswer) -> AnyView {
    let text = page.state.lang.text();
    let style = page.style();
    let (now, then) = (&answer.window, answer.compare.as_ref());
    let levels = [
        (text.users, now.users, then.map(|c| c.users.value), None, None, ""),
        (
            text.buyers,
            now.buyers,
            then.map(|c| c.buyers.value),
            now.conversion.value,
            then.and_then(|c| c.conversion.value),
            text.conversion,
        ),
        (
            text.repeat_buyers,
            now.repeat_buyers,
            then.map(|c| c.repeat_buyers.value),
            now.repurchase_rate.value,
            then.and_then(|c| c.repurchase_rate.value),
            text.repurchase_rate,
        ),
    ];
    let compared = against(page.shown.compare, text);
    let mut rows = Vec::new();
    let steps: Vec<FunnelStep> = levels
        .into_iter()
        .map(|(label, figure, before, rate, rate_before, rate_name)| {
            let value = figure.value;
            let sure = with_doubt(style.full_count(value), &style.doubt_of(Unit::Count, &figure, text));
            let share = if rate_name.is_empty() { String::new() } else { format::percent(rate) };
            let moved = format::relative(rate, rate_before);
            let arrow = Way::of(format::relative_change(rate, rate_before)).arrow();
            let mut rate_text = share.clone();
            if !rate_name.is_empty() {
                rate_text = fill(text.rate_of, &[rate_name, &share]);
                if let Some(moved) = &moved {
                    rate_text.push_str(&fill("  {0} {1}", &[arrow, moved]));
                }
            }
            let mut lines = vec![fill(text.line_of, &[label, &sure])];
            if let Some(before) = before {
                let change = format::relative(Some(value as f64), Some(before as f64));
                let change = change.map(|c| fill(text.in_brackets, &[&c])).unwrap_or_default();
                lines.push(fill(text.line_of, &[compared, &style.full_count(before)]) + &change);
            }
            if !rate_name.is_empty() {
                lines.push(fill(text.line_of, &[rate_name, &share]));
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
    let drawing = charts::funnel(&steps, Shape::Wide, text.funnel_label)
        + &charts::funnel(&steps, Shape::Narrow, text.funnel_label);
    let twin = Twin {
        head: vec![text.step.to_owned(), text.this_period.to_owned(), compared.to_owned(), text.share_of.to_owned()],
        rows,
    };
    let key = view! { <span class="kghost" hidden=then.is_none()>{compared}</span> };
    let foot_doubt = |unit, figure: &Ratio| beside(style.doubt(unit, figure, text), text);
    let foot = view! {
        <dl class="foot">
            <div><dt>{text.frequency}</dt><dd>{format::ratio(now.frequency.value)}{foot_doubt(Unit::Ratio, &now.frequency)}</dd></div>
            <div><dt>{text.aov}</dt><dd>{style.price(now.aov.value)}{foot_doubt(Unit::Price, &now.aov)}</dd></div>
            <div><dt>{text.member_sales}</dt><dd>{style.money(now.member_sales.value)}{foot_doubt(Unit::Money, &as_float(&now.member_sales))}</dd></div>
        </dl>
    };
    view! {
        <div class="withfoot">
            {figure("formula-funnel", text.funnel.to_owned(), key.into_any(), drawing, String::new(), twin, text)}
            {foot}
        </div>
    }
    .into_any()
}
