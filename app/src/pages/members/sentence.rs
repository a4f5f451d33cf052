//! The page in one sentence: the stock at the window's end, and what flowed in it.

use super::answers::{answers, sum};
use crate::boot::Page;
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, strong};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (lang, style) = (page.state.lang, page.style());
    let Some(answered) = answers(page) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    let Some(last) = answered.lifecycle.last().filter(|_| answered.rfm.members.value > 0) else {
        out.plain(t!(lang, members.say_members_nobody));
        return out.0;
    };
    let count = |n: i64| style.count(n);
    let stock = last.closing;
    let all = sum([stock.active, stock.dormant, stock.lost].into_iter());
    out.say(&t!(
        lang,
        members.say_members,
        members = strong(count(all.value)),
        active = strong(count(stock.active.value)),
        dormant = strong(count(stock.dormant.value)),
        lost = strong(count(stock.lost.value))
    ));
    // First orders add up over periods; a member may slip and wake several times, so those two are events.
    let flow =
        |read: fn(&model::LifecyclePeriod) -> model::Figure<i64>| count(sum(answered.lifecycle.iter().map(read)).value);
    out.say(&t!(
        lang,
        members.say_members_flow,
        joined = strong(flow(|p| p.new)),
        woken = strong(flow(|p| p.woken)),
        slipped = strong(flow(|p| p.slipped))
    ));
    out.0
}
