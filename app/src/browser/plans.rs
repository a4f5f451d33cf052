//! What a document carries only where its page shows it, fetched when it is first wanted: the targets of stores, and the
//! known share by channel and month.

use std::sync::Arc;

use gloo_net::http::Request;
use leptos::prelude::*;
use model::{Identified, Targets};
use serde::Deserialize;

use super::Desk;
use crate::boot::{Catalog, Page, asks_of_stores};
use crate::state::{PageName, State};

/// Of a manifest, what is wanted here.
#[derive(Deserialize)]
struct Plans {
    scope: String,
    version: u64,
    targets: Option<Targets>,
    identified: Option<Identified>,
}

/// Whether a state shows anything that was left out.
pub(super) fn wants(catalog: &Catalog, state: &State) -> bool {
    let targets = catalog.targets_left && asks_of_stores(&state.question(), &state.beside(catalog));
    targets || catalog.identified_left && state.page == PageName::Channels
}

/// Puts all of it into the page. Where they cannot be had, or are another snapshot's, the page stays without.
pub(super) async fn fetch(desk: Desk) {
    let Ok(response) = Request::get("/snapshot/manifest.json").send().await else { return };
    let Ok(text) = response.text().await else { return };
    let Ok(plans) = serde_json::from_str::<Plans>(&text) else { return };
    let page = desk.page.get_untracked();
    let left = page.catalog.targets_left || page.catalog.identified_left;
    if left && page.catalog.snapshot == format!("{}-{}", plans.scope, plans.version) {
        let Plans { targets, identified, .. } = plans;
        let catalog = (*page.catalog).clone();
        let catalog = Catalog { targets, targets_left: false, identified, identified_left: false, ..catalog };
        desk.show(Page { catalog: Arc::new(catalog), ..(*page).clone() });
    }
}
