//! The page's answers by name, and what its steps are called.

use model::{Answer, Day, FunnelAnswer, FunnelGroup, Step, StepOrder, Window};

use super::options::Split;
use crate::boot::Page;
use crate::components::names;
use crate::i18n::{Lang, t};

/// The funnel; none where the answer failed.
pub(in crate::pages) fn answers(page: &Page) -> Option<&FunnelAnswer> {
    match page.answered()? {
        [Answer::Funnel(funnel)] => Some(funnel),
        _ => None,
    }
}

/// The steps of the answer, as they were asked.
pub(super) fn steps(page: &Page) -> Vec<Step> {
    page.shown.params.funnel.steps(&page.catalog)
}

/// What the steps of the answer are called. In any order no step is a certain one, so they are called by their number.
pub(in crate::pages) fn step_names(page: &Page) -> Vec<String> {
    let lang = page.state.lang;
    let steps = steps(page);
    if page.shown.params.funnel.order == StepOrder::Any {
        return (1..=steps.len())
            .map(|n| if n == 1 { t!(lang, funnel.any_step).to_owned() } else { t!(lang, funnel.any_steps, steps = n) })
            .collect();
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

/// What a group of the split is called.
pub(super) fn group_name(page: &Page, group: &FunnelGroup) -> String {
    match page.shown.params.funnel.by {
        Split::Channel | Split::Source => names::channel(page, &group.id),
        _ if group.id.is_empty() => t!(page.state.lang, figures.no_region).to_owned(),
        _ => group.id.clone(),
    }
}

/// The groups, most entries first; of as many, in the order of the answer.
pub(super) fn groups(answer: &FunnelAnswer) -> Vec<&FunnelGroup> {
    let mut groups: Vec<&FunnelGroup> = answer.groups.iter().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.steps.first().map_or(0, |step| step.members.value)));
    groups
}

/// The days of the window on which those who entered have not been followed for the whole time yet; none where all
/// have. How many entered on them the answer does not tell.
pub(super) fn unripe(window: Window, within: u32, data_until: Day) -> Option<Window> {
    let within = i32::try_from(within).unwrap_or(i32::MAX);
    let days = data_until.epoch_days().saturating_sub(within).saturating_add(1).max(window.from().epoch_days());
    Window::new(Day::from_epoch_days(days)?, window.to()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_entered_too_late_to_be_followed_to_the_end_is_known_by_the_day() {
        let day = |text: &str| Day::parse(text).expect("a day");
        let window = Window::new(day("2025-01-01"), day("2025-03-31")).expect("days");
        let from = |within| unripe(window, within, day("2025-03-31")).map(|days| days.from().to_string());
        // Whoever entered on March 1 has been followed for 30 days on March 31; later ones have not.
        assert_eq!(from(30).as_deref(), Some("2025-03-02"));
        assert_eq!(from(1).as_deref(), Some("2025-03-31"));
        assert_eq!(from(0), None);
        assert_eq!(from(4_000).as_deref(), Some("2025-01-01"));
        assert_eq!(unripe(window, 30, day("2025-04-30")), None);
        assert_eq!(from(u32::MAX).as_deref(), Some("2025-01-01"));
    }
}
