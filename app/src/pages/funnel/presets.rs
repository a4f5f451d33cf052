//! Funnels that most shops ask for, as far as the snapshot has their kinds of touch.

use leptos::prelude::*;
use model::Step;

use super::editor::in_words;
use super::steps::{join, order, touch};
use crate::boot::{Catalog, Page};
use crate::i18n::{Lang, t};

/// A funnel and what it is for.
struct Preset {
    name: fn(Lang) -> &'static str,
    steps: Vec<Step>,
}

fn presets(catalog: &Catalog) -> Vec<Preset> {
    let all = [
        Preset {
            name: |lang| t!(lang, funnel.preset_friend),
            steps: vec![touch("visit"), touch("add_friend"), order(1), order(2)],
        },
        Preset {
            name: |lang| t!(lang, funnel.preset_coupon),
            steps: vec![touch("coupon_issue"), touch("coupon_redeem"), order(0)],
        },
        Preset { name: |lang| t!(lang, funnel.preset_ad), steps: vec![touch("ad_click"), touch("visit"), order(1)] },
        Preset {
            name: |lang| t!(lang, funnel.preset_live),
            steps: vec![touch("live_watch"), touch("add_to_cart"), order(0)],
        },
        Preset {
            name: |lang| t!(lang, funnel.preset_group),
            steps: vec![touch("add_friend"), touch("join_group"), order(0)],
        },
        Preset { name: |lang| t!(lang, funnel.preset_join), steps: vec![join(), order(1), order(2)] },
        Preset { name: |lang| t!(lang, funnel.preset_repeat), steps: vec![order(1), order(2), order(3), order(4)] },
    ];
    let known = |step: &Step| step.touch.iter().all(|kind| catalog.touch_kinds.contains(kind));
    all.into_iter().filter(|preset| preset.steps.iter().all(known)).collect()
}

/// The links, one a list item.
pub(super) fn links(page: &Page, lang: Lang) -> AnyView {
    let options = &page.state.params.funnel;
    let chosen = options.steps(&page.catalog);
    presets(&page.catalog)
        .into_iter()
        .map(|preset| {
            let current = (preset.steps == chosen).then_some("true");
            let class = if current.is_some() { "chip set" } else { "chip" };
            let title = in_words(&preset.steps, lang);
            let href = page.state.href(|p| p.funnel = options.with(preset.steps));
            view! { <li><a class=class href=href data-nav="" title=title aria-current=current>{(preset.name)(lang)}</a></li> }
        })
        .collect_view()
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boot::tests::catalog;
    use crate::pages::funnel::steps::fits;

    #[test]
    fn only_funnels_whose_touches_are_there_and_that_can_be_asked() {
        let names = |catalog: &Catalog| presets(catalog).iter().map(|p| (p.name)(Lang::En)).collect::<Vec<_>>();
        assert_eq!(names(&catalog()), ["Visit to repeat order", "Joining to repeat order", "Order after order"]);
        let none = Catalog { touch_kinds: vec![], ..catalog() };
        assert_eq!(names(&none).len(), 2);
        let kinds = [
            "visit",
            "add_friend",
            "coupon_issue",
            "coupon_redeem",
            "ad_click",
            "live_watch",
            "add_to_cart",
            "join_group",
        ];
        let full = Catalog { touch_kinds: kinds.map(str::to_owned).into(), ..catalog() };
        assert_eq!(names(&full).len(), 7);
        for preset in presets(&full) {
            for (i, step) in preset.steps.iter().enumerate() {
                assert!(fits(&preset.steps[..i], step));
            }
        }
    }
}
