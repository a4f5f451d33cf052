//! The page in one sentence: the stock at the window's end, and what flowed in it.

use super::answers::{answers, sum};
use crate::boot::Page;
use crate::sentence::{Piece, Sentence};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (text, style) = (page.state.lang.text(), page.style());
    let Some(answered) = answers(page) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    let Some(last) = answered.lifecycle.last().filter(|_| answered.rfm.members.value > 0) else {
        out.plain(text.say_members_nobody);
        return out.0;
    };
    let count = |n: i64| style.count(n);
    let stock = last.closing;
    let all = sum([stock.active, stock.dormant, stock.lost].into_iter());
    out.say(
        text.say_members,
        &[count(all.value), count(stock.active.value), count(stock.dormant.value), count(stock.lost.value)],
    );
    // First orders add up over periods; a member may slip and wake several times, so those two are events.
    let flow =
        |read: fn(&model::LifecyclePeriod) -> model::Figure<i64>| count(sum(answered.lifecycle.iter().map(read)).value);
    out.say(text.say_members_flow, &[flow(|p| p.new), flow(|p| p.woken), flow(|p| p.slipped)]);
    out.0
}
