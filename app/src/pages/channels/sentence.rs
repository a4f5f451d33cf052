//! The page in one sentence: how much of sales has a known member and whether that grew, who uses several channels and
//! what they spend, how many of those who bought on public ground bought on private ground too.
//!
//! It names a change only where the interval does, and says of several channels and money that they go together,
//! never that one makes the other.

use model::OverlapOf;

use super::answers::{answers, breadths, identified, settled_pair};
use crate::boot::Page;
use crate::format::{self, share, share_less, unsure};
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, amid, strong};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (lang, style) = (page.state.lang, page.style());
    let Some(answered) = answers(page) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    let now = identified(&answered.channels.window);
    match now.map(|share| share.value) {
        [Some(orders), Some(sales)] => out.say(&t!(
            lang,
            channels.say_known,
            orders = strong(format::whole_percent(orders)),
            sales = strong(format::whole_percent(sales))
        )),
        [Some(orders), None] => {
            out.say(&t!(lang, channels.say_known_orders, orders = strong(format::whole_percent(orders))));
        }
        _ => {
            out.plain(t!(lang, channels.say_none));
            return out.0;
        }
    }
    let then = answered.channels.compare.as_ref().map(|then| identified(then)[1]);
    let change = then.and_then(|then| share_less(&now[1], &then)).filter(|change| !unsure(change));
    // Less than half a tenth of a point is level.
    if let Some(moved) = change.and_then(|c| c.value).filter(|moved| moved.abs() >= 0.0005) {
        let size = strong(format::fixed(moved.abs() * 100.0, 1));
        let period = amid(page.shown.compare, lang);
        out.say(&match moved > 0.0 {
            true => t!(lang, channels.say_risen, size, period),
            false => t!(lang, channels.say_fallen, size, period),
        });
    }
    if let Some(breadths) = breadths(answered.overlap).filter(|b| !b.several.too_few || b.several.value == 0) {
        let several = share(&breadths.several, &breadths.all).value.unwrap_or(0.0);
        let several = strong(format::percent(Some(several)));
        out.say(&match page.shown.params.channels.of {
            OverlapOf::Buyers => t!(lang, channels.say_buyers, share = several),
            OverlapOf::Users => t!(lang, channels.say_users, share = several),
        });
        if let (Some(several), Some(single), false) = (breadths.several_value, breadths.single_value, breadths.too_few)
        {
            out.say(&t!(
                lang,
                channels.say_value,
                several = strong(style.price(Some(several))),
                single = strong(style.price(Some(single)))
            ));
        }
    }
    if let Some((now, _)) = settled_pair(page, answered.domains).filter(|(now, _)| !now.both.too_few)
        && let Some(rate) = now.rate().value
    {
        out.say(&t!(lang, channels.say_settled, share = strong(format::whole_percent(rate))));
    }
    out.plain(t!(lang, sentence.stop));
    out.0
}

#[cfg(test)]
mod tests;
