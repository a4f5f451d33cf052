//! The page in one sentence: the active members, what moved their number, and what the champions are worth.
//!
//! It says more or fewer only where the interval does, and "but" only where a share of sales surely exceeds that of
//! members.

use model::{Figure, RfmAnswer};

use super::answers::{Balance, all_sales, answers, balance};
use super::segments::SEGMENTS;
use crate::boot::Page;
use crate::format::{self, Style, less, share, sum};
use crate::i18n::{Lang, t};
use crate::sentence::{Piece, Sentence, strong};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (lang, style) = (page.state.lang, page.style());
    let Some(answered) = answers(page) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    let last = answered.lifecycle.last().filter(|_| answered.rfm.members.value > 0);
    let (Some(last), Some(balance)) = (last, balance(answered.lifecycle)) else {
        out.plain(t!(lang, members.say_nobody));
        return out.0;
    };
    let stock = last.closing;
    let all = sum([stock.active, stock.dormant, stock.lost]);
    let rate = share(&stock.active, &all).value.map(format::whole_percent).unwrap_or_default();
    out.say(&t!(
        lang,
        members.say_active,
        members = strong(style.count(all.value)),
        active = strong(style.count(stock.active.value)),
        share = &rate
    ));
    flow(&mut out, &balance, &style, lang);
    // Under a segment the quintiles are its own: its champions are not everyone's.
    if page.shown.params.segment.is_none() {
        champions(&mut out, page, answered.rfm);
    }
    out.plain(t!(lang, sentence.stop));
    out.0
}

/// How the number of active members changed, and by what.
fn flow(out: &mut Sentence, balance: &Balance, style: &Style, lang: Lang) {
    let count = |f: Figure<i64>| style.count(f.value);
    let change = less(balance.closing, balance.opening);
    let came_in = sum([balance.woken, balance.won_back]);
    let size = strong(style.count(change.value.saturating_abs()));
    if change.too_few || (change.low <= 0 && change.high >= 0 && (change.low, change.high) != (0, 0)) {
        return out.plain(t!(lang, members.say_unsure));
    }
    let (joined, woken, slipped) =
        (strong(count(balance.joined)), strong(count(came_in)), strong(count(balance.slipped)));
    out.say(&match change.value {
        ..0 => t!(lang, members.say_fewer, size, joined, woken, slipped),
        0 => t!(lang, members.say_level, joined, woken, slipped),
        1.. => t!(lang, members.say_more, size, joined, woken, slipped),
    });
}

/// The champions' shares of members and of sales.
fn champions(out: &mut Sentence, page: &Page, rfm: &RfmAnswer) {
    let lang = page.state.lang;
    let segment = &SEGMENTS[0];
    let (members, sales) = segment.count(rfm);
    let (of_members, of_sales) = (share(&members, &rfm.members), share(&sales, &all_sales(rfm)));
    let (Some(few), Some(much)) = (of_members.value, of_sales.value) else {
        return;
    };
    let sure = of_sales.low.zip(of_members.high).is_some_and(|(low, high)| low > high);
    if members.value == 0 || members.too_few || sales.too_few || !sure {
        return;
    }
    let href = page.state.href(|p| p.segment = Some(segment.picked(rfm.as_of, rfm.cuts)));
    out.plain(t!(lang, members.say_semicolon));
    out.link((segment.name)(lang).to_owned(), href);
    let (few, much) = (strong(format::whole_percent(few)), strong(format::whole_percent(much)));
    out.say(&t!(lang, members.say_champions, few, much));
}

#[cfg(test)]
mod tests;
