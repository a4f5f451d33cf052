//! The page in one sentence: how many stores moved beyond chance, and which one lost most.

use super::answers::{answers, looked};
use crate::boot::Page;
use crate::components::names;
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, strong};
use crate::state::PageName;

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (lang, style) = (page.state.lang, page.style());
    let Some(answered) = answers(page) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    let stores = answered.rows.iter().filter(|row| !row.store.is_empty()).count();
    if stores == 0 {
        out.plain(t!(lang, sentence.nothing));
        return out.0;
    }
    let link = |out: &mut Sentence, id: &str| {
        out.link(names::store(page, id), page.state.params.href(&PageName::Store(id.to_owned())));
    };
    out.say(&t!(lang, stores.say_stores, stores = strong(stores)));
    if answered.growth.compare.is_none() {
        // Without a comparison the sum of sales speaks, whatever measure ranks.
        let of = |id: &str| answered.growth.groups.iter().find(|g| g.id == id).map_or(0, |g| g.window.sales.value);
        let best = answered.rows.iter().filter(|row| !row.store.is_empty()).max_by_key(|row| of(&row.store));
        if let Some(best) = best {
            out.plain(t!(lang, stores.say_stores_best));
            link(&mut out, &best.store);
            out.plain(&t!(lang, periods.in_brackets, inner = style.money(of(&best.store))));
        }
        out.plain(t!(lang, sentence.stop));
        return out.0;
    }
    let looked = looked(&answered);
    let (down, moved) = (looked.fallen(), looked.sure);
    if moved.is_empty() {
        out.plain(t!(lang, stores.say_stores_calm));
        return out.0;
    }
    out.say(&t!(lang, stores.say_stores_moved, down = strong(down), up = strong(moved.len() - down)));
    let (lead, words) = if down > 0 {
        (moved.first(), t!(lang, stores.say_stores_lost))
    } else {
        (moved.last(), t!(lang, stores.say_stores_gained))
    };
    if let Some(lead) = lead {
        out.plain(words);
        link(&mut out, &lead.row.store);
        out.plain(t!(lang, sentence.open));
        out.amount(lead.change.value, &style);
        if let Some(driver) = &lead.driver {
            out.plain(t!(lang, sentence.comma));
            out.plain(&t!(lang, figures.mainly, factor = driver.part.name(lang).to_lowercase()));
        }
        out.plain(t!(lang, sentence.close));
    }
    out.plain(t!(lang, sentence.stop));
    out.0
}
