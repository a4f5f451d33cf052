//! What every word means: the same texts that the pages show on pointing.

use leptos::prelude::*;

use super::why::Why;
use crate::boot::Page;
use crate::components::section::section;
use crate::i18n::{Lang, t};
use crate::pages;
use crate::state::PageName;

/// Words of one page that are no figure of [`Why`]: their place in the list, their name, their meaning.
fn of_page(page: &PageName, lang: Lang) -> Vec<(&'static str, &'static str, &'static str)> {
    match page {
        PageName::Funnel => vec![("median_days", t!(lang, funnel.median_days_in), t!(lang, funnel.median_days_in_is))],
        PageName::Stores => vec![
            ("rank", t!(lang, stores.rank), t!(lang, stores.rank_is)),
            ("beyond_chance", t!(lang, stores.beyond_chance), t!(lang, stores.beyond_chance_is)),
        ],
        PageName::Ladder => vec![
            ("pass_rate", t!(lang, ladder.pass_rate), t!(lang, ladder.pass_rate_is)),
            ("half_back", t!(lang, ladder.half_back), t!(lang, ladder.half_back_is)),
            ("at_stake", t!(lang, ladder.at_stake), t!(lang, ladder.at_stake_is)),
        ],
        PageName::Members => vec![
            ("woken", t!(lang, members.woken), t!(lang, members.woken_is)),
            ("slipped", t!(lang, members.slipped), t!(lang, members.slipped_is)),
            ("newly_lost", t!(lang, members.newly_lost), t!(lang, members.newly_lost_is)),
        ],
        PageName::Channels => {
            vec![("identified", t!(lang, channels.identified_share), t!(lang, channels.identified_share_is))]
        }
        PageName::Data => vec![
            ("identity", t!(lang, data.identity), t!(lang, data.identity_is)),
            ("one_id", t!(lang, data.one_id), t!(lang, data.one_id_is)),
        ],
        _ => vec![],
    }
}

/// The section: figures first, each with the way to its own numbers, then the words of single pages.
pub(super) fn words(page: &Page, lang: Lang) -> AnyView {
    let figures = Why::all()
        .map(|why| {
            let href = page.state.href(|p| p.data.why = Some(why)) + "#why";
            view! { <div id=format!("word-{}", why.word())><dt><a class="go" href=href data-nav="">{why.name(lang)}</a></dt><dd>{why.means(lang)}</dd></div> }
        })
        .collect_view();
    let others = PageName::RAIL
        .iter()
        .flat_map(|name| of_page(name, lang).into_iter().map(move |word| (name, word)))
        .map(|(name, (id, word, means))| {
            let place = (pages::of(name).name)(lang);
            view! { <div id=format!("word-{id}")><dt>{word.to_owned() + " "}<small>{place}</small></dt><dd>{means}</dd></div> }
        })
        .collect_view();
    let body = view! { <dl class="facts wide-facts">{figures}{others}</dl> };
    section("words", t!(lang, data.words).to_owned(), ().into_any(), body.into_any(), String::new())
}
