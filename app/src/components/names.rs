//! What readers call the things that filters and answers name by id.

use crate::boot::Page;
use crate::i18n::{Text, fill};
use crate::state::{Facet, Picked};

/// A store's name; the text's word for facts without a store.
pub(crate) fn store(page: &Page, id: &str) -> String {
    let known = page.catalog.store(id).map(|s| s.name.clone()).filter(|name| !name.is_empty());
    known.unwrap_or_else(|| or_none(id, page.state.lang.text().no_store))
}

/// A channel's name; the text's word for facts without a channel.
pub(crate) fn channel(page: &Page, id: &str) -> String {
    let known = page.catalog.channel(id).map(|c| c.name.clone()).filter(|name| !name.is_empty());
    known.unwrap_or_else(|| or_none(id, page.state.lang.text().no_channel))
}

/// `public`, `private` in the reader's words.
pub(crate) fn domain(id: &str, text: &Text) -> String {
    match id {
        "public" => text.domain_public.to_owned(),
        "private" => text.domain_private.to_owned(),
        other => or_none(other, text.no_channel),
    }
}

/// A format of stores.
pub(crate) fn format(id: &str, text: &Text) -> String {
    match id {
        "direct" => text.format_direct.to_owned(),
        "franchise" => text.format_franchise.to_owned(),
        "dealer" => text.format_dealer.to_owned(),
        "online" => text.format_online.to_owned(),
        other => other.to_owned(),
    }
}

/// A kind of touch; unknown ones keep the source's word.
pub(crate) fn touch(kind: &str, text: &Text) -> String {
    let known = match kind {
        "visit" => text.touch_visit,
        "add_friend" => text.touch_add_friend,
        "add_to_cart" => text.touch_add_to_cart,
        "ad_click" => text.touch_ad_click,
        "coupon_issue" => text.touch_coupon_issue,
        "coupon_redeem" => text.touch_coupon_redeem,
        "join_group" => text.touch_join_group,
        "live_watch" => text.touch_live_watch,
        "message_open" => text.touch_message_open,
        "share" => text.touch_share,
        other => return other.to_owned(),
    };
    known.to_owned()
}

/// A value of a filter.
pub(crate) fn value(page: &Page, facet: Facet, id: &str) -> String {
    let text = page.state.lang.text();
    match facet {
        Facet::Store => store(page, id),
        Facet::Channel | Facet::Source => channel(page, id),
        Facet::Domain => domain(id, text),
        Facet::Format => format(id, text),
        Facet::Region | Facet::City | Facet::Tier | Facet::Campaign => id.to_owned(),
    }
}

/// A dimension of the filter.
pub(crate) fn facet(facet: Facet, text: &Text) -> &'static str {
    match facet {
        Facet::Region => text.region,
        Facet::City => text.city,
        Facet::Store => text.store,
        Facet::Format => text.format,
        Facet::Channel => text.channel,
        Facet::Domain => text.domain,
        Facet::Source => text.source_channel,
        Facet::Tier => text.tier,
        Facet::Campaign => text.campaign,
    }
}

/// A segment, for its chip: `cohort 2024-05`, `rung 3`, `RFM 5-4-3`.
pub(crate) fn segment(picked: &Picked, text: &Text) -> String {
    let (_, value) = picked.pair();
    match picked {
        Picked::Cohort { anchor: model::Anchor::Joined, .. } => {
            fill(text.segment_joined, &[value.trim_start_matches("joined-")])
        }
        Picked::Cohort { .. } => fill(text.segment_cohort, &[&value]),
        Picked::Rung { orders, exactly: false } => fill(text.segment_rung, &[&orders.to_string()]),
        Picked::Rung { orders, exactly: true } => fill(text.segment_rung_only, &[&orders.to_string()]),
        Picked::Rfm { .. } => fill(text.segment_rfm, &[&picked.scores()]),
    }
}

fn or_none(id: &str, none: &str) -> String {
    if id.is_empty() { none.to_owned() } else { id.to_owned() }
}
