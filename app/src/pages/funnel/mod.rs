//! 漏斗 Funnel: through which steps members go, and where they stop.

mod answers;
mod ask;
mod chance;
mod editor;
mod flow;
mod groups;
mod options;
mod presets;
mod sentence;
mod steps;

use std::sync::Arc;

use leptos::prelude::*;

use super::Entry;
use crate::boot::Page;
use crate::components::states;
use crate::i18n::t;

pub(super) use answers::{answers, step_names};
pub(super) use ask::asks;
pub(crate) use options::FunnelOptions;

/// The page's entry in the table of pages.
pub(super) const ENTRY: Entry = Entry {
    name: |lang| t!(lang, funnel.funnel_page),
    icon: "M4 5h16l-6 7v6l-4 2v-8z",
    compares: false,
    filters: true,
    asks,
    beside: None,
    sentence: |page| sentence::sentence(page),
    body,
};

fn body(page: &Arc<Page>) -> AnyView {
    let Some(answer) = answers(page) else {
        return states::failed(page);
    };
    // The editor stays where nobody came through, so that the reader can choose other steps.
    let editor = editor::editor(page, page.state.lang);
    if answer.steps.first().is_none_or(|step| step.members.value == 0) {
        return view! { {states::nothing(page)}{editor} }.into_any();
    }
    view! { {flow::figure(page, answer)}{groups::split(page, answer)}{editor} }.into_any()
}
