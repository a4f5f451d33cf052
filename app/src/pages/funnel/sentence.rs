//! The page in one sentence: how many entered, how many came through, and where most were lost.

use crate::boot::Page;
use crate::format;
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, strong};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (lang, style) = (page.state.lang, page.style());
    let Some(answer) = super::answers::answers(page) else {
        return Vec::new();
    };
    let names = super::answers::step_names(page);
    let (Some(first), Some(last)) = (answer.steps.first(), answer.steps.last()) else {
        return Vec::new();
    };
    let (Some(entry), Some(goal)) = (names.first(), names.last()) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    if first.members.value == 0 {
        out.say(&t!(lang, funnel.say_funnel_nobody, step = strong(entry)));
        return out.0;
    }
    let entered = style.count(first.members.value);
    let through = format::percent(last.rate_from_first.value);
    out.say(&t!(
        lang,
        funnel.say_funnel,
        entered = strong(entered),
        entry = strong(entry.clone()),
        share = strong(through),
        goal = strong(goal.clone())
    ));
    let losses = answer.steps.windows(2).map(|pair| pair[0].members.value.saturating_sub(pair[1].members.value));
    let worst = losses.enumerate().max_by_key(|(_, lost)| *lost).filter(|(_, lost)| *lost > 0);
    if let (Some((at, lost)), true) = (worst, answer.steps.len() > 2)
        && let (Some(from), Some(to)) = (names.get(at), names.get(at + 1))
    {
        out.say(&t!(
            lang,
            funnel.say_funnel_lost,
            from = strong(from.clone()),
            to = strong(to.clone()),
            lost = strong(style.count(lost))
        ));
    }
    out.plain(t!(lang, sentence.stop));
    out.0
}
