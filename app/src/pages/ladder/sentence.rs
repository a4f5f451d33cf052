//! The page in one sentence: who comes back after the first order, and what the rest would be worth.

use crate::boot::Page;
use crate::format;
use crate::sentence::{Piece, Sentence};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (text, style) = (page.state.lang.text(), page.style());
    let Some(first) = super::answers::answers(page).and_then(|rungs| rungs.first()) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    if first.members.value == 0 {
        out.plain(text.say_ladder_nobody);
        return out.0;
    }
    let passed = super::answers::pass_rate(first);
    out.say(text.say_ladder, &[style.count(first.members.value), format::percent(passed.value)]);
    if first.exactly.value > 0 && first.at_stake.value > 0 {
        out.say(text.say_ladder_stake, &[style.count(first.exactly.value), style.money(first.at_stake.value)]);
    }
    out.plain(text.stop);
    out.0
}
