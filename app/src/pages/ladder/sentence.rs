//! The page in one sentence: who comes back after the first order, and what the rest would be worth.

use crate::boot::Page;
use crate::format;
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, strong};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (lang, style) = (page.state.lang, page.style());
    let Some(first) = super::answers::answers(page).and_then(|rungs| rungs.first()) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    if first.members.value == 0 {
        out.plain(t!(lang, ladder.say_ladder_nobody));
        return out.0;
    }
    let passed = super::answers::pass_rate(first);
    out.say(&t!(
        lang,
        ladder.say_ladder,
        members = strong(style.count(first.members.value)),
        share = strong(format::percent(passed.value))
    ));
    if first.exactly.value > 0 && first.at_stake.value > 0 {
        out.say(&t!(
            lang,
            ladder.say_ladder_stake,
            members = strong(style.count(first.exactly.value)),
            amount = strong(style.money(first.at_stake.value))
        ));
    }
    out.plain(t!(lang, sentence.stop));
    out.0
}
