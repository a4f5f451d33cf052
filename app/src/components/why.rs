//! "Why this number": a small link beside a figure to what it means, from what it is made, and on what it rests.

use leptos::prelude::*;

use crate::boot::Page;
use crate::i18n::t;
use crate::pages::Why;

/// The link. It stands beside other links, never inside one.
pub(crate) fn why(page: &Page, figure: Why) -> AnyView {
    let lang = page.state.lang;
    let href = page.state.why_href(figure);
    let label = t!(lang, frame.why, name = figure.name(lang));
    view! { <a class="why" href=href data-nav="" aria-label=label.clone() title=label>"ⓘ"</a> }.into_any()
}
