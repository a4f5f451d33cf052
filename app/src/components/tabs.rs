//! A row of choices of which one holds, made of links, so that it works without JavaScript and stays in the address.

use leptos::prelude::*;

/// One choice.
#[derive(Clone, Debug)]
pub(crate) struct Tab {
    /// As the reader sees it.
    pub(crate) name: String,
    /// Where it leads.
    pub(crate) href: String,
    /// Whether it holds.
    pub(crate) chosen: bool,
}

/// The row; `label` says what is chosen.
pub(crate) fn tabs(label: &'static str, tabs: Vec<Tab>) -> AnyView {
    let links = tabs
        .into_iter()
        .map(|tab| {
            let current = tab.chosen.then_some("true");
            view! { <a href=tab.href data-nav="" aria-current=current>{tab.name}</a> }
        })
        .collect_view();
    view! { <span class="segments" role="group" aria-label=label>{links}</span> }.into_any()
}
