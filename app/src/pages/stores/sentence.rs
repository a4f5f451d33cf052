//! The page in one sentence: how many stores moved beyond chance, and which one lost most.

use super::answers::{answers, moved};
use crate::boot::Page;
use crate::components::names;
use crate::i18n::fill;
use crate::sentence::{Piece, Sentence};
use crate::state::PageName;

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (text, style) = (page.state.lang.text(), page.style());
    let Some(answered) = answers(page) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    let stores = answered.rows.iter().filter(|row| !row.store.is_empty()).count();
    if stores == 0 {
        out.plain(text.say_nothing);
        return out.0;
    }
    let link = |out: &mut Sentence, id: &str| {
        out.link(names::store(page, id), page.state.params.href(&PageName::Store(id.to_owned())));
    };
    out.say(text.say_stores, &[stores.to_string()]);
    if answered.growth.compare.is_none() {
        // Without a comparison the sum of sales speaks, whatever measure ranks.
        let of = |id: &str| answered.growth.groups.iter().find(|g| g.id == id).map_or(0, |g| g.window.sales.value);
        let best = answered.rows.iter().filter(|row| !row.store.is_empty()).max_by_key(|row| of(&row.store));
        if let Some(best) = best {
            out.plain(text.say_stores_best);
            link(&mut out, &best.store);
            out.plain(&fill(text.in_brackets, &[&style.money(of(&best.store))]));
        }
        out.plain(text.stop);
        return out.0;
    }
    let moved = moved(&answered);
    let down = moved.iter().filter(|m| m.change.value < 0).count();
    if moved.is_empty() {
        out.plain(text.say_stores_calm);
        return out.0;
    }
    out.say(text.say_stores_moved, &[down.to_string(), (moved.len() - down).to_string()]);
    let (lead, words) =
        if down > 0 { (moved.first(), text.say_stores_lost) } else { (moved.last(), text.say_stores_gained) };
    if let Some(lead) = lead {
        out.plain(words);
        link(&mut out, &lead.row.store);
        out.plain(text.open);
        out.amount(lead.change.value, &style);
        if let Some((part, _)) = lead.driver {
            out.plain(text.comma);
            out.plain(&fill(text.mainly, &[&part.name(text).to_lowercase()]));
        }
        out.plain(text.close);
    }
    out.plain(text.stop);
    out.0
}
