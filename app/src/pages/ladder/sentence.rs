//! The page in one sentence: who comes back after the first order, where most money is at stake, and whether those who
//! came back more often come back sooner.

use model::Rung;

use super::answers::{climbs, fair, gap, pass_rate, top_stake};
use crate::boot::Page;
use crate::format;
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, strong};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (lang, style) = (page.state.lang, page.style());
    let Some((rungs, first)) = super::answers::answers(page).and_then(|rungs| Some((rungs, rungs.first()?))) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    if first.members.value == 0 {
        out.plain(t!(lang, ladder.say_ladder_nobody));
        return out.0;
    }
    out.say(&t!(
        lang,
        ladder.say_ladder,
        members = strong(style.count(first.members.value)),
        share = strong(format::percent(pass_rate(first).value))
    ));
    // Where no rung leads for sure, the first is spoken of, which claims no order.
    let all: f64 = rungs.iter().map(|rung| rung.at_stake.value as f64).sum();
    let top = top_stake(rungs).and_then(|top| rungs.get(top));
    let spoken = top.unwrap_or(first);
    let members = strong(style.count(spoken.exactly.value));
    let amount = strong(style.money(spoken.at_stake.value));
    match top {
        Some(rung) => out.say(&t!(
            lang,
            ladder.say_ladder_top,
            n = rung.n,
            members,
            amount,
            share = strong(format::whole_percent(rung.at_stake.value as f64 / all))
        )),
        None if first.exactly.value > 0 && first.at_stake.value > 0 => {
            out.say(&t!(lang, ladder.say_ladder_stake, members, amount));
        }
        None => {}
    }
    let share = |rung: &Rung| strong(format::percent(fair(rung).and_then(|share| share.value)));
    match (climbs(rungs), rungs) {
        (0, [first, second, ..]) if gap(first, second).is_some_and(|gap| gap.high < 0.0) => {
            out.say(&t!(lang, ladder.say_ladder_falls, first = share(first), last = share(second)));
        }
        (steps, [first, ..]) if steps > 0 => {
            if let Some(last) = rungs.get(steps) {
                out.say(&t!(lang, ladder.say_ladder_rises, first = share(first), n = last.n, last = share(last)));
            }
        }
        _ => {}
    }
    out.plain(t!(lang, sentence.stop));
    out.0
}
