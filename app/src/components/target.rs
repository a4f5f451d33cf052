//! How much of its target a window's sales have reached; nothing where exactly what is shown has no target.

use leptos::prelude::*;
use model::{Figure, Money, Ratio};

use super::compare::beside;
use crate::boot::Page;
use crate::format::Unit;
use crate::i18n::t;
use crate::targets::Plan;

/// The line: the target, the share reached and how sure it is, and how a month's target becomes one of these days.
pub(crate) fn attainment(page: &Page, sales: &Money) -> Option<AnyView> {
    let (lang, style) = (page.state.lang, page.style());
    let target = Plan::of(&page.shown.filter(), &page.catalog)?.of_window(page.shown.window)?;
    let reached = reached(sales, target)?;
    let share = style.show(Unit::Percent, reached.value);
    let line = t!(lang, plans.attained, target = style.money(target), share);
    let exact = style.exact_money(target);
    let doubt = beside(style.doubt(Unit::Percent, &reached, lang), lang);
    Some(
        view! {
            <p class="attained" id="target">
                <b title=exact>{line}</b>{doubt}
                <span class="note">{t!(lang, plans.spread)}</span>
            </p>
        }
        .into_any(),
    )
}

/// Sales over their target; none where there is nothing to reach.
fn reached(sales: &Money, target: i64) -> Option<Ratio> {
    let over = |sales: i64| (target > 0).then(|| sales as f64 / target as f64);
    over(sales.value)?;
    Some(Figure { value: over(sales.value), low: over(sales.low), high: over(sales.high), too_few: sales.too_few })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_target_is_as_sure_as_the_sales() {
        assert_eq!(reached(&Money::exact(75), 100), Some(Ratio::exact(Some(0.75))));
        let about = Money { value: 75, low: 50, high: 125, too_few: false };
        let share = reached(&about, 100).expect("a target");
        assert_eq!((share.low, share.value, share.high), (Some(0.5), Some(0.75), Some(1.25)));
        assert_eq!(reached(&Money::exact(75), 0), None);
    }
}
