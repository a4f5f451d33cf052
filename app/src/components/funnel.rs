//! The funnel figure: the formula drawn, users to buyers to those who came back, with what they paid at its foot.

use leptos::prelude::*;
use model::GrowthAnswer;

use super::compare::Way;
use super::figure::{Twin, figure};
use crate::boot::Page;
use crate::charts::{self, FunnelStep, Shape};
use crate::format;
use crate::i18n::fill;
use crate::sentence::against;

/// The figure.
pub(crate) fn funnel(page: &Page, answer: &GrowthAnswer) -> AnyView {
    let text = page.state.lang.text();
    let style = page.style();
    let (now, then) = (&answer.window, answer.compare.as_ref());
    let levels = [
        (text.users, now.users.value, then.map(|c| c.users.value), None, None, ""),
        (
            text.buyers,
            now.buyers.value,
            then.map(|c| c.buyers.value),
            now.conversion.value,
            then.and_then(|c| c.conversion.value),
            text.conversion,
        ),
        (
            text.repeat_buyers,
            now.repeat_buyers.value,
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
        .map(|(label, value, before, rate, rate_before, rate_name)| {
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
            let mut lines = vec![fill(text.line_of, &[label, &style.full_count(value)])];
            if let Some(before) = before {
                let change = format::relative(Some(value as f64), Some(before as f64));
                let change = change.map(|c| fill(text.in_brackets, &[&c])).unwrap_or_default();
                lines.push(fill(text.line_of, &[compared, &style.full_count(before)]) + &change);
            }
            if !rate_name.is_empty() {
                lines.push(fill(text.line_of, &[rate_name, &share]));
            }
            rows.push(vec![
                label.to_owned(),
                style.full_count(value),
                before.map(|b| style.full_count(b)).unwrap_or_default(),
                share,
            ]);
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
    let foot = view! {
        <dl class="foot">
            <div><dt>{text.frequency}</dt><dd>{format::ratio(now.frequency.value)}</dd></div>
            <div><dt>{text.aov}</dt><dd>{style.price(now.aov.value)}</dd></div>
            <div><dt>{text.member_sales}</dt><dd>{style.money(now.member_sales.value)}</dd></div>
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
