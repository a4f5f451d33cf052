//! What each page of the product would lack with the columns that a source has.

use std::collections::BTreeSet;

use super::{Lack, PageSeen, PlaceSeen};

/// Page, what it needs, and what it is without.
const NEEDS: &[(&str, &str, &str)] = &[
    ("growth", "orders.order_id", "there is no page at all: orders are what everything rests on"),
    ("growth", "orders.ordered_at", "there is no page at all: orders need a time"),
    ("growth", "orders.amount", "there is no page at all: orders need an amount"),
    ("growth", "orders.member_id", "every order is anonymous: sales only, no users, buyers, conversion or frequency"),
    ("growth", "touches.kind", "only buyers count as users, so conversion is always 100 %"),
    ("growth", "orders.store_id", "no split by store, region, city or format"),
    ("growth", "orders.channel_id", "no split by channel or domain"),
    ("growth", "stores.region", "no split by region, and no region managers"),
    ("growth", "orders.campaign_id", "no campaign can be filtered by or compared"),
    ("growth", "targets.month", "no target is shown"),
    ("growth", "returns.amount", "returns do not lower sales, unless orders.refunded says them"),
    ("funnel", "touches.kind", "a funnel has orders for steps, and nothing before them"),
    ("funnel", "touches.at", "a funnel has orders for steps, and nothing before them"),
    ("funnel", "touches.member_id", "touches cannot be followed to an order"),
    ("funnel", "orders.member_id", "nobody reaches an order"),
    ("cohorts", "orders.member_id", "there is no cohort"),
    ("cohorts", "members.joined_at", "cohorts begin with the first order only, not with joining"),
    ("stores", "orders.store_id", "there is no store to rank"),
    ("stores", "stores.name", "stores go by their ids"),
    ("stores", "stores.region", "stores cannot be compared within their region"),
    ("stores", "stores.city", "no filter by city"),
    ("stores", "stores.format", "direct and franchise stores cannot be told apart"),
    ("ladder", "orders.member_id", "there is no ladder"),
    ("members", "orders.member_id", "there is no RFM and no lifecycle"),
    ("members", "members.tier", "no filter by tier"),
    ("members", "members.source_channel", "no split by where members came from"),
    ("channels", "orders.channel_id", "all channels are one"),
    ("channels", "channels.domain", "public and private ground cannot be told apart"),
    (
        "channels",
        "identities.external_id",
        "a member who uses several channels counts once only where member_id joins them",
    ),
    ("data", "orders.order_id", "there is nothing to account for"),
];

/// One entry a page, in the order of the product.
pub(super) fn pages(places: &[PlaceSeen]) -> Vec<PageSeen> {
    let there: BTreeSet<String> = places
        .iter()
        .filter_map(|place| Some((place.table.as_deref()?, place)))
        .flat_map(|(table, place)| {
            place.columns.iter().filter_map(move |column| Some(format!("{table}.{}", column.column.as_deref()?)))
        })
        .collect();
    let mut pages: Vec<PageSeen> = Vec::new();
    for (page, column, without) in NEEDS {
        if pages.last().is_none_or(|last| last.page != *page) {
            pages.push(PageSeen { page: (*page).to_owned(), lacks: Vec::new() });
        }
        if !there.contains(*column) {
            let lack = Lack { column: (*column).to_owned(), without: (*without).to_owned() };
            pages.last_mut().expect("pushed above").lacks.push(lack);
        }
    }
    pages
}
