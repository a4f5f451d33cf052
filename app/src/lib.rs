//! The dashboard: one page of values in, one document out; built twice.
//!
//! With the feature `ssr` the server renders whole documents ([`prepare`], [`boot`], [`render_document`]).
//! With the feature `hydrate` the browser reads the same values back, takes the document over, and from then on
//! answers every change of the URL by a worker. Both draw by the same functions, so the markup agrees.
//!
//! Deliberately absent: server functions and resources (a page's data is one answer, carried by the document),
//! `leptos_router` (a page's state is its query; links and history need eighty lines), `leptos_meta`
//! (title and language are set in one place each).

#![cfg_attr(
    not(all(feature = "ssr", feature = "hydrate")),
    allow(dead_code, reason = "each side uses a part of the shared page")
)]

#[cfg(feature = "ssr")]
mod admin;
mod boot;
#[cfg(feature = "hydrate")]
mod browser;
mod chance;
mod charts;
mod components;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod door;
mod export;
mod format;
mod framed;
mod i18n;
mod live;
mod pages;
mod query;
mod sentence;
mod state;
mod targets;

#[cfg(feature = "ssr")]
pub use admin::{
    AdminContent, AdminPage, AdminTold, AuditList, AuditRow, ChainState, KeyDraft, KeyRow, People, PersonDraft,
    PersonPage, PersonRow, PortalKeys, RegionPart, RegionRow, render_admin,
};
pub use boot::{Boot, PageRequest, Prepared, boot, prepare, prepare_framed};
#[cfg(feature = "ssr")]
pub use document::{FramedPage, render_document, render_framed, render_shell};
#[cfg(feature = "ssr")]
pub use door::{DoorContent, DoorPage, DoorProblem, PasswordProblem, render_door};
#[cfg(feature = "ssr")]
pub use export::{ExportFile, ExportFormat, export, export_address};
pub use framed::Frame;
#[cfg(feature = "ssr")]
pub use i18n::accepted_language;
pub use state::framed_view;

#[cfg(any(feature = "ssr", feature = "hydrate"))]
use leptos::prelude::*;

/// The body of the document: drawn anew whenever the page's values change.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
fn body(page: RwSignal<std::sync::Arc<boot::Page>>, live: live::Live) -> AnyView {
    (move || components::frame::frame(&page.get(), live)).into_any()
}

/// The document's title.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
fn title(page: &boot::Page) -> String {
    let name = pages::title(page);
    [name.as_str(), &page.catalog.tenant, "Wellspring"]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The word for style sheets: as chosen, else as the language's readers expect.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
fn up_color(page: &boot::Page) -> &'static str {
    match page.updown().unwrap_or_else(|| state::UpDown::of(page.state.lang)) {
        state::UpDown::Red => "red-up",
        state::UpDown::Green => "green-up",
    }
}

/// Takes the server's document over and starts the worker.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    browser::start();
}
