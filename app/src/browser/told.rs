//! What the Data page tells of the build: its document carries it; a reader who comes from another page has it fetched.

use std::sync::Arc;

use gloo_net::http::Request;
use leptos::prelude::*;
use model::Told;

use super::Desk;
use crate::boot::Page;

/// Puts it into the page. Where it cannot be had, the page stays without.
pub(super) async fn fetch(desk: Desk) {
    let Ok(response) = Request::get("/snapshot/told.json").send().await else { return };
    let Ok(text) = response.text().await else { return };
    let Ok(told) = serde_json::from_str::<Told>(&text) else { return };
    let page = desk.page.get_untracked();
    // The server may have gone on to another snapshot; the page then offers it.
    if page.told.is_none() && !desk.live.newer.get_untracked() {
        desk.show(Page { told: Some(Arc::new(told)), ..(*page).clone() });
    }
}
