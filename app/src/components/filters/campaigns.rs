//! A campaign against an earlier one: the choices in the menu of comparisons, and what is aligned with what.

use leptos::prelude::*;

use super::choice;
use crate::boot::Page;
use crate::i18n::{Lang, t};
use crate::state::{Aligned, CampaignPair, State, offers};

/// A list for each campaign that the reader may mean; none where there is none.
pub(super) fn campaign_choices(page: &Page, lang: Lang) -> Vec<AnyView> {
    let (style, state) = (page.style(), &page.state);
    let aligned = state.aligned(&page.catalog);
    let pair = state.params.campaigns.as_ref().filter(|_| aligned.is_some());
    let groups = offers(pair, &state.params.filter, state.window, &page.catalog).into_iter().map(|(now, earlier)| {
        let choices = earlier
            .into_iter()
            .map(|one| {
                let pair = CampaignPair { now: now.id.clone(), then: one.then.id.clone() };
                let chosen = state.params.campaigns.as_ref() == Some(&pair) && aligned.is_some();
                let to = state.params.with(|p| p.compare_campaigns(pair, one.days));
                let days = one.days.len_days();
                let name = match days {
                    1 => t!(lang, plans.day, name = &one.then.name),
                    _ => t!(lang, plans.days, name = &one.then.name, days),
                };
                let detail = one.compared(one.days).map(|w| style.window(w)).unwrap_or_default();
                choice(page, &to, name, detail, chosen, false)
            })
            .collect_view();
        let title = t!(lang, plans.against, name = &now.name);
        view! { <li class="group"><p class="popname">{title}</p><ul>{choices}</ul></li> }.into_any()
    });
    groups.collect()
}

/// Which days of which campaigns stand on each other; none where no campaigns are compared.
pub(crate) fn aligned_note(page: &Page, state: &State, lang: Lang) -> Option<String> {
    let aligned: Aligned<'_> = state.aligned(&page.catalog)?;
    let (now, before) = (&aligned.now.name, &aligned.then.name);
    let (first, last) = aligned.counted(state.window);
    let mut note = match first == last {
        true => t!(lang, plans.aligned_day, first, now, before),
        false => t!(lang, plans.aligned, first, last, now, before),
    };
    if let Some(days) = aligned.cut_short(&page.catalog) {
        note += t!(lang, plans.then);
        note += &t!(lang, plans.shorter, before, days);
    }
    Some(note)
}
