//! The targets of stores, which a document carries only where its filter names stores: fetched when one is first named.

use std::sync::Arc;

use gloo_net::http::Request;
use leptos::prelude::*;
use model::Targets;
use serde::Deserialize;

use super::Desk;
use crate::boot::{Catalog, Page};

/// Of a manifest, what is wanted here.
#[derive(Deserialize)]
struct Plans {
    scope: String,
    version: u64,
    targets: Option<Targets>,
}

/// Puts them into the page. Where they cannot be had, or are another snapshot's, the page stays without.
pub(super) async fn fetch_targets(desk: Desk) {
    let Ok(response) = Request::get("/snapshot/manifest.json").send().await else { return };
    let Ok(text) = response.text().await else { return };
    let Ok(plans) = serde_json::from_str::<Plans>(&text) else { return };
    let page = desk.page.get_untracked();
    if page.catalog.targets_left && page.catalog.snapshot == format!("{}-{}", plans.scope, plans.version) {
        let catalog = Catalog { targets: plans.targets, targets_left: false, ..(*page.catalog).clone() };
        desk.show(Page { catalog: Arc::new(catalog), ..(*page).clone() });
    }
}
