//! What stands in the place of a page's content where there is none.

use leptos::prelude::*;
use model::{Factors, GrowthAnswer};

use crate::boot::Page;
use crate::i18n::t;

/// No answer: why, and the way to ask again.
pub(crate) fn failed(page: &Page) -> AnyView {
    let lang = page.state.lang;
    let reason = page.answers.as_ref().err().cloned().unwrap_or_default();
    let here = page.state.params.href(&page.state.page);
    view! {
        <section class="panel state" role="alert">
            <h2>{t!(lang, states.failed)}</h2><p>{reason}</p>
            <a class="apply" href=here data-nav="again">{t!(lang, states.again)}</a>
        </section>
    }
    .into_any()
}

/// Nothing in what is chosen: the way back to everything; in an empty snapshot, how to load data.
pub(crate) fn nothing(page: &Page) -> AnyView {
    let lang = page.state.lang;
    let all = page.state.params.with(|p| {
        p.unfilter();
        p.window = None;
    });
    let empty = page.catalog.totals.orders + page.catalog.totals.anonymous_orders == 0;
    let (title, advice) = if empty {
        (t!(lang, states.empty_snapshot), t!(lang, states.empty_snapshot_advice))
    } else {
        (t!(lang, states.empty_filter), t!(lang, states.empty_filter_advice))
    };
    view! {
        <section class="panel state">
            <h2>{title}</h2><p>{advice}</p>
            <a class="apply" href=all.href(&page.state.page) data-nav="" hidden=empty>{t!(lang, states.show_all)}</a>
        </section>
    }
    .into_any()
}

/// Whether nobody and no orders are in either window.
pub(crate) fn is_nothing(answer: &GrowthAnswer) -> bool {
    let nothing = |f: &Factors| f.orders.value == 0 && f.users.value == 0;
    nothing(&answer.window) && answer.compare.as_ref().is_none_or(nothing)
}
