//! The page's answers by name.

use model::{Answer, FunnelAnswer, Step, StepOrder};

use crate::boot::Page;
use crate::components::names;
use crate::i18n::{Lang, t};

/// The funnel; none where the answer failed.
pub(super) fn answers(page: &Page) -> Option<&FunnelAnswer> {
    match page.answered()? {
        [Answer::Funnel(funnel)] => Some(funnel),
        _ => None,
    }
}

/// What the steps of the answer are called. In any order no step is a certain one, so they are called by their number.
pub(super) fn step_names(page: &Page) -> Vec<String> {
    let (lang, options) = (page.state.lang, &page.shown.params.funnel);
    let steps = options.steps(&page.catalog);
    if options.order == StepOrder::Any {
        return (1..=steps.len()).map(|n| t!(lang, funnel.any_steps, steps = n)).collect();
    }
    steps.iter().map(|step| step_name(step, lang)).collect()
}

/// What a step is called.
pub(super) fn step_name(step: &Step, lang: Lang) -> String {
    match step {
        Step { join: Some(_), .. } => t!(lang, shared.joining).to_owned(),
        Step { order: Some(0), .. } => t!(lang, shared.any_order).to_owned(),
        Step { order: Some(n), .. } => t!(lang, shared.nth_order, n),
        Step { touch, .. } => {
            let kinds: Vec<String> = touch.iter().map(|kind| names::touch(kind, lang)).collect();
            kinds.join(t!(lang, shared.or))
        }
    }
}
