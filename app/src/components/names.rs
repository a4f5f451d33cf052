//! What readers call the things that filters and answers name by id.

use crate::boot::Page;
use crate::i18n::{Lang, t};
use crate::state::{Facet, Picked};

/// A store's name; the text's word for facts without a store.
pub(crate) fn store(page: &Page, id: &str) -> String {
    let known = page.catalog.store(id).map(|s| s.name.clone()).filter(|name| !name.is_empty());
    known.unwrap_or_else(|| or_none(id, t!(page.state.lang, figures.no_store)))
}

/// Where a store is: region and city, as far as they are known.
pub(crate) fn place(page: &Page, store: &model::Store) -> String {
    let region = page.catalog.regions.get(usize::from(store.region)).map_or("", String::as_str);
    let city = if store.city == region { "" } else { store.city.as_str() };
    [region, city].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A channel's name; the text's word for facts without a channel.
pub(crate) fn channel(page: &Page, id: &str) -> String {
    let known = page.catalog.channel(id).map(|c| c.name.clone()).filter(|name| !name.is_empty());
    known.unwrap_or_else(|| or_none(id, t!(page.state.lang, shared.no_channel)))
}

/// A campaign's name; its id where the snapshot knows no more of it.
pub(crate) fn campaign(page: &Page, id: &str) -> String {
    page.catalog.campaign(id).map_or_else(|| id.to_owned(), |c| c.name.clone())
}

/// `public`, `private` in the reader's words.
pub(crate) fn domain(id: &str, lang: Lang) -> String {
    match id {
        "public" => t!(lang, shared.domain_public).to_owned(),
        "private" => t!(lang, shared.domain_private).to_owned(),
        other => or_none(other, t!(lang, shared.no_channel)),
    }
}

/// A format of stores.
pub(crate) fn format(id: &str, lang: Lang) -> String {
    match id {
        "direct" => t!(lang, shared.format_direct).to_owned(),
        "franchise" => t!(lang, shared.format_franchise).to_owned(),
        "dealer" => t!(lang, shared.format_dealer).to_owned(),
        "online" => t!(lang, shared.format_online).to_owned(),
        other => other.to_owned(),
    }
}

/// A kind of touch; unknown ones keep the source's word.
pub(crate) fn touch(kind: &str, lang: Lang) -> String {
    let known = match kind {
        "visit" => t!(lang, shared.touch_visit),
        "add_friend" => t!(lang, shared.touch_add_friend),
        "add_to_cart" => t!(lang, shared.touch_add_to_cart),
        "ad_click" => t!(lang, shared.touch_ad_click),
        "coupon_issue" => t!(lang, shared.touch_coupon_issue),
        "coupon_redeem" => t!(lang, shared.touch_coupon_redeem),
        "join_group" => t!(lang, shared.touch_join_group),
        "live_watch" => t!(lang, shared.touch_live_watch),
        "message_open" => t!(lang, shared.touch_message_open),
        "share" => t!(lang, shared.touch_share),
        other => return other.to_owned(),
    };
    known.to_owned()
}

/// A value of a filter.
pub(crate) fn value(page: &Page, facet: Facet, id: &str) -> String {
    let lang = page.state.lang;
    match facet {
        Facet::Store => store(page, id),
        Facet::Channel | Facet::Source => channel(page, id),
        Facet::Domain => domain(id, lang),
        Facet::Format => format(id, lang),
        Facet::Campaign => campaign(page, id),
        Facet::Region | Facet::City | Facet::Tier => id.to_owned(),
    }
}

/// A dimension of the filter.
pub(crate) fn facet(facet: Facet, lang: Lang) -> &'static str {
    match facet {
        Facet::Region => t!(lang, words.region),
        Facet::City => t!(lang, shared.city),
        Facet::Store => t!(lang, shared.store),
        Facet::Format => t!(lang, shared.format),
        Facet::Channel => t!(lang, shared.channel),
        Facet::Domain => t!(lang, shared.domain),
        Facet::Source => t!(lang, shared.source_channel),
        Facet::Tier => t!(lang, shared.tier),
        Facet::Campaign => t!(lang, shared.campaign),
    }
}

/// A segment, for its chip: `cohort 2024-05`, `rung 3`, `RFM 5-4-3`.
pub(crate) fn segment(picked: &Picked, lang: Lang) -> String {
    let (_, value) = picked.pair();
    match picked {
        Picked::Cohort { anchor: model::Anchor::Joined, .. } => {
            t!(lang, shared.segment_joined, period = value.trim_start_matches("joined-"))
        }
        Picked::Cohort { .. } => t!(lang, shared.segment_cohort, period = &value),
        Picked::Rung { orders, exactly: false } => t!(lang, shared.segment_rung, orders),
        Picked::Rung { orders, exactly: true } => t!(lang, shared.segment_rung_only, orders),
        Picked::Rfm { .. } => t!(lang, shared.segment_rfm, scores = picked.scores()),
    }
}

fn or_none(id: &str, none: &str) -> String {
    if id.is_empty() { none.to_owned() } else { id.to_owned() }
}
