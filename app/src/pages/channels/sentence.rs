//! The page in one sentence: how much of sales has a known member, and what several channels are worth.

use model::OverlapOf;

use super::answers::{answers, breadths, identified};
use crate::boot::Page;
use crate::format;
use crate::i18n::t;
use crate::sentence::{Piece, Sentence, strong};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (lang, style) = (page.state.lang, page.style());
    let Some(answered) = answers(page) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    let [orders, sales] = identified(&answered.channels.window).map(|share| share.value);
    match (orders, sales) {
        (Some(orders), Some(sales)) => {
            out.say(&t!(
                lang,
                channels.say_channels,
                orders = strong(format::whole_percent(orders)),
                sales = strong(format::whole_percent(sales))
            ));
        }
        (Some(orders), None) => {
            out.say(&t!(lang, channels.say_channels_orders, orders = strong(format::whole_percent(orders))))
        }
        _ => {
            out.plain(t!(lang, channels.say_channels_none));
            return out.0;
        }
    }
    if let Some(breadths) = breadths(answered.overlap) {
        let template = match page.shown.params.channels.of {
            OverlapOf::Buyers => {
                t!(lang, channels.say_channels_buyers, share = strong(format::percent(Some(breadths.several))))
            }
            OverlapOf::Users => {
                t!(lang, channels.say_channels_users, share = strong(format::percent(Some(breadths.several))))
            }
        };
        out.say(&template);
        if let (Some(several), Some(single)) = (breadths.several_value, breadths.single_value) {
            out.say(&t!(
                lang,
                channels.say_channels_value,
                several = strong(style.price(Some(several))),
                single = strong(style.price(Some(single)))
            ));
        }
    }
    out.plain(t!(lang, sentence.stop));
    out.0
}
