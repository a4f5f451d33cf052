//! The page in one sentence: how much of sales has a known member, and what several channels are worth.

use model::OverlapOf;

use super::answers::{answers, breadths, identified};
use crate::boot::Page;
use crate::format;
use crate::sentence::{Piece, Sentence};

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let (text, style) = (page.state.lang.text(), page.style());
    let Some(answered) = answers(page) else {
        return Vec::new();
    };
    let mut out = Sentence::default();
    let [orders, sales] = identified(&answered.channels.window).map(|share| share.value);
    match (orders, sales) {
        (Some(orders), Some(sales)) => {
            out.say(text.say_channels, &[format::whole_percent(orders), format::whole_percent(sales)]);
        }
        (Some(orders), None) => out.say(text.say_channels_orders, &[format::whole_percent(orders)]),
        _ => {
            out.plain(text.say_channels_none);
            return out.0;
        }
    }
    if let Some(breadths) = breadths(answered.overlap) {
        let template = match page.shown.params.channels.of {
            OverlapOf::Buyers => text.say_channels_buyers,
            OverlapOf::Users => text.say_channels_users,
        };
        out.say(template, &[format::percent(Some(breadths.several))]);
        if let (Some(several), Some(single)) = (breadths.several_value, breadths.single_value) {
            out.say(text.say_channels_value, &[style.price(Some(several)), style.price(Some(single))]);
        }
    }
    out.plain(text.stop);
    out.0
}
