//! "Why this number": a small link beside a figure to what it means, from what it is made, and on what it rests.

use leptos::prelude::*;

use crate::boot::Page;
use crate::i18n::t;
use crate::pages::Why;
use crate::state::PageName;

/// The link; none where a portal's token does not show what it leads to. It stands beside other links, never inside one.
pub(crate) fn why(page: &Page, figure: Why) -> Option<AnyView> {
    if page.catalog.frame.as_ref().is_some_and(|frame| !frame.shows(&PageName::Data)) {
        return None;
    }
    let lang = page.state.lang;
    let href = page.state.why_href(figure);
    let label = t!(lang, frame.why, name = figure.name(lang));
    let link = view! { <a class="why" href=href data-nav="" aria-label=label.clone() title=label>"ⓘ"</a> };
    Some(link.into_any())
}
