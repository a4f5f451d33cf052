//! The page's answers by name.

use model::{Answer, FunnelAnswer, Step, StepOrder};

use crate::boot::Page;
use crate::components::names;
use crate::i18n::{Text, fill};

/// The funnel; none where the answer failed.
pub(super) fn answers(page: &Page) -> Option<&FunnelAnswer> {
    match page.answered()? {
        [Answer::Funnel(funnel)] => Some(funnel),
        _ => None,
    }
}

/// What the steps of the answer are called. In any order no step is a certain one, so they are called by their number.
pub(super) fn step_names(page: &Page) -> Vec<String> {
    let (text, options) = (page.state.lang.text(), &page.shown.params.funnel);
    let steps = options.steps(&page.catalog);
    if options.order == StepOrder::Any {
        return (1..=steps.len()).map(|n| fill(text.any_steps, &[&n.to_string()])).collect();
    }
    steps.iter().map(|step| step_name(step, text)).collect()
}

/// What a step is called.
pub(super) fn step_name(step: &Step, text: &Text) -> String {
    match step {
        Step { join: Some(_), .. } => text.joining.to_owned(),
        Step { order: Some(0), .. } => text.any_order.to_owned(),
        Step { order: Some(n), .. } => fill(text.nth_order, &[&n.to_string()]),
        Step { touch, .. } => {
            let kinds: Vec<String> = touch.iter().map(|kind| names::touch(kind, text)).collect();
            kinds.join(text.or)
        }
    }
}
